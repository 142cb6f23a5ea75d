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
# ## 2. The same in PyTorch, with gradients
#
# So far the reservoir stood still, as in chapter 8, and only its readout learned. To train the
# reservoir itself we must know in which direction each of its weights should move, thousands of
# them. By hand that would be a long afternoon with the chain rule. PyTorch spares us the
# afternoon: its tensors remember how they were computed, and `backward()` walks that way back.
#
# This section rewrites section 1 with tensors. The mathematics stays; what is new is care.
# Training repeats the forward computation hundreds of times, so it must not waste work; it must
# not lose digits; and the gradient has to reach what is to be trained and nothing else.
#
# *Without PyTorch?* Read on; the exercises of sections 2, 3 and 5 will tell you what to install.
#
# ### Two products that nobody needs
#
# An update of section 1 is $h \leftarrow \tanh(u W_{\mathrm{in}} + h W_{\mathrm{hh}} + b)$,
# repeated $T$ times. Look at it as an accountant would.
#
# - While a layer settles its input does not change. $v = u W_{\mathrm{in}} + b$ is the same in all
#   $T$ updates; compute it once and keep it.
# - The first state is zero, so $h W_{\mathrm{hh}}$ is zero as well, at the price of a full matrix
#   product. The first update is nothing but $h = \tanh(v)$.
#
# $$
# v = u W_{\mathrm{in}} + b , \qquad h = \tanh(v) , \qquad
# h \leftarrow \tanh\left(v + h W_{\mathrm{hh}}\right) \quad (T - 1 \text{ times}) .
# $$
#
# Without this a layer of $N$ units with $d_{\mathrm{in}}$ inputs takes
# $n\,T\,(d_{\mathrm{in}} N + N^2)$ multiplications, with it
# $n\,(d_{\mathrm{in}} N + (T - 1) N^2)$. And every product that is not made is not differentiated
# either: `backward` costs about two products for each one that was made.
#
# ### Exercise 02_01: the reservoir as tensors (20 minutes)
#
# Write `forward_torch`: what `forward` does, with tensors and without the two wasted products. It
# must be made of PyTorch's operations from the weights to $H$. Any detour (NumPy, `detach`,
# `torch.tensor(...)` of a tensor) and the way back is cut. The check looks at $H$, at the
# gradients of all weights, and counts the multiplications.

# %% [markdown] lang="ja"
# ## 2. PyTorchで書き直し、勾配を得る
#
# ここまでのリザバーは8章と同じく動かず、学習したのは読み出し層だけでした。
# リザバー自身に学習させるには、何千もある重みの一つひとつをどちらへ動かせばよいかを知らなければなりません。
# 連鎖律を手で追えば、半日がかりの計算です。
# PyTorchはその半日を引き受けてくれます。
# テンソルは自分がどう計算されたかを覚えていて、`backward()`がその道を逆にたどります。
#
# この節では、1節の内容をテンソルで書き直します。
# 数学は同じですが、気を配ることが3つ増えます。
# 学習では順方向の計算を何百回も繰り返すので、無駄な計算をしないこと。
# 桁を失わないこと。
# そして、勾配が届くべきところに届き、それ以外には届かないことです。
#
# **PyTorchがない場合**は、そのまま読み進めてください。
# 2節、3節、5節の演習が、何を入れればよいかを教えてくれます。
#
# ### なくてよい2つの積
#
# 1節の更新は$h \leftarrow \tanh(u W_{\mathrm{in}} + h W_{\mathrm{hh}} + b)$で、これを$T$回繰り返すのでした。
# 会計係になったつもりで眺めてみましょう。
#
# - 層が落ち着くまでの間、入力は変わりません。
#   $v = u W_{\mathrm{in}} + b$は$T$回の更新すべてで同じなので、1度だけ計算して取っておけば十分です。
# - 最初の状態は0なので、$h W_{\mathrm{hh}}$も0です。
#   それなのに、行列積1回分の手間がかかります。
#   最初の更新は、$h = \tanh(v)$にすぎません。
#
# $$
# v = u W_{\mathrm{in}} + b , \qquad h = \tanh(v) , \qquad
# h \leftarrow \tanh\left(v + h W_{\mathrm{hh}}\right) \quad (T - 1 \text{ times}) .
# $$
#
# 入力が$d_{\mathrm{in}}$個、ユニットが$N$個の層に必要な掛け算は、そのままでは$n\,T\,(d_{\mathrm{in}} N + N^2)$回、こうすれば$n\,(d_{\mathrm{in}} N + (T - 1) N^2)$回です。
# しかも、しなかった積は微分する必要もありません。
# `backward`は、順方向の積1回につき、およそ2回分の積を計算します。
#
# ### 演習 02_01：テンソルで書いたリザバー（20分）
#
# `forward_torch`を書いてください。
# することは`forward`と同じですが、テンソルを使い、上の2つの無駄を省きます。
# 重みから$H$までのすべてを、PyTorchの演算でつなぎます。
# 途中で寄り道（NumPy、`detach`、テンソルへの`torch.tensor(...)`）をすると、帰り道が途切れます。
# 判定では、$H$、全部の重みの勾配、そして掛け算の回数を調べます。

# %% exercise="02_01" points=1 minutes=20 packages=["torch"]
def forward_torch(X, layers, num_iterations=10):
    """The features of inputs, as tensors through which gradients flow back to the layers.

    Args:
        X: inputs (n, d), a row each.
        layers: a tuple (W_in (d_in, N), W_hh (N, N), b (N,)) of tensors for each layer.
        num_iterations: how often each layer's state is updated, from zero on; at least 1.

    Returns:
        H (n, number of layers * N): the final states of all layers, side by side.
    """
    u = X
    states = []
    for W_in, W_hh, b in layers:
        v = u @ W_in + b  # TODO What stays the same in all updates. | どの更新でも変わらない部分。
        # TODO num_iterations updates, the first without a product. | num_iterations回の更新（初回は積なし）。
        h = torch.tanh(v)
        for _ in range(num_iterations - 1):
            h = torch.tanh(v + h @ W_hh)
        # END TODO
        states.append(h)
        u = h  # TODO The next layer's input. | 次の層の入力。
    return torch.cat(states, dim=1)  # TODO All layers side by side. | 全層を横に並べたもの。


