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
# ## 4. Compared with what?
#
# Twenty-odd decibels: is that much? A number alone cannot say. So let others paint the same cat, and
# let us be strict judges. It is easy to be unfair here without noticing:
#
# - **the same $\lambda$, solver and precision for everybody.** All readouts of this section are solved
#   by one function, in double precision, with $\lambda = 10^{-3}$;
# - **the same moment.** Everybody is judged after an E-step, with the readout that suits its features;
# - **pixels that nobody has seen.** A fifth of the pixels, drawn at random, is held out. Who paints the
#   training pixels well and those badly has learnt by heart;
# - **sizes stated.** How many features, how many trained numbers, how many that were only drawn;
# - **several seeds.** A lucky draw is no method. We report mean and standard deviation.

# %% [markdown] lang="ja"
# ## 4. 何と比べて？
#
# 20 dBあまり。
# これは良いのでしょうか。
# 数字1つだけでは、何とも言えません。
# そこで、同じ猫をほかの画家にも描いてもらい、厳しく審査することにします。
# こういう比較では、気づかないうちに不公平になりがちです。
#
# - **$\lambda$、解法、精度をそろえる** この節の読み出し層はすべて、同じ関数で、倍精度で、$\lambda = 10^{-3}$として求めます。
# - **判定の時点をそろえる** どの方法も、Eステップのあと、つまり自分の特徴量に合った読み出し層をもった状態で判定します。
# - **誰も見たことのない画素を使う** 画素の5分の1を無作為に選んで、取り分けておきます（表や図ではheld out）。学習用の画素は上手なのにそこだけ下手なら、丸暗記です。
# - **大きさを明示する** 特徴量の数、学習した数値の個数、乱数で決めただけの数値の個数を書きます。
# - **シードをいくつか試す** 1回の幸運は方法とは言えません。平均と標準偏差を報告します。

