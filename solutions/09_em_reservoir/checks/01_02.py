"""01_02: compute_loss."""

import numpy as np

from tools.checks import Alternative, Case, Mistake, Numeric, Text

TITLE = Text("How well is it painted?", "どれくらい上手に描けたか")

# Where to look, then how; shown one after the other to whoever asks.
HINTS = (
    Text(
        "In which order do clipping, subtracting, squaring and averaging come? And which one value must never reach the logarithm?",
        "「切り詰める」「引く」「2乗する」「平均する」は、どの順に行いますか。また、対数に渡してはいけない値が1つあります。それは何ですか。",
    ),
    Text(
        "Clip the prediction alone, before it meets the true colours. A `np.mean` over the whole array divides by pixels and channels at once. Ask whether that mean is exactly 0; if it is not, take the logarithm to base 10, with the factor and the sign of the formula.",
        "切り詰めるのは予測だけで、正しい色と比べる前に行います。配列全体の`np.mean`をとれば、画素とチャンネルの両方で平均したことになります。その値がちょうど0かどうかを調べ、0でなければ、底が10の対数に式の係数と符号を付けます。",
    ),
)

OUTPUTS = (Numeric("mse"), Numeric("psnr"))


def draw(rng: np.random.Generator) -> Case:
    """Colours with noise, some of them beyond what a screen shows."""
    return case(rng, int(rng.integers(2, 25)), noise=float(np.round(rng.uniform(0.25, 0.6), 2)))


def case(
    rng: np.random.Generator,
    pixels: int,
    noise: float,
    channels: int = 3,
    label: Text | None = None,
) -> Case:
    """Random colours, and the same under Gaussian noise, clipped in several places."""
    while True:
        Y = rng.uniform(0, 1, (pixels, channels))
        prediction = Y + noise * rng.standard_normal(Y.shape)
        clipped = np.abs(np.clip(prediction, 0, 1) - prediction)
        if noise < 0.1 or (clipped.max() > 0.02 and np.sum(clipped > 0) < Y.size):
            break
    return judged(
        prediction,
        Y,
        label or Text(f"{pixels} pixels, noise {noise}", f"{pixels}画素、雑音{noise}"),
    )


def judged(prediction: np.ndarray, Y: np.ndarray, label: Text) -> Case:
    """These colours, neither of which may be changed."""
    inputs = {"prediction": prediction, "Y": Y}
    return Case(label=label, inputs=inputs, preserves=("prediction", "Y"))


def cases() -> list[Case]:
    """Perfect, nearly perfect, poor, and impossible colours."""
    rng = np.random.default_rng(102)
    # Quarters, so that the differences are exact in any order of computing.
    Y = rng.integers(0, 5, (6, 3)) / 4
    beyond = Y + np.where(Y == 1, 0.5, 0.0) - np.where(Y == 0, 0.75, 0.0)
    return [
        judged(
            np.array([[0.5, 0.5, 0.5], [0.25, 0.0, 1.0]]),
            np.array([[0.25, 0.5, 0.5], [0.25, 0.0, 0.5]]),
            Text("two pixels, colours within [0, 1]", "2画素、どの色も[0, 1]の中"),
        ),
        judged(Y.copy(), Y, Text("a perfect picture", "完全に一致した絵")),
        judged(
            beyond,
            Y,
            Text(
                "perfect once it is clipped, below 0 and above 1",
                "切り詰めれば完全に一致する絵（0未満と1超）",
            ),
        ),
        judged(
            Y + np.ldexp(np.where(Y > 0.5, -1.0, 1.0), -15),
            Y,
            Text("nearly perfect: about 90 dB", "ほとんど完全な絵：約90 dB"),
        ),
        judged(
            Y + np.ldexp(np.where(Y > 0.5, -1.0, 1.0), -20),
            Y,
            Text("even closer: more than 100 dB", "さらに近い絵：100 dBより上"),
        ),
        judged(
            1.0 - np.round(Y),
            np.round(Y),
            Text("black for white: 0 dB", "白黒が正反対の絵：0 dB"),
        ),
        judged(
            np.full((4, 3), 7.0),
            np.full((4, 3), 0.25),
            Text("a glaring white, far above 1", "1をはるかに超える、まぶしい白"),
        ),
        judged(
            np.full((4, 3), -3.0),
            np.full((4, 3), 0.75),
            Text("colours far below 0", "0をはるかに下回る色"),
        ),
        case(rng, 1, 0.05, label=Text("a single pixel", "1画素だけ")),
        case(rng, 8, 0.03, label=Text("little noise, 8 pixels", "弱い雑音、8画素")),
        case(rng, 5, 0.01),
        case(rng, 3, 0.3, label=Text("as many pixels as channels", "画素数とチャンネル数が同じ")),
        case(rng, 20, 0.4),
        case(rng, 24, 0.6),
        case(rng, 7, 0.25),
    ]