def solution(X, layers, C, num_iterations=None):
    from torch.utils.flop_counter import FlopCounterMode

    layers = [tuple(torch.tensor(w, requires_grad=True) for w in layer) for layer in layers]
    options = {} if num_iterations is None else {"num_iterations": num_iterations}
    with FlopCounterMode(display=False) as counter:
        H = torch.as_tensor(forward_torch(torch.from_numpy(X), layers, **options))
    # Operations in matrix products: those done, beyond those that are needed.
    updates = 10 if num_iterations is None else num_iterations
    entries = sum(W_in.numel() + (updates - 1) * W_hh.numel() for W_in, W_hh, _ in layers)
    wasted = max(0, counter.get_total_flops() - 2 * len(X) * entries)
    if H.requires_grad and H.shape == C.shape:
        torch.sum(torch.from_numpy(C) * H).backward()
    grads = [
        [np.zeros(w.shape) if w.grad is None else w.grad.numpy() for w in layer] for layer in layers
    ]
    return H.detach().numpy(), grads, wasted


test_func(solution, "02_01", multiple_output=True)
# show_solution("02_01", "forward_torch")

# %% [markdown] lang="en"
# Was it worth the trouble? Here is section 1's loop written plainly with tensors, beside yours:
# the multiplications by the formula, the time of a forward and a backward pass, and how far the
# gradients are apart.

# %% [markdown] lang="ja"
# 手間をかけた甲斐はあったでしょうか。
# 1節のループをテンソルでそのまま書いたものと、みなさんの関数を比べます。
# 上の式による掛け算の回数、順方向と逆方向を合わせた時間、そして勾配の差です。

# %%
if ready("01_01", "01_03", "02_01"):

    def forward_plain(X, layers, num_iterations=10):
        """forward_torch with everything inside the loop."""
        u, states = X, []
        for W_in, W_hh, b in layers:
            h = torch.zeros(len(X), len(b))
            for _ in range(num_iterations):
                h = torch.tanh(u @ W_in + h @ W_hh + b)
            states.append(h)
            u = h
        return torch.cat(states, dim=1)

    tensor_layers = [
        [torch.tensor(w, dtype=torch.float32, requires_grad=True) for w in layer]
        for layer in draw_layers(np.random.default_rng(42), 2, HIDDEN, 3)
    ]
    inputs = torch.tensor(X, dtype=torch.float32)
    products = {
        "plainly": sum(10 * (W_in.numel() + W_hh.numel()) for W_in, W_hh, _ in tensor_layers),
        "yours": sum(W_in.numel() + 9 * W_hh.numel() for W_in, W_hh, _ in tensor_layers),
    }
    weights = [w for layer in tensor_layers for w in layer]
    grads = {}
    for name, function in (("plainly", forward_plain), ("yours", forward_torch)):
        seconds = []
        for _ in range(4):
            start = time.perf_counter()
            loss = function(inputs, tensor_layers).square().mean()
            grads[name] = torch.autograd.grad(loss, weights)
            seconds.append(time.perf_counter() - start)
        print(
            f"{name}: {len(X) * products[name] / 1e6:.0f} million multiplications forward, "
            f"{1000 * min(seconds):.0f} ms forward and backward"
        )
    one, other = (torch.cat([g.ravel() for g in grads[name]]) for name in grads)
    print(f"multiplications saved: a factor of {products['plainly'] / products['yours']:.2f}")
    print(f"gradients apart, relative: {float((one - other).norm() / other.norm()):.0e}")

# %% [markdown] lang="en"
# More than the two lines of code suggest: from the second layer on the input product is as large
# as the recurrent one, and it was computed ten times. The gradients agree to the rounding of
# float32.
#
# ### The square that costs half the digits
#
# Now the readout. Section 1 solved the normal equations
# $(H^\top H + \lambda I) W_{\mathrm{out}} = H^\top Y$, and in float32 the answer came out worse.
# Why?
#
# A linear system passes on the rounding errors of its numbers, magnified. The *condition number*
# of a matrix, its largest singular value over its smallest, says how much at most: with
# $\mathrm{cond} = 10^6$ you may lose 6 digits. (float64 has 16, float32 has 7.) Let
# $\sigma_1 \ge \dots \ge \sigma_m$ be the singular values of $H$, one for each of its $m$ columns. The
# matrix of the normal equations has the eigenvalues $\sigma_i^2 + \lambda$, so
#
# $$
# \mathrm{cond}\left(H^\top H + \lambda I\right) = \frac{\sigma_1^2 + \lambda}{\sigma_m^2 + \lambda} .
# $$
#
# Now write ridge regression without $H^\top H$. The penalty is nothing but $m$ more rows of data:
# rows that ask every weight to be zero, weakly.
#
# $$
# A = \begin{bmatrix} H \\ \sqrt{\lambda}\, I \end{bmatrix}, \qquad
# B = \begin{bmatrix} Y \\ 0 \end{bmatrix}, \qquad
# \left\| A W - B \right\|^2 = \left\| H W - Y \right\|^2 + \lambda \left\| W \right\|^2 .
# $$
#
# The same objective, so the same $W_{\mathrm{out}}$. But $A^\top A = H^\top H + \lambda I$, and
# therefore
#
# $$
# \mathrm{cond}(A) = \sqrt{\frac{\sigma_1^2 + \lambda}{\sigma_m^2 + \lambda}}
# = \sqrt{\mathrm{cond}\left(H^\top H + \lambda I\right)} .
# $$
#
# Forming $H^\top H$ squares the condition number: it spends the digits twice. A least-squares
# solver works on $A$ itself (by a QR decomposition, as `RidgeReadout` in chapter 8 does) and
# spends them once.
#
# ### Exercise 02_02: ridge regression without squaring (20 minutes)
#
# Write `solve_ridge_torch` by least squares on the augmented system. Three things to mind:
#
# - Solve in float64, even if $H$ is float32, and return $W_{\mathrm{out}}$ in the dtype of $H$, so
#   that `H @ W_out` fits.
# - No gradient may pass: $W_{\mathrm{out}}$ is to be a plain constant.
# - `torch.linalg.lstsq(A, B, driver="gels").solution` is the solver. The driver `"gels"` relies on
#   independent columns, which $\sqrt{\lambda}\, I$ guarantees, and is the one that also exists on
#   a GPU.

