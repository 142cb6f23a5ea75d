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
# ## 1. The reservoir as a feature map
#
# Before anything can learn, the question has to be put into numbers. For every pixel: where is it,
# and which colour belongs there?
#
# ### Exercise 01_01: the grid of coordinates (10 minutes)
#
# The colours are easy: `Y = image.reshape(-1, 3)` writes them one below the other, first row of the
# image first, and within it from left to right. Write `pixel_grid`, which makes the matching `X`:
# row `i` of `X` is the pair $(x, y)$ of the pixel whose colour is row `i` of `Y`. Here $x$ tells the
# *column* and $y$ the *row*. An axis of $n$ pixels has the coordinates $0, 1/n, \dots, (n-1)/n$,
# also if the image is not square.
#
# `np.linspace` has an argument that leaves out the 1; `np.meshgrid` combines two axes to a grid.

# %% [markdown] lang="ja"
# ## 1. 特徴写像としてのリザバー
#
# 何かを学習させる前に、問いを数で表しておかなければなりません。
# それぞれの画素はどこにあり、そこは何色なのか、です。
#
# ### 演習 01_01：座標の格子（10分）
#
# 色のほうは簡単です。
# `Y = image.reshape(-1, 3)`とすれば、画像の1行目から順に、行の中では左から右へ、色が縦に並びます。
# これに対応する`X`を作る関数`pixel_grid`を書いてください。
# `X`の第`i`行は、色が`Y`の第`i`行である画素の座標$(x, y)$です。
# $x$は**列**、$y$は**行**を表します。
# $n$画素の軸の座標は$0, 1/n, \dots, (n-1)/n$です。
# 正方形でない画像でも同じです。
#
# `np.linspace`には終点の1を含めないための引数があります。
# `np.meshgrid`は、2本の軸から格子を作ります。


# %% exercise="01_01" points=1 minutes=10
def pixel_grid(height, width):
    """The coordinates of an image's pixels, in the order of ``image.reshape(-1, 3)``.

    Args:
        height, width: the numbers of rows and of columns.

    Returns:
        X (height * width, 2): a row (x, y) for each pixel, where x tells the column and y the row,
            both from 0 up to 1, which is left out.
    """
    x = np.linspace(0, 1, width, endpoint=False)  # TODO Coordinates of the columns. | 列の座標。
    y = np.linspace(0, 1, height, endpoint=False)  # TODO Coordinates of the rows. | 行の座標。
    # TODO Every pixel's x and every pixel's y, as arrays (height, width). | 全画素のxと全画素のy（どちらも (height, width) の配列）。
    x_of_pixel, y_of_pixel = np.meshgrid(x, y)
    # END TODO
    return np.column_stack([x_of_pixel.ravel(), y_of_pixel.ravel()])


test_func(pixel_grid, "01_01")
# show_solution("01_01", "pixel_grid")

# %% [markdown] lang="en"
# If grid and colours match, then painting each row of `X` with its own colour must give the cat
# again. Below, the pixels are put where your coordinates say, in a random order.

# %% [markdown] lang="ja"
# 座標と色が正しく対応していれば、`X`の各行の位置にその色を置くだけで、猫が現れるはずです。
# 下の図では、座標の示す位置に、画素をでたらめな順に置いていきます。

# %%
if ready("01_01"):
    X, Y = pixel_grid(SIZE, SIZE), image.reshape(-1, 3)

    order = np.random.default_rng(0).permutation(len(X))
    fig, axes = plt.subplots(1, 3, figsize=(11, 4), layout="constrained")
    for ax, share in zip(axes, (0.1, 0.4, 1.0), strict=True):
        some = order[: int(share * len(X))]
        ax.scatter(X[some, 0], X[some, 1], c=Y[some], s=24 * (48 / SIZE) ** 2, marker="s")
        ax.set(xlabel="x", ylabel="y", xlim=(0, 1), ylim=(1, 0), aspect="equal")
        ax.set_title(f"{len(some)} of {len(X)} pixels")
    plt.show()

