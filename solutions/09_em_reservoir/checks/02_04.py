"""02_04: m_step."""

from itertools import pairwise

import numpy as np

from tools.checks import Alternative, Case, Mistake, Numeric, Text

TITLE = Text("One M-step", "1回のMステップ")

# Where to look, then how; shown one after the other to whoever asks.
HINTS = (
    Text(
        "The exercise numbers the four calls. Which of them needs what another one has left behind? And when is the loss taken, before or after the weights move?",
        "問題文に、4つの呼び出しが番号付きで並んでいます。それぞれ、どの呼び出しの結果を必要としますか。また、損失を計算するのは、重みが動く前ですか、あとですか。",
    ),
    Text(
        "The optimizer empties the gradients before anything else. The loss is the model's own; `backward` fills the gradients, one call clips those of all parameters together at the length that the caller gives, and then the optimizer moves. The method `item` makes a plain number of a tensor.",
        "まず最初に、オプティマイザに勾配を空にさせます。損失はモデルが計算してくれます。`backward`で勾配が入り、1回の呼び出しで全パラメータの勾配をまとめて、引数で指定された長さにクリップし、それからオプティマイザが動かします。テンソルは`item`メソッドでただの数になります。",
    ),
)

OUTPUTS = (Numeric("losses"), Numeric("A"), Numeric("B"), Numeric("norms"))
# clip_grad_norm_ adds 1e-6 to the norm that it divides by, a division by hand does not: gradients are
# long, so that this is as good as nothing. They are clipped clearly or not at all.
LONG = 1e3
CLEARLY = 1.3


def draw(rng: np.random.Generator) -> Case:
    """A few steps, with a gradient that is too long in most of them."""
    long = bool(rng.random() < 0.8)
    limit = float(np.round(rng.uniform(3, 60), 2)) if long else 1e5
    return case(
        rng,
        int(rng.integers(1, 4)),
        max_norm=None if long and rng.random() < 0.2 else limit,
        stale=0.0 if rng.random() < 0.5 else float(np.round(rng.uniform(2000, 9000), 1)),
        n=int(rng.integers(2, 13)),
        hidden=int(rng.integers(2, 6)),
        outputs=int(rng.integers(1, 4)),
        long=long,
    )


def case(
    rng: np.random.Generator,
    steps: int,
    max_norm: float | None,
    stale: float = 0.0,
    n: int = 6,
    hidden: int = 4,
    outputs: int = 3,
    long: bool = True,
    label: Text | None = None,
) -> Case:
    """A small network and targets far from what it gives; ``long``: its gradients need clipping.

    ``stale`` fills the gradient that an earlier step has left behind in A.
    """
    limit = 1.0 if max_norm is None else max_norm
    while True:
        A, B = 0.7 * rng.standard_normal((2, hidden)), rng.standard_normal((hidden, outputs))
        X, Y = rng.uniform(0, 1, (n, 2)), rng.uniform(-9000, 9000, (n, outputs))
        grads = _gradients(A, B, X, Y, 0.0, 1, limit)
        length = min(limit, np.linalg.norm(grads[0]))
        lr = float(f"{rng.uniform(1, 2) / length:.3g}")
        grads = _gradients(A, B, X, Y, lr, steps, limit)
        norms = np.linalg.norm(grads, axis=1)
        # Both parameters count, and the gradient turns from step to step.
        parts = np.linalg.norm(grads[:, : A.size], axis=1) / norms
        turns = [one @ two for one, two in pairwise(grads / norms[:, None])]
        telling = parts.min() > 0.3 and parts.max() < 0.95 and max(turns, default=0) < 0.9
        fitting = norms.min() > CLEARLY * limit if long else norms.max() * CLEARLY < limit
        if norms.min() > LONG and telling and fitting:
            break
    inputs = {"parameters": [A, B], "X": X, "Y": Y, "lr": lr, "steps": steps, "stale": stale}
    if max_norm is not None:  # else the default has to hold
        inputs["max_norm"] = max_norm
    return Case(
        label=label
        or Text(
            f"steps: {steps}, max_norm {max_norm}, gradient left behind: {stale}",
            f"{steps}ステップ、max_norm {max_norm}、残っていた勾配{stale}",
        ),
        inputs=inputs,
        preserves=("X", "Y"),
    )