# %% [markdown] lang="ja"
# わずか2行の違いから想像するより大きな節約です。
# 2層目からは、入力の積も再帰の積と同じ大きさで、それを10回ずつ計算していたのです。
# 勾配は、float32の丸め誤差の範囲で一致しています。
#
# ### 桁を半分にする「2乗」
#
# 次は読み出し層です。
# 1節では正規方程式$(H^\top H + \lambda I) W_{\mathrm{out}} = H^\top Y$を解きましたが、float32では結果が悪くなりました。
# なぜでしょうか。
#
# 連立一次方程式は、数値の丸め誤差を拡大して解に伝えます。
# どれだけ拡大しうるかを表すのが行列の**条件数**、つまり最大特異値と最小特異値の比です。
# $\mathrm{cond} = 10^6$なら、6桁を失うおそれがあります（float64は16桁、float32は7桁しかもっていません）。
# $H$の特異値を、列の数$m$だけあるので$\sigma_1 \ge \dots \ge \sigma_m$とすると、正規方程式の行列の固有値は$\sigma_i^2 + \lambda$なので、
#
# $$
# \mathrm{cond}\left(H^\top H + \lambda I\right) = \frac{\sigma_1^2 + \lambda}{\sigma_m^2 + \lambda} .
# $$
#
# そこで、$H^\top H$を作らずにリッジ回帰を書いてみます。
# 罰則とは、$m$行のデータが増えただけのことです。
# 「どの重みも0になってほしい」と、そっと頼む行です。
#
# $$
# A = \begin{bmatrix} H \\ \sqrt{\lambda}\, I \end{bmatrix}, \qquad
# B = \begin{bmatrix} Y \\ 0 \end{bmatrix}, \qquad
# \left\| A W - B \right\|^2 = \left\| H W - Y \right\|^2 + \lambda \left\| W \right\|^2 .
# $$
#
# 目的関数が同じなので、$W_{\mathrm{out}}$も同じです。
# ところが$A^\top A = H^\top H + \lambda I$なので、
#
# $$
# \mathrm{cond}(A) = \sqrt{\frac{\sigma_1^2 + \lambda}{\sigma_m^2 + \lambda}}
# = \sqrt{\mathrm{cond}\left(H^\top H + \lambda I\right)} .
# $$
#
# $H^\top H$を作ると条件数が2乗になり、桁を2回分支払うことになります。
# 最小二乗のソルバーは$A$そのものを相手にするので（QR分解によります。8章の`RidgeReadout`も同じです）、支払いは1回で済みます。
#
# ### 演習 02_02：2乗しないリッジ回帰（20分）
#
# 拡大した連立系の最小二乗解として、`solve_ridge_torch`を書いてください。
# 注意する点は3つです。
#
# - $H$がfloat32でも、float64で解きます。
#   返す$W_{\mathrm{out}}$は$H$のdtypeに合わせます（`H @ W_out`を計算できるように）。
# - 勾配を通してはいけません。
#   $W_{\mathrm{out}}$はただの定数です。
# - ソルバーには`torch.linalg.lstsq(A, B, driver="gels").solution`を使います。
#   `"gels"`は列が互いに独立であることを前提としますが、それは$\sqrt{\lambda}\, I$が保証してくれます。
#   しかも、GPUでも使える唯一のドライバーです。


# %% exercise="02_02" points=1 minutes=20 packages=["torch"]
def solve_ridge_torch(H, Y, lamb):
    """The readout of a ridge regression without bias, by least squares on the augmented system.

    Solved in float64 whatever the dtype of H is, and without a gradient.

    Args:
        H: features (n, N), a tensor of float32 or float64.
        Y: targets (n, D), a tensor.
        lamb: the penalty, above 0.

    Returns:
        W_out (N, D), in the dtype of H, which minimises |H W_out - Y|^2 + lamb |W_out|^2.
    """
    # TODO Both in float64; no gradient is to pass. | どちらもfloat64に。勾配は通さない。
    H64, Y64 = H.detach().double(), Y.double()
    # END TODO
    eye = torch.eye(H.shape[1]).to(H64)  # of the dtype and on the device of H64
    zeros = Y64.new_zeros(H.shape[1], Y.shape[1])
    A = torch.cat([H64, lamb**0.5 * eye])  # TODO The augmented features. | 拡大した特徴行列。
    B = torch.cat([Y64, zeros])  # TODO The augmented targets. | 拡大した目標。
    # TODO Least squares on them. | その最小二乗解。
    W_out = torch.linalg.lstsq(A, B, driver="gels").solution
    # END TODO
    return W_out.to(H.dtype)  # TODO In the dtype of H. | Hと同じdtypeで。


def solution(H, Y, lamb, single=False, best=None):
    dtype = torch.float32 if single else torch.float64
    H = torch.tensor(H, dtype=dtype, requires_grad=True)
    W_out = solve_ridge_torch(H, torch.from_numpy(Y), lamb)
    W = W_out.detach().double().numpy()
    if best is not None:  # features so nearly dependent that it matters how they are solved
        W = W.shape == best.shape and bool(np.abs(W - best).max() < 1e-6 * np.abs(best).max())
    return W, str(W_out.dtype), W_out.requires_grad


test_func(solution, "02_02", multiple_output=True)
# show_solution("02_02", "solve_ridge_torch")

# %% [markdown] lang="en"
# Is that only theory? Take the features of the cat and solve both systems in both precisions, for
# penalties from 1 down to $10^{-9}$. The left figure shows the two condition numbers, the right
# one how far each solution is from the one that the singular values of $H$ give.

# %% [markdown] lang="ja"
# これは理屈だけの話でしょうか。
# 猫の特徴量について、1から$10^{-9}$までの罰則で、2つの方程式を2つの精度で解いてみます。
# 左の図は2つの条件数、右の図は、それぞれの解が（$H$の特異値から求めた解から）どれだけ離れているかです。