SQUARES = "np.mean((np.clip(prediction, 0, 1) - Y) ** 2)"
DECIBELS = "-10 * np.log10(mse)"
MISTAKES = (
    Mistake(
        "not_clipped",
        ((SQUARES, "np.mean((prediction - Y) ** 2)"),),
        Text(
            "Colours beyond [0, 1] count with their full error. What does a screen make of them?",
            "[0, 1]の外の色の誤差が、そのまま数えられています。画面に出すと、その色はどうなりますか。",
        ),
    ),
    Mistake(
        "clipped_below_only",
        ((SQUARES, "np.mean((np.maximum(prediction, 0) - Y) ** 2)"),),
        Text(
            "The colours are clipped at one end. What about those that are too bright?",
            "切り詰めが片側だけです。明るすぎる色はどうなりますか。",
        ),
    ),
    Mistake(
        "clipped_above_only",
        ((SQUARES, "np.mean((np.minimum(prediction, 1) - Y) ** 2)"),),
        Text(
            "The colours are clipped at one end. What about those that are too dark?",
            "切り詰めが片側だけです。暗すぎる色はどうなりますか。",
        ),
    ),
    Mistake(
        "error_clipped",
        ((SQUARES, "np.mean(np.clip(prediction - Y, 0, 1) ** 2)"),),
        Text(
            "What has to lie in [0, 1] is the colour, not its error. An error may well be negative.",
            "[0, 1]に収めるのは色であって、誤差ではありません。誤差は負になってもかまいません。",
        ),
    ),
    Mistake(
        "absolute_error",
        ((SQUARES, "np.mean(np.abs(np.clip(prediction, 0, 1) - Y))"),),
        Text(
            "That is the mean absolute error. What happens to each difference before the mean?",
            "それは平均絶対誤差です。平均をとる前に、差をどうしますか。",
        ),
    ),
    Mistake(
        "root",
        ((SQUARES, "np.sqrt(np.mean((np.clip(prediction, 0, 1) - Y) ** 2))"),),
        Text(
            "The root is taken too early: the formula of the decibels is meant for the mean square.",
            "平方根が余分です。デシベルの式に入れるのは、二乗の平均そのものです。",
        ),
    ),
    Mistake(
        "sum_over_channels",
        ((SQUARES, "np.mean(np.sum((np.clip(prediction, 0, 1) - Y) ** 2, axis=1))"),),
        Text(
            "Your mean is taken over pixels alone. By how many numbers does the formula divide?",
            "画素だけで平均しています。式では、いくつの数で割っていますか。",
        ),
    ),
    Mistake(
        "sum_of_squares",
        ((SQUARES, "np.sum((np.clip(prediction, 0, 1) - Y) ** 2)"),),
        Text(
            "A larger picture would have a larger error, however well it is painted. What makes a "
            "mean of a sum?",
            "これでは、同じ腕前でも大きな絵ほど誤差が大きくなります。和を平均にするには何が必要ですか。",
        ),
    ),
    Mistake(
        "twenty",
        ((DECIBELS, "-20 * np.log10(mse)"),),
        Text(
            "The factor 20 belongs to amplitudes. Ten times less *squared* error shall be 10 dB.",
            "係数20は振幅に使うものです。**二乗**誤差が10分の1になると10 dB増えるのでした。",
        ),
    ),
    Mistake(
        "natural_logarithm",
        ((DECIBELS, "-10 * np.log(mse)"),),
        Text(
            "Ten times less error shall be 10 dB. To which base does your function take the logarithm?",
            "誤差が10分の1になると10 dB増えるはずです。使った関数の対数の底は何ですか。",
        ),
    ),
    Mistake(
        "sign",
        ((DECIBELS, "10 * np.log10(mse)"),),
        Text(
            "The better the picture, the smaller your number. Which sign has the logarithm of a "
            "number below 1?",
            "絵が上手なほど値が小さくなっています。1より小さい数の対数の符号はどうなりますか。",
        ),
    ),
    Mistake(
        "peak_255",
        ((DECIBELS, "10 * np.log10(255**2 / mse)"),),
        Text(
            "That is the formula for colours from 0 to 255. What is the peak here?",
            "それは色が0から255のときの式です。ここでの最大値はいくつですか。",
        ),
    ),
    Mistake(
        "capped",
        ((DECIBELS, "min(-10 * np.log10(mse), 100.0)"),),
        Text(
            "100 dB stands for a perfect picture. May an imperfect one not have more?",
            "100 dBは完全に一致した絵を表す値です。完全でない絵の値がそれを超えてはいけませんか。",
        ),
    ),
    Mistake(
        "perfect_is_infinite",
        (("if mse == 0:", "if False:"),),
        Text(
            "What is your PSNR when all colours are right? The logarithm of 0 is no finite number.",
            "すべての色が正しいとき、PSNRはいくつになっていますか。0の対数は有限の数ではありません。",
        ),
    ),
    Mistake(
        "nearly_perfect_is_perfect",
        (("if mse == 0:", "if mse < 1e-8:"),),
        Text(
            "Only an error of exactly 0 counts as 100 dB. A very small one has decibels of its own.",
            "100 dBになるのは、誤差がちょうど0のときだけです。とても小さな誤差には、それに応じたデシベル値があります。",
        ),
    ),
    Mistake(
        "error_for_each_channel",
        ((SQUARES, "np.mean((np.clip(prediction, 0, 1) - Y) ** 2, axis=0)"),),
        Text(
            "An if wants one answer, and what you ask about is an array, with an answer for each entry. Is mse one number for the whole picture, and is it mse that you ask about?",
            "ifに要る答えは1つですが、条件の中身が配列なので、答えが要素の数だけあります。mseは、絵全体で1つの数になっているでしょうか。また、条件で調べているのはmseでしょうか。",
        ),
    ),
    Mistake(
        "error_for_each_pixel",
        ((SQUARES, "np.mean((np.clip(prediction, 0, 1) - Y) ** 2, axis=1)"),),
        Text(
            "An if wants one answer, and what you ask about is an array, with an answer for each entry. Is mse one number for the whole picture, and is it mse that you ask about?",
            "ifに要る答えは1つですが、条件の中身が配列なので、答えが要素の数だけあります。mseは、絵全体で1つの数になっているでしょうか。また、条件で調べているのはmseでしょうか。",
        ),
    ),
)

