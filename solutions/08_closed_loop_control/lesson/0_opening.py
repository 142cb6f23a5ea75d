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
# # 8. Closed-loop control with echo state networks
#
# Whistle a tune to a reservoir and it echoes: its state is a running, nonlinear memory of what
# came in. Now let it hear *itself*. Feed its output back, cut the input, and the same network has
# to decide at every step what comes next. If it was trained well, the tune goes on by itself. It
# may even go on when the tune is chaotic.
#
# **After this chapter you can**
#
# - sample chaotic targets, among them one whose state is a whole function of time;
# - train a closed loop *offline*: force the right output, fit a readout, let go;
# - train it *online* with recursive least squares while the loop stays closed (FORCE);
# - put two attractors into one network and choose between them with an input;
# - say with a number, not by eye, whether an attractor was captured.
#
# **You need** Python with NumPy, linear regression, and the idea of an echo state network:
# spectral radius, leak rate, readout. Chapter 3 builds all of it. What a differential equation is helps; no solver is assumed.
#
# | exercise | topic | minutes |
# | --- | --- | --- |
# | 01_01 | sampling the Mackey-Glass equation | 20 |
# | 02_01 | open and closed loop | 20 |
# | 02_02 | offline training and evaluation | 20 |
# | 03_01 | recursive least squares | 25 |
# | 03_02 | learning in the closed loop | 25 |
# | 03_03 | several attractors in one network | 20 |
#
# Reading and playing with the demonstrations takes about as long again. The advanced questions are
# open-ended.
#
# **How it works.** Write your code in place of each `...` that stands beside a `# TODO`. `test_func`
# below it judges the function at once and says what is wrong. Stuck? Run `hint("01_01")`, which goes
# one step further each time. If that is not enough, `show_solution("01_01")` prints an answer, and
# `use_solution("01_01")` puts it in place, so that everything further down runs. Start here:

# %% [markdown] lang="ja"
# # 8. エコーステートネットワークによる閉ループ制御
#
# リザバーに口笛でメロディーを聞かせると、「こだま」が返ってきます。
# 内部状態が、入力の履歴を非線形に混ぜ合わせた記憶になっているからです。
# では、リザバーに自分自身の声を聞かせたらどうなるでしょうか。
# 出力をフィードバックし、入力を切ってしまうと、同じネットワークが次の一音を毎ステップ自分で決めることになります。
# うまく学習できていれば、メロディーはひとりでに続きます。
# たとえそれがカオスであってもです。
#
# **この章でできるようになること**
#
# - カオス的な目標時系列を生成する（状態が「時間の関数」そのものになる系も含む）。
# - 閉ループを**オフライン**で学習する（正しい出力を強制して読み出し層を求め、それから手を離す）。
# - ループを閉じたまま、逐次最小二乗法で**オンライン**に学習する（FORCE学習）。
# - 1つのネットワークに2つのアトラクタを埋め込み、入力で切り替える。
# - アトラクタを再現できたかどうかを、見た目ではなく数値で判断する。
#
# **前提知識** PythonとNumPy、線形回帰、そしてエコーステートネットワークの基本（スペクトル半径、リーク率、読み出し層）です。
# どれも3章で一から作ります。
# 微分方程式が何かを知っていると読みやすくなりますが、数値解法の知識は要りません。
#
# | 演習 | 内容 | 目安（分） |
# | --- | --- | --- |
# | 01_01 | Mackey-Glass方程式のサンプリング | 20 |
# | 02_01 | 開ループと閉ループ | 20 |
# | 02_02 | オフライン学習と評価 | 20 |
# | 03_01 | 逐次最小二乗法 | 25 |
# | 03_02 | 閉ループの中での学習 | 25 |
# | 03_03 | 1つのネットワークに複数のアトラクタ | 20 |
#
# 説明を読み、デモを動かす時間も、同じくらい見込んでください。
# 発展問題には決まった時間はありません。
#
# **進め方** `# TODO`の付いた`...`を、自分のコードに置き換えます。
# すぐ下の`test_func`がその場で判定し、違っていればどこが違うかを教えてくれます。
# 行き詰まったら、まず`hint("01_01")`を実行してください（実行するたびに1段階ずつ進みます）。
# それでも解けないときは、`show_solution("01_01")`で解答を表示できます。
# `use_solution("01_01")`を実行すると解答がそのまま使えるようになり、先のセルも動きます。
# まずは準備です。