# %% [markdown] lang="en"
# Upright, and not mirrored: note that $y$ runs *downwards*, as rows do.
#
# ### Exercise 01_02: how well is it painted? (10 minutes)
#
# Let $\hat Y$ be the colours that a painter gives. The mean squared error is taken over all $n$
# pixels and 3 channels, after colours beyond $[0, 1]$, which no screen can show, have been clipped:
#
# $$
# \mathrm{mse} = \frac{1}{3n} \sum_{i, c}
#   \left( \mathrm{clip}(\hat Y_{ic}, 0, 1) - Y_{ic} \right)^2 , \qquad
# \mathrm{psnr} = -10 \log_{10} \mathrm{mse} .
# $$
#
# The second number, in decibels, is the *peak signal-to-noise ratio* for colours whose peak is 1.
# Ten times less error is 10 dB more. A perfect picture would have infinitely many decibels; so that
# tables and figures stay finite, a mean squared error of exactly 0 counts as 100 dB. Write
# `compute_loss`, which returns both.

# %% [markdown] lang="ja"
# 上下も左右も正しい向きです。
# 行の番号と同じく、$y$は**下向き**に増えることに注意してください。
#
# ### 演習 01_02：どれくらい上手に描けたか（10分）
#
# $\hat Y$を、描き手の答えた色とします。
# $[0, 1]$の外の色は画面に出せないので、まずこの範囲に切り詰め、それからすべての画素（$n$個）と3つのチャンネルにわたって平均二乗誤差をとります。
#
# $$
# \mathrm{mse} = \frac{1}{3n} \sum_{i, c}
#   \left( \mathrm{clip}(\hat Y_{ic}, 0, 1) - Y_{ic} \right)^2 , \qquad
# \mathrm{psnr} = -10 \log_{10} \mathrm{mse}
# $$
#
# 2つ目は、色の最大値を1としたときの**ピーク信号対雑音比**（PSNR）で、単位はデシベル（dB）です。
# 誤差が10分の1になると、10 dB増えます。
# 完全に一致した絵のPSNRは無限大ですが、表や図で扱えるように、平均二乗誤差がちょうど0のときは100 dBとします。
# この2つを返す`compute_loss`を書いてください。


# %% exercise="01_02" points=1 minutes=10
def compute_loss(prediction, Y):
    """How far a picture is from the true one.

    Args:
        prediction: colours (n, 3), possibly beyond [0, 1]; they are clipped before being compared.
        Y: the true colours (n, 3) in [0, 1].

    Returns:
        mse: the mean squared error over all pixels and channels.
        psnr: -10 log10(mse), in dB; 100.0 where mse is 0.
    """
    # TODO The mean squared error of the clipped colours. | 切り詰めた色の平均二乗誤差。
    mse = np.mean((np.clip(prediction, 0, 1) - Y) ** 2)
    # END TODO
    if mse == 0:  # TODO Is the picture perfect? | 絵は完全に一致しているか。
        psnr = 100.0
    else:
        psnr = -10 * np.log10(mse)  # TODO The decibels. | デシベルの値。
    return mse, psnr


test_func(compute_loss, "01_02", multiple_output=True)
# show_solution("01_02", "compute_loss")

# %% [markdown] lang="en"
# To get a feeling for decibels: the laziest painter of all, who answers every question with the
# mean colour, and the cat under three strengths of noise.

# %% [markdown] lang="ja"
# デシベルの感覚をつかんでおきましょう。
# どこを尋ねられても平均の色を答える、いちばん怠け者の描き手と、3通りの強さの雑音をかけた猫です。

# %%
if ready("01_01", "01_02"):
    noise = np.random.default_rng(0).standard_normal(Y.shape)
    painted = {"mean colour": np.broadcast_to(Y.mean(axis=0), Y.shape)}
    painted |= {f"noise {std}": Y + std * noise for std in (0.1, 0.032, 0.01)}

    fig, axes = plt.subplots(1, 4, figsize=(12, 3.4), layout="constrained")
    for ax, (name, colours) in zip(axes, painted.items(), strict=True):
        _, psnr = compute_loss(colours, Y)
        print(f"{name}: {psnr:.1f} dB")
        ax.imshow(np.clip(colours, 0, 1).reshape(image.shape), extent=(0, 1, 1, 0))
        ax.set(xlabel="x", ylabel="y", title=f"{name}: {psnr:.1f} dB")
    plt.show()

