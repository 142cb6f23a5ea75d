"""01_01: drive."""

import numpy as np

from tools.checks import Alternative, Case, Mistake, Numeric, Text
from utils.reservoir import ESN, Linear

TITLE = Text("The states of a driven reservoir", "駆動されたリザバーの状態")

# Where to look, then how; shown one after the other to whoever asks.
HINTS = (
    Text(
        "Take three inputs and write down by hand which inputs each of the three recorded states has heard. Is x0 among them?",
        "入力が3つの場合に、記録される3つの状態がそれぞれどの入力を聞いているかを、手で書き出してみましょう。x0はその中に入りますか。",
    ),
    Text(
        "There is a place for each input, and each place has the shape of x0. In the loop the present input goes through the input layer and then, together with the state before it, into the network; what comes back is recorded and is also where the next step starts.",
        "入力1つにつき1か所、それぞれx0と同じ形の場所を用意します。ループの中では、いまの入力を入力層に通し、1つ前の状態と一緒にネットワークに渡します。返ってきたものを記録し、次のステップもそこから始めます。",
    ),
)

OUTPUTS = (Numeric("xs"),)


def draw(rng: np.random.Generator) -> Case:
    """A short run of a small network whose last bits stay where they are."""
    rows = None if rng.random() < 0.5 else int(rng.integers(1, 5))
    return case(
        rng,
        units=int(rng.integers(2, 25)),
        rows=rows,
        dims=int(rng.integers(1, 4)),
        steps=int(rng.integers(2, 25)),
        leak=None if rng.random() < 0.4 else float(np.round(rng.uniform(0.2, 0.9), 2)),
        own_input=rows is not None and rng.random() < 0.5,
    )


def case(
    rng: np.random.Generator,
    units: int = 8,
    rows: int | None = None,
    dims: int = 1,
    steps: int = 12,
    leak: float | None = None,
    own_input: bool = False,
    label: Text | None = None,
) -> Case:
    """A run of one state, or of ``rows`` side by side with one input for all or one for each."""
    beside = () if rows is None else (rows,)
    net = ESN(units, sr=float(np.round(rng.uniform(0.4, 1.2), 2)), a=leak, rnd=rng)
    states = Text("one state", "状態1つ") if rows is None else Text(f"{rows} rows", f"{rows}行")
    leaky = Text("no leak", "リークなし")
    if leak is not None:
        leaky = Text(f"leak {leak}", f"リーク率{leak}")
    inputs = Text("", "")
    if own_input:
        inputs = Text(", an input for each row", "、行ごとに別の入力")
    return Case(
        label=label
        or Text(
            f"N = {units}, {states.en}{inputs.en}, d = {dims}, {steps} steps, {leaky.en}",
            f"N = {units}、{states.ja}{inputs.ja}、d = {dims}、{steps}ステップ、{leaky.ja}",
        ),
        inputs={
            "x0": rng.uniform(-1, 1, (*beside, units)),
            "net": net,
            "w_in": Linear(dims, units, bound=1.0, bias=0.4, rnd=rng),
            "us": rng.uniform(-1, 1, (steps, *(beside if own_input else ()), dims)),
        },
        preserves=("x0", "net", "w_in", "us"),
    )


def cases() -> list[Case]:
    """From a single step to tables of states."""
    rng = np.random.default_rng(301)
    return [
        case(rng, steps=1, label=Text("a single input", "入力1つだけ")),
        case(rng, steps=2, label=Text("two inputs", "入力2つ")),
        case(rng, label=Text("12 inputs, one component", "入力12個、成分1つ")),
        case(rng, dims=2, label=Text("12 inputs, two components", "入力12個、成分2つ")),
        case(rng, leak=0.3, label=Text("a leak rate of 0.3", "リーク率0.3")),
        case(
            rng, dims=3, leak=0.8, label=Text("three components, leak 0.8", "成分3つ、リーク率0.8")
        ),
        case(
            rng,
            units=5,
            dims=5,
            label=Text("as many components as units", "成分の数とユニット数が同じ"),
        ),
        case(
            rng,
            units=6,
            steps=6,
            label=Text("as many steps as units", "ステップ数とユニット数が同じ"),
        ),
        case(rng, rows=3, label=Text("three rows, one input for all", "状態3行、入力は共通")),
        case(
            rng,
            rows=4,
            dims=2,
            own_input=True,
            label=Text("four rows, an input for each", "状態4行、入力は行ごと"),
        ),
        case(
            rng,
            units=5,
            rows=5,
            dims=2,
            leak=0.5,
            own_input=True,
            label=Text(
                "as many rows as units, an input for each, leak 0.5",
                "行数とユニット数が同じ、入力は行ごと、リーク率0.5",
            ),
        ),
        case(rng, rows=1, label=Text("a table of one row", "1行だけの表")),
        case(rng, units=20, rows=2, steps=25, leak=0.6, label=Text("a longer run", "少し長い系列")),
    ]


STEP = "x = net(x, w_in(us[k]))"
LOOP = f"""{STEP}  # TODO The next state. | 次の状態。
        xs[k] = x"""

