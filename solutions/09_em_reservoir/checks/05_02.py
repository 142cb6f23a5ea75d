"""05_02: varpro_step."""

import numpy as np

from tools.checks import Alternative, Case, Mistake, Numeric, Text

TITLE = Text("A step of variable projection", "変数射影法の1ステップ")

# Where to look, then how; shown one after the other to whoever asks.
HINTS = (
    Text(
        "Your function of 05_01 does the mathematics. What has it to be told about this model, and where does an optimizer of PyTorch look for the gradients?",
        "数学の部分は、05_01の関数がしてくれます。このモデルについて、その関数に何を伝えればよいですか。また、PyTorchのオプティマイザは、勾配をどこで探しますか。",
    ),
    Text(
        "Hand on the data, made tensors by the model's own method, its layers, the penalty and its number of updates. Let every weight's `grad` be the new gradient itself, not a sum with what stood there before; then the optimizer moves once. The value to return came with the gradients.",
        "渡すのは、モデルのメソッドでテンソルにしたデータ、モデルの層、罰則の強さ、モデルの更新回数です。各重みの`grad`は、前の値との和ではなく、新しい勾配そのものにします。それからオプティマイザを1回だけ動かします。返す値は、勾配と一緒に得られています。",
    ),
)

OUTPUTS = (Numeric("values"), Numeric("layers"))


def draw(rng: np.random.Generator) -> Case:
    """A few steps of a small reservoir, some of them with momentum."""
    return case(
        rng,
        n=int(rng.integers(8, 25)),
        widths=[int(rng.integers(2, 6)) for _ in range(int(rng.integers(1, 4)))],
        num_iterations=int(rng.integers(2, 6)),
        lamb=float(np.round(10 ** rng.uniform(-1, 0), 4)),
        steps=int(rng.integers(1, 4)),
        lr=float(np.round(rng.uniform(0.002, 0.01), 4)),
        momentum=0.0 if rng.random() < 0.5 else 0.9,
    )


def case(
    rng: np.random.Generator,
    n: int = 12,
    widths: list[int] | None = None,
    num_iterations: int = 3,
    lamb: float | None = 0.2,
    steps: int = 2,
    lr: float = 0.01,
    momentum: float = 0.0,
    label: Text | None = None,
) -> Case:
    """``steps`` steps of gradient descent on the layers."""
    widths = widths or [4]
    layers = []
    for d_in, width in zip([2, *widths], widths, strict=False):
        W_hh = rng.standard_normal((width, width))
        W_hh *= rng.uniform(0.8, 1.1) / np.linalg.norm(W_hh, 2)
        layers.append((rng.standard_normal((d_in, width)), W_hh, 0.3 * rng.standard_normal(width)))
    inputs = {
        "X": rng.uniform(-1, 1, (n, 2)),
        "Y": rng.uniform(-0.5, 1.5, (n, 3)),
        "layers": layers,
        "num_iterations": num_iterations,
        "steps": steps,
        "lr": lr,
        "momentum": momentum,
    }
    if lamb is not None:  # else the default has to hold
        inputs["lamb"] = lamb
    return Case(
        label=label
        or Text(
            f"{n} pixels, units {widths}, {steps} steps, lambda {lamb}, momentum {momentum}",
            f"{n}画素、ユニット数{widths}、{steps}ステップ、λ = {lamb}、モーメンタム{momentum}",
        ),
        inputs=inputs,
        preserves=("X", "Y"),
    )


def cases() -> list[Case]:
    """From one step of one layer to several of three."""
    rng = np.random.default_rng(5002)
    return [
        case(rng, steps=1, label=Text("one layer, one step", "1層、1ステップ")),
        case(rng, steps=2, label=Text("one layer, two steps", "1層、2ステップ")),
        case(rng, steps=4, lr=0.004, label=Text("one layer, four steps", "1層、4ステップ")),
        case(rng, n=9, lr=0.002, label=Text("short steps", "短い歩幅")),
        case(
            rng,
            steps=3,
            momentum=0.9,
            label=Text("three steps with momentum", "モーメンタムつきで3ステップ"),
        ),
        case(
            rng,
            num_iterations=6,
            label=Text("six updates of the state", "状態の更新6回"),
        ),
        case(
            rng,
            num_iterations=2,
            label=Text("two updates of the state", "状態の更新2回"),
        ),
        case(rng, n=20, lamb=None, lr=0.002, label=Text("lamb left alone", "lambは既定値のまま")),
        case(rng, lamb=1.0, label=Text("a strong penalty, lambda = 1", "強い正則化、λ = 1")),
        case(rng, widths=[3, 3], label=Text("two layers of 3 units", "3ユニットの層が2つ")),
        case(
            rng,
            n=24,
            widths=[4, 3, 5],
            steps=3,
            label=Text("three layers, three steps", "3層、3ステップ"),
        ),
        case(
            rng,
            n=7,
            widths=[5, 5],
            lamb=0.5,
            momentum=0.9,
            label=Text("fewer pixels than features", "特徴量より少ない画素"),
        ),
        case(
            rng,
            steps=1,
            lr=0.0,
            label=Text("learning rate 0: nothing may move", "学習率0：何も動かない"),
        ),
    ]


