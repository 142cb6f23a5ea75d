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
# ## 2. Offline learning
#
# A child learns to write with a teacher's hand around its own. Every stroke comes out right,
# whatever the child would have done by itself; it only remembers how each stroke felt and what came
# next. Then the teacher lets go.
#
# Offline learning of a closed loop [4] goes the same way, in three steps.
#
# 1. **Teacher forcing.** Cut the loop and feed back the target instead of the output:
#
#    $$x[k+1] = \tanh\left(\rho W^{\mathrm{rec}} x[k] + W^{\mathrm{feed}} d[k]\right)$$
#
# 2. **Regression.** Throw away the first `t_washout` states. Over the next `t_train` steps, fit a
#    readout that says from $x[k]$ what the teacher will say, $d[k]$, by ridge regression with the
#    penalty $\lambda$:
#
#    $$\min_{W,\, b} \; \sum_{k} \left| W x[k] + b - d[k] \right|^2 + \lambda \left| W \right|^2$$
#
# 3. **Let go.** Close the loop. With $y[k] = W x[k] + b$,
#
#    $$x[k+1] = \tanh\left(\rho W^{\mathrm{rec}} x[k] + W^{\mathrm{feed}} y[k]\right)$$
#
# In the code the right-hand side of 1 is `net(x, w_feed(ds[k]))` and that of 3 is
# `net(x, w_feed(w_out(x)))`; $W$ is `w_out.weight`, $b$ is `w_out.bias`, $\lambda$ is `w_out.lmbd`.
#
# Why should this work? If the readout were perfect, $y[k] = d[k]$, the network would not notice
# that the hand is gone. It never is perfect. So a small error is fed back, the next state is
# slightly wrong, and so is the next output. Two things decide the outcome: how *large* the error
# is, and whether the loop makes it *grow*. Regression only looks at the first.
#
# ### Exercise 02_01: open and closed loop (20 minutes)
#
# Write `emulate_offline`, which runs `time_steps` steps and can do both, steps 1 and 3. At step
# `k` the loop is *open* if there is a target for this step (`ds` is given and `k < len(ds)`) and
# `k` lies in `open_range = (start, end)`. As with `range`, `start` belongs to it and `end` does
# not. While open, the target `ds[k]` is fed back, else the readout's output. Either way `y` is what
# was fed back, and it is recorded as `record["y"][k]`; `record["x"][k]` is the state *before*
# step `k`. Without `open_range` the loop is never open.
#
# Nothing else is needed for whole batches: `net`, `w_feed` and `w_out` take (N,) as well as (m, N).

# %% [markdown] lang="ja"
# ## 2. オフライン学習
#
# 習字の先生が、子どもの手に自分の手を添えて筆を運びます。
# 子ども自身の手がどう動こうとしたかに関係なく、線はいつも正しく引かれます。
# 子どもは、その線を引いたときの感触と、次にどこへ筆が進んだかを覚えていきます。
# やがて先生は手を離します。
#
# 閉ループのオフライン学習 [4] も同じで、3つの段階からなります。
#
# 1. **教師強制** ループを切り、出力の代わりに目標を戻します。
#
#    $$x[k+1] = \tanh\left(\rho W^{\mathrm{rec}} x[k] + W^{\mathrm{feed}} d[k]\right)$$
#
# 2. **回帰** 最初の`t_washout`ステップの状態は捨て、続く`t_train`ステップを使って、$x[k]$から教師の次の一言$d[k]$を言い当てる読み出し層をリッジ回帰で求めます。
#    $\lambda$は正則化の強さです。
#
#    $$\min_{W,\, b} \; \sum_{k} \left| W x[k] + b - d[k] \right|^2 + \lambda \left| W \right|^2$$
#
# 3. **手を離す** ループを閉じます。
#    $y[k] = W x[k] + b$として、
#
#    $$x[k+1] = \tanh\left(\rho W^{\mathrm{rec}} x[k] + W^{\mathrm{feed}} y[k]\right)$$
#
# コードでは、1の右辺が`net(x, w_feed(ds[k]))`、3の右辺が`net(x, w_feed(w_out(x)))`です。
# $W$は`w_out.weight`、$b$は`w_out.bias`、$\lambda$は`w_out.lmbd`に当たります。
#
# なぜこれでうまくいくのでしょうか。
# 読み出し層が完璧で$y[k] = d[k]$なら、ネットワークは手が離れたことに気づきません。
# しかし完璧ということはないので、小さな誤差が戻され、次の状態が少しずれ、次の出力も少しずれます。
# 結果を決めるのは2つ、誤差が**どれだけ大きいか**と、ループがそれを**育ててしまうかどうか**です。
# 回帰が見ているのは前者だけです。
#
# ### 演習 02_01：開ループと閉ループ（20分）
#
# 段階1と段階3の両方をこなす`emulate_offline`を書いてください。
# `time_steps`ステップだけ進めます。
# ステップ`k`でループが**開いている**のは、そのステップの目標があり（`ds`が与えられていて`k < len(ds)`）、しかも`k`が`open_range = (start, end)`に入っているときです。
# `range`と同じく、`start`は含み、`end`は含みません。
# 開いている間は目標`ds[k]`を、そうでなければ読み出し層の出力を戻します。
# どちらの場合も、戻した値が`y`で、`record["y"][k]`に記録されます。
# `record["x"][k]`はステップ`k`の前の状態です。
# `open_range`がなければ、ループはずっと閉じたままです。
#
# バッチのために特別なことをする必要はありません。
# `net`、`w_feed`、`w_out`は (N,) も (m, N) も受け付けます。


# %% exercise="02_01" points=1 minutes=20
def emulate_offline(
    time_steps, x0, net, w_feed, w_out, ds=None, open_range=None, label=None, display=True
):
    """Run a network whose loop is open in one span of time and closed otherwise.

    None of the arguments is changed.

    Args:
        time_steps: the number T of steps.
        x0 (N,) or (m, N): the first state, or m of them side by side.
        net, w_feed, w_out: the reservoir, net(x, v) -> x; the feedback, w_feed(y) -> v; the
            readout, w_out(x) -> y.
        ds (t, D) or (t, m, D): the targets, fed back while the loop is open; t may differ from T.
        open_range: (start, end), the steps in which the loop is open, end excluded; None: none.
        label: a text for the progress bar.
        display: whether to show a progress bar.

    Returns:
        a record with t (T+1,); x (T+1, N) or (T+1, m, N), where x[k] is the state before step k;
        y (T, D) or (T, m, D), where y[k] is what was fed back in step k; open_range (start, end).
    """
    start, end = (0, 0) if open_range is None else open_range
    x = np.array(x0, dtype=float)
    record = {
        "t": np.arange(time_steps + 1),
        "x": np.empty((time_steps + 1, *x.shape)),
        "y": np.empty((time_steps, *w_out(x).shape)),
        "open_range": (start, end),
    }
    record["x"][0] = x
    for k in trange(time_steps, desc=label, display=display):
        if (  # TODO Is the loop open at step k? | ステップkでループは開いているか。
            ds is not None and k < len(ds) and start <= k < end
        ):
            y = ds[k]  # TODO What is fed back while it is open. | 開いている間に戻す値。
        else:
            y = w_out(x)  # TODO What is fed back while it is closed. | 閉じている間に戻す値。
        x = net(x, w_feed(y))  # TODO The next state. | 次の状態。
        record["x"][k + 1] = x
        record["y"][k] = y
    return record


def solution(*args, **kwargs):
    record = emulate_offline(*args, display=False, **kwargs)
    return tuple(record.get(key) for key in ("x", "y", "t", "open_range"))


test_func(solution, "02_01", multiple_output=True)
# show_solution("02_01", "emulate_offline")

# %% [markdown] lang="en"
# ### What the network forgets, and how fast
#
# Before anything is trained, a small experiment with `emulate_offline`. Start one network from two
# different random states, with the same teacher for both, and watch the distance of the two states.
# If it dies out, the state no longer depends on how the run began but only on what the teacher
# said: the *echo state property*, the ground on which the regression stands, since the same
# recent past must give the same state. How long it takes is how long the washout has to be.
#
# The same recurrent matrix is used with three spectral radii $\rho$. All random numbers of the
# chapter come from one generator with seed 1234, which is handed on in a fixed order: reservoir,
# feedback, readout, first state. So every network of 1000 units in this chapter has the same
# matrix.

# %% [markdown] lang="ja"
# ### ネットワークは過去を忘れるか、忘れるならどれだけ速いか
#
# 学習の前に、`emulate_offline`で小さな実験をしましょう。
# 1つのネットワークを2つの異なるランダムな状態から始め、どちらにも同じ教師の声を聞かせて、2つの状態の距離を見ます。
# 距離が0に向かうなら、状態はどう始まったかにはもう依存せず、教師が何を言ったかだけで決まっています。
# これが**エコーステート特性**で、回帰が成り立つための土台です。
# 同じ直近の過去からは同じ状態が得られなければならないからです。
# そして、距離が消えるまでの時間が、必要なウォッシュアウトの長さです。
#
# 同じ再帰結合行列を、3通りのスペクトル半径$\rho$で使います。
# この章の乱数はすべて、シード1234の1つの生成器から、リザバー、フィードバック、読み出し層、初期状態という決まった順で引きます。
# そのため、この章に出てくる1000ユニットのネットワークは、どれも同じ結合行列をもちます。

# %%
ds_lorenz = 0.01 * lorenz
if ready("01_01"):
    ds_mg = mg[:, None] - 1.0


