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
# ## 3. Online learning
#
# ### Exercise 03_01: recursive least squares (25 minutes)
#
# One step of RLS, given the state $x$ and the target $d$:
#
# $$
# k = P x, \qquad
# g = \frac{1}{1 + x^\top k}, \qquad
# dP = g\, k k^\top, \qquad
# P \leftarrow P - dP, \qquad
# dw = g\, (d - y)\, k^\top, \qquad
# w \leftarrow w + dw
# $$
#
# with $P(0) = I / \lambda$ and $y$ the output *before* the update.
# The bias of the readout is not trained.

# %% [markdown] lang="ja"
# ## 3. オンライン学習
#
# ### 演習 03_01：逐次最小二乗法（25分）
#
# 状態 $x$ と目標 $d$ が与えられたとき、RLSの1ステップは次のとおりです。
#
# $$
# k = P x, \qquad
# g = \frac{1}{1 + x^\top k}, \qquad
# dP = g\, k k^\top, \qquad
# P \leftarrow P - dP, \qquad
# dw = g\, (d - y)\, k^\top, \qquad
# w \leftarrow w + dw
# $$
#
# 初期値は $P(0) = I / \lambda$ で、$y$ は更新*前*の出力です。
# 読み出し層のバイアスは学習しません。

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
    dP = g * np.outer(k, k)  # TODO What P loses, an (n, n) matrix. | Pから引かれる (n, n) 行列。
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
        # TODO Call rls_update; this readout's P must move on. | rls_updateを呼び、この読み出し層のPを次へ進めます。
        g, k, self.P = rls_update(self.P, x)
        # END TODO
        dw = g * np.outer(d - self(x), k)  # TODO The change of the weights. | 重みの変化量。
        self.weight += dw
        return dw


def solution(
    dim_in,
    dim_out,
    x_train,
    y_train,
    x_eval,
    lmbd=1.0,
    initialize_with_zero=True,
    weight=None,
    bias=None,
):
    readout = FORCEReadout(
        dim_in,
        dim_out,
        weight=weight,
        bias=0.5,
        seed=0,
        lmbd=lmbd,
        initialize_with_zero=initialize_with_zero,
    )
    if bias is not None:
        readout.bias = np.array(bias)
    dws = np.array([readout.step(x, d) for x, d in zip(x_train, y_train, strict=True)])
    return readout(x_eval), readout.weight, readout.bias, readout.P, dws


test_func(solution, "03_01", multiple_output=True)
# show_solution("03_01", "FORCEReadout")