CALL = "model.tensor(X), model.tensor(Y), model.layers, lamb, model.num_iterations"
HAND_OVER = "weight.grad = gradient\n"
STEP = "    optimizer.step()\n"
RETURN = "return value  #"
MISTAKES = (
    Mistake(
        "no_step",
        ((STEP, ""),),
        Text(
            "Nothing moves. Is the gradient of each weight where the optimizer looks for it, and who "
            "tells the optimizer to go?",
            "何も動いていません。オプティマイザが見る場所に、各重みの勾配は置いてありますか。そして、進めと命じるのは誰ですか。",
        ),
    ),
    Mistake(
        "two_steps",
        ((STEP, STEP + STEP),),
        Text(
            "The optimizer takes two steps with one gradient. After the first one the readout is "
            "out of date.",
            "1つの勾配で2回進んでいます。1回目のあと、読み出し層はもう古くなっています。",
        ),
    ),
    Mistake(
        "gradients_added",
        (
            (
                HAND_OVER,
                "weight.grad = gradient if weight.grad is None else weight.grad + gradient\n",
            ),
        ),
        Text(
            "What stood in .grad before still counts. Whose gradient is it?",
            "前から.gradにあった値まで足されています。それは何の勾配ですか。",
        ),
    ),
    Mistake(
        "ascent",
        ((HAND_OVER, "weight.grad = -gradient\n"),),
        Text(
            "J rises. The optimizer itself goes against the gradient that it finds.",
            "Jが増えています。勾配と逆向きに進むのはオプティマイザの仕事です。",
        ),
    ),
    Mistake(
        "clipped",
        (
            (
                STEP,
                "    weights = [weight for layer in model.layers for weight in layer]\n"
                "    torch.nn.utils.clip_grad_norm_(weights, 1.0)\n" + STEP,
            ),
        ),
        Text(
            "The gradient is cut to length 1. That was a rule of the M-step; what does this task "
            "say?",
            "勾配の長さが1に切り詰められています。それはMステップの決まりでした。この問題ではどうですか。",
        ),
    ),
    Mistake(
        "lamb_ignored",
        ((CALL, "model.tensor(X), model.tensor(Y), model.layers, 1e-3, model.num_iterations"),),
        Text(
            "lamb is not handed on: the objective keeps its default penalty.",
            "lambが渡されていません。目的関数の正則化が既定値のままです。",
        ),
    ),
    Mistake(
        "iterations_ignored",
        ((CALL, "model.tensor(X), model.tensor(Y), model.layers, lamb"),),
        Text(
            "How long does this model's state settle? The function does not know unless you tell it.",
            "このモデルの状態は何回更新しますか。渡さなければ、関数にはわかりません。",
        ),
    ),
    Mistake(
        "value_after_the_step",
        (
            (
                RETURN,
                f"return reduced_value_and_grad({CALL})[0]  #",
            ),
        ),
        Text(
            "This is J after the step. The task asks for the value at which the gradient was taken; "
            "it is free.",
            "これは1歩進んだあとのJです。問われているのは勾配を求めた地点での値で、こちらは余計な計算なしに手に入ります。",
        ),
    ),
    Mistake(
        "first_layer_only",
        (
            (
                "zip(model.layers, grads, strict=True)",
                "zip(model.layers[:1], grads[:1], strict=True)",
            ),
        ),
        Text(
            "Only the first layer learns.",
            "学習しているのは最初の層だけです。",
        ),
    ),
    Mistake(
        "last_layer_only",
        (
            (
                "zip(model.layers, grads, strict=True)",
                "zip(model.layers[-1:], grads[-1:], strict=True)",
            ),
        ),
        Text(
            "Only the last layer learns.",
            "学習しているのは最後の層だけです。",
        ),
    ),
    Mistake(
        "mean_gradient",
        ((HAND_OVER, "weight.grad = gradient / len(X)\n"),),
        Text(
            "The step is shorter than that of J by a constant factor. Is J a sum or a mean?",
            "Jの勾配による1歩より、一定の割合で短くなっています。Jは和ですか、平均ですか。",
        ),
    ),
    Mistake(
        "readout_held",
        (
            (
                f"value, grads = reduced_value_and_grad(\n        {CALL}\n    )",
                "H = forward_torch(model.tensor(X), model.layers, model.num_iterations)\n"
                "    J = torch.sum((H @ model.W_out - model.tensor(Y)) ** 2)\n"
                "    J = J + lamb * torch.sum(model.W_out**2)\n"
                "    weights = [weight for layer in model.layers for weight in layer]\n"
                "    flat = torch.autograd.grad(J, weights)\n"
                "    value, grads = J.item(), [flat[i : i + 3] for i in range(0, len(flat), 3)]",
            ),
        ),
        Text(
            "The gradient is taken at the readout that the model happens to hold. Which one belongs "
            "to this reservoir?",
            "モデルがたまたま持っている読み出し層で勾配を求めています。いまのリザバーに対応する読み出し層はどれですか。",
        ),
    ),
    Mistake(
        "arrays_for_tensors",
        ((CALL, "X, Y, model.layers, lamb, model.num_iterations"),),
        Text(
            "X and Y may be NumPy arrays, and the objective computes with tensors. What does the model offer for this?",
            "XとYはNumPyの配列のこともありますが、目的関数はテンソルで計算します。そのためにモデルが備えているものは何でしょうか。",
        ),
    ),
    Mistake(
        "added_to_nothing",
        ((HAND_OVER, "weight.grad += gradient\n"),),
        Text(
            "Before the first step there is nothing in .grad (None), and later there would be an old gradient. Is the new one to be added to it?",
            "最初のステップの前、.gradには何も入っていません（None）。そのあとなら、前の勾配が残っています。新しい勾配は、そこに足すものでしょうか。",
        ),
    ),
    Mistake(
        "weights_moved_by_hand",
        ((HAND_OVER, "weight -= gradient\n"),),
        Text(
            "A weight that requires a gradient must not be changed in place while PyTorch keeps a record; and moving it is the optimizer's work. Where does the optimizer look for the gradient?",
            "勾配を求める重みを、PyTorchが記録をとっている間にその場で書き換えることはできません。重みを動かすのはオプティマイザの仕事です。オプティマイザは、勾配をどこに見に行くでしょうか。",
        ),
    ),
)

