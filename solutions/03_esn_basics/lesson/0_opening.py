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
# # 3. The echo state network
#
# Throw a stone into a pond and look at the ripples a moment later: they tell where the stone fell,
# how hard, and how long ago. Throw several and their ripples cross. Nobody designed the pond as a
# memory, and yet a snapshot of its surface holds the recent past, and not as a list: as a mixture.
#
# An *echo state network* is such a pond made of random numbers. The pond is called the *reservoir*:
# it is drawn once and never trained. All that is trained is a reader of its surface, the *readout*,
# and that is a linear regression. It sounds too easy to be true, and half of this chapter is about
# finding out when it is.
#
# **After this chapter you can**
#
# - drive a reservoir with an input, and say for how long it remembers how it began;
# - train its readout by a regression that does not fall apart numerically;
# - state a score *beside the baselines that it has to beat*, and over several seeds;
# - tell predicting one step from living on one's own predictions, and measure both.
#
# **You need** Python with NumPy: arrays, their shapes, and broadcasting. Linear regression helps.
#
# | exercise | topic | minutes |
# | --- | --- | --- |
# | 01_01 | the states of a driven reservoir | 15 |
# | 02_01 | how long two states take to become one | 15 |
# | 03_01 | the regression of the readout | 25 |
# | 03_02 | training and testing on different times | 15 |
# | 04_01 | NARMA10 | 15 |
# | 04_02 | a tapped delay line | 15 |
# | 04_03 | products of columns | 15 |
# | 05_01 | a score over several seeds | 15 |
# | 06_01 | pairs for a forecast | 15 |
# | 06_02 | a network that hears itself | 25 |
# | 06_03 | how long a forecast holds | 15 |
#
# Reading and playing with the demonstrations takes about as long again. The advanced questions at
# the end of a section are open-ended and can be left out.
#
# **How it works.** Where you see `...  # TODO`, write your code. `test_func` below it judges the
# function at once and says what is wrong. Stuck? `hint("01_01")` helps step by step,
# `show_solution("01_01")` prints an answer, and `use_solution("01_01")` puts it in place, so that
# everything further down runs. Start here:

# %% [markdown] lang="ja"
# # 3. エコーステートネットワーク
#
# 池に石を投げて、少し待ってから水面を見てみましょう。
# さざ波の形から、石がどこに、どれくらいの強さで、いつ落ちたのかがわかります。
# いくつも投げれば、波は重なり合います。
# 池は記憶装置として作られたわけではありません。
# それでも、ある瞬間の水面には、少し前までの出来事が残っています。
# しかもそれは、順に並んだ記録ではなく、混ざり合った形をしています。
#
# **エコーステートネットワーク**（echo state network、ESN）は、乱数でできた池です。
# 池に当たる部分を**リザバー**（reservoir、貯水池）、水面を読み取る部分を**読み出し層**（readout）といいます。
# リザバーは、一度作ったらもう学習させません。
# 学習させるのは読み出し層だけで、しかもただの線形回帰で済みます。
# うますぎる話に聞こえるでしょう。
# どこまで本当なのかを見極めることに、この章の半分を使います。
#
# **この章でできるようになること**
#
# - リザバーを入力で駆動し、最初の状態をいつまで覚えているかを調べる。
# - 読み出し層を、数値的に安定な回帰で学習する。
# - 成績を、**勝たなければならない比較の基準（ベースライン）と並べて**、複数のシードで報告する。
# - 1ステップ先を予測することと、自分の予測だけを頼りに走り続けることを区別し、どちらの成績も測る。
#
# **前提知識** PythonとNumPy（配列とその形、ブロードキャスト）です。
# 線形回帰を知っていると読みやすくなります。
#
# | 演習 | 内容 | 目安（分） |
# | --- | --- | --- |
# | 01_01 | 駆動されたリザバーの状態 | 15 |
# | 02_01 | 2つの状態が1つになるまでの時間 | 15 |
# | 03_01 | 読み出し層の回帰 | 25 |
# | 03_02 | 別々の区間での学習とテスト | 15 |
# | 04_01 | NARMA10の時系列 | 15 |
# | 04_02 | タップ付き遅延線 | 15 |
# | 04_03 | 列どうしの積 | 15 |
# | 05_01 | 複数のシードでの成績 | 15 |
# | 06_01 | 予測のための組 | 15 |
# | 06_02 | 自分の声を聞くネットワーク | 25 |
# | 06_03 | 予測はいつまで当たるか | 15 |
#
# 説明を読み、デモを動かす時間も、同じくらい見込んでください。
# 各節の終わりにある発展問題には決まった時間はなく、飛ばしてもかまいません。
#
# **進め方** `# TODO`の付いた`...`を、自分のコードに置き換えます。
# すぐ下の`test_func`がその場で判定し、違っていればどこが違うかを教えてくれます。
# 行き詰まったら、まず`hint("01_01")`を実行してください（実行するたびに1段階ずつ進みます）。
# それでも解けないときは、`show_solution("01_01")`で解答を表示できます。
# `use_solution("01_01")`を実行すると解答がそのまま使えるようになり、先のセルも動きます。
# まずは準備です。

