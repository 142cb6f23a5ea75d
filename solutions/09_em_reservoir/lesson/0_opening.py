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
# # 9. A reservoir that learns a picture
#
# What is a picture? To a file it is a table of numbers. To a painter's apprentice it is something
# else: point anywhere on the canvas, and he tells you which colour belongs there. This chapter
# trains such an apprentice. He is a reservoir; he hears two numbers, $x$ and $y$, and answers with
# three: red, green, blue.
#
# In chapter 8 the reservoir was drawn at random and stayed as it was; only its readout learned. A
# random reservoir is a poor painter, as you will see, and so this time the reservoir learns, too.
# The obvious way is to take turns: the best readout for this reservoir, then a better reservoir for
# this readout, and so on. It will disappoint us. Finding out why, with experiments, is the heart of
# the chapter; a method from 1973 that does better is its end.
#
# **After this chapter you can**
#
# - write an image as a function, and say with a number how well it is painted;
# - use a deep reservoir as a feature map, in NumPy and in PyTorch, and send gradients through it;
# - train reservoir and readout in turns, and tell a fair comparison from an unfair one;
# - show by experiment why taking turns stalls;
# - train both at once although only one of them is seen by the gradient: *variable projection*.
#
# **You need** Python with NumPy, linear regression, and the idea of a gradient. Sections 2, 3 and 5
# need PyTorch as well; without it you can read on, and do sections 1 and 4.
#
# | exercise | topic | minutes |
# | --- | --- | --- |
# | 01_01 | the grid of coordinates | 10 |
# | 01_02 | how well is it painted? | 10 |
# | 01_03 | the spectral radius | 10 |
# | 01_04 | the features of a reservoir | 20 |
# | 01_05 | the readout | 15 |
# | 02_01 | the reservoir as tensors | 20 |
# | 02_02 | ridge regression without squaring | 20 |
# | 02_03 | what the M-step descends | 15 |
# | 02_04 | one M-step | 15 |
# | 03_01 | the EM loop | 25 |
# | 04_01 | the random baseline | 15 |
# | 04_02 | Fourier features | 10 |
# | 04_03 | the scale, chosen on validation pixels | 15 |
# | 05_01 | the reduced objective and its gradient | 25 |
# | 05_02 | a step of variable projection | 15 |
#
# Reading and playing with the demonstrations takes about as long again. The advanced questions are
# open-ended.
#
# **How it works.** Write your code in place of each `...` that stands beside a `# TODO`. `test_func`
# below it judges the function at once and says what is wrong. Stuck? Run `hint("01_01")`, which goes
# one step further each time. If that is not enough, `show_solution("01_01")` prints an answer, and
# `use_solution("01_01")` puts it in place, so that everything further down runs. Start here:

# %% [markdown] lang="ja"
# # 9. 絵を覚えるリザバー
#
# 絵とは何でしょうか。
# ファイルにとっては、数の並んだ表です。
# 画家の弟子にとっては、少し違います。
# キャンバスのどこかを指さすと、「そこはこの色です」と答えてくれます。
# この章では、そういう弟子を育てます。
# 弟子はリザバーで、$x$と$y$の2つの数を聞いて、赤・緑・青の3つの数を答えます。
#
# 8章のリザバーは、乱数で作ったらそれきりで、学習するのは読み出し層だけでした。
# これから見るとおり、ランダムなリザバーは絵が上手ではありません。
# そこで今度は、リザバー自身にも学習させます。
# すぐに思いつくのは、交代で直していくやり方です。
# いまのリザバーに最適な読み出し層を求め、次にその読み出し層に合わせてリザバーを改良し、これを繰り返します。
# ところが、このやり方には裏切られます。
# なぜうまくいかないのかを実験で突き止めることが、この章の中心です。
# そして最後に、1973年から知られている、もっとよい方法にたどり着きます。
#
# **この章でできるようになること**
#
# - 画像を関数として表し、どれくらい上手に描けたかを数値で言う。
# - 多層のリザバーをNumPyとPyTorchで特徴写像として使い、その中に勾配を通す。
# - リザバーと読み出し層を交互に学習させ、公平な比較とそうでない比較を見分ける。
# - 交互の学習がなぜ行き詰まるのかを、実験で示す。
# - 勾配が直接見ているのは片方だけなのに、両方を同時に学習させる（**変数射影法**、variable projection）。
#
# **前提知識** PythonとNumPy、線形回帰、そして勾配の考え方です。
# 2節、3節、5節ではPyTorchも使います。
# PyTorchがなくても読み進めることはでき、1節と4節の演習もできます。
#
# | 演習 | 内容 | 目安（分） |
# | --- | --- | --- |
# | 01_01 | 座標の格子 | 10 |
# | 01_02 | どれくらい上手に描けたか | 10 |
# | 01_03 | スペクトル半径 | 10 |
# | 01_04 | リザバーの特徴量 | 20 |
# | 01_05 | 読み出し層 | 15 |
# | 02_01 | テンソルで書いたリザバー | 20 |
# | 02_02 | 2乗しないリッジ回帰 | 20 |
# | 02_03 | Mステップが下る損失 | 15 |
# | 02_04 | 1回のMステップ | 15 |
# | 03_01 | EMループ | 25 |
# | 04_01 | ランダムなリザバーという基準 | 15 |
# | 04_02 | フーリエ特徴 | 10 |
# | 04_03 | 検証用の画素によるスケールの選択 | 15 |
# | 05_01 | 縮約した目的関数とその勾配 | 25 |
# | 05_02 | 変数射影法の1ステップ | 15 |
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

