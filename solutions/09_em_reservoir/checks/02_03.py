"""02_03: predict_torch and m_step_loss."""

import numpy as np

from tools.checks import Alternative, Case, Exact, Mistake, Numeric, Text

TITLE = Text("What the M-step descends", "Mステップが下る損失")

# Where to look, then how; shown one after the other to whoever asks.
HINTS = (
    Text(
        "Between which values do colours lie, and is the picture brought into that range before it is compared or after? And which of H and W_out is the M-step to move?",
        "色の範囲はいくつからいくつまでですか。絵をその範囲に収めるのは、比べる前ですか、あとですか。また、Mステップが動かすのは、HとW_outのどちらですか。",
    ),
    Text(
        "`predict_torch` is a product inside a `torch.clamp`. `m_step_loss` asks it for the picture, with the features as they are and the readout taken off its history; of the squared differences to the true colours it returns the mean over all there is.",
        "`predict_torch`は、積を`torch.clamp`に入れるだけです。`m_step_loss`では、特徴量はそのまま、読み出し層は計算の履歴から切り離して、`predict_torch`に絵を求めます。返すのは、正しい色との差を2乗した、全成分の平均です。",
    ),
)

OUTPUTS = (Numeric("prediction"), Numeric("loss"), Numeric("dH"), Exact("W_out has a gradient"))
MARGIN = 1e-3  # that an entry keeps from 0 and 1, where the clamp has no derivative


def draw(rng: np.random.Generator) -> Case:
    """Features and a readout that overshoots the colours on both sides."""
    return case(rng, int(rng.integers(4, 25)), int(rng.integers(2, 7)), int(rng.integers(2, 5)))


def case(
    rng: np.random.Generator,
    n: int,
    num_features: int,
    outputs: int,
    low: bool = True,
    high: bool = True,
    label: Text | None = None,
) -> Case:
    """A picture with entries within [0, 1], and some below and above if asked for, none near."""
    while True:
        H = rng.uniform(-1, 1, (n, num_features))
        W_out = rng.standard_normal((num_features, outputs))
        if not (low and high):  # gentle: mean colours, small contrasts
            H[:, 0] = 1.0
            W_out *= 0.9 if low or high else 0.1
            W_out[0] = 0.5 + 0.4 * (high - low)
        colours = H @ W_out
        clear = np.minimum(np.abs(colours), np.abs(colours - 1)).min() > MARGIN
        seen = [(colours < 0).any(), (colours > 1).any(), ((colours > 0) & (colours < 1)).any()]
        if clear and seen == [low, high, True]:
            break
    return Case(
        label=label
        or Text(
            f"{n} pixels, {num_features} features, {outputs} colours",
            f"{n}画素、特徴量{num_features}個、色{outputs}個",
        ),
        inputs={"H": H, "W_out": W_out, "Y": rng.uniform(0, 1, (n, outputs))},
        preserves=("H", "W_out", "Y"),
    )


def cases() -> list[Case]:
    """Pictures within the range of colours, below, above, and beyond it on both sides."""
    rng = np.random.default_rng(2093)
    within = Text("all colours within [0, 1]", "色がすべて[0, 1]の中")
    below = Text("some colours below 0", "0より小さい色がある")
    above = Text("some colours above 1", "1より大きい色がある")
    return [
        case(rng, 5, 3, 3, low=False, high=False, label=within),
        case(rng, 6, 4, 3, high=False, label=below),
        case(rng, 6, 4, 3, low=False, label=above),
        case(
            rng,
            8,
            3,
            3,
            label=Text("colours below 0 and above 1", "0より小さい色も1より大きい色もある"),
        ),
        case(rng, 10, 5, 3),
        case(rng, 12, 2, 3),
        case(rng, 7, 6, 1, label=Text("one colour (grey)", "色は1つ（灰色）")),
        case(rng, 6, 3, 2, label=Text("two colours", "色は2つ")),
        case(
            rng,
            4,
            4,
            4,
            label=Text("as many pixels as features and colours", "画素と特徴量と色が同数"),
        ),
        case(rng, 20, 5, 4),
        case(rng, 24, 6, 3, label=Text("24 pixels", "24画素")),
        case(rng, 1, 2, 1, low=False, high=False, label=Text("a single number", "数が1つだけ")),
        case(rng, 9, 1, 5, label=Text("a single feature", "特徴量1個だけ")),
    ]