MISTAKES = (
    Mistake(
        "recorded_before_the_step",
        ((LOOP, f"xs[k] = x\n        {STEP}"),),
        Text(
            "Your first row is x0: it has heard nothing. In this chapter row 0 must already have heard us[0].",
            "最初の行がx0のままで、何も聞いていません。この章では、0行目はもうus[0]を聞いていなければなりません。",
        ),
    ),
    Mistake(
        "next_input",
        (("w_in(us[k])", "w_in(us[min(k + 1, len(us) - 1)])"),),
        Text(
            "Your inputs are out by one: us[0] is never heard. Which input does row 0 hear?",
            "入力が1つずれていて、us[0]がどこでも聞かれていません。0行目が聞くのはどの入力ですか。",
        ),
    ),
    Mistake(
        "previous_input",
        (("w_in(us[k])", "w_in(us[k - 1])"),),
        Text(
            "At the first step your state hears the end of the series, since index -1 counts from behind.",
            "最初のステップで、系列の終わりの値を聞いています。添字の-1は後ろから数えるからです。",
        ),
    ),
    Mistake(
        "network_steps_its_own_state",
        ((STEP, "x = net.step(w_in(us[k]))"),),
        Text(
            "net.step starts from the state that the network keeps, and changes it. The run has to start from x0, and the network has to stay as it was: call net itself.",
            "net.stepは、ネットワークが持っている状態から始め、それを書き換えます。x0から始めて、ネットワークは元のままにしなければなりません。net自体を呼び出しましょう。",
        ),
    ),
    Mistake(
        "input_layer_skipped",
        ((STEP, "x = net(x, us[k])"),),
        Text(
            "The input has d components and the network has N units. What turns the one into the other?",
            "入力の成分はd個、ユニットはN個です。一方をもう一方に変えるものは何でしょうか。",
        ),
    ),
    Mistake(
        "input_without_bias",
        (("w_in(us[k])", "us[k] @ w_in.weight.T"),),
        Text(
            "With an input of 0 your units hear nothing from outside. Does an input layer have only weights?",
            "入力が0のとき、ユニットには外から何も届いていません。入力層にあるのは重みだけでしょうか。",
        ),
    ),
    Mistake(
        "input_dropped",
        ((STEP, "x = net(x)"),),
        Text(
            "Your states would be the same for any series. Where does the input come in?",
            "どんな系列を聞かせても同じ状態になってしまいます。入力はどこから入りますか。",
        ),
    ),
    Mistake(
        "first_input_held",
        (("w_in(us[k])", "w_in(us[0])"),),
        Text(
            "The reservoir hears the same value at every step.",
            "リザバーが、毎ステップ同じ値を聞いています。",
        ),
    ),
    Mistake(
        "state_not_carried",
        (("net(x, w_in", "net(x0, w_in"),),
        Text(
            "Each step starts again from x0, so that nothing before the present input is remembered. From which state does step k start?",
            "毎ステップx0からやり直しているので、いまの入力より前のことを何も覚えていません。ステップkはどの状態から始まりますか。",
        ),
    ),
    Mistake(
        "state_added_up",
        ((STEP, "x = x + net(x, w_in(us[k]))"),),
        Text(
            "The states grow beyond what tanh can give. Does net return a change, or the next state itself?",
            "状態がtanhの値の範囲を超えています。netが返すのは変化分でしょうか、次の状態そのものでしょうか。",
        ),
    ),
    Mistake(
        "units_by_steps",
        (("return xs", "return np.moveaxis(xs, 0, -1)"),),
        Text(
            "Time is your last axis. The docstring puts it first: one row a step.",
            "時間が最後の軸になっています。docstringでは最初の軸で、1行が1ステップです。",
        ),
    ),
    Mistake(
        "every_row_the_last",
        (("xs[k] = x ", "xs[:] = x "),),
        Text(
            "All rows are the same state. To which of them does one step write?",
            "すべての行が同じ状態になっています。1ステップで書き込むのは、どの行ですか。",
        ),
    ),
    Mistake(
        "start_included",
        (("return xs", "return np.concatenate([[x0], xs])"),),
        Text(
            "There is one row too many: x0 has heard no input and does not belong to the record.",
            "1行多くなっています。x0はまだ何も聞いていないので、記録には入りません。",
        ),
    ),
    Mistake(
        "room_for_one_state",
        (("np.empty((len(us), *np.shape(x0)))", "np.empty((len(us), net.dim))"),),
        Text(
            "One state is right, several are not: x0 may have the shape (R, N), and then each step writes a whole table (R, N). What tells the shape of x0, whichever it has?",
            "状態が1つなら正しいのに、何行かまとめて渡されると入りきりません。x0の形が(R, N)のときは、1ステップごとに(R, N)の表を書き込みます。x0の形をそのまま教えてくれるのは何でしょうか。",
        ),
    ),
    Mistake(
        "room_of_the_length_of_x0",
        (("np.empty((len(us), *np.shape(x0)))", "np.empty((len(us), len(x0)))"),),
        Text(
            "One state is right, several are not: x0 may have the shape (R, N), and then each step writes a whole table (R, N). What tells the shape of x0, whichever it has?",
            "状態が1つなら正しいのに、何行かまとめて渡されると入りきりません。x0の形が(R, N)のときは、1ステップごとに(R, N)の表を書き込みます。x0の形をそのまま教えてくれるのは何でしょうか。",
        ),
    ),
    Mistake(
        "shape_without_brackets",
        (("np.empty((len(us), *np.shape(x0)))", "np.empty(len(us), len(x0))"),),
        Text(
            "np.zeros and np.empty take the whole shape as one argument; what comes second is already the data type, and NumPy stumbles over that. How do several lengths become one shape?",
            "np.zerosやnp.emptyは、形全体を1つの引数として受け取ります。2つ目の引数はデータ型なので、そこに長さを渡すとエラーになります。いくつもの長さを1つの形にまとめるには、どう書けばよいでしょうか。",
        ),
    ),
    Mistake(
        "shape_of_x0_as_a_second_argument",
        (("np.empty((len(us), *np.shape(x0)))", "np.empty(len(us), x0.shape)"),),
        Text(
            "np.zeros and np.empty take the whole shape as one argument; what comes second is already the data type, and NumPy stumbles over that. How do several lengths become one shape?",
            "np.zerosやnp.emptyは、形全体を1つの引数として受け取ります。2つ目の引数はデータ型なので、そこに長さを渡すとエラーになります。いくつもの長さを1つの形にまとめるには、どう書けばよいでしょうか。",
        ),
    ),
    Mistake(
        "shape_inside_a_shape",
        (("np.empty((len(us), *np.shape(x0)))", "np.empty((len(us), x0.shape))"),),
        Text(
            "A shape is a row of whole numbers, and the second of yours is a tuple itself: x0.shape is (N,) or (R, N). How are its numbers taken out and put beside the first?",
            "形は整数の並びですが、2つ目に入れたx0.shapeは、それ自体が(N,)や(R, N)というタプルです。その中身を取り出して1つ目の数の隣に並べるには、どうすればよいでしょうか。",
        ),
    ),
    Mistake(
        "whole_series_at_every_step",
        (("w_in(us[k])", "w_in(us)"),),
        Text(
            "At every step the network is given the whole series, so that T rows come back where one state is to be written. Which input belongs to step k?",
            "毎ステップ、系列全体をネットワークに渡しています。そのため結果がT行になり、1つの状態を書く場所に入りません。ステップkで聞くのは、どの入力でしょうか。",
        ),
    ),
    Mistake(
        "layer_as_a_matrix",
        (("w_in(us[k])", "w_in @ us[k]"),),
        Text(
            "w_in is no matrix but a layer, with a weight and a bias: @ finds no array on its left. What does a layer give when it is called with its input?",
            "w_inは重みとバイアスをもつ層で、行列ではありません。そのため、@の左側に配列がないというエラーになります。層に入力を渡して呼び出すと、何が返ってくるでしょうか。",
        ),
    ),
)