# %% setup=true demos=110 advanced=70 megabytes=1500
# The build writes the set-up cell here: project root, test_func, show_solution, use_solution, ready.

# %%
import time

import matplotlib.pyplot as plt
import numpy as np

from utils.optional import torch
from utils.pictures import load_cat
from utils.tqdm import tqdm, trange

# %% [markdown] lang="en"
# ## 0. A picture is a function
#
# This is Chelsea, a cat. Her photograph is the only data of the chapter.

# %% [markdown] lang="ja"
# ## 0. 絵は関数である
#
# 猫のチェルシーです。
# この章のデータは、この写真1枚だけです。

# %%
FULL = False  # True: the chapter's full setting, for a GPU or a patient CPU
SIZE, HIDDEN = (128, 256) if FULL else (48, 64)
image = load_cat(SIZE)

row = SIZE // 3
fig, (left, right) = plt.subplots(1, 2, figsize=(11, 4), layout="constrained", width_ratios=[1, 2])
left.imshow(image, extent=(0, 1, 1, 0))
left.axhline((row + 0.5) / SIZE, color="w", ls="--")
left.set(xlabel="x", ylabel="y", title=f"{SIZE} x {SIZE} pixels")
x = np.linspace(0, 1, SIZE, endpoint=False)
for channel, name in enumerate(("red", "green", "blue")):
    right.plot(x, image[row, :, channel], ".-", color=name, label=name)
right.set(xlabel="x", ylabel="brightness", title="The dashed line: three functions of x")
right.legend(loc="lower right")
plt.show()

# %% [markdown] lang="en"
# Walk along the dashed line and note what you see: three curves that wander over the fur and
# plunge at the eye. The whole picture is a function of two variables,
#
# $$
# f : [0, 1)^2 \to [0, 1]^3, \qquad (x, y) \mapsto (r, g, b) ,
# $$
#
# from a place to its red, green and blue. A network trained to be that function holds the picture in
# its weights. That is called an *implicit neural representation*. It knows nothing of pixels: it can
# be asked between them, and a crop, an upscaling or a picture that is not square are only other
# questions to the same function.
#
# The cat is kept small so that all of the chapter runs on a laptop. `FULL = True` in the cell above
# switches to $128 \times 128$ pixels and 256 units a layer. The numbers in the text belong to
# `FULL = False`.
#
# ### Two blocks of parameters
#
# Our network is a reservoir of three layers, with weights $\theta$, and a linear readout
# $W_{\mathrm{out}}$. Let row $i$ of $X$ be the coordinates of pixel $i$, row $i$ of $Y$ its colour,
# row $i$ of $H(\theta)$ the states in which the reservoir ends up when it hears the coordinates. Then
#
# $$
# Y \approx H(\theta)\, W_{\mathrm{out}} .
# $$
#
# The two blocks could not be more different. For fixed $\theta$ the best $W_{\mathrm{out}}$ is a
# ridge regression: one linear system, no learning rate, done. For fixed $W_{\mathrm{out}}$ no such
# formula gives the best $\theta$; one goes down a gradient, step by step. So take turns:
#
# - **"E-step"**: hold the reservoir, solve for the readout;
# - **"M-step"**: hold the readout, take gradient steps on the reservoir.
#
# ### An honest word about the name
#
# The scheme is called *EM-style* after the expectation-maximisation algorithm [5], which also takes
# turns. The likeness ends there. In EM the E-step computes the *posterior distribution* of hidden
# variables, and that is what its guarantee rests on: the likelihood never falls. We have no hidden
# variables, no posterior and no likelihood; the readout is a parameter like any other. What we do is
# **block coordinate descent**, also called alternating minimisation. The letters E and M are nothing
# but short names of the two steps.
#
# And for exactly this kind of problem, least squares in which some of the parameters enter linearly
# and can be solved for, the literature offers another method: the *variable projection* of Golub and
# Pereyra [1]. We shall first do the alternating scheme thoroughly, then measure where it fails, and
# close with the better one.