def draw_network(dim_out, sr, bound, bias, lmbd=1e-10, a=None, dim=1000, p=0.01):
    """One generator, handed on in the chapter's order; returns net, w_feed, w_out and x0."""
    rnd = np.random.default_rng(1234)
    net = ESN(dim, sr=sr, a=a, p=p, rnd=rnd)
    w_feed = Linear(dim_out, dim, bound=bound, bias=bias, rnd=rnd)
    w_out = RidgeReadout(dim, dim_out, lmbd=lmbd, rnd=rnd)
    return net, w_feed, w_out, rnd.uniform(-1, 1, dim)


if ready("02_01"):
    net, w_feed, w_out, x0 = draw_network(3, sr=0.1, bound=1.0, bias=0.2)
    twins = np.stack([x0, -x0])
    fig, ax = plt.subplots(figsize=(9, 3.5), layout="constrained")
    for net.sr in (0.1, 0.9, 1.5):
        record = emulate_offline(
            800, twins, net, w_feed, w_out, ds_lorenz, (0, 800), label=f"rho = {net.sr}"
        )
        distance = np.linalg.norm(record["x"][:, 0] - record["x"][:, 1], axis=1)
        ax.semilogy(distance, label=f"rho = {net.sr}")
    ax.set(
        xlabel="step k", ylabel="distance of the two states", title="One teacher, two beginnings"
    )
    ax.legend(loc="center right")
    plt.show()

# %% [markdown] lang="en"
# On the logarithmic axis the distance falls along a line. With $\rho = 0.1$ the beginning is
# forgotten after some twenty steps, to the last digit; with $\rho = 0.9$ after less than two
# hundred. With $\rho = 1.5$ it is never forgotten: the reservoir is chaotic by itself, and this
# teacher speaks too softly to tame it. The same past gives a different state each time.
#
# *A question before you go on:* one of these three networks will fail at learning the Lorenz
# system. Which one, and what will its training error look like?

# %% [markdown] lang="ja"
# 対数軸の上で、距離は直線的に減っていきます。
# $\rho = 0.1$では20ステップほどで、初期状態の違いが最後の桁まで消えてしまいます。
# $\rho = 0.9$でも200ステップとかかりません。
# $\rho = 1.5$では、いつまでも消えません。
# リザバー自身がカオスで、この教師の小さな声では鎮められないからです。
# 過去が同じでも、状態は毎回違ってしまいます。
#
# **先へ進む前に考えてみてください：** この3つのうち1つは、ローレンツ系の学習に失敗します。
# どれでしょうか。
# そのとき、学習誤差はどうなっているでしょうか。

# %% [markdown] lang="en"
# ### Before or after the step: two ways of counting
#
# Before a readout is trained, it has to be settled which state belongs to which target. Here is the
# same run, counted in the two ways that are in use.
#
# > **In this chapter** `record["x"][k]` is the state *before* step `k`. It has heard `d[k-1]`, and
# > pairs with `d[k]`, the first value that it has not heard.
# >
# > **In chapter 3** `xs[k]` is the state *after* step `k`. It has heard `us[k]`, and pairs with
# > `us[k+1]`, which is also the first value that it has not heard.

# %% [markdown] lang="ja"
# ### ステップの前か後か：2通りの数え方
#
# 読み出し層を学習する前に、どの状態がどの目標と組になるのかを決めておかなければなりません。
# 同じ時間発展を、よく使われる2通りの仕方で数えてみます。
#
# > **この章では**、`record["x"][k]`はステップ`k`の**前**の状態です。
# > `d[k-1]`まで聞いていて、まだ聞いていない最初の値である`d[k]`と組になります。
# >
# > **3章では**、`xs[k]`はステップ`k`の**後**の状態です。
# > `us[k]`まで聞いていて、`us[k+1]`と組になります。
# > これも、まだ聞いていない最初の値です。

# %%
show_pairings(title="One run, counted in two ways")

# %% [markdown] lang="en"
# Circles and arrows stand in the same places: the pairs are the same, and only their numbers differ.
# A formula taken from one convention into the other is one step off, and no training error shows it.

# %% [markdown] lang="ja"
# 丸も矢印も同じ場所にあります。
# 組は同じで、番号だけが違うのです。
# 一方の流儀の式をもう一方にそのまま持ち込むと、1ステップずれます。
# しかも、学習誤差を見ていても気づけません。

# %% [markdown] lang="en"
# ### Exercise 02_02: offline training and evaluation (20 minutes)
#
# Put the three steps together in `run_train_and_eval`. The teacher-forced run of
# `t_washout + t_train` steps stands there. Choose the states and the targets of the regression,
# train the readout with `w_out.train(x, d)`, whose arguments are (T, N) and (T, D), and start the
# closed loop for `t_eval` steps (hand `display` on, as the first run does). Its outputs will be
# compared with `record_e["d"]`.
#
# **Which state belongs to which target?** Here is a run of $T$ steps, written out:
#
# | step | 0 | 1 | 2 | ... | T-1 | T |
# | --- | --- | --- | --- | --- | --- | --- |
# | state before it | `x[0]` | `x[1]` | `x[2]` | ... | `x[T-1]` | `x[T]` |
# | has heard | nothing | `d[0]` | `d[0]`, `d[1]` | ... | up to `d[T-2]` | up to `d[T-1]` |
# | fed back in it | `d[0]` | `d[1]` | `d[2]` | ... | `d[T-1]` | |
#
# > The state `x[k]` has heard `d[k-1]` and everything before, but not yet `d[k]`. And `d[k]` is
# > what has to be fed back next. So `x[k]` pairs with `d[k]`: the readout is asked for the first
# > word that the state has *not* heard. Asked for `d[k-1]` instead, it would learn to repeat what
# > it just heard, with an excellent error and of no use; asked for `d[k+1]`, it would skip a word
# > at every step.
# >
# > There is one state more than there are targets. `x[T]` has heard all of them. It is not part of
# > the regression; what is it good for?

# %% [markdown] lang="ja"
# ### 演習 02_02：オフライン学習と評価（20分）
#
# 3つの段階を`run_train_and_eval`にまとめてください。
# `t_washout + t_train`ステップの教師強制は、すでに書いてあります。
# 回帰に使う状態と目標を選び、`w_out.train(x, d)`（引数の形は (T, N) と (T, D)）で読み出し層を学習させ、閉ループを`t_eval`ステップ走らせます（最初の実行と同じように、`display`も渡してください）。
# その出力を`record_e["d"]`と比べることになります。
#
# **どの状態がどの目標と組になるか** $T$ステップの時間発展を書き出してみます。
#
# | ステップ | 0 | 1 | 2 | ... | T-1 | T |
# | --- | --- | --- | --- | --- | --- | --- |
# | 直前の状態 | `x[0]` | `x[1]` | `x[2]` | ... | `x[T-1]` | `x[T]` |
# | 聞いた目標 | なし | `d[0]` | `d[0]`、`d[1]` | ... | `d[T-2]`まで | `d[T-1]`まで |
# | ここで戻す値 | `d[0]` | `d[1]` | `d[2]` | ... | `d[T-1]` | |
#
# > 状態`x[k]`は`d[k-1]`とそれ以前をすべて聞いていますが、`d[k]`はまだ聞いていません。
# > そして`d[k]`こそ、次に戻すべき値です。
# > だから`x[k]`は`d[k]`と組になります。
# > 読み出し層に求めるのは、状態が**まだ聞いていない**最初の一言です。
# > もし`d[k-1]`を求めたら、いま聞いたことを繰り返すだけの、誤差は見事でも役に立たない読み出し層になります。
# > `d[k+1]`を求めたら、毎ステップ一言ずつ飛ばしてしまいます。
# >
# > 状態は目標より1つ多くあります。
# > `x[T]`はすべての目標を聞き終えた状態です。
# > 回帰には使いません。
# > では、何の役に立つのでしょうか。


# %% exercise="02_02" points=1 minutes=20 needs=["02_01"]
def run_train_and_eval(t_washout, t_train, t_eval, x0, net, w_feed, w_out, ds, display=True):
    """Force the targets on a network, train its readout, and let it run by itself.

    Args:
        t_washout: steps at the beginning that are not learned from.
        t_train: steps after that to learn from.
        t_eval: steps of the closed loop.
        x0 (N,): the first state.
        net, w_feed: reservoir and feedback.
        w_out: a readout with train(x, d); it is trained in place.
        ds (t, D): the targets, t >= t_washout + t_train + t_eval.
        display: whether to show progress bars.

    Returns:
        record_t: the record of the teacher-forced run, see emulate_offline.
        record_e: the record of the closed loop, and the targets d (t_eval, D) for it.
    """
    t_end = t_washout + t_train
    record_t = emulate_offline(
        t_end, x0, net, w_feed, w_out, ds, (0, t_end), label="teacher forcing", display=display
    )
    x_train = record_t["x"][t_washout:t_end]  # TODO States to learn from. | 学習に使う状態。
    y_train = ds[t_washout:t_end]  # TODO What to say in them. | それぞれの状態で出すべき値。
    # TODO Train the readout. | 読み出し層を学習させる。
    w_out.train(x_train, y_train)
    # END TODO
    record_e = emulate_offline(  # TODO The closed loop. | 閉ループの実行。
        t_eval, record_t["x"][t_end], net, w_feed, w_out, label="closed loop", display=display
    )
    record_e["d"] = ds[t_end : t_end + t_eval]
    return record_t, record_e


