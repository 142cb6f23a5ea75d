# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown] lang="en"
# ## 6. One step, and free
#
# So far the network answered a question about what it heard. Now it is to say what it will hear
# *next*: the target is the input, one step ahead. And once it can, it can be let go: feed its own
# forecast back as the next input, then the forecast made from that, and so on. It is then alone,
# and lives on what it says, as in the paper that made these networks famous [2]. Chapter 8 is about
# this; here we take the first steps, and look at the one measure that tells most about a
# forecaster.
#
# ### Exercise 06_01: pairs for a forecast (15 minutes)
#
# `xs = drive(x0, net, w_in, series)`, so that `xs[k]` has heard `series[k]`. A forecast of
# `horizon` steps pairs `xs[k]` with `series[k + horizon]` (section 0). Write `forecast_dataset`,
# which returns the states and the targets of all such pairs.

# %% [markdown] lang="ja"
# ## 6. 1ステップ先の予測と自由走行
#
# これまでネットワークは、聞いたことについての問いに答えてきました。
# 今度は、**次に**何が聞こえてくるかを答えさせます。
# 目標は、1ステップ先の入力です。
# それができるようになれば、手を離すことができます。
# 自分の予測を次の入力として聞かせ、そこから得た予測をまた次の入力にする、というように続けるのです。
# ネットワークは独りきりになり、自分の言葉だけを頼りに走ります。
# これを**自由走行**（free run）といい、出力が入力に戻る輪ができることから**閉ループ**での予測ともいいます。
# エコーステートネットワークを有名にした論文 [2] でも、このように走らせています。
# 8章の主題はこれです。
# ここではその第一歩を踏み出し、予測器のことを最もよく教えてくれる物差しを手に入れます。
#
# ### 演習 06_01：予測のための組（15分）
#
# `xs = drive(x0, net, w_in, series)`とすると、`xs[k]`は`series[k]`までを聞いています。
# `horizon`ステップ先の予測では、`xs[k]`を`series[k + horizon]`と組にします（0節）。
# そのような組をすべて集めて状態と目標を返す、`forecast_dataset`を書いてください。


# %% exercise="06_01" points=1 minutes=15
def forecast_dataset(xs, series, horizon=1):
    """All pairs of a state and the value that comes some steps after the last one it heard.

    Args:
        xs (T, N): xs[k] has heard series[k] and everything before.
        series (T, D): the series that drove the reservoir.
        horizon: how many steps ahead, 1 to T - 1.

    Returns:
        states (T - horizon, N) and targets (T - horizon, D): each state of xs that has a target,
        and series[k + horizon] for xs[k].
    """
    states = xs[: len(xs) - horizon]  # TODO States that have a target. | 目標のある状態。
    targets = series[horizon:]  # TODO The targets of these states. | その状態の目標。
    return states, targets


test_func(forecast_dataset, "06_01", multiple_output=True)
# show_solution("06_01", "forecast_dataset")

# %% [markdown] lang="en"
# ### Exercise 06_02: a network that hears itself (25 minutes)
#
# Now the loop. At every step the readout says $y[k] = W^{\mathrm{out}} [1; x[k]]$, and this,
# instead of the series, goes through the input layer into the next state:
#
# $$
# y[k] = W x[k] + b_{\mathrm{out}}, \qquad x[k+1] = \tanh\left(\rho W^{\mathrm{rec}} x[k] + W^{\mathrm{in}} y[k] + b\right)
# $$
#
# (Here $W^{\mathrm{rec}}$ is `net.weight`; $W$ and $b_{\mathrm{out}}$ are those of the readout
# `w_out`; the leak is left out.) The state `x` that is handed over has heard everything so far, so
# the *first* output is already a forecast, and is made from `x` as it comes.
#
# Write `free_run`. It returns the outputs and also the last state, the one after `steps` steps,
# from which another call could go on. As always, `x` may be one state or a table of them; this is
# how we let 25 runs from 25 different moments go at once.