# %% [markdown] lang="ja"
# 破線に沿って歩きながら、見える色を書き留めてみましょう。
# 3本の曲線が得られます。
# 毛並みの上ではゆるやかに揺れ、目のところで急に落ち込みます。
# 絵の全体は、2変数の関数
#
# $$
# f : [0, 1)^2 \to [0, 1]^3, \qquad (x, y) \mapsto (r, g, b)
# $$
#
# （場所から赤・緑・青への写像）です。
# ネットワークをこの関数になるように学習させれば、絵は重みの中に収まります。
# これを**陰的ニューラル表現**（implicit neural representation）といいます。
# このネットワークは画素というものを知りません。
# 画素と画素の間の色を尋ねてもかまいませんし、切り抜きも、拡大も、正方形でない絵も、同じ関数への別の質問にすぎません。
#
# 章の全体がノートPCで動くように、猫は小さくしてあります。
# 上のセルで`FULL = True`とすると、$128 \times 128$画素、1層256ユニットの設定になります。
# 本文中の数値は`FULL = False`のものです。
#
# ### 2種類のパラメータ
#
# ここで使うネットワークは、重み$\theta$をもつ3層のリザバーと、線形の読み出し層$W_{\mathrm{out}}$からなります。
# $X$の第$i$行を画素$i$の座標、$Y$の第$i$行をその色、$H(\theta)$の第$i$行を、その座標を聞かせたときにリザバーが行き着く状態とすると、
#
# $$
# Y \approx H(\theta)\, W_{\mathrm{out}}
# $$
#
# です。
# この2種類のパラメータは、性質がまるで違います。
# $\theta$を固定すれば、最適な$W_{\mathrm{out}}$はリッジ回帰で求まります。
# 連立一次方程式を1回解くだけで、学習率も要りません。
# 一方、$W_{\mathrm{out}}$を固定しても、最適な$\theta$を与えるそのような式はなく、勾配に沿って一歩ずつ下っていくことになります。
# そこで、交代で進めます。
#
# - **「Eステップ」**：リザバーを固定し、読み出し層を解く。
# - **「Mステップ」**：読み出し層を固定し、勾配法でリザバーを何歩か進める。
#
# ### 名前についての但し書き
#
# このやり方は、同じように2つのステップを交互に行う期待値最大化（EM）アルゴリズム [5] にちなんで「EM**風**」と呼ばれます。
# ただし、似ているのはそこまでです。
# EMアルゴリズムのEステップは、隠れ変数の**事後分布**を計算します。
# 尤度が決して下がらないという保証は、これに基づいています。
# ここには隠れ変数も、事後分布も、尤度もありません。
# 読み出し層は、ほかと変わらないただのパラメータです。
# 私たちがするのは**ブロック座標降下法**（交互最小化ともいいます）であり、EとMの文字は、2つのステップの短い呼び名にすぎません。
#
# しかも、一部のパラメータが線形に入っていて解けてしまう最小二乗問題には、それ専用の方法が文献にあります。
# GolubとPereyraの**変数射影法** [1] です。
# まずは交互のやり方をひととおり作り、どこでつまずくのかを測り、最後にこのよりよい方法で章を閉じます。

# %% [markdown] lang="en"
# ### References
#
# Numbers in brackets, here and in the sections below, stand for:

# %% [markdown] lang="ja"
# ### 参考文献
#
# 本文中の [ ] の番号は、次の文献を指します（以降の節でも同じです）。

# %% [markdown]
# 1. Golub & Pereyra, "The differentiation of pseudo-inverses and nonlinear least squares problems whose variables separate", *SIAM Journal on Numerical Analysis* 10, 413-432, 1973. [10.1137/0710036](https://doi.org/10.1137/0710036)
# 2. Tancik et al., "Fourier features let networks learn high frequency functions in low dimensional domains", *NeurIPS* 2020. [arXiv:2006.10739](https://arxiv.org/abs/2006.10739)
# 3. Sitzmann et al., "Implicit neural representations with periodic activation functions", *NeurIPS* 2020. [arXiv:2006.09661](https://arxiv.org/abs/2006.09661)
# 4. Jaeger, "The 'echo state' approach to analysing and training recurrent neural networks", GMD Report 148, 2001. [www.ai.rug.nl](https://www.ai.rug.nl/minds/uploads/EchoStatesTechRep.pdf)
# 5. Dempster, Laird & Rubin, "Maximum likelihood from incomplete data via the EM algorithm", *Journal of the Royal Statistical Society B* 39, 1-38, 1977. [10.1111/j.2517-6161.1977.tb01600.x](https://doi.org/10.1111/j.2517-6161.1977.tb01600.x)
# 6. Kingma & Ba, "Adam: a method for stochastic optimization", *ICLR* 2015. [arXiv:1412.6980](https://arxiv.org/abs/1412.6980)