def solution(t_washout, t_train, t_eval, x0, net, w_feed, w_out, ds):
    record_t, record_e = run_train_and_eval(
        t_washout, t_train, t_eval, x0, net, w_feed, w_out, ds, display=False
    )
    x, y, d = (record_e.get(key) for key in "xyd")
    return x, y, d, w_out.weight, w_out.bias, record_t.get("y")


test_func(solution, "02_02", multiple_output=True)
# show_solution("02_02", "run_train_and_eval")

# %% [markdown] lang="en"
# ### Three numbers instead of an impression
#
# A closed loop that draws two wings *looks* right. Three numbers say how right it is.
#
# - **The fit**: how well the readout says $d[k]$ while the teacher still leads, as a normalised
#   root-mean-square error over the training data (`nrmse`; 1 is no better than the mean):
#
#   $$\sqrt{\sum_k \left| y[k] - d[k] \right|^2 \Big/ \sum_k \left| d[k] - \bar{d} \right|^2}$$
#
# - **The valid prediction time**: how long after letting go the output stays within 0.4 standard
#   deviations of the target (`valid_prediction_time`). On chaos every prediction ends; its natural
#   unit is the Lyapunov time $1 / \lambda_{\max}$, in which an error grows by a factor $e$. For
#   Lorenz $\lambda_{\max} = 0.906$.
# - **The return map**: once prediction has ended, is the output still on the right attractor?
#   Lorenz himself plotted each maximum of $z$ against the one before [9]: the points fall on a
#   curve with a sharp peak, a portrait of the attractor without time. `return_map_distance` is the
#   mean distance between two such portraits, in standard deviations of the maxima. Two stretches of
#   the *true* system do not give 0 either, so their distance is the mark to aim at.

# %% [markdown] lang="ja"
# ### 印象ではなく、3つの数値で
#
# 2枚の羽を描く閉ループは、うまくいったように**見えます**。
# どれだけうまくいったのかは、3つの数値が教えてくれます。
#
# - **当てはまり** 教師に導かれている間に、読み出し層が$d[k]$をどれだけ正確に言い当てるか。
#   学習データについての正規化二乗平均平方根誤差です（`nrmse`、1なら平均値を答えるのと変わりません）。
#
#   $$\sqrt{\sum_k \left| y[k] - d[k] \right|^2 \Big/ \sum_k \left| d[k] - \bar{d} \right|^2}$$
#
# - **有効予測時間** 手を離してから、出力と目標のずれが、目標の標準偏差の0.4倍以内に収まっている時間（`valid_prediction_time`）。
#   カオスでは、どんな予測にも終わりがあります。
#   ものさしになるのは、誤差が$e$倍になる時間、リアプノフ時間$1 / \lambda_{\max}$です。
#   ローレンツ系では$\lambda_{\max} = 0.906$です。
# - **リターンマップ** 予測が終わったあとも、出力は正しいアトラクタの上にいるでしょうか。
#   ローレンツ自身が、$z$の極大値を1つ前の極大値に対してプロットしました [9]。
#   点は鋭い山のある曲線の上に並びます。
#   時間を消し去った、アトラクタの肖像画です。
#   `return_map_distance`は、2枚の肖像画の平均距離を極大値の標準偏差で割ったものです。
#   本物の系の2つの区間どうしでも0にはならないので、その値が目指すべき目安になります。

# %%
T_WASHOUT, T_TRAIN, T_EVAL = 2000, 8000, 5000
LORENZ_EXPONENT = 0.906
scores = {}


def score(name, w_out, record_t, record_e, dt, exponent):
    """Keep and print fit, valid prediction time and return-map distance of the last component."""
    x_train, y_train = record_t["x"][T_WASHOUT:-1], record_t["y"][T_WASHOUT:]
    y, d = record_e["y"], record_e["d"]
    fit = nrmse(w_out(x_train), y_train)
    valid = valid_prediction_time(y, d, dt, exponent)
    distance = return_map_distance(y[:, -1], d[:, -1])
    truth = return_map_distance(y_train[: len(d), -1], d[:, -1])
    scores[name] = fit, valid, distance
    print(f"{name}: fit {fit:.1e}, valid for {valid:.1f} Lyapunov times,")
    print(f"  return map {distance:.3f} from the target's ({truth:.3f} between two true stretches)")


# %% [markdown] lang="en"
# ### The Lorenz system
#
# Targets `ds_lorenz`, the three coordinates times 0.01; $\rho = 0.1$, feedback weights within
# $\pm 1$ and biases within $\pm 0.2$, $\lambda = 10^{-10}$; 2000 steps of washout, 8000 of
# training, 5000 on its own.

# %% [markdown] lang="ja"
# ### ローレンツ系
#
# 目標`ds_lorenz`は3つの座標を0.01倍したものです。
# $\rho = 0.1$、フィードバックの重みは$\pm 1$、バイアスは$\pm 0.2$の範囲、$\lambda = 10^{-10}$とします。
# ウォッシュアウト2000ステップ、学習8000ステップのあと、5000ステップを自力で走らせます。

# %%
if ready("02_01", "02_02"):
    net, w_feed, w_out, x0 = draw_network(3, sr=0.1, bound=1.0, bias=0.2)
    record_t, record_e = run_train_and_eval(
        T_WASHOUT, T_TRAIN, T_EVAL, x0, net, w_feed, w_out, ds_lorenz
    )
    score("Lorenz, rho 0.1", w_out, record_t, record_e, dt, LORENZ_EXPONENT)
    show_record(record_t, title="Lorenz, rho = 0.1: teacher forcing")
    show_record(record_e, title="Lorenz, rho = 0.1: closed loop (solid) and target (dashed)")

# %%
if ready("02_01", "02_02"):
    show_return_map(
        target=record_e["d"][:, 2], output=record_e["y"][:, 2], title="Lorenz: maxima of z"
    )
    show_3d_coord(
        target=record_e["d"], output=record_e["y"], title="Lorenz: closed loop and target"
    )

# %% [markdown] lang="en"
# The first figure shows the teacher at work (shaded: the loop is open): the units, each in its own
# way, move with the target. In the second the network is alone. For about 1000 steps, some nine
# Lyapunov times, solid and dashed lines cannot be told apart. Then they part company, as they must;
# two *true* Lorenz systems that begin a hair apart do the same (section 1). What remains is the
# second question, and the return map answers it: the points of the free network lie on the same
# sharp curve, about as close to the target's as another stretch of the true system, and in three
# dimensions the two curves fill the same wings. This network does not remember a trajectory. It has
# become a Lorenz system.

# %% [markdown] lang="ja"
# 1枚目の図では教師が手を添えています（色の付いた部分が開ループです）。
# ユニットは、それぞれの仕方で目標とともに動きます。
# 2枚目で、ネットワークは独り立ちします。
# 1000ステップほど、リアプノフ時間で約9の間、実線と破線は見分けがつきません。
# そのあと両者は離れていきます。
# ほんのわずかに違う状態から始めた2つの本物のローレンツ系も離れていくのですから（1節）、これは避けられません。
# 残る問いにはリターンマップが答えます。
# 手を離れたネットワークの点も同じ鋭い曲線の上に並び、目標との距離は、本物の系の別の区間との距離と同程度です。
# 3次元の図でも、2本の曲線は同じ羽を埋めています。
# ネットワークは1本の軌道を覚えたのではありません。
# ローレンツ系そのものになったのです。

# %% [markdown] lang="en"
# ### Mackey-Glass
#
# One output, `ds_mg`, the samples of section 1 minus 1. Now the present value alone does not
# determine the next, so the reservoir has to remember: $\rho = 0.9$. Feedback weights within
# $\pm 0.5$, biases within $\pm 0.5$, everything else as before. The largest Lyapunov exponent of
# our sampled equation is 0.0072 a step (from a run of 200,000 steps, by the method of 02_A2), so a
# Lyapunov time is some 140 steps.

# %% [markdown] lang="ja"
# ### Mackey-Glass方程式
#
# 出力は1つ、目標`ds_mg`は1節のサンプルから1を引いたものです。
# 今度は現在の値だけでは次の値が決まらないので、リザバーの記憶が頼りです。
# そこで$\rho = 0.9$とします。
# フィードバックの重みは$\pm 0.5$、バイアスも$\pm 0.5$の範囲、ほかは先ほどと同じです。
# サンプリングした系の最大リアプノフ指数は1ステップあたり0.0072なので（02_A2の方法で20万ステップ計算した値です）、リアプノフ時間は140ステップほどです。

# %%
MG_DT, MG_EXPONENT = 1.0, 0.0072
if ready("01_01", "02_01", "02_02"):
    record_t = record_e = None  # 120 MB that are not needed any more
    net, w_feed, w_out, x0 = draw_network(1, sr=0.9, bound=0.5, bias=0.5)
    record_t, record_e = run_train_and_eval(
        T_WASHOUT, T_TRAIN, T_EVAL, x0, net, w_feed, w_out, ds_mg
    )
    score("Mackey-Glass, rho 0.9", w_out, record_t, record_e, MG_DT, MG_EXPONENT)
    fig = show_record(record_t, title="Mackey-Glass, rho = 0.9: teacher forcing, first 1500 steps")
    fig.axes[0].set_xlim(0, 1500)
    fig = show_record(
        record_e,
        title="Mackey-Glass, rho = 0.9: closed loop (solid) and target (dashed), first 1500 steps",
    )
    fig.axes[0].set_xlim(0, 1500)
    show_3d_coord(
        target=construct_delayed_coord(record_e["d"], 17, 3)[:, ::-1],
        output=construct_delayed_coord(record_e["y"], 17, 3)[:, ::-1],
        title="Mackey-Glass: closed loop and target, delay 17",
        labels=("y(t)", "y(t - 17)", "y(t - 34)"),
    )

