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
    """Run the closed loop and train its readout on the way.

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
    weights = record["w"] if kwargs.get("keep_weights", True) else record["dw"]
    return record["x"], record["y"], record["d"], weights


test_func(solution, "03_02", multiple_output=True)
# show_solution("03_02", "emulate_online")
