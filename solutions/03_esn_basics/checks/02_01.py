"""02_01: forget_time."""

import numpy as np

from tools.checks import Alternative, Case, Exact, Mistake, Text

TITLE = Text("How long two states take to become one", "2つの状態が1つになるまでの時間")

# Where to look, then how; shown one after the other to whoever asks.
HINTS = (
    Text(
        "Draw a distance that dips below tol, rises above it once more, and then stays below. Which step do you mean, and which steps stand in its way?",
        "いったんtolを下回り、もう一度上がってから、あとはずっと下回る距離を描いてみましょう。求めたいのはどのステップで、その直前には何がありますか。",
    ),
    Text(
        "Do not look for the first step that is below but for the last one that is not: the answer is the step after it. If there is no such step, the distance was below all the time.",
        "下回る最初のステップではなく、下回って**いない**最後のステップを探しましょう。答えはその次のステップです。そのようなステップがなければ、距離はずっと下回っていたことになります。",
    ),
)

OUTPUTS = (Exact("step"),)


def draw(rng: np.random.Generator) -> Case:
    """A distance that falls on the whole, with a bump now and then."""
    steps = int(rng.integers(5, 40))
    tol = float(rng.choice([1e-6, 1e-3, 0.1]))
    last = rng.uniform(-9, 1)  # of the exponent: now far below the threshold, now not at all
    dist = 10.0 ** (np.linspace(1, last, steps) + rng.normal(0, 0.6, steps))
    return case(
        Text(f"{steps} noisy distances, tol {tol}", f"ばらつく距離{steps}個、tol {tol}"), dist, tol
    )


def case(label: Text, dist, tol: float | None = None) -> Case:
    """A record of distances; without a threshold the default has to hold."""
    inputs = {"dist": np.array(dist, dtype=float)}
    if tol is not None:
        inputs["tol"] = tol
    return Case(label=label, inputs=inputs, preserves=("dist",))


def cases() -> list[Case]:
    """Even decay, dips, never, always."""
    fall = 10.0 ** -np.arange(10.0)
    dip = [1, 0.05, 0.3, 0.5, 0.08, 0.02, 0.01]
    return [
        case(Text("an even decay, the default tol", "一様に減る、tolは既定"), fall),
        case(Text("an even decay, tol 0.005", "一様に減る、tol 0.005"), fall, 0.005),
        case(Text("a dip, then below for good", "一度下がって上がり、あとはずっと下"), dip, 0.1),
        case(
            Text("two dips", "谷が2つ"),
            [2, 0.01, 3, 0.02, 0.03, 1, 0.05, 0.01, 0.01, 0.01],
            0.1,
        ),
        case(
            Text("rises again at the very end", "最後にまた上がる"), [1, 0.01, 0.01, 0.01, 0.5], 0.1
        ),
        case(Text("never below", "一度も下回らない"), [3, 2, 1.5, 1.2, 1.1], 0.1),
        case(Text("never below, the default tol", "一度も下回らない、tolは既定"), fall[:5]),
        case(Text("below from the beginning", "最初からずっと下"), [0.05, 0.02, 0.01], 0.1),
        case(
            Text("below at first, then above once more", "最初は下、そのあと一度上がる"),
            [0.05, 0.02, 0.4, 0.03, 0.01],
            0.1,
        ),
        case(Text("only the first is above", "最初の1つだけ上"), [1, 0.02, 0.01, 0.005], 0.1),
        case(Text("only the last is below", "最後の1つだけ下"), [3, 2, 1, 0.5, 0.01], 0.1),
        case(
            Text("one value equals tol", "tolに等しい値がある"), [1, 0.5, 0.25, 0.125, 0.0625], 0.25
        ),
        case(Text("the last value equals tol", "最後の値がtolに等しい"), [1, 0.1, 0.5], 0.5),
        case(Text("a single distance, above", "距離が1つだけ（上）"), [0.7], 0.1),
        case(Text("a single distance, below", "距離が1つだけ（下）"), [0.07], 0.1),
        *(draw(np.random.default_rng(seed)) for seed in range(4)),
    ]


