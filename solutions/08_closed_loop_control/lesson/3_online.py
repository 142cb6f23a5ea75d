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
# ## 3. Online learning: training with the loop closed
#
# With teacher forcing a network hears perfect output all through its training. Then we let go, and
# from that moment it hears something it never heard before: its own errors. It is like learning to
# ride a bicycle while somebody holds the handlebars. And the chaotic reservoir at the end of section
# 2 could not be taught at all: its own chaos drowned the teacher's voice.
#
# What if the network heard *itself* from the first step on? At first its output is nonsense, and
# nonsense fed back into a chaotic network breeds more of it. Sussillo and Abbott [5] found the way
# out: correct the readout so fast and so strongly that the output is close to the target *from the
# first updates on*. Then what comes back through the loop is nearly right, the chaos is held down by
# it, and the small errors that remain are the network's own, so that it learns to live with them.
# They called it FORCE.
#
# We need an update rule that kills almost the whole error at once, at every step, without forgetting
# what was learnt before. Such a rule is 70 years old.

# %% [markdown] lang="ja"
# ## 3. オンライン学習：ループを閉じたまま学習する
#
# 教師強制で学習している間、ネットワークが聞いているのは完璧な出力だけです。
# ところが手を離したとたん、それまで一度も聞いたことのないもの、つまり自分自身の誤差が聞こえてきます。
# 誰かにハンドルを支えてもらったまま、自転車の練習をするようなものです。
# しかも、2節の最後に出てきたカオス的なリザバーは、自分のカオスが教師の声をかき消してしまい、そもそも学習になりませんでした。
#
# では、最初から**自分の声**を聞かせたらどうでしょうか。
# はじめの出力はでたらめで、でたらめをカオス的なネットワークに戻せば、ますますでたらめになりそうです。
# SussilloとAbbott [5] の答えはこうです。
# **最初の数回の更新から**出力が目標のすぐ近くに来るように、読み出し層を素早く、強く修正し続ければよい。
# そうすればループを通って戻る信号はいつもほぼ正しく、カオスはその信号に抑え込まれます。
# それでも残る小さな誤差はネットワーク自身のものですから、ネットワークはその誤差とのつき合い方も一緒に学ぶことになります。
# これがFORCE学習です。
#
# 必要なのは、毎ステップの誤差をほぼ消し去り、しかもそれまでに学んだことを忘れない更新則です。
# そのような規則は、70年も前から知られています。

# %% [markdown] lang="en"
# ### Least squares, one sample at a time
#
# Take a readout without bias, $y = w x$, and ask for ridge regression on all the states $x_j$ and
# targets $d_j$ seen so far:
#
# $$
# w = \Bigl(\sum_j d_j\, x_j^\top\Bigr) P, \qquad
# P = \Bigl(\lambda I + \sum_j x_j\, x_j^\top\Bigr)^{-1}
# $$
#
# Now one more sample $(x, d)$ arrives. The inverse of $P$ merely gains $x x^\top$, but to invert again
# would cost of the order of $N^3$ operations a step. There is no need to: for an invertible matrix
# $A$, Sherman and Morrison ([1950](https://doi.org/10.1214/aoms/1177729893)) give
#
# $$
# \left(A + x x^\top\right)^{-1} = A^{-1} - \frac{A^{-1} x\, x^\top A^{-1}}{1 + x^\top A^{-1} x}
# $$
#
# (multiply by $A + x x^\top$ and see). With $A^{-1} = P$, which is symmetric, this is
#
# $$
# k = P x, \qquad g = \frac{1}{1 + x^\top k}, \qquad dP = g\, k\, k^\top, \qquad P \leftarrow P - dP .
# $$
#
# (Up to exercise 03_02, $k$ is this vector and not the number of a step.)
#
# And the weights? Before the sample $w P^{-1} = \sum_j d_j x_j^\top$, after it
# $w_{\mathrm{new}} P_{\mathrm{new}}^{-1} = w P^{-1} + d\, x^\top$. Put in
# $P^{-1} = P_{\mathrm{new}}^{-1} - x x^\top$:
#
# $$
# w_{\mathrm{new}} P_{\mathrm{new}}^{-1} = w P_{\mathrm{new}}^{-1} + (d - w x)\, x^\top
# \quad\Longrightarrow\quad
# w_{\mathrm{new}} = w + (d - y)\, (P_{\mathrm{new}}\, x)^\top .
# $$
#
# Since $P_{\mathrm{new}} x = k - g\, k\, (x^\top k) = g\, k$, we have
#
# $$
# dw = g\, (d - y)\, k^\top, \qquad w \leftarrow w + dw .
# $$
#
# That is *recursive least squares* (RLS). Before any sample the sum is empty, so $P(0) = I / \lambda$
# and $w = 0$. Each step costs of the order of $N^2$, and after every step $w$ *is* the ridge solution
# for all that was seen, to rounding. Several outputs share one $P$, because they share the states.
#
# **Why this is FORCE.** Ask for the error on the same sample once more, after the update:
#
# $$
# d - (w + dw)\, x = (d - y)\,(1 - g\, x^\top k) = g\, (d - y)
# $$
#
# So $g$, between 0 and 1, is the factor by which the error shrinks. The number $x^\top P x$ says how
# *unknown* the direction $x$ still is. At first $P = I/\lambda$ with a small $\lambda$: everything is
# unknown, $g = \lambda / (\lambda + |x|^2)$ is tiny, and the first update removes nearly the whole
# error. The more often a direction was seen, the smaller is $x^\top P x$, and $g$, the ratio of the
# error after the update to the one before, tends to 1. Not because errors stay, but because nothing is
# left to correct. Then the weights stand still, and learning can be switched off unnoticed.

