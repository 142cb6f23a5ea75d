"""06_02: free_run."""

import numpy as np

from tools.checks import Alternative, Case, Mistake, Numeric, Text
from utils.reservoir import ESN, Linear

TITLE = Text("A network that hears itself", "自分の声を聞くネットワーク")

# Where to look, then how; shown one after the other to whoever asks.
HINTS = (
    Text(
        "Follow two steps by hand. From which state is the first output read, and what has the state heard from which the second one is read?",
        "2ステップを手でたどってみましょう。最初の出力は、どの状態から読み出しますか。2つ目の出力を読み出す状態は、何を聞いていますか。",
    ),
    Text(
        "In each step the readout speaks first. What it says is recorded, goes through the input layer and, together with the present state, into the network; what the network returns is the state of the next step, and after the last step it is returned.",
        "毎ステップ、まず読み出し層が答えます。その答えを記録し、入力層に通して、現在の状態と一緒にネットワークに渡します。ネットワークが返すのが次のステップの状態で、最後のステップの後の状態は戻り値になります。",
    ),
)

OUTPUTS = (Numeric("ys"), Numeric("x_last"))


def draw(rng: np.random.Generator) -> Case:
    """A loop that contracts, so that last bits stay where they are."""
    return case(
        rng,
        units=int(rng.integers(3, 25)),
        rows=None if rng.random() < 0.5 else int(rng.integers(1, 5)),
        outs=int(rng.integers(1, 4)),
        steps=int(rng.integers(2, 16)),
        leak=None if rng.random() < 0.4 else float(np.round(rng.uniform(0.3, 0.9), 2)),
    )


def case(
    rng: np.random.Generator,
    units: int = 8,
    rows: int | None = None,
    outs: int = 2,
    steps: int = 10,
    leak: float | None = None,
    label: Text | None = None,
) -> Case:
    """A random loop whose gain, in the largest singular value, is below 1."""
    beside = () if rows is None else (rows,)
    net = ESN(units, sr=float(np.round(rng.uniform(0.3, 0.9), 2)), a=leak, rnd=rng)
    w_in = Linear(outs, units, bound=0.5, bias=0.4, rnd=rng)
    w_out = Linear(units, outs, bias=0.5, rnd=rng)
    gain = np.linalg.norm(net.sr * net.weight + w_in.weight @ w_out.weight, 2)
    if gain > 0.95:
        net.sr = float(np.round(0.95 * net.sr / gain, 3))
        w_out.weight *= 0.95 / gain
    states = Text("one state", "状態1つ") if rows is None else Text(f"{rows} rows", f"{rows}行")
    leaky = Text("no leak", "リークなし")
    if leak is not None:
        leaky = Text(f"leak {leak}", f"リーク率{leak}")
    return Case(
        label=label
        or Text(
            f"N = {units}, {states.en}, D = {outs}, {steps} steps, {leaky.en}",
            f"N = {units}、{states.ja}、D = {outs}、{steps}ステップ、{leaky.ja}",
        ),
        inputs={
            "steps": steps,
            "x": rng.uniform(-1, 1, (*beside, units)),
            "net": net,
            "w_in": w_in,
            "w_out": w_out,
        },
        preserves=("x", "net", "w_in", "w_out"),
    )


def cases() -> list[Case]:
    """One step and several, one state and tables, linear and leaky networks."""
    rng = np.random.default_rng(602)
    linear = case(rng, steps=15, label=Text("a linear network", "線形のネットワーク"))
    linear.inputs["net"].f = np.positive
    return [
        case(rng, steps=1, label=Text("a single step", "1ステップだけ")),
        case(rng, steps=2, label=Text("two steps", "2ステップ")),
        case(rng, label=Text("ten steps, two outputs", "10ステップ、出力2個")),
        case(rng, outs=1, label=Text("one output", "出力1個")),
        case(rng, outs=3, steps=15, label=Text("15 steps, three outputs", "15ステップ、出力3個")),
        case(rng, leak=0.4, label=Text("a leak rate of 0.4", "リーク率0.4")),
        linear,
        case(rng, units=4, outs=4, label=Text("as many outputs as units", "出力とユニットが同数")),
        case(rng, rows=3, label=Text("three rows", "状態3行")),
        case(rng, rows=1, label=Text("a table of one row", "1行だけの表")),
        case(
            rng,
            units=5,
            rows=5,
            outs=1,
            leak=0.7,
            label=Text("as many rows as units, leak 0.7", "行とユニットが同数、リーク率0.7"),
        ),
        case(
            rng,
            rows=2,
            steps=2,
            outs=2,
            label=Text("as many rows as steps and outputs", "行、ステップ、出力が同数"),
        ),
        case(rng, units=24, rows=4, outs=3, steps=12),
        *(draw(np.random.default_rng(seed)) for seed in range(3)),
    ]