# %% [markdown] lang="en"
# The output keeps step with the target for some 800 steps, five to six Lyapunov times, and slips
# out of phase only then. In the three-dimensional figure the two bands lie in one another: the same
# folds, the same thickness. A delay equation has a state of infinite dimension, and a thousand
# units, which only ever hear one number, carry as much of its past as it takes.

# %% [markdown] lang="ja"
# 出力は800ステップほど、リアプノフ時間で5から6の間、目標と歩調をそろえ、そのあとようやく位相がずれていきます。
# 3次元の図では2つの帯が重なり、折りたたまれ方も厚みも同じです。
# 遅延微分方程式の状態は無限次元ですが、一度に1つの数しか聞かない1000個のユニットが、必要なだけの過去を抱えているわけです。

# %% [markdown] lang="en"
# ### How small may $\lambda$ be?
#
# Why $\lambda = 10^{-10}$ and not 0? Our data have no noise, and the fit can only get better with a
# smaller penalty. Let us try all decades for both systems.
#
# Training a readout for each $\lambda$ anew would be a waste. With the singular value decomposition
# $X = U\, \mathrm{diag}(s)\, V^\top$ of the centred states, every ridge solution is
#
# $$
# W^\top = V \, \mathrm{diag}\left(\frac{s}{s^2 + \lambda}\right) U^\top D,
# $$
#
# with $D$ the centred targets: directions with $s^2 \gg \lambda$ are used fully, those with
# $s^2 \ll \lambda$ hardly. (For speed, $X$ is first brought to a triangle by QR, which leaves $s$
# and $V$ as they are. At $\lambda = 0$, singular values that are zero up to rounding are left out.)
# All the readouts then run side by side, one row for each readout and each of two starting points.

# %% [markdown] lang="ja"
# ### $\lambda$はどこまで小さくできるか
#
# なぜ$\lambda = 10^{-10}$で、0ではないのでしょうか。
# データにノイズはなく、正則化を弱めれば当てはまりは良くなる一方のはずです。
# 両方の系で、$\lambda$を1桁ずつ変えて試してみましょう。
#
# $\lambda$ごとに学習し直す必要はありません。
# 平均を引いた状態の特異値分解$X = U\, \mathrm{diag}(s)\, V^\top$があれば、リッジ回帰の解はどれも
#
# $$
# W^\top = V \, \mathrm{diag}\left(\frac{s}{s^2 + \lambda}\right) U^\top D
# $$
#
# と書けます。
# $D$は平均を引いた目標です。
# $s^2 \gg \lambda$の方向はそのまま使われ、$s^2 \ll \lambda$の方向はほとんど使われません（計算を速くするため、先にQR分解で$X$を三角行列に置き換えておきます。
# $s$と$V$は変わりません。
# $\lambda = 0$では、丸め誤差の範囲で0とみなせる特異値を除きます）。
# こうして得られた読み出し層を、2つの出発点のそれぞれから、すべて並べて一度に走らせます。


# %%
def ridge_family(x, d, lmbds):
    """Ridge readouts of states x (T, N) to targets d (T, D): weights (m, D, N), biases (m, D)."""
    n, x_mean, d_mean = x.shape[1], x.mean(axis=0), d.mean(axis=0)
    centred = np.hstack([x, d])
    centred -= np.hstack([x_mean, d_mean])
    r = np.linalg.qr(centred, mode="r")
    u, s, vt = np.linalg.svd(r[:n, :n])
    nonzero = s > s[0] * len(x) * np.finfo(float).eps
    gains = [s / (s**2 + lmbd) if lmbd else nonzero / np.where(nonzero, s, 1) for lmbd in lmbds]
    weights = np.stack([(vt.T * gain @ (u.T @ r[:n, n:])).T for gain in gains])
    return weights, d_mean - weights @ x_mean


def run_family(time_steps, starts, net, w_feed, weights, biases, display=True):
    """Close the loop through each readout from each of the states starts (s, N).

    Returns y (time_steps, m, s, D).
    """
    x = np.broadcast_to(starts, (len(weights), *starts.shape))
    ys = []
    for _ in trange(time_steps, desc="closed loops", display=display):
        y = x @ weights.swapaxes(1, 2) + biases[:, None]
        x = net(x, w_feed(y))
        ys.append(y)
    return np.array(ys)


lmbds = np.append(0, 10.0 ** np.arange(-15, -1))
let_go = np.array([10000, 11000])  # the steps at which the loops are closed
if ready("01_01", "02_01"):
    record_t = record_e = None  # 100 MB that are not needed any more
    fig, axes = plt.subplots(2, 2, figsize=(10, 7), layout="constrained")
    for row, name, ds, unit, exponent, sr, bound, bias in [
        (axes[0], "Mackey-Glass", ds_mg, MG_DT, MG_EXPONENT, 0.9, 0.5, 0.5),
        (axes[1], "Lorenz", ds_lorenz, dt, LORENZ_EXPONENT, 0.1, 1.0, 0.2),
    ]:
        net, w_feed, w_out, x0 = draw_network(ds.shape[1], sr, bound, bias)
        x = emulate_offline(11000, x0, net, w_feed, w_out, ds, (0, 11000), label=name)["x"]
        x_train, d_train = x[2000:10000], ds[2000:10000]
        weights, biases = ridge_family(x_train, d_train, lmbds)
        fits = [nrmse(x_train @ weights[i].T + biases[i], d_train) for i in range(len(lmbds))]

        y = run_family(2500, x[let_go], net, w_feed, weights, biases)
        lost = np.abs(y).max(axis=(0, 2, 3)) > 2 * np.abs(ds).max()
        valid = np.empty((len(lmbds), 2))
        for i, j in np.ndindex(valid.shape):
            d = ds[let_go[j] : let_go[j] + 2500]
            valid[i, j] = valid_prediction_time(y[:, i, j], d, unit, exponent)
        for i in (0, 5):
            print(f"{name}, lambda {lmbds[i]:.0e}: fit {fits[i]:.1e}, ", end="")
            print(f"|W| {np.linalg.norm(weights[i]):.0f}, largest |y| {np.abs(y[:, i]).max():.1f}")

        position = np.where(lmbds > 0, lmbds, 1e-17)
        row[0].loglog(position, fits, "o-")
        row[0].set(title=f"{name}: fit", xlabel="lambda (leftmost: 0)", ylabel="NRMSE, training")
        row[1].semilogx(position, valid, "oC0")
        row[1].semilogx(position[lost], valid[lost], "xr", ms=12, mew=2)
        row[1].set(
            title=f"{name}: closed loop (red: left the attractor)",
            xlabel="lambda (leftmost: 0)",
            ylabel="valid for (Lyapunov times)",
            ylim=(0, None),
        )
    plt.show()

# %% [markdown] lang="en"
# On the left, as expected: the smaller $\lambda$, the better the fit, without end. With
# $\lambda = 0$ the Mackey-Glass network fits its training data to less than a millionth.
#
# On the right, for Lorenz, the same message: the best loop is the one without any penalty, with
# nearly twenty Lyapunov times. But look at Mackey-Glass. The loop with the best fit of all is the
# one that *leaves the attractor*: its output grows into the thousands. The readout says why. Its
# weights have a norm of several thousand; it adds up huge contributions that cancel almost
# perfectly, on the states of the training data. The free network's states are a little different,
# in directions that training hardly visited; there nothing cancels, and the loop multiplies what is
# left over. The penalty forbids such weights. It does not make the fit better, it makes the loop
# stable, and the training error cannot tell you how much of it you need. Try other seeds: now and
# then a loop with $\lambda$ between $10^{-12}$ and $10^{-8}$ is lost, too. The choice of $\lambda$
# has to be made with the loop *closed*.

# %% [markdown] lang="ja"
# 左の図は予想どおりです。
# $\lambda$が小さいほど当てはまりは良くなり、頭打ちになりません。
# $\lambda = 0$では、Mackey-Glassのネットワークは学習データに100万分の1以下の誤差で当てはまります。
#
# 右の図も、ローレンツ系では同じことを言っています。
# いちばん良いのは正則化のないループで、リアプノフ時間の20倍近く目標についていきます。
# ところがMackey-Glassを見てください。
# 当てはまりが最も良いループだけが**アトラクタを離れ**、出力が数千まで膨れ上がります。
# 理由は読み出し層に現れています。
# 重みのノルムが数千もあり、巨大な項どうしが、学習データの状態の上ではほぼ完全に打ち消し合っているのです。
# 手を離れたネットワークの状態は、学習ではほとんど訪れなかった方向へ少しだけずれます。
# そこでは打ち消し合いが起こらず、残った誤差をループが何倍にもしてしまいます。
# 正則化は、そのような重みを許しません。
# 当てはまりを良くするのではなく、ループを安定にするのです。
# そして、どれだけの正則化が必要かは、学習誤差からはわかりません。
# シードを変えてみてください。
# $\lambda$が$10^{-12}$から$10^{-8}$の間でも、ときどきアトラクタを離れるループが現れます。
# $\lambda$は、ループを**閉じて**選ばなければなりません。

# %% [markdown] lang="en"
# ### A regulariser by accident
#
# Many programs train a readout in one line, by the normal equations: `pinv(X.T @ X) @ X.T @ D`. For
# the Lorenz states this is worth a look. The eigenvalues of $X^\top X$ are the *squares* $s^2$ of
# the singular values, and a number in double precision has 16 digits. So whatever is smaller than
# about $10^{-16}$ times the largest $s^2$ is lost in rounding before any solver starts. Solve once
# with the rows of $X$ in their order and once shuffled, which changes nothing about the problem,
# and do the same with the library's readout, which works on $X$ itself (by QR,
# $\lambda = 10^{-10}$).