# %% [markdown] lang="ja"
# ### 演習 06_02：自分の声を聞くネットワーク（25分）
#
# いよいよループです。
# 毎ステップ、読み出し層が$y[k] = W^{\mathrm{out}} [1; x[k]]$を出し、時系列の代わりにこれを入力層に通して、次の状態を作ります。
#
# $$
# y[k] = W x[k] + b_{\mathrm{out}}, \qquad x[k+1] = \tanh\left(\rho W^{\mathrm{rec}} x[k] + W^{\mathrm{in}} y[k] + b\right)
# $$
#
# （ここでは`net.weight`を$W^{\mathrm{rec}}$と書き、$W$と$b_{\mathrm{out}}$は読み出し層`w_out`のものです。リークは省きました。）
# 渡される状態`x`は、ここまでのすべてを聞き終えています。
# ですから、`x`そのものから読み出した**最初の**出力が、もう予測になっています。
#
# `free_run`を書いてください。
# 出力と、最後の状態（`steps`ステップ後の状態）を返します。
# そこから続きを走らせることもできます。
# いつものように、`x`は1つの状態でも、状態の表でもかまいません。
# これを使って、25個の時点から同時に25本を走らせます。


# %% exercise="06_02" points=1 minutes=25
def free_run(steps, x, net, w_in, w_out):
    """Let a network go on by itself, its output being its next input.

    None of the arguments is changed.

    Args:
        steps: the number of steps.
        x (N,) or (R, N): the state to start from, or R of them side by side.
        net: the reservoir, net(x, v) -> x.
        w_in: the input layer, w_in(u) -> v.
        w_out: the readout, w_out(x) -> y.

    Returns:
        ys (steps, D) or (steps, R, D): the outputs, the first one read from x; and the state
        after the last step, of the shape of x.
    """
    ys = np.empty((steps, *w_out(x).shape))
    for k in range(steps):
        y = w_out(x)  # TODO What the network says. | ネットワークの出力。
        x = net(x, w_in(y))  # TODO It hears itself. | それを自分で聞く。
        ys[k] = y  # TODO What is recorded. | 記録するもの。
    return ys, x


test_func(free_run, "06_02", multiple_output=True)
# show_solution("06_02", "free_run")

# %% [markdown] lang="en"
# ### Exercise 06_03: how long a forecast holds (15 minutes)
#
# How good is a free run? An average error over a thousand steps says little: on a chaotic series
# every forecast goes wrong in the end, and from then on the error is that of a guess. Ask instead
# *how long* it was right. `valid_steps` is the number of steps before the first at which
#
# $$
# \left| y[k] - d[k] \right| > \mathrm{tol} \cdot \mathrm{scale},
# $$
#
# where $|\cdot|$ is the Euclidean length of the vector of $D$ components, and `scale` is a size to
# measure by, usually the standard deviation of the series. What comes after the first failure does
# not count, though the curves may cross again. If there is none, the answer is the length of the
# record. And a run may explode: **NaN is not valid.**

# %% [markdown] lang="ja"
# ### 演習 06_03：予測はいつまで当たるか（15分）
#
# 自由走行の良し悪しは、どう測ればよいでしょうか。
# 1000ステップの平均誤差からは、あまりわかりません。
# カオス的な時系列では、どんな予測もいつかは外れ、そのあとの誤差は当てずっぽうと同じになるからです。
# そこで、**いつまで**当たっていたかを測ります。
# 次の不等式が初めて成り立つまでのステップ数を返す、`valid_steps`を書いてください。
#
# $$
# \left| y[k] - d[k] \right| > \mathrm{tol} \cdot \mathrm{scale}
# $$
#
# $|\cdot|$は$D$個の成分をもつベクトルのユークリッド長さ、`scale`は誤差を測る目盛りで、ふつうは時系列の標準偏差です。
# 不等式が成り立ったら、予測は外れです。
# 一度外れたら、そのあと曲線がまた交わっても数えません。
# 一度も外れなければ、記録の長さを返します。
# 走行が爆発することもあります。
# **NaNは当たりではありません。**


# %% exercise="06_03" points=1 minutes=15
def valid_steps(y, d, scale, tol=0.4):
    """How many steps of a forecast are right before the first that is not.

    Args:
        y (T, D): the forecast; it may hold inf and NaN, which are never right.
        d (T, D): the truth.
        scale: the size by which errors are measured.
        tol: an error of more than tol * scale is not right.

    Returns:
        the first k at which the error, a Euclidean length, exceeds tol * scale; T if none does.
    """
    error = np.linalg.norm(y - d, axis=1)  # TODO The error of each step. | 各ステップの誤差。
    wrong = ~(error <= tol * scale)  # TODO Where it is not right. | 外れているところ。
    if not wrong.any():  # TODO Is all of it right? | すべて当たっているか。
        return len(y)
    return int(np.argmax(wrong))  # TODO The first that is not. | 最初に外れるところ。