# %% setup=true
# The build writes the set-up cell here: project root, test_func, show_solution, use_solution, ready.

# %%
import matplotlib.pyplot as plt
import numpy as np

from utils.chaos import ConstantHistory, chongxin_func, lorenz_func, mackey_glass, runge_kutta
from utils.metrics import nrmse, return_map_distance, valid_prediction_time
from utils.reservoir import ESN, Linear, RidgeReadout, RLSReadout
from utils.tqdm import tqdm, trange
from utils.viewer import (
    construct_delayed_coord,
    show_3d_coord,
    show_delayed_coord,
    show_pairings,
    show_record,
    show_return_map,
    show_trajectory,
)

# %% [markdown] lang="en"
# ## 0. Opening the loop, closing the loop
#
# **Open loop.** An ordinary echo state network is driven from outside by an input $u$:
#
# $$
# x[k+1] = \tanh\left(\rho W^{\mathrm{rec}} x[k] + W^{\mathrm{in}} u[k+1]\right), \qquad
# y[k] = W^{\mathrm{out}} \begin{bmatrix} 1 \\ x[k] \end{bmatrix}
# $$
#
# with the state $x[k] \in \mathbb{R}^N$, the output $y[k]$ and its target $d[k]$. Only
# $W^{\mathrm{out}}$ is trained.
#
# **Closed loop.** The output comes back as one more drive:
#
# $$
# x[k+1] = \tanh\left(\rho W^{\mathrm{rec}} x[k] + W^{\mathrm{in}} u[k+1]
#          + W^{\mathrm{feed}} y[k]\right)
# $$
#
# Often the target is the *next input*, $d[k] = u[k+1]$: the network shall foretell what it is going
# to hear. Once it can, $y[k]$ says what $u[k+1]$ would have said, the two drives do the same job,
# and $W^{\mathrm{in}}$ drops out:
#
# $$
# x[k+1] = \tanh\left(\rho W^{\mathrm{rec}} x[k] + W^{\mathrm{feed}} y[k]\right)
# $$
#
# No input is left. This network is an autonomous dynamical system, and whatever it does from now on,
# it does by itself.
#
# In the code, $W^{\mathrm{rec}}$ is `net.weight`, a random matrix scaled to spectral radius 1, and
# $\rho$ is `net.sr`: a factor, and so the spectral radius of $\rho W^{\mathrm{rec}}$. The leak rate
# $a$ (which comes in section 3) is `net.a`, and `w_in`, `w_feed`, `w_out` are `Linear` layers: a weight
# and a bias. The column of $W^{\mathrm{out}}$ that multiplies the 1 is `w_out.bias`. The
# formulas leave out the bias of `w_feed`, a constant that each unit gets together with
# $W^{\mathrm{feed}} y[k]$; every network that we train below has one, and 02_A1 shows how the loop
# fails without.