# %% setup=true demos=60 advanced=60 megabytes=500
# The build writes the set-up cell here: project root, test_func, show_solution, use_solution, ready.

# %%
import matplotlib.pyplot as plt
import numpy as np

from utils.chaos import lorenz_func, mackey_glass, runge_kutta
from utils.metrics import nrmse
from utils.reservoir import ESN, Linear
from utils.viewer import show_pairings

# %% [markdown] lang="en"
# ## 0. The network in one line
#
# The reservoir is a network of $N$ units, each of which hears the others. Their values at step $k$
# are its state $x[k] \in \mathbb{R}^N$. At every step an input $u$ arrives, and the state changes
# [1]:
#
# $$
# x[k+1] = (1 - a)\, x[k] + a \tanh\left(\rho W x[k] + W^{\mathrm{in}} u[k+1] + b\right), \qquad
# y[k] = W^{\mathrm{out}} \begin{bmatrix} 1 \\ x[k] \end{bmatrix}
# $$
#
# Read it from the inside out. Each unit hears the others, with the random weights $W$, and the
# input, with the random weights $W^{\mathrm{in}}$ and a bias $b$. $\tanh$ keeps the sum within
# $\pm 1$. The *leak rate* $a$ says how much of the old state makes room for the new; with $a = 1$,
# which is what we mostly use, all of it does. $W$ is scaled so that its largest eigenvalue has the
# modulus 1, its *spectral radius*; then $\rho$ is the spectral radius of the whole recurrent
# matrix. The output $y$ is a linear function of the state, and **only $W^{\mathrm{out}}$ is
# learned.**
#
# In the code, $W$ is `net.weight`, $\rho$ is `net.sr`, $a$ is `net.a` (`None` for no leak), and
# $W^{\mathrm{in}}$ and $b$ are `w_in.weight` and `w_in.bias` of a `Linear` layer, so that `w_in(u)`
# is $W^{\mathrm{in}} u + b$. With the sum `v` of all that arrives from outside, here `w_in(u)`,
# what `net(x, v)` does takes three lines (without a leak it returns `fresh`):
#
# ```python
# heard = net.sr * x @ net.weight.T + v  # what each unit hears
# fresh = np.tanh(heard)
# return (1 - net.a) * x + net.a * fresh
# ```
#
# `x @ net.weight.T` is $W x$ written so that it works for one state (N,) and for a whole table of
# states (R, N), one a row. Remember it: the chapter often runs several states side by side for the
# price of one.
#
# All random numbers of a network come from one generator `rnd`, in a fixed order: recurrent matrix,
# input weights, bias, and then whatever else is drawn. Two calls with equal seeds give the same
# network. In `draw_network`, `dim` is $N$, `sr` is $\rho$, and `dim_in` is the number of components
# of the input; input weights are uniform within plus or minus `bound`, biases within plus or minus
# `bias`.