# %% [markdown] lang="ja"
# ### サンプルを1つずつ使う最小二乗法
#
# バイアスのない読み出し層$y = w x$を考えましょう。
# これまでに見たすべての状態$x_j$と目標$d_j$に対するリッジ回帰の解は、
#
# $$
# w = \Bigl(\sum_j d_j\, x_j^\top\Bigr) P, \qquad
# P = \Bigl(\lambda I + \sum_j x_j\, x_j^\top\Bigr)^{-1}
# $$
#
# です。
# そこへ新しいサンプル$(x, d)$が1つ届きます。
# $P$の逆行列には$x x^\top$が加わるだけですが、そのたびに逆行列を計算し直すと、1ステップに$N^3$程度の計算がかかります。
# その必要はありません。
# 可逆な行列$A$について、ShermanとMorrison（[1950](https://doi.org/10.1214/aoms/1177729893)）の公式
#
# $$
# \left(A + x x^\top\right)^{-1} = A^{-1} - \frac{A^{-1} x\, x^\top A^{-1}}{1 + x^\top A^{-1} x}
# $$
#
# があるからです（両辺に$A + x x^\top$を掛ければ確かめられます）。
# $A^{-1} = P$は対称行列なので、
#
# $$
# k = P x, \qquad g = \frac{1}{1 + x^\top k}, \qquad dP = g\, k\, k^\top, \qquad P \leftarrow P - dP
# $$
#
# となります（演習03_02の前までは、$k$はステップの番号ではなく、このベクトルを表します）。
# 重みのほうはどうでしょうか。
# サンプルが届く前は$w P^{-1} = \sum_j d_j x_j^\top$、届いたあとは$w_{\mathrm{new}} P_{\mathrm{new}}^{-1} = w P^{-1} + d\, x^\top$です。
# ここに$P^{-1} = P_{\mathrm{new}}^{-1} - x x^\top$を代入すると、
#
# $$
# w_{\mathrm{new}} P_{\mathrm{new}}^{-1} = w P_{\mathrm{new}}^{-1} + (d - w x)\, x^\top
# \quad\Longrightarrow\quad
# w_{\mathrm{new}} = w + (d - y)\, (P_{\mathrm{new}}\, x)^\top
# $$
#
# が得られます。
# $P_{\mathrm{new}} x = k - g\, k\, (x^\top k) = g\, k$ですから、結局
#
# $$
# dw = g\, (d - y)\, k^\top, \qquad w \leftarrow w + dw
# $$
#
# です。
# これが**逐次最小二乗法**（RLS）です。
# まだ何も見ていないときは和が空なので、$P(0) = I / \lambda$、$w = 0$から始めます。
# 1ステップの計算量は$N^2$程度で、どのステップのあとでも、$w$は（丸め誤差を除いて）それまでに見た全データのリッジ回帰の解そのものです。
# 出力が複数あっても、状態は共通なので$P$は1つで足ります。
#
# **これがFORCEになる理由** 更新したあと、同じサンプルでもう一度誤差を計算してみます。
#
# $$
# d - (w + dw)\, x = (d - y)\,(1 - g\, x^\top k) = g\, (d - y)
# $$
#
# つまり$g$は、誤差が何倍に縮むかを表す0と1の間の数です。
# $x^\top P x$は、$x$の方向がまだどれだけ**未知か**を表します。
# はじめは$P = I/\lambda$で、$\lambda$が小さければあらゆる方向が未知です。
# $g = \lambda / (\lambda + |x|^2)$はごく小さく、最初の1回の更新で誤差はほとんど消えます。
# ある方向を何度も見るうちに$x^\top P x$は小さくなり、更新後と更新前の誤差の比である$g$は1に近づきます。
# 誤差が残るからではなく、直すものがなくなるからです。
# そのころには重みも動かなくなり、学習を止めても何も変わりません。

# %% [markdown] lang="en"
# ### Exercise 03_01: recursive least squares (25 minutes)
#
# Fill the gaps of
#
# - `rls_update(P, x)`, which returns `g`, `k` and the new `P` (the formulas above, in their order).
#   The `P` that is handed in must stay as it was;
# - `FORCEReadout`, a `Linear` layer that owns a `P`. Its `step(x, d)` takes one state `x` (n,) and a
#   target `d` (a number or (out,)), updates `P` and `weight`, and returns `dw` (out, n). The error is
#   the one *before* the update. `weight` is changed for you, below your lines.
#
# A `Linear` layer has a bias. It counts in the output $y$, but RLS does not train it here.

# %% [markdown] lang="ja"
# ### 演習 03_01：逐次最小二乗法（25分）
#
# 次の空欄を埋めてください。
#
# - `rls_update(P, x)`：`g`、`k`と新しい`P`を返します（上の式をその順に書けばできます）。
#   渡された`P`は元のまま残してください。
# - `FORCEReadout`：`P`をもつ`Linear`層です。
#   `step(x, d)`は状態`x` (n,) と目標`d`（数または (out,)）を1つずつ受け取り、`P`と`weight`を更新して`dw` (out, n) を返します。
#   誤差は更新前のものを使います。
#   `weight`の更新そのものは、みなさんが書く行の下に用意してあります。
#
# `Linear`層にはバイアスがあります。
# 出力$y$には含まれますが、ここではRLSで学習しません。

# %% exercise="03_01" points=1 minutes=25
def rls_update(P, x):
    """Take one more state into account in the inverse correlation matrix.

    Args:
        P (n, n): symmetric positive definite; it is left as it was.
        x (n,): the new state.

    Returns:
        g: a scalar, by which the update shrinks the error on x.
        k (n,): the direction in which every row of the weights will move.
        P_new (n, n): a new array.
    """
    k = P @ x  # TODO The direction of the update. | 更新の方向。
    g = 1.0 / (1.0 + x @ k)  # TODO The gain, a scalar. | ゲイン（スカラー）。
    dP = np.outer(g * k, k)  # TODO What P loses, an (n, n) matrix. | Pから引かれる (n, n) 行列。
    P_new = P - dP  # TODO The next P. | 次のP。
    return g, k, P_new