SPEAK = "y = w_out(x)  #"
HEAR = "x = net(x, w_in(y))"
NEXT = "x = net(x, w_in(y))  # TODO It hears itself. | それを自分で聞く。"

MISTAKES = (
    Mistake(
        "first_output_lost",
        ((NEXT, HEAR + "\n        y = w_out(x)"),),
        Text(
            "Your first output is read after the first step. The state that is handed over has heard everything already: what it says is the first forecast.",
            "最初の出力を、1ステップ進めてから読み出しています。渡された状態はもうすべてを聞いています。その答えが最初の予測です。",
        ),
    ),
    Mistake(
        "bias_of_the_input_layer_dropped",
        ((HEAR, "x = net(x, y @ w_in.weight.T)"),),
        Text(
            "The network hears the output without the bias of the input layer, with which it was trained. What does w_in do when it is called?",
            "入力層のバイアスなしで出力を聞かせています。学習のときはバイアスがありました。w_inを呼び出すと何をしてくれますか。",
        ),
    ),
    Mistake(
        "input_layer_skipped",
        ((HEAR, "x = net(x, y)"),),
        Text(
            "The output has D components and the network has N units. Through what does an input go before the network hears it?",
            "出力の成分はD個、ユニットはN個です。入力は、ネットワークに届く前に何を通りますか。",
        ),
    ),
    Mistake(
        "state_fed_back",
        ((HEAR, "x = net(x, w_in(x))"),),
        Text(
            "The network is fed its state. What it has to hear is what it said.",
            "ネットワークに状態を聞かせています。聞かせるのは、ネットワークが答えた値です。",
        ),
    ),
    Mistake(
        "output_never_changes",
        (
            (
                "ys = np.empty((steps, *w_out(x).shape))",
                "first = w_out(x)\n    ys = np.empty((steps, *first.shape))",
            ),
            (SPEAK, "y = first  #"),
        ),
        Text(
            "The readout spoke once, and its word is repeated at every step. Each state has an output of its own.",
            "読み出し層が一度答えたきりで、同じ値を繰り返しています。出力は状態ごとに違います。",
        ),
    ),
    Mistake(
        "nothing_fed_back",
        ((HEAR, "x = net(x)"),),
        Text(
            "Your network hears nothing any more: the loop is open.",
            "ネットワークがもう何も聞いていません。ループが開いたままです。",
        ),
    ),
    Mistake(
        "zero_fed_back",
        ((HEAR, "x = net(x, w_in(0 * y))"),),
        Text(
            "What the network hears does not depend on what it says.",
            "ネットワークが聞くものが、答えた値によらず同じになっています。",
        ),
    ),
    Mistake(
        "state_before_the_last_step",
        (
            (NEXT, "before = x\n        " + HEAR),
            ("return ys, x", "return ys, before"),
        ),
        Text(
            "The outputs are right; the state that you return is the one before the last step. From yours the last output would be said twice.",
            "出力は正しいのですが、返しているのは最後のステップの前の状態です。そこから続けると、最後の出力を2回答えることになります。",
        ),
    ),
    Mistake(
        "first_state_returned",
        (
            (
                "ys = np.empty((steps, *w_out(x).shape))",
                "start = x\n    ys = np.empty((steps, *w_out(x).shape))",
            ),
            ("return ys, x", "return ys, start"),
        ),
        Text(
            "You return the state from which the run began. Where would a second call have to go on?",
            "返しているのは、始まりの状態です。続きを走らせるには、どの状態が要りますか。",
        ),
    ),
    Mistake(
        "state_changed_in_place",
        ((HEAR, "x[...] = net(x, w_in(y))"),),
        Text(
            "Your outputs are right, but you overwrite the caller's state. Bind the name anew instead of writing into the array.",
            "出力は正しいのですが、呼び出し側の状態を書き換えています。配列に書き込むのではなく、名前に新しい配列を結び付けましょう。",
        ),
    ),
    Mistake(
        "network_steps_its_own_state",
        ((HEAR, "x = net.step(w_in(y))"),),
        Text(
            "net.step goes on from a state that the network keeps for itself, not from x, and changes it.",
            "net.stepは、xからではなく、ネットワークが自分で持っている状態から進み、それを書き換えます。",
        ),
    ),
    Mistake(
        "state_added_up",
        ((HEAR, "x = x + net(x, w_in(y))"),),
        Text(
            "net returns the next state and not a change of it.",
            "netが返すのは次の状態そのもので、変化分ではありません。",
        ),
    ),
    Mistake(
        "last_output_everywhere",
        (("ys[k] = y  #", "ys[:] = y  #"),),
        Text(
            "All rows of your record are the last output. To which row does a step write?",
            "記録のすべての行が最後の出力になっています。1ステップで書き込むのはどの行ですか。",
        ),
    ),
    Mistake(
        "state_recorded",
        (("ys[k] = y  #", "ys[k] = x  #"),),
        Text(
            "You record the state. Asked for is what the network says.",
            "記録しているのは状態です。求めるのは、ネットワークが答えた値です。",
        ),
    ),
    Mistake(
        "layer_as_a_matrix",
        ((SPEAK, "y = w_out @ x  #"),),
        Text(
            "w_out and w_in are no matrices but layers, each with a weight and a bias: @ finds no array on its left. What does a layer give when it is called with its input?",
            "w_outやw_inは重みとバイアスをもつ層で、行列ではありません。そのため、@の左側に配列がないというエラーになります。層に入力を渡して呼び出すと、何が返ってくるでしょうか。",
        ),
    ),
)

