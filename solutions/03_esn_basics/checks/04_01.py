"""04_01: narma_func."""

import numpy as np

from tools.checks import Alternative, Case, Mistake, Numeric, Text

TITLE = Text("NARMA10", "NARMA10の時系列")

# Where to look, then how; shown one after the other to whoever asks.
HINTS = (
    Text(
        "At k = 9, the first step of the loop: which ten values make the sum, and which two values of nu are multiplied?",
        "ループの最初のステップk = 9では、和をとるのはどの10個の値で、掛け合わせるのはどの2つのnuですか。",
    ),
    Text(
        "First turn the input into nu. The sum runs over the ten newest values, the present one included, and over time only: each column keeps its own. Then bring the equation to code term by term; it has four.",
        "まず入力をnuに直します。和は、現在の値を含めて新しいほうから10個についてとります。和をとるのは時間の方向だけで、列は別々のままです。あとは式を項ごとにコードに直します。項は4つあります。",
    ),
)

OUTPUTS = (Numeric("ys"),)


def narma(us, y_init, alpha=0.3, beta=0.05, gamma=1.5, delta=0.1, mu=0.25, kappa=0.25):
    """To screen cases with: the equation can explode, and errors would explode with it."""
    nu, ys = mu * us + kappa, list(y_init)
    for k in range(9, len(us) - 1):
        recent = np.sum(ys[-10:], axis=0)
        ys.append(alpha * ys[k] + beta * ys[k] * recent + gamma * nu[k - 9] * nu[k] + delta)
    return np.array(ys)


def draw(rng: np.random.Generator) -> Case:
    """Other coefficients than the usual, up to 40 steps, nowhere near an explosion."""
    while True:
        params = {
            "alpha": rng.uniform(0.1, 0.5),
            "beta": rng.uniform(0.02, 0.08),
            "gamma": rng.uniform(0.5, 2),
            "delta": rng.uniform(0.02, 0.2),
            "mu": rng.uniform(0.1, 0.4),
            "kappa": rng.uniform(0.1, 0.4),
        }
        found = case(
            rng,
            steps=int(rng.integers(15, 41)),
            dims=int(rng.integers(1, 4)),
            **{name: float(np.round(value, 3)) for name, value in params.items()},
        )
        with np.errstate(all="ignore"):
            if np.abs(narma(**found.inputs)).max() < 1.5:
                return found


def case(
    rng: np.random.Generator,
    steps: int = 30,
    dims: int = 1,
    label: Text | None = None,
    whole: bool = False,
    **params,
) -> Case:
    """A series of each column from first values that differ."""
    us = rng.integers(-1, 2, (steps, dims)) if whole else rng.uniform(-1, 1, (steps, dims))
    named = ", ".join(f"{name} {value}" for name, value in params.items())
    return Case(
        label=label
        or Text(f"{steps} steps, d = {dims}, {named}", f"{steps}ステップ、d = {dims}、{named}"),
        inputs={"us": us, "y_init": rng.uniform(0, 0.5, (10, dims)), **params},
        preserves=("us", "y_init"),
    )


def cases() -> list[Case]:
    """The usual coefficients, one changed at a time, all changed; one series and several."""
    rng = np.random.default_rng(401)
    zeros = case(rng, label=Text("first values 0", "最初の値が0"))
    zeros.inputs["y_init"] = np.zeros((10, 1))
    return [
        case(rng, steps=11, label=Text("a single new value", "新しい値が1つだけ")),
        case(rng, steps=12, label=Text("two new values", "新しい値が2つ")),
        case(rng, steps=10, label=Text("no new value at all", "新しい値が1つもない")),
        case(rng, label=Text("30 steps, the usual coefficients", "30ステップ、いつもの係数")),
        zeros,
        case(rng, dims=2, label=Text("two series", "時系列2本")),
        case(rng, dims=10, label=Text("ten series", "時系列10本")),
        case(rng, whole=True, label=Text("inputs -1, 0 and 1", "入力が-1、0、1")),
        *(
            case(rng, label=Text(f"another {name}", f"{name}を変えて"), **{name: value})
            for name, value in {
                "alpha": 0.5,
                "beta": 0.02,
                "gamma": 0.7,
                "delta": 0.2,
                "mu": 0.15,
                "kappa": 0.1,
            }.items()
        ),
        *(draw(np.random.default_rng(seed)) for seed in range(3)),
    ]


SUM = "ys[k - 9 : k + 1].sum(axis=0)"
FIRST = "alpha * ys[k] +"
PRODUCT = "gamma * nu[k - 9] * nu[k]"

