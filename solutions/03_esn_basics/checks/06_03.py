"""06_03: valid_steps."""

import numpy as np

from tools.checks import Alternative, Case, Exact, Mistake, Text

TITLE = Text("How long a forecast holds", "予測はいつまで当たるか")

# Where to look, then how; shown one after the other to whoever asks.
HINTS = (
    Text(
        "What is nan > 0.4, and what is nan <= 0.4? Ask for what has to hold of a right step, not for what a wrong one looks like.",
        "nan > 0.4の値は何で、nan <= 0.4の値は何でしょうか。外れたステップがどう見えるかではなく、当たったステップで何が成り立つかを調べましょう。",
    ),
    Text(
        "One error for each step: the length of the difference over its components. A step is right where this is at most tol times scale; the others are wrong, NaN among them. The answer is the number of the first wrong one; argmax finds it, but only if there is one.",
        "誤差は1ステップに1つ、差のベクトルの、成分についての長さです。それがtol×scale以下ならそのステップは当たり、それ以外は（NaNも）外れです。答えは最初に外れたステップの番号で、argmaxで見つかります。ただし、外れたステップがあるときに限ります。",
    ),
)

OUTPUTS = (Exact("steps"),)


def draw(rng: np.random.Generator) -> Case:
    """A forecast whose error grows and wavers; sometimes it explodes at the end."""
    steps, dims = int(rng.integers(5, 40)), int(rng.integers(1, 4))
    scale = float(np.round(rng.uniform(0.3, 3), 2))
    tol = float(rng.choice([0.2, 0.4, 1.0]))
    growth = np.linspace(0, rng.uniform(0.3, 3), steps)[:, np.newaxis]
    d = rng.uniform(-1, 1, (steps, dims))
    y = d + scale * tol * growth * rng.normal(size=(steps, dims))
    if rng.random() < 0.3:
        y[int(rng.integers(steps // 2, steps)) :] = np.nan
    return case(
        Text(
            f"{steps} steps, D = {dims}, scale {scale}, tol {tol}",
            f"{steps}ステップ、D = {dims}、scale {scale}、tol {tol}",
        ),
        y,
        d,
        scale,
        tol,
    )


def case(label: Text, y, d, scale: float = 1.0, tol: float | None = None) -> Case:
    """Without a tol the default has to hold."""
    inputs = {"y": np.array(y, dtype=float), "d": np.array(d, dtype=float), "scale": scale}
    if tol is not None:
        inputs["tol"] = tol
    return Case(label=label, inputs=inputs, preserves=("y", "d"))


def errors(label: Text, sizes, scale: float = 1.0, tol: float | None = None) -> Case:
    """A forecast of one component with these errors, of both signs."""
    d = np.cos(np.arange(len(sizes)))[:, np.newaxis]
    signs = np.where(np.arange(len(sizes)) % 2, -1.0, 1.0)
    return case(label, d + (np.array(sizes) * signs)[:, np.newaxis], d, scale, tol)


def cases() -> list[Case]:
    """Growing errors, errors that come back, explosions, borders."""
    nan, inf = np.nan, np.inf
    diagonal = np.array([[0.1, 0.1], [0.25, 0.25], [0.35, 0.35], [0.5, 0.5]])
    return [
        errors(Text("errors that grow", "大きくなっていく誤差"), [0, 0.1, 0.2, 0.3, 0.5, 0.9]),
        errors(
            Text("errors that cross the border several times", "境目を何度も越える誤差"),
            [0.1, 0.2, 0.7, 0.1, 0.6, 0.2, 0.1],
        ),
        errors(Text("right to the end", "最後まで当たる"), [0.1, 0.3, 0.2, 0.1]),
        errors(Text("wrong from the beginning", "最初から外れる"), [0.9, 0.1, 0.1, 0.5]),
        errors(
            Text("wrong only at the last step", "最後のステップだけ外れる"), [0.1, 0.1, 0.2, 0.8]
        ),
        errors(Text("another scale", "scaleを変えて"), [0.1, 0.5, 0.9, 1.5, 3], scale=3.0),
        errors(Text("another tol", "tolを変えて"), [0.1, 0.3, 0.5, 0.9, 1.2], tol=0.8),
        errors(
            Text("scale and tol both changed", "scaleもtolも変えて"),
            [0.01, 0.04, 0.06, 0.02, 0.3],
            scale=0.5,
            tol=0.1,
        ),
        case(
            Text("an error exactly at the border", "誤差がちょうど境目"),
            [[0.5], [1.0], [1.5], [1.0]],
            [[0.0], [0.0], [0.0], [0.0]],
            2.0,
            0.5,
        ),
        case(
            Text("two components, each of them small", "成分2つ、それぞれは小さい"),
            diagonal,
            np.zeros((4, 2)),
        ),
        case(
            Text("two components, errors of both signs", "成分2つ、誤差の符号が逆"),
            diagonal * [1, -1],
            np.zeros((4, 2)),
        ),
        case(
            Text("a run that ends in NaN", "NaNで終わる実行"),
            [[0.1], [0.2], [nan], [nan]],
            [[0.0]] * 4,
        ),
        case(
            Text("infinite, then NaN", "無限大、そのあとNaN"),
            [[0.1], [0.2], [0.1], [inf], [nan]],
            [[0.0]] * 5,
        ),
        case(
            Text("NaN in one component", "1つの成分だけNaN"),
            [[0.1, 0.1], [0.1, nan], [0.1, 0.1]],
            np.zeros((3, 2)),
        ),
        case(Text("a single step, right", "1ステップだけ、当たり"), [[0.1]], [[0.0]]),
        *(draw(np.random.default_rng(seed)) for seed in range(4)),
    ]


ERROR = "np.linalg.norm(y - d, axis=1)"
WRONG = "~(error <= tol * scale)"
FIRST = "return int(np.argmax(wrong))"

MISTAKES = (
    Mistake(
        "nan_taken_for_right",
        ((WRONG, "error > tol * scale"),),
        Text(
            "An exploded run was called valid to the end: every comparison with NaN is False, so NaN never exceeds anything.",
            "爆発した実行が、最後まで当たったことになっています。NaNとの比較はすべてFalseなので、NaNは決して何も超えません。",
        ),
    ),
    Mistake(
        "nothing_wrong_is_zero",
        (("if not wrong.any():", "if len(y) == 0:"),),
        Text(
            "A perfect forecast gets 0 from you: argmax of nothing but False is 0. Ask any() first.",
            "完璧な予測が0になっています。Falseばかりの配列では、argmaxは0です。先にany()で確かめましょう。",
        ),
    ),
    Mistake(
        "each_component_by_itself",
        ((ERROR, "np.abs(y - d).max(axis=1)"),),
        Text(
            "You judge the components one by one. Two small errors at right angles make a larger one.",
            "成分を1つずつ判定しています。直交する2つの小さな誤差は、合わせるともっと大きな誤差になります。",
        ),
    ),
    Mistake(
        "no_length_taken",
        ((ERROR, "np.abs(y - d)"),),
        Text(
            "Right for one component. With several you have as many errors a step; asked is one a step, the length of the vector.",
            "正しいのは成分が1つのときだけです。成分が複数あると、1ステップに誤差がいくつもできてしまいます。求めるのは1ステップに1つ、ベクトルの長さです。",
        ),
    ),
    Mistake(
        "one_length_for_the_record",
        ((ERROR, "np.linalg.norm(y - d)"),),
        Text(
            "You have one length for the whole record, so that all of it is right or nothing. Each step has an error of its own: over which axis is the length?",
            "記録全体で長さが1つしかないので、全部当たりか全部外れかになってしまいます。誤差は1ステップに1つです。長さはどの軸についてとりますか。",
        ),
    ),
    Mistake(
        "length_over_time",
        ((ERROR, "np.linalg.norm(y - d, axis=0)"),),
        Text(
            "You take the length over time, one for each component. Over which axis do the components lie?",
            "時間の方向に長さをとっているので、成分ごとに1つになっています。成分が並んでいるのはどの軸ですか。",
        ),
    ),
    Mistake(
        "mean_over_components",
        ((ERROR, "np.sqrt(((y - d) ** 2).mean(axis=1))"),),
        Text(
            "You take a mean over the components; a length has their sum.",
            "成分について平均をとっています。長さに使うのは和です。",
        ),
    ),
    Mistake(
        "sum_of_magnitudes",
        ((ERROR, "np.abs(y - d).sum(axis=1)"),),
        Text(
            "You add the magnitudes of the components. The Euclidean length is another.",
            "成分の絶対値を足しています。ユークリッド長さは別のものです。",
        ),
    ),
    Mistake(
        "sign_kept",
        ((ERROR, "(y - d).sum(axis=1)"),),
        Text(
            "Your error has a sign: forecasts that are far too low count as right, and components cancel.",
            "誤差に符号が付いています。低すぎる予測が当たりになり、成分どうしが打ち消し合います。",
        ),
    ),
    Mistake(
        "root_forgotten",
        ((ERROR, "((y - d) ** 2).sum(axis=1)"),),
        Text(
            "You compare a squared length with a length.",
            "長さの2乗と長さを比べています。",
        ),
    ),
    Mistake(
        "scale_of_the_forecast",
        ((WRONG, "~(error <= tol * y.std())"),),
        Text(
            "You measure with the spread of the forecast, so that one which swings wildly is allowed larger errors. Which scale was passed?",
            "予測自身の散らばりを物差しにしています。それでは、大きく暴れる予測ほど大きな誤差が許されてしまいます。渡されたscaleは何でしたか。",
        ),
    ),
    Mistake(
        "scale_ignored",
        ((WRONG, "~(error <= tol)"),),
        Text(
            "Right for a scale of 1 only.",
            "正しいのはscaleが1のときだけです。",
        ),
    ),
    Mistake(
        "tolerance_written_out",
        ((WRONG, "~(error <= 0.4 * scale)"),),
        Text(
            "Right for the default only. What happens to a tol that is passed?",
            "正しいのは既定のtolのときだけです。渡されたtolはどこへ行きましたか。",
        ),
    ),
    Mistake(
        "border_is_wrong",
        ((WRONG, "~(error < tol * scale)"),),
        Text(
            "An error that equals tol * scale does not exceed it.",
            "tol * scaleに等しい誤差は、それを超えてはいません。",
        ),
    ),
    Mistake(
        "last_wrong_step",
        ((FIRST, "return int(np.flatnonzero(wrong)[-1])"),),
        Text(
            "You return the last step that is wrong. What comes after the first failure does not count.",
            "最後に外れたステップを返しています。最初に外れたあとのことは数えません。",
        ),
    ),
    Mistake(
        "right_steps_counted",
        ((FIRST, "return int(np.sum(~wrong))"),),
        Text(
            "You count all right steps, also those after the first failure, where curves cross by chance.",
            "最初に外れたあとで曲線がたまたま交わったステップまで、当たりに数えています。",
        ),
    ),
    Mistake(
        "one_too_few",
        ((FIRST, "return max(int(np.argmax(wrong)) - 1, 0)"),),
        Text(
            "You return the number of the last right step. Counting begins at 0: how many steps are right before step 3?",
            "当たった最後のステップの番号を返しています。番号は0から始まります。ステップ3の前に当たったステップは何個ですか。",
        ),
    ),
    Mistake(
        "one_too_many",
        ((FIRST, "return int(np.argmax(wrong)) + 1"),),
        Text(
            "The first wrong step is counted with the right ones. Counting begins at 0: how many steps are right before step 3?",
            "最初に外れたステップまで、当たりに数えています。番号は0から始まります。ステップ3の前に当たったステップは何個ですか。",
        ),
    ),
    Mistake(
        "not_of_an_array",
        ((WRONG, "not (error <= tol * scale)"),),
        Text(
            "not and if deal with one yes or no, and here is one for each step. How is an array turned round entry by entry, and how do you ask whether any entry is true?",
            "notやifが扱えるのは「はい」か「いいえ」の1つだけですが、ここでは答えがステップの数だけあります。配列を要素ごとに反転させるには、また、1つでも真があるかを調べるには、どうすればよいでしょうか。",
        ),
    ),
    Mistake(
        "array_as_a_condition",
        (("if not wrong.any():", "if not wrong:"),),
        Text(
            "not and if deal with one yes or no, and here is one for each step. How is an array turned round entry by entry, and how do you ask whether any entry is true?",
            "notやifが扱えるのは「はい」か「いいえ」の1つだけですが、ここでは答えがステップの数だけあります。配列を要素ごとに反転させるには、また、1つでも真があるかを調べるには、どうすればよいでしょうか。",
        ),
    ),
    Mistake(
        "all_wrong_steps_as_a_number",
        ((FIRST, "return int(np.where(wrong)[0])"),),
        Text(
            "np.where gives the numbers of all steps that are wrong, and int wants a single one. Which of them is asked for?",
            "np.whereが返すのは外れたステップすべての番号ですが、intにできるのは1つだけです。求めるのは、そのうちのどれでしょうか。",
        ),
    ),
)

HEAD = "def valid_steps(y, d, scale, tol=0.4):\n"
ALTERNATIVES = (
    Alternative(
        "step_by_step",
        code=HEAD
        + """
    for k in range(len(y)):
        if not np.linalg.norm(y[k] - d[k]) <= tol * scale:
            return k
    return len(y)
""",
    ),
    Alternative(
        "accumulated",
        code=HEAD
        + """
    right = np.sqrt(np.sum((d - y) ** 2, axis=-1)) <= tol * scale
    return int(np.logical_and.accumulate(right).sum())
""",
    ),
    Alternative(
        "nan_as_infinite",
        code=HEAD
        + """
    error = np.nan_to_num(np.linalg.norm(np.asarray(y) - d, axis=1), nan=np.inf)
    late = np.flatnonzero(error > tol * scale)
    return late[0] if len(late) else len(error)
""",
    ),
    Alternative(
        "sentinel",
        (
            (FIRST, "return int(np.append(wrong, True).argmax())"),
            ("if not wrong.any():", "if len(wrong) == 0:"),
        ),
    ),
    Alternative(
        "python_next",
        code=HEAD
        + """
    errors = np.hypot.reduce(y - d, axis=1)
    return next((k for k, e in enumerate(errors) if not e <= tol * scale), len(errors))
""",
    ),
    Alternative("either_way", ((WRONG, "(error > tol * scale) | np.isnan(error)"),)),
    Alternative("scaled_first", ((ERROR, "np.linalg.norm((y - d) / 2, axis=1) * 2"),)),
)
