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

# %% [markdown] lang="ja"
# ## 2. PyTorchで書き直し、勾配を得る


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
        H = forward_torch(torch.from_numpy(X), layers, **options)
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
    W_out = torch.linalg.lstsq(A, B).solution  # TODO Least squares on them. | その最小二乗解。
    return W_out.to(H.dtype)  # TODO In the dtype of H. | Hと同じdtypeで。


def solution(H, Y, lamb, single=False, best=None):
    dtype = torch.float32 if single else torch.float64
    H = torch.tensor(H, dtype=dtype, requires_grad=True)
    W_out = solve_ridge_torch(H, torch.tensor(Y, dtype=dtype), lamb)
    W = W_out.detach().double().numpy()
    if best is not None:  # features so nearly dependent that it matters how they are solved
        W = W.shape == best.shape and bool(np.abs(W - best).max() < 1e-6 * np.abs(best).max())
    return W, str(W_out.dtype), W_out.requires_grad


test_func(solution, "02_02", multiple_output=True)
# show_solution("02_02", "solve_ridge_torch")


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
    loss = m_step_loss(H, W_out, torch.from_numpy(Y))
    if loss.requires_grad:
        loss.backward()
    to_H = np.zeros(H.shape) if H.grad is None else H.grad.numpy()
    return prediction, loss.detach().numpy(), to_H, W_out.grad is not None


test_func(solution, "02_03", multiple_output=True)
# show_solution("02_03", "m_step_loss")


# %%
def best_device():
    """CUDA where there is one, else the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


if ready("01_02") and ready("01_03") and ready("02_01") and ready("02_02") and ready("02_03"):

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