# %% [markdown] lang="ja"
# ### 偶然の正則化
#
# 読み出し層を正規方程式の1行、`pinv(X.T @ X) @ X.T @ D`で学習させるプログラムは少なくありません。
# ローレンツ系の状態で、何が起きるかを見ておきましょう。
# $X^\top X$の固有値は特異値の2乗$s^2$です。
# 倍精度の数は16桁しかないので、最大の$s^2$の$10^{-16}$倍ほどより小さいものは、解き始める前に丸め誤差に埋もれてしまいます。
# $X$の行をそのままの順で使った場合と、シャッフルした場合を比べます。
# 問題としては何も変わらないはずです。
# ライブラリの読み出し層（$\lambda = 10^{-10}$で、$X$そのものをQR分解で扱います）でも同じことをします。

# %%
if ready("01_01", "02_01"):
    x_train, d_train = x[2000:10000], ds_lorenz[2000:10000]  # x: the Lorenz states from above
    x_mean, d_mean = x_train.mean(axis=0), d_train.mean(axis=0)
    shuffled = np.random.default_rng(0).permutation(len(x_train))
    weights = []
    for order in (np.arange(len(x_train)), shuffled):
        centred, d_centred = x_train[order], d_train[order] - d_mean
        centred -= x_mean
        gram = centred.T @ centred
        weights.append((np.linalg.pinv(gram) @ (centred.T @ d_centred)).T)
        w_out.train(centred, d_centred)
        weights.append(w_out.weight)
    weights = np.array(weights)
    biases = d_mean - weights @ x_mean
    eigenvalues = np.linalg.eigvalsh(gram)
    print(f"{(eigenvalues < 0).sum()} of {len(gram)} computed eigenvalues are negative, ", end="")
    print(f"pinv uses {(eigenvalues > 1e-15 * eigenvalues[-1]).sum()}")

    y = run_family(2500, x[let_go], net, w_feed, weights, biases)
    for i, name in enumerate(["pinv(X'X)", "QR", "pinv(X'X), shuffled", "QR, shuffled"]):
        fit = nrmse(x_train @ weights[i].T + biases[i], d_train)
        valid = [
            valid_prediction_time(y[:, i, j], ds_lorenz[k : k + 2500], dt, LORENZ_EXPONENT)
            for j, k in enumerate(let_go)
        ]
        print(f"{name:20s} fit {fit:.1e}, valid for {valid[0]:.1f} and {valid[1]:.1f}")

# %% [markdown] lang="en"
# Nearly half of the computed eigenvalues of $X^\top X$ are negative, which no eigenvalue of such a
# matrix can be: they are noise. `pinv` drops what is below $10^{-15}$ of the largest and is left
# with some fifty directions of a thousand. That *is* a regulariser, only nobody chose its strength,
# and it cuts just where the noise begins. So the fit is more than a thousand times worse than need
# be, and the mere order of the rows decides how long the closed loop is right. QR on $X$ itself
# does not notice the order.
#
# A lesson for this and any chapter: a readout's *weights* mean little when the states are nearly
# dependent, and equally good solvers may differ in all their digits. What can be compared is what
# the readout does: its error, and its closed loop.

# %% [markdown] lang="ja"
# $X^\top X$の固有値として計算された数のうち、半分近くが負です。
# この形の行列の固有値が負になることはないので、これらは丸め誤差によるノイズにすぎません。
# `pinv`は最大の$10^{-15}$倍より小さいものを捨て、1000方向のうち50ほどだけを使います。
# これも立派な正則化ですが、強さを誰かが選んだわけではなく、しかもちょうどノイズの始まるところで切っています。
# そのため当てはまりは1000倍以上も悪くなり、行の並べ方しだいで閉ループの正しい時間まで変わってしまいます。
# $X$そのものをQR分解で扱えば、行の順序の影響は現れません。
#
# この章に限らない教訓があります。
# 状態どうしがほとんど線形従属のとき、読み出し層の重みそのものには大した意味がありません。
# 同じくらい優れた解法でも、重みの値は1桁も一致しないことがあります。
# 比べられるのは読み出し層の働き、つまり誤差と閉ループの振る舞いです。

# %% [markdown] lang="en"
# ### The Lorenz system again, from a chaotic reservoir
#
# One number is changed: $\rho$, from 0.1 to 1.5.

# %% [markdown] lang="ja"
# ### カオス的なリザバーで、もう一度ローレンツ系を
#
# 変えるのは1か所だけ、$\rho$を0.1から1.5にします。

# %%
if ready("02_01", "02_02"):
    x = x_train = centred = None  # 150 MB that are not needed any more
    net, w_feed, w_out, x0 = draw_network(3, sr=1.5, bound=1.0, bias=0.2)
    record_t, record_e = run_train_and_eval(
        T_WASHOUT, T_TRAIN, T_EVAL, x0, net, w_feed, w_out, ds_lorenz
    )
    score("Lorenz, rho 1.5", w_out, record_t, record_e, dt, LORENZ_EXPONENT)
    show_record(record_t, title="Lorenz, rho = 1.5: teacher forcing")
    show_record(record_e, title="Lorenz, rho = 1.5: closed loop (solid) and target (dashed)")
    show_return_map(
        target=record_e["d"][:, 2], output=record_e["y"][:, 2], title="Lorenz, rho = 1.5"
    )
    show_3d_coord(
        target=record_e["d"], output=record_e["y"], title="Lorenz, rho = 1.5: closed loop"
    )
    record_t = None  # 80 MB

    print(f"\n{'':24s}{'fit':>8s}  {'valid':>5s}  return map")
    for name, (fit, valid, distance) in scores.items():
        print(f"{name:24s}{fit:8.1e}  {valid:5.1f}  {distance:10.3f}")

# %% [markdown] lang="en"
# The fit is more than a hundred thousand times worse, the prediction ends after a dozen steps, and
# the points of the return map are a cloud around the diagonal: the curves are jagged and have small
# maxima everywhere. From afar the output still swings somewhat like Lorenz.
#
# This is the network that never forgot its beginning. Its state holds the teacher's words *and* a
# chaos of its own, different each time; for the readout the latter is noise. More training data or
# another $\lambda$ do not remove it. One might conclude that a reservoir must not be chaotic.
# Section 3 takes this very matrix, with the very same $\rho = 1.5$, makes it slower by a leak and
# its feedback stronger, and succeeds: there the loop stays closed while it learns, and the feedback
# itself is what calms the chaos.

# %% [markdown] lang="ja"
# 当てはまりは10万倍以上も悪くなり、予測は十数ステップで終わります。
# 曲線がぎざぎざで、いたるところに小さな極大ができるため、リターンマップの点は対角線のまわりの雲になってしまいました。
# それでも遠くから眺めれば、何となくローレンツ系のように揺れてはいます。
#
# これは、始まりを決して忘れなかったあのネットワークです。
# 状態には教師の言葉**だけでなく**、毎回違う自分自身のカオスが入っていて、読み出し層にとってそれはノイズでしかありません。
# 学習データを増やしても、$\lambda$を変えても、取り除けません。
# リザバーはカオスであってはならない、と結論したくなるところです。
# ところが3節では、まさにこの行列を同じ$\rho = 1.5$で使い、リークで動きをゆっくりにし、フィードバックを強めたうえで、成功します。
# そこではループを閉じたまま学習し、フィードバックそのものがカオスを鎮めるのです。

# %% [markdown] lang="en"
# ### Advanced 02_A1: where is the loop stable?
#
# Two settings of $\rho$ gave two very different closed loops. Map the territory for the Lorenz
# system: how does the closed loop depend on $\rho$, on the size of the feedback weights, and on
# $\lambda$, the number of units, the biases and the leak rate? Let go from several states and look
# at two things, the valid prediction time and whether the output is still on the attractor after
# 1500 steps. A smaller network (300 units, 4000 training steps) is enough, and quick.
#
# Which property of the *untrained* reservoir tells beforehand where it fails?

# %% [markdown] lang="ja"
# ### 発展 02_A1：ループはどこで安定か
#
# $\rho$の2つの値で、閉ループはまったく違うものになりました。
# ローレンツ系について地図を描いてみましょう。
# $\rho$、フィードバックの重みの大きさ、そして$\lambda$、ユニット数、バイアス、リーク率に、閉ループはどう依存するでしょうか。
# いくつかの状態から手を離し、有効予測時間と、1500ステップ後もアトラクタの上にいるかどうかの2つを調べてください。
# 小さなネットワーク（300ユニット、学習4000ステップ）で十分で、計算も速く済みます。
#
# 失敗する場所を前もって教えてくれるのは、**学習前の**リザバーのどんな性質でしょうか。


# %% answer="02_A1"
# TODO Sweeps over rho and other parameters. | ρとその他のパラメータの掃引。
def closed_loop_quality(sr=0.1, bound=1.0, bias=0.2, lmbd=1e-10, a=None, dim=300):
    """Lorenz from 8 states: median valid time, and whether all outputs end on the attractor."""
    net, w_feed, w_out, x0 = draw_network(3, sr, bound, bias, lmbd, a, dim, p=10 / dim)
    x = emulate_offline(6500, x0, net, w_feed, w_out, ds_lorenz, (0, 6500), display=False)["x"]
    w_out.train(x[1000:5000], ds_lorenz[1000:5000])
    starts = 5000 + 200 * np.arange(8)
    y = run_family(
        1500, x[starts], net, w_feed, w_out.weight[None], w_out.bias[None], display=False
    )[:, 0]
    valid = [
        valid_prediction_time(y[:, i], ds_lorenz[k : k + 1500], dt, LORENZ_EXPONENT)
        for i, k in enumerate(starts)
    ]
    spread = y[-700:, :, 2].std(axis=0) / ds_lorenz[:, 2].std()
    return np.median(valid), bool(np.all((spread > 0.7) & (spread < 1.3)))