def _gradients(
    A: np.ndarray,
    B: np.ndarray,
    X: np.ndarray,
    Y: np.ndarray,
    lr: float,
    steps: int,
    max_norm: float,
) -> np.ndarray:
    """The gradient before it is clipped, A's numbers and B's in one row, a row each step."""
    rows = []
    for _ in range(steps):
        hidden = np.tanh(X @ A)
        error = 2 * (hidden @ B - Y) / Y.size
        grads = X.T @ (error @ B.T * (1 - hidden**2)), hidden.T @ error
        rows.append(np.concatenate([grad.ravel() for grad in grads]))
        step = lr * min(1.0, max_norm / np.linalg.norm(rows[-1]))
        A, B = A - step * grads[0], B - step * grads[1]
    return np.array(rows)


def cases() -> list[Case]:
    """One step and several; gradients that are clipped or short enough; gradients left behind."""
    rng = np.random.default_rng(2094)
    short = Text("one step, a gradient short enough", "1ステップ、クリップの要らない短い勾配")
    return [
        case(rng, 1, 1e5, long=False, label=short),
        case(
            rng,
            2,
            1e5,
            long=False,
            label=Text(
                "two steps, gradients short enough", "2ステップ、クリップの要らない短い勾配"
            ),
        ),
        case(rng, 1, 2.0, label=Text("one step, clipped to 2", "1ステップ、2にクリップ")),
        case(rng, 1, None, label=Text("max_norm left alone", "max_normは既定値のまま")),
        case(
            rng,
            3,
            None,
            label=Text("three steps, max_norm left alone", "3ステップ、max_normは既定値のまま"),
        ),
        case(rng, 2, 5.0, label=Text("two steps, clipped to 5", "2ステップ、5にクリップ")),
        case(
            rng,
            1,
            1e5,
            stale=5000.0,
            long=False,
            label=Text("one step, an old gradient left behind", "1ステップ、前の勾配が残っている"),
        ),
        case(
            rng,
            1,
            3.0,
            stale=4000.0,
            label=Text(
                "one step, an old gradient left behind, clipped to 3",
                "1ステップ、前の勾配が残っている、3にクリップ",
            ),
        ),
        case(rng, 3, 30.0, stale=8000.0),
        case(rng, 4, 10.0),
        case(rng, 2, 4.0, n=1, label=Text("a single pixel", "1画素だけ")),
        case(
            rng, 2, 7.0, hidden=2, outputs=1, label=Text("two units, one colour", "2ユニット、1色")
        ),
        case(rng, 3, 6.0, n=12, hidden=5, stale=3000.0),
    ]