class FORCEReadout(Linear):
    """A linear readout that learns while it runs, by recursive least squares.

    ``args`` and ``kwargs`` are those of ``Linear``; ``lmbd`` is the strength of the ridge penalty
    and ``initialize_with_zero`` says whether weight and bias start at zero.
    """

    def __init__(self, *args, lmbd=1.0, initialize_with_zero=True, **kwargs):
        super().__init__(*args, **kwargs)
        n = self.input_dim
        self.P = np.eye(n) / lmbd  # TODO P before any state is seen. | 状態を見る前のP。
        if initialize_with_zero:
            self.weight[:] = 0
            self.bias[:] = 0

    def step(self, x, d):
        """Learn from one state x (n,) and its target d, a scalar or (out,); return dw (out, n)."""
        # TODO Call rls_update; this readout's P must move on. | rls_updateを呼び、この読み出し層のPを次へ進める。
        g, k, self.P = rls_update(self.P, x)
        # END TODO
        dw = g * np.outer(d - self(x), k)  # TODO The change of the weights. | 重みの変化量。
        self.weight += dw
        return dw


def solution(dim_in, dim_out, x_train, y_train, x_eval, bias=None, **options):
    readout = FORCEReadout(dim_in, dim_out, bias=0.5, seed=0, **options)
    if bias is not None:
        readout.bias = np.array(bias)
    dws = np.array([readout.step(x, d) for x, d in zip(x_train, y_train, strict=True)])
    return readout(x_eval), readout.weight, readout.bias, readout.P, dws


test_func(solution, "03_01", multiple_output=True)
# show_solution("03_01", "FORCEReadout")

# %% [markdown] lang="en"
# Does the recursion deliver what the derivation promised? Let 20 units with random states learn two
# noisy linear functions, sample by sample, and then solve the ridge problem at one stroke.

# %% [markdown] lang="ja"
# 導いたとおりになっているか確かめましょう。
# ランダムな状態をとる20ユニットに、ノイズを加えた2つの線形関数を1サンプルずつ学習させます。
# そのあとで、リッジ回帰を一度に解いて比べます。

# %%
if ready("03_01"):
    rnd = np.random.default_rng(1234)
    n, dim_out, steps, lmbd = 20, 2, 300, 0.1
    states = rnd.uniform(-1, 1, (steps, n))
    targets = states @ rnd.uniform(-1, 1, (n, dim_out))
    targets += 0.1 * rnd.standard_normal((steps, dim_out))

    w_out = FORCEReadout(n, dim_out, lmbd=lmbd, rnd=rnd)
    before, after = np.empty(steps), np.empty(steps)
    for j, (x, d) in enumerate(zip(states, targets, strict=True)):
        before[j] = np.linalg.norm(d - w_out(x))
        w_out.step(x, d)
        after[j] = np.linalg.norm(d - w_out(x))

    inverse_of_P = lmbd * np.eye(n) + states.T @ states
    ridge = np.linalg.solve(inverse_of_P, states.T @ targets).T
    with_bias = RidgeReadout(n, dim_out, lmbd=lmbd)
    with_bias.train(states, targets)
    print(
        f"inv(P) against lambda I + sum x x': {np.abs(np.linalg.inv(w_out.P) - inverse_of_P).max():.0e}"
    )
    print(f"weights, RLS against ridge without bias: {np.abs(w_out.weight - ridge).max():.0e}")
    print(
        f"weights, RLS against ridge with bias:    {np.abs(w_out.weight - with_bias.weight).max():.0e}"
    )

    fig, (left, right) = plt.subplots(1, 2, figsize=(11, 3.5), layout="constrained")
    left.semilogy(before, ".", label="before the update")
    left.semilogy(after, ".", label="after the update")
    left.set(xlabel="sample", ylabel="error |d - y|", title="Error on the sample just seen")
    left.legend()
    right.plot(after / before, ".")
    right.set(xlabel="sample", ylabel="error after / error before", title="Their ratio, g")
    plt.show()

# %% [markdown] lang="en"
# RLS and ridge agree to rounding, and so do the two sides of the definition of $P$. The third line is a
# warning: the library's `RidgeReadout` is *another* problem. It fits a bias too, which the penalty
# spares, so its weights differ, by far more than rounding. (Its `lmbd=None` means no penalty at all:
# plain least squares, with the smallest weights where several fit alike. RLS cannot begin there,
# since $P(0)$ would be infinite.)
#
# On the left, the first 20 samples are each learnt almost completely (orange far below blue): every one
# of them points into a direction not seen before. From then on both fall together to the level of the
# noise. On the right the ratio climbs towards 1. The update is large while it must be, and fades by
# itself.
#
# **A relative.** Suppose the true weights never change, but you only see $d = w x$ + noise of variance
# 1, and that before any data you believe them to be 0, give or take a variance of $1/\lambda$. What is
# the best estimate? The Kalman filter ([1960](https://doi.org/10.1115/1.3662552)) answers this, with a
# state (here: the weights) that stands still and one observation a step. Compare:

# %% [markdown] lang="ja"
# RLSとリッジ回帰は丸め誤差の範囲で一致し、$P$の定義の両辺も一致しました。
# 3行目には注意が必要です。
# ライブラリの`RidgeReadout`が解くのは別の問題です。
# バイアスも一緒に求め、しかもバイアスには正則化がかからないので、重みの違いは丸め誤差よりはるかに大きくなります（`lmbd=None`は正則化なし、つまり通常の最小二乗法です。解が1つに決まらないときは、重みが最小のものを選びます。RLSでは$P(0)$が無限大になるので、ここからは始められません）。
#
# 左の図では、最初の20サンプルはどれも、ほぼ完全に学習されています（橙が青よりずっと下にあります）。
# どのサンプルも、まだ見たことのない方向を向いているからです。
# そのあとは両方ともノイズの水準まで下がっていきます。
# 右の図では、比が1に近づいていきます。
# 更新は必要な間だけ大きく、あとはひとりでに小さくなるのです。
#
# **親戚を紹介します** 真の重みは変化せず、観測できるのは$d = w x$に分散1のノイズが加わったものだけ、とします。
# データを見る前は、重みは0で、その分散は$1/\lambda$だと考えているとしましょう。
# このとき最良の推定は何でしょうか。
# これに答えるのがカルマンフィルタ（[1960](https://doi.org/10.1115/1.3662552)）です。
# いまの場合、状態（重みのこと）は動かず、観測は1ステップに1つです。
# 比べてみます。

# %%
if ready("03_01"):
    estimate, covariance = np.zeros(n), np.eye(n) / lmbd
    for x, d in zip(states, targets[:, 0], strict=True):
        kalman_gain = covariance @ x / (x @ covariance @ x + 1)
        estimate = estimate + kalman_gain * (d - x @ estimate)
        covariance = covariance - np.outer(kalman_gain, x @ covariance)
    print(f"weights of the first output: {np.abs(estimate - w_out.weight[0]).max():.0e}")
    print(f"covariance against P:        {np.abs(covariance - w_out.P).max():.0e}")

# %% [markdown] lang="en"
# The same numbers: $P$ is the covariance of what we believe about the weights, and $g\,k$ is the Kalman
# gain. *A question:* in the Kalman filter a state that drifts has its covariance enlarged at every step.
# What would that do to $g$, and when would you want it for a readout? (A readout that must follow a
# changing target has to stay unsure of itself; "RLS with forgetting" does this.)

# %% [markdown] lang="ja"
# 同じ数になりました。
# $P$は重みについての確信の度合いを表す共分散行列で、$g\,k$がカルマンゲインです。
# **考えてみましょう：** カルマンフィルタでは、状態がゆっくり変わる場合、毎ステップ共分散を少し大きくします。
# すると$g$はどうなるでしょうか。
# 読み出し層でそうしたいのは、どんなときでしょうか（目標が変わっていくなら、読み出し層は自信をもちすぎてはいけません。これを実現するのが「忘却係数つきRLS」です）。

# %% [markdown] lang="en"
# ### Exercise 03_02: learning in the closed loop (25 minutes)
#
# Now put the readout into the loop. At each step $k$:
#
# 1. the readout speaks: $y = w_{\mathrm{out}}(x)$;
# 2. perhaps it learns: if `start <= k < end` (`train_range`, unpacked for you above the loop) and $k$
#    is a multiple of `force_every`, call `w_out.step(x, d)`;
# 3. the network hears what was said: $x \leftarrow$ `net(x, w_feed(y))`.
#
# The $y$ in the third line is the one of the first. It has left the mouth before the correction came;
# the network never hears the target, nor the corrected output. Fill the gaps of `emulate_online`:
# the output, the condition, the step of learning, the next state. What is recorded and how is written
# already; the progress bar shows $|dw|$.

# %% [markdown] lang="ja"
# ### 演習 03_02：閉ループの中での学習（25分）
#
# 読み出し層をループの中に入れましょう。
# 各ステップ$k$で行うのは次の3つです。
#
# 1. 読み出し層が出力する：$y = w_{\mathrm{out}}(x)$
# 2. 必要なら学習する：`start <= k < end`（`train_range`はループの前に`start`と`end`に分けてあります）で、かつ$k$が`force_every`の倍数なら、`w_out.step(x, d)`を呼ぶ
# 3. その出力がネットワークに戻る：$x \leftarrow$ `net(x, w_feed(y))`
#
# 3で使う$y$は、1で求めたものです。
# 修正される前に、もう口から出てしまった言葉だからです。
# ネットワークに聞こえるのは目標でも、修正後の出力でもありません。
# `emulate_online`の空欄（出力、学習の条件、学習の1ステップ、次の状態）を埋めてください。
# 記録の部分は書いてあります。
# 進捗バーには$|dw|$が表示されます。


# %% exercise="03_02" points=1 minutes=25
def emulate_online(
    time_steps,
    x0,
    net,
    w_feed,
    w_out,
    ds=None,
    train_range=None,
    force_every=1,
    display=True,
    keep_weights=True,
):
    """Run the closed loop and train its readout on the way; only w_out is changed.

    Args:
        time_steps: the number T of steps.
        x0 (N,): the first state.
        net, w_feed: the reservoir, ``net(x, v) -> x``, and the feedback, ``w_feed(y) -> v``.
        w_out: a readout with ``step(x, d) -> dw``; it is trained in place.
        ds (t, out): the targets; where there is none (any more), d = 0.
        train_range: (start, end) of the training, end excluded; None: no training.
        force_every: train at the steps k that are multiples of it.
        display: show a progress bar.
        keep_weights: record the weights of every step (T+1 copies) and not |dw| alone.

    Returns:
        a record with t (T+1,), x (T+1, N), y (T, out), d (T, out), dw (T,), the norm of each
        change of the weights, w (T+1, out, N) if kept, and train_range.
    """
    x = np.array(x0, dtype=float)
    record = {
        "t": np.arange(time_steps + 1),
        "x": np.empty((time_steps + 1, *x.shape)),
        "y": np.empty((time_steps, w_out.output_dim)),
        "d": np.zeros((time_steps, w_out.output_dim)),
        "dw": np.zeros(time_steps),
        "train_range": train_range,
    }
    if ds is not None:
        record["d"][: len(ds)] = ds[:time_steps]
    if keep_weights:
        record["w"] = np.empty((time_steps + 1, *w_out.weight.shape))
        record["w"][0] = w_out.weight
    record["x"][0] = x
    start, end = (0, 0) if train_range is None else train_range

    progress = trange(time_steps, display=display)
    for k in progress:
        d = record["d"][k]
        y = w_out(x)  # TODO The output of the readout. | 読み出し層の出力。
        training = start <= k < end and k % force_every == 0  # TODO Train now? | いま学習するか。
        if training:
            dw = w_out.step(x, d)  # TODO One step of learning. | 学習を1ステップ。
            record["dw"][k] = np.linalg.norm(dw)
            progress.set_postfix(dw=record["dw"][k])
        x = net(x, w_feed(y))  # TODO The next state. | 次の状態。
        record["y"][k] = y
        record["x"][k + 1] = x
        if keep_weights:
            record["w"][k + 1] = w_out.weight
    return record