# %% [markdown] lang="ja"
# ## 0. 1行で書けるネットワーク
#
# リザバーは、$N$個のユニットが互いにつながったネットワークです。
# ステップ$k$での全ユニットの値を並べたベクトル$x[k] \in \mathbb{R}^N$を、その状態といいます。
# ステップごとに入力$u$が届き、状態は次のように変わります [1]。
#
# $$
# x[k+1] = (1 - a)\, x[k] + a \tanh\left(\rho W x[k] + W^{\mathrm{in}} u[k+1] + b\right), \qquad
# y[k] = W^{\mathrm{out}} \begin{bmatrix} 1 \\ x[k] \end{bmatrix}
# $$
#
# 式の内側から読んでいきましょう。
# それぞれのユニットは、ほかのユニットの声をランダムな重み$W$で、入力をランダムな重み$W^{\mathrm{in}}$で聞き、そこにバイアス$b$が加わります。
# その合計を、$\tanh$が$\pm 1$の範囲に収めます。
# **リーク率**$a$は、古い状態のどれだけを新しい値に入れ替えるかを表します。
# この章では主に$a = 1$とし、すべて入れ替えます。
# $W$は、固有値の絶対値の最大値（**スペクトル半径**）が1になるように調整してあります。
# そこに$\rho$を掛けるので、再帰結合全体のスペクトル半径は$\rho$になります。
# 出力$y$は状態の線形関数で、**学習するのは$W^{\mathrm{out}}$だけです。**
#
# コードでは、$W$が`net.weight`、$\rho$が`net.sr`、$a$が`net.a`（リークなしなら`None`）です。
# $W^{\mathrm{in}}$と$b$は`Linear`層の`w_in.weight`と`w_in.bias`に当たり、`w_in(u)`が$W^{\mathrm{in}} u + b$です。
# 外から届くものの合計、ここでは`w_in(u)`を`v`とすると、`net(x, v)`の中身は3行で書けます（リークなしなら、`fresh`をそのまま返します）。
#
# ```python
# heard = net.sr * x @ net.weight.T + v  # 各ユニットが聞くもの
# fresh = np.tanh(heard)
# return (1 - net.a) * x + net.a * fresh
# ```
#
# `x @ net.weight.T`は$W x$のことです。
# この書き方は、1つの状態 (N,) にも、状態を1行に1つずつ並べた表 (R, N) にも使えます。
# 覚えておいてください。
# この章では、いくつもの状態を並べて、1つ分の手間で走らせる場面がたびたびあります。
#
# 1つのネットワークに使う乱数は、すべて1つの乱数生成器`rnd`から、再帰結合、入力の重み、バイアス、そのほか、という決まった順で引きます。
# シードが同じなら、同じネットワークができます。
# 次の`draw_network`では、`dim`が$N$、`sr`が$\rho$、`dim_in`が入力の成分の数です。
# 入力の重みは±`bound`の範囲、バイアスは±`bias`の範囲の一様乱数です。


# %%
def draw_network(rnd, dim, sr=0.9, dim_in=1, bound=1.0, bias=0.0):
    """A reservoir and its input layer, drawn from one generator in the chapter's order."""
    net = ESN(dim, sr=sr, rnd=rnd)
    w_in = Linear(dim_in, dim, bound=bound, bias=bias, rnd=rnd)
    return net, w_in


# %% [markdown] lang="en"
# Before anything is trained, let us listen. A reservoir at rest gets a single tap: the input is 1
# at step 0 and 0 ever after.

# %% [markdown] lang="ja"
# 学習の前に、まず耳を澄ませてみましょう。
# 静かなリザバーを一度だけたたきます。
# 入力はステップ0で1、そのあとはずっと0です。

# %%
fig, axes = plt.subplots(1, 3, figsize=(12, 3.2), sharey=True, layout="constrained")
for ax, rho in zip(axes, (0.5, 0.9, 0.99), strict=True):
    net, w_in = draw_network(np.random.default_rng(0), 100, sr=rho)
    x = np.zeros(100)
    echo = []
    for k in range(60):
        x = net(x, w_in([1.0 if k == 0 else 0.0]))
        echo.append(x[:6])
    ax.plot(echo)
    ax.set(xlabel="step k", title=f"rho = {rho}")
    print(f"rho = {rho}: largest of six units after 50 steps: {np.abs(echo[50]).max():.0e}")