# %% [markdown] lang="en"
# One flat colour gets 18.3 dB! Whatever a painter achieves has to be counted from there. At 20 dB
# the noise is plain to see, at 30 dB you must look for it, at 40 dB it is gone.
#
# ### The reservoir
#
# A layer of units hears an input $u$ (one row for each pixel) and settles: its state starts
# from zero and is updated $T$ times,
#
# $$
# h \leftarrow \tanh\left(u W_{\mathrm{in}} + h W_{\mathrm{hh}} + b\right) .
# $$
#
# The input does not change meanwhile. In chapter 8 time was the matter itself; here it is only the
# time the layer takes to think. Mind the order: a pixel is a *row* of $u$ and $h$, so the weights
# stand on the *right*, `W_in` has a row for each input and a column for each unit, and all pixels are
# computed at once.
#
# The first layer hears the coordinates, the second the settled state of the first, the third that of
# the second. The weights are random: $W_{\mathrm{in}} \sim 0.5\,\mathcal N(0, 1)$,
# $b \sim 0.1\,\mathcal N(0, 1)$, and $W_{\mathrm{hh}} \sim \mathcal N(0, 1)$, which is then scaled.
#
# ### Exercise 01_03: the spectral radius (10 minutes)
#
# The *spectral radius* of a square matrix is the largest absolute value of its eigenvalues, which
# may be complex. Write `scale_to_spectral_radius`, which returns a multiple of $W$ with the spectral
# radius asked for, and leaves $W$ itself as it is.

# %% [markdown] lang="ja"
# 一色に塗りつぶしただけで18.3 dBもあります。
# 描き手の腕前は、ここを出発点として測らなければなりません。
# 20 dBでは雑音がはっきり見え、30 dBでは探せば見つかり、40 dBではわからなくなります。
#
# ### リザバー
#
# ユニットの集まりである層が、入力$u$（1画素が1行）を聞いて、落ち着くまで状態を更新します。
# 状態は0から始め、次の更新を$T$回繰り返します。
#
# $$
# h \leftarrow \tanh\left(u W_{\mathrm{in}} + h W_{\mathrm{hh}} + b\right)
# $$
#
# その間、入力は変わりません。
# 8章では時間そのものが主題でしたが、ここでの時間は、層が考えるための時間にすぎません。
# 掛ける順序に注意してください。
# 1画素は$u$と$h$の1**行**なので、重みは**右**から掛けます。
# `W_in`の行は入力に、列はユニットに対応し、すべての画素を一度に計算できます。
#
# 1層目は座標を聞き、2層目は1層目の落ち着いた状態を、3層目は2層目の落ち着いた状態を聞きます。
# 重みはランダムです。
# $W_{\mathrm{in}} \sim 0.5\,\mathcal N(0, 1)$、$b \sim 0.1\,\mathcal N(0, 1)$とし、$W_{\mathrm{hh}} \sim \mathcal N(0, 1)$だけは、あとでスケールします。
#
# ### 演習 01_03：スペクトル半径（10分）
#
# 正方行列の**スペクトル半径**とは、固有値（複素数のこともあります）の絶対値の最大値です。
# $W$の定数倍で、スペクトル半径が指定した値になるものを返す`scale_to_spectral_radius`を書いてください。
# $W$そのものは変えないでください。


# %% exercise="01_03" points=1 minutes=10
def scale_to_spectral_radius(W, spectral_radius):
    """A multiple of a matrix that has the spectral radius asked for.

    Args:
        W: a square matrix (N, N) with an eigenvalue other than 0; it is left as it is.
        spectral_radius: the largest absolute value that an eigenvalue of the result has.

    Returns:
        a new matrix (N, N).
    """
    radius = np.abs(np.linalg.eigvals(W)).max()  # TODO The radius of W. | Wのスペクトル半径。
    return W * (spectral_radius / radius)  # TODO W, scaled. | スケールしたW。


test_func(scale_to_spectral_radius, "01_03")
# show_solution("01_03", "scale_to_spectral_radius")

# %% [markdown] lang="en"
# With it, the weights of a whole reservoir are drawn. Each layer takes $W_{\mathrm{in}}$,
# $W_{\mathrm{hh}}$ and $b$ from the generator, in this order, and all the chapter's networks are
# drawn by this function, so that two networks of the same seed begin with the same weights.

# %% [markdown] lang="ja"
# これを使って、リザバー全体の重みを作ります。
# 各層は$W_{\mathrm{in}}$、$W_{\mathrm{hh}}$、$b$の順に乱数を受け取ります。
# この章のネットワークはすべてこの関数で作るので、シードが同じなら、最初の重みも同じです。