test_func(valid_steps, "06_03")
# show_solution("06_03", "valid_steps")

# %% [markdown] lang="en"
# ### The series, and a slip
#
# The Mackey-Glass equation, a model of how the body makes white blood cells, is chaotic at its
# usual delay of 17, and its present does not determine its future: one needs the past of 17 time
# units. That suits a reservoir. The library samples it; we drop the first 1000 steps and take 1
# off.
#
# All models get 100 steps of washout, 3000 of training, 2000 of test, and then run free from 25
# moments of the test. Printed is the median of their valid steps; drawn is the first of the runs.
# First one network of 100 units, with three pairings: the right one and its two neighbours.

# %% [markdown] lang="ja"
# ### 題材の時系列と、添字の取り違え
#
# Mackey-Glass方程式は、体内で白血球が作られる過程のモデルです。
# よく使われる遅延17ではカオス的で、現在の値だけでは未来が決まりません。
# 17単位時間分の過去が必要なので、記憶をもつリザバーに向いています。
# サンプリングはライブラリに任せ、最初の1000ステップを捨て、1を引いて使います。
#
# どのモデルも、ウォッシュアウト100ステップ、学習3000ステップ、テスト2000ステップで、そのあとテスト区間の25個の時点から自由走行させます。
# 表示するのは当たり続けたステップ数の中央値、図に描くのは最初の1本です。
# 表示するのは25本の当たったステップ数の中央値、図に描くのはその1本目です。
# まず100ユニットのネットワーク1つで、3通りの組を試します。
# 正しい組と、その両隣です。


# %%
T_WASHOUT, T_TRAIN, T_TEST, T_FREE, RUNS = 100, 3000, 2000, 1000, 25
mg = mackey_glass(7100)[1][1000:, np.newaxis] - 1
mg_scale = mg.std()
STARTS = T_WASHOUT + T_TRAIN + 37 * np.arange(RUNS)  # 37: not the rhythm of the series
mg_truth = np.stack([mg[k + 1 : k + 1 + T_FREE] for k in STARTS], axis=1)  # (T_FREE, RUNS, 1)


def mg_network(rnd, dim):
    """A reservoir and its states under the Mackey-Glass series."""
    net, w_in = draw_network(rnd, dim, sr=0.9, bound=0.5, bias=0.5)
    return net, w_in, drive(np.zeros(dim), net, w_in, mg)


def valid_of_starts(outputs):
    """The valid steps of each run, outputs (T_FREE, RUNS, 1)."""
    with np.errstate(all="ignore"):
        return [valid_steps(outputs[:, i], mg_truth[:, i], mg_scale) for i in range(RUNS)]


def one_step_and_free(net, w_in, xs, states, targets, lmbd):
    """Test NRMSE of the pairs, and the outputs of all free runs, (T_FREE, RUNS, 1)."""
    end = T_WASHOUT + T_TRAIN + T_TEST
    found = evaluate(states[:end], targets[:end], T_WASHOUT, T_TRAIN, lmbd)
    w_out = RidgeReadout(len(xs.T), 1, lmbd)
    w_out.weight, w_out.bias = found["weight"], found["bias"]
    return found["test"][0], free_run(T_FREE, xs[STARTS], net, w_in, w_out)[0]


if ready("01_01", "03_01", "03_02", "06_01", "06_02", "06_03"):
    net, w_in, xs = mg_network(np.random.default_rng(0), 100)
    pairings = {
        "the value just heard": (xs, mg),
        "the next value": forecast_dataset(xs, mg, 1),
        "the value after it": forecast_dataset(xs, mg, 2),
    }
    fig, axes = plt.subplots(3, 1, figsize=(10, 5), sharex=True, layout="constrained")
    for ax, (name, (states, targets)) in zip(axes, pairings.items(), strict=True):
        score, outputs = one_step_and_free(net, w_in, xs, states, targets, 1e-8)
        valid = np.median(valid_of_starts(outputs))
        print(f"{name:22s}NRMSE {score:.1e}, free run valid for {valid:.0f} steps")
        ax.plot(mg_truth[:200, 0, 0], "k--", lw=0.8, label="truth")
        ax.plot(outputs[:200, 0, 0], label="free run")
        ax.set(ylabel="y", ylim=(-1, 1), title=f"trained on {name}")
    axes[0].legend(loc="upper right")
    axes[2].set_xlabel("step k of the free run")
    plt.show()