def conditional_exponent(sr, bound, bias=0.2, dim=300):
    """At which rate two states part (or meet) that hear the same teacher, per unit of time."""
    net, w_feed, w_out, x0 = draw_network(3, sr, bound, bias, dim=dim, p=10 / dim)
    x = emulate_offline(2000, x0, net, w_feed, w_out, ds_lorenz, (0, 2000), display=False)["x"]
    v, growth = x0, 0.0
    for k in range(2000):
        v = (1 - x[k + 1] ** 2) * (net.sr * (net.weight @ v))  # the derivative of one step
        size = np.linalg.norm(v)
        v = v / size
        growth += np.log(size) * (k >= 500)
    return growth / (1500 * dt)


def draw_sweep(ax, values, qualities, label=None, color="C0"):
    valid, stays = np.array(qualities).T
    ax.plot(values, valid, "o-", color=color, label=label)
    lost = stays == 0
    ax.plot(np.array(values)[lost], valid[lost], "xr", ms=10, mew=2)
    ax.set(ylabel="valid for (Lyapunov times)", ylim=(0, 14))


fig, axes = plt.subplots(2, 3, figsize=(13, 7), layout="constrained")
rhos = [0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.1, 1.3, 1.5]
for color, bound in zip(["C0", "C1", "C2"], [0.3, 1.0, 3.0], strict=True):
    sweep = [closed_loop_quality(rho, bound) for rho in tqdm(rhos, desc=f"bound {bound}")]
    draw_sweep(axes[0, 0], rhos, sweep, f"feedback within {bound}", color)
    exponents = [conditional_exponent(rho, bound) for rho in rhos[1:]]  # rho = 0: -infinity
    axes[0, 1].plot(rhos[1:], exponents, "o-", color=color, label=f"feedback within {bound}")
axes[0, 0].set(xlabel="rho", title="Closed loop (red: not all stay)")
axes[0, 0].legend()
axes[0, 1].axhline(0, color="0.5", ls="--")
axes[0, 1].axhline(-14.57, color="0.5", ls=":", label="Lorenz, most negative")
axes[0, 1].set(
    xlabel="rho", ylabel="exponent", ylim=(-120, 40), title="Reservoir led by the teacher"
)
axes[0, 1].legend()
for ax, name, values in [
    (axes[0, 2], "lmbd", [1e-14, 1e-12, 1e-10, 1e-8, 1e-6, 1e-4, 1e-2]),
    (axes[1, 0], "dim", [20, 50, 100, 200, 400]),
    (axes[1, 1], "bias", [0.0, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0]),
    (axes[1, 2], "a", [0.02, 0.05, 0.1, 0.2, 0.4, 0.7, 1.0]),
]:
    sweep = [closed_loop_quality(**{name: value}) for value in tqdm(values, desc=name)]
    draw_sweep(ax, values, sweep)
    ax.set(
        xlabel=name,
        title=f"rho = 0.1, over {name}",
        xscale="log" if name in ("lmbd", "a") else "linear",
    )
plt.show()

# %% [markdown] lang="en"
# **What you should find.** Up to $\rho \approx 1$ the loop does well, even at $\rho = 0$! Then
# nothing is recurrent any more; the network is a static map from one Lorenz state to the next,
# through 300 random $\tanh$. That is enough, for all three coordinates are fed back and they *are*
# the state. Beyond $\rho \approx 1.2$ the loop fails, and the middle panel says why. It shows the
# *conditional Lyapunov exponent*, the rate at which two states part that hear the same teacher: our
# experiment with the two beginnings as one number. Where it reaches 0, the state is no longer a
# function of what was heard. Stronger feedback moves that point to larger $\rho$. Hart (2024,
# [10.1063/5.0196257](https://doi.org/10.1063/5.0196257)) found a stricter condition for a copy with
# *all* the right exponents: the reservoir has to forget faster than the target's own fastest
# contraction, the dotted line.
#
# Not every failure lies beyond that line: with weak feedback one loop at $\rho = 0.7$ is lost
# although its neighbours are fine. It is as with Mackey-Glass at $\lambda = 0$: the reservoir
# forgets well, but the trained loop has a direction off the attractor in which errors grow. 02_A2
# measures such directions; its method gives this loop at $\rho = 0.7$ a first exponent of 4.4, and
# only then come Lorenz's own 0.9 and 0.
#
# Of the other four panels three are gentle: a smaller $\lambda$ and more units (up to a hundred or
# two) prolong the prediction, the leak rate hardly matters. One is not gentle: without biases the
# loop fails. Then $\tanh$ makes the whole network an odd function, a mirrored teacher gives a
# mirrored state, and such features cannot sum up to the even part of the Lorenz map, its products
# $x z$ and $x y$ (Herteux & Räth 2020, [10.1063/5.0028993](https://doi.org/10.1063/5.0028993)).

# %% [markdown] lang="ja"
# **こうなるはずです** $\rho \approx 1$までは良好で、なんと$\rho = 0$でもうまくいきます。
# このとき再帰結合はまったくなく、ネットワークは300個のランダムな$\tanh$を通して、ローレンツ系の状態を次の状態へ移すだけの静的な写像です。
# それで足りるのは、3つの座標がすべて戻されていて、それ自体が状態だからです。
# $\rho \approx 1.2$を超えるとループは破綻します。
# その理由は中央の図にあります。
# これは**条件付きリアプノフ指数**、つまり同じ教師の声を聞く2つの状態が離れていく速さで、「2つの始まり」の実験を1つの数にしたものです。
# これが0に達すると、状態はもう、聞いたことの関数ではありません。
# フィードバックを強くすると、その点は大きい$\rho$のほうへ移ります。
# Hart（2024、[10.1063/5.0196257](https://doi.org/10.1063/5.0196257)）は、すべての指数を正しく再現するための、より厳しい条件を見いだしました。
# 目標の系が最も速く縮む速さ（点線）よりも速く、リザバーが過去を忘れることです。
#
# この線を越えていなくても失敗することはあります。
# フィードバックが弱いとき、$\rho = 0.7$のループは、両隣が無事なのにアトラクタを離れてしまいました。
# $\lambda = 0$のMackey-Glassと同じで、リザバーはきちんと忘れるのに、学習後のループには、アトラクタから外れて誤差の育つ方向があるのです。
# そのような方向は02_A2で測ります。
# このループの指数を同じ方法で求めると、まず4.4が現れ、ローレンツ系自身の0.9と0はそのあとに続きます。
#
# 残る4枚のうち3枚の変化は穏やかです。
# $\lambda$を小さくし、ユニットを（100〜200個くらいまで）増やすと予測は長く続き、リーク率はあまり影響しません。
# 1枚だけは違い、バイアスがないとループは破綻します。
# $\tanh$のためにネットワーク全体が奇関数になり、符号を反転した教師からは符号を反転した状態しか生まれません。
# そのような特徴をいくら足し合わせても、ローレンツ系の写像の偶関数の部分、すなわち積$x z$や$x y$は作れないのです（Herteux & Räth 2020、[10.1063/5.0028993](https://doi.org/10.1063/5.0028993)）。

# %% [markdown] lang="en"
# ### Advanced 02_A2: is the attractor really in there?
#
# The valid prediction time of one run depends on where it began, and it ends just when the more
# interesting question starts: has the network *become* the system? Measure three things for a good
# loop ($\rho = 0.1$), for one with a far too large $\lambda = 10^{-2}$, and for $\rho = 1.5$.
#
# - The distribution of valid prediction times over 20 starting points.
# - The distance of the invariant densities: how often is each coordinate where?
# - The Lyapunov exponents of the closed loop. Let an orbit run with a few twins around it, a
#   distance $\varepsilon$ away in orthogonal directions; after each step see how far each has gone,
#   and set them back by a QR decomposition. The logarithms of the diagonal of $R$ add up to the
#   exponents. Compare with Lorenz: 0.906, 0, -14.57.
#
# Then find out with exponents why the Mackey-Glass loop with $\lambda = 0$ runs away. That loop
# cannot be asked on the attractor, since it does not stay there. Lead it along: let the *teacher*
# move the orbit, while the twins feel the closed loop.

# %% [markdown] lang="ja"
# ### 発展 02_A2：アトラクタは本当に埋め込まれたか
#
# 1回の試行の有効予測時間は、どこから始めたかに左右されます。
# しかも、いちばん知りたい問いが始まるところで終わってしまいます。
# ネットワークは、その系に**なった**のでしょうか。
# うまくいくループ（$\rho = 0.1$）、正則化を強くしすぎたループ（$\lambda = 10^{-2}$）、$\rho = 1.5$のループについて、次の3つを測ってください。
#
# - 20個の出発点にわたる、有効予測時間の分布。
# - 不変密度の距離。
#   各座標は、どこにどれだけの頻度でいるでしょうか。
# - 閉ループのリアプノフ指数。
#   1本の軌道のまわりに、直交する方向へ$\varepsilon$だけ離した双子を何本か走らせます。
#   1ステップごとに、それぞれがどれだけ離れたかを調べ、QR分解で元の距離に戻します。
#   $R$の対角成分の対数を足し合わせれば、指数が得られます。
#   ローレンツ系の値は0.906、0、-14.57です。
#
# 次に、$\lambda = 0$のMackey-Glassのループがなぜ暴走するのかを、指数を使って突き止めてください。
# このループはアトラクタの上にとどまらないので、そのままでは調べられません。
# そこで手を引いてやります。
# 軌道は教師が動かし、双子だけが閉ループを感じるようにするのです。


