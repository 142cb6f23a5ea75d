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
# ## 3. The readout
#
# The states are written down. Now somebody has to read them. The readout is as plain as can be, one
# weight a unit and a bias for each output, $y[k] = W x[k] + b$, and it is found by one regression.
# (From here on a bare $W$ and a $b$ beside it are the readout's: side by side, $[\,b \;\; W\,]$,
# they are the $W^{\mathrm{out}}$ of section 0, where $W$ and $b$ were the reservoir's.) With states
# $x[k]$ and targets $d[k]$,
#
# $$
# \min_{W,\, b} \; \sum_{k} \left| W x[k] + b - d[k] \right|^2 + \lambda \left| W \right|^2 .
# $$
#
# The first term asks for a small error; the second, the *ridge* or Tikhonov penalty, for small
# weights, $|W|^2$ being the sum of their squares. Why the second? Many units of a reservoir do
# nearly the same. Where two units are almost equal, plain least squares may give them the weights
# $+1000$ and $-999$; on the training data that is as good as $1$ and $0$, and on the next data it
# is ruin. The penalty prefers the small pair [4, 12].
#
# ### The bias is not penalised
#
# Look closely: $\lambda$ multiplies $|W|^2$, not $b$. The bias says where the zero of the target
# lies, degrees Celsius or kelvin, and that is no business of the penalty's. At the minimum the
# derivative with respect to $b$ vanishes, which gives
#
# $$
# b = \bar{d} - W \bar{x}
# $$
#
# with the means $\bar{x}$ and $\bar{d}$ over time. Put this in, and $b$ is gone from the problem:
# what remains is the same regression for the *centred* states $x[k] - \bar{x}$ and targets
# $d[k] - \bar{d}$, without a bias.
#
# ### A regression that does not fall apart
#
# Let the rows of $X$ be the centred states, those of $D$ the centred targets. You may know the
# solution of the normal equations, $W^\top = (X^\top X + \lambda I)^{-1} X^\top D$. It is right on
# paper. In the computer, forming $X^\top X$ squares the condition number, the factor by which
# rounding errors may grow in the solution, and the states of a reservoir are nearly dependent.
# There is a better way, which never forms it. Put the penalty into the data: the sum to be
# minimised is exactly the plain squared error of
#
# $$
# \begin{bmatrix} X \\ \sqrt{\lambda}\, I \end{bmatrix} W^\top \approx \begin{bmatrix} D \\ 0 \end{bmatrix},
# $$
#
# for the $N$ rows at the bottom ask each weight, times $\sqrt{\lambda}$, to be 0. Then the QR
# decomposition of the matrix on the left, $Q$ with orthonormal columns times a triangle $R$, turns
# it into $R W^\top = Q^\top \begin{bmatrix} D \\ 0 \end{bmatrix}$, a square system. (What the
# columns of $Q$ do not reach, no weights can reach either; what they reach is met exactly.)
#
# ### Exercise 03_01: the regression of the readout (25 minutes)
#
# Write `fit_readout`. In the code, $X$ and $D$ with the rows below them are `states` and `targets`,
# $\lambda$ is `lmbd`; `np.linalg.qr` gives `q` and `r`. `weight` has one row for each output, as in
# `Linear`. (Where a function `solution` stands under yours, here and later, it only passes what
# yours returns on to the check: leave it as it is.)

