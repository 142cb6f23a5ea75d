"""04_02: fourier_features."""

from __future__ import annotations

import numpy as np

from tools.checks import Alternative, Case, Mistake, Numeric, Text

TITLE = Text("Fourier features", "フーリエ特徴")

# Where to look, then how; shown one after the other to whoever asks.
HINTS = (
    Text(
        "Which shapes have X and B, and which shape have the phases? By which angle does a wave turn in one period?",
        "XとBの形は何で、位相の形は何ですか。波は、1周期でどれだけの角度だけ進みますか。",
    ),
    Text(
        "A pixel's phase on a wave is the inner product of its coordinates with the wave's row of B, turned from periods into radians: one matrix product for all of them, with B transposed. Then the sines of all phases stand side by side with the cosines of all phases, in this order.",
        "ある画素の、ある波での位相は、座標とBの行の内積を、周期からラジアンに直したものです。Bを転置すれば、行列の積1回ですべて求まります。そのあと、全位相のsinと全位相のcosを、この順で横に並べます。",
    ),
)

OUTPUTS = (Numeric("H"),)


def draw(rng: np.random.Generator) -> Case:
    """Pixels and waves of about one period across the picture."""
    return case(
        rng,
        pixels=int(rng.integers(2, 41)),
        waves=int(rng.integers(2, 9)),
        scale=float(np.round(rng.uniform(0.3, 2.0), 2)),
    )


def case(
    rng: np.random.Generator,
    pixels: int = 10,
    waves: int = 4,
    scale: float = 1.0,
    label: Text | None = None,
) -> Case:
    """Random pixels and waves."""
    return Case(
        label=label
        or Text(
            f"pixels: {pixels}, waves: {waves}, scale {scale}",
            f"画素{pixels}個、波{waves}個、スケール{scale}",
        ),
        inputs={"X": rng.random((pixels, 2)), "B": scale * rng.standard_normal((waves, 2))},
        preserves=("X", "B"),
    )


def chosen(X: list, B: list, en: str, ja: str) -> Case:
    """A case by hand."""
    return Case(
        label=Text(en, ja), inputs={"X": np.array(X), "B": np.array(B)}, preserves=("X", "B")
    )


def cases() -> list[Case]:
    """From one wave at one pixel to more of both."""
    rng = np.random.default_rng(402)
    return [
        chosen([[0.25, 0.0]], [[1.0, 0.0]], "a quarter of a wave along x", "xに沿って4分の1波長"),
        chosen([[0.3, 0.125]], [[0.0, 1.0]], "an eighth of a wave along y", "yに沿って8分の1波長"),
        chosen([[0.0, 0.0]], [[1.0, 2.0], [3.0, 1.0]], "the corner x = y = 0", "隅の点 x = y = 0"),
        chosen(
            [[0.1, 0.2], [0.3, 0.4]],
            [[1.0, 0.5], [-2.0, 0.25]],
            "two pixels, two waves: all matrices are square",
            "2画素、2つの波：どの行列も正方",
        ),
        chosen(
            [[0.0, 0.5], [0.5, 0.5], [0.75, 0.25]],
            [[-1.0, 0.0]],
            "a wave that runs backwards",
            "逆向きに進む波",
        ),
        case(rng, label=Text("ten pixels, four waves", "10画素、4つの波")),
        case(rng, 1, 6, label=Text("a single pixel, six waves", "1画素、6つの波")),
        case(rng, 8, 1, label=Text("eight pixels, one wave", "8画素、1つの波")),
        case(rng, 12, 3, 10.0, Text("high frequencies, scale 10", "高い周波数、スケール10")),
        case(rng, 5, 5, 0.1, Text("low frequencies, scale 0.1", "低い周波数、スケール0.1")),
        draw(rng),
        draw(rng),
        draw(rng),
    ]


PHASE = "2 * np.pi * X @ B.T"
STACK = "np.hstack([np.sin(phase), np.cos(phase)])"