# %%
def draw_layers(rng, input_dim, hidden_size, num_layers, spectral_radius=0.9):
    """Random weights of a reservoir.

    Args:
        rng: a numpy.random.Generator.
        input_dim: the number of inputs; later layers hear hidden_size states.
        hidden_size, num_layers: the number N of units of a layer, and of layers.
        spectral_radius: of each W_hh.

    Returns:
        layers: a tuple (W_in (d_in, N), W_hh (N, N), b (N,)) for each layer, float64.
    """
    layers = []
    for i in range(num_layers):
        d_in = input_dim if i == 0 else hidden_size
        W_in = 0.5 * rng.standard_normal((d_in, hidden_size))
        W_hh = rng.standard_normal((hidden_size, hidden_size))
        b = 0.1 * rng.standard_normal(hidden_size)
        layers.append((W_in, scale_to_spectral_radius(W_hh, spectral_radius), b))
    return layers


if ready("01_03"):
    layers = draw_layers(np.random.default_rng(42), 2, HIDDEN, 3)
    W = np.random.default_rng(0).standard_normal((HIDDEN, HIDDEN))
    matrices = {"drawn from N(0, 1)": W, "scaled to 0.9": scale_to_spectral_radius(W, 0.9)}

    fig, axes = plt.subplots(1, 2, figsize=(9, 4.2), layout="constrained")
    for ax, (name, matrix) in zip(axes, matrices.items(), strict=True):
        eigenvalues = np.linalg.eigvals(matrix)
        radius, gain = np.abs(eigenvalues).max(), np.linalg.norm(matrix, 2)
        print(f"{name}: spectral radius {radius:.2f}, largest singular value {gain:.2f}")
        ax.plot(eigenvalues.real, eigenvalues.imag, ".")
        ax.add_patch(plt.Circle((0, 0), 1, fill=False, ls="--"))
        ax.set(xlabel="real part", ylabel="imaginary part", title=name, aspect="equal")
    plt.show()

# %% [markdown] lang="en"
# The eigenvalues of a Gaussian matrix fill a disc whose radius is about the root of the number of
# units, $\sqrt{64} = 8$. Scaling shrinks the whole cloud into the unit circle (dashed).
#
# Does a layer of spectral radius 0.9 always settle? Jaeger [4] is careful here, and so should we be.
# If the largest *singular* value of $W_{\mathrm{hh}}$, the most by which it lengthens any vector, is
# below 1, an update brings any two states nearer to each other, and the state converges whatever the
# input. But that of the matrix above is 1.77. The spectral radius speaks of small states without an
# input; that it is below 1 is a rule of thumb, and no theorem for our case. So we shall look.
#
# ### Exercise 01_04: the features of a reservoir (20 minutes)
#
# Write `forward`, which lets the layers settle one after the other and returns $H$: the final states
# of all layers side by side, the first layer's first. With $n$ pixels, three layers and 64 units, $H$
# is $(n, 192)$. `num_iterations` is $T$, at least 1.

# %% [markdown] lang="ja"
# ガウス分布から作った行列の固有値は、半径がおよそ「ユニット数の平方根」（$\sqrt{64} = 8$）の円板を埋めます。
# スケールすると、その雲全体が単位円（破線）の中に収まります。
#
# スペクトル半径が0.9なら、層は必ず落ち着くのでしょうか。
# Jaeger [4] はここを慎重に論じていますし、私たちも慎重になるべきです。
# $W_{\mathrm{hh}}$の最大**特異値**（ベクトルを最大で何倍に伸ばすかを表します）が1より小さければ、どんな2つの状態も更新のたびに近づき、入力が何であっても状態は収束します。
# ところが、上の行列の最大特異値は1.77です。
# スペクトル半径からわかるのは、入力がなく、状態が0のごく近くにあるときのことだけです。
# これが1より小さいというのは経験則であって、私たちの場合の収束を保証する定理ではありません。
# ですから、実際に見て確かめることにします。
#
# ### 演習 01_04：リザバーの特徴量（20分）
#
# 層を1つずつ順に落ち着かせ、全層の最後の状態を（1層目から順に）横に並べた$H$を返す関数`forward`を書いてください。
# $n$画素、3層、64ユニットなら、$H$の形は$(n, 192)$です。
# `num_iterations`が$T$で、1以上とします。