# %% [markdown] lang="en"
# **Surprise: a slipped index gives the best score of all.** Asked for the value that it has just
# heard, the network is eighty times more precise than the honest one. It has learned to echo. Let
# go, it repeats its last value and hardly moves from it. Asked for the value after the next and
# then fed at every step, it says two steps ahead what is taken for one: it fails at once.
#
# No score could have warned us. The indices could, and so could the free run, which nobody passes
# by repeating.

# %% [markdown] lang="ja"
# **意外な結果：添字を1つ間違えたものが、いちばんよい成績です。** 聞いたばかりの値を答えさせると、正しく学習させた場合より80倍も正確です。
# 聞いた値をそのまま「こだま」として返すことを覚えただけです。
# 手を離すと、最後の値を繰り返すだけで、そこからほとんど動きません。
# 次の次の値を答えさせたほうは、2ステップ先の値を1ステップ先として聞かされることになり、たちまち外れます。
#
# 成績を見ていても、気づくことはできません。
# 気づかせてくれるのは、添字と、そして自由走行です。
# 聞いた値を繰り返すだけでは、自由走行は乗り切れません。

# %% [markdown] lang="en"
# ### Who lives longest alone?
#
# Baselines first, again. Two of them can be let go as well, on the last values that they said
# themselves:
#
# - a **linear** forecast from the last 30 values;
# - four values, 6 steps apart, **and their ten products**: 15 coefficients with the bias.
#
# Then reservoirs of 300 units, five seeds, with four penalties. *Before you run it:* by the error
# at one step, the linear model will beat some of these reservoirs. Will it outlive them?

# %% [markdown] lang="ja"
# ### 独りで長く走れるのはどれか
#
# ここでも、まず比較の基準です。
# 1つ前の値をそのまま答えるもののほかに、次の2つを用意します。
# この2つは、自分が出した直近の値を使って自由走行させることもできます。
#
# - 直近30個の値からの**線形**予測。
# - 6ステップおきの4つの値**と、それらの積10個**（2乗も含みます）。係数はバイアスを入れて15個です。
#
# 続いて、300ユニットのリザバーを、5つのシード、4通りの正則化で試します。
# **実行する前に：** 1ステップの誤差では、線形モデルはいくつかのリザバーに勝ちます。
# では、自由走行でも、それらのリザバーより長く当たり続けるでしょうか。


# %%
PAIRS = [(i, j) for i in range(4) for j in range(i, 4)]


def stride_and_products(taps):
    """Four values 6 steps apart, and their products, of rows of 19 past values."""
    return add_products(taps[:, ::6], PAIRS)


def free_run_on_history(features, w_out, taps):
    """Runs that live on their own last outputs; taps (RUNS, n), the newest first."""
    outputs = np.empty((T_FREE, RUNS, 1))
    for k in range(T_FREE):
        outputs[k] = w_out(features(taps))
        taps = np.hstack([outputs[k], taps[:, :-1]])
    return outputs


def score_of_history(features, n_taps):
    """Test NRMSE at one step, and the outputs of all free runs, of a model without a reservoir."""
    taps = tapped_delay(mg, n_taps)
    states, targets = forecast_dataset(features(taps), mg)
    end = T_WASHOUT + T_TRAIN + T_TEST
    found = evaluate(states[:end], targets[:end], T_WASHOUT, T_TRAIN, 1e-12)
    w_out = RidgeReadout(states.shape[1], 1, 1e-12)
    w_out.weight, w_out.bias = found["weight"], found["bias"]
    with np.errstate(all="ignore"):  # some of them explode
        return found["test"][0], free_run_on_history(features, w_out, taps[STARTS])