# %% [markdown] lang="ja"
# ## 3. 読み出し層
#
# 状態の記録ができました。
# 次は、それを読む番です。
# 読み出し層はこれ以上ないほど簡単で、1つの出力につき、ユニットごとの重みとバイアス1つがあるだけです。
# 式では$y[k] = W x[k] + b$です。
# ここから先、単独の$W$とそれに並ぶ$b$は読み出し層のもので、並べて書いた$[\,b \;\; W\,]$が0節の$W^{\mathrm{out}}$に当たります（0節の$W$と$b$は、リザバーのものでした）。
# これを1回の回帰で求めます。
# 状態を$x[k]$、目標を$d[k]$とすると、
#
# $$
# \min_{W,\, b} \; \sum_{k} \left| W x[k] + b - d[k] \right|^2 + \lambda \left| W \right|^2
# $$
#
# です。
# 第1項は誤差を、第2項は重みを小さくしようとします。
# $|W|^2$は重みの2乗の総和です。
# 第2項を罰則項または**正則化**項といい、この形の回帰を**リッジ回帰**（ティホノフ正則化）といいます。
# なぜ第2項が要るのでしょうか。
# リザバーには、ほとんど同じ動きをするユニットがたくさんあります。
# ほぼ等しい2つのユニットに、ただの最小二乗法は$+1000$と$-999$という重みを付けるかもしれません。
# 学習データの上では$1$と$0$にするのと変わりませんが、次のデータではひどいことになります。
# 罰則項があれば、小さいほうの組が選ばれます [4, 12]。
#
# ### バイアスには罰則を課さない
#
# 式をよく見てください。
# $\lambda$が掛かっているのは$|W|^2$で、$b$には掛かっていません。
# バイアスは目標のゼロ点がどこにあるかを表すものです。
# 摂氏で測るか絶対温度で測るかに、罰則項が口を出すいわれはありません。
# 最小点では$b$についての微分が0になるので、時間平均$\bar{x}$、$\bar{d}$を使って
#
# $$
# b = \bar{d} - W \bar{x}
# $$
#
# と書けます。
# これを代入すると、問題から$b$が消えます。
# 残るのは、**中心化した**状態$x[k] - \bar{x}$と目標$d[k] - \bar{d}$についての、バイアスのない同じ回帰です。
#
# ### 数値的に安定な回帰
#
# 中心化した状態を$X$の行に、中心化した目標を$D$の行に並べます。
# 正規方程式の解$W^\top = (X^\top X + \lambda I)^{-1} X^\top D$を見たことがあるかもしれません。
# 数式としては正しいものです。
# しかし計算機で$X^\top X$を作ると、条件数（丸め誤差が解の中で何倍に拡大されうるか）が2乗になります。
# しかも、リザバーの状態はほとんど線形従属で、もとの条件数がすでに大きいのです。
# $X^\top X$を作らずに済む、もっとよい方法があります。
# 罰則項をデータの一部にしてしまうのです。
# 最小にしたい和は、次の式を最小二乗法で解くときの、ただの二乗誤差とぴったり同じになります。
#
# $$
# \begin{bmatrix} X \\ \sqrt{\lambda}\, I \end{bmatrix} W^\top \approx \begin{bmatrix} D \\ 0 \end{bmatrix}
# $$
#
# 下の$N$行が、どの重みについても、その$\sqrt{\lambda}$倍が0になるよう求めているからです。
# あとは左辺の行列をQR分解します。
# $Q$の列は正規直交、$R$は三角行列なので、解くべき式は$R W^\top = Q^\top \begin{bmatrix} D \\ 0 \end{bmatrix}$という正方の連立方程式になります。
# （右辺のうち$Q$の列で表せない部分は、どんな重みを使っても表せません。表せる部分は、ちょうど満たされます。）
#
# ### 演習 03_01：読み出し層の回帰（25分）
#
# `fit_readout`を書いてください。
# コードでは、下に行を付け足した$X$と$D$が`states`と`targets`、$\lambda$が`lmbd`です。
# `np.linalg.qr`が`q`と`r`を返します。
# `weight`は`Linear`と同じく、出力1つが1行です。
# （これ以降、自分の関数の下に`solution`という関数があれば、それは戻り値を判定に渡しているだけです。そのままにしておいてください。）


