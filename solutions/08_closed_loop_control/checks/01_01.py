"""01_01: mackey_glass_func and sample_mg_dynamics."""

import numpy as np

from tools.checks import Alternative, Case, Mistake, Numeric, Text
from utils.chaos import ConstantHistory, SampledHistory

TITLE = Text("Sampling the Mackey-Glass equation", "Mackey-Glass方程式のサンプリング")

# Where to look, then how; shown one after the other to whoever asks.
HINTS = (
    Text(
        "Two questions come before any code. In the equation, which quantities are of now and which of a time tau ago? And in the list gs, which end is now and which is tau ago?",
        "コードを書く前に、2つ考えてみましょう。方程式のどの量が現在の値で、どの量がτだけ前の値ですか。そして、リストgsのどちらの端が現在で、どちらの端がτだけ前ですか。",
    ),
    Text(
        "Write the right-hand side as the formula has it, the whole denominator in brackets. `runge_kutta` wants the spacing, the function and, by name, all that is held over the step: the delayed value and the caller's parameters. It returns a map: give it the newest value and put what comes out at the end of the list, while the oldest value leaves. The new value is the one to keep.",
        "右辺は式のとおりに書き、分母の全体を括弧で囲みます。`runge_kutta`には、間隔と右辺の関数、それにステップの間一定に保つもの（遅延した値と、呼び出し側のパラメータ）をキーワード引数で渡します。返ってくるのは写像です。最も新しい値をこの写像に渡し、出てきた値をリストの末尾に入れ、最も古い値を外します。記録するのは、その新しい値です。",
    ),
)

OUTPUTS = (Numeric("ts"), Numeric("out"))
SLOPE = (Numeric("gn_dot"),)


def draw(rng: np.random.Generator) -> Case:
    """The right-hand side alone, or a few delays of samples: too short for chaos to magnify
    rounding, long enough for the first samples to come back as delayed values."""
    params = {
        "beta": float(np.round(rng.uniform(0.15, 0.3), 3)),
        "gamma": float(np.round(rng.uniform(0.06, 0.14), 3)),
        "n": float(np.round(rng.uniform(5.0, 12.0), 1)),
    }
    if rng.random() < 0.25:
        shape = tuple(int(size) for size in rng.integers(1, 5, rng.integers(0, 3)))
        return slope_case(
            Text(f"right-hand side, shape {shape}", f"方程式の右辺、形 {shape}"),
            rng.uniform(0.3, 1.5, shape),
            rng.uniform(0.3, 1.5, shape),
            **params,
        )
    tau = float(np.round(rng.uniform(4.0, 24.0), 2))
    num_split = int(rng.integers(4, 24))
    if abs(tau / (num_split - 1) - 1) < 0.05:  # a step of length 1 would hide a forgotten dT
        tau += 1.0
    shape = () if rng.random() < 0.5 else tuple(int(size) for size in rng.integers(2, 4, 1))
    return sample_case(
        Text(
            f"tau {tau}, {num_split} points of history",
            f"tau = {tau}、履歴{num_split}点",
        ),
        int(rng.integers(2 * num_split, 4 * num_split)),
        tau,
        num_split,
        wiggly(rng, tau, shape),
        **params,
    )


def slope_case(label: Text, gn, g0, **params) -> Case:
    """A call of the right-hand side alone."""
    return Case(
        label=label,
        inputs={"gn": gn, "g0": g0, **params},
        call="mackey_glass_func",
        outputs=SLOPE,
        preserves=("gn", "g0") if np.ndim(gn) else (),
    )


def sample_case(label: Text, time_steps: int, tau, num_split: int, history=None, **params) -> Case:
    """A call of the sampler, silent; without a history it falls back on its own."""
    inputs = {"time_steps": time_steps, "tau": tau, "num_split": num_split, "display": False}
    if history is not None:
        inputs["values_before_zero"] = history
    return Case(label=label, inputs={**inputs, **params})


def wiggly(rng: np.random.Generator, tau: float, shape: tuple[int, ...] = ()) -> SampledHistory:
    """A history that differs from place to place, between 0.4 and 1.2."""
    ts = -tau * np.sort(np.append(rng.uniform(0.05, 0.95, 4), [0.0, 1.0]))[::-1]
    ts[-1] = 0.0
    return SampledHistory(ts, rng.uniform(0.4, 1.2, (6, *shape)))