axes[0].set_ylabel("state of six units")
fig.suptitle("The echo of a single tap")
plt.show()

# %% [markdown] lang="en"
# Six of the hundred units are drawn. Each answers the tap in its own way, and the answers ring on
# after the input has fallen silent: short at $\rho = 0.5$, long at $\rho = 0.99$. That ringing is
# the memory that a readout can use. It must last long enough for the task; it must also *end*, for
# what never fades gets in the way of what comes next. Section 2 makes this precise.
#
# ### Which state belongs to which target?
#
# One more thing has to be settled before any code, since more results are spoilt by it than by all
# the rest: at which moment is a state written down?
#
# > **In this chapter** `xs[k]` is the state *after* step `k`. It has heard `us[k]`. If it is to
# > foretell the input, it pairs with `us[k+1]`, the first value that it has not heard.
# >
# > **In chapter 8** `x[k]` is the state *before* step `k`. It has heard `d[k-1]`, and pairs with
# > `d[k]`, which is also the first value that it has not heard.
#
# The pairs are the same; their numbers are not. Both ways are common in books and papers, so before
# you take over a formula, ask which one it means.

# %% [markdown] lang="ja"
# 100個のユニットのうち6個を描きました。
# ユニットはそれぞれ違った応じ方をし、入力がやんだあとも響きは続きます。
# $\rho = 0.5$では短く、$\rho = 0.99$では長く響きます。
# この響きこそ、読み出し層が使える記憶です。
# 課題に必要な間は続いてほしい一方で、いつかは**消えて**くれないと困ります。
# いつまでも残る響きは、次に来る音の邪魔になるからです。
# 2節では、このことを正確に言い表します。
#
# ### どの状態がどの目標と組になるか
#
# コードを書く前に、もう1つ決めておくことがあります。
# 状態をどの瞬間に記録するか、です。
# 結果を台無しにする間違いの中でおそらくいちばん多いのが、ここでの取り違えです。
#
# > **この章では**、`xs[k]`はステップ`k`の**後**の状態です。
# > `us[k]`をもう聞いています。
# > 入力を予測させるなら、まだ聞いていない最初の値である`us[k+1]`と組にします。
# >
# > **8章では**、`x[k]`はステップ`k`の**前**の状態です。
# > `d[k-1]`まで聞いていて、`d[k]`と組になります。
# > これも、まだ聞いていない最初の値です。
#
# 組は同じで、番号だけが違います。
# 本や論文ではどちらの流儀も使われています。
# 式を借りてくるときは、まずどちらの意味なのかを確かめてください。

# %%
show_pairings(title="One run, counted in two ways")

# %% [markdown] lang="en"
# The circles and the arrows of both rows stand in the same places. Whoever mixes the rows is one
# step off, in one of two directions: the readout is asked for what the state has just heard, which
# is easy and worthless, or for something one step further than was meant. Section 6 shows what
# either does.
#
# ### What is ahead
#
# A reservoir echoes its input, and echoes fade (section 2). A linear readout listens (section 3). A
# task, NARMA10, asks for memory and for products (section 4), and the textbook's setting meets its
# equal. We learn to distrust one seed (section 5). At last the network hears its own output, and
# the model that is better by one measure turns out to be far worse by another (section 6).
#
# Two reviews go further: the field as a whole [3], and the practitioner's rules of thumb [4]. The
# pond, by the way, is more than a figure of speech: *physical* reservoirs compute with matter, with
# light, spins, soft bodies or water [11].