# %% [markdown] lang="ja"
# ## 0. ループを開く、ループを閉じる
#
# **開ループ** ふつうのエコーステートネットワークは、外からの入力$u$で駆動されます。
#
# $$
# x[k+1] = \tanh\left(\rho W^{\mathrm{rec}} x[k] + W^{\mathrm{in}} u[k+1]\right), \qquad
# y[k] = W^{\mathrm{out}} \begin{bmatrix} 1 \\ x[k] \end{bmatrix}
# $$
#
# $x[k] \in \mathbb{R}^N$が内部状態、$y[k]$が出力、$d[k]$がその目標です。
# 学習するのは$W^{\mathrm{out}}$だけです。
#
# **閉ループ** 出力を、もう1つの駆動項として戻します。
#
# $$
# x[k+1] = \tanh\left(\rho W^{\mathrm{rec}} x[k] + W^{\mathrm{in}} u[k+1]
#          + W^{\mathrm{feed}} y[k]\right)
# $$
#
# 目標が**次の入力**、つまり$d[k] = u[k+1]$である場合を考えましょう。
# これから聞こえてくるものを言い当てる、という課題です。
# 言い当てられるようになれば$y[k]$は$u[k+1]$の代わりになり、2つの駆動項の役割が重なるので、$W^{\mathrm{in}}$は要らなくなります。
#
# $$
# x[k+1] = \tanh\left(\rho W^{\mathrm{rec}} x[k] + W^{\mathrm{feed}} y[k]\right)
# $$
#
# 入力はもうどこにもありません。
# ネットワークは自律的な力学系になり、ここから先の振る舞いはすべて自分で生み出すものです。
#
# コードでは、$W^{\mathrm{rec}}$が`net.weight`、$\rho$が`net.sr`、3節で登場するリーク率$a$が`net.a`です。
# $W^{\mathrm{rec}}$はスペクトル半径が1になるようにそろえたランダムな行列なので、それに掛ける$\rho$が、$\rho W^{\mathrm{rec}}$のスペクトル半径になります。
# `w_in`、`w_feed`、`w_out`は重みとバイアスをもつ`Linear`層で、$W^{\mathrm{out}}$のうち1に掛かる列が`w_out.bias`に当たります。
# 式では省いていますが、`w_feed`にもバイアスがあり、$W^{\mathrm{feed}} y[k]$と一緒に、ユニットごとに決まった定数が加わります。
# これから学習させるネットワークにはどれもこのバイアスがあり、ないとループが破綻することを02_A1で確かめます。

# %% [markdown] lang="en"
# ### Closing the loop rewires the network
#
# The readout is linear, so put it into the equation. With $W^{\mathrm{out}} = [\,b \;\; W\,]$,
#
# $$
# \rho W^{\mathrm{rec}} x[k] + W^{\mathrm{feed}} \left(b + W x[k]\right)
# = \left(\rho W^{\mathrm{rec}} + W^{\mathrm{feed}} W\right) x[k] + W^{\mathrm{feed}} b .
# $$
#
# A closed loop *is* a reservoir whose recurrent matrix is $\rho W^{\mathrm{rec}} + W^{\mathrm{feed}}
# W$, plus a constant drive. We believed we were training an output; in truth we are training the
# recurrent connections, though only by a matrix whose rank is at most the number of outputs.
# Control engineers know this picture as state feedback: a plant, and a gain that moves its
# eigenvalues.
#
# How much can so little do? Below, a reservoir of 200 units with $\rho = 0.9$, in which every
# activity dies out, gets two outputs that are not trained but designed: they read the two numbers
# that the feedback writes, turn them by a twentieth of a circle and stretch them by 1.3.

# %% [markdown] lang="ja"
# ### ループを閉じると、結合が変わる
#
# 読み出し層は線形なので、式に代入してしまいましょう。
# $W^{\mathrm{out}} = [\,b \;\; W\,]$と書くと、
#
# $$
# \rho W^{\mathrm{rec}} x[k] + W^{\mathrm{feed}} \left(b + W x[k]\right)
# = \left(\rho W^{\mathrm{rec}} + W^{\mathrm{feed}} W\right) x[k] + W^{\mathrm{feed}} b
# $$
#
# となります。
# つまり閉ループとは、再帰結合行列が$\rho W^{\mathrm{rec}} + W^{\mathrm{feed}} W$に変わり、一定の駆動が加わったリザバーそのものです。
# 出力を学習しているつもりで、実は再帰結合を学習していたわけです。
# ただし、加えられる変化は、ランクが出力の数以下の行列に限られます。
# 制御工学の言葉でいえば状態フィードバックです。
# 制御対象にゲインをつないで、固有値を動かします。
#
# それだけの変更で、どれほどのことができるのでしょうか。
# 下のリザバーは200ユニットで$\rho = 0.9$、放っておけば活動は消えてしまいます。
# ここに出力を2つ付けます。
# 学習はせず、手で設計します。
# フィードバックが書き込む2つの数を読み取り、20分の1回転させて1.3倍する読み出し層です。