# %%
if ready("01_01", "01_03", "02_01"):
    some = slice(None, None, len(X) // 2304)  # all pixels, or with FULL some of them
    with torch.no_grad():
        H = forward_torch(inputs[some], tensor_layers)
    colours = torch.tensor(Y[some], dtype=torch.float32)
    U, sigma, V = (t.numpy() for t in torch.linalg.svd(H.double(), full_matrices=False))
    lambs = 10.0 ** np.arange(0, -10, -1)
    squared = (sigma[0] ** 2 + lambs) / (sigma[-1] ** 2 + lambs)
    errors = {}
    for lamb in lambs:
        best = V.T @ ((sigma / (sigma**2 + lamb))[:, None] * (U.T @ Y[some]))
        for bits, dtype in ((32, torch.float32), (64, torch.float64)):
            h, y = H.to(dtype), colours.to(dtype) if bits == 32 else torch.tensor(Y[some])
            eye = torch.eye(h.shape[1], dtype=dtype)
            A, B = torch.cat([h, lamb**0.5 * eye]), torch.cat([y, y.new_zeros(len(eye), 3)])
            for name, W in (
                ("normal equations", torch.linalg.solve(h.T @ h + lamb * eye, h.T @ y)),
                ("augmented", torch.linalg.lstsq(A, B, driver="gels").solution),
            ):
                error = np.linalg.norm(W.double().numpy() - best) / np.linalg.norm(best)
                errors.setdefault(f"{name}, float{bits}", []).append(error)

    i = list(lambs).index(1e-3)
    print(f"lambda 1e-03: condition number {np.sqrt(squared[i]):.0e}, squared {squared[i]:.0e}")
    for name, error in errors.items():
        print(f"  {name}: relative error {error[i]:.0e}")
    fig, (left, right) = plt.subplots(1, 2, figsize=(13, 4), layout="constrained")
    left.loglog(lambs, squared, "C1", label="normal equations: H'H + lambda I")
    left.loglog(lambs, np.sqrt(squared), "C0", label="augmented: [H; sqrt(lambda) I]")
    for bits, digits in ((32, 7), (64, 16)):
        left.axhline(10.0**digits, color="k", ls=":")
        left.text(1e-9, 1.4 * 10.0**digits, f"all digits of float{bits}", ha="right")
    left.set(xlabel="lambda", ylabel="condition number", title="A square between them")
    left.invert_xaxis()
    left.legend(loc=(0.02, 0.62))
    styles = ("C1--", "C0--", "C1", "C0")
    for (name, error), style in zip(errors.items(), styles, strict=True):
        right.loglog(lambs, error, style, label=name)
    right.set(xlabel="lambda", ylabel="relative error of W_out", title="What is left of the digits")
    right.invert_xaxis()
    right.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    plt.show()

# %% [markdown] lang="en"
# The orange line climbs twice as steeply as the blue one: for every two digits that the condition
# number of $A$ grows, that of the normal equations grows by four. On the right the same slopes
# appear in the errors, as the rule says: about the condition number times the precision. At our
# $\lambda = 10^{-3}$ the normal equations in float32 (dashed orange) have no right digit left, the
# augmented system has about four; in float64 it is eight against twelve.
#
# So why not simply compute everything in float64? Because training consists of products, thousands
# of them, and in float32 they are cheaper; the model below will print by how much. And because the
# features do not *need* more. What float32 rounds off acts like noise of relative size $10^{-7}$
# on $H$, and directions of $H$ as weak as that are held down by $\sqrt{\lambda} \approx 0.03$
# anyway. It is the *solver* that magnifies errors. Hence the division of labour: **features and
# gradients in float32, the one small solve in float64.**
#
# ### Exercise 02_03: what the M-step descends (15 minutes)
#
# Write two short functions. `predict_torch` gives the colours $H W_{\mathrm{out}}$, clamped to
# $[0, 1]$. `m_step_loss` is what the M-step descends,
#
# $$
# \mathrm{mean} \left( \mathrm{clamp}(H W_{\mathrm{out}}, 0, 1) - Y \right)^2 ,
# $$
#
# a mean over all pixels and colours. It is to move the *reservoir*. So the gradient goes to $H$,
# and from there on to the weights; $W_{\mathrm{out}}$ is held fixed, whatever is handed over
# (`detach`).
#
# > Is that needed, when `solve_ridge_torch` returns a constant already? Not for this model. But
# > whoever reads the loss sees at once what is held, and nobody can undo it elsewhere by accident.
#
# One thing to think about until section 5: what is the derivative of a clamp where a colour lies
# below 0 or above 1?

# %% [markdown] lang="ja"
# 左の図では、オレンジの線が青い線の2倍の傾きで上っていきます。
# $A$の条件数が2桁増える間に、正規方程式の条件数は4桁増えるのです。
# 右の図の誤差にも同じ傾きが現れています。
# 誤差はおよそ「条件数×精度」、という経験則のとおりです。
# この章で使う$\lambda = 10^{-3}$では、float32の正規方程式（オレンジの破線）には正しい桁が1つも残らず、拡大した連立系なら4桁ほど残ります。
# float64では、8桁に対して12桁です。
#
# それなら、何もかもfloat64で計算すればよいのではないでしょうか。
# 学習の中身は何千回もの積で、float32のほうが安上がりだからです（どれくらい違うかは、下のモデルで表示します）。
# しかも、特徴量にはそれ以上の精度が**要りません**。
# float32の丸めは、$H$に相対的な大きさ$10^{-7}$の雑音を加えるようなものですが、$H$の中でそれほど弱い方向は、どのみち$\sqrt{\lambda} \approx 0.03$が抑え込んでいます。
# 誤差を拡大するのは**ソルバー**なのです。
# そこで役割を分けます。
# **特徴量と勾配はfloat32で、1回だけの小さな求解はfloat64で。**
#
# ### 演習 02_03：Mステップが下る損失（15分）
#
# 短い関数を2つ書いてください。
# `predict_torch`は、色$H W_{\mathrm{out}}$を$[0, 1]$に収めて（クランプして）返します。
# `m_step_loss`は、Mステップが下っていく損失
#
# $$
# \mathrm{mean} \left( \mathrm{clamp}(H W_{\mathrm{out}}, 0, 1) - Y \right)^2 ,
# $$
#
# で、すべての画素と色についての平均です。
# 動かしたいのは**リザバー**です。
# ですから、勾配は$H$へ、そしてその先の重みへ流れるようにし、$W_{\mathrm{out}}$は何が渡されても固定します（`detach`）。
#
# > `solve_ridge_torch`がすでに定数を返すのに、必要でしょうか。
# > このモデルに限れば、なくても動きます。
# > それでも書いておけば、損失を読む人には何が固定されているのかが一目でわかり、別の場所でうっかり崩されることもありません。
#
# 5節まで考えておいてほしいことが1つあります。
# 色が0より小さいところ、1より大きいところで、クランプの微分はいくつでしょうか。


# %% exercise="02_03" points=1 minutes=15 packages=["torch"]
def predict_torch(H, W_out):
    """The colours that a readout gives, clamped to [0, 1].

    Args:
        H: features (n, N), a tensor.
        W_out: readout (N, D), a tensor.

    Returns:
        colours (n, D).
    """
    return torch.clamp(H @ W_out, 0, 1)  # TODO Colours between 0 and 1. | 0から1までの色。


def m_step_loss(H, W_out, Y):
    """What an M-step descends: mean((clamp(H W_out, 0, 1) - Y)^2), with W_out held fixed.

    Args:
        H: features (n, N), a tensor that carries a gradient.
        W_out: readout (N, D), a tensor; no gradient goes to it, whatever it is.
        Y: true colours (n, D), a tensor.

    Returns:
        the loss, a tensor of one number.
    """
    prediction = predict_torch(H, W_out.detach())  # TODO The picture. | 現在の絵。
    return torch.mean((prediction - Y) ** 2)  # TODO Its mean squared error. | その平均二乗誤差。


def solution(H, W_out, Y):
    H, W_out = (torch.tensor(w, requires_grad=True) for w in (H, W_out))
    prediction = predict_torch(H, W_out).detach().numpy()
    loss = torch.as_tensor(m_step_loss(H, W_out, torch.from_numpy(Y)))
    if loss.requires_grad:
        loss.backward()
    to_H = np.zeros(H.shape) if H.grad is None else H.grad.numpy()
    return prediction, loss.detach().numpy(), to_H, W_out.grad is not None


test_func(solution, "02_03", multiple_output=True)
# show_solution("02_03", "m_step_loss")

# %% [markdown] lang="en"
# ### The model
#
# Now the parts are put together. `EMReservoirTorch` stands below, complete; it calls your
# functions. Three decisions deserve a look.
#
# - The weights of the reservoir are `ParameterList`s, so `model.parameters()` lists all of them,
#   and the optimiser that is given this list moves all of them.
# - `W_out` is a **buffer**: it belongs to the model and moves to a GPU with it, but is no
#   parameter. No optimiser will ever see it. Otherwise Adam and the E-step would both pull at the
#   readout.
# - Everything happens on the device that `best_device()` names: CUDA where there is one, else the
#   CPU. Nothing else in the code knows about it. (All numbers of this text come from a CPU.)

# %% [markdown] lang="ja"
# ### モデル
#
# 部品を組み立てましょう。
# 下の`EMReservoirTorch`は完成していて、みなさんの関数を呼び出します。
# 次の3点に注目してください。
#
# - リザバーの重みは`ParameterList`です。
#   `model.parameters()`がそのすべてを並べ、それを渡されたオプティマイザがすべてを動かします。
# - `W_out`は**バッファ**です。
#   モデルの一部で、GPUへも一緒に移りますが、パラメータではないので、オプティマイザの目には決して触れません。
#   そうでなければ、AdamとEステップが読み出し層を引っ張り合うことになります。
# - 計算はすべて`best_device()`が選ぶ装置で行います。
#   CUDAがあればCUDA、なければCPUです。
#   装置のことを知っているのは、コードの中でここだけです（本文の数値は、すべてCPUで得たものです）。


# %%
def best_device():
    """CUDA where there is one, else the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


# What the model needs to run, and the pixels that it is shown.
MODEL_EXERCISES = ("01_01", "01_02", "01_03", "02_01", "02_02", "02_03")

if torch:

    class EMReservoirTorch(torch.nn.Module):
        """A deep reservoir whose readout is solved and whose weights have gradients.

        Inputs and targets may be arrays or tensors; they are brought to its dtype and device.

        Args:
            input_dim, hidden_size, output_dim: numbers of inputs, of units a layer, of outputs.
            num_layers: the number of layers.
            spectral_radius: of every W_hh as it is drawn.
            num_iterations: updates of each layer's state.
            seed: of the generator that the weights are drawn from.
            dtype: of weights and features; None: float32.
            device: where it computes; None: best_device().
        """

        def __init__(
            self,
            input_dim,
            hidden_size,
            output_dim,
            num_layers=1,
            spectral_radius=0.9,
            num_iterations=10,
            *,
            seed=42,
            dtype=None,
            device=None,
        ):
            super().__init__()
            self.num_iterations = num_iterations
            options = {"dtype": dtype or torch.float32, "device": device or best_device()}
            rng = np.random.default_rng(seed)
            layers = draw_layers(rng, input_dim, hidden_size, num_layers, spectral_radius)
            self.W_in, self.W_hh, self.b = (
                torch.nn.ParameterList(torch.tensor(array, **options) for array in arrays)
                for arrays in zip(*layers, strict=True)
            )
            # Moves to the GPU with the rest, and is no parameter: no optimiser ever sees it.
            W_out = torch.zeros(num_layers * hidden_size, output_dim, **options)
            self.register_buffer("W_out", W_out)

        @property
        def layers(self):
            """A list of (W_in, W_hh, b), one a layer: the parameters themselves."""
            return list(zip(self.W_in, self.W_hh, self.b, strict=True))

        def tensor(self, array):
            """An array or a tensor in this model's dtype, on its device."""
            return torch.as_tensor(array, dtype=self.W_out.dtype, device=self.W_out.device)

        def forward(self, X):
            """The features (n, num_layers * hidden_size) of X (n, input_dim)."""
            return forward_torch(self.tensor(X), self.layers, self.num_iterations)

        @torch.no_grad()
        def e_step(self, X, Y, lamb=1e-3):
            """Solve the readout for the features as they are; returns the features."""
            H = self(X)
            self.W_out = solve_ridge_torch(H, self.tensor(Y), lamb)
            return H

        @torch.no_grad()
        def predict(self, X):
            """The colours (n, output_dim) at X."""
            return predict_torch(self(X), self.W_out)

        def m_step_loss(self, X, Y):
            """The loss of the present weights, with the readout held fixed."""
            return m_step_loss(self(X), self.W_out, self.tensor(Y))

        def compute_loss(self, X, Y):
            """Mean squared error and PSNR of the colours at X."""
            prediction, Y = (t.double().cpu().numpy() for t in (self.predict(X), self.tensor(Y)))
            return tuple(float(number) for number in compute_loss(prediction, Y))

        def numpy_layers(self):
            """The layers as float64 arrays, as the functions of section 1 take them."""
            return [
                tuple(w.detach().double().cpu().numpy() for w in layer) for layer in self.layers
            ]

# %% [markdown] lang="en"
# A first look: what the optimiser will get, whether the features are those of section 1, and what
# float32 costs in quality and saves in time.

# %% [markdown] lang="ja"
# まず確かめておきましょう。
# オプティマイザには何が渡るのか、特徴量は1節と同じか、そしてfloat32にすると質はどれだけ落ち、時間はどれだけ縮まるのか、です。

# %%
if ready(*MODEL_EXERCISES, "01_04"):
    model = EMReservoirTorch(2, HIDDEN, 3, num_layers=3)
    trained = sum(w.numel() for w in model.parameters())
    print(f"device {model.W_out.device}, W_out {tuple(model.W_out.shape)}")
    print(f"numbers that an optimiser will see: {trained}, none of them in W_out")
    with torch.no_grad():
        apart = np.abs(model(X).double().cpu().numpy() - forward(X, model.numpy_layers())).max()
    print(f"features, float32 here against float64 in section 1: {apart:.0e} apart")
    for dtype in (torch.float32, torch.float64):
        model = EMReservoirTorch(2, HIDDEN, 3, num_layers=3, dtype=dtype)
        model.e_step(X, Y)
        start = time.perf_counter()
        model.m_step_loss(X, Y).backward()
        seconds = time.perf_counter() - start
        _, psnr = model.compute_loss(X, Y)
        print(f"{dtype}: {psnr:.5f} dB after the E-step; loss and gradient {1000 * seconds:.0f} ms")

# %% [markdown] lang="en"
# To the third decimal of a decibel there is nothing between the two: with a solve in float64 the
# features may well be in float32.
#
# ### Exercise 02_04: one M-step (15 minutes)
#
# Four calls make an M-step, and each has its place.
#
# 1. `zero_grad`: PyTorch *adds* every new gradient to the one that is there, so the old one has to
#    go.
# 2. `backward` of `model.m_step_loss(X, Y)`: the gradient $g$ of all parameters.
# 3. **Clipping.** If $g$ is longer than `max_norm`, it is shortened to that length,
#
#    $$g \leftarrow g \, \min\left(1, \; \mathrm{max\_norm} / \|g\| \right) ,$$
#
#    where $\|g\|$ goes over all numbers of all parameters *together*, so that the direction stays.
#    `torch.nn.utils.clip_grad_norm_` takes an iterable of parameters.
# 4. `optimizer.step()` moves the parameters.
#
# Write `m_step`. It returns the loss *before* the step, as a plain number: a tensor would drag its
# whole history along, and keep it in memory.

# %% [markdown] lang="ja"
# デシベルの小数第3位まで、差はありません。
# float64で解くのなら、特徴量はfloat32で十分です。
#
# ### 演習 02_04：1回のMステップ（15分）
#
# Mステップは4つの呼び出しからなり、順序にはどれも意味があります。
#
# 1. `zero_grad`：PyTorchは新しい勾配を、そこにある勾配に**足します**。
#    だから、古い勾配は消しておかなければなりません。
# 2. `model.m_step_loss(X, Y)`の`backward`：全パラメータの勾配$g$を求めます。
# 3. **クリップ** $g$が`max_norm`より長ければ、その長さまで縮めます。
#
#    $$g \leftarrow g \, \min\left(1, \; \mathrm{max\_norm} / \|g\| \right) ,$$
#
#    $\|g\|$は全パラメータの全成分を**まとめた**長さです。
#    だから、向きは変わりません。
#    `torch.nn.utils.clip_grad_norm_`には、パラメータをまとめて渡します。
# 4. `optimizer.step()`：パラメータを動かします。
#
# `m_step`を書いてください。
# 返すのはステップの**前**の損失で、ただの数にします。
# テンソルのままでは計算の履歴をすべて引きずり、メモリに残してしまいます。


# %% exercise="02_04" points=1 minutes=15 packages=["torch"]
def m_step(model, X, Y, optimizer, max_norm=1.0):
    """One gradient step on the reservoir, the readout held fixed.

    Args:
        model: has m_step_loss(X, Y) and parameters().
        X, Y: inputs (n, d) and targets (n, D).
        optimizer: a torch optimiser of the model's parameters.
        max_norm: the gradient of all parameters together is scaled down to this norm, if longer.

    Returns:
        the loss before the step, a float.
    """
    # TODO Forget the gradients of the step before. | 前のステップの勾配を消す。
    optimizer.zero_grad()
    # END TODO
    loss = model.m_step_loss(X, Y)  # TODO The loss as it is now. | 現在の損失。
    # TODO Its gradient, clipped, and a step. | 勾配を求め、クリップし、1歩進む。
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimizer.step()
    # END TODO
    return loss.item()  # TODO The loss as a plain number. | 損失をただの数として返す。


def solution(parameters, X, Y, lr, steps, stale, max_norm=None):
    class Model(torch.nn.Module):
        """Colours tanh(X A) B, without a reservoir."""

        def __init__(self):
            super().__init__()
            self.A, self.B = (torch.nn.Parameter(torch.tensor(w)) for w in parameters)

        def m_step_loss(self, X, Y):
            return torch.mean((torch.tanh(X @ self.A) @ self.B - Y) ** 2)

    class Recorder(torch.optim.SGD):
        """Gradient descent that writes down how long a gradient it is given."""

        def step(self):
            grads = [p.grad.ravel() for p in model.parameters() if p.grad is not None]
            norms.append(float(torch.cat(grads).norm()) if grads else 0.0)
            super().step()

    norms = []
    model = Model()
    optimizer = Recorder(model.parameters(), lr=lr)
    if stale:  # the gradient that someone has left behind
        model.A.grad = torch.full_like(model.A, stale)
    options = {} if max_norm is None else {"max_norm": max_norm}
    X, Y = torch.from_numpy(X), torch.from_numpy(Y)
    losses = [m_step(model, X, Y, optimizer, **options) for _ in range(steps)]
    A, B = (w.detach().numpy() for w in (model.A, model.B))
    return losses, A, B, norms


test_func(solution, "02_04", multiple_output=True)
# show_solution("02_04", "m_step")

# %% [markdown] lang="en"
# Everything is ready for section 3, where E-steps and M-steps take turns. Let us try one turn by
# hand: an E-step, 30 M-steps with Adam at the learning rate $10^{-3}$, and an E-step. (Adam [6] is
# gradient descent with a step width for each weight: it averages the past gradients of the weight and
# divides by their recent size.) What do you expect?

# %% [markdown] lang="ja"
# これで、EステップとMステップを交互に行う3節の準備が整いました。
# 1巡だけ、手で試してみましょう。
# Eステップ、学習率$10^{-3}$のAdamによるMステップを30回、そしてもう一度Eステップです。
# Adam [6] は、歩幅を重みごとに決める勾配法です。
# 重みごとに過去の勾配を平均し、その最近の大きさで割ります。
# どうなると思いますか。

# %%
if ready(*MODEL_EXERCISES, "02_04"):
    model = EMReservoirTorch(2, HIDDEN, 3, num_layers=3)
    model.e_step(X, Y)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    losses = [m_step(model, X, Y, optimizer) for _ in trange(30, desc="M-steps")]
    losses.append(model.compute_loss(X, Y)[0])
    psnrs = -10 * np.log10(losses)
    model.e_step(X, Y)
    _, refitted = model.compute_loss(X, Y)
    print(f"{psnrs[0]:.1f} dB, after one M-step {psnrs[1]:.1f} dB, after 30 {psnrs[-1]:.1f} dB")
    print(f"after the next E-step {refitted:.1f} dB")

    # From the same start, straight along the gradient, by lengths that we choose.
    model = EMReservoirTorch(2, HIDDEN, 3, num_layers=3, dtype=torch.float64)
    model.e_step(X, Y)
    loss = model.m_step_loss(X, Y)
    loss.backward()
    grad = torch.nn.utils.parameters_to_vector([w.grad for w in model.parameters()])
    start = torch.nn.utils.parameters_to_vector(model.parameters()).detach()
    lengths = np.geomspace(1e-7, 1, 15)
    along = []
    for length in lengths:
        moved = start - length * grad / grad.norm()
        torch.nn.utils.vector_to_parameters(moved, model.parameters())
        along.append(model.compute_loss(X, Y)[0])
    adam = 1e-3 * len(start) ** 0.5
    gain = 1 - min(along) / loss.item()
    print(f"along the gradient the loss falls by {100 * gain:.3f} percent at best,")
    print(f"  at a length of {lengths[np.argmin(along)]:.0e}; Adam's first step: {adam:.2f}")

    fig, (left, right) = plt.subplots(1, 2, figsize=(11, 3.8), layout="constrained")
    left.plot(psnrs, ".-", label="readout held fixed")
    left.plot(30, refitted, "s", label="readout solved again")
    left.set(xlabel="M-steps", ylabel="PSNR (dB)", title="E-step, 30 M-steps, E-step")
    left.legend(loc="center right")
    right.loglog(lengths, along, ".-")
    right.axhline(loss.item(), color="k", ls=":", label="before the step")
    right.axvline(adam, color="C3", ls="--", label="length of Adam's first step")
    right.set(xlabel="length of the step", ylabel="loss", title="One step along the gradient")
    right.legend(loc="upper left")
    plt.show()

# %% [markdown] lang="en"
# The very first M-step throws the picture from 21.8 dB down to 6.8 dB, and the others hardly raise
# it. Is the gradient wrong? The figure on the right says no. It goes from the same start along the
# gradient, and for short steps the loss does fall, only by very little: after an E-step the
# readout fits the features so precisely that a small change of the features spoils the sum. From
# lengths of some $10^{-3}$ on, the loss shoots up. Adam's first step moves *every* weight by the
# learning rate, whatever the size of its gradient; with 20800 weights that makes a step of length
# 0.14 (dashed).
#
# And yet the next E-step brings nearly everything back. Is what remains a better reservoir or a
# worse one? After one turn, slightly worse. Section 3 takes many turns; section 5 comes back to
# this figure.
#
# ### Pixels in batches: what changes?
#
# The full setting has 16384 pixels. If memory is short, or time, it is tempting to take only some
# pixels at once. What does the mathematics allow?
#
# - **E-step.** $A^\top A$ and $A^\top B$ are sums over pixels, so all that matters of the pixels
#   can be gathered chunk by chunk, without ever holding the whole $H$. Without squaring, too: keep
#   the triangle $R$ of the QR decomposition, put the next chunk of $[H \;\; Y]$ below it, and
#   decompose again. The result is *the same*.
# - **M-step, all pixels, chunk by chunk.** The loss is a mean over pixels, so its gradient is the
#   weighted sum of the chunks' gradients (do not `zero_grad` between them; clip after the last
#   one). *The same* step with less memory, and no faster.
# - **M-step on a random minibatch.** That is stochastic gradient descent: the expected gradient is
#   right, a single one is not. Cheaper, but *another algorithm*. How far is such a gradient from
#   the whole one?
# - **Readout of a minibatch.** The best readout for 256 pixels is another one than the best for
#   all. Solving it for each batch does *not* even give the right gradient on average. Where the
#   readout belongs to the objective, as in section 5, it has to see all pixels.

# %% [markdown] lang="ja"
# 最初の1回のMステップで、絵は21.8 dBから6.8 dBまで落ち、残りのステップでもほとんど戻りません。
# 勾配が間違っているのでしょうか。
# 右の図を見ると、そうではありません。
# 同じ出発点から勾配に沿って進むと、ごく短いうちは、損失は確かに下がっています。
# ただし、ほんのわずかです。
# Eステップの直後は、読み出し層が特徴量にあまりにぴったり合っているので、特徴量が少し変わるだけで足し算の結果が台無しになるのです。
# 長さが$10^{-3}$あたりを超えると、損失は一気に跳ね上がります。
# ところがAdamの最初の一歩は、勾配の大きさによらず、**すべての**重みを学習率の分だけ動かします。
# 重みは20800個あるので、一歩の長さは0.14（破線）にもなります。
#
# それでも、次のEステップでほとんど元に戻ります。
# 残ったものは、よりよいリザバーなのでしょうか、悪いリザバーなのでしょうか。
# 1巡したところでは、少し悪くなりました。
# 3節では何巡もさせ、5節ではこの図に戻ってきます。
#
# ### 画素を分割すると、何が変わるか
#
# 本来の設定では、画素は16384個あります。
# メモリや時間が足りないとき、一度に一部の画素だけを使いたくなります。
# 数学的に許されるのは、どこまででしょうか。
#
# - **Eステップ** $A^\top A$と$A^\top B$は画素についての和なので、必要な情報は少しずつ集められ、$H$全体をもつ必要はありません。
#   2乗せずに済ませることもできます。
#   QR分解の三角行列$R$を取っておき、その下に$[H \;\; Y]$の次の一部を並べて、もう一度分解すればよいのです。
#   結果は**同じ**です。
# - **Mステップ、全画素を少しずつ** 損失は画素についての平均なので、その勾配は、各部分の勾配の重みつきの和です（途中で`zero_grad`をせず、最後にクリップします）。
#   **同じ**ステップがより少ないメモリでできますが、速くはなりません。
# - **Mステップ、ランダムなミニバッチ** 確率的勾配降下法です。
#   勾配は、期待値としては正しくても、1回ごとには違います。
#   安上がりですが、**別のアルゴリズム**です。
#   では、1回ごとの勾配は、全体の勾配とどれくらい違うのでしょうか。
# - **ミニバッチの読み出し層** 256画素にとって最適な読み出し層は、全画素にとって最適なものとは違います。
#   バッチごとに解き直したのでは、平均しても正しい勾配にはなりません。
#   5節のように読み出し層が目的関数の一部になる場合は、全画素を見せる必要があります。

# %%
if ready(*MODEL_EXERCISES, "02_04"):
    model = EMReservoirTorch(2, HIDDEN, 3, num_layers=3)
    H = model.e_step(X, Y)

    def gradient(some):
        """The gradient of the M-step's loss over some of the pixels, as one long vector."""
        loss = model.m_step_loss(X[some], Y[some])
        grads = torch.autograd.grad(loss, list(model.parameters()))
        return torch.cat([g.ravel() for g in grads])

    chunks = np.array_split(np.arange(len(X)), 9)
    whole = gradient(slice(None))
    added = sum(len(some) / len(X) * gradient(some) for some in chunks)
    print(f"gradient, chunk by chunk: {float((added - whole).norm() / whole.norm()):.0e} apart")

    m = H.shape[1]
    triangle = torch.zeros(m, m + 3, dtype=torch.float64, device=H.device)
    triangle[:, :m].fill_diagonal_(1e-3**0.5)
    for some in chunks:
        rows = torch.cat([H[some], model.tensor(Y[some])], dim=1).double()
        triangle = torch.linalg.qr(torch.cat([triangle, rows]))[1][:m]
    W = torch.linalg.solve_triangular(triangle[:, :m], triangle[:, m:], upper=True)
    apart = (W - model.W_out).norm() / model.W_out.norm()
    print(f"readout, chunk by chunk: {float(apart):.0e} apart")

    rng = np.random.default_rng(0)
    order = rng.permutation(len(X))
    for phase in ("right after the E-step", "after one M-step"):
        whole = gradient(slice(None))
        cosines = [
            float(torch.cosine_similarity(gradient(some), whole, dim=0))
            for some in np.array_split(order, 9)
        ]
        print(f"{phase}: cosines of 9 minibatches' gradients with the whole one:")
        print("  " + ", ".join(f"{cosine:.2f}" for cosine in cosines))
        m_step(model, X, Y, torch.optim.Adam(model.parameters(), lr=1e-3))

# %% [markdown] lang="en"
# The first two lines confirm the sums, up to float32. The cosines tell a story. Right after an
# E-step the minibatches do not agree on a direction at all: the readout has already taken away
# whatever all pixels have in common, and what is left differs from place to place. The whole
# gradient is the small remainder of large opposing ones, and 256 pixels are not enough to see it.
# After a single M-step nearly all of them point the same way: to undo that step. A minibatch is
# good at correcting gross errors and blind to fine ones. This chapter always takes all pixels.

# %% [markdown] lang="ja"
# 最初の2行から、和としての計算が（float32の範囲で）正しいことがわかります。
# 面白いのはコサインです。
# Eステップの直後は、ミニバッチごとの勾配の向きがまるで揃っていません。
# 全画素に共通する誤差は読み出し層がすでに取り除いていて、残っているのは場所ごとに違う誤差だけだからです。
# 全体の勾配は、互いに打ち消し合う大きな勾配の小さな残りで、256画素ではそれが見えません。
# ところがMステップを1回行ったあとは、ほとんどのミニバッチが同じ向きを指します。
# その1回をなかったことにする向きです。
# ミニバッチは、大きな誤りを正すのは得意でも、細かい誤りには気づけないのです。
# この章では、いつも全画素を使います。