MISTAKES = (
    Mistake(
        "nine_terms",
        ((SUM, "ys[k - 8 : k + 1].sum(axis=0)"),),
        Text(
            "Your sum has nine terms. i runs from 0 to 9: how many values are that?",
            "和の項が9個しかありません。iは0から9までです。全部でいくつですか。",
        ),
    ),
    Mistake(
        "eleven_terms",
        ((SUM, "ys[max(k - 10, 0) : k + 1].sum(axis=0)"),),
        Text(
            "Your sum has eleven terms. Which is the oldest value in the formula?",
            "和の項が11個あります。式の中でいちばん古い値はどれですか。",
        ),
    ),
    Mistake(
        "eleven_terms_wrapped",
        ((SUM, "ys[k - 10 : k + 1].sum(axis=0)"),),
        Text(
            "Your slice begins one value too early; at k = 9 it even begins at -1, which is the end of the series. Which is the oldest value in the formula?",
            "スライスの始まりが1つ早すぎます。k = 9では-1、つまり系列の終わりから始まってしまいます。式の中でいちばん古い値はどれですか。",
        ),
    ),
    Mistake(
        "new_value_in_the_sum",
        ((SUM, "ys[k - 9 : k + 2].sum(axis=0)"),),
        Text(
            "Your sum contains the very value that is to be computed, which is not a number yet. Where does the slice have to end?",
            "これから計算する値そのものが和に入っています。それはまだ数ではありません（nan）。スライスはどこで終わるべきですか。",
        ),
    ),
    Mistake(
        "present_value_left_out",
        ((SUM, "ys[k - 9 : k].sum(axis=0)"),),
        Text(
            "The present value is missing from your sum. Does a slice contain its end?",
            "和に現在の値が入っていません。スライスは終わりの添字を含みますか。",
        ),
    ),
    Mistake(
        "mean_for_sum",
        ((SUM, "ys[k - 9 : k + 1].mean(axis=0)"),),
        Text(
            "You take the mean of the ten values; the formula has their sum.",
            "10個の値の平均をとっています。式にあるのは和です。",
        ),
    ),
    Mistake(
        "series_mixed",
        ((SUM, "ys[k - 9 : k + 1].sum()"),),
        Text(
            "With one series all is right, with several each hears the others. Columns are separate series: over which axis do you sum?",
            "時系列が1本なら正しいのに、何本もあると互いに混ざってしまいます。列は別々の時系列です。どの軸について和をとりますか。",
        ),
    ),
    Mistake(
        "input_one_too_old",
        ((PRODUCT, "gamma * nu[k - 10] * nu[k]"),),
        Text(
            "Your older input is one step too old; at k = 9 it even comes from the end of the series.",
            "古いほうの入力が1ステップ古すぎます。k = 9では、系列の終わりの値になってしまいます。",
        ),
    ),
    Mistake(
        "input_of_the_next_step",
        ((PRODUCT, "gamma * nu[k - 9] * nu[k + 1]"),),
        Text(
            "Your series answers an input that has not come yet. Which is the newest value of nu in the formula?",
            "まだ来ていない入力に応答しています。式の中でいちばん新しいnuはどれですか。",
        ),
    ),
    Mistake(
        "older_input_ten_times_nearer",
        ((PRODUCT, "gamma * nu[k] * nu[k]"),),
        Text(
            "Both factors of your product are of now. The task asks for memory because one of them is not.",
            "積の因子が両方とも現在の値です。この課題に記憶が必要なのは、片方が過去の値だからです。",
        ),
    ),
    Mistake(
        "input_as_it_comes",
        (("nu = mu * us + kappa", "nu = us"),),
        Text(
            "The equation is given the input as it comes, between -1 and 1. What are mu and kappa for?",
            "-1から1の入力がそのまま方程式に入っています。muとkappaは何のためにありますか。",
        ),
    ),
    Mistake(
        "shift_forgotten",
        (("nu = mu * us + kappa", "nu = mu * us"),),
        Text(
            "Your nu is negative half of the time. It has to be scaled and shifted.",
            "nuの半分が負になっています。倍率を掛けるだけでなく、ずらすことも必要です。",
        ),
    ),
    Mistake(
        "shift_scaled_too",
        (("nu = mu * us + kappa", "nu = mu * (us + kappa)"),),
        Text(
            "You shift before you scale, so that the shift is scaled, too. In which range does your nu lie?",
            "倍率を掛ける前にずらしているので、ずらす量にも倍率が掛かっています。nuはどの範囲に入りますか。",
        ),
    ),
    Mistake(
        "factor_and_shift_swapped",
        (("nu = mu * us + kappa", "nu = kappa * us + mu"),),
        Text(
            "Right as long as mu and kappa are equal. Which of them multiplies the input?",
            "正しいのは、muとkappaが等しいときだけです。入力に掛けるのはどちらですか。",
        ),
    ),
    Mistake(
        "linear_sum",
        (("beta * ys[k] * recent", "beta * recent"),),
        Text(
            "Your second term is linear. In the formula the sum has a factor.",
            "第2項が線形になっています。式では、和に何かが掛かっています。",
        ),
    ),
    Mistake(
        "constant_forgotten",
        (("nu[k] + delta", "nu[k]"),),
        Text("One of the four terms is missing.", "4つの項のうち1つが抜けています。"),
    ),
    Mistake(
        "change_instead_of_value",
        ((FIRST, "ys[k] + alpha * ys[k] +"),),
        Text(
            "You add the right-hand side to the value before. The formula gives the next value itself.",
            "1つ前の値に右辺を足しています。式が与えるのは、次の値そのものです。",
        ),
    ),
    Mistake(
        "given_value_overwritten",
        (("for k in range(9, len(us) - 1)", "for k in range(8, len(us) - 1)"),),
        Text(
            "Your loop writes over the last of the ten given values. Which is the first value that has to be computed?",
            "ループが、与えられた10個の値の最後のものを上書きしています。計算しなければならない最初の値はどれですか。",
        ),
    ),
    Mistake(
        "given_values_ignored",
        (("ys[:10] = y_init", "ys[:10] = 0"),),
        Text(
            "Your series always begins with zeros. What is y_init for?",
            "いつもゼロから始めています。y_initは何のためにありますか。",
        ),
    ),
    Mistake(
        "coefficients_written_out",
        ((FIRST, "0.3 * ys[k] +"), ("beta * ys[k] * recent", "0.05 * ys[k] * recent")),
        Text(
            "Right for the usual coefficients only. What becomes of those that are passed?",
            "正しいのは、いつもの係数のときだけです。渡された係数はどこへ行きましたか。",
        ),
    ),
    Mistake(
        "summed_over_the_series",
        ((SUM, "ys[k - 9 : k + 1].sum(axis=1)"),),
        Text(
            "Each of the d series has a sum of its own, made of ten values. You added the series to each other, so that ten sums meet d values. Which axis is time?",
            "和は、d本の時系列それぞれについて、10個の値から作ります。いまは時系列どうしを足しているので、10個の和とd個の値が出会っています。時間はどちらの軸でしょうか。",
        ),
    ),
    Mistake(
        "not_summed",
        ((SUM, "ys[k - 9 : k + 1]"),),
        Text(
            "The ten values are still ten: where a row of d numbers is wanted there is a table (10, d). What does the formula do with them?",
            "10個の値が、10個のままです。d個の数が1行要るところに、(10, d)の表が入っています。式の中で、これらの値はどうまとめられているでしょうか。",
        ),
    ),
)

