"""03_03: emulate_parallel."""

from dataclasses import replace

import numpy as np

from tools.checks import Alternative, Case, Exact, Mistake, Numeric, Text
from utils.reservoir import ESN, Linear, RLSReadout

TITLE = Text("Several attractors in one network", "1つのネットワークに複数のアトラクタ")

# Where to look, then how; shown one after the other to whoever asks.
HINTS = (
    Text(
        "Which of your tools take all rows at once, and which takes one row only? And how many things arrive at the network in this section?",
        "全行をまとめて扱える道具はどれで、1行しか扱えない道具はどれですか。また、この節のネットワークには、いくつのものが届きますか。",
    ),
    Text(
        "Only `step` needs care. One state is handed over as it is, with its target. Several are visited one after the other by the number of their row, each with the target of the same row; let no loop variable take the names x or d away. The network hears a sum: the outputs through the feedback layer, and the inputs through the input layer, in every step.",
        "気をつけるのは`step`だけです。状態が1つなら、目標と一緒にそのまま渡します。複数なら行の番号で順に回り、同じ行の状態と目標を組にします（ループ変数にxやdという名前を使わないでください）。ネットワークに届くのは和です。フィードバックの層を通した出力と、入力の層を通した入力を、どのステップでも足します。",
    ),
)

# Rows may be learnt in any order, and all at once: sums differ in their last digits only.
OUTPUTS = (
    Numeric("x"),
    Numeric("y"),
    Numeric("d"),
    Numeric("w"),
    Numeric("dw"),
    Exact("t"),
    Exact("train_range"),
)
WITHOUT_WEIGHTS = (*OUTPUTS[:3], Exact("w"), *OUTPUTS[4:])


def draw(rng: np.random.Generator) -> Case:
    """One to three rows of a small chaotic network with input."""
    steps = int(rng.integers(7, 14))
    start = int(rng.integers(0, 4))
    rows = int(rng.integers(0, 4))
    return case(
        rng,
        rows=rows or None,
        units=int(rng.integers(6, 21)),
        outs=int(rng.integers(1, 4)),
        ins=int(rng.integers(1, 3)),
        steps=steps,
        known=int(rng.integers(steps - 3, steps + 4)),
        heard=int(rng.integers(steps - 3, steps + 4)),
        train_range=(start, int(rng.integers(start + 3, steps + 1))),
        force_every=int(rng.integers(1, 4)),
        leak=None if rng.random() < 0.4 else float(np.round(rng.uniform(0.2, 0.9), 2)),
        lmbd=float(np.round(rng.uniform(0.2, 2.0), 2)),
    )


def case(
    rng: np.random.Generator,
    rows: int | None = 2,
    units: int = 9,
    outs: int = 3,
    ins: int = 1,
    steps: int = 8,
    known: int | None = 8,
    heard: int | None = 8,
    train_range: tuple[int, int] | None = (0, 8),
    force_every: int = 1,
    leak: float | None = None,
    lmbd: float = 1.0,
    label: Text | None = None,
    **options,
) -> Case:
    """A run of ``rows`` states (None: one without a row axis) with ``known`` targets and ``heard``
    inputs. The readout starts from weights and bias of order one; the input has a bias too."""
    batch = () if rows is None else (rows,)
    inputs = {
        "time_steps": steps,
        "x0": rng.uniform(-1, 1, (*batch, units)),
        "net": ESN(units, sr=float(np.round(rng.uniform(0.9, 1.5), 2)), a=leak, rnd=rng),
        "w_feed": Linear(outs, units, bound=1.0, bias=0.3, rnd=rng),
        "w_in": Linear(ins, units, bound=0.8, bias=0.3, rnd=rng),
        "w_out": RLSReadout(
            units, outs, lmbd=lmbd, initialize_with_zero=False, bound=0.5, bias=0.3, rnd=rng
        ),
        "ds": None if known is None else rng.uniform(-1, 1, (known, *batch, outs)),
        "us": None if heard is None else rng.uniform(-1, 1, (heard, *batch, ins)),
        "train_range": train_range,
        **options,
    }
    if force_every != 1:  # else the default has to hold
        inputs["force_every"] = force_every
    shape = inputs["x0"].shape
    return Case(
        label=label
        or Text(
            f"x0 {shape}, outputs: {outs}, inputs: {ins}, {steps} steps, targets: {known}, us: {heard}, train_range {train_range}, force_every {force_every}, leak {leak}, lambda {lmbd}",
            f"x0 {shape}、出力{outs}個、入力{ins}個、{steps}ステップ、目標{known}個、us {heard}個、train_range {train_range}、force_every {force_every}、リーク率 {leak}、λ = {lmbd}",
        ),
        inputs=inputs,
        outputs=None if inputs.get("keep_weights", True) else WITHOUT_WEIGHTS,
        mutates=("w_out",),
        preserves=("x0", "net", "w_feed", "w_in", "ds", "us"),
    )