ABOVE = "np.flatnonzero(np.asarray(dist) >= tol)"
END = "int(late[-1]) + 1"

MISTAKES = (
    Mistake(
        "first_dip",
        (
            (ABOVE, "np.flatnonzero(np.asarray(dist) < tol)"),
            ("if len(late) == 0:", "if len(late) == 0 or late[0] == 0:"),
            ("return 0", "return 0 if len(late) else len(dist)"),
            (END, "int(late[0])"),
        ),
        Text(
            "You return the first step that is below. Below once is not below for good: what if the distance rises again?",
            "最初に下回ったステップを返しています。一度下回っても、ずっと下回るとは限りません。距離がまた上がったらどうなりますか。",
        ),
    ),
    Mistake(
        "first_dip_or_zero",
        ((ABOVE, "np.flatnonzero(np.asarray(dist) < tol)"), (END, "int(late[0])")),
        Text(
            "You return the first step that is below. Below once is not below for good: what if the distance rises again?",
            "最初に下回ったステップを返しています。一度下回っても、ずっと下回るとは限りません。距離がまた上がったらどうなりますか。",
        ),
    ),
    Mistake(
        "only_the_first_step_asked",
        (("if len(late) == 0:", "if dist[0] < tol:"),),
        Text(
            "You ask only the first distance. It may be below, and a later one above: what has to hold of all of them?",
            "最初の距離しか調べていません。そこで下回っていても、あとで上がることがあります。全部の距離について何が成り立てばよいでしょうか。",
        ),
    ),
    Mistake(
        "one_early",
        ((END, "int(late[-1])"),),
        Text(
            "At the step that you return the distance is not below tol yet. It is the last such step.",
            "返しているステップでは、距離がまだtolを下回っていません。下回っていない最後のステップです。",
        ),
    ),
    Mistake(
        "one_late",
        ((END, "min(int(late[-1]) + 2, len(dist))"),),
        Text(
            "The distance is below one step earlier already. What comes right after the last step that is not?",
            "1ステップ前には、もう下回っています。下回っていない最後のステップの、すぐ次は何ですか。",
        ),
    ),
    Mistake(
        "equal_counts_as_below",
        ((">= tol", "> tol"),),
        Text(
            "A distance that equals tol is not below it.",
            "tolに等しい距離は、tolを下回っていません。",
        ),
    ),
    Mistake(
        "threshold_ignored",
        ((">= tol", ">= 1e-6"),),
        Text(
            "Right for the default only. What happens to a tol that is passed?",
            "正しいのは既定のtolのときだけです。渡されたtolはどこへ行きましたか。",
        ),
    ),
    Mistake(
        "nothing_found_is_zero",
        (
            (
                "late = " + ABOVE,
                "below = np.asarray(dist) < tol\n    stays = np.logical_and.accumulate(below[::-1])[::-1]",
            ),
            ("if len(late) == 0:", "if len(stays) == 0:"),
            (END, "int(np.argmax(stays))"),
        ),
        Text(
            "You return 0 for a record that never comes below. argmax of nothing but False is 0, too: ask any() first.",
            "一度も下回らない記録に0を返しています。Falseばかりの配列でも、argmaxは0です。先にany()で確かめましょう。",
        ),
    ),
    Mistake(
        "counted_from_the_end",
        ((END, "len(dist) - int(late[-1]) - 1"),),
        Text(
            "You count how long the distance has been below, from the end. Asked is when that began.",
            "下回っている長さを、終わりから数えています。求めるのは、それがいつ始まったかです。",
        ),
    ),
    Mistake(
        "number_of_steps_above",
        ((END, "len(late)"),),
        Text(
            "You count the steps that are not below. Are they all at the beginning?",
            "下回っていないステップの数を数えています。それらは全部、先頭に並んでいるでしょうか。",
        ),
    ),
    Mistake(
        "after_the_first_above",
        ((END, "int(late[0]) + 1"),),
        Text(
            "You look behind the first step that is not below. Which of these steps is the one that matters?",
            "下回っていない最初のステップの次を見ています。大事なのは、そのうちのどれでしょうか。",
        ),
    ),
    Mistake(
        "never_as_minus_one",
        ((END, "(-1 if late[-1] == len(dist) - 1 else int(late[-1]) + 1)"),),
        Text(
            "For a record that does not end below the docstring asks for its length, not for a special number.",
            "下回らないまま終わる記録に対しては、特別な値ではなく記録の長さを返すことになっています。",
        ),
    ),
    Mistake(
        "always_below_is_the_length",
        (("return 0", "return len(dist)"),),
        Text(
            "A distance that is below from the beginning has forgotten at step 0. You treat it as one that never forgets.",
            "最初から下回っている距離は、ステップ0でもう忘れています。一度も忘れないものとして扱われています。",
        ),
    ),
    Mistake(
        "where_without_its_array",
        ((ABOVE, "np.where(np.asarray(dist) >= tol)"),),
        Text(
            "np.where returns a tuple that holds one array of indices for each axis. So the length of late is 1 whatever was found, and its last element is a whole array. What has to be taken out of the tuple first?",
            "np.whereが返すのは、軸ごとの添字の配列を収めたタプルです。そのためlateの長さは何が見つかってもいつも1で、最後の要素は配列全体になります。まずタプルから何を取り出せばよいでしょうか。",
        ),
    ),
    Mistake(
        "where_without_its_array_and_int",
        (
            (ABOVE, "np.where(np.asarray(dist) >= tol)"),
            (END, "late[-1] + 1"),
        ),
        Text(
            "np.where returns a tuple that holds one array of indices for each axis. So the length of late is 1 whatever was found, and its last element is a whole array. What has to be taken out of the tuple first?",
            "np.whereが返すのは、軸ごとの添字の配列を収めたタプルです。そのためlateの長さは何が見つかってもいつも1で、最後の要素は配列全体になります。まずタプルから何を取り出せばよいでしょうか。",
        ),
    ),
    Mistake(
        "distances_as_a_condition",
        (("if len(late) == 0:", "if dist < tol:"),),
        Text(
            "An if wants one yes or no, but an array has one for each of its entries. The question is whether any step was found that is not below: what tells how many were?",
            "ifに要るのは「はい」か「いいえ」の1つですが、配列は要素ごとに答えをもちます。知りたいのは、下回っていないステップが1つでも見つかったかどうかです。見つかった個数は、何でわかるでしょうか。",
        ),
    ),
    Mistake(
        "steps_as_a_condition",
        (("if len(late) == 0:", "if not late:"),),
        Text(
            "An if wants one yes or no, but an array has one for each of its entries. The question is whether any step was found that is not below: what tells how many were?",
            "ifに要るのは「はい」か「いいえ」の1つですが、配列は要素ごとに答えをもちます。知りたいのは、下回っていないステップが1つでも見つかったかどうかです。見つかった個数は、何でわかるでしょうか。",
        ),
    ),
)