MISTAKES = (
    Mistake(
        "no_two_pi",
        ((PHASE, "X @ B.T"),),
        Text(
            "After one period a wave should be back where it began. What does sin need for that?",
            "1周期進んだら、波は元に戻るはずです。そのためにsinに必要なものは何ですか。",
        ),
    ),
    Mistake(
        "pi_alone",
        ((PHASE, "np.pi * X @ B.T"),),
        Text(
            "Half a turn is not a whole one.",
            "半周では、1周になりません。",
        ),
    ),
    Mistake(
        "degrees",
        ((PHASE, "360 * X @ B.T"),),
        Text(
            "NumPy's sin counts a full turn otherwise than a compass does.",
            "NumPyのsinは、1周を羅針盤とは違う数え方で表します。",
        ),
    ),
    Mistake(
        "cosines_first",
        ((STACK, "np.hstack([np.cos(phase), np.sin(phase)])"),),
        Text(
            "All columns are there. In which order are they asked for?",
            "列はすべてそろっています。並べる順序はどうですか。",
        ),
    ),
    Mistake(
        "interleaved",
        ((STACK, "np.stack([np.sin(phase), np.cos(phase)], axis=2).reshape(len(X), -1)"),),
        Text(
            "Sines and cosines alternate in your columns. How should they be arranged?",
            "列の中でsinとcosが交互に並んでいます。どう並べるのでしたか。",
        ),
    ),
    Mistake(
        "below_each_other",
        ((STACK, "np.vstack([np.sin(phase), np.cos(phase)])"),),
        Text(
            "Each pixel has one row. How many rows do you return?",
            "1画素は1行です。返している行はいくつありますか。",
        ),
    ),
    Mistake(
        "sines_alone",
        ((STACK, "np.sin(phase)"),),
        Text(
            "With sines alone a wave cannot be shifted: all are zero in the same corner.",
            "sinだけでは波をずらせません。どの波も同じ隅で0になってしまいます。",
        ),
    ),
    Mistake(
        "sines_twice",
        ((STACK, "np.hstack([np.sin(phase), np.sin(phase)])"),),
        Text(
            "The two halves of your features are the same. What can a readout do with the second one?",
            "特徴量の前半と後半が同じです。後半から、読み出し層は何を得られますか。",
        ),
    ),
    Mistake(
        "times_two_pi_twice",
        ((PHASE, "(2 * np.pi) ** 2 * X @ B.T"),),
        Text(
            "B counts periods already. How often is a period turned into an angle?",
            "Bは周期の数です。周期を角度に直すのは、何回ですか。",
        ),
    ),
    Mistake(
        "axes_swapped",
        ((PHASE, "2 * np.pi * X[:, ::-1] @ B.T"),),
        Text(
            "The waves run along the wrong axis: let a wave run along x alone and look which coordinate it follows.",
            "波の進む向きが入れ替わっています。xだけに沿った波を入れて、どちらの座標に従うか見てみましょう。",
        ),
    ),
    Mistake(
        "backwards",
        ((PHASE, "-2 * np.pi * X @ B.T"),),
        Text(
            "Your cosines are right and your sines upside down.",
            "cosは合っていますが、sinの上下が逆になっています。",
        ),
    ),
    Mistake(
        "normalised",
        ((STACK, "np.hstack([np.sin(phase), np.cos(phase)]) / np.sqrt(len(B))"),),
        Text(
            "Your features shrink when there are more waves. The formula has no such factor; what would it do to a fixed lambda?",
            "波の数が増えると特徴量が小さくなります。式にそのような因子はありません。λを固定しているとき、これは何を変えてしまいますか。",
        ),
    ),
    Mistake(
        "frequencies_not_turned",
        ((PHASE, "2 * np.pi * X @ B"),),
        Text(
            "A pixel has two coordinates and a wave two frequencies; these twos have to meet, and in your product a two meets the m waves. How is B turned?",
            "画素の座標は2つ、波の周波数も2つで、積の中ではこの2と2が出会うはずです。いまは、2とm個の波が出会っています。Bをどの向きにすればよいでしょうか。",
        ),
    ),
    Mistake(
        "two_arrays_for_a_list",
        ((STACK, "np.hstack(np.sin(phase), np.cos(phase))"),),
        Text(
            "np.hstack and np.concatenate take one argument, all arrays that are to be joined; the second array is taken for something else. How are two arrays handed over as one thing?",
            "np.hstackやnp.concatenateは、つなげる配列全部を1つの引数で受け取ります。2つ目の配列は、別の引数とみなされてしまいます。2つの配列をひとまとめにして渡すには、どう書けばよいでしょうか。",
        ),
    ),
    Mistake(
        "two_arrays_for_a_list_concatenated",
        ((STACK, "np.concatenate(np.sin(phase), np.cos(phase))"),),
        Text(
            "np.hstack and np.concatenate take one argument, all arrays that are to be joined; the second array is taken for something else. How are two arrays handed over as one thing?",
            "np.hstackやnp.concatenateは、つなげる配列全部を1つの引数で受け取ります。2つ目の配列は、別の引数とみなされてしまいます。2つの配列をひとまとめにして渡すには、どう書けばよいでしょうか。",
        ),
    ),
)

ALTERNATIVES = (
    Alternative("tau", ((PHASE, "(X * (2 * np.pi)) @ np.transpose(B)"),)),
    Alternative(
        "complex",
        (
            (PHASE, "np.exp(2j * np.pi * (X @ B.T))"),
            (STACK, "np.concatenate([phase.imag, phase.real], axis=1)"),
        ),
    ),
    Alternative("einsum", ((PHASE, 'np.einsum("nd,md->nm", X, 2 * np.pi * B)'),)),
    Alternative(
        "broadcast",
        ((PHASE, "2 * np.pi * (X[:, None, :] * B[None, :, :]).sum(axis=2)"),),
    ),
    Alternative(
        "filled",
        (
            (
                "return np.hstack([np.sin(phase), np.cos(phase)])",
                "H = np.empty((len(X), 2 * len(B)))\n    H[:, : len(B)], H[:, len(B) :] = np.sin(phase), np.cos(phase)\n    return H",
            ),
        ),
    ),
    Alternative(
        "loops",
        code="""
def fourier_features(X, B):
    import math

    H = []
    for x, y in X:
        angles = [2 * math.pi * (kx * x + ky * y) for kx, ky in B]
        H.append([math.sin(a) for a in angles] + [math.cos(a) for a in angles])
    return H
""",
    ),
    Alternative("shifted_sine", ((STACK, "np.sin(np.column_stack([phase, phase + np.pi / 2]))"),)),
)