# %% answer="02_A2"
# TODO Prediction times, densities, Lyapunov exponents. | 予測時間、分布、リアプノフ指数。
def lyapunov_exponents(step, state, count, time_steps, dt, skip=500, eps=1e-8):
    """The largest `count` exponents of the map `step`, (rows, n) -> (rows, n), along one orbit.

    Row 0 is the orbit; the others are twins, set a distance eps away in orthogonal directions and
    set anew after every step (Benettin et al. 1980, Meccanica 15, 9).
    """
    directions, _ = np.linalg.qr(np.random.default_rng(0).normal(size=(len(state), count)))
    growth = np.zeros(count)
    for k in range(time_steps):
        rows = step(np.vstack([state, state + eps * directions.T]))
        state = rows[0]
        directions, r = np.linalg.qr((rows[1:] - state).T / eps)
        if k >= skip:
            growth += np.log(np.abs(np.diag(r)))
    return growth / ((time_steps - skip) * dt)


def histogram_distance(y, d, bins=40):
    """Total variation between the histograms of each coordinate, averaged: from 0 to 1."""
    apart = []
    for i in range(d.shape[1]):
        edges = np.linspace(d[:, i].min(), d[:, i].max(), bins + 1)
        edges[[0, -1]] = -np.inf, np.inf
        p, q = np.histogram(y[:, i], edges)[0] / len(y), np.histogram(d[:, i], edges)[0] / len(d)
        apart.append(np.abs(p - q).sum() / 2)
    return np.mean(apart)


def closed_loop(net, w_feed, w_out):
    """The map of one step with the loop closed."""
    return lambda rows: net(rows, w_feed(w_out(rows)))


def led_loop(net, w_feed, w_out, ds):
    """One step after another: the teacher ds moves row 0, the twins feel the closed loop."""
    teacher = iter(ds)
    return lambda rows: net(rows, w_feed(next(teacher) + w_out(rows) - w_out(rows[:1])))


def listed(numbers, digits):
    return ", ".join(f"{number:.{digits}f}" for number in numbers)


def mg_step(rows):
    """The sampler of section 1 as a map of histories (rows, 18), oldest value first."""
    newest = runge_kutta(MG_DT, mackey_glass_func, g0=rows[:, 0])(rows[:, -1])
    return np.column_stack([rows[:, 1:], newest])


starts = 10000 + 250 * np.arange(20)
fig, axes = plt.subplots(2, 2, figsize=(12, 8), layout="constrained")
exponents = {"target": lyapunov_exponents(lorenz_step, lorenz[2000], 3, 6000, dt)}
truth = histogram_distance(ds_lorenz[2000:10000], ds_lorenz[10000:18000])
print(f"Lorenz itself: exponents {listed(exponents['target'], 2)}, histograms {truth:.3f} apart")
loops = [(0.1, 1e-10), (0.1, 1e-2), (1.5, 1e-10)]
for i, (sr, lmbd) in enumerate(tqdm(loops, desc="Lorenz")):
    own_net, own_feed, own_out, own_x0 = draw_network(3, sr, 1.0, 0.2, lmbd)
    x = emulate_offline(
        14751, own_x0, own_net, own_feed, own_out, ds_lorenz, (0, 14751), display=False
    )["x"]
    own_out.train(x[2000:10000], ds_lorenz[2000:10000])
    name = f"rho {sr}, lambda {lmbd:.0e}"
    x_start, x = x[starts], None
    y = run_family(
        2000, x_start, own_net, own_feed, own_out.weight[None], own_out.bias[None], display=False
    )[:, 0]
    valid = [
        valid_prediction_time(y[:, j], ds_lorenz[k : k + 2000], dt, LORENZ_EXPONENT)
        for j, k in enumerate(starts)
    ]
    outputs = y[1000:].reshape(-1, 3)
    apart = histogram_distance(outputs, ds_lorenz[2000:])
    exponents[name] = lyapunov_exponents(
        closed_loop(own_net, own_feed, own_out), x_start[0], 4, 4000, dt
    )
    print(f"{name}: exponents {listed(exponents[name], 2)}, histograms {apart:.3f} apart,")
    print(f"  valid for {listed(np.quantile(valid, [0.25, 0.5, 0.75]), 1)} (quartiles)")
    axes[0, 0].plot(np.full(20, i) + np.linspace(-0.2, 0.2, 20), valid, "o", label=name)
    axes[0, 1].hist(outputs[:, 2], 60, density=True, histtype="step", label=name)
axes[0, 0].set(xticks=[], ylabel="valid for (Lyapunov times)", title="Lorenz: 20 free runs each")
axes[0, 0].legend()
axes[0, 1].hist(ds_lorenz[2000:, 2], 60, density=True, color="k", alpha=0.2, label="target")
axes[0, 1].set(xlabel="third output", ylabel="density", title="Lorenz: where the free runs go")
axes[0, 1].legend()
for name, found in exponents.items():
    axes[1, 0].plot(np.arange(1, len(found) + 1), found, "o--", label=name)
axes[1, 0].set_yscale("symlog", linthresh=1)
axes[1, 0].set(xlabel="number", ylabel="exponent", xticks=[1, 2, 3, 4], title="Lorenz: exponents")
axes[1, 0].legend()

found = lyapunov_exponents(mg_step, mg[2000:2018], 6, 12000, MG_DT)
print(f"Mackey-Glass itself: {listed(found, 4)}")
axes[1, 1].plot(range(1, 7), found, "o--", label="target")
own_net, own_feed, own_out, own_x0 = draw_network(1, 0.9, 0.5, 0.5)
x = emulate_offline(10000, own_x0, own_net, own_feed, own_out, ds_mg, (0, 10000), display=False)[
    "x"
]
for own_out.lmbd in tqdm((1e-6, 1e-10, 0), desc="Mackey-Glass"):
    own_out.train(x[2000:10000], ds_mg[2000:10000])
    led = led_loop(own_net, own_feed, own_out, ds_mg[10000:])
    found = lyapunov_exponents(led, x[10000], 6, 6000, MG_DT)
    print(f"closed loop along the teacher, lambda {own_out.lmbd:.0e}: {listed(found, 4)}")
    axes[1, 1].plot(range(1, 7), found, "o--", label=f"lambda {own_out.lmbd:.0e}")
axes[1, 1].axhline(0, color="0.5")
axes[1, 1].set(
    xlabel="number", ylabel="exponent", title="Mackey-Glass: exponents along the teacher"
)
axes[1, 1].legend()
plt.show()

# %% [markdown] lang="en"
# **What you should find.** The good loop predicts about ten Lyapunov times, eight from one start, twelve from another.
# Its densities are no farther from the target's than two stretches of the true system are from each
# other, and its largest exponents are those of Lorenz, even the third: near 0.9, 0 and -14.6. Only
# then, at about -64, comes the first that is the reservoir's own.
#
# The loop with the large $\lambda$ brings the surprise. As a forecaster it is poor, with little
# more than one Lyapunov time; but its densities are no farther from the target's than two true
# stretches are, and its exponents almost as good as those of the first. To predict and to *be* are
# two merits. Pathak et al. (2017,
# [10.1063/1.5010300](https://doi.org/10.1063/1.5010300)) call the second the *climate*, and read
# the exponents of an unknown system off a trained reservoir. At $\rho = 1.5$ all four exponents are
# above 4: not Lorenz, but the reservoir's own chaos, five times as fast.
#
# For Mackey-Glass the two penalised loops have one positive exponent, like the target, then one
# near 0, and all others negative: errors that leave the attractor die out. With $\lambda = 0$ the
# list begins with about 0.02, 0.01 and 0.002: too many, and the first more than twice the target's.
# So errors grow in a direction that has no counterpart in the target. It points off the attractor;
# the teacher-led orbit never moves that way, and therefore the regression never saw it. This
# *transverse* instability (Lu, Hunt & Ott 2018,
# [10.1063/1.5039508](https://doi.org/10.1063/1.5039508)) is why the loop with the best fit runs
# away.

# %% [markdown] lang="ja"
# **こうなるはずです** うまくいくループの予測は、リアプノフ時間のおよそ10倍続きます（出発点によって、8倍のことも12倍のこともあります）。
# 不変密度は、目標との距離が本物の系の2つの区間どうしの距離を超えません。
# 指数も上から0.9、0、-14.6あたりで、3番目までローレンツ系のものです。
# その次の-64あたりになって、ようやくリザバー自身の指数が現れます。
#
# 意外なのは、$\lambda$の大きなループです。
# 予測は下手で、リアプノフ時間の1倍と少ししか続きません。
# ところが、密度と目標との距離は本物の2つの区間どうしと変わらず、指数も最初のループと大差ないのです。
# **予測できる**ことと、その系に**なっている**ことは、別の長所です。
# Pathakら（2017、[10.1063/1.5010300](https://doi.org/10.1063/1.5010300)）は後者を*climate*（気候）と呼び、学習したリザバーから未知の系のリアプノフ指数を読み取りました。
# $\rho = 1.5$では、4つの指数がどれも4を超えます。
# これはローレンツ系ではなく、5倍も速いリザバー自身のカオスです。
#
# Mackey-Glassでは、正則化した2つのループの指数は目標と同じく正が1つ、次が0付近、残りはすべて負です。
# アトラクタから外れた誤差は消えていきます。
# $\lambda = 0$ではおよそ0.02、0.01、0.002と並びます。
# 正の指数が多すぎ、しかも最初の値は目標の2倍を超えています。
# つまり、目標の系には対応するもののない方向に、誤差が育つのです。
# それはアトラクタから外れる方向です。
# 教師に導かれた軌道は決してその方向へ動かず、したがって回帰も、その方向を一度も見ていません。
# この**横断方向の**不安定性（Lu, Hunt & Ott 2018、[10.1063/1.5039508](https://doi.org/10.1063/1.5039508)）こそ、当てはまりが最良のループが暴走する理由です。