needed = ("01_01", "03_01", "03_02", "04_02", "04_03", "06_01", "06_02", "06_03")
if ready(*needed):
    end = T_WASHOUT + T_TRAIN + T_TEST
    persistence = nrmse(mg[end - T_TEST : end], mg[end - T_TEST + 1 : end + 1])
    one_step, valid, traces = {}, {}, {}
    for name, features, n_taps in (
        ("linear, 30 values", lambda taps: taps, 30),
        ("4 values, 10 products", stride_and_products, 19),
    ):
        score, outputs = score_of_history(features, n_taps)
        one_step[name], valid[name] = [score], [np.median(valid_of_starts(outputs))]
        traces[name] = outputs[:, 0, 0]
    networks = [mg_network(np.random.default_rng(seed), 300) for seed in range(5)]
    for lmbd in (1.0, 1e-4, 1e-8, 1e-12):
        name = f"reservoir, lambda {lmbd:.0e}"
        one_step[name], valid[name] = [], []
        for net, w_in, xs in networks:
            states, targets = forecast_dataset(xs, mg)
            score, outputs = one_step_and_free(net, w_in, xs, states, targets, lmbd)
            one_step[name].append(score)
            valid[name].append(np.median(valid_of_starts(outputs)))
        traces[name] = outputs[:, 0, 0]
    print(f"persistence                 one step {persistence:.3f}")
    for name in one_step:
        low, high = min(valid[name]), max(valid[name])
        steps = f"{low:.0f}" if len(valid[name]) == 1 else f"{low:.0f}-{high:.0f}"
        print(f"{name:28s}one step {np.median(one_step[name]):.1e}   valid for {steps} steps")

# %%
if ready(*needed):
    fig, (left, right) = plt.subplots(1, 2, figsize=(11, 3.2), sharey=True, layout="constrained")
    names = list(one_step)[::-1]
    colors = ["tab:blue" if "reservoir" in name else "tab:orange" for name in names]
    left.barh(names, [np.median(one_step[name]) for name in names], color=colors)
    left.set(xscale="log", xlabel="test NRMSE at one step", title="One step: shorter is better")
    right.barh(names, [np.median(valid[name]) for name in names], color=colors)
    right.set(xlabel="valid steps", title="Free: longer is better")
    fig.suptitle("Mackey-Glass, two measures of the same models")
    plt.show()

    shown = ["linear, 30 values", "4 values, 10 products", *list(traces)[-3::2]]
    fig, axes = plt.subplots(4, 1, figsize=(10, 6), sharex=True, layout="constrained")
    for ax, name in zip(axes, shown, strict=True):
        ax.plot(mg_truth[:500, 0, 0], "k--", lw=0.8, label="truth")
        ax.plot(traces[name][:500], label="free run")
        ax.set(ylabel="y", ylim=(-0.9, 0.6), title=name)
    axes[0].legend(loc="lower right")
    axes[3].set_xlabel("step k of the free run")
    plt.show()

# %% [markdown] lang="en"
# **Surprise: the better model at one step is the worse forecaster.** The linear model is three
# times more precise than the reservoir with $\lambda = 10^{-4}$, and it is valid for 13 steps where
# that one holds for 116 to 162. Against the fifteen coefficients it is sixty times more precise,
# and outlived by a factor of five.
#
# Why? One step ahead a smooth series is nearly a straight line through its last values, and the
# linear model continues that line superbly. But what makes the series turn, and keeps it from
# growing, is nonlinear. A linear loop knows two fates, to die out or to explode, and left alone it
# goes to meet one of them. The reservoir and the products hold the mechanism, less exactly; their
# errors are larger, but the loop does not feed them.
#
# So the one-step error measures how large the errors are that a model makes, and not what becomes
# of them. **Praise a forecaster only after it was let go.** Within one family of models, the
# reservoirs, the two measures do agree as far as $10^{-8}$: less penalty, smaller error, longer
# life. From there to $10^{-12}$ the error falls again by a factor of five, and the valid steps do
# not follow.

# %% [markdown] lang="ja"
# **意外な結果：1ステップの予測で優れたモデルが、予測器としては劣っています。** 線形モデルは、$\lambda = 10^{-4}$のリザバーより3倍も正確です。
# ところが、リザバーが116から162ステップの間当たり続けるのに、線形モデルが当たるのは13ステップだけです。
# 15個の係数のモデルと比べれば60倍も正確なのに、当たる長さは5分の1です。
#
# なぜでしょうか。
# 1ステップ先だけを見れば、なめらかな時系列は直近の値を通るほぼまっすぐな線です。
# 線形モデルは、その線を延ばすのがとても得意です。
# しかし、時系列を折り返させ、大きくなりすぎないようにしているのは、非線形な仕組みです。
# 線形のループの運命は2つ、消えてしまうか、爆発するかで、放っておけばそのどちらかへ向かいます。
# リザバーや積のモデルは、精度は劣っても、その仕組みを捉えています。
# 誤差は大きくても、ループがそれを育てないのです。
#
# つまり、1ステップの誤差が測るのは、モデルが出す誤差の大きさであって、その誤差がその後どうなるかではありません。
# **予測器をほめるのは、手を離してみてからにしましょう。** リザバーという同じ仲間の中で比べれば、$10^{-8}$までは2つの物差しは一致します。
# 正則化を弱めるほど誤差は小さくなり、長く当たります。
# そこから$10^{-12}$まで弱めると、誤差はさらに5分の1になりますが、当たる長さはついてきません。

