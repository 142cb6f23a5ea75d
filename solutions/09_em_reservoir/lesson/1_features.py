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

# %% [markdown] lang="ja"
# ## 1. 特徴写像としてのリザバー

# %% exercise="01_01" points=1 minutes=10
def pixel_grid(height, width):
    """The coordinates of an image's pixels, in the order of ``image.reshape(-1, 3)``.

    Args:
        height, width: the image's number of rows and of columns.

    Returns:
        X (height * width, 2): a row (x, y) for each pixel, both from 0 up to, but not
            including, 1; x tells the column, y the row.
    """
    # TODO The grid of coordinates, a row for each pixel. | 座標の格子を、1画素1行に並べる。
    x = np.linspace(0, 1, width, endpoint=False)
    y = np.linspace(0, 1, height, endpoint=False)
    X = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    # END TODO
    return X


test_func(pixel_grid, "01_01")
# show_solution("01_01", "pixel_grid")

# %%
if ready("01_01"):
    X, Y = pixel_grid(SIZE, SIZE), image.reshape(-1, 3)

# %% exercise="01_02" points=1 minutes=10
def compute_loss(prediction, Y):
    """How far a picture is from the true one.

    Args:
        prediction: colours (n, 3), perhaps beyond [0, 1]; clipped to [0, 1] before they are judged.
        Y: true colours (n, 3) in [0, 1].

    Returns:
        mse: the mean squared error over all pixels and channels.
        psnr: -10 log10(mse) in dB; 100.0 if mse is 0.
    """
    mse = np.mean((np.clip(prediction, 0, 1) - Y) ** 2)  # TODO The mean squared error of the clipped prediction. | クリップした予測の平均二乗誤差。
    # TODO The PSNR, also where mse is 0. | PSNR（mseが0の場合も）。
    psnr = -10 * np.log10(mse) if mse > 0 else 100.0
    # END TODO
    return mse, psnr


test_func(compute_loss, "01_02", multiple_output=True)
# show_solution("01_02", "compute_loss")

# %% exercise="01_03" points=1 minutes=10
def scale_to_spectral_radius(W, spectral_radius):
    """The matrix, scaled so that its spectral radius is as wanted.

    Args:
        W: a square matrix (H, H) with an eigenvalue other than 0; left as it is.
        spectral_radius: the wanted largest absolute value of an eigenvalue.

    Returns:
        a new matrix (H, H).
    """
    radius = np.abs(np.linalg.eigvals(W)).max()  # TODO The spectral radius of W as it is. | もとのWのスペクトル半径。
    return W * (spectral_radius / radius)  # TODO W, scaled. | スケールしたW。


test_func(scale_to_spectral_radius, "01_03")
# show_solution("01_03", "scale_to_spectral_radius")

# %%
def draw_layers(rng, input_dim, hidden_size, num_layers, spectral_radius=0.9):
    """Random weights of a reservoir's layers.

    Args:
        rng: a numpy.random.Generator; a layer takes from it W_in, W_hh and b, in this order.
        input_dim: number of inputs of the first layer (the next ones take hidden_size).
        hidden_size, num_layers: units a layer (H), and layers.
        spectral_radius: of every W_hh.

    Returns:
        layers: a list of (W_in (d_in, H), W_hh (H, H), b (H,)), one a layer, float64.
    """
    layers = []
    for i in range(num_layers):
        W_in = 0.5 * rng.standard_normal((input_dim if i == 0 else hidden_size, hidden_size))
        W_hh = rng.standard_normal((hidden_size, hidden_size))
        b = 0.1 * rng.standard_normal(hidden_size)
        layers.append((W_in, scale_to_spectral_radius(W_hh, spectral_radius), b))
    return layers

# %% exercise="01_04" points=1 minutes=20
def forward(X, layers, num_iterations=10):
    """The features of inputs: the settled states of all layers, side by side.

    Args:
        X: inputs (n, d), a row each.
        layers: a list of (W_in (d_in, H), W_hh (H, H), b (H,)), one a layer.
        num_iterations: how often each layer's state is updated, from zero on.

    Returns:
        H (n, number of layers * H): the last states, first layer first.
    """
    u = X
    states = []
    for W_in, W_hh, b in layers:
        h = np.zeros((len(X), len(b)))  # TODO The state before the first update. | 最初の更新より前の状態。
        for _ in range(num_iterations):
            h = np.tanh(u @ W_in + h @ W_hh + b)  # TODO One update. | 1回の更新。
        states.append(h)
        u = h  # TODO The next layer's input. | 次の層の入力。
    return np.concatenate(states, axis=1)  # TODO The states of all layers, side by side. | 全層の状態を横に並べたもの。


test_func(forward, "01_04")
# show_solution("01_04", "forward")

# %% exercise="01_05" points=1 minutes=15
def solve_ridge(H, Y, lamb):
    """The readout of a ridge regression without bias, by the normal equations.

    Args:
        H: features (n, N).
        Y: targets (n, D).
        lamb: the penalty, above 0.

    Returns:
        W_out (N, D), which minimises |H W_out - Y|^2 + lamb |W_out|^2.
    """
    A = H.T @ H + lamb * np.eye(H.shape[1])  # TODO The matrix of the normal equations. | 正規方程式の行列。
    return np.linalg.solve(A, H.T @ Y)  # TODO Their solution. | その解。


def predict(H, W_out):
    """The colours that a readout gives, clipped to [0, 1].

    Args:
        H: features (n, N).
        W_out: readout (N, D), or None while there is none.

    Returns:
        colours (n, D).

    Raises:
        ValueError: W_out is None.
    """
    if W_out is None:  # TODO Is there no readout yet? | 読み出しがまだないか。
        raise ValueError("no readout yet: run the E-step first")
    return np.clip(H @ W_out, 0, 1)  # TODO Colours between 0 and 1. | 0から1までの色。


test_func(solve_ridge, "01_05")
# show_solution("01_05", "solve_ridge")