HEAD = "def free_run(steps, x, net, w_in, w_out):\n"
ALTERNATIVES = (
    Alternative(
        "list_of_outputs",
        code=HEAD
        + """
    ys = []
    while len(ys) < steps:
        ys.append(w_out(x))
        x = net(x, w_in(ys[-1]))
    return np.stack(ys), x
""",
    ),
    Alternative(
        "states_first",
        code=HEAD
        + """
    xs = [np.array(x)]
    for _ in range(steps):
        xs.append(net(xs[-1], w_in(w_out(xs[-1]))))
    return w_out(np.array(xs[:-1])), xs[-1]
""",
    ),
    Alternative(
        "rewired",
        code=HEAD
        + """
    weight = net.sr * net.weight + w_in.weight @ w_out.weight
    constant = w_in.weight @ w_out.bias + w_in.bias
    a = 1.0 if net.a is None else net.a
    ys = np.empty((steps,) + x.shape[:-1] + (len(w_out.bias),))
    for k in range(steps):
        ys[k] = x @ w_out.weight.T + w_out.bias
        x = (1 - a) * x + a * net.f(x @ weight.T + constant)
    return ys, x
""",
    ),
    Alternative(
        "readout_spelled_out",
        ((SPEAK, 'y = np.einsum("ij,...j->...i", w_out.weight, x) + w_out.bias  #'),),
    ),
    Alternative(
        "own_copy_in_place",
        code=HEAD
        + """
    x = x.copy()
    ys = np.zeros((steps, *x.shape[:-1], w_out.output_dim))
    for y in ys:
        y[...] = w_out(x)
        x[...] = net(x, w_in(y))
    return ys, x
""",
    ),
    Alternative(
        "recursive",
        code=HEAD
        + """
    y = w_out(x)
    if steps == 0:
        return np.empty((0, *y.shape)), x
    ys, last = free_run(steps - 1, net(x, w_in(y)), net, w_in, w_out)
    return np.concatenate([y[None], ys]), last
""",
    ),
    Alternative(
        "row_by_row",
        code=HEAD
        + """
    if x.ndim == 2:
        runs = [free_run(steps, row, net, w_in, w_out) for row in x]
        return np.stack([ys for ys, _ in runs], axis=1), np.stack([last for _, last in runs])
    ys = []
    for _ in range(steps):
        ys.append([w @ x + b for w, b in zip(w_out.weight, w_out.bias)])
        x = net(x, w_in(ys[-1]))
    return np.array(ys), x
""",
    ),
)