def cases() -> list[Case]:
    """The right-hand side by itself, then samples, from one step to several delays."""
    rng = np.random.default_rng(101)
    now, ago = rng.uniform(0.4, 1.4, (2, 2, 3))
    ramp = SampledHistory([-9.0, -6.0, 0.0], [0.3, 1.2, 0.6])
    return [
        slope_case(Text("right-hand side, two numbers", "方程式の右辺、2つの数"), 0.8, 1.2),
        slope_case(
            Text("right-hand side, other parameters", "方程式の右辺、パラメータを変えて"),
            1.1,
            0.7,
            beta=0.25,
            gamma=0.08,
            n=7.5,
        ),
        slope_case(
            Text("right-hand side, whole numbers", "方程式の右辺、整数"),
            1,
            2,
            beta=1,
            gamma=3,
            n=3,
        ),
        slope_case(
            Text("right-hand side, three values at once", "方程式の右辺、3つの値をまとめて"),
            now[0],
            ago[0],
        ),
        slope_case(
            Text(
                "right-hand side, arrays (2, 3) and other parameters",
                "方程式の右辺、形 (2, 3) の配列とパラメータ",
            ),
            now,
            ago,
            beta=0.3,
            gamma=0.12,
            n=8.0,
        ),
        sample_case(
            Text("a single step from the default history", "既定の履歴から1ステップだけ"), 1, 17, 18
        ),
        sample_case(
            Text("60 steps from the default history, dT = 1", "既定の履歴から60ステップ、dT = 1"),
            60,
            17,
            18,
        ),
        sample_case(
            Text("fewer steps than the history has points", "履歴の点数より少ないステップ数"),
            7,
            17.0,
            35,
            ConstantHistory(0.9),
        ),
        sample_case(
            Text("only the two ends of the history are kept", "履歴の両端の2点だけ"),
            12,
            1.5,
            2,
            ConstantHistory(0.6),
        ),
        sample_case(
            Text("three delays with dT = 0.5", "dT = 0.5で遅延の3倍の時間"),
            102,
            17.0,
            35,
            ConstantHistory(1.3),
        ),
        sample_case(
            Text("a history that rises and falls", "上がって下がる履歴"), 30, 9.0, 13, ramp
        ),
        sample_case(Text("another beta", "betaを変えて"), 30, 9.0, 13, ramp, beta=0.3),
        sample_case(Text("another gamma", "gammaを変えて"), 30, 9.0, 13, ramp, gamma=0.15),
        sample_case(Text("another n, a whole number", "nを変えて（整数）"), 30, 9.0, 13, ramp, n=4),
        sample_case(
            Text(
                "a wiggly history, all parameters changed", "変動する履歴、パラメータをすべて変えて"
            ),
            40,
            14.0,
            11,
            wiggly(rng, 14.0),
            beta=0.26,
            gamma=0.11,
            n=6.5,
        ),
        sample_case(
            Text("three runs at once from constant histories", "一定の履歴から3本まとめて"),
            40,
            12,
            17,
            ConstantHistory([0.4, 0.8, 1.2]),
        ),
        sample_case(
            Text(
                "a table of (2, 2) runs with wiggly histories", "変動する履歴で (2, 2) 本まとめて"
            ),
            33,
            8.0,
            11,
            wiggly(rng, 8.0, (2, 2)),
            gamma=0.09,
            n=9.0,
        ),
        sample_case(
            Text("three runs, each with its own n", "3本まとめて、nはそれぞれ別"),
            45,
            15.0,
            16,
            ConstantHistory([0.5, 0.5, 0.5]),
            n=np.array([6.0, 8.0, 10.0]),
        ),
    ]


# The map of a step as the lesson writes it, over several lines.
STEP = """runge_kutta(
            dT, mackey_glass_func, g0=gs[0], **kwargs
        )"""

