"""05_01: score_over_seeds."""

import numpy as np

from tools.checks import Alternative, Case, Exact, Mistake, Text

TITLE = Text("A score over several seeds", "複数のシードでの成績")

# Where to look, then how; shown one after the other to whoever asks.
HINTS = (
    Text(
        "If somebody runs your function with the seeds 3 and 7, and then with 7 alone: should seed 7 have the same score both times? What does that ask of the generators?",
        "シード3と7で実行し、次に7だけで実行したとします。シード7の成績は、2回とも同じになるべきでしょうか。そのためには、生成器をどう用意しますか。",
    ),
    Text(
        "Make a new generator from each seed and hand it to score; collect the numbers in their order. Replace every NaN by infinity before you take the median, the smallest and the largest, so that an exploded run counts as the worst.",
        "シードごとに新しい生成器を作ってscoreに渡し、返ってきた数を順に集めます。中央値、最小値、最大値をとる前に、NaNをすべて無限大に置き換えます。爆発した実行は、いちばん悪いものとして数えられます。",
    ),
)

OUTPUTS = (Exact("values"), Exact("median"), Exact("low"), Exact("high"))


def draw(rng: np.random.Generator) -> Case:
    """Any seeds in any order; often some runs explode."""
    seeds = [int(seed) for seed in rng.permutation(50)[: int(rng.integers(3, 10))]]
    exploding = 0.0 if rng.random() < 0.3 else float(np.round(rng.uniform(0.1, 0.5), 2))
    return case(seeds, int(rng.integers(1, 5)), exploding)


def case(seeds, draws: int = 3, exploding: float = 0.0, label: Text | None = None) -> Case:
    """The harness makes a score of it that takes so many draws and is NaN where the first is below ``exploding``."""
    return Case(
        label=label
        or Text(
            f"seeds {seeds}, {draws} draws a score, NaN with probability {exploding}",
            f"シード {seeds}、1回に乱数{draws}個、確率{exploding}でNaN",
        ),
        inputs={"seeds": seeds, "draws": draws, "exploding": exploding},
    )


def cases() -> list[Case]:
    """One seed, odd and even numbers of them, repetitions; explosions of none, some, most, all."""
    return [
        case([0], label=Text("a single seed", "シード1つだけ")),
        case([7, 3], label=Text("two seeds", "シード2つ")),
        case([5, 1, 4], label=Text("three seeds out of order", "順番どおりでない3つのシード")),
        case([0, 1, 2, 3, 4], label=Text("five seeds", "シード5つ")),
        case([9, 8, 7, 6, 5, 4], label=Text("six seeds, downwards", "大きい順の6つのシード")),
        case([3, 3, 8], label=Text("a seed given twice", "同じシードが2回")),
        case([10, 20, 30, 40], draws=1, label=Text("one draw a score", "1回に乱数1個")),
        case([2, 4, 6, 8, 10], draws=6, label=Text("six draws a score", "1回に乱数6個")),
        case(list(range(8)), exploding=0.3, label=Text("some runs explode", "いくつかが爆発")),
        case(list(range(9)), exploding=0.7, label=Text("most runs explode", "ほとんどが爆発")),
        case([4, 5], draws=0, label=Text("a score that draws nothing", "乱数を引かない成績")),
        case([1, 2, 3], exploding=1.0, label=Text("all runs explode", "すべてが爆発")),
        case([12, 11, 13, 15, 14], exploding=0.4),
        *(draw(np.random.default_rng(seed)) for seed in range(4)),
    ]


RNDS = "[np.random.default_rng(seed) for seed in seeds]"
SCORES = "[score(rnd) for rnd in rnds]"
NAN = "np.where(np.isnan(values), np.inf, values)"
MEDIAN = "np.median(values)"
RANGE = "values.min(), values.max()"