FORGET = "optimizer.zero_grad()"
LOSS = "loss = model.m_step_loss(X, Y)  #"
BACK = "loss.backward()"
CLIP = "torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm)"
STEP = "optimizer.step()"
OUT = "return loss.item()  #"
MISTAKES = (
    Mistake(
        "zero_grad_forgotten",
        ((FORGET, "pass"),),
        Text(
            "The gradient of this step is added to the one of the step before. Who empties it?",
            "このステップの勾配が、前のステップの勾配に足されています。誰がそれを空にしますか。",
        ),
    ),
    Mistake(
        "no_gradient_at_the_step",
        ((FORGET, "pass"), (CLIP, f"optimizer.zero_grad()\n    {CLIP}")),
        Text(
            "Nothing moves: when the step is taken there is no gradient, because it was forgotten "
            "again or not computed yet. In which order do the calls need one another?",
            "何も動きません。ステップの時点で勾配がないからです（計算したあとに消したか、まだ計算していないか）。4つの呼び出しは、どの順に並べるべきですか。",
        ),
    ),
    Mistake(
        "zero_grad_only_afterwards",
        ((FORGET, "pass"), (STEP, "optimizer.step()\n    optimizer.zero_grad()")),
        Text(
            "A gradient that someone else left behind (here: before the first call) goes into the "
            "step. Make sure before the backward, not only after it.",
            "誰かが残していった勾配（ここでは最初の呼び出しより前のもの）が、ステップに混ざっています。空にするのは、あとでだけでなく、backwardの前です。",
        ),
    ),
    Mistake(
        "clipped_too_late_or_never",
        ((CLIP, STEP), (f"    {STEP}\n    # END", f"    {CLIP}\n    # END")),
        Text(
            "The optimiser is given gradients longer than max_norm: they were not clipped, or before "
            "they were computed, or after the step. Between which two calls has it to be done?",
            "max_normより長い勾配がオプティマイザに渡っています。クリップを忘れたか、勾配を計算する前、あるいはステップのあとにクリップしています。どの呼び出しとどの呼び出しの間で行うべきですか。",
        ),
    ),
    Mistake(
        "clip_each_parameter",
        (
            (
                CLIP,
                "for parameter in model.parameters():\n"
                "        torch.nn.utils.clip_grad_norm_(parameter, max_norm)",
            ),
        ),
        Text(
            "Each parameter's gradient is clipped by itself. That turns the step's direction; "
            "clipped together, it keeps it.",
            "パラメータごとに別々にクリップしています。それではステップの向きが変わります。まとめてクリップすれば、向きは保たれます。",
        ),
    ),
    Mistake(
        "clip_each_number",
        ((CLIP, "torch.nn.utils.clip_grad_value_(model.parameters(), max_norm)"),),
        Text(
            "Each number of the gradient is cut off at max_norm. What is to be bounded is the "
            "length of the whole.",
            "勾配の成分を1つずつmax_normで切っています。抑えるべきなのは、全体の長さです。",
        ),
    ),
    Mistake(
        "max_norm_ignored",
        ((CLIP, "torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)"),),
        Text(
            "The gradient is always clipped to 1, whatever max_norm says.",
            "max_normの値にかかわらず、いつも1にクリップしています。",
        ),
    ),
    Mistake(
        "always_rescaled",
        (
            (
                CLIP,
                "norm = torch.sqrt(sum((p.grad**2).sum() for p in model.parameters()))\n"
                "    for p in model.parameters():\n"
                "        p.grad *= max_norm / norm",
            ),
        ),
        Text(
            "A gradient that is short enough has been stretched to max_norm. Clipping only ever "
            "shortens.",
            "十分に短い勾配まで、max_normに引き伸ばしています。クリップは短くするだけです。",
        ),
    ),
    Mistake(
        "first_parameter_only",
        ((CLIP, "torch.nn.utils.clip_grad_norm_(next(model.parameters()), max_norm)"),),
        Text(
            "Only the first parameter's gradient is clipped.",
            "最初のパラメータの勾配しかクリップしていません。",
        ),
    ),
    Mistake(
        "loss_after_the_step",
        ((OUT, "return model.m_step_loss(X, Y).item()  #"),),
        Text(
            "The loss returned is that of the new weights. Which one does the task ask for?",
            "返しているのは、新しい重みでの損失です。問題が求めているのはどちらですか。",
        ),
    ),
    Mistake(
        "loss_not_a_number",
        ((OUT, "return loss  #"),),
        Text(
            "A tensor is returned that drags the whole graph of its computation along; a hundred of "
            "them in a list fill the memory. How does it become a plain number?",
            "返しているのはテンソルで、計算グラフ全体を引きずっています。リストに100個もためればメモリを圧迫します。ただの数にするには、どうしますか。",
        ),
    ),
    Mistake(
        "step_forgotten",
        ((STEP, "pass"),),
        Text("The weights never move.", "重みがまったく動きません。"),
    ),
    Mistake(
        "two_steps",
        ((STEP, "optimizer.step()\n    optimizer.step()"),),
        Text(
            "The same gradient is stepped along twice.",
            "同じ勾配で2回進んでいます。",
        ),
    ),
    Mistake(
        "loss_made_a_number_too_early",
        ((LOSS, "loss = model.m_step_loss(X, Y).item()  #"),),
        Text(
            "A plain number does not remember how it was computed, so there is no way back from it. When may the tensor become a number?",
            "ただの数は、自分がどう計算されたかを覚えていないので、そこから遡ることができません。テンソルを数にしてよいのは、いつでしょうか。",
        ),
    ),
    Mistake(
        "parameters_not_called",
        ((CLIP, "torch.nn.utils.clip_grad_norm_(model.parameters, max_norm)"),),
        Text(
            "parameters is a method, and you hand over the method itself. What gives the parameters?",
            "parametersはメソッドですが、メソッドそのものを渡しています。パラメータを取り出すには、何が足りないでしょうか。",
        ),
    ),
    Mistake(
        "loss_as_an_array",
        ((OUT, "return loss.numpy()  #"),),
        Text(
            "A tensor that carries a gradient cannot become an array, and an array is not what is asked for. How does a tensor of one entry become a plain number?",
            "勾配をもつテンソルは配列にできませんし、求められているのも配列ではありません。要素が1つのテンソルをただの数にするには、どうすればよいでしょうか。",
        ),
    ),
)