ALTERNATIVES = (
    Alternative(
        "from_behind",
        code="""
def forget_time(dist, tol=1e-6):
    k = len(dist)
    while k > 0 and dist[k - 1] < tol:
        k -= 1
    return k
""",
    ),
    Alternative(
        "argmax_of_the_reversed",
        code="""
def forget_time(dist, tol=1e-6):
    above = ~(np.asarray(dist)[::-1] < tol)
    return len(dist) - np.argmax(above) if above.any() else 0
""",
    ),
    Alternative(
        "largest_to_come",
        code="""
def forget_time(dist, tol=1e-6):
    to_come = np.maximum.accumulate(np.asarray(dist)[::-1])[::-1]
    return int(np.sum(to_come >= tol))
""",
    ),
    Alternative(
        "by_definition",
        code="""
def forget_time(dist, tol=1e-6):
    for k in range(len(dist)):
        if all(d < tol for d in dist[k:]):
            return k
    return len(dist)
""",
    ),
    Alternative(
        "generator_with_default",
        code="""
def forget_time(dist, tol=1e-6):
    return max((k + 1 for k, d in enumerate(dist) if not d < tol), default=0)
""",
    ),
    Alternative("where", ((ABOVE, "np.where(~(dist < tol))[0]"),)),
    Alternative("numpy_integer", ((END, "late.max() + 1"),)),
)