# %%
rnd = np.random.default_rng(1234)
net = ESN(200, sr=0.9, rnd=rnd)
w_feed = Linear(2, 200, bound=1.0, rnd=rnd)
angle = 2 * np.pi / 20
turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
w_out = Linear(200, 2, weight=1.3 * turn @ np.linalg.pinv(w_feed.weight))
rewired = ESN(200, weight=net.sr * net.weight + w_feed.weight @ w_out.weight)

x_open = x_closed = x_rewired = rnd.uniform(-1, 1, 200)
y_open, y_closed = [], []
for _ in range(150):
    y_open.append(w_out(x_open)[0])
    y_closed.append(w_out(x_closed)[0])
    x_open = net(x_open)
    x_closed = net(x_closed, w_feed(w_out(x_closed)))
    x_rewired = rewired(x_rewired)
print(f"closed loop against rewired network: {np.abs(x_closed - x_rewired).max():.1e}")

fig, (left, right) = plt.subplots(1, 2, figsize=(11, 4.5), layout="constrained")
for matrix, mark, label in [
    (net.sr * net.weight, "o", "loop open"),
    (rewired.weight, "x", "loop closed"),
]:
    eigenvalues = np.linalg.eigvals(matrix)
    left.plot(eigenvalues.real, eigenvalues.imag, mark, ms=4, label=label)
left.add_patch(plt.Circle((0, 0), 1, fill=False, ls="--"))
left.set(xlabel="real part", ylabel="imaginary part", title="Eigenvalues", aspect="equal")
left.set_xlim(-1.15, 2.15)  # room for the legend beside the circle
left.legend(loc="upper right")
right.plot(y_open, label="loop open")
right.plot(y_closed, label="loop closed")
right.set(xlabel="step k", ylabel="first output", title="What the network does", ylim=(-0.95, 1.15))
right.legend(loc="upper right", ncols=2)
plt.show()

# %% [markdown] lang="en"
# The two ways of computing agree to rounding. On the left, closing the loop shuffles the eigenvalues
# a little, but 198 of the 200 stay inside the unit circle (dashed) and two jump out, near the angle
# we asked for. On the right the same thing in time: with the loop open the activity dies; with the
# loop closed it grows until $\tanh$ holds it, and a steady rhythm remains. Two rows of numbers gave
# the network a clock. (It needs about 23 steps a turn, not 20: the other connections have their say.)
#
# That is why closing the loop deserves a chapter. It also raises a question: if training a readout
# is training the recurrent matrix, why stop at so low a rank? *Full-FORCE* [2] trains all of it,
# towards the activity of a second network that is shown the desired output. *Innate training* [3]
# teaches a chaotic network to repeat one of its own trajectories, and to come back to it when
# disturbed.
#
# ### Where closed loops come from
#
# From control: a thermostat, a walking robot, anything whose action changes what it senses next.
# The reservoir need not be a computer program either: a *physical reservoir* computes with matter. In
# the soft swimming robot of Horii et al. [1] it is the body: a readout turns what is sensed of the body into its motor command, and the loop
# closes through the body and the water around it.
#
# ### Two ways of training
#
# | | offline (section 2) | online (section 3) |
# | --- | --- | --- |
# | while training | the loop is cut, the *target* is fed back (teacher forcing) | the loop stays closed, the network hears its own output |
# | the readout | one regression at the end | one small update each step or so |
# | known from | Jaeger & Haas 2004 [4] | Sussillo & Abbott 2009 [5], "FORCE" |
# | the danger | small errors that training never showed may grow once we let go | the output must be nearly right from the first updates on |
#
# FORCE stands for *First-Order Reduced and Controlled Error*. Any rule counts that makes the error
# after an update smaller than the one before, and so keeps the feedback close to the target
# throughout. The usual rule is recursive least squares (RLS). RLS itself was in use for echo state
# networks before (also in [4]); what is new in [5] is that the loop is left closed around a reservoir
# that is *chaotic* before training, and that the chaos turns out to help.
#
# ### What we shall ask the networks to do
#
# Two kinds of chaos come first: the Lorenz system [9], three numbers that loop around two wings,
# and the Mackey-Glass equation [6], a model of how white blood cells are produced, in which the
# present depends on the past of a while ago. As a *delay* equation it has a state of infinite
# dimension: to go on, you must know a whole stretch of the past. Section 1 builds both.