MISTAKES = (
    Mistake(
        "power_of_now",
        (("1 + g0**n", "1 + gn**n"),),
        Text(
            "What switches production off is the blood that the marrow saw when it took the order. Which of the two times is that?",
            "産生を抑えるのは、骨髄が発注したときに見ていた血液です。それは2つの時刻のどちらですか。",
        ),
    ),
    Mistake(
        "production_of_now",
        (("beta * g0", "beta * gn"),),
        Text(
            "All of the production was ordered at one and the same time. Does your fraction agree with itself about when?",
            "産生の項は、全体が同じ1つの時刻の値で決まります。分子と分母の時刻はそろっていますか。",
        ),
    ),
    Mistake(
        "decay_of_delayed",
        (("gamma * gn", "gamma * g0"),),
        Text(
            "Which cells can be lost today: those in the blood now, or those that were there a delay ago?",
            "今日失われるのは、いま血液中にある細胞ですか。それとも遅延の分だけ前にあった細胞ですか。",
        ),
    ),
    Mistake(
        "now_and_ago_swapped",
        (("beta * g0 / (1 + g0**n) - gamma * gn", "beta * gn / (1 + gn**n) - gamma * g0"),),
        Text(
            "Your formula is the right one for a reader who takes g0 for the present. The docstring says which is which.",
            "g0を現在の値だと思えば正しい式です。gnとg0がそれぞれいつの値なのか、docstringを見てください。",
        ),
    ),
    Mistake(
        "decay_added",
        (("- gamma * gn", "+ gamma * gn"),),
        Text(
            "Switch production off in your mind (beta = 0): does x fall or rise?",
            "産生を止めたとして（beta = 0）、xは減りますか、増えますか。",
        ),
    ),
    Mistake(
        "power_of_sum",
        (("(1 + g0**n)", "(1 + g0) ** n"),),
        Text(
            "Production and loss should balance at x = 1 with the default parameters. In your denominator, what exactly is raised to the power n?",
            "既定のパラメータでは、x = 1で産生と減少が釣り合うはずです。分母でn乗されているのは、どの部分ですか。",
        ),
    ),
    Mistake(
        "missing_one",
        (("(1 + g0**n)", "g0**n"),),
        Text(
            "Let the delayed value be tiny: your production is enormous. What keeps the denominator from vanishing?",
            "遅延した値がごく小さいとき、その式の産生は途方もなく大きくなります。分母が0に近づかないのは、何のおかげですか。",
        ),
    ),
    Mistake(
        "fraction_without_brackets",
        (("(1 + g0**n)", "1 + g0**n"),),
        Text(
            "Python divides before it adds. What does your line divide by?",
            "Pythonは足し算より先に割り算をします。その行では、何で割っていることになりますか。",
        ),
    ),
    Mistake(
        "product_for_power",
        (("g0**n", "g0 * n"),),
        Text(
            "Production should fall steeply once the delayed value exceeds 1; yours only levels off. How does n act on x in the formula?",
            "遅延した値が1を超えると産生は急に減るはずですが、そうなっていません。式の中で、nはxにどう作用しますか。",
        ),
    ),
    Mistake(
        "parameters_written_out",
        (("beta * g0 / (1 + g0**n) - gamma * gn", "0.2 * g0 / (1 + g0**10.0) - 0.1 * gn"),),
        Text(
            "Everything is right for the default parameters. What happens to beta, gamma and n when someone passes others?",
            "既定のパラメータでは正しい結果です。別のbeta、gamma、nを渡されたら、それらはどこへ行きますか。",
        ),
    ),
    Mistake(
        "parameters_not_passed_on",
        (("g0=gs[0], **kwargs", "g0=gs[0]"),),
        Text(
            "The right-hand side honours its parameters, but the sampler was given some and they never arrive there. Which of its arguments is still unused?",
            "右辺の関数は正しいのですが、サンプリングのときに渡されたパラメータが届いていません。まだ使っていない引数はありませんか。",
        ),
    ),
    Mistake(
        "delay_ignored",
        (("g0=gs[0]", "g0=gs[-1]"),),
        Text(
            "Your equation has no memory: the value a delay ago is taken from now. At which end of gs is the past?",
            "遅延のない方程式になっています。tau前の値として現在の値が使われています。gsで過去があるのは、どちらの端ですか。",
        ),
    ),
    Mistake(
        "delay_one_step_short",
        (("g0=gs[0]", "g0=gs[1]"),),
        Text(
            "Your delayed value is one spacing too young: num_split points have one spacing fewer. Which element is tau old, and is it still in gs when the step is taken?",
            "遅延した値が、間隔1つぶん新しすぎます（num_split個の点の間隔は、それより1つ少ないはずです）。ちょうどτだけ前の要素はどれで、ステップを進める時点でまだgsに残っていますか。",
        ),
    ),
    Mistake(
        "history_read_backwards",
        (("g0=gs[0]", "g0=gs[-1]"), ("step(gs[-1])", "step(gs[0])")),
        Text(
            "You read the history backwards. The times it is filled at run from -tau to 0: which end is now?",
            "履歴を逆向きに読んでいます。gsは-tauから0の順に作られています。現在はどちらの端ですか。",
        ),
    ),
    Mistake(
        "oldest_stepped",
        (("step(gs[-1])", "step(gs[0])"),),
        Text(
            "The map of a step takes x(t) to x(t + dT). Which element of gs did you give it as x(t)?",
            "1ステップの写像はx(t)をx(t + dT)に移します。x(t)として渡したのは、gsのどの要素ですか。",
        ),
    ),
    Mistake(
        "euler",
        ((STEP, "(lambda g, g0=gs[0]: g + dT * mackey_glass_func(g, g0, **kwargs))"),),
        Text(
            "You follow the slope at the beginning for the whole step, which is Euler's method. Is there not a function that looks at the slope four times?",
            "ステップの始めの傾きのまま最後まで進むのは、オイラー法です。傾きを4回調べてくれる関数がありましたね。",
        ),
    ),
    Mistake(
        "step_of_length_one",
        (("dT, mackey_glass_func", "1.0, mackey_glass_func"),),
        Text(
            "Right only where the spacing of the history happens to be 1. How far apart are two neighbours in gs?",
            "正しいのは、履歴の間隔がたまたま1のときだけです。gsで隣り合う2点は、どれだけ離れていますか。",
        ),
    ),
    Mistake(
        "delayed_value_moves",
        (
            (
                "step = " + STEP,
                """oldest, next_oldest = gs[0], gs[1]

        def step(x):
            middle = (oldest + next_oldest) / 2
            k1 = mackey_glass_func(x, oldest, **kwargs)
            k2 = mackey_glass_func(x + dT / 2 * k1, middle, **kwargs)
            k3 = mackey_glass_func(x + dT / 2 * k2, middle, **kwargs)
            k4 = mackey_glass_func(x + dT * k3, next_oldest, **kwargs)
            return x + dT / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
""",
            ),
        ),
        Text(
            "You interpolate the delayed value during the step. That is the better method (advanced question 01_A3), but this exercise asks for it to be held.",
            "ステップの間、遅延した値を補間していますね。精度はそのほうがよいのですが（発展 01_A3）、この演習では一定に保ちます。",
        ),
    ),
    Mistake(
        "history_not_dropped",
        (("[*gs[1:], step(gs[-1])]", "[*gs, step(gs[-1])]"),),
        Text(
            "The delayed value never changes in your run: the history reaches back further with every step. What has to leave when a value comes in?",
            "遅延した値がいつまでも変わりません。1ステップごとに履歴が長くなっています。値が1つ入ってきたら、何が出ていくべきですか。",
        ),
    ),
    Mistake(
        "pushed_in_at_the_wrong_end",
        (("[*gs[1:], step(gs[-1])]", "[step(gs[-1]), *gs[:-1]]"),),
        Text(
            "Your list moves the other way. Oldest first, newest last: at which end does the new value belong?",
            "リストが逆向きにずれています。古いものが先頭、新しいものが末尾です。新しい値はどちらの端に入りますか。",
        ),
    ),
    Mistake(
        "step_taken_for_a_change",
        (("step(gs[-1])]", "gs[-1] + step(gs[-1])]"),),
        Text(
            "x doubles with every step. Does the map of a step return the change, or already the next value?",
            "ステップごとにxがおよそ2倍になっています。1ステップの写像が返すのは変化量ですか、次の値そのものですか。",
        ),
    ),
    Mistake(
        "recorded_before_the_step",
        (
            (
                "gs = [*gs[1:], step(gs[-1])]\n        out.append(gs[-1])",
                "out.append(gs[-1])\n        gs = [*gs[1:], step(gs[-1])]",
            ),
        ),
        Text(
            "Your samples are the right ones, one step late: the first is x(0). The docstring says what out[0] is.",
            "値は正しいのですが、1ステップ遅れています。最初の値がx(0)です。out[0]が何であるか、docstringを見てください。",
        ),
    ),
    Mistake(
        "oldest_recorded",
        (("out.append(gs[-1])", "out.append(gs[0])"),),
        Text(
            "For a whole delay your output repeats the history you started from. Which element of gs is the newest?",
            "遅延の間ずっと、与えられた履歴がそのまま出力されています。gsで最も新しい要素はどれですか。",
        ),
    ),
    Mistake(
        "pushed_in_in_place_of_the_oldest",
        (("[*gs[1:], step(gs[-1])]", "[step(gs[-1]), *gs[1:]]"),),
        Text(
            "Every sample is the same value, x(0): what comes in is put where the old values are. Oldest first, newest last: at which end does the new value belong?",
            "どの値もx(0)のままです。新しい値を、古い値のある側に入れています。古いものが先頭、新しいものが末尾です。新しい値はどちらの端に入りますか。",
        ),
    ),
    Mistake(
        "step_itself_appended",
        (
            (
                "gs = [*gs[1:], step(gs[-1])]\n        out.append(gs[-1])",
                "gs = [*gs[1:], step]\n        out.append(gs[-1])",
            ),
        ),
        Text(
            "step is the map of one step, a function, and it is this function that you keep. With which value has it to be called to give the next one?",
            "stepは1ステップの写像、つまり関数です。いまは、関数そのものを記録しています。次の値を得るには、どの値で呼び出せばよいでしょうか。",
        ),
    ),
    Mistake(
        "step_called_with_a_step",
        (
            (
                "gs = [*gs[1:], step(gs[-1])]\n        out.append(gs[-1])",
                "gs.append(step)\n        out.append(step(gs[-1]))\n        gs = gs[1:]",
            ),
        ),
        Text(
            "step is the map of one step, a function. You put the function itself into the history, and what is read there next is no number. With which value has it to be called to give one?",
            "stepは1ステップの写像、つまり関数です。関数そのものを履歴に入れたので、次にそこから読み出したものが数ではなくなっています。次の値を得るには、どの値で呼び出せばよいでしょうか。",
        ),
    ),
    Mistake(
        "delayed_value_not_given",
        ((STEP, "runge_kutta(dT, mackey_glass_func, **kwargs)"),),
        Text(
            "runge_kutta hands the value now to your function and nothing else by itself. Which other quantity of the equation is wanted, and is held over the step?",
            "runge_kuttaが自分から右辺の関数に渡すのは、現在の値だけです。方程式にはもう1つ、ステップの間一定に保つ量が要ります。それは何でしょうか。",
        ),
    ),
    Mistake(
        "delayed_value_without_its_name",
        ((STEP, "runge_kutta(dT, mackey_glass_func, gs[0], **kwargs)"),),
        Text(
            "runge_kutta takes the spacing and the function by their places, and by its name whatever is held over the step. The value now it takes from whoever calls the map. What is the delayed value called in mackey_glass_func?",
            "runge_kuttaに位置で渡せるのは間隔と関数だけで、ステップの間一定に保つものは名前を付けて渡します。現在の値は、返ってきた写像を呼び出すときに渡します。遅延した値は、mackey_glass_funcの中で何という名前でしょうか。",
        ),
    ),
    Mistake(
        "both_values_without_their_names",
        ((STEP, "runge_kutta(dT, mackey_glass_func, gs[-1], gs[0], **kwargs)"),),
        Text(
            "runge_kutta takes the spacing and the function by their places, and by its name whatever is held over the step. The value now it takes from whoever calls the map. What is the delayed value called in mackey_glass_func?",
            "runge_kuttaに位置で渡せるのは間隔と関数だけで、ステップの間一定に保つものは名前を付けて渡します。現在の値は、返ってきた写像を呼び出すときに渡します。遅延した値は、mackey_glass_funcの中で何という名前でしょうか。",
        ),
    ),
    Mistake(
        "slope_for_the_function",
        ((STEP, "runge_kutta(dT, mackey_glass_func(gs[-1], gs[0], **kwargs))"),),
        Text(
            "You call mackey_glass_func and hand over what comes out, a single slope, which nobody can call. runge_kutta wants to look at the slope four times: what does it need for that?",
            "mackey_glass_funcを呼び出した結果、つまり傾きの値1つを渡しています。値は関数のように呼び出せません。runge_kuttaは傾きを4回調べます。そのためには、何を渡せばよいでしょうか。",
        ),
    ),
)