def solution(*args, **kwargs):
    record = emulate_online(*args, display=False, **kwargs)
    keys = "x", "y", "d", "w", "dw", "t", "train_range"
    return tuple(record.get(key) for key in keys)


test_func(solution, "03_02", multiple_output=True)
# show_solution("03_02", "emulate_online")

# %% [markdown] lang="en"
# ### A periodic target
#
# The first target is a sum of four sines, as in the FORCE paper [5]: with $\omega = \pi / 60$ rad a
# step, so that the period is 120 steps,
#
# $$
# d[k] = \frac{1}{1.5} \left( \tfrac{2}{3} \sin \omega k + \tfrac{1}{3} \sin 2 \omega k
#        + \tfrac{1}{9} \sin 3 \omega k + \tfrac{2}{9} \sin 4 \omega k \right) .
# $$
#
# Its maximum is about 0.63.

# %% [markdown] lang="ja"
# ### 周期的な目標
#
# 最初の目標は、FORCEの論文 [5] と同じく4つの正弦波の和です。
# 1ステップあたり$\omega = \pi / 60$ rad、つまり周期120ステップとして、
#
# $$
# d[k] = \frac{1}{1.5} \left( \tfrac{2}{3} \sin \omega k + \tfrac{1}{3} \sin 2 \omega k
#        + \tfrac{1}{9} \sin 3 \omega k + \tfrac{2}{9} \sin 4 \omega k \right)
# $$
#
# とします。
# 最大値はおよそ0.63です。

# %%
omega = np.pi / 60
k = np.arange(20001)
periodic = np.zeros(20001)
for multiple, amplitude in enumerate((2 / 3, 1 / 3, 1 / 9, 2 / 9), start=1):
    periodic += amplitude * np.sin(multiple * omega * k) / 1.5
periodic = periodic[:, None]
show_trajectory(periodic[:1000], title=f"Periodic target, maximum {periodic.max():.2f}")

# %% [markdown] lang="en"
# The network: the 1000 units that failed offline (same seed, same matrix), again at $\rho = 1.5$, but
# now with a leak, $a = 0.1$, and with a strong feedback:
#
# $$
# x[k+1] = (1 - a)\, x[k] + a \tanh\left(\rho W^{\mathrm{rec}} x[k] + W^{\mathrm{feed}} y[k]\right)
# $$
#
# The readout starts at zero, with $\lambda = 0.1$. Is the network chaotic before it learns anything? The
# twins of section 1 tell: two copies, $10^{-9}$ apart.

# %% [markdown] lang="ja"
# ネットワークには、オフライン学習で失敗した1000ユニットを使います（シードも行列も同じです）。
# $\rho = 1.5$もそのままですが、今度はリーク率$a = 0.1$を入れ、フィードバックを強くします。
#
# $$
# x[k+1] = (1 - a)\, x[k] + a \tanh\left(\rho W^{\mathrm{rec}} x[k] + W^{\mathrm{feed}} y[k]\right)
# $$
#
# 読み出し層はゼロから始め、$\lambda = 0.1$とします。
# 学習する前のネットワークは、本当にカオス的なのでしょうか。
# 1節の双子に聞いてみます。
# $10^{-9}$だけ離れた2つのコピーを走らせましょう。


# %%
record_t = record_e = None  # 120 MB of section 2 that are not needed any more


def make_network(dim_out, bound=5.0, bias=0.2, readout=RLSReadout):
    """The networks of this section: net, w_feed, w_out and x0, drawn in this order."""
    rnd = np.random.default_rng(1234)
    net = ESN(1000, sr=1.5, a=0.1, p=0.01, rnd=rnd)
    w_feed = Linear(dim_out, 1000, bound=bound, bias=bias, rnd=rnd)
    w_out = readout(1000, dim_out, lmbd=0.1, rnd=rnd)
    return net, w_feed, w_out, rnd.uniform(-1, 1, 1000)


net, w_feed, w_out, x0 = make_network(1)
twins = np.stack([x0, x0 + 1e-9 / np.sqrt(1000)])
gap = np.empty(5000)
for k in trange(5000):
    gap[k] = np.linalg.norm(twins[1] - twins[0])
    twins = net(twins, w_feed(w_out(twins)))

growth, offset = np.polyfit(np.arange(5000), np.log(gap), 1)
print(f"the gap grows by a factor e in about {1 / growth:.0f} steps")
fig, ax = plt.subplots(figsize=(9, 3), layout="constrained")
ax.semilogy(gap, label="distance of the twins")
ax.semilogy(np.exp(growth * np.arange(5000) + offset), "--", label="straight-line fit")
ax.set(xlabel="step k", ylabel="distance", title="The untrained network, two copies 1e-9 apart")
ax.legend()
plt.show()

# %% [markdown] lang="en"
# The distance climbs along a straight line on average: chaotic it is, though slowly, since each unit
# takes ten steps ($1/a$) to forget. Into this we now feed a readout that knows nothing. It runs for 1000
# steps, learns from step 1000 to 4000, at every second step, and is left alone from then on. Your
# `FORCEReadout` drives it.