# %% [markdown] lang="ja"
# 2通りの計算は丸め誤差の範囲で一致しました。
# 左の図では、ループを閉じると固有値が少しずつ動きますが、200個のうち198個は単位円（破線）の内側にとどまり、2つだけがねらった角度の近くで円の外へ飛び出しています。
# 右は同じことを時間で見たものです。
# ループを開いたままだと活動は消えてしまいます。
# 閉じると振動が育ち、$\tanh$に抑えられたところで一定のリズムが残ります。
# たった2行の数が、ネットワークに時計を与えたのです（1回転は20ステップではなく約23ステップです。ほかの結合の影響も残っているからです）。
#
# ループを閉じることに1章を割く理由がここにあります。
# 同時に、疑問も湧いてきます。
# 読み出し層の学習が再帰結合の学習であるなら、なぜ低ランクで満足するのでしょうか。
# *full-FORCE* [2] は、望みの出力を見せられたもう1つのネットワークの活動を手本に、再帰結合の全体を学習します。
# *innate training* [3] は、カオス的なネットワークに自分自身の軌道の1つを覚え込ませ、乱されてもそこへ戻れるようにします。
#
# ### 閉ループはどこから来たか
#
# 出発点は制御です。
# サーモスタットも歩行ロボットも、自分のとった行動によって、次に感じ取るものが変わります。
# リザバーも、計算機の中のプログラムとは限りません。
# 物質そのものに計算させるリザバーを**物理リザバー**といいます。
# Horiiら [1] のソフト遊泳ロボットでは、柔らかい体そのものがリザバーです。
# 体から読み取った信号を読み出し層がモータ指令に変え、ループは体とまわりの水を通って閉じます。
#
# ### 2つの学習方法
#
# | | オフライン（2節） | オンライン（3節） |
# | --- | --- | --- |
# | 学習中 | ループを切り、目標を戻す（教師強制） | ループは閉じたまま、自分の出力を聞く |
# | 読み出し層 | 最後に1回の回帰で求める | 1〜数ステップごとに少しずつ更新する |
# | 代表的な文献 | Jaeger & Haas 2004 [4] | Sussillo & Abbott 2009 [5]（FORCE学習） |
# | 難しさ | 学習中に現れなかった小さな誤差が、手を離したあとで育つことがある | 最初の数回の更新から、出力がほぼ正しくなければならない |
#
# FORCEは*First-Order Reduced and Controlled Error*の略です。
# 更新後の誤差が更新前より小さくなり、フィードバックされる信号がいつも目標の近くに保たれるなら、どんな更新則でもFORCEと呼べます。
# ふつうは逐次最小二乗法（RLS）を使います。
# RLS自体は以前からエコーステートネットワークで使われていました（[4] にもあります）。
# [5] の新しさは、学習前にカオス的なリザバーを使い、そのループを閉じたまま学習すること、そしてそのカオスがかえって役に立つと示したことです。
#
# ### ネットワークに何をさせるか
#
# まず2種類のカオスを用意します。
# 3つの変数が2枚の羽のまわりを回り続けるローレンツ系 [9] と、白血球の産生のモデルで、現在の変化が少し前の値で決まるMackey-Glass方程式 [6] です。
# 後者は**遅延**微分方程式で、先へ進めるには過去の一区間をまるごと知っていなければなりません。
# 状態が無限次元なのです。
# 1節では、この両方を作ります。