# %% [markdown] lang="en"
# ### Advanced 02_A3: the Lorenz system from one coordinate
#
# Feed back one coordinate alone, first $x$, then $z$. Now what is fed back is not the state any
# more; the reservoir has to remember. Which settings do it: without recurrence, with $\rho = 0.1$
# as above, with $\rho = 0.9$, or with slow units, $\rho = 0.5$ and leak rate $a = 0.06$? (Use 600
# units, feedback weights within $\pm 3$ and biases within $\pm 0.5$.)
#
# Section 1 asked what $z$ alone can know. Put it to the test: train a *second* readout of the same
# states to all three coordinates. It is never fed back, it only looks on. What does it draw while
# the closed loop runs?

# %% [markdown] lang="ja"
# ### 発展 02_A3：1つの座標だけからローレンツ系を
#
# 1つの座標だけを戻します。
# まず$x$、次に$z$です。
# 戻される値はもう状態そのものではないので、リザバーの記憶が頼りになります。
# うまくいくのはどの設定でしょうか。
# 再帰結合なし、先ほどと同じ$\rho = 0.1$、$\rho = 0.9$、それとも、ゆっくりしたユニット（$\rho = 0.5$、リーク率$a = 0.06$）でしょうか（ユニットは600個、フィードバックの重みは$\pm 3$、バイアスは$\pm 0.5$の範囲とします）。
#
# 1節では、$z$だけから何がわかるかを考えました。
# 実際に確かめてみましょう。
# 同じ状態から3つの座標すべてを読み出す2つ目の読み出し層を学習させます。
# これは戻さず、ただ眺めているだけです。
# 閉ループが走っている間、何を描くでしょうか。


# %% answer="02_A3"
# TODO One coordinate, and an observer of all three. | 1つの座標と、3つすべてを見る観測者。
def influence(x, ds, net, w_feed, w_out, eps=1e-6):
    """How much the output changes with the value fed back last, with the one before, ..."""
    steps = len(ds)
    rows = np.tile(x, (steps + 1, 1))  # row k hears a wrong value in step k, the last row none
    for k in range(steps):
        rows = net(rows, w_feed(ds[k] + eps * (np.arange(steps + 1) == k)[:, None]))
    y = w_out(rows)[:, 0]
    return (y[:-1] - y[-1])[::-1] / eps


starts = 10000 + 250 * np.arange(8)
drawn = {}
fig, axes = plt.subplots(3, 1, figsize=(10, 8), layout="constrained")
print(f"{'fed back':20s}  {'fit':>7s}  {'valid':>5s}  {'largest':>7s}  observer's error in x, y, z")
loops = [(0, 0.0, None), (0, 0.1, None), (0, 0.9, None), (0, 0.5, 0.06), (2, 0.5, 0.06)]
for i, sr, a in tqdm(loops, desc="loops"):
    d = ds_lorenz[:, [i]]
    own_net, own_feed, own_out, own_x0 = draw_network(1, sr, 3.0, 0.5, a=a, dim=600, p=1 / 60)
    x = emulate_offline(12500, own_x0, own_net, own_feed, own_out, d, (0, 12500), display=False)[
        "x"
    ]
    own_out.train(x[2000:10000], d[2000:10000])
    observer = RidgeReadout(600, 3, lmbd=1e-8, seed=0)
    observer.train(x[2000:10000], ds_lorenz[2000:10000])
    seen = [nrmse(observer(x[10000:12500])[:, j], ds_lorenz[10000:12500, j]) for j in range(3)]

    run = emulate_offline(2000, x[starts], own_net, own_feed, own_out, display=False)
    largest = np.abs(run["y"]).max() / np.abs(d).max()
    valid = [
        valid_prediction_time(run["y"][:, j], d[k : k + 2000], dt, LORENZ_EXPONENT)
        for j, k in enumerate(starts)
    ]
    name = f"{'xyz'[i]}, rho {sr}, a {a or 1}"
    print(f"{name:20s}  {nrmse(own_out(x[2000:10000]), d[2000:10000]):7.1e}  ", end="")
    print(f"{np.median(valid):5.1f}  {largest:7.2f}  " + ", ".join(f"{e:.4f}" for e in seen))
    drawn[f"{'xyz'[i]} alone"] = observer(run["x"][:, 0])
    axes[0].plot(
        influence(x[9976], d[9976:10000], own_net, own_feed, own_out), "o-", ms=3, label=name
    )

axes[0].set(
    xlabel="how many steps before the last",
    ylabel="influence on the output",
    title="What the output is made of: the values fed back",
)
axes[0].legend(loc="center left", bbox_to_anchor=(1, 0.5))
for ax, (name, output) in zip(axes[1:], drawn.items(), strict=True):
    for j in range(3):
        ax.plot(output[:, j], color=f"C{j}", label=f"observer, {'xyz'[j]}")
        ax.plot(ds_lorenz[10000:12000, j], "--", color=f"C{j}", alpha=0.6)
    ax.set(xlabel="step", ylabel="observer (dashed: target)", title=f"The loop runs on {name}")
    ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
plt.show()
show_3d_coord(
    x_alone=drawn["x alone"],
    z_alone=drawn["z alone"],
    title="What an observer draws while the loop runs on one coordinate",
)

# %% [markdown] lang="en"
# **What you should find.** Without recurrence it is hopeless: $x$ alone does not say whether it is
# about to rise or to fall. Without a leak, at $\rho = 0.9$, the fit is the best of the table, and
# the loop runs away after one Lyapunov time. The first panel shows how such an output comes about:
# about three times the last value, minus some two and a half times the one before, a little of
# older ones. (At $\rho = 0.1$ it is worse, about 3.5, -4.5, 2.5.) That is an extrapolation from the
# differences of almost equal numbers. On perfect data it is excellent; on its own output it
# magnifies every error. Slow units fit several hundred times *worse* and follow for six or seven
# Lyapunov times: with $a = 0.06$ the output rests on some 16 steps, about a quarter of a turn around
# a wing, none of which counts for much. Once more the training error is no guide, and a memory has
# to have the length of what is to be remembered.
#
# The observer shows what the state knows. Led by $x$ it draws the whole butterfly, $y$ and $z$
# right to a thousandth: Takens' theorem [10] at work inside a reservoir (Lu et al. 2017,
# [10.1063/1.4979665](https://doi.org/10.1063/1.4979665)). Led by $z$ the loop runs just as well,
# for mirror images have the same $z$ now and in future, so $z$ has laws of its own. But the
# observer's $x$ and $y$ are no better than a guess (errors above 1), and it draws a thin sheet
# between the wings. That is the answer to section 1: what a symmetry hides, no network finds.

# %% [markdown] lang="ja"
# **こうなるはずです** 再帰結合がなければ、まったく見込みがありません。
# $x$だけでは、これから増えるのか減るのかもわからないからです。
# リークなしで$\rho = 0.9$のとき、当てはまりは表の中で最良ですが、ループはリアプノフ時間1つ分で暴走します。
# その出力の中身を示したのが1枚目の図です。
# 最後に戻した値のおよそ3倍から、その1つ前の値の2.5倍ほどを引き、さらに前の値を少し足しています（$\rho = 0.1$ではもっと極端で、3.5倍、-4.5倍、2.5倍ほどです）。
# ほとんど等しい数どうしの差から先を見積もる、外挿です。
# 完全なデータの上では見事に当たりますが、自分の出力の上では、あらゆる誤差を拡大してしまいます。
# ゆっくりしたユニットの当てはまりは数百倍も悪いのに、リアプノフ時間の6から7倍も目標についていきます。
# $a = 0.06$なら、出力は16ステップほど、羽のまわりを1周する時間のおよそ4分の1に支えられ、そのどの1ステップにも頼りすぎていません。
# ここでも学習誤差は当てになりません。
# そして記憶には、覚えるべきものに見合った長さが要ります。
#
# 2つ目の読み出し層（観測者）は、状態が何を知っているかを見せてくれます。
# $x$で走るループからは、観測者が$y$も$z$も1000分の1の精度で読み取り、蝶の全体を描きます。
# ターケンスの定理 [10] がリザバーの中で働いているのです（Lu et al. 2017、[10.1063/1.4979665](https://doi.org/10.1063/1.4979665)）。
# $z$で走るループも、同じくらいうまく走ります。
# 鏡像どうしの$z$は現在も未来も等しく、$z$だけで閉じた法則があるからです。
# しかし観測者の$x$と$y$は当て推量と変わらず（誤差は1を超えます）、2枚の羽の間に薄い膜のような図形を描くばかりです。
# これが1節の問いへの答えです。
# 対称性が隠したものは、どんなネットワークにも見つけられません。