# %% [markdown] lang="en"
# ### A look ahead: Lorenz
#
# One more system, whose present *does* determine its future: the three numbers of the Lorenz
# equations, times 0.01, sampled every 0.01 time units. Little memory is needed, and $\rho = 0.1$
# will do.

# %% [markdown] lang="ja"
# ### 次へ向けて：ローレンツ系
#
# もう1つ、現在の値だけで未来が**決まる**系を試しましょう。
# ローレンツ方程式の3つの変数を0.01倍し、0.01単位時間ごとにサンプリングしたものです。
# 記憶はほとんど要らないので、$\rho = 0.1$で足ります。

# %%
lorenz = np.empty((12000, 3))
lorenz[0] = 1.0
lorenz_step = runge_kutta(0.01, lorenz_func)
for k in range(11999):
    lorenz[k + 1] = lorenz_step(lorenz[k])
lorenz = 0.01 * lorenz[1000:]

if ready(*needed):
    start, steps = 8100, 2000
    scale = np.sqrt(lorenz.var(axis=0).sum())
    truth = lorenz[start + 1 : start + 1 + steps]

    def in_short(values):
        return ", ".join(f"{value:.0e}" for value in values)

    error = ((lorenz[start:-1] - lorenz[start + 1 :]) ** 2).mean(axis=0)
    print(
        f"persistence       one step {in_short(np.sqrt(error / lorenz[start + 1 :].var(axis=0)))}"
    )
    taps, targets = forecast_dataset(tapped_delay(lorenz, 5), lorenz)
    found = evaluate(taps, targets, 100, 8000, 1e-14)
    print(f"linear, 5 values  one step {in_short(found['test'])}")
    history, outputs = tapped_delay(lorenz, 5)[start], np.empty((steps, 3))
    for k in range(steps):
        outputs[k] = found["weight"] @ history + found["bias"]
        history = np.concatenate([outputs[k], history[:-3]])
    print(f"    valid for {valid_steps(outputs, truth, scale)} steps")
    lines = []
    for seed in range(5):
        net, w_in = draw_network(np.random.default_rng(seed), 300, 0.1, dim_in=3, bias=0.2)
        xs = drive(np.zeros(300), net, w_in, lorenz)
        found = evaluate(*forecast_dataset(xs, lorenz), 100, 8000, 1e-10)
        w_out = RidgeReadout(300, 3, 1e-10)
        w_out.weight, w_out.bias = found["weight"], found["bias"]
        outputs = free_run(steps, xs[start], net, w_in, w_out)[0]
        valid = valid_steps(outputs, truth, scale)
        line = f"reservoir, seed {seed} one step {in_short(found['test'])}"
        lines.append(f"{line}   valid for {valid} steps, {0.01 * 0.906 * valid:.1f} Lyapunov times")
    print("\n".join(lines))

# %% [markdown] lang="en"
# A Lyapunov time is the time in which a small error grows by a factor of $e$, here $1 / 0.906$ time
# units, 0.906 being the largest Lyapunov exponent of these equations; over 8.3 of them an error
# grows by a factor of some four thousand. The reservoirs stay with the truth about that long. All
# five are lost at nearly the same step because all start at the same moment: five networks, but one
# start, which makes a demonstration and not yet a score. The linear model, whose errors at one step
# are not large either, is lost after 24 steps. What happens after that, when forecasting is over
# and the network still goes on, and whether it has become a Lorenz system or only looks like one:
# that is where chapter 8 begins.
#
# **From here to chapter 8.** You take with you: states that have forgotten their start; a ridge
# that is stable; the pairing of states with what they have not heard; and the habit of asking for a
# baseline, for several seeds, and for the free run. Chapter 8 counts states one step differently
# (section 0) and says "valid prediction time" for what is here `valid_steps` in units of time.

