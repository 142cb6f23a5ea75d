"""06_01: forecast_dataset."""

import numpy as np

from tools.checks import Alternative, Case, Exact, Mistake, Text

TITLE = Text("Pairs for a forecast", "予測のための組")

# Where to look, then how; shown one after the other to whoever asks.
HINTS = (
    Text(
        "Write the indices of a series of five values in two rows, states above and targets below, for horizon 1. Which state has no target, and which value is nobody's target?",
        "5個の値の時系列でhorizonが1の場合に、状態と目標の添字を上下2行に書いてみましょう。目標のない状態はどれですか。どの状態の目標にもならない値はどれですか。",
    ),
    Text(
        "The last states have no target, as many as the horizon; they are cut off at the end. The first values of the series are nobody's target, just as many; they are cut off at the beginning. Then both have the same length, and equal row numbers belong together.",
        "最後のhorizon個の状態には目標がないので、終わりを切り落とします。時系列の最初のhorizon個はどの状態の目標にもならないので、始めを切り落とします。これで両方が同じ長さになり、同じ行番号どうしが組になります。",
    ),
)

OUTPUTS = (Exact("states"), Exact("targets"))


def draw(rng: np.random.Generator) -> Case:
    """States and series that have nothing to do with each other but the numbers of their rows."""
    steps = int(rng.integers(4, 20))
    return case(
        rng,
        steps,
        int(rng.integers(1, 6)),
        int(rng.integers(1, 4)),
        int(rng.integers(1, steps)),
    )


def case(
    rng: np.random.Generator,
    steps: int,
    units: int,
    dims: int,
    horizon: int | None,
    label: Text | None = None,
) -> Case:
    """Values that are all different; without a horizon the default has to hold."""
    inputs = {
        "xs": rng.uniform(-1, 1, (steps, units)),
        "series": rng.uniform(-1, 1, (steps, dims)),
    }
    if horizon is not None:
        inputs["horizon"] = horizon
    return Case(
        label=label
        or Text(
            f"{steps} steps, N = {units}, D = {dims}, horizon {horizon}",
            f"{steps}ステップ、N = {units}、D = {dims}、horizon {horizon}",
        ),
        inputs=inputs,
        preserves=("xs", "series"),
    )


def cases() -> list[Case]:
    """The default, longer horizons, the longest one."""
    rng = np.random.default_rng(601)
    counting = Case(
        label=Text("states and series count 0, 1, 2, ...", "状態も時系列も0, 1, 2, …"),
        inputs={
            "xs": np.arange(6.0)[:, np.newaxis] * [1, 10],
            "series": np.arange(6.0)[:, np.newaxis],
        },
        preserves=("xs", "series"),
    )
    return [
        counting,
        case(rng, 10, 3, 1, None, Text("the default horizon", "horizonは既定")),
        case(
            rng,
            10,
            3,
            2,
            None,
            Text("the default horizon, two components", "horizonは既定、成分2つ"),
        ),
        case(rng, 10, 3, 1, 1, Text("horizon 1", "horizonが1")),
        case(rng, 10, 3, 1, 2, Text("horizon 2", "horizonが2")),
        case(rng, 12, 4, 3, 3, Text("horizon 3, three components", "horizonが3、成分3つ")),
        case(rng, 2, 3, 1, None, Text("two steps, one pair", "2ステップ、組は1つ")),
        case(rng, 8, 2, 1, 7, Text("the longest horizon, one pair", "最長のhorizon、組は1つ")),
        case(rng, 9, 1, 1, 4, Text("a single unit", "ユニット1個")),
        case(
            rng,
            6,
            6,
            6,
            2,
            Text("as many units and components as steps", "ユニットも成分もステップと同数"),
        ),
        case(rng, 20, 5, 2, 10),
        case(rng, 15, 3, 2, 5),
        *(draw(np.random.default_rng(seed)) for seed in range(3)),
    ]


STATES = "states = xs[: len(xs) - horizon]"
TARGETS = "targets = series[horizon:]"