ALTERNATIVES = (
    Alternative(
        "list_of_states",
        code="""
def drive(x0, net, w_in, us):
    xs = []
    for u in us:
        xs.append(net(xs[-1] if xs else x0, w_in(u)))
    return np.stack(xs)
""",
    ),
    Alternative(
        "accumulated",
        code="""
def drive(x0, net, w_in, us):
    from itertools import accumulate
    return np.array(list(accumulate(us, lambda x, u: net(x, w_in(u)), initial=x0))[1:])
""",
    ),
    Alternative(
        "inputs_beforehand",
        code="""
def drive(x0, net, w_in, us):
    vs = w_in(us)
    xs = np.zeros((len(us) + 1,) + x0.shape)
    xs[0] = x0
    for k, v in enumerate(vs):
        xs[k + 1] = net(xs[k], v)
    return xs[1:]
""",
    ),
    Alternative(
        "network_spelled_out",
        (
            (
                STEP,
                "fresh = np.tanh((net.sr * net.weight @ x.T).T + us[k] @ w_in.weight.T + w_in.bias)\n"
                "        a = 1.0 if net.a is None else net.a\n"
                "        x = x + a * (fresh - x)",
            ),
        ),
    ),
    Alternative(
        "summed_by_einsum",
        ((STEP, 'x = net(x, np.einsum("ij,...j->...i", w_in.weight, us[k]) + w_in.bias)'),),
    ),
    Alternative(
        "row_by_row",
        code="""
def drive(x0, net, w_in, us):
    x0 = np.asarray(x0)
    if x0.ndim == 2:
        own = np.ndim(us) == 3
        runs = [drive(x0[i], net, w_in, us[:, i] if own else us) for i in range(len(x0))]
        return np.stack(runs, axis=1)
    xs = []
    for u in us:
        x0 = net(x0, w_in(u))
        xs.append(x0)
    return xs
""",
    ),
    Alternative(
        "network_of_its_own",
        code="""
def drive(x0, net, w_in, us):
    import copy
    mine = copy.copy(net)
    mine.x = np.array(x0)
    return np.array([mine.step(w_in(u)) for u in us])
""",
    ),
)