# %% [markdown] lang="ja"
# リアプノフ時間とは、小さな誤差が$e$倍になる時間のことで、ここでは$1 / 0.906$単位時間です（0.906は、この方程式の最大リアプノフ指数です）。
# リザバーは、その8.2〜8.3倍の間、正解についていきました。
# 小さな誤差がおよそ4000倍になる時間です。
# 5つがほぼ同じステップで外れるのは、どれも同じ時点から走らせたからです。
# ネットワークは5つでも出発点は1つなので、これは実演であって、まだ成績とはいえません。
# 5つともほぼ同じステップで外れるのは、出発点が同じだからです。
# ネットワークは5つでも出発点は1つなので、これはデモであって、まだ成績とは言えません。
# 線形モデルは、1ステップの誤差では決して悪くないのに、24ステップで見失います。
# そのあと、予測が外れてもなお走り続けるネットワークに何が起こるのでしょうか。
# ローレンツ系そのものになったのでしょうか、それとも似ているだけでしょうか。
# 8章はそこから始まります。
#
# **8章へ** 持っていくのは、始まりを忘れた状態、数値的に安定なリッジ回帰、まだ聞いていない値との組、そして、比較の基準と複数のシードと自由走行で確かめる習慣です。
# 8章では状態の番号の付け方が1ステップ違います（0節）。
# また、ここでの`valid_steps`を時間の単位で表したものを「有効予測時間」と呼びます。

# %% [markdown] lang="en"
# ### Advanced 06_A1: noise as a regulariser
#
# Jaeger added noise while training [1]. Do it: drive the five networks with the series plus noise
# of standard deviation $10^{-3}$, train on the clean targets with $\lambda = 10^{-8}$, and test on
# clean states. What happens to the one-step error, and to the valid steps? It is often said that
# noise works like a ridge. Look at the norm of the weights, and at how strongly the output answers
# a noise of that kind.

# %% [markdown] lang="ja"
# ### 発展 06_A1：正則化としてのノイズ
#
# Jaegerは学習中にノイズを加えました [1]。
# やってみましょう。
# 5つのネットワークを、標準偏差$10^{-3}$のノイズを加えた時系列で駆動し、ノイズのない目標に対して$\lambda = 10^{-8}$で学習し、ノイズのない状態でテストします。
# 1ステップの誤差と、当たる長さはどうなるでしょうか。
# ノイズはリッジ正則化のように働く、とよく言われます。
# 重みのノルムと、そのようなノイズに出力がどれだけ反応するかを調べてください。

# %% answer="06_A1"
# TODO Trained on clean and on noisy states. | ノイズのない状態と、ノイズのある状態での学習。
print("trained with        one step      valid steps   |weights|   answer to the noise")
for noise in (0.0, 1e-3):
    rows = []
    for seed, (net, w_in, xs) in enumerate(networks):
        shaken = mg + 1e-3 * np.random.default_rng(100 + seed).normal(size=mg.shape)
        xs_shaken = drive(np.zeros(300), net, w_in, shaken)
        span = slice(T_WASHOUT, T_WASHOUT + T_TRAIN)
        states = forecast_dataset(xs_shaken if noise else xs, mg)[0]
        w_out = RidgeReadout(300, 1, 1e-8)
        w_out.train(states[span], mg[1:][span])
        test = slice(T_WASHOUT + T_TRAIN, T_WASHOUT + T_TRAIN + T_TEST)
        outputs = free_run(T_FREE, xs[STARTS], net, w_in, w_out)[0]
        rows.append(
            (
                nrmse(w_out(xs[test]), mg[1:][test]),
                np.median(valid_of_starts(outputs)),
                np.linalg.norm(w_out.weight),
                (w_out(xs_shaken[test]) - w_out(xs[test])).std() / 1e-3,
            )
        )
    error, alive, norm, answer = np.array(rows).T
    print(f"noise {noise:<8.0e}{np.median(error):14.1e}", end="")
    lives = f"{np.median(alive):.0f} [{alive.min():.0f}-{alive.max():.0f}]"
    print(f"{lives:>16s}{np.median(norm):12.0f}{np.median(answer):17.1f}")