CLAMP = "return torch.clamp(H @ W_out, 0, 1)  #"
PICTURE = "prediction = predict_torch(H, W_out.detach())  #"
LOSS = "return torch.mean((prediction - Y) ** 2)  #"
MISTAKES = (
    Mistake(
        "clamp_forgotten",
        ((CLAMP, "return H @ W_out  #"),),
        Text(
            "Colours below 0 and above 1 come out. What does the function promise of its colours?",
            "0より小さい色や1より大きい色が出ています。この関数は、色について何を約束していますか。",
        ),
    ),
    Mistake(
        "clamp_forgotten_in_loss",
        ((PICTURE, "prediction = H @ W_out.detach()  #"),),
        Text(
            "The loss compares the bare product with the colours. Which picture is shown, and "
            "judged?",
            "損失が、積をそのまま色と比べています。実際に表示され、評価されるのはどの絵ですか。",
        ),
    ),
    Mistake(
        "clamped_below_only",
        ((CLAMP, "return torch.clamp(H @ W_out, min=0)  #"),),
        Text("No colour is brighter than 1.", "1より明るい色はありません。"),
    ),
    Mistake(
        "clamped_above_only",
        ((CLAMP, "return torch.clamp(H @ W_out, max=1)  #"),),
        Text("No colour is darker than 0.", "0より暗い色はありません。"),
    ),
    Mistake(
        "clamped_to_minus_one",
        ((CLAMP, "return torch.clamp(H @ W_out, -1, 1)  #"),),
        Text(
            "That is the range of a tanh unit. What is the range of a colour?",
            "それはtanhユニットの範囲です。色の範囲はいくつからいくつまでですか。",
        ),
    ),
    Mistake(
        "sigmoid",
        ((CLAMP, "return torch.sigmoid(H @ W_out)  #"),),
        Text(
            "A sigmoid bends every colour, also those that were right. A clamp leaves them alone.",
            "シグモイドは、正しかった色まで曲げてしまいます。クランプなら、範囲内の色はそのままです。",
        ),
    ),
    Mistake(
        "error_clamped",
        ((PICTURE, "prediction = Y + torch.clamp(H @ W_out.detach() - Y, 0, 1)  #"),),
        Text(
            "The error is clamped instead of the picture: being too dark costs nothing.",
            "絵ではなく誤差をクランプしています。これでは、暗すぎても損失になりません。",
        ),
    ),
    Mistake(
        "readout_not_detached",
        ((PICTURE, "prediction = predict_torch(H, W_out)  #"),),
        Text(
            "A gradient reaches W_out. The M-step holds it fixed; the E-step alone changes it.",
            "勾配がW_outに届いています。MステップではW_outを固定し、変えるのはEステップだけです。",
        ),
    ),
    Mistake(
        "features_detached",
        ((PICTURE, "prediction = predict_torch(H.detach(), W_out)  #"),),
        Text(
            "The gradient goes to the readout and not to the features. Which of the two is held "
            "fixed in the M-step?",
            "勾配が特徴量ではなく読み出しに流れています。Mステップで固定するのはどちらですか。",
        ),
    ),
    Mistake(
        "everything_detached",
        ((PICTURE, "prediction = predict_torch(H, W_out).detach()  #"),),
        Text(
            "The loss has its right value, but no gradient reaches the features. What exactly is to "
            "be held fixed?",
            "損失の値は正しいのですが、勾配が特徴量に届きません。固定すべきものは、正確には何ですか。",
        ),
    ),
    Mistake(
        "straight_through",
        (
            (
                PICTURE,
                "colours = H @ W_out.detach()\n"
                "    prediction = colours + (torch.clamp(colours, 0, 1) - colours).detach()  #",
            ),
        ),
        Text(
            "The values are clamped and the gradient is not: it passes where the clamp is flat. A "
            "thought for section 5; here the loss is differentiated as it stands.",
            "値はクランプされているのに、勾配はされていません（クランプが平らなところでも流れています）。5節で考えることですが、ここでは損失をそのまま微分します。",
        ),
    ),
    Mistake(
        "sum_for_mean",
        ((LOSS, "return torch.sum((prediction - Y) ** 2)  #"),),
        Text(
            "This loss grows with the size of the picture. What is done over pixels and colours?",
            "この損失は、絵が大きいほど大きくなります。画素と色についてとるのは何ですか。",
        ),
    ),
    Mistake(
        "mean_over_pixels_only",
        ((LOSS, "return torch.mean(torch.sum((prediction - Y) ** 2, dim=1))  #"),),
        Text(
            "The colours are summed and only the pixels averaged. Over what goes the mean?",
            "色については和をとり、画素についてだけ平均しています。平均は何についてとりますか。",
        ),
    ),
    Mistake(
        "half",
        ((LOSS, "return torch.mean((prediction - Y) ** 2) / 2  #"),),
        Text(
            "A factor of one half, convenient for derivatives, has slipped in. The task has none.",
            "微分に便利な2分の1が紛れ込んでいます。問題の式にはありません。",
        ),
    ),
    Mistake(
        "absolute_error",
        ((LOSS, "return torch.mean(torch.abs(prediction - Y))  #"),),
        Text(
            "The errors are not squared.",
            "誤差が2乗されていません。",
        ),
    ),
    Mistake(
        "root",
        ((LOSS, "return torch.mean((prediction - Y) ** 2) ** 0.5  #"),),
        Text(
            "A root was drawn at the end. Its gradient has the same direction but another length.",
            "最後に平方根をとっています。勾配の向きは同じですが、長さが変わってしまいます。",
        ),
    ),
    Mistake(
        "method_not_called",
        ((PICTURE, "prediction = predict_torch(H, W_out.detach)  #"),),
        Text(
            "What you hand over is the method itself and not the tensor that it returns. What makes a method do its work?",
            "渡しているのはメソッドそのもので、メソッドが返すテンソルではありません。メソッドを働かせるには、何が足りないでしょうか。",
        ),
    ),
    Mistake(
        "numpy_clip",
        ((CLAMP, "return np.clip(H @ W_out, 0, 1)  #"),),
        Text(
            "NumPy has got into the picture, by one of its functions or an array. It keeps no record for the gradient of H, so PyTorch refuses. How is everything kept in tensors?",
            "絵の計算のどこかに、NumPyの関数か配列が入り込んでいます。NumPyはHの勾配のための記録を残さないので、PyTorchが断っています。すべてをテンソルのまま計算するには、どうすればよいでしょうか。",
        ),
    ),
    Mistake(
        "numpy_mean",
        ((LOSS, "return np.mean((prediction - Y) ** 2)  #"),),
        Text(
            "np.mean calls the tensor's own mean with arguments that PyTorch does not know; and NumPy would keep no record for the gradient. Whose mean is needed?",
            "np.meanは、PyTorchの知らない引数を付けてテンソルのmeanを呼び出そうとします。それに、NumPyは勾配のための記録を残しません。どちらのライブラリの関数で平均をとればよいでしょうか。",
        ),
    ),
    Mistake(
        "mean_forgotten",
        ((LOSS, "return (prediction - Y) ** 2  #"),),
        Text(
            "backward starts from one number, and your loss is a whole table with an error for each colour of each pixel. How does the docstring make one number of it?",
            "backwardは1つの数から始まりますが、損失が、画素と色ごとの誤差の表のままです。docstringでは、どのように1つの数にまとめているでしょうか。",
        ),
    ),
)