# %%
if ready("01_01"):
    LAMB, SEEDS = 1e-3, (42, 43, 44)
    order = np.random.default_rng(0).permutation(len(X))
    test, train = order[: len(X) // 5], order[len(X) // 5 :]
    X_train, Y_train, X_test, Y_test = X[train], Y[train], X[test], Y[test]
    print(f"{len(train)} pixels to learn from, {len(test)} held out")

# %% [markdown] lang="en"
# ### Exercise 04_01: the random baseline (15 minutes)
#
# The first rival is the reservoir itself as it was drawn. Fill the gaps of `random_baseline`: the
# readout is solved on the training pixels, and both sets of pixels are painted with it. `ridge` is
# given: it is the solver of `solve_ridge_torch` in NumPy, least squares on the features with
# $\sqrt{\lambda}\, I$ below them, so that no condition number is squared.

# %% [markdown] lang="ja"
# ### 演習 04_01：ランダムなリザバーという基準（15分）
#
# 最初の競争相手は、乱数で作ったままのリザバーです。
# `random_baseline`の空欄を埋めてください。
# 学習用の画素で読み出し層を求め、それを使って両方の画素を描きます。
# `ridge`は用意してあります。
# `solve_ridge_torch`と同じ解法をNumPyで書いたもので、特徴量の下に$\sqrt{\lambda}\, I$を付け足した最小二乗問題を解きます。
# 条件数が2乗されることはありません。


# %% exercise="04_01" points=1 minutes=15 needs=["01_04"]
def ridge(H, Y, lamb):
    """The readout W_out (N, D) of features H (n, N) and colours Y (n, D), as least squares on
    [H; sqrt(lamb) I] W_out = [Y; 0], in float64."""
    N, D = H.shape[1], Y.shape[1]
    A = np.vstack([H, np.sqrt(lamb) * np.eye(N)])
    return np.linalg.lstsq(A, np.vstack([Y, np.zeros((N, D))]), rcond=None)[0]


def random_baseline(X_train, Y_train, X_test, layers, lamb=1e-3, num_iterations=10):
    """What a reservoir paints that is left as it is, its readout solved on the training pixels.

    Args:
        X_train: coordinates (n, 2) of the training pixels.
        Y_train: their colours (n, 3).
        X_test: coordinates (k, 2) of pixels whose colours are not to be used.
        layers: a list of (W_in, W_hh, b), one a layer.
        lamb: the penalty of the readout.
        num_iterations: updates of each layer's state.

    Returns:
        prediction_train (n, 3), prediction_test (k, 3): colours in [0, 1].
    """
    # TODO The readout for the training pixels' features. | 学習用の画素の特徴に合う読み出し層。
    H_train = forward(X_train, layers, num_iterations)
    W_out = ridge(H_train, Y_train, lamb)
    # END TODO
    # TODO The features of the other pixels. | もう一方の画素の特徴。
    H_test = forward(X_test, layers, num_iterations)
    # END TODO
    # TODO The colours of either, between 0 and 1. | それぞれの色（0から1まで）。
    prediction_train = np.clip(H_train @ W_out, 0, 1)
    prediction_test = np.clip(H_test @ W_out, 0, 1)
    # END TODO
    return prediction_train, prediction_test


test_func(random_baseline, "04_01", multiple_output=True)
# show_solution("04_01", "random_baseline")

# %% [markdown] lang="en"
# How much does the first rule matter? Here is one and the same reservoir with two penalties.

# %% [markdown] lang="ja"
# 最初の決まりは、どれくらい大切なのでしょうか。
# まったく同じリザバーで、罰則の強さだけを変えてみます。

# %%
if ready("01_01", "01_02", "01_03", "01_04", "04_01"):
    layers = draw_layers(np.random.default_rng(42), 2, HIDDEN, 3)
    for lamb in 1e-3, 1e-6:
        pictures = random_baseline(X_train, Y_train, X_test, layers, lamb)
        on_train, on_test = (
            compute_loss(picture, colours)[1]
            for picture, colours in zip(pictures, (Y_train, Y_test), strict=True)
        )
        print(f"random, lambda {lamb:.0e}: {on_train:.2f} dB, held out {on_test:.2f} dB")

# %% [markdown] lang="en"
# About half a decibel on the training pixels, for nothing but another $\lambda$. Give one method
# $10^{-6}$ and its rival $10^{-3}$, and you measure your own hand on the scales.
#
# ### Exercise 04_02: Fourier features (10 minutes)
#
# The second rival has no reservoir at all. Its features are waves, drawn at random once and for all
# (Tancik and others [2]):
#
# $$
# H = \bigl[\sin(2\pi X B^\top),\ \cos(2\pi X B^\top)\bigr], \qquad
# B = \sigma G, \quad G_{ij} \sim \mathcal{N}(0, 1) .
# $$
#
# Each row of $B$ is one wave: its direction, and its number of periods across the picture. $\sigma$
# sets how fine the detail is that the waves can draw. Fill the gaps of `fourier_features`, which is
# given the finished $B$; the scaling by $\sigma$ comes in the next exercise.

# %% [markdown] lang="ja"
# $\lambda$を変えただけで、学習用の画素で0.5 dBほど違いました。
# 片方に$10^{-6}$、もう片方に$10^{-3}$を使えば、自分で秤に指を乗せているようなものです。
#
# ### 演習 04_02：フーリエ特徴（10分）
#
# 2番目の競争相手に、リザバーはありません。
# 特徴量は、最初に一度だけ乱数で決めた波です（Tancikら [2]）。
#
# $$
# H = \bigl[\sin(2\pi X B^\top),\ \cos(2\pi X B^\top)\bigr], \qquad
# B = \sigma G, \quad G_{ij} \sim \mathcal{N}(0, 1) .
# $$
#
# $B$の各行が1つの波で、進む向きと、絵の端から端までに何周期あるかを表します。
# 周波数のスケール$\sigma$は、波がどれだけ細かい模様を描けるかを決めます。
# `fourier_features`の空欄を埋めてください。
# この関数には完成した$B$が渡されます（$\sigma$倍するのは次の演習です）。


# %% exercise="04_02" points=1 minutes=10
def fourier_features(X, B):
    """Sines and cosines of the coordinates, side by side.

    Args:
        X: coordinates (n, 2).
        B: frequencies (m, 2), in periods per unit of length; a row is one wave.

    Returns:
        H (n, 2m): first the sines of all waves, then the cosines, of 2 pi X B'.
    """
    phase = 2 * np.pi * X @ B.T  # TODO The waves' phases (n, m). | 波の位相 (n, m)。
    return np.hstack([np.sin(phase), np.cos(phase)])  # TODO The features. | 特徴。


test_func(fourier_features, "04_02")
# show_solution("04_02", "fourier_features")

# %% [markdown] lang="en"
# ### Exercise 04_03: the scale, chosen on validation pixels (15 minutes)
#
# Nobody tells us $\sigma$. Too small, and the waves are too long for whiskers; too large, and few waves
# have to fill a wide band of frequencies, most of which the cat does not need. Try several, but judge
# them on pixels that the readout was not solved on, and not on the held-out ones either: those are for
# the end, once. So part of the *training* pixels is set aside for validation.
#
# Fill the gaps of `choose_sigma`. It calls your `fourier_features` and `compute_loss`, and `ridge`.

# %% [markdown] lang="ja"
# ### 演習 04_03：検証用の画素によるスケールの選択（15分）
#
# $\sigma$をいくつにすればよいかは、誰も教えてくれません。
# 小さすぎると、波が長すぎてひげが描けません。
# 大きすぎると、少ない波で広い周波数帯を埋めることになり、しかもその大部分は猫には要りません。
# そこで、いくつか試します。
# 判定には、読み出し層を求めるのに使っていない画素を使わなければなりません。
# かといって、取り分けておいた画素を使ってもいけません。
# それは最後に一度だけ使うものだからです。
# そこで、**学習用の**画素の一部を検証用に回します。
#
# `choose_sigma`の空欄を埋めてください。
# みなさんの`fourier_features`と`compute_loss`、それに`ridge`を使います。


# %% exercise="04_03" points=1 minutes=15 needs=["01_02", "04_01", "04_02"]
def choose_sigma(X_train, Y_train, X_valid, Y_valid, sigmas, G, lamb=1e-3):
    """The scale of the frequencies that paints validation pixels best.

    Args:
        X_train, Y_train: coordinates (n, 2) and colours (n, 3) that the readout is solved on.
        X_valid, Y_valid: coordinates (k, 2) and colours (k, 3) that it is judged on.
        sigmas: the scales to try, in any order.
        G: frequencies (m, 2) of scale 1.
        lamb: the penalty of the readout.

    Returns:
        best: the scale with the highest PSNR on the validation pixels.
        psnrs: that PSNR for each of sigmas, in their order.
    """
    psnrs = []
    for sigma in sigmas:
        B = sigma * G  # TODO The frequencies. | 周波数。
        # TODO The readout, solved on the training pixels. | 学習用の画素で求めた読み出し層。
        W_out = ridge(fourier_features(X_train, B), Y_train, lamb)
        # END TODO
        # TODO Its PSNR on the validation pixels. | 検証用の画素でのPSNR。
        _, psnr = compute_loss(fourier_features(X_valid, B) @ W_out, Y_valid)
        # END TODO
        psnrs.append(psnr)
    best = sigmas[np.argmax(psnrs)]  # TODO The scale to choose. | 選ぶべきスケール。
    return best, psnrs


test_func(choose_sigma, "04_03", multiple_output=True)
# show_solution("04_03", "choose_sigma")

# %%
BASELINES = "01_01", "01_02", "01_03", "01_04", "04_01", "04_02", "04_03"

if ready(*BASELINES):
    sigmas = [1, 2, 3, 4, 5, 6, 8, 10]
    k = len(X_train) // 5  # of the training pixels, which stand in random order
    valid, fit = (X_train[:k], Y_train[:k]), (X_train[k:], Y_train[k:])

    def add_constant(X, B):
        return np.hstack([fourier_features(X, B), np.ones((len(X), 1))])

    black = compute_loss(np.zeros_like(valid[1]), valid[1])[1]
    fig, axes = plt.subplots(1, 2, figsize=(11, 4), layout="constrained", sharey=True)
    for ax, m in zip(axes, (HIDDEN, 3 * HIDDEN // 2), strict=True):
        G = np.random.default_rng(42).standard_normal((m, 2))
        best, on_valid = choose_sigma(*fit, *valid, sigmas, G, LAMB)
        _, on_fit = choose_sigma(*fit, *fit, sigmas, G, LAMB)
        with_constant = []
        for sigma in sigmas:
            W_out = ridge(add_constant(fit[0], sigma * G), fit[1], LAMB)
            picture = add_constant(valid[0], sigma * G) @ W_out
            with_constant.append(compute_loss(picture, valid[1])[1])
        ax.plot(sigmas, on_fit, "--", label="fitted pixels")
        ax.plot(sigmas, on_valid, "o-", label="validation pixels")
        ax.plot(sigmas, with_constant, ":", label="validation, and a constant feature")
        ax.axhline(black, color="0.7", label="a black picture")
        ax.set(xlabel="sigma", ylabel="PSNR (dB)", title=f"{2 * m} Fourier features")
        conditions = [np.linalg.cond(fourier_features(fit[0], sigma * G)) for sigma in (1, best)]
        print(
            f"{2 * m} features: best sigma {best:g}, condition number "
            f"{conditions[1]:.0e} there, {conditions[0]:.0e} at sigma 1"
        )
    axes[0].legend(loc="center left")
    plt.show()

# %% [markdown] lang="en"
# The validation pixels (solid) rank the scales, and the fitted ones (dashed) flatter all of them.
# To the left the waves are too long for detail. To the right both curves fall off a cliff, almost to
# the picture that is black all over. Why so steeply? Our readout has no bias. The mean brightness of the
# cat has to be carried by long waves, and the larger $\sigma$ is, the shorter is even the longest of
# the few waves that were drawn. The dotted curve proves it: one more feature, a constant, and the cliff
# is a slope.
#
# The best scale depends on the picture *and* on the number of waves, so it is chosen anew for each
# draw. Had we simply taken $\sigma = 10$, this rival would have been a straw man.
#
# The condition numbers say why the solver matters. Long waves look alike, so at $\sigma = 1$ the
# features are nearly dependent. The normal equations would square that number.
#
# Now the table of the untrained: the random reservoir, as many waves as a layer has units, and as many
# as give the reservoir's number of features.

# %% [markdown] lang="ja"
# スケールの優劣を決めるのは検証用の画素（実線）です。
# 学習に使った画素（破線）は、どのスケールにも甘い点をつけています。
# 左のほうでは、波が長すぎて細部が描けません。
# 右のほうでは、どちらの曲線も崖のように落ち、真っ黒な絵とほとんど変わらなくなります。
# なぜこれほど急なのでしょうか。
# この読み出し層にはバイアスがありません。
# 猫の平均の明るさは長い波で表すしかないのですが、$\sigma$が大きくなると、乱数で決めた数少ない波のうち、最も長いものでさえ短くなってしまいます。
# 点線がその証拠です。
# 定数の特徴量を1つ加えるだけで、崖はなだらかな坂になります。
#
# 最適なスケールは絵だけでなく**波の数にもよる**ので、波を乱数で決めるたびに選び直します。
# 何も考えずに$\sigma = 10$としていたら、わざと弱い相手を立てたことになったでしょう。
#
# 解法がなぜ大切なのかは、条件数からわかります。
# 長い波どうしはよく似ているので、$\sigma = 1$では特徴量がほとんど従属しています。
# 正規方程式では、この数がさらに2乗されてしまいます。
#
# では、リザバーを学習させない方法どうしを表で比べましょう。
# ランダムなリザバー、波の数が1層のユニット数と同じもの、そして特徴量の数がリザバーと同じになるものです。


# %%
def paint_fourier(m, seed):
    """The pictures, on training and test pixels, of 2m Fourier features."""
    G = np.random.default_rng(seed).standard_normal((m, 2))
    B = choose_sigma(*fit, *valid, sigmas, G, LAMB)[0] * G
    W_out = ridge(fourier_features(X_train, B), Y_train, LAMB)
    return tuple(np.clip(fourier_features(x, B) @ W_out, 0, 1) for x in (X_train, X_test))


def print_table(pictures, counts):
    """PSNR of each method, mean and standard deviation over the seeds.

    Args:
        pictures: for each method a list of (prediction_train, prediction_test), one a seed.
        counts: for each method its numbers of features, of trained and of drawn parameters.
    """
    print(f"{'':25}{'features':>9}{'trained':>9}{'drawn':>8}{'training':>15}{'held out':>15}")
    for name, painted in pictures.items():
        psnrs = [[compute_loss(a, Y_train)[1], compute_loss(b, Y_test)[1]] for a, b in painted]
        mean, spread = np.mean(psnrs, axis=0), np.std(psnrs, axis=0, ddof=1)
        scores = "".join(f"{m:9.2f} ± {s:.2f}" for m, s in zip(mean, spread, strict=True))
        features, trained, drawn = counts[name]
        print(f"{name:25}{features:9}{trained:9}{drawn:8}{scores}")


if ready(*BASELINES):
    same = 3 * HIDDEN // 2
    few, many = f"Fourier, {2 * HIDDEN} features", f"Fourier, {2 * same} features"
    pictures = {"random reservoir": [], few: [], many: []}
    for seed in tqdm(SEEDS):
        layers = draw_layers(np.random.default_rng(seed), 2, HIDDEN, 3)
        painted = random_baseline(X_train, Y_train, X_test, layers, LAMB)
        pictures["random reservoir"].append(painted)
        for name, m in (few, HIDDEN), (many, same):
            pictures[name].append(paint_fourier(m, seed))
    weights = sum(w.size for layer in layers for w in layer)
    counts = {
        "random reservoir": (3 * HIDDEN, 9 * HIDDEN, weights),
        few: (2 * HIDDEN, 6 * HIDDEN, 2 * HIDDEN),
        many: (2 * same, 6 * same, 2 * same),
    }
    print_table(pictures, counts)

# %% [markdown] lang="en"
# "Drawn" parameters are random and never change: whoever knows the seed need not store them.
#
# And the trained reservoir? Three seeds, each trained by the loop of section 3 on the training pixels
# alone. Each begins with the weights of the random reservoir of the same seed. Note that
# `random_baseline` knows nothing of randomness: it solves a readout for whatever layers it is given. So
# we hand it the *trained* ones, and both are judged by the same function, with the weights as the only
# difference.

# %% [markdown] lang="ja"
# 「drawn」は乱数で決めたまま変わらない数値の個数です。
# シードさえわかれば、保存しておく必要もありません。
#
# では、学習したリザバーはどうでしょうか。
# 3つのシードで、学習用の画素だけを使って、3節のループで学習させます。
# 出発点は、同じシードのランダムなリザバーと同じ重みです。
# `random_baseline`は、実は乱数のことなど何も知りません。
# 渡された層に合わせて読み出し層を求めるだけです。
# そこで、**学習後の**層を渡します。
# こうすれば、どちらも同じ関数で判定され、違いは重みだけになります。

# %%
if ready(*EM_EXERCISES, *BASELINES):
    trained, pictures["EM reservoir"] = [], []
    for seed in tqdm(SEEDS):
        options = {"m_steps_per_em": M_STEPS, "patience": PATIENCE, "seed": seed}
        model, history = train_em_reservoir(X_train, Y_train, HIDDEN, **options)
        layers = model.numpy_layers()
        painted = random_baseline(X_train, Y_train, X_test, layers, LAMB)
        pictures["EM reservoir"].append(painted)
        trained.append((model.initial_layers, layers))
        ours, its = compute_loss(painted[0], Y_train)[1], history["psnr"][-1]
        print(
            f"seed {seed}: {len(history['psnr']) // 2} iterations, {its:.3f} dB by the model's "
            f"own last E-step, {ours:.3f} dB by the solver of this section"
        )
    counts["EM reservoir"] = (3 * HIDDEN, 9 * HIDDEN + weights, 0)
    print_table(pictures, counts)

# %% [markdown] lang="en"
# There is no way around it: **the training made the reservoir worse.** The last row has trained more
# than twenty thousand numbers, the first one 576, and the last one is below the first in both columns.
# Its spread is larger, too: how bad it becomes depends on the seed.
#
# The held-out pixels tell us what kind of failure this is. Had the reservoir learnt its pixels by heart,
# the training column would have risen while the other fell. They fell together. This is not overfitting:
# the search itself went wrong.
#
# And the waves, which nobody trained either, are ahead of both reservoirs with no more features. What
# the features can express counts for more than whether they were trained, at least when they are
# trained like this.

# %% [markdown] lang="ja"
# 認めるほかありません。
# **学習によって、リザバーは悪くなりました。**
# いちばん下の行は2万を超える数値を学習し、いちばん上の行は576個しか学習していません。
# それなのに、どちらの列でも下の行が負けています。
# ばらつきも大きく、どれだけ悪くなるかはシード次第です。
#
# これがどういう種類の失敗なのかは、取り分けておいた画素からわかります。
# もし画素を丸暗記したのなら、学習用の列は上がり、もう一方が下がったはずです。
# ところが、両方がそろって下がりました。
# これは過学習ではありません。
# 探索そのものが、うまくいっていないのです。
#
# 一方、やはり学習していない波は、特徴量の数が同じかそれ以下なのに、どちらのリザバーにも勝っています。
# 少なくともこのような学習をするかぎり、学習したかどうかよりも、特徴量に何が表現できるかのほうが物を言うのです。

# %%
if ready(*EM_EXERCISES, *BASELINES):
    fig, axes = plt.subplots(1, 4, figsize=(13, 3.8), layout="constrained")
    axes[0].imshow(image)
    axes[0].set(title="Target")
    for ax, name in zip(axes[1:], ("random reservoir", "EM reservoir", many), strict=True):
        painted = pictures[name][0]
        canvas = np.empty_like(Y)
        canvas[train], canvas[test] = painted
        on_train, on_test = (
            compute_loss(picture, colours)[1]
            for picture, colours in zip(painted, (Y_train, Y_test), strict=True)
        )
        ax.imshow(canvas.reshape(image.shape))
        ax.set(title=f"{name}\n{on_train:.1f} dB, held out {on_test:.1f} dB")
    for ax in axes:
        ax.set(xlabel="column", ylabel="row")
    plt.show()

# %% [markdown] lang="en"
# Compare the second picture with the third. The random reservoir has creases and folds, some of which
# happen to fit an eye or a nose; after training the folds are smoother, and the cat is hardly more than
# a tint. The waves draw both eyes.
#
# What has become of the weights? Above, the eigenvalues of each layer's $W_{\mathrm{hh}}$ before and after;
# below, the input weights.

# %% [markdown] lang="ja"
# 2枚目と3枚目を見比べてください。
# ランダムなリザバーの絵にはしわやひだがあり、そのいくつかがたまたま目や鼻に合っています。
# 学習後はひだが滑らかになり、猫は、ぼんやりした色として残るだけになりました。
# 波は両目を描けています。
#
# 重みはどうなったのでしょうか。
# 上の段は各層の$W_{\mathrm{hh}}$の固有値、下の段は入力の重みで、それぞれ学習の前と後を重ねてあります。

# %%
if ready(*EM_EXERCISES, *BASELINES):
    initial_layers, layers = trained[0]
    circle = np.exp(2j * np.pi * np.linspace(0, 1, 200))
    fig, axes = plt.subplots(2, 3, figsize=(11, 7.5), layout="constrained")
    for i, (upper, lower) in enumerate(axes.T):
        upper.plot(circle.real, circle.imag, "k--", lw=1)
        both = np.stack([initial_layers[i][0], layers[i][0]])
        bins = np.linspace(both.min(), both.max(), 51)  # 50 bins, the same for either
        radii = []
        for (W_in, W_hh, _), marker, label in (
            (initial_layers[i], "o", "before"),
            (layers[i], "x", "after"),
        ):
            eigenvalues = np.linalg.eigvals(W_hh)
            radii.append(np.abs(eigenvalues).max())
            upper.plot(eigenvalues.real, eigenvalues.imag, marker, ms=5, mfc="none", label=label)
            lower.hist(W_in.ravel(), bins=bins, density=True, alpha=0.5, label=label)
        upper.set(xlim=(-1.5, 1.5), ylim=(-1.5, 1.5), aspect="equal")
        upper.set(xlabel="real part", ylabel="imaginary part")
        upper.set(title=f"Layer {i + 1}: eigenvalues of W_hh")
        lower.set(xlabel="weight", ylabel="density", title=f"Layer {i + 1}: W_in")
        print(
            f"layer {i + 1}: spectral radius {radii[0]:.2f} before, {radii[1]:.2f} after; an entry "
            f"of W_in has moved by {np.abs(both[1] - both[0]).mean():.3f} on average"
        )
    axes[0, 0].legend(loc="upper right")
    axes[1, 0].legend()
    plt.show()

# %% [markdown] lang="en"
# The histograms hardly differ: no weight has gone far. A hundredth or so, on average, is all that
# separates the reservoir that was drawn from the one that paints worse, and yet at the end of every round of M-steps
# the picture was a wreck. Keep this riddle in mind.
#
# The eigenvalues have moved more visibly. All radii were scaled to 0.9 in the beginning, and nobody
# watches over them any more: the gradient knows nothing of the unit circle and crosses it if that
# pays. That is no disaster in itself. The state after $T$ updates is defined anyway; but the word
# *settled* then loses its meaning, for nothing promises that more updates would leave the state where
# it is. What was an echo state network (Jaeger [4]) has become a deep network whose ten steps share
# their weights.
#
# So each half-step does what it promises, and together they do harm. How is that possible?

# %% [markdown] lang="ja"
# ヒストグラムはほとんど変わっていません。
# 遠くまで動いた重みはないのです。
# 乱数で作ったリザバーと、それより下手になったリザバーの差は、重み1つあたり平均0.01ほどにすぎません。
# それなのに、Mステップがひと回り終わるたびに、絵は見る影もなくなっていました。
# この謎を覚えておいてください。
#
# 固有値のほうは、目に見えて動きました。
# スペクトル半径は、はじめはどの層も0.9でしたが、その後は誰も見張っていません。
# 勾配は単位円のことなど知らないので、得になるなら越えてしまいます。
# それだけで破綻するわけではありません。
# $T$回更新したあとの状態は、いずれにせよ定まっています。
# ただし、「落ち着いた」状態とはもう呼べません。
# さらに更新しても状態が動かないという保証が、なくなるからです。
# エコーステートネットワーク（Jaeger [4]）だったものは、10段が重みを共有する深いネットワークになったのです。
#
# どちらのステップも、約束どおりの仕事をしています。
# ところが、合わせると害になります。
# どうしてそんなことが起こるのでしょうか。