# %% [markdown] lang="en"
# **What you should find.** The one-step error grows nearly tenfold, and yet the free runs last half
# as long again: 498 steps instead of 336, in the median of five networks. Noise does regularise.
# But the norm of the weights does not fall as under a ridge, it *rises*, tenfold. What falls is the
# answer to the noise: the clean readout magnifies it 24 times, the other one no longer. A readout
# trained on noisy states is punished for its sensitivity to what the noise does to the *states*, in
# whatever directions it pushes them, and not for the length of its weights. It averages the noise
# out, which may take large weights. The ridge is the special case in which noise pushes all units
# equally and independently.

# %% [markdown] lang="ja"
# **こうなるはずです** 1ステップの誤差は10倍近くになるのに、自由走行は1.5倍ほど長く当たるようになります（5つのネットワークの中央値で、336ステップが498ステップに）。
# ノイズは、確かに正則化として働きます。
# ところが重みのノルムは、リッジのように小さくなるのではなく、10倍に**大きく**なります。
# 小さくなるのはノイズへの反応です。
# ノイズなしで学習した読み出し層はノイズを24倍に拡大しますが、ノイズの中で学習したほうは拡大しません。
# ノイズのある状態で学習すると、罰則がかかるのは重みの大きさではなく、ノイズが**状態**を動かす方向への敏感さです。
# ノイズを平均して打ち消すために、大きな重みが要ることもあります。
# リッジ回帰は、ノイズがすべてのユニットを同じ強さで独立に動かす、という特別な場合に当たります。

# %% [markdown] lang="en"
# ### Advanced 06_A2: training a readout rewires the network
#
# Put $y$ into the equation of the free run: what is the recurrent matrix of the closed loop? Plot
# its eigenvalues before and after training, for one of the networks. Check by running a network
# that has this matrix.

# %% [markdown] lang="ja"
# ### 発展 06_A2：読み出し層の学習は結合を変える
#
# 自由走行の式に$y$を代入してください。
# 閉ループの再帰結合行列は何になりますか。
# ネットワークの1つについて、学習前と学習後の固有値を描いてください。
# その行列をもつネットワークを走らせて、確かめましょう。

# %% answer="06_A2"
# TODO Eigenvalues of the open and of the closed loop. | 開ループと閉ループの固有値。
net, w_in, xs = networks[0]
w_out = RidgeReadout(300, 1, 1e-8)
w_out.train(*(part[T_WASHOUT : T_WASHOUT + T_TRAIN] for part in forecast_dataset(xs, mg)))
closed = ESN(300, weight=net.sr * net.weight + w_in.weight @ w_out.weight)
constant = w_in(w_out.bias)

ys_loop, _ = free_run(50, xs[STARTS[0]], net, w_in, w_out)
x, ys_closed = xs[STARTS[0]], []
for _ in range(50):
    ys_closed.append(w_out(x))
    x = closed(x, constant)
print(f"free run against the rewired network, 50 steps: {np.abs(ys_loop - ys_closed).max():.0e}")

fig, ax = plt.subplots(figsize=(5.5, 5), layout="constrained")
for matrix, mark, label in (
    (net.sr * net.weight, "o", "open loop"),
    (closed.weight, "x", "closed loop"),
):
    eigenvalues = np.linalg.eigvals(matrix)
    ax.plot(eigenvalues.real, eigenvalues.imag, mark, ms=4, label=label)
    print(f"{label}: {np.sum(np.abs(eigenvalues) > 1)} of 300 eigenvalues outside the unit circle")
ax.add_patch(plt.Circle((0, 0), 1, fill=False, ls="--"))
ax.set(xlabel="real part", ylabel="imaginary part", title="Eigenvalues", aspect="equal")
ax.legend()
plt.show()

# %% [markdown] lang="en"
# **What you should find.** The closed loop is a network with the matrix $\rho W^{\mathrm{rec}} +
# W^{\mathrm{in}} W$ and a constant input. Training changed it by a matrix of rank 1: most
# eigenvalues move only a little, and 9 of the 300 come to lie outside the unit circle. Chapter 8
# begins with this picture.

# %% [markdown] lang="ja"
# **こうなるはずです** 閉ループは、行列$\rho W^{\mathrm{rec}} + W^{\mathrm{in}} W$と一定の入力をもつネットワークです。
# 学習が加えたのはランク1の行列です。ほとんどの固有値は少ししか動きませんが、300個のうち9個は単位円の外に出ます。
# 8章は、この図から始まります。