# %% exercise="01_04" points=1 minutes=20
def forward(X, layers, num_iterations=10):
    """The features that a reservoir makes of its inputs.

    Args:
        X: inputs (n, d), one a row.
        layers: a tuple (W_in (d_in, N), W_hh (N, N), b (N,)) for each layer.
        num_iterations: how often each layer's state is updated.

    Returns:
        H (n, number of layers * N): the final states of all layers, side by side.
    """
    u = X
    states = []
    for W_in, W_hh, b in layers:
        h = np.zeros((len(X), len(b)))  # TODO The state from which it starts. | 出発点の状態。
        for _ in range(num_iterations):
            h = np.tanh(u @ W_in + h @ W_hh + b)  # TODO One update. | 1回の更新。
        states.append(h)
        u = h  # TODO What the next layer hears. | 次の層が聞くもの。
    return np.concatenate(states, axis=1)  # TODO The features. | 特徴量。


test_func(forward, "01_04")
# show_solution("01_04", "forward")

# %% [markdown] lang="en"
# A feature has a value at every pixel, so it is a picture, too. Here are six units of each layer.
# Below them two questions to the whole reservoir: how far the state of the first layer still moves
# in each iteration, for three spectral radii; and the singular values of $H$, which say how many
# *different* pictures the 192 features really are.

# %% [markdown] lang="ja"
# 特徴量は画素ごとに値をもつので、それ自体が1枚の絵です。
# 各層から6ユニットずつ並べてみましょう。
# その下の図では、リザバー全体に2つのことを尋ねます。
# 1つは、1層目の状態が反復ごとにまだどれくらい動くか（3通りのスペクトル半径）です。
# もう1つは$H$の特異値で、192個の特徴量が本当は何枚分の**違う**絵なのかを教えてくれます。

# %%
if ready("01_01", "01_03", "01_04"):
    H = forward(X, layers)

    fig, axes = plt.subplots(3, 6, figsize=(11, 6), layout="constrained", sharex=True, sharey=True)
    for (layer, unit), ax in np.ndenumerate(axes):
        feature = H[:, layer * HIDDEN + unit].reshape(SIZE, SIZE)
        ax.imshow(feature, extent=(0, 1, 1, 0), cmap="RdBu", vmin=-1, vmax=1)
        ax.set_title(f"layer {layer + 1}, unit {unit + 1}", fontsize=9)
    fig.supxlabel("x")
    fig.supylabel("y")
    fig.suptitle("Features as pictures (red -1, blue +1)")
    plt.show()