HEAD = (
    "def narma_func(us, y_init, alpha=0.3, beta=0.05, gamma=1.5, delta=0.1, mu=0.25, kappa=0.25):\n"
)
ALTERNATIVES = (
    Alternative(
        "history_as_a_list",
        code=HEAD
        + """
    ys = [y for y in np.asarray(y_init, dtype=float)]
    nu = [mu * u + kappa for u in us]
    for k in range(9, len(us) - 1):
        ys.append(ys[-1] * (alpha + beta * sum(ys[-10:])) + gamma * nu[k - 9] * nu[k] + delta)
    return np.array(ys)
""",
    ),
    Alternative(
        "running_sum",
        code=HEAD
        + """
    nu, ys = mu * us + kappa, np.empty(np.shape(us))
    ys[:10] = y_init
    total = np.sum(y_init, axis=0)
    for k in range(10, len(us)):
        ys[k] = alpha * ys[k - 1] + beta * ys[k - 1] * total + gamma * nu[k - 10] * nu[k - 1] + delta
        total = total + ys[k] - ys[k - 10]
    return ys
""",
    ),
    Alternative(
        "column_by_column",
        code=HEAD
        + """
    out = []
    for u, first in zip(np.transpose(us), np.transpose(y_init)):
        y = list(first)
        for k in range(9, len(u) - 1):
            product = (mu * u[k - 9] + kappa) * (mu * u[k] + kappa)
            y.append(alpha * y[k] + beta * y[k] * sum(y[k - i] for i in range(10)) + gamma * product + delta)
        out.append(y)
    return np.array(out).T
""",
    ),
    Alternative(
        "products_beforehand",
        code=HEAD
        + """
    nu = kappa + us * mu
    drive = gamma * nu[:-9] * nu[9:] + delta
    ys = np.concatenate([y_init, np.zeros((len(us) - 10, us.shape[1]))])
    for k in range(9, len(us) - 1):
        ys[k + 1] = (alpha + beta * np.einsum("id->d", ys[k - 9 : k + 1])) * ys[k] + drive[k - 9]
    return ys
""",
    ),
    Alternative("ones_for_a_sum", ((SUM, "np.ones(10) @ ys[k - 9 : k + 1]"),)),
    Alternative("python_sum", ((SUM, "sum(ys[k - i] for i in range(10))"),)),
)