# %% exercise="03_01" points=1 minutes=25
def fit_readout(xs, ds, lmbd):
    """The ridge regression of a linear readout with a bias that is not penalised.

    It minimises sum |weight x + bias - d|**2 + lmbd |weight|**2 over all rows.

    Args:
        xs (T, N): states, a row a step.
        ds (T, D): their targets.
        lmbd: the penalty, 0 or positive; 0 needs states that determine the weights.

    Returns:
        weight (D, N) and bias (D,).
    """
    units, outputs = xs.shape[1], ds.shape[1]
    x_mean = xs.mean(axis=0)  # TODO Mean of the states. | 状態の平均。
    d_mean = ds.mean(axis=0)  # TODO Mean of the targets. | 目標の平均。
    # TODO Centred states and targets, with the rows of the penalty. | 中心化し、罰則の行を付け足す。
    states = np.vstack([xs - x_mean, np.sqrt(lmbd) * np.eye(units)])
    targets = np.vstack([ds - d_mean, np.zeros((units, outputs))])
    # END TODO
    q, r = np.linalg.qr(states)
    weight = np.linalg.solve(r, q.T @ targets).T  # TODO The weights. | 重み。
    bias = d_mean - weight @ x_mean  # TODO The bias. | バイアス。
    return weight, bias


def solution(xs, ds, lmbd):
    weight, bias = fit_readout(xs, ds, lmbd)
    return weight, bias, {"weight": weight, "bias": bias}


test_func(solution, "03_01", multiple_output=True)
# show_solution("03_01", "fit_readout")

# %% [markdown] lang="en"
# For what follows it is handy to have the regression in a layer that can be called, like the input
# layer: `w_out.train(xs, ds)`, then `w_out(x)`.

# %% [markdown] lang="ja"
# このあとのために、入力層と同じように呼び出せる層にしておくと便利です。
# `w_out.train(xs, ds)`で学習し、`w_out(x)`で使います。


# %%
class RidgeReadout(Linear):
    """A linear readout that is trained by fit_readout."""

    def __init__(self, dim_in, dim_out, lmbd):
        super().__init__(dim_in, dim_out, seed=0)
        self.lmbd = lmbd

    def train(self, xs, ds):
        self.weight, self.bias = fit_readout(xs, ds, self.lmbd)


# %% [markdown] lang="en"
# ### Does a shift of the target matter?
#
# A check that every readout should pass. Ask the reservoir of section 1 for the input of five steps
# ago, once as it is and once with 100 added, and compare with a readout whose bias is penalised
# like a weight, as it happens when a column of ones is appended to the states and forgotten.

# %% [markdown] lang="ja"
# ### 目標をずらしたら
#
# 読み出し層なら必ず合格してほしい試験があります。
# 1節のリザバーに5ステップ前の入力を答えさせます。
# 目標をそのままにした場合と、100を足した場合の2回です。
# 比較の相手は、バイアスにも重みと同じ罰則を課した読み出し層です。
# 状態に1の列を付け足すだけで済ませると、こうなってしまいます。


# %%
def penalised_bias(xs, ds, lmbd):
    """What a column of ones makes of it: the bias is shrunk together with the weights."""
    ones = np.hstack([np.ones((len(xs), 1)), xs])
    gram = ones.T @ ones + lmbd * np.eye(ones.shape[1])
    both = np.linalg.solve(gram, ones.T @ ds)
    return both[1:].T, both[0]


if ready("01_01", "03_01"):
    states, past = xs_random[100:], us_random[95:-5]
    print("NRMSE, target:          as it is   plus 100")
    for name, fit in (("free bias", fit_readout), ("penalised bias", penalised_bias)):
        scores = []
        for shift in (0, 100):
            weight, bias = fit(states[:1000], past[:1000] + shift, 1.0)
            scores.append(nrmse(states[1000:] @ weight.T + bias, past[1000:] + shift))
        print(f"{name:20s}{scores[0]:12.3f}{scores[1]:11.3f}   (last bias {bias[0]:.2f})")
    centred = states - states.mean(axis=0)
    print(f"condition number of the states: {np.linalg.cond(centred):.0e}")
    print(f"of their normal equations:      {np.linalg.cond(centred.T @ centred):.0e}")