HEAD = "def m_step(model, X, Y, optimizer, max_norm=1.0):\n"
ALTERNATIVES = (
    Alternative("model_forgets", ((FORGET, "model.zero_grad()"),)),
    Alternative(
        "loss_first",
        ((FORGET, "pass"), (BACK, "optimizer.zero_grad(set_to_none=False)\n    loss.backward()")),
    ),
    Alternative(
        "forget_before_and_after",
        ((STEP, "optimizer.step()\n    optimizer.zero_grad()"), (OUT, "return float(loss)  #")),
    ),
    Alternative(
        "clipped_by_hand",
        (
            (
                CLIP,
                "norm = sum(float((p.grad**2).sum()) for p in model.parameters()) ** 0.5\n"
                "    if norm > max_norm:\n"
                "        for p in model.parameters():\n"
                "            p.grad *= max_norm / norm",
            ),
        ),
    ),
    Alternative(
        "gradients_asked_for",
        code=HEAD
        + """
    parameters = list(model.parameters())
    loss = model.m_step_loss(X, Y)
    grads = torch.autograd.grad(loss, parameters)
    norm = torch.cat([grad.flatten() for grad in grads]).norm()
    scale = torch.clamp(max_norm / norm, max=1)
    for parameter, grad in zip(parameters, grads):
        parameter.grad = scale * grad
    optimizer.step()
    return loss.detach().item()
""",
    ),
    Alternative(
        "parameters_of_the_optimizer",
        code=HEAD
        + """
    for p in model.parameters():
        p.grad = None
    loss = model.m_step_loss(X, Y)
    torch.autograd.backward(loss)
    params = [p for group in optimizer.param_groups for p in group["params"]]
    torch.nn.utils.clip_grad_norm_(params, max_norm, foreach=False)
    optimizer.step()
    return loss.detach().cpu().numpy().item()
""",
    ),
    Alternative(
        "loss_kept_in_a_variable",
        code=HEAD
        + """
    optimizer.zero_grad(set_to_none=True)
    with torch.enable_grad():
        loss = model.m_step_loss(X, Y)
    value = float(loss.detach())
    loss.backward()
    norm = torch.nn.utils.get_total_norm([p.grad for p in model.parameters()])
    torch.nn.utils.clip_grads_with_norm_(model.parameters(), max_norm, norm)
    optimizer.step()
    return value
""",
    ),
)