# %% [markdown] lang="ja"
# 平均すると、距離は直線に沿って増えていきます。
# 確かにカオスです。
# ただし、各ユニットが過去を忘れるのに10ステップ（$1/a$）ほどかかるので、進み方はゆっくりです。
# ここに、まだ何も知らない読み出し層をつなぎます。
# まず1000ステップそのまま走らせ、ステップ1000から4000まで、2ステップごとに学習し、そのあとは放っておきます。
# 学習するのは、みなさんが書いた`FORCEReadout`です。

# %%
if ready("03_01", "03_02"):
    net, w_feed, w_out, x0 = make_network(1, readout=FORCEReadout)
    record = emulate_online(5000, x0, net, w_feed, w_out, periodic, (1000, 4000), force_every=2)
    show_record(record, ["x", "y", "dw"], title="FORCE learning of a periodic target")

    for start, end in [(990, 1000), (1001, 1011), (1011, 4000), (4000, 5000)]:
        error = record["y"][start:end] - record["d"][start:end]
        rms = np.sqrt(np.mean(error**2)) / periodic.std()
        print(f"steps {start} to {end}: error {rms:.3f} standard deviations of the target")

# %% [markdown] lang="en"
# *Top:* for 1000 steps the units wander irregularly; the moment learning starts (shaded) they fall into
# a rhythm. *Middle:* the output (blue) jumps onto the target (dashed) at once and stays there, also
# after step 4000, where nobody corrects it any more. *Bottom:* the size of each change of the weights,
# on a logarithmic axis. The largest are among the first; after a thousand steps a few percent of them are left. The
# numbers say the same: after a *single* update, from step 1001 on, the error is a small part of what it
# was, and the chaos never gets a chance.
#
# Now 1000 more steps, in a run of their own, without any learning. We plot the output against itself 10
# steps later, beside the target.

# %% [markdown] lang="ja"
# **上段**：最初の1000ステップ、ユニットは不規則に動いています。
# ところが学習が始まったとたん（網かけの部分）、一定のリズムに落ち着きます。
# **中段**：出力（青）はたちまち目標（破線）に重なり、もう誰も修正しないステップ4000以降も重なったままです。
# **下段**：重みの変化の大きさを対数軸で描いたものです。
# 最も大きいものは最初のほうにあり、1000ステップもするとその数%になります。
# 数値からも同じことがわかります。
# **たった1回**更新したあと、つまりステップ1001から、誤差はもう以前のごく一部にまで小さくなっていて、カオスに出番はありません。
#
# 続けて、学習なしでさらに1000ステップ走らせます。
# 出力を10ステップ後の自分自身に対して描き、目標と並べてみましょう。

# %%
if ready("03_01", "03_02"):
    free = emulate_online(1000, record["x"][-1], net, w_feed, w_out, periodic[5000:])
    show_delayed_coord(free["y"], free["d"], tau=10, labels=["output", "target"], title="Free run")

    y, d = free["y"], periodic[4900:6100]
    shifts = np.arange(-100, 101)
    errors = [nrmse(y, d[100 + s : 1100 + s]) for s in shifts]
    best = int(np.argmin(errors))
    print(f"free run: NRMSE {nrmse(y, free['d']):.3f}")
    print(f"against the target shifted by {shifts[best]} steps: NRMSE {errors[best]:.3f}")

# %% [markdown] lang="en"
# The two loops in the right panel lie on each other, and yet the error of the free run (its NRMSE is in the
# same unit, the target's standard deviation) is a few times that of the 1000 steps before it. Where does it come from? The last line answers: compared with
# a target *shifted* by a few steps, most of the error is gone. The output has the right shape, but
# its period is wrong by a fraction of a percent, and nothing ever sets the clock.
#
# That is no flaw of this network. A limit cycle pulls back whoever is pushed *off* it, but nothing pulls
# back whoever is pushed *along* it: an autonomous oscillator cannot know what time it is. Errors of
# shape heal, errors of phase add up. Run it 10000 steps and the NRMSE of the last thousand is above 1, with a perfect
# picture in delayed coordinates. So for a periodic target, too, one must say which question a number
# answers.

# %% [markdown] lang="ja"
# 右のパネルでは2つの輪が重なっています。
# それなのに、自由に走らせた区間の誤差は、その前の1000ステップの数倍あります（NRMSEも、目標の標準偏差を単位とした誤差です）。
# この誤差はどこから来たのでしょうか。
# 答えは最後の行にあります。
# 目標を数ステップ**ずらして**比べると、誤差の大半は消えてしまうのです。
# 出力の形は正しく、ただ周期が1%に満たないほどずれていて、その時計を合わせてくれるものがどこにもありません。
#
# これはこのネットワークの欠点ではありません。
# リミットサイクルは、軌道から**外れた**ものは引き戻しますが、軌道に**沿って**ずれたものは引き戻しません。
# 自律振動子には、いまが何時かを知るすべがないのです。
# 形の誤差は消えていき、位相の誤差は積み重なっていきます。
# 10000ステップも走らせれば、遅延座標の図は完璧なまま、最後の1000ステップのNRMSEは1を超えます。
# 周期的な目標でも、その数値がどの問いに答えているのかを言わなければならないのです。

# %% [markdown] lang="en"
# ### The same mathematics, faster
#
# The demonstrations to come need thousands of updates with 1000 units. Look at what your `rls_update`
# does to memory: `np.outer` writes a fresh matrix of a million numbers, `P - dP` another. But $P$ is
# symmetric, so half of it says everything, and it may be changed in place. The library's `RLSReadout`
# does just that, with two routines of BLAS: `symv` (symmetric matrix times vector) and `syrk` (symmetric
# update by several vectors: it passes over $P$ once for every 24 steps, and keeps the latest vectors
# beside it until then). Does it compute the same, and what does it save? Let both learn from the same
# 100 states of the run above.