def cases() -> list[Case]:
    """One row and several; targets and inputs that are there, missing, or run out."""
    rng = np.random.default_rng(303)
    plain = case(
        rng,
        label=Text(
            "two rows, no options: nothing is learnt, u = 0, but the bias of w_in acts",
            "2行、オプションなし：学習せず、u = 0でもw_inのバイアスは効く",
        ),
    )
    needed = ("time_steps", "x0", "net", "w_feed", "w_in", "w_out")
    bare = {name: plain.inputs[name] for name in needed}
    plain = replace(plain, inputs=bare, preserves=("x0", "net", "w_feed", "w_in"))
    return [
        plain,
        case(rng, rows=None, label=Text("one state without a row axis", "行の軸のない1つの状態")),
        case(
            rng,
            rows=None,
            train_range=(2, 7),
            force_every=2,
            leak=0.4,
            outs=1,
            label=Text(
                "one state, one output, leak 0.4, every second step",
                "状態1つ、出力1個、リーク率0.4、2ステップごと",
            ),
        ),
        case(
            rng,
            rows=None,
            heard=None,
            label=Text("one state, no inputs: u = 0", "状態1つ、入力なし：u = 0"),
        ),
        case(
            rng,
            rows=None,
            known=None,
            label=Text(
                "one state, no targets: learning towards 0", "状態1つ、目標なし：0に向けて学習"
            ),
        ),
        case(rng, label=Text("two rows, learning at every step", "2行、毎ステップ学習")),
        case(rng, train_range=None, label=Text("two rows, no train_range", "2行、train_rangeなし")),
        case(
            rng,
            rows=3,
            train_range=(2, 6),
            label=Text("three rows, learning in the middle", "3行、途中だけ学習"),
        ),
        case(
            rng,
            rows=1,
            steps=11,
            known=11,
            heard=11,
            label=Text("a single row, x0 of shape (1, N)", "1行だけ、x0の形は(1, N)"),
        ),
        case(
            rng,
            train_range=(1, 8),
            force_every=2,
            leak=0.3,
            label=Text("two rows, leak 0.3, every second step", "2行、リーク率0.3、2ステップごと"),
        ),
        case(
            rng,
            heard=None,
            label=Text(
                "two rows, no inputs: u = 0, but the bias of w_in acts",
                "2行、入力なし：u = 0でもw_inのバイアスは効く",
            ),
        ),
        case(
            rng,
            heard=3,
            ins=2,
            label=Text(
                "two inputs to each row, they run out at step 3", "各行に入力2個、ステップ3で尽きる"
            ),
        ),
        case(rng, known=4, label=Text("the targets run out at step 4", "目標がステップ4で尽きる")),
        case(
            rng,
            known=None,
            lmbd=0.2,
            label=Text(
                "two rows, no targets: learning towards 0, lambda 0.2",
                "2行、目標なし：0に向けて学習、λ = 0.2",
            ),
        ),
        case(
            rng,
            known=12,
            heard=12,
            rows=3,
            units=20,
            outs=2,
            leak=0.6,
            lmbd=0.1,
            label=Text(
                "three rows of 20 units, lambda 0.1, more targets and inputs than steps",
                "20ユニットが3行、λ = 0.1、ステップ数より多い目標と入力",
            ),
        ),
        case(
            rng,
            train_range=(2, 8),
            force_every=3,
            keep_weights=False,
            label=Text(
                "keep_weights=False: no weights are recorded",
                "keep_weights=False：重みは記録しない",
            ),
        ),
        case(
            rng,
            rows=5,
            steps=4,
            known=4,
            heard=4,
            train_range=(0, 3),
            label=Text("more rows than steps", "ステップ数より行のほうが多い"),
        ),
        case(
            rng,
            force_every=50,
            label=Text(
                "force_every beyond the last step: learning at step 0 alone",
                "force_everyが最後のステップより大きい：学習はステップ0だけ",
            ),
        ),
    ]