# %% [markdown] lang="en"
# The free bias does not notice the shift. The penalised one does: with $\lambda = 1$ and 1000
# samples it stops about one thousandth short of 100, and 0.1 is much, beside an input that varies
# by $\pm 1$: the error more than doubles. Nothing warned us; the code ran and returned numbers. The
# condition numbers show why we took the trouble with QR: one of $10^c$ may cost $c$ of the 16
# digits of a float, and the squared one costs twice as many. This reservoir is a gentle one. Where
# the states' own number reaches $10^8$, the squared one leaves none.

# %% [markdown] lang="ja"
# バイアスが自由なら、ずらしても何も変わりません。
# 罰則を課すと変わってしまいます。
# $\lambda = 1$、サンプル1000個なら、バイアスは100よりおよそ1000分の1だけ小さくなります。
# 入力の振れ幅は$\pm 1$ですから、0.1のずれは大きく、誤差は2倍以上になります。
# それでもエラーも警告も出ず、数値は何事もなかったかのように返ってきます。
# 条件数を見れば、わざわざQR分解を使う理由もわかります。
# 条件数が$10^c$なら、浮動小数点数の16桁のうち$c$桁が失われるおそれがあり、2乗になると、その桁数が2倍になります。
# このリザバーはまだおとなしいほうです。
# 状態の条件数が$10^8$に達するネットワークなら、2乗したほうでは1桁も残りません。

# %% [markdown] lang="en"
# ### Exercise 03_02: training and testing on different times (15 minutes)
#
# A run of states is cut into three spans: washout, training, and the test, which is *all the rest*:
#
# | steps | 0 to `t_washout` | the next `t_train` | all that remain |
# | --- | --- | --- | --- |
# | used for | nothing | the regression | the test, and nothing else |
#
# The score is the normalised root-mean-square error of each output, on training and on test:
#
# $$
# \mathrm{NRMSE} = \sqrt{\frac{\sum_k \left(y[k] - d[k]\right)^2}{\sum_k \left(d[k] - \bar{d}\right)^2}}
# $$
#
# with sums and the mean $\bar{d}$ over the *same* span. 0 is perfect, and 1 is what the mean of
# that span, said at every step, would get. Write `evaluate`, which uses your `fit_readout`.

# %% [markdown] lang="ja"
# ### 演習 03_02：別々の区間での学習とテスト（15分）
#
# 状態の記録を3つの区間に分けます。
# ウォッシュアウト、学習、そして**残り全部**がテストです。
#
# | ステップ | 0から`t_washout`まで | 次の`t_train`個 | 残り全部 |
# | --- | --- | --- | --- |
# | 用途 | 使わない | 回帰 | テストだけ |
#
# 成績には、学習区間とテスト区間のそれぞれで、出力ごとの正規化二乗平均平方根誤差（NRMSE）を使います。
#
# $$
# \mathrm{NRMSE} = \sqrt{\frac{\sum_k \left(y[k] - d[k]\right)^2}{\sum_k \left(d[k] - \bar{d}\right)^2}}
# $$
#
# 和も平均$\bar{d}$も、成績を出すその区間の中**だけ**でとります。
# 0なら完璧で、1なら、その区間の平均値を毎回答えるのと変わりません。
# `fit_readout`を使って`evaluate`を書いてください。


# %% exercise="03_02" points=1 minutes=15 needs=["03_01"]
def evaluate(xs, ds, t_washout, t_train, lmbd):
    """Train a readout on one span of time and score it on that span and on all that follows.

    Args:
        xs (T, N): states from the beginning of a run.
        ds (T, D): their targets.
        t_washout: steps at the beginning that are not used.
        t_train: steps after them that are learned from; the test has the rest.
        lmbd: the penalty of the regression.

    Returns:
        a dict with train and test, the NRMSE of each output (D,); weight (D, N) and bias (D,).
    """
    t_end = t_washout + t_train
    train = slice(t_washout, t_end)  # TODO The span of the training. | 学習区間。
    test = slice(t_end, None)  # TODO The span of the test. | テスト区間。
    weight, bias = fit_readout(xs[train], ds[train], lmbd)  # TODO Training. | 学習。

    def score(span):
        ys = xs[span] @ weight.T + bias  # TODO The outputs. | 出力。
        mean_square = ((ys - ds[span]) ** 2).mean(axis=0)
        return np.sqrt(mean_square / ds[span].var(axis=0))  # TODO The NRMSE. | NRMSEの式。

    return {"train": score(train), "test": score(test), "weight": weight, "bias": bias}