# %% [markdown] lang="ja"
# ### 同じ数学を、もっと速く
#
# これからのデモでは、1000ユニットで何千回もの更新が必要です。
# `rls_update`がメモリに何をしているかを見てみましょう。
# `np.outer`は100万個の数からなる行列を新しく作り、`P - dP`がもう1つ作ります。
# しかし$P$は対称ですから、半分だけで足ります。
# その場で書き換えてもかまいません。
# ライブラリの`RLSReadout`はまさにそうしています。
# 使うのはBLASの2つのルーチン、`symv`（対称行列とベクトルの積）と`syrk`（複数のベクトルによる対称な更新）です。
# $P$の書き換えは24ステップ分をまとめて1回で行い、それまでの間は新しいベクトルを$P$の横に取っておきます。
# 計算結果は同じでしょうか。
# どれだけ速くなるでしょうか。
# 上で得た状態から100個を選び、両方に学習させます。

# %%
import time

if ready("03_01", "03_02"):
    states, targets = record["x"][1000:1200:2], periodic[1000:1200:2]
    readouts = [FORCEReadout(1000, 1, lmbd=0.1, seed=0), RLSReadout(1000, 1, lmbd=0.1, seed=0)]
    seconds = []
    for w_out in readouts:
        start = time.perf_counter()
        for x, d in zip(states, targets, strict=True):
            w_out.step(x, d)
        seconds.append(time.perf_counter() - start)
    yours, fast = readouts
    difference = np.abs(yours.weight - fast.weight).max() / np.abs(fast.weight).max()
    print(f"weights agree to {difference:.0e} of the largest one")
    print(
        f"a step takes {10 * seconds[0]:.2f} ms (yours) and {10 * seconds[1]:.2f} ms (RLSReadout)"
    )
    print(f"ratio {seconds[0] / seconds[1]:.0f}")

# %% [markdown] lang="en"
# Equal to rounding, and several times to tens of times faster, depending on the machine: where memory
# traffic rules, half the reading and no fresh matrices count for more than any cleverness. From here on
# `RLSReadout` learns, and long runs pass `keep_weights=False`, so that the record holds $|dw|$ alone
# (10000 copies of 3 x 1000 weights would take 240 MB).

# %% [markdown] lang="ja"
# 結果は丸め誤差の範囲で等しく、速さは数倍から数十倍です（計算機によります）。
# メモリの読み書きが律速になるところでは、読む量を半分にし、新しい行列を作らないことが何より効きます。
# ここからは`RLSReadout`に学習させ、長い計算には`keep_weights=False`を渡します。
# こうすると$|dw|$だけが記録されます（3 × 1000個の重みを10000回写し取ると、240 MBにもなるからです）。

# %% [markdown] lang="en"
# ### Lorenz, online
#
# Three outputs, for the Lorenz series times 0.01 (`ds_lorenz`). The rest is as before: 5000 steps, learning in
# [1000, 4000), then 10000 free ones.

# %% [markdown] lang="ja"
# ### ローレンツ系のオンライン学習
#
# 出力を3つにして、0.01倍したローレンツ系（`ds_lorenz`）を目標にします。
# あとは同じです。
# 5000ステップのうち[1000, 4000)で学習し、そのあと10000ステップを自由に走らせます。

# %%
if ready("03_02"):
    net, w_feed, w_out, x0 = make_network(3)
    record = emulate_online(
        5000, x0, net, w_feed, w_out, ds_lorenz, (1000, 4000), force_every=2, keep_weights=False
    )
    show_record(record, ["x", "y", "dw"], title="FORCE learning of the Lorenz system")
    vpt = valid_prediction_time(record["y"][4000:], record["d"][4000:], dt, LORENZ_EXPONENT)
    print(f"valid prediction time from step 4000 on: {vpt:.1f} Lyapunov times")

# %%
if ready("03_02"):
    free = emulate_online(
        10000, record["x"][-1], net, w_feed, w_out, ds_lorenz[5000:], keep_weights=False
    )
    z, z_target = free["y"][:, 2], free["d"][:, 2]
    show_3d_coord(target=free["d"], output=free["y"], title="10000 free steps")
    show_return_map(target=z_target, output=z, title="Return map of z")
    print(f"return-map distance, output to target: {return_map_distance(z, z_target):.3f}")
    halves = return_map_distance(ds_lorenz[1000:10000, 2], ds_lorenz[10000:, 2])
    print(f"for scale, the target's first half to its second: {halves:.3f}")

# %% [markdown] lang="en"
# As with the periodic target, output and target cannot be told apart while it learns. But $|dw|$ falls by
# only one decade or so and then keeps jumping about: a chaotic orbit never comes back to quite the same
# place, and each new stretch holds something to correct. Left alone at step 4000 the output follows for
# two to three Lyapunov times and then goes its own way, as the twins of section 1 did. But look where it
# goes: 10000 steps later it still circles the two wings, and most maxima of $z$ decide the next by the
# target's cusp. Roughly one in eight visibly misses it, always downwards, and nearly all of these follow
# a maximum between 0.38 and 0.42, the peak and what is right of it. Some make the peak blunt: there the
# orbit passes close by the saddle at the origin, where the smallest error decides which wing comes next,
# and when. The others lie far below the right branch, at 0.33 to 0.36: the output has not come down as
# far as the target does, and turns too soon. The distance of the return maps is a few times that of two
# stretches of the target itself; a fixed point, a cycle or another attractor would give 1 or more.
#
# *Was it the online learning that tamed this reservoir?* Be careful: two more things have changed since
# section 2, the leak and the strength of the feedback. An honest experiment varies one at a time. Advanced
# question 03_A4 does, and the answer may surprise you.