IN_TURN = "for i in range(len(x)):\n                    w_out.step(x[i], d[i])"

MISTAKES = (
    Mistake(
        "errors_before_the_first_update",
        (("w_out.step(x[i], d[i])", "w_out.step(x[i], d[i] - y[i] + w_out(x[i]))"),),
        Text(
            "Rows after the first are corrected by an error that is out of date: the shared readout has just learnt from the row before.",
            "2行目以降で、古い誤差を使って修正しています。共有している読み出し層は、直前の行からすでに学んだところです。",
        ),
    ),
    Mistake(
        "one_P_a_row",
        (
            (
                "    progress = trange(",
                "    Ps = [w_out.P] * (len(x) if x.ndim == 2 else 0)\n    progress = trange(",
            ),
            (
                "w_out.step(x[i], d[i])",
                "w_out.P = Ps[i]\n                    w_out.step(x[i], d[i])\n                    Ps[i] = w_out.P",
            ),
        ),
        Text(
            "Each row keeps a P of its own, which knows nothing of the other rows' states. How many readouts are there?",
            "行ごとに別々のPを持たせると、ほかの行の状態を知らないことになります。読み出し層はいくつありますか。",
        ),
    ),
    Mistake(
        "first_row_only",
        ((IN_TURN, "w_out.step(x[0], d[0])"),),
        Text(
            "Only the first row teaches the readout. Which attractor will the others know?",
            "学習に使われているのは最初の行だけです。ほかの行のアトラクタは、どこで覚えますか。",
        ),
    ),
    Mistake(
        "rows_named_like_the_whole",
        ((IN_TURN, "for x, d in zip(x, d, strict=True):\n                    w_out.step(x, d)"),),
        Text(
            "After your loop x is no longer what it was: its variable has taken the name of all the rows. What is the next state computed from?",
            "ループのあと、xは元のxではありません。ループ変数が全行を表す名前を使ってしまったからです。次の状態は何から計算されていますか。",
        ),
    ),
    Mistake(
        "last_row_only",
        ((IN_TURN, "w_out.step(x[-1], d[-1])"),),
        Text(
            "Only the last row teaches the readout. Is every row visited?",
            "学習に使われているのは最後の行だけです。すべての行を回っていますか。",
        ),
    ),
    Mistake(
        "mean_of_rows",
        ((IN_TURN, "w_out.step(x.mean(axis=0), d.mean(axis=0))"),),
        Text(
            "Averaging mixes two attractors into a point that lies on neither. How many samples does one step of time bring?",
            "平均をとると、どちらのアトラクタにもない点になってしまいます。1時刻につき、学習に使えるサンプルはいくつありますか。",
        ),
    ),
    Mistake(
        "one_row_at_a_time",
        ((IN_TURN, "i = k % len(x)\n                w_out.step(x[i], d[i])"),),
        Text(
            "You take turns over time: one row a step. How many rows should have taught the readout when the step is over?",
            "1ステップに1行ずつ交代で学習しています。1ステップが終わるまでに、何行ぶん学習しますか。",
        ),
    ),
    Mistake(
        "target_of_the_first_row",
        (("w_out.step(x[i], d[i])", "w_out.step(x[i], d[0])"),),
        Text(
            "Every row learns the same target. Which axis of d belongs to the rows?",
            "どの行も同じ目標を学習しています。dのどの軸が行に対応しますか。",
        ),
    ),
    Mistake(
        "targets_of_each_other",
        (("w_out.step(x[i], d[i])", "w_out.step(x[i], d[-1 - i])"),),
        Text(
            "States and targets are paired crosswise. Which target belongs to row 0?",
            "状態と目標の組み合わせが行どうしで入れ替わっています。0行目の目標はどれですか。",
        ),
    ),
    Mistake(
        "learns_from_own_output",
        (("w_out.step(x[i], d[i])", "w_out.step(x[i], y[i])"),),
        Text(
            "With its own output for a target a row has nearly no error. What should its output have been?",
            "自分の出力を目標にすると、誤差はほとんどなくなります。その行の出力は何であるべきでしたか。",
        ),
    ),
    Mistake(
        "one_state_not_trained",
        (("                w_out.step(x, d)\n", "                pass\n"),),
        Text(
            "With a single state the weights never change. Have you filled the branch for x of one dimension?",
            "状態が1つのときに重みが変わっていません。xが1次元の場合の分岐は書けていますか。",
        ),
    ),
    Mistake(
        "input_dropped",
        (("w_feed(y) + w_in(u)", "w_feed(y)"),),
        Text(
            "The network cannot tell which attractor is wanted from it: nothing but its own output arrives.",
            "届いているのは自分の出力だけなので、どちらのアトラクタを出せばよいのか、ネットワークにはわかりません。",
        ),
    ),
    Mistake(
        "input_without_weights",
        (("w_feed(y) + w_in(u)", "w_feed(y) + u"),),
        Text(
            "u has as many entries as there are inputs, the network as many units. Which layer leads from one to the other?",
            "uの要素は入力の数だけ、ネットワークのユニットはNだけあります。両者をつなぐのはどの層ですか。",
        ),
    ),
    Mistake(
        "feedback_dropped",
        (("w_feed(y) + w_in(u)", "w_in(u)"),),
        Text(
            "The loop is open: the output does not come back. What arrives at the network beside the input?",
            "出力が戻っておらず、ループが開いたままです。入力のほかに、ネットワークには何が届きますか。",
        ),
    ),
    Mistake(
        "input_only_if_given",
        (("w_feed(y) + w_in(u)", "w_feed(y) + (0 if us is None else w_in(u))"),),
        Text(
            "Without us the input is u = 0, which is not the same as no w_in: what does w_in give for 0?",
            "usがなければ入力は u = 0 ですが、w_inがないのとは違います。w_inに0を入れると何が出てきますか。",
        ),
    ),
    Mistake(
        "input_outside_tanh",
        (("net(x, w_feed(y) + w_in(u))", "net(x, w_feed(y)) + w_in(u)"),),
        Text(
            "The input is added to the new state, outside of tanh. Where does it stand in the equation?",
            "入力がtanhの外で、新しい状態に足されています。式の中で入力はどこに現れますか。",
        ),
    ),
    Mistake(
        "teacher_forced",
        (("w_feed(y) + w_in(u)", "w_feed(d) + w_in(u)"),),
        Text(
            "The target is fed back instead of the output, so that the loop is open. What do FORCE networks hear while they learn?",
            "出力ではなく目標を戻しているので、ループが開いています。FORCE学習の最中、ネットワークに戻るのは何ですか。",
        ),
    ),
    Mistake(
        "new_output_fed_back",
        (("w_feed(y) + w_in(u)", "w_feed(w_out(x)) + w_in(u)"),),
        Text(
            "You feed back what the readout says after learning. The y of this step was computed before it.",
            "学習後の読み出し層の出力を戻しています。このステップのyは、学習の前に計算したものです。",
        ),
    ),
    Mistake(
        "all_rows_at_once",
        ((IN_TURN, "w_out.step(x, d)"),),
        Text(
            "One state is learnt from rightly, several are not. How many rows does step take at a time?",
            "状態が1つのときは正しく学習できますが、複数の行では学習できません。stepが一度に受け取るのは何行分ですか。",
        ),
    ),
    Mistake(
        "output_of_its_turn",
        (
            (
                "w_out.step(x[i], d[i])",
                "y[i] = w_out(x[i])\n                    w_out.step(x[i], d[i])",
            ),
        ),
        Text(
            "You ask the readout anew before each row learns, so that y changes within the step. When is the y that is recorded and fed back computed?",
            "行の番が来るたびに出力を計算し直しているので、1ステップの途中でyが変わっています。記録して戻すyは、いつ計算したものですか。",
        ),
    ),
    Mistake(
        "two_drives_as_two_arguments",
        (("net(x, w_feed(y) + w_in(u))", "net(x, w_feed(y), w_in(u))"),),
        Text(
            "A network takes a state and one drive, N numbers for its N units. How do feedback and input come together in the equation, before the tanh?",
            "ネットワークが受け取るのは、状態と、N個のユニットへの駆動1つです。式のtanhの中で、フィードバックと入力はどう組み合わされているでしょうか。",
        ),
    ),
    Mistake(
        "two_drives_in_a_list",
        (("net(x, w_feed(y) + w_in(u))", "net(x, [w_feed(y), w_in(u)])"),),
        Text(
            "Feedback and input are N numbers each, and the network takes N, one for each unit; put side by side they are 2N, or two rows. How do the two come together in the equation?",
            "フィードバックも入力もN個ずつの数で、ネットワークが受け取るのもユニットごとに1つ、N個です。並べると2N個や2行になってしまいます。式の中で、2つはどう組み合わされているでしょうか。",
        ),
    ),
    Mistake(
        "two_drives_concatenated",
        (("net(x, w_feed(y) + w_in(u))", "net(x, np.concatenate([w_feed(y), w_in(u)]))"),),
        Text(
            "Feedback and input are N numbers each, and the network takes N, one for each unit; put side by side they are 2N, or two rows. How do the two come together in the equation?",
            "フィードバックも入力もN個ずつの数で、ネットワークが受け取るのもユニットごとに1つ、N個です。並べると2N個や2行になってしまいます。式の中で、2つはどう組み合わされているでしょうか。",
        ),
    ),
    Mistake(
        "two_drives_side_by_side",
        (("net(x, w_feed(y) + w_in(u))", "net(x, np.hstack([w_feed(y), w_in(u)]))"),),
        Text(
            "Feedback and input are N numbers each, and the network takes N, one for each unit; put side by side they are 2N, or two rows. How do the two come together in the equation?",
            "フィードバックも入力もN個ずつの数で、ネットワークが受け取るのもユニットごとに1つ、N個です。並べると2N個や2行になってしまいます。式の中で、2つはどう組み合わされているでしょうか。",
        ),
    ),
    Mistake(
        "rows_for_their_numbers",
        ((IN_TURN, "for i in x:\n                    w_out.step(x[i], d[i])"),),
        Text(
            "A loop over x goes through its rows: i is a whole state, and no number that could stand in brackets. How do you go through the numbers of the rows instead?",
            "xをそのままループで回すと、行が1つずつ取り出されます。iは状態そのもので、角括弧に入れる番号ではありません。行の番号を順に取り出すには、どうすればよいでしょうか。",
        ),
    ),
    Mistake(
        "shape_for_a_number",
        ((IN_TURN, "for i in range(rows):\n                    w_out.step(x[i], d[i])"),),
        Text(
            "rows is a shape, the tuple (m,) or (), and no number. How many states does x hold?",
            "rowsは(m,)や()というタプル、つまり形であって、数ではありません。xには状態がいくつあるでしょうか。",
        ),
    ),
    Mistake(
        "all_targets_for_each_row",
        (("w_out.step(x[i], d[i])", "w_out.step(x[i], d)"),),
        Text(
            "One state is handed over with the targets of all rows. Which target belongs to this row?",
            "1つの状態に、すべての行の目標を渡しています。この行の目標はどれでしょうか。",
        ),
    ),
    Mistake(
        "targets_never_none",
        (("w_out.step(x[i], d[i])", "w_out.step(x[i], ds[k, i])"),),
        Text(
            "ds may be missing, or end before the learning does. Which targets have been made ready for either case at the top of the loop?",
            "dsは渡されないことも、学習の途中で尽きることもあります。どちらの場合にも使える目標が、ループの最初に用意されています。どれでしょうか。",
        ),
    ),
    Mistake(
        "inputs_never_none",
        (("net(x, w_feed(y) + w_in(u))", "net(x, w_feed(y) + w_in(us[k]))"),),
        Text(
            "us may be missing, or end before the run does. Which input has been made ready for either case at the top of the loop?",
            "usは渡されないことも、途中で尽きることもあります。どちらの場合にも使える入力が、ループの最初に用意されています。どれでしょうか。",
        ),
    ),
)