# %% [markdown] lang="ja"
# 灰色の矢印は「聞いた値」を、橙色の矢印は「答えさせる値」を表します。
# 上下の段で、丸も矢印も同じ場所にあります。
# 2つの流儀を混ぜると、どちらかの向きに1ステップずれます。
# 聞いたばかりの値を答えさせてしまうか（簡単ですが、何の役にも立ちません）、ねらいより1つ先の値を答えさせてしまうかです。
# それぞれで何が起こるかは、6節で見ます。
#
# ### これからの道のり
#
# リザバーは入力をこだまさせ、こだまは消えていきます（2節）。
# それを線形の読み出し層が聞き取ります（3節）。
# 記憶と積を必要とする課題NARMA10では、教科書どおりの設定が意外な相手と引き分けます（4節）。
# そして、1つのシードの結果だけを信じてはいけないことを学びます（5節）。
# 最後に、ネットワークが自分の出力を聞きます。
# ある物差しで優れているモデルが、別の物差しではずっと劣っていることがわかります（6節）。
#
# もっと知りたい方には、分野全体の総説 [3] と、実践的な手引き [4] があります。
# ちなみに、池はただのたとえではありません。
# **物理リザバー**は、光やスピン、柔らかい体や水といった物質そのものに計算させます [11]。

# %% [markdown] lang="en"
# ### References
#
# Numbers in brackets, here and in the sections below, stand for:

# %% [markdown] lang="ja"
# ### 参考文献
#
# 本文中の [ ] の番号は、次の文献を指します（以降の節でも同じです）。

# %% [markdown]
# 1. Jaeger, "The 'echo state' approach to analysing and training recurrent neural networks", GMD Report 148, 2001. [10.24406/publica-fhg-291111](https://doi.org/10.24406/publica-fhg-291111)
# 2. Jaeger & Haas, "Harnessing nonlinearity: Predicting chaotic systems and saving energy in wireless communication", *Science* 304, 78-80, 2004. [10.1126/science.1091277](https://doi.org/10.1126/science.1091277)
# 3. Lukoševičius & Jaeger, "Reservoir computing approaches to recurrent neural network training", *Computer Science Review* 3, 127-149, 2009. [10.1016/j.cosrev.2009.03.005](https://doi.org/10.1016/j.cosrev.2009.03.005)
# 4. Lukoševičius, "A practical guide to applying echo state networks", *Neural Networks: Tricks of the Trade*, 659-686, 2012. [10.1007/978-3-642-35289-8_36](https://doi.org/10.1007/978-3-642-35289-8_36)
# 5. Yildiz, Jaeger & Kiebel, "Re-visiting the echo state property", *Neural Networks* 35, 1-9, 2012. [10.1016/j.neunet.2012.07.005](https://doi.org/10.1016/j.neunet.2012.07.005)
# 6. Buehner & Young, "A tighter bound for the echo state property", *IEEE Transactions on Neural Networks* 17, 820-824, 2006. [10.1109/TNN.2006.872357](https://doi.org/10.1109/TNN.2006.872357)
# 7. Manjunath & Jaeger, "Echo state property linked to an input: Exploring a fundamental characteristic of recurrent neural networks", *Neural Computation* 25, 671-696, 2013. [10.1162/NECO_a_00411](https://doi.org/10.1162/NECO_a_00411)
# 8. Atiya & Parlos, "New results on recurrent network training: Unifying the algorithms and accelerating convergence", *IEEE Transactions on Neural Networks* 11, 697-709, 2000. [10.1109/72.846741](https://doi.org/10.1109/72.846741)
# 9. Rodan & Tiňo, "Minimum complexity echo state network", *IEEE Transactions on Neural Networks* 22, 131-144, 2011. [10.1109/TNN.2010.2089641](https://doi.org/10.1109/TNN.2010.2089641)
# 10. Gauthier, Bollt, Griffith & Barbosa, "Next generation reservoir computing", *Nature Communications* 12, 5564, 2021. [10.1038/s41467-021-25801-2](https://doi.org/10.1038/s41467-021-25801-2)
# 11. Nakajima, "Physical reservoir computing: an introductory perspective", *Japanese Journal of Applied Physics* 59, 060501, 2020. [10.35848/1347-4065/ab8d4f](https://doi.org/10.35848/1347-4065/ab8d4f)
# 12. Wyffels, Schrauwen & Stroobandt, "Stable output feedback in reservoir computing using ridge regression", *ICANN 2008*, 808-817. [10.1007/978-3-540-87536-9_83](https://doi.org/10.1007/978-3-540-87536-9_83)