# %% [markdown] lang="ja"
# 記録の図は周期的な目標のときと似ています。
# 学習中は出力と目標の見分けがつきません。
# ただし$|dw|$は1桁ほど下がるだけで、そのあとも上下に揺れ続けます。
# カオスの軌道はまったく同じ場所には戻らないので、新しい区間のたびに直すことが出てくるのです。
# ステップ4000で手を離すと、リアプノフ時間の2〜3倍の間は目標についていき、そのあとは別の道を行きます。
# 1節の双子と同じです。
# では、どこへ行ったのでしょうか。
# 10000ステップたっても、2枚の羽のまわりを回り続けています。
# $z$の極大値から次の極大値が決まる関係も、大半の点では目標と同じ尖った形をしています。
# 目に見えて外れるのは8個に1個ほどで、どれも下側に外れ、そのほとんどは横軸の0.38から0.42、頂点からその右側にかけて並んでいます。
# 一部は頂点を丸くしている点です。
# そこでは軌道が原点の鞍点のすぐそばを通るので、ごく小さな誤差で、次にどちらの羽へいつ移るかが変わってしまいます。
# 残りは右側の枝のずっと下、高さ0.33から0.36のあたりにあります。
# 出力が目標ほど下まで降りきらず、早く向きを変えてしまったのです。
# リターンマップの距離は、目標の2つの区間どうしの距離の数倍です。
# 固定点や周期軌道、別のアトラクタであれば1以上になります。
#
# **このリザバーを手なずけたのは、オンライン学習でしょうか。** 早合点は禁物です。
# 2節からは、リーク率とフィードバックの強さも変わっています。
# 公平に比べるには、1つずつ変えなければなりません。
# 発展問題03_A4で試します。
# 答えは意外かもしれません。

# %% [markdown] lang="en"
# ### Lorenz from one coordinate
#
# Takens' theorem promised that $x$ alone may be enough. So teach the network the first coordinate only:
# one output, one feedback. It never hears of $y$ and $z$; if it is to go on rightly, it has to keep
# something in their place in its own state. The feedback is stronger (weights within $\pm 10$,
# biases within $\pm 0.5$), and it gets 7000 steps, learning in [1000, 6000).

# %% [markdown] lang="ja"
# ### 1つの変数だけからローレンツ系を学ぶ
#
# ターケンスの定理によれば、$x$だけでも足りるはずでした。
# そこで、第1成分だけを教えることにします。
# 出力もフィードバックも1つです。
# $y$と$z$のことは何も知らされません。
# 正しく続けるには、それに代わるものを、ネットワークが自分の状態の中に用意しなければならないのです。
# フィードバックを強め（重みは$\pm 10$、バイアスは$\pm 0.5$の範囲）、7000ステップのうち[1000, 6000)で学習します。

# %%
if ready("03_02"):
    ds = ds_lorenz[:, :1]
    record = free = None  # the states of the runs before make room for the next
    net, w_feed, w_out, x0 = make_network(1, bound=10.0, bias=0.5)
    record = emulate_online(
        7000, x0, net, w_feed, w_out, ds, (1000, 6000), force_every=2, keep_weights=False
    )
    show_record(record, ["x", "y", "dw"], title="FORCE learning of Lorenz from x alone")
    vpt = valid_prediction_time(record["y"][6000:], record["d"][6000:], dt, LORENZ_EXPONENT)
    print(f"valid prediction time from step 6000 on: {vpt:.1f} Lyapunov times")

    free = emulate_online(10000, record["x"][-1], net, w_feed, w_out, ds[7000:], keep_weights=False)
    show_3d_coord(
        target=construct_delayed_coord(free["d"], 10, 3),
        output=construct_delayed_coord(free["y"], 10, 3),
        title="10000 free steps, delayed coordinates of x",
        labels=("x(t)", "x(t + 10 dt)", "x(t + 20 dt)"),
    )
    print(f"return-map distance, output to target: {return_map_distance(free['y'], free['d']):.3f}")
    halves = return_map_distance(ds[1000:10000], ds[10000:])
    print(f"for scale, the target's first half to its second: {halves:.3f}")

# %% [markdown] lang="en"
# Two answers again. *How long does it follow?* Not even one Lyapunov time: whatever it holds in place of
# $y$ and $z$ is less exact than $y$ and $z$ themselves. *Does it stay on the attractor?* Yes: in delayed
# coordinates the two butterflies lie on each other, and the return maps are close. Who judges by
# prediction alone would call this network a failure; it has learnt a three-dimensional system from one
# of its shadows.
#
# And from $z$ alone (the question of section 1, tried offline in 02_A3)? A network can learn to produce
# $z$, whose maxima determine each other by the cusp of the return map. But which wing the system is on it
# cannot know: the two are mirror images with the same $z$. Change one index above and see.

# %% [markdown] lang="ja"
# ここでも答えは2つあります。
# **どれだけついていけるか**：リアプノフ時間の1倍にも届きません。
# $y$と$z$の代わりに用意したものは、$y$や$z$そのものほど正確ではないのです。
# **アトラクタの上にいるか**：います。
# 遅延座標で見ると2匹の蝶は重なり、リターンマップも近いままです。
# 予測だけで評価すれば、このネットワークは失敗作に見えます。
# しかし、3次元の系を、その影の1つだけから学び取ったのです。
#
# では、$z$だけからではどうでしょうか（1節の問いです。オフラインでは02_A3で試しました）。
# $z$を生成することは学習できます。
# $z$の極大値どうしの関係は、あの尖ったリターンマップで決まっているからです。
# しかし、系がどちらの羽にいるのかは知りようがありません。
# 左右の羽は互いに鏡像で、$z$は同じだからです。
# 上のコードの添字を1つ変えて、確かめてみてください。