LOSS_HEAD = "def m_step_loss(H, W_out, Y):\n"
ALTERNATIVES = (
    Alternative("library_loss", ((LOSS, "return torch.nn.functional.mse_loss(prediction, Y)  #"),)),
    Alternative(
        "own_product", ((PICTURE, "prediction = (H @ W_out.detach()).clamp(min=0.0, max=1.0)  #"),)
    ),
    Alternative(
        "maximum_minimum",
        (
            (
                CLAMP,
                "zero = torch.zeros((), dtype=H.dtype)\n"
                "    return torch.minimum(torch.maximum(torch.matmul(H, W_out), zero), zero + 1)  #",
            ),
        ),
    ),
    Alternative(
        "hardtanh", ((CLAMP, "return torch.nn.functional.hardtanh(H @ W_out, 0.0, 1.0)  #"),)
    ),
    Alternative(
        "masks",
        (
            (
                CLAMP,
                'colours = torch.einsum("nk,kd->nd", H, W_out)\n'
                "    inside = (colours > 0) & (colours < 1)\n"
                "    return torch.where(inside, colours, (colours >= 1).to(colours))  #",
            ),
        ),
    ),
    Alternative(
        "no_grad_copy",
        code=LOSS_HEAD
        + """
    with torch.no_grad():
        fixed = W_out.clone()
    error = Y - predict_torch(H, fixed)
    return error.square().sum() / error.numel()
""",
    ),
    Alternative(
        "mean_of_means",
        code=LOSS_HEAD
        + """
    return ((predict_torch(H, W_out.data) - Y) ** 2).mean(dim=0).mean()
""",
    ),
    Alternative(
        "channel_by_channel",
        code=LOSS_HEAD
        + """
    losses = []
    for w, y in zip(W_out.detach().T, Y.T):
        losses.append(((H @ w).clip(0, 1) - y).pow(2).mean())
    return sum(losses) / len(losses)
""",
    ),
)