MISTAKES = (
    Mistake(
        "what_was_just_heard",
        ((TARGETS, "targets = series[: len(xs) - horizon]"),),
        Text(
            "Each state is asked for the value that it has just heard. The score will be the best of all (4e-6 in the demonstration below): you asked for the input back.",
            "どの状態にも、聞いたばかりの値を答えさせています。成績は最高になるでしょう（下のデモでは4e-6です）。入力をそのまま返させているだけですから。",
        ),
    ),
    Mistake(
        "nothing_moved",
        ((STATES, "states = xs"), (TARGETS, "targets = series")),
        Text(
            "Row k pairs xs[k] with series[k], the value that it has just heard: you ask for the input back. Which value comes horizon steps later, and which states have one?",
            "k行目ではxs[k]とseries[k]、つまり聞いたばかりの値が組になっています。これでは入力をそのまま返させるだけです。horizonステップ後の値はどれで、それがあるのはどの状態ですか。",
        ),
    ),
    Mistake(
        "states_moved_instead",
        ((STATES, "states = xs[horizon:]"),),
        Text(
            "You cut the states at the same end as the series: the state in row k has heard the target in row k already.",
            "状態も時系列も同じ側を切り落としています。k行目の状態が、k行目の目標をもう聞いてしまっています。",
        ),
    ),
    Mistake(
        "past_for_future",
        ((STATES, "states = xs[horizon:]"), (TARGETS, "targets = series[: len(xs) - horizon]")),
        Text(
            "Your states are asked for the past: the target comes before what they heard last.",
            "状態に過去を答えさせています。目標が、最後に聞いた値より前のものになっています。",
        ),
    ),
    Mistake(
        "one_step_further",
        (
            (STATES, "states = xs[: len(xs) - horizon - 1]"),
            (TARGETS, "targets = series[horizon + 1 :]"),
        ),
        Text(
            "Your forecast reaches one step further than asked. Which value is the first that xs[k] has not heard?",
            "求められているより1ステップ先を予測しています。xs[k]がまだ聞いていない最初の値はどれですか。",
        ),
    ),
    Mistake(
        "horizon_ignored",
        ((STATES, "states = xs[:-1]"), (TARGETS, "targets = series[1:]")),
        Text(
            "Right for a horizon of 1. What if another one is passed?",
            "正しいのはhorizonが1のときだけです。別の値を渡されたらどうなりますか。",
        ),
    ),
    Mistake(
        "states_not_cut",
        ((STATES, "states = xs"),),
        Text(
            "There are more states than targets. Which states have a target?",
            "状態のほうが目標より多くなっています。目標があるのはどの状態ですか。",
        ),
    ),
    Mistake(
        "wrapped_round",
        ((STATES, "states = xs"), (TARGETS, "targets = np.roll(series, -horizon, axis=0)")),
        Text(
            "np.roll wraps round: your last states are asked for the beginning of the series. They have no target.",
            "np.rollは端をつないで回します。最後の状態に、時系列の始まりを答えさせています。それらの状態には目標がありません。",
        ),
    ),
    Mistake(
        "first_pairs_dropped",
        (
            (STATES, "states = xs[1 : len(xs) - horizon]"),
            (TARGETS, "targets = series[horizon + 1 :]"),
        ),
        Text(
            "The pairs are right, but the first one is missing. Throwing away the beginning is the washout's task, later.",
            "組は正しいのですが、最初の1組が抜けています。始まりを捨てるのは、あとで行うウォッシュアウトの役目です。",
        ),
    ),
    Mistake(
        "last_pair_dropped",
        (
            (STATES, "states = xs[: len(xs) - horizon - 1]"),
            (TARGETS, "targets = series[horizon:-1]"),
        ),
        Text(
            "The pairs are right, but the last one is missing. Which is the last state that has a target?",
            "組は正しいのですが、最後の1組が抜けています。目標がある最後の状態はどれですか。",
        ),
    ),
    Mistake(
        "order_swapped",
        (("return states, targets", "return targets, states"),),
        Text("States come first, targets second.", "状態が先、目標が後です。"),
    ),
)

HEAD = "def forecast_dataset(xs, series, horizon=1):\n"
ALTERNATIVES = (
    Alternative("negative_end", ((STATES, "states = xs[:-horizon]"),)),
    Alternative(
        "as_long_as_the_targets",
        code=HEAD
        + """
    targets = series[horizon:]
    return xs[: len(targets)], targets
""",
    ),
    Alternative(
        "by_index",
        code=HEAD
        + """
    k = np.arange(len(series) - horizon)
    return xs[k], series[k + horizon]
""",
    ),
    Alternative(
        "pair_by_pair",
        code=HEAD
        + """
    pairs = list(zip(xs, series[horizon:]))
    return np.array([x for x, _ in pairs]), np.array([d for _, d in pairs])
""",
    ),
    Alternative(
        "deleted",
        code=HEAD
        + """
    last = range(len(xs) - horizon, len(xs))
    return np.delete(xs, last, axis=0), np.delete(series, range(horizon), axis=0)
""",
    ),
    Alternative(
        "rolled_and_cut",
        code=HEAD
        + """
    keep = len(xs) - horizon
    return xs[:keep].copy(), np.roll(series, -horizon, axis=0)[:keep]
""",
    ),
)