HEAD = "def varpro_step(model, X, Y, optimizer, lamb=1e-3):\n"
ALTERNATIVES = (
    Alternative(
        "zero_grad_and_add",
        code=HEAD
        + """
    X, Y = model.tensor(X), model.tensor(Y)
    optimizer.zero_grad(set_to_none=False)
    J, gradients = reduced_value_and_grad(X, Y, model.layers, lamb, model.num_iterations)
    for layer, parts in zip(model.layers, gradients):
        for w, g in zip(layer, parts):
            w.grad = torch.zeros_like(w) if w.grad is None else w.grad
            w.grad += g
    optimizer.step()
    return J
""",
    ),
    Alternative(
        "written_out_with_backward",
        code=HEAD
        + """
    X, Y = model.tensor(X), model.tensor(Y)
    optimizer.zero_grad()
    H = forward_torch(X, model.layers, model.num_iterations)
    W = solve_ridge_torch(H, Y, lamb)
    J = ((H @ W - Y) ** 2).sum() + lamb * (W**2).sum()
    J.backward()
    optimizer.step()
    return J.item()
""",
    ),
    Alternative(
        "closure",
        code=HEAD
        + """
    def closure():
        value, grads = reduced_value_and_grad(
            model.tensor(X), model.tensor(Y), model.layers, lamb, model.num_iterations
        )
        for layer, gradients in zip(model.layers, grads):
            for weight, gradient in zip(layer, gradients):
                weight.grad = gradient
        return value
    return optimizer.step(closure)
""",
    ),
    Alternative(
        "keywords_and_flat_lists",
        code=HEAD
        + """
    value, grads = reduced_value_and_grad(
        X=model.tensor(X), Y=model.tensor(Y), layers=model.layers, lamb=lamb,
        num_iterations=model.num_iterations,
    )
    weights = sum((list(layer) for layer in model.layers), [])
    gradients = sum((list(layer) for layer in grads), [])
    for weight, gradient in zip(weights, gradients):
        weight.grad = gradient.clone()
    optimizer.step()
    return value
""",
    ),
    Alternative(
        "e_step_then_gradient",
        code=HEAD
        + """
    model.e_step(X, Y, lamb)
    optimizer.zero_grad()
    W = model.W_out
    J = torch.sum((model(X) @ W - model.tensor(Y)) ** 2) + lamb * torch.sum(W**2)
    J.backward()
    optimizer.step()
    return J.item()
""",
    ),
    Alternative(
        "through_the_solver",
        code=HEAD
        + """
    optimizer.zero_grad()
    H = forward_torch(model.tensor(X), model.layers, model.num_iterations)
    Y = model.tensor(Y)
    A = H.T @ H + lamb * torch.eye(H.shape[1], dtype=H.dtype)
    J = (Y * (Y - H @ torch.linalg.solve(A, H.T @ Y))).sum()
    J.backward()
    optimizer.step()
    return J.detach()
""",
    ),
    Alternative(
        "indices",
        code=HEAD
        + """
    value, grads = reduced_value_and_grad(
        model.tensor(X), model.tensor(Y), model.layers, lamb, model.num_iterations
    )
    for i in range(len(grads)):
        for j in range(3):
            model.layers[i][j].grad = grads[i][j]
    optimizer.step()
    return float(value)
""",
    ),
    Alternative(
        "copied_into_grad",
        ((HAND_OVER, "weight.grad = torch.empty_like(weight).copy_(gradient)\n"),),
    ),
)