MISTAKES = (
    Mistake(
        "one_generator_for_all",
        ((RNDS, "[np.random.default_rng(seeds[0])] * len(seeds)"),),
        Text(
            "All scores draw from one generator: what the second network is depends on how much the first one drew. Each seed makes a generator of its own.",
            "すべての成績が1つの生成器から乱数を引いています。2つ目のネットワークが、1つ目がいくつ引いたかで変わってしまいます。シードごとに生成器を作りましょう。",
        ),
    ),
    Mistake(
        "one_generator_of_its_own_seed",
        ((RNDS, "[np.random.default_rng(0)] * len(seeds)"),),
        Text(
            "All scores draw from one generator: what the second network is depends on how much the first one drew. Each seed makes a generator of its own.",
            "すべての成績が1つの生成器から乱数を引いています。2つ目のネットワークが、1つ目がいくつ引いたかで変わってしまいます。シードごとに生成器を作りましょう。",
        ),
    ),
    Mistake(
        "always_the_first_seed",
        ((RNDS, "[np.random.default_rng(seeds[0]) for seed in seeds]"),),
        Text(
            "You have run the same network several times. Which seed does each call get?",
            "同じネットワークを何度も走らせています。それぞれの呼び出しが使うシードはどれですか。",
        ),
    ),
    Mistake(
        "numbers_for_seeds",
        ((RNDS, "[np.random.default_rng(seed) for seed in range(len(seeds))]"),),
        Text(
            "You use the seeds 0, 1, 2, ..., whatever was passed.",
            "何を渡されても、シードとして0、1、2、……を使っています。",
        ),
    ),
    Mistake(
        "seed_for_generator",
        ((SCORES, "[score(seed) for seed in seeds]"),),
        Text(
            "score wants a generator to draw from; you hand it a number.",
            "scoreが受け取るのは乱数の生成器です。数をそのまま渡しています。",
        ),
    ),
    Mistake(
        "mean",
        ((MEDIAN, "values.mean()"),),
        Text(
            "One exploded run makes your middle infinite. The median asks only for the order.",
            "平均では、1つ爆発しただけで真ん中の値が無限大になってしまいます。中央値なら、大小の順だけで決まります。",
        ),
    ),
    Mistake(
        "explosions_dropped",
        ((NAN, "values[~np.isnan(values)] if not np.isnan(values).all() else np.array([np.inf])"),),
        Text(
            "The runs that exploded have disappeared from your values. A run that explodes is a result.",
            "爆発した実行がvaluesから消えています。爆発も結果の1つです。",
        ),
    ),
    Mistake(
        "explosions_dropped_all_of_them",
        ((NAN, "values[~np.isnan(values)]"),),
        Text(
            "The runs that exploded have disappeared from your values. A run that explodes is a result.",
            "爆発した実行がvaluesから消えています。爆発も結果の1つです。",
        ),
    ),
    Mistake(
        "explosions_skipped_in_the_middle",
        (
            (NAN, "values"),
            (MEDIAN, "np.nanmedian(values)"),
            (RANGE, "np.nanmin(values), np.nanmax(values)"),
        ),
        Text(
            "nanmedian and its sisters leave out the runs that exploded, so that a setting looks better the more often it fails. A run that explodes is a result.",
            "nanmedianなどは、爆発した実行を除いてしまいます。失敗が多い設定ほど、よく見えることになります。爆発も結果の1つです。",
        ),
    ),
    Mistake(
        "explosions_kept_as_nan",
        ((NAN, "values"),),
        Text(
            "One NaN makes the median NaN. As which number should an exploded run count?",
            "NaNが1つあると中央値もNaNになります。爆発した実行は、どんな数として扱いますか。",
        ),
    ),
    Mistake(
        "explosions_as_zero",
        ((NAN, "np.nan_to_num(values)"),),
        Text(
            "You count an exploded run as 0, which is a perfect score.",
            "爆発した実行を0と数えています。それでは満点です。",
        ),
    ),
    Mistake(
        "values_sorted",
        ((NAN, "np.sort(np.where(np.isnan(values), np.inf, values))"),),
        Text(
            "Your values are sorted, so that nobody can tell any more which seed gave which. Keep the order of the seeds.",
            "valuesを並べ替えたので、どのシードの成績なのかわからなくなっています。シードの順のままにしましょう。",
        ),
    ),
    Mistake(
        "standard_deviation_for_range",
        ((RANGE, "median - values.std(), median + values.std()"),),
        Text(
            "Asked are the smallest and the largest score that occurred, not a standard deviation.",
            "求めるのは、実際に出た成績の最小値と最大値です。標準偏差ではありません。",
        ),
    ),
    Mistake(
        "range_swapped",
        ((RANGE, "values.max(), values.min()"),),
        Text("low and high have changed places.", "lowとhighが入れ替わっています。"),
    ),
    Mistake(
        "one_generator_of_all_seeds",
        ((RNDS, "np.random.default_rng(seeds)"),),
        Text(
            "A list of seeds makes a single generator, and that is nothing a loop could go through. How many generators are needed, and from which seed is each?",
            "シードのリストを渡しても、生成器は1つしかできません。1つの生成器をループで回すことはできません。生成器はいくつ必要で、それぞれどのシードから作ればよいでしょうか。",
        ),
    ),
    Mistake(
        "all_generators_at_once",
        ((SCORES, "score(rnds)"),),
        Text(
            "score draws from one generator, and you hand it all of them in a list. How often is it to be called?",
            "scoreが乱数を引くのは1つの生成器からですが、リストごと渡しています。scoreは何回呼び出せばよいでしょうか。",
        ),
    ),
    Mistake(
        "one_question_for_all_scores",
        ((NAN, "np.inf if np.isnan(values) else values"),),
        Text(
            "np.isnan answers for each score, but an if asks only once, for all of them. What chooses between two values entry by entry?",
            "np.isnanは成績ごとに答えますが、ifが聞くのは全体で1回だけです。要素ごとに2つの値のどちらかを選ぶには、どうすればよいでしょうか。",
        ),
    ),
)

HEAD = "def score_over_seeds(score, seeds):\n"
ALTERNATIVES = (
    Alternative(
        "filled_in",
        code=HEAD
        + """
    values = np.full(len(seeds), np.inf)
    for i, seed in enumerate(seeds):
        value = score(np.random.default_rng(seed))
        if value == value:
            values[i] = value
    return dict(values=values, median=np.median(values), low=np.min(values), high=np.max(values))
""",
    ),
    Alternative("nan_to_num", ((NAN, "np.nan_to_num(values, nan=np.inf)"),)),
    Alternative(
        "sorted_copy",
        code=HEAD
        + """
    values = [score(rnd) for rnd in map(np.random.default_rng, seeds)]
    values = [float("inf") if np.isnan(value) else value for value in values]
    ranks = sorted(values)
    half = len(ranks) // 2
    middle = ranks[half] if len(ranks) % 2 else (ranks[half - 1] + ranks[half]) / 2
    return {"values": values, "median": middle, "low": ranks[0], "high": ranks[-1]}
""",
    ),
    Alternative("quantile_ends", ((RANGE, "np.sort(values)[0], np.sort(values)[-1]"),)),
    Alternative(
        "in_place",
        ((NAN, "values.astype(float)\n    values[np.isnan(values)] = np.inf"),),
    ),
    Alternative(
        "explicit_bit_generator",
        ((RNDS, "[np.random.Generator(np.random.PCG64(seed)) for seed in seeds]"),),
    ),
    Alternative(
        "statistics",
        ((MEDIAN, '__import__("statistics").median(values.tolist())'),),
    ),
)