ALTERNATIVES = (
    Alternative(
        "zip_rows",
        ((IN_TURN, "for x_i, d_i in zip(x, d):\n                    w_out.step(x_i, d_i)"),),
    ),
    Alternative(
        "rows_backwards",
        (
            (
                IN_TURN,
                "for i in reversed(range(len(x))):\n                    w_out.step(x[i], d[i])",
            ),
        ),
    ),
    Alternative(
        "rows_shuffled",
        (
            (
                IN_TURN,
                "for i in np.random.default_rng(k).permutation(len(x)):\n                    w_out.step(x[i], d[i])",
            ),
        ),
    ),
    Alternative(
        "one_block_update",
        (
            (
                IN_TURN,
                "P = w_out.P\n"
                "                K = np.linalg.solve(np.eye(len(x)) + x @ P @ x.T, x @ P)\n"
                "                w_out.weight += (d - w_out(x)).T @ K\n"
                "                w_out.P = P - P @ x.T @ K",
            ),
        ),
    ),
    Alternative(
        "one_branch_for_both",
        (
            (
                IN_TURN,
                "for x_i, d_i in zip(np.atleast_2d(x), np.atleast_2d(d)):\n                    w_out.step(x_i, d_i)",
            ),
            (
                "                w_out.step(x, d)\n",
                "                for x_i, d_i in zip(x[None], d[None]):\n                    w_out.step(x_i, d_i)\n",
            ),
        ),
    ),
    Alternative(
        "list_of_changes",
        ((IN_TURN, "dw = sum([w_out.step(x[i], d[i]) for i in range(x.shape[0])])"),),
    ),
    Alternative(
        "row_by_row",
        (
            (
                "y = w_out(x)",
                "y = w_out(x) if x.ndim == 1 else np.array([w_out(row) for row in x])",
            ),
            (
                "x = net(x, w_feed(y) + w_in(u))",
                "v = w_in(u) + w_feed(y)\n        x = net(x, v) if x.ndim == 1 else np.stack([net(a, b) for a, b in zip(x, v)])",
            ),
        ),
    ),
    Alternative(
        "matrices_by_hand",
        (
            ("y = w_out(x)", 'y = np.einsum("oi,...i->...o", w_out.weight, x) + w_out.bias'),
            (
                "w_feed(y) + w_in(u)",
                "np.dot(y, w_feed.weight.T) + w_feed.bias + np.dot(u, w_in.weight.T) + w_in.bias",
            ),
        ),
    ),
    Alternative(
        "state_in_place",
        (("x = net(x, w_feed(y) + w_in(u))", "x[...] = net(x, w_feed(y) + w_in(u))"),),
    ),
)