# %% [markdown] lang="en"
# ### References
#
# Numbers in brackets, here and in the sections below, stand for:

# %% [markdown] lang="ja"
# ### 参考文献
#
# 本文中の [ ] の番号は、次の文献を指します（以降の節でも同じです）。

# %% [markdown]
# 1. Horii et al., "Physical reservoir computing in a soft swimming robot", *ALIFE 2021*. [10.1162/isal_a_00426](https://doi.org/10.1162/isal_a_00426)
# 2. DePasquale et al., "full-FORCE: A target-based method for training recurrent networks", *PLoS ONE* 13, e0191527, 2018. [10.1371/journal.pone.0191527](https://doi.org/10.1371/journal.pone.0191527)
# 3. Laje & Buonomano, "Robust timing and motor patterns by taming chaos in recurrent neural networks", *Nature Neuroscience* 16, 925-933, 2013. [10.1038/nn.3405](https://doi.org/10.1038/nn.3405)
# 4. Jaeger & Haas, "Harnessing nonlinearity: Predicting chaotic systems and saving energy in wireless communication", *Science* 304, 78-80, 2004. [10.1126/science.1091277](https://doi.org/10.1126/science.1091277)
# 5. Sussillo & Abbott, "Generating coherent patterns of activity from chaotic neural networks", *Neuron* 63, 544-557, 2009. [10.1016/j.neuron.2009.07.018](https://doi.org/10.1016/j.neuron.2009.07.018)
# 6. Mackey & Glass, "Oscillation and chaos in physiological control systems", *Science* 197, 287-289, 1977. [10.1126/science.267326](https://doi.org/10.1126/science.267326)
# 7. Liu et al., "A new chaotic attractor", *Chaos, Solitons & Fractals* 22, 1031-1038, 2004. [10.1016/j.chaos.2004.02.060](https://doi.org/10.1016/j.chaos.2004.02.060)
# 8. Liu et al., "A new butterfly-shaped attractor of Lorenz-like system", *Chaos, Solitons & Fractals* 28, 1196-1203, 2006. [10.1016/j.chaos.2004.09.111](https://doi.org/10.1016/j.chaos.2004.09.111)
# 9. Lorenz, "Deterministic nonperiodic flow", *Journal of the Atmospheric Sciences* 20, 130-141, 1963. [10.1175/1520-0469(1963)020<0130:DNF>2.0.CO;2](https://doi.org/10.1175/1520-0469%281963%29020%3C0130%3ADNF%3E2.0.CO%3B2)
# 10. Takens, "Detecting strange attractors in turbulence", *Lecture Notes in Mathematics* 898, 366-381, 1981. [10.1007/BFb0091924](https://doi.org/10.1007/BFb0091924)
# 11. Sauer, Yorke & Casdagli, "Embedology", *Journal of Statistical Physics* 65, 579-616, 1991. [10.1007/BF01053745](https://doi.org/10.1007/BF01053745)
# 12. Farmer, "Chaotic attractors of an infinite-dimensional dynamical system", *Physica D* 4, 366-393, 1982. [10.1016/0167-2789(82)90042-2](https://doi.org/10.1016/0167-2789%2882%2990042-2)