ALTERNATIVES = (
    Alternative(
        "deque",
        code="""
from collections import deque


def sample_mg_dynamics(
    time_steps, tau, num_split, values_before_zero=lambda t: 0.5, display=True, **kwargs
):
    dT = tau / (num_split - 1)
    gs = deque([values_before_zero(t) for t in np.linspace(-tau, 0, num_split)], maxlen=num_split)
    out = []
    for _ in trange(time_steps, display=display):
        gs.append(runge_kutta(dT, mackey_glass_func, g0=gs[0], **kwargs)(gs[-1]))
        out.append(gs[-1])
    return np.arange(time_steps) * dT, np.stack(out)
""",
    ),
    Alternative(
        "popped_and_appended",
        (
            ("gs = [*gs[1:], step(gs[-1])]", "gs.append(step(gs[-1]))\n        gs.pop(0)"),
            ("out.append(gs[-1])", "out += [gs[-1]]"),
        ),
    ),
    Alternative(
        "closure",
        (
            (STEP, "runge_kutta(dT, lambda g: mackey_glass_func(g, gs[0], **kwargs))"),
            ("gs = [*gs[1:], step(gs[-1])]", "new = step(gs[-1])\n        gs = gs[1:] + [new]"),
        ),
    ),
    Alternative(
        "array_rolled_in_place",
        code="""
def sample_mg_dynamics(
    time_steps, tau, num_split, values_before_zero=lambda t: 0.5, display=True, **kwargs
):
    dT = tau / (num_split - 1)
    gs = np.array([values_before_zero(t) for t in np.linspace(-tau, 0, num_split)], dtype=float)
    out = np.empty((time_steps, *gs.shape[1:]))
    for k in trange(time_steps, display=display):
        new = runge_kutta(dT, mackey_glass_func, g0=gs[0].copy(), **kwargs)(gs[-1])
        gs = np.roll(gs, -1, axis=0)
        gs[-1] = new
        out[k] = new
    return dT * np.arange(time_steps), out
""",
    ),
    Alternative(
        "no_shift_at_all",
        code="""
def sample_mg_dynamics(
    time_steps, tau, num_split, values_before_zero=lambda t: 0.5, display=True, **kwargs
):
    dT = tau / (num_split - 1)
    xs = [values_before_zero(j * dT - tau) for j in range(num_split)]
    for k in trange(time_steps, display=display):
        xs.append(runge_kutta(dT, mackey_glass_func, g0=xs[k], **kwargs)(xs[-1]))
    return np.linspace(0, (time_steps - 1) * dT, time_steps), np.array(xs[num_split:])
""",
    ),
    Alternative(
        "runge_kutta_by_hand",
        code="""
def sample_mg_dynamics(
    time_steps, tau, num_split, values_before_zero=lambda t: 0.5, display=True, **kwargs
):
    dT = tau / (num_split - 1)
    ring = [np.asarray(values_before_zero(t), dtype=float) for t in np.linspace(-tau, 0, num_split)]
    ts, out = [], []
    for k in trange(time_steps, display=display):
        g0, x = ring[k % num_split], ring[(k - 1) % num_split]
        k1 = mackey_glass_func(x, g0, **kwargs)
        k2 = mackey_glass_func(x + k1 * dT / 2, g0, **kwargs)
        k3 = mackey_glass_func(x + k2 * dT / 2, g0, **kwargs)
        k4 = mackey_glass_func(x + k3 * dT, g0, **kwargs)
        ring[k % num_split] = x + dT * (k1 / 6 + k2 / 3 + k3 / 3 + k4 / 6)
        ts.append(k * dT)
        out.append(ring[k % num_split])
    return [ts, out]
""",
    ),
    Alternative(
        "held_value_makes_it_linear",
        code="""
def sample_mg_dynamics(
    time_steps, tau, num_split, values_before_zero=lambda t: 0.5, display=True, **kwargs
):
    dT = tau / (num_split - 1)
    gs = [values_before_zero(t) for t in np.linspace(-tau, 0, num_split)]
    z = -kwargs.get("gamma", 0.1) * dT
    share = dT * (1 + z / 2 + z**2 / 6 + z**3 / 24)
    for k in trange(time_steps, display=display):
        gs.append(gs[-1] + share * mackey_glass_func(gs[-1], gs[k], **kwargs))
    return np.arange(time_steps) * dT, np.array(gs[num_split:])
""",
    ),
    Alternative(
        "power_function",
        (
            (
                "beta * g0 / (1 + g0**n) - gamma * gn",
                "-gamma * gn + beta * (g0 / (np.power(g0, n) + 1.0))",
            ),
        ),
    ),
    Alternative(
        "power_by_logarithm",
        (("beta * g0 / (1 + g0**n)", "g0 * beta / (np.exp(n * np.log(g0)) + 1)"),),
    ),
)