ALTERNATIVES = (
    Alternative(
        "methods", ((SQUARES, "((np.asarray(prediction).clip(0.0, 1.0) - Y) ** 2).mean()"),)
    ),
    Alternative(
        "minimum_and_maximum",
        ((SQUARES, "np.square(np.minimum(np.maximum(prediction, 0), 1) - Y).sum() / Y.size"),),
    ),
    Alternative("logarithm_of_the_inverse", ((DECIBELS, "10 * np.log10(1 / mse)"),)),
    Alternative("from_the_root", ((DECIBELS, "-20 * np.log10(np.sqrt(mse))"),)),
    Alternative("natural_logarithm_divided", ((DECIBELS, "-10 * np.log(mse) / np.log(10)"),)),
    Alternative("mean_of_means", ((SQUARES, "((prediction.clip(0, 1) - Y) ** 2).mean(0).mean()"),)),
    Alternative(
        "loops_and_math",
        code="""
def compute_loss(prediction, Y):
    from math import inf, log10

    total, count = 0.0, 0
    for colours, true in zip(prediction, Y):
        for colour, right in zip(colours, true):
            total += (min(max(colour, 0.0), 1.0) - right) ** 2
            count += 1
    mse = float(total / count)
    psnr = 100.0 if mse == 0 else -10 * log10(mse)
    return mse, psnr
""",
    ),
    Alternative(
        "norm",
        code="""
def compute_loss(prediction, Y):
    error = np.clip(prediction, 0, 1) - Y
    mse = np.vdot(error, error) / error.size
    return np.array(mse), -10 * np.log10(mse) if mse else 100
""",
    ),
    Alternative(
        "where",
        (
            (
                SQUARES,
                "np.average((np.where(prediction > 1, 1, np.where(prediction < 0, 0, prediction)) - Y) ** 2)",
            ),
        ),
    ),
)