def solution(xs, ds, t_washout, t_train, lmbd):
    scores = evaluate(xs, ds, t_washout, t_train, lmbd)
    return tuple(scores.get(key) for key in ("train", "test", "weight", "bias"))


test_func(solution, "03_02", multiple_output=True)
# show_solution("03_02", "evaluate")

# %% [markdown] lang="en"
# ### All units together
#
# Section 1 left a question: the input of ten steps ago was in no single unit. Let all hundred
# answer together. The targets are the inputs of $j = 0, 1, \ldots, 50$ steps ago, 51 outputs of one
# readout, trained on 1500 steps and on only 120.

# %% [markdown] lang="ja"
# ### 全ユニットに一緒に答えさせる
#
# 1節で残した問いに戻りましょう。
# 10ステップ前の入力は、どのユニットにも見当たりませんでした。
# では、100個のユニット全部に一緒に答えさせたらどうでしょうか。
# 目標は$j = 0, 1, \ldots, 50$ステップ前の入力で、1つの読み出し層に51個の出力をもたせます。
# 学習に使うのは1500ステップと、わずか120ステップの2通りです。

# %%
if ready("01_01", "03_01", "03_02"):
    delays = np.arange(51)
    pasts = np.hstack([np.roll(us_random, delay, axis=0) for delay in delays])
    fig, ax = plt.subplots(figsize=(8, 3.8), layout="constrained")
    for t_train, color in ((1500, "tab:blue"), (120, "tab:orange")):
        scores = evaluate(xs_random, pasts, 100, t_train, 1e-10)
        ax.plot(scores["train"], "--", color=color, label=f"{t_train} steps: training")
        ax.plot(scores["test"], "o-", ms=3, color=color, label=f"{t_train} steps: test")
        for delay in (10, 20, 50):
            train, test = scores["train"][delay], scores["test"][delay]
            print(f"{t_train} steps, delay {delay}: training {train:.2f}, test {test:.2f}")
    ax.axhline(1, color="0.6", lw=0.8)
    ax.set(
        xlabel="delay j",
        ylabel="NRMSE",
        ylim=(0, 3.6),
        title="The input of j steps ago, from 100 units",
    )
    ax.legend()
    plt.show()

# %% [markdown] lang="en"
# The input of ten steps ago was not forgotten; it was only spread over all the units, which
# together give it back to two percent. Beyond twenty steps memory fades, and at fifty there is
# none: the NRMSE is 1, that of the mean. (Rolling the series round, as the code does for its
# targets, puts nonsense into the first 50 rows; the washout throws them away.)
#
# Now compare solid and dashed. With 1500 steps they lie together. With 120 steps for 101
# coefficients the dashed line stays low even where nothing can be known, and the solid one rises to
# 3: three times worse than saying the mean. **The training error is what the readout says about
# itself.** From here on every number is a test.

# %% [markdown] lang="ja"
# 10ステップ前の入力は、忘れられていたのではなく、全ユニットに散らばっていただけでした。
# 全員で答えれば、2%の誤差で取り出せます。
# 20ステップを過ぎると記憶は薄れ、50ステップではもう残っていません（NRMSEは1、つまり平均値と同じです）。
# （目標を作るときに`np.roll`で系列をぐるりと回しているので、先頭の50行はでたらめですが、ウォッシュアウトで捨てられます。）
#
# 実線と破線を比べてください。
# 1500ステップなら両者は重なります。
# 101個の係数を120ステップから決めると、破線は、わかるはずのないところでも低いままで、実線は3まで上がります。
# 平均値を答えるより3倍も悪いのです。
# **学習誤差は、読み出し層の自己申告にすぎません。**
# ここから先に出てくる成績は、すべてテストの成績です。