# %%
if ready("01_01", "01_03", "01_04"):
    fig, (left, right) = plt.subplots(1, 2, figsize=(11, 3.8), layout="constrained")
    for radius in (0.5, 0.9, 1.5):
        first = draw_layers(np.random.default_rng(42), 2, HIDDEN, 1, radius)
        states = [forward(X[:: len(X) // 300], first, t) for t in range(1, 42)]
        moved = np.abs(np.diff(states, axis=0)).max(axis=(1, 2))
        left.semilogy(range(1, 41), moved, label=f"spectral radius {radius}")
        print(f"radius {radius}: moved by {moved[9]:.1e} after T = 10, by {moved[-1]:.1e} after 40")
    left.axvline(10, color="k", ls="--")
    left.set(xlabel="iterations T", ylabel="largest change", title="Does the first layer settle?")
    left.legend(loc="lower left")

    singular = np.linalg.svd(H, compute_uv=False)
    print(f"singular values from {singular[0]:.0f} down to {singular[-1]:.0e}")
    print(f"above a thousandth of the largest: {np.sum(singular > singular[0] / 1000)}")
    right.semilogy(range(1, len(singular) + 1), singular)
    right.set(xlabel="number", ylabel="singular value", title="How different are the features?")
    plt.show()

# %% [markdown] lang="en"
# The first layer sees little more than slopes, bluer to one side. Each further layer folds what it
# hears once more, and edges and corners appear. But all of it is smooth: nowhere is anything as fine
# as a whisker.
#
# On the left of the last figure: with radius 0.5 the layer soon settles. With 0.9, ten iterations are
# *not* enough; states still move by 0.07 then. The features are what the layer has reached after $T$
# iterations, and $T$ is part of the model's definition. With 1.5 it does not come to rest. On the
# right, the singular values fall by ten orders of magnitude, and only 63 of 192 are above a
# thousandth of the largest. Random smooth pictures resemble each other: most of the features say
# almost the same as a mixture of others. Keep that in mind for the next exercise, and for section 2.
#
# ### Exercise 01_05: the readout (15 minutes)
#
# Write `solve_ridge`. The readout minimises
#
# $$
# J(W_{\mathrm{out}}) = \left\| H W_{\mathrm{out}} - Y \right\|^2
#   + \lambda \left\| W_{\mathrm{out}} \right\|^2 ,
# $$
#
# with sums of squares over all entries. Where its gradient vanishes, the **normal equations** hold:
#
# $$
# \left( H^\top H + \lambda I \right) W_{\mathrm{out}} = H^\top Y .
# $$
#
# There is no bias: nothing is centred, no column of ones is added. $\lambda$ is `lamb`. Mind that `N`
# below counts *all* features, here 192, and no longer the units of one layer.
#
# Then write `predict`, which makes colours of features, clipped to $[0, 1]$. As long as nothing has
# been learned, `W_out` is `None`; say so with a `ValueError`, before anything is computed.

# %% [markdown] lang="ja"
# 1層目に見えるのは、片側が青いという程度の、ほとんど傾きだけの絵です。
# 層を重ねるたびに、聞いたものがもう一度折りたたまれ、縁や角が現れます。
# それでもすべて滑らかで、ひげ1本ほどの細かいものはどこにもありません。
#
# 最後の図の左を見てください。
# スペクトル半径が0.5なら、層はあっという間に落ち着きます。
# 0.9では、10回の反復では**足りません**。
# 10回目でも、状態はまだ0.07ほど動いています。
# 特徴量とは「$T$回の反復でたどり着いたところ」であり、$T$はモデルの定義の一部なのです。
# 1.5では、落ち着く気配がありません。
# 右の図では、特異値が10桁も下がり、最大値の1000分の1より大きいのは192個のうち63個だけです。
# 滑らかでランダムな絵は互いに似ていて、ほとんどの特徴量は、ほかの特徴量を混ぜたものとほぼ同じことしか言っていません。
# このことを、次の演習と2節のために覚えておいてください。
#
# ### 演習 01_05：読み出し層（15分）
#
# `solve_ridge`を書いてください。
# 読み出し層は、
#
# $$
# J(W_{\mathrm{out}}) = \left\| H W_{\mathrm{out}} - Y \right\|^2
#   + \lambda \left\| W_{\mathrm{out}} \right\|^2
# $$
#
# （どちらも全成分の二乗和）を最小にします。
# 勾配が0になるところでは、次の**正規方程式**が成り立ちます。
#
# $$
# \left( H^\top H + \lambda I \right) W_{\mathrm{out}} = H^\top Y
# $$
#
# バイアスはありません。
# 平均を引くことも、1の列を加えることもしません。
# $\lambda$は`lamb`です。
# なお、以下の`N`は1層のユニット数ではなく、**すべての**特徴量の数（ここでは192）です。
#
# 続けて`predict`を書いてください。
# 特徴量から色を計算し、$[0, 1]$に切り詰めます。
# まだ何も学習していないとき、`W_out`は`None`です。
# その場合は、計算を始める前に`ValueError`を送出してください。


# %% exercise="01_05" points=1 minutes=15
def solve_ridge(H, Y, lamb):
    """The readout of a ridge regression without a bias, by its normal equations.

    Args:
        H: features (n, N).
        Y: targets (n, D).
        lamb: the penalty, above 0.

    Returns:
        W_out (N, D), where |H W_out - Y|^2 + lamb |W_out|^2 is smallest.
    """
    A = H.T @ H + lamb * np.eye(H.shape[1])  # TODO The left-hand matrix. | 左辺の行列。
    return np.linalg.solve(A, H.T @ Y)  # TODO The solution. | 解。


def predict(H, W_out):
    """The colours that a readout makes of features.

    Args:
        H: features (n, N).
        W_out: the readout (N, D), or None as long as nothing has been learned.

    Returns:
        colours (n, D), clipped to [0, 1].

    Raises:
        ValueError: W_out is None.
    """
    if W_out is None:  # TODO Has nothing been learned yet? | まだ何も学習していないか。
        raise ValueError("there is no readout yet: call e_step first")
    return np.clip(H @ W_out, 0, 1)  # TODO Colours that a screen can show. | 画面に出せる色。


def solution(H, Y, lamb, H_new):
    """For the check: learn, paint from new features, and try to paint with nothing learned."""
    W_out = solve_ridge(H, Y, lamb)
    refused = False
    try:
        # From lists: a product of an array and None is a ValueError, too, but of NumPy's own.
        predict(H_new.tolist(), None)
    except Exception as error:
        refused = isinstance(error, ValueError)
    return W_out, predict(H_new, W_out), refused


test_func(solution, "01_05", multiple_output=True)
# show_solution("01_05", "solve_ridge")
# show_solution("01_05", "predict")

# %% [markdown] lang="en"
# Everything is there. The class below only puts your functions together: `e_step` is what section 0
# called the E-step, and it is all the learning that a random reservoir knows.

# %% [markdown] lang="ja"
# これで部品がそろいました。
# 下のクラスは、書いてもらった関数を組み合わせているだけです。
# `e_step`が0節で「Eステップ」と呼んだもので、ランダムなリザバーにとっては、これが学習のすべてです。


# %%
class EMReservoir:
    """A deep reservoir with a linear readout, in NumPy; its readout is trained, it is not.

    Args:
        input_dim, hidden_size, output_dim: numbers of inputs, of units of a layer, of outputs.
        num_layers: number of layers.
        spectral_radius: of each layer's W_hh.
        seed: a number, or a numpy.random.Generator from which the weights are drawn.
    """

    def __init__(
        self, input_dim, hidden_size, output_dim, num_layers=1, spectral_radius=0.9, *, seed=42
    ):
        rng = np.random.default_rng(seed)
        self.output_dim = output_dim
        self.layers = draw_layers(rng, input_dim, hidden_size, num_layers, spectral_radius)
        self.W_out = None

    def forward(self, X, num_iterations=10):
        """Features of inputs (n, input_dim): (n, num_layers * hidden_size)."""
        return forward(X, self.layers, num_iterations)

    def e_step(self, X, Y, lamb=1e-6):
        """Fit the readout to targets (n, output_dim); returns the features.

        Raises:
            ValueError: Y has another number of columns than there are outputs.
        """
        if Y.shape[1] != self.output_dim:
            raise ValueError(f"Y has {Y.shape[1]} columns, but there are {self.output_dim} outputs")
        H = self.forward(X)
        self.W_out = solve_ridge(H, Y, lamb)
        return H

    def predict(self, X):
        """Outputs (n, output_dim) in [0, 1]; ValueError before the first E-step."""
        return predict(self.forward(X), self.W_out)

    def compute_loss(self, X, Y):
        """(mse, psnr) of the outputs."""
        return compute_loss(self.predict(X), Y)


# %%
if ready("01_01", "01_02", "01_03", "01_04", "01_05"):
    model = EMReservoir(2, HIDDEN, 3, num_layers=3)
    for lamb in (1e-1, 1e-3, 1e-6):
        H = model.e_step(X, Y, lamb)
        _, psnr = model.compute_loss(X, Y)
        condition = np.linalg.cond(H.T @ H + lamb * np.eye(H.shape[1]))
        # The same regression in single precision, from features to weights.
        H32, Y32 = H.astype(np.float32), Y.astype(np.float32)
        A32 = H32.T @ H32 + np.float32(lamb) * np.eye(H.shape[1], dtype=np.float32)
        W32 = np.linalg.solve(A32, H32.T @ Y32)
        _, psnr32 = compute_loss(predict(H, W32), Y)
        print(
            f"lambda {lamb:.0e}: {psnr:.2f} dB, largest weight {np.abs(model.W_out).max():.1f}, "
            f"condition number {condition:.0e}; in float32 {psnr32:.2f} dB"
        )

    model.e_step(X, Y, lamb=1e-3)
    _, psnr = model.compute_loss(X, Y)
    finer = model.predict(pixel_grid(192, 192)).reshape(192, 192, 3)
    pictures = {
        f"target, {SIZE} x {SIZE}": image,
        f"random reservoir, {psnr:.1f} dB": model.predict(X).reshape(image.shape),
        "the same, asked at 192 x 192": finer,
    }
    fig, axes = plt.subplots(1, 3, figsize=(12, 4.3), layout="constrained")
    for ax, (name, picture) in zip(axes, pictures.items(), strict=True):
        ax.imshow(picture, extent=(0, 1, 1, 0))
        ax.set(xlabel="x", ylabel="y", title=name)
    plt.show()

# %%
if ready("01_01", "01_02", "01_03", "01_04", "01_05"):
    eyes = image[SIZE // 6 : SIZE // 2]  # fewer rows than columns
    X_eyes, Y_eyes = pixel_grid(*eyes.shape[:2]), eyes.reshape(-1, 3)
    model = EMReservoir(2, HIDDEN, 3, num_layers=3)
    model.e_step(X_eyes, Y_eyes, lamb=1e-3)
    _, psnr = model.compute_loss(X_eyes, Y_eyes)
    print(f"{eyes.shape[0]} rows, {eyes.shape[1]} columns: {psnr:.1f} dB")

    fig, axes = plt.subplots(1, 2, figsize=(11, 2.6), layout="constrained")
    pictures = {"target": eyes, f"random reservoir, {psnr:.1f} dB": model.predict(X_eyes)}
    for ax, (name, picture) in zip(axes, pictures.items(), strict=True):
        ax.imshow(picture.reshape(eyes.shape))
        ax.set(xlabel="column", ylabel="row", title=name)
    plt.show()

# %% [markdown] lang="en"
# So this is what a random reservoir can do. The colours are in place, there is something dark where
# the left eye is, and the rest is fur in a strong wind: 21.8 dB at $\lambda = 10^{-3}$, only 3.5 dB
# above one flat colour. Asked at four times as many points a side (right), it answers at once, without
# a mosaic; but what it never learned does not appear by asking more often. The narrow picture goes the
# same way: 16 rows, 48 columns, and nothing in the code had to change.
#
# Look at the printed lines, too. A smaller $\lambda$ gives a better picture, half a decibel more from
# $10^{-3}$ to $10^{-6}$. It pays with weights of size 134 that cancel each other, and with a matrix
# whose condition number (by how much rounding errors may be magnified; section 2 explains it) is
# $10^{11}$. With the 16 digits of float64 that can be solved. The last
# number of each line is the same regression in float32, with its 7 digits. At the condition
# number $10^6$ it agrees; beyond, it falls short, and by how much depends on your machine. Whoever
# compares two methods at different penalties, or in different precisions, measures these, too. We
# shall need this in section 4.
#
# Why is the cat blurred? Not for want of a readout: for these features none is much better. The
# *features* are too smooth, and no mixture of smooth pictures makes a whisker. The only thing left to
# improve is the reservoir. For that we need gradients.

# %% [markdown] lang="ja"
# ランダムなリザバーにできるのは、ここまでです。
# 色はだいたいの場所にあり、左目のあたりは暗くなっていますが、あとは強風にあおられた毛並みのようです。
# $\lambda = 10^{-3}$で21.8 dB、一色で塗りつぶすより3.5 dB高いだけです。
# 縦横4倍の細かさで尋ねると（右）、すぐに答えが返り、モザイクもありません。
# しかし、覚えていないものが、細かく尋ねたからといって現れることはありません。
# 横長の絵（16行48列）でも同じことができ、コードは何も変えていません。
#
# 表示された数値も見てください。
# 正則化を弱めると絵はよくなり、$10^{-3}$から$10^{-6}$にすると0.5 dB上がります。
# その代わりに、大きさ134の重みどうしが打ち消し合い、行列の条件数（丸め誤差がどれだけ拡大されうるかを表す数です。2節で説明します）は$10^{11}$にもなります。
# 16桁の精度をもつfloat64なら、これでも解けます。
# 各行の最後の数は、同じ回帰を7桁のfloat32で解いた結果です。
# 条件数が$10^6$のときは一致しますが、それより大きくなると画質が落ち、どれだけ落ちるかは計算機によって変わります。
# $\lambda$や精度の違う2つの方法を比べると、その違いまで一緒に測ってしまうことになります。
# このことは4節で必要になります。
#
# 猫はなぜぼやけているのでしょうか。
# 読み出し層のせいではありません。
# この特徴量では、どんな読み出し層を使っても大差ありません。
# **特徴量**が滑らかすぎるのです。
# 滑らかな絵をどう混ぜても、ひげは描けません。
# 改良できるのは、もうリザバーだけです。
# そのために、勾配が必要になります。
