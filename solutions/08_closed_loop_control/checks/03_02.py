"""03_02: emulate_online."""

from dataclasses import replace

import numpy as np

from tools.checks import Alternative, Case, Exact, Mistake, Numeric, Text
from utils.reservoir import ESN, Linear, RLSReadout

TITLE = Text("Learning in the closed loop", "閉ループの中での学習")

# Where to look, then how; shown one after the other to whoever asks.
HINTS = (
    Text(
        "The exercise lists three things that happen in a step, in their order. At which of these moments is y computed, and which y is it that reaches the network?",
        "1ステップで起こる3つのことが、問題文に順番どおり書いてあります。yはどの時点で計算され、ネットワークに届くのはどのyですか。",
    ),
    Text(
        "Two conditions make a training step: the step lies in the range, whose end is left out, and dividing its number by force_every leaves no remainder. `step` is told the state and the target, and works out the error by itself. What goes back through the feedback layer is the output from before the learning.",
        "学習するのは、2つの条件がそろったステップです。区間に入っていること（終わりは含みません）、そしてステップの番号をforce_everyで割った余りが0であること。`step`に渡すのは状態と目標で、誤差は`step`が自分で計算します。フィードバックの層を通して戻すのは、学習の前に求めた出力です。",
    ),
)

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
    """A small chaotic network that learns for some of its steps."""
    steps = int(rng.integers(8, 17))
    start = int(rng.integers(0, 5))
    return case(
        rng,
        units=int(rng.integers(5, 21)),
        outs=int(rng.integers(1, 4)),
        steps=steps,
        known=int(rng.integers(steps - 3, steps + 4)),
        train_range=(start, int(rng.integers(start + 3, steps + 1))),
        force_every=int(rng.integers(1, 4)),
        leak=None if rng.random() < 0.4 else float(np.round(rng.uniform(0.2, 0.9), 2)),
        lmbd=float(np.round(rng.uniform(0.2, 2.0), 2)),
    )


def case(
    rng: np.random.Generator,
    units: int = 8,
    outs: int = 2,
    steps: int = 10,
    known: int | None = 10,
    train_range: tuple[int, int] | list[int] | None = (0, 10),
    force_every: int = 1,
    leak: float | None = None,
    lmbd: float = 1.0,
    label: Text | None = None,
    **options,
) -> Case:
    """A run whose readout starts from weights and bias of order one, so that the loop is closed
    from the first step and every state is of order one. ``known`` targets are given."""
    inputs = {
        "time_steps": steps,
        "x0": rng.uniform(-1, 1, units),
        "net": ESN(units, sr=float(np.round(rng.uniform(0.9, 1.5), 2)), a=leak, rnd=rng),
        "w_feed": Linear(outs, units, bound=1.0, bias=0.3, rnd=rng),
        "w_out": RLSReadout(
            units, outs, lmbd=lmbd, initialize_with_zero=False, bound=0.5, bias=0.3, rnd=rng
        ),
        "ds": None if known is None else rng.uniform(-1, 1, (known, outs)),
        "train_range": train_range,
        **options,
    }
    if force_every != 1:  # else the default has to hold
        inputs["force_every"] = force_every
    return Case(
        label=label
        or Text(
            f"N = {units}, outputs: {outs}, {steps} steps, targets: {known}, train_range {train_range}, force_every {force_every}, leak {leak}, lambda {lmbd}",
            f"N = {units}、出力{outs}個、{steps}ステップ、目標{known}個、train_range {train_range}、force_every {force_every}、リーク率 {leak}、λ = {lmbd}",
        ),
        inputs=inputs,
        outputs=None if inputs.get("keep_weights", True) else WITHOUT_WEIGHTS,
        mutates=("w_out",),
        preserves=("x0", "net", "w_feed", "ds"),
    )


def cases() -> list[Case]:
    """From a loop that never learns to one whose targets run out while it does."""
    rng = np.random.default_rng(302)
    plain = case(
        rng,
        label=Text(
            "no options: the loop runs and never learns",
            "オプションなし：閉ループを回すだけで学習しない",
        ),
    )
    bare = {name: plain.inputs[name] for name in ("time_steps", "x0", "net", "w_feed", "w_out")}
    plain = replace(plain, inputs=bare, preserves=("x0", "net", "w_feed"))
    return [
        plain,
        case(
            rng,
            train_range=None,
            label=Text("targets, but no train_range", "目標はあるがtrain_rangeがない"),
        ),
        case(rng, label=Text("learning at every step", "毎ステップ学習")),
        case(
            rng,
            train_range=(3, 10),
            label=Text("learning from step 3 to the end", "ステップ3から最後まで学習"),
        ),
        case(
            rng,
            train_range=[0, 6],
            label=Text(
                "learning before step 6, train_range a list",
                "ステップ6の前まで学習（train_rangeはリスト）",
            ),
        ),
        case(
            rng,
            train_range=(2, 7),
            outs=3,
            label=Text("learning in the middle, three outputs", "途中だけ学習、出力3個"),
        ),
        case(
            rng,
            train_range=(1, 10),
            force_every=2,
            label=Text(
                "learning at every second step, range from 1",
                "2ステップごとに学習、区間はステップ1から",
            ),
        ),
        case(
            rng,
            steps=14,
            known=14,
            train_range=(2, 12),
            force_every=3,
            label=Text(
                "learning at every third step, from step 2 on", "ステップ2以降、3ステップごとに学習"
            ),
        ),
        case(
            rng,
            leak=0.3,
            train_range=(1, 9),
            label=Text("a leaky network, leak 0.3", "リーク率0.3のネットワーク"),
        ),
        case(rng, lmbd=0.1, label=Text("lambda 0.1", "λ = 0.1")),
        case(
            rng, known=None, label=Text("no targets: learning towards 0", "目標なし：0に向けて学習")
        ),
        case(
            rng,
            known=5,
            steps=12,
            label=Text(
                "the targets run out at step 5, learning goes on",
                "目標はステップ5で尽きるが学習は続く",
            ),
        ),
        case(
            rng,
            known=16,
            steps=9,
            label=Text("more targets than steps", "ステップ数より目標のほうが多い"),
        ),
        case(
            rng,
            units=20,
            outs=1,
            steps=15,
            known=15,
            train_range=(4, 15),
            force_every=2,
            leak=0.5,
            label=Text("N = 20, one output, leak 0.5", "N = 20、出力1個、リーク率0.5"),
        ),
        case(
            rng,
            train_range=(2, 8),
            force_every=2,
            keep_weights=False,
            label=Text(
                "keep_weights=False: no weights are recorded",
                "keep_weights=False：重みは記録しない",
            ),
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


MISTAKES = (
    Mistake(
        "force_every_ignored",
        (("start <= k < end and k % force_every == 0", "start <= k < end"),),
        Text(
            "You learn at every step of the range. How often does the caller want it?",
            "学習区間の全ステップで学習しています。呼び出し側は何ステップごとの学習を求めていますか。",
        ),
    ),
    Mistake(
        "force_every_from_start",
        (("k % force_every", "(k - start) % force_every"),),
        Text(
            "You count from the start of the range. The docstring counts from somewhere else: at which k does it train?",
            "学習区間の始まりから数えています。docstringはどこから数えていますか。学習するのはkがどんな値のときですか。",
        ),
    ),
    Mistake(
        "force_every_inverted",
        (("k % force_every == 0", "k % force_every"),),
        Text(
            "You learn just at those steps where you should not. What is the remainder of a multiple?",
            "学習すべきでないステップでばかり学習しています。倍数を割った余りはいくつになりますか。",
        ),
    ),
    Mistake(
        "end_inclusive",
        (("start <= k < end", "start <= k <= end"),),
        Text(
            "One step too many is learnt. Does the range contain its own end?",
            "学習が1ステップ多くなっています。区間に終端そのものは含まれますか。",
        ),
    ),
    Mistake(
        "start_exclusive",
        (("start <= k < end", "start < k < end"),),
        Text(
            "Learning begins a step late. Does the range contain its own start?",
            "学習の開始が1ステップ遅れています。区間に始端そのものは含まれますか。",
        ),
    ),
    Mistake(
        "start_ignored",
        (("start <= k < end", "k < end"),),
        Text(
            "Your readout learns from step 0 on. What is the first number of train_range for?",
            "ステップ0から学習が始まっています。train_rangeの1つ目の数は何のためのものですか。",
        ),
    ),
    Mistake(
        "end_ignored",
        (("start <= k < end", "start <= k"),),
        Text(
            "Learning never stops, so nobody knows what the network can do alone. When should it end?",
            "学習が止まらないので、ネットワークが自力で何をできるのかがわかりません。学習はいつ終わるべきですか。",
        ),
    ),
    Mistake(
        "never_trained",
        (("= start <= k < end and k % force_every == 0", "= False"),),
        Text(
            "The weights are the same at the end as at the beginning. When does your condition hold?",
            "重みが最初から最後まで変わっていません。条件が成り立つのはどんなときですか。",
        ),
    ),
    Mistake(
        "teacher_forced_while_training",
        (("net(x, w_feed(y))", "net(x, w_feed(d if training else y))"),),
        Text(
            "While it learns, your network is shown the target. FORCE leaves the loop intact: whose signal has to come back, so that the network learns to live with its own errors?",
            "学習中のネットワークに目標そのものを入れています。FORCE学習ではループを切りません。自分自身の誤差とつき合えるようになるには、どの信号が戻ってくるべきですか。",
        ),
    ),
    Mistake(
        "teacher_forced_always",
        (("net(x, w_feed(y))", "net(x, w_feed(d))"),),
        Text(
            "The target goes into the network at every step, so the loop is never closed. What does the reservoir receive in a closed loop?",
            "毎ステップ目標が入力されていて、ループが一度も閉じていません。閉ループでリザバーに戻るのは何ですか。",
        ),
    ),
    Mistake(
        "output_recomputed",
        (
            (
                'record["dw"][k] = np.linalg.norm(dw)',
                'record["dw"][k] = np.linalg.norm(dw)\n            y = w_out(x)',
            ),
        ),
        Text(
            "After learning you ask the readout again. The y that is recorded and fed back is the one from before the update.",
            "学習のあとで出力を計算し直しています。記録して戻すyは、更新前と更新後のどちらですか。",
        ),
    ),
    Mistake(
        "new_output_fed_back",
        (("net(x, w_feed(y))", "net(x, w_feed(w_out(x)))"),),
        Text(
            "y is recorded rightly, but another value is fed back: the readout has changed since y was computed.",
            "記録されたyは正しいのに、戻している値が違います。yを計算したあと、読み出し層に何が起きましたか。",
        ),
    ),
    Mistake(
        "feedback_dropped",
        (("net(x, w_feed(y))", "net(x)"),),
        Text(
            "Your network never hears its own output. Which second argument does net take?",
            "ネットワークに自分の出力が届いていません。netの2つ目の引数は何ですか。",
        ),
    ),
    Mistake(
        "leak_twice",
        (
            (
                "x = net(x, w_feed(y))",
                "x = (1 - (net.a or 1)) * x + (net.a or 1) * net(x, w_feed(y))",
            ),
        ),
        Text(
            "All is well without a leak. What does net(x, v) return: tanh alone, or the new state with the leak in it?",
            "リークがないときだけ正しい結果です。net(x, v) が返すのはtanhの値だけですか、それともリークまで含めた次の状態ですか。",
        ),
    ),
    Mistake(
        "learns_from_error",
        (("w_out.step(x, d)", "w_out.step(x, d - y)"),),
        Text(
            "step works out the error by itself. What does it want to be told?",
            "誤差はstepが自分で計算します。stepに渡すべきものは何ですか。",
        ),
    ),
    Mistake(
        "learns_from_own_output",
        (("w_out.step(x, d)", "w_out.step(x, y)"),),
        Text(
            "With that target the error is always zero. What should the output have been?",
            "その目標では誤差がいつも0になります。出力は何であるべきでしたか。",
        ),
    ),
    Mistake(
        "learns_from_next_state",
        (("w_out.step(x, d)", "w_out.step(net(x, w_feed(y)), d)"),),
        Text(
            "The target of step k meets the state of step k + 1. From which state was y computed?",
            "ステップkの目標と、ステップk+1の状態を組み合わせています。yはどの状態から計算したものですか。",
        ),
    ),
    Mistake(
        "weights_by_reference",
        (
            (
                "    return record\n",
                '    if keep_weights:\n        record["w"] = np.array([w_out.weight] * (time_steps + 1))\n    return record\n',
            ),
        ),
        Text(
            "All recorded weights are equal to the last ones. The readout changes its array in place: what did you put into the record, its numbers or the array itself?",
            "記録された重みがすべて最後の値になっています。読み出し層は配列をその場で書き換えます。記録したのは値ですか、それとも配列そのものですか。",
        ),
    ),
    Mistake(
        "network_reset",
        (("x = net(x, w_feed(y))", "x = net(x0, w_feed(y))"),),
        Text(
            "Every state is made from the first one. Which state does the next one follow?",
            "どの状態も最初の状態から作られています。次の状態はどの状態に続きますか。",
        ),
    ),
    Mistake(
        "train_range_never_none",
        (("start <= k < end and", "train_range[0] <= k < train_range[1] and"),),
        Text(
            "A run may come without train_range. Which two numbers stand ready for this above the loop?",
            "train_rangeが渡されないこともあります。そのときのための2つの数が、ループの上にもう用意されています。どれですか。",
        ),
    ),
    Mistake(
        "asked_too_early_whether_it_learns",
        (("y = w_out(x)  #", "y = d if training else w_out(x)  #"),),
        Text(
            "Whether the network learns in this step is decided on the next line only, so training has no value yet. But think of FORCE: does it depend on that what the network says and hears?",
            "このステップで学習するかどうかが決まるのは次の行なので、ここではtrainingにまだ値がありません。そもそもFORCE学習で、ネットワークが出して自分で聞く値は、学習中かどうかで変わるでしょうか。",
        ),
    ),
    Mistake(
        "output_only_while_learning",
        (
            ("        y = w_out(x)  # TODO The output of the readout. | 読み出し層の出力。\n", ""),
            (
                "            dw = w_out.step(x, d)",
                "            y = w_out(x)\n            dw = w_out.step(x, d)",
            ),
        ),
        Text(
            "In a step without learning y is not computed: it has no value yet, or still that of an earlier step. In which steps does the network hear its own output?",
            "学習しないステップではyが計算されないので、まだ値がないか、前のステップの値のままになっています。ネットワークが自分の出力を聞くのは、どのステップでしょうか。",
        ),
    ),
    Mistake(
        "step_looked_for_in_the_pair",
        (
            (
                "start <= k < end and k % force_every == 0",
                "k in train_range and k % force_every == 0",
            ),
        ),
        Text(
            "A pair holds two numbers: k in (3, 8) is true for 3 and for 8 alone, and in None there is nothing to look for at all. How do you ask for every step from the start up to, but not including, the end?",
            "(3, 8)に入っている数は3と8だけなので、k in (3, 8)が成り立つのはその2つのときだけです。Noneには、調べる中身もありません。始まりから終わりの手前までのすべてのステップを表すには、どう書けばよいでしょうか。",
        ),
    ),
    Mistake(
        "step_looked_for_among_the_ends",
        (
            (
                "start <= k < end and k % force_every == 0",
                "k in (start, end) and k % force_every == 0",
            ),
        ),
        Text(
            "A pair holds two numbers: k in (3, 8) is true for 3 and for 8 alone, and in None there is nothing to look for at all. How do you ask for every step from the start up to, but not including, the end?",
            "(3, 8)に入っている数は3と8だけなので、k in (3, 8)が成り立つのはその2つのときだけです。Noneには、調べる中身もありません。始まりから終わりの手前までのすべてのステップを表すには、どう書けばよいでしょうか。",
        ),
    ),
    Mistake(
        "train_range_unpacked_though_none",
        (
            (
                "start <= k < end and k % force_every == 0",
                "k in range(*train_range) and k % force_every == 0",
            ),
        ),
        Text(
            "A run may come without train_range. Which two numbers stand ready for this above the loop?",
            "train_rangeが渡されないこともあります。そのときのための2つの数が、ループの上にもう用意されています。どれですか。",
        ),
    ),
    Mistake(
        "trained_as_offline",
        (("w_out.step(x, d)", "w_out.train(x, d)"),),
        Text(
            "train solves one regression over a whole run; this readout has none, for it learns from one state at a time. Which method does the docstring name?",
            "trainは、時間発展の全体から一度に回帰を解くメソッドです。状態1つずつから学習していくこの読み出し層にはありません。docstringに書いてあるのは、どのメソッドでしょうか。",
        ),
    ),
    Mistake(
        "targets_never_none",
        (("w_out.step(x, d)", "w_out.step(x, ds[k])"),),
        Text(
            "ds may be missing, or end before the learning does. Which target has been made ready for either case at the top of the loop?",
            "dsは渡されないことも、学習の途中で尽きることもあります。どちらの場合にも使える目標が、ループの最初に用意されています。どれでしょうか。",
        ),
    ),
    Mistake(
        "layer_as_a_matrix",
        (("y = w_out(x)  #", "y = w_out @ x  #"),),
        Text(
            "w_out and w_feed are no matrices but layers, each with a weight and a bias: @ finds no array on its left. What does a layer give when it is called with its input?",
            "w_outやw_feedは重みとバイアスをもつ層で、行列ではありません。そのため、@の左側に配列がないというエラーになります。層に入力を渡して呼び出すと、何が返ってくるでしょうか。",
        ),
    ),
    Mistake(
        "feedback_without_layer",
        (("net(x, w_feed(y))", "net(x, y)"),),
        Text(
            "y has as many entries as there are outputs, the network as many units. Which layer leads from one to the other?",
            "yの要素は出力の数だけ、ネットワークのユニットはNだけあります。出力をユニットの数に広げるのは、どの層でしょうか。",
        ),
    ),
)

ALTERNATIVES = (
    Alternative(
        "range_object",
        (
            (
                "start <= k < end and k % force_every == 0",
                "k in range(start, end) and not k % force_every",
            ),
        ),
    ),
    Alternative(
        "condition_from_inside",
        (
            (
                "start <= k < end and k % force_every == 0",
                "train_range is not None and train_range[0] <= k < train_range[1] and k // force_every * force_every == k",
            ),
        ),
    ),
    Alternative(
        "by_hand",
        (
            ("y = w_out(x)", "y = w_out.weight @ x + w_out.bias"),
            ("net(x, w_feed(y))", "net(x, w_feed.weight.dot(y) + w_feed.bias)"),
        ),
    ),
    Alternative(
        "equation_of_the_network",
        (
            (
                "x = net(x, w_feed(y))",
                "a = 1 if net.a is None else net.a\n        x = (1 - a) * x + a * np.tanh(net.sr * (net.weight @ x) + w_feed(y))",
            ),
        ),
    ),
    Alternative("state_in_place", (("x = net(x, w_feed(y))", "x[:] = net(x, w_feed(y))"),)),
    Alternative(
        "feedback_before_the_update",
        (
            ("y = w_out(x)", "y = w_out(x)\n        v = w_feed(y)"),
            ("net(x, w_feed(y))", "net(x, v)"),
        ),
    ),
    Alternative(
        "change_seen_from_outside",
        (
            (
                "dw = w_out.step(x, d)",
                "before = w_out.weight.copy()\n            w_out.step(list(x), tuple(d))\n            dw = w_out.weight - before",
            ),
        ),
    ),
    Alternative(
        "lists",
        code="""
def emulate_online(time_steps, x0, net, w_feed, w_out, ds=None, train_range=None, force_every=1, display=True, keep_weights=True):
    xs, ys, targets, ws, norms = [x0], [], [], [w_out.weight.copy()], []
    for k in range(time_steps):
        target = [0.0] * w_out.output_dim if ds is None or k >= len(ds) else list(ds[k])
        ys.append(w_out(xs[-1]))
        if train_range and train_range[0] <= k < train_range[1] and k % force_every == 0:
            norms.append(np.sqrt(np.sum(w_out.step(xs[-1], target) ** 2)))
        else:
            norms.append(0)
        xs.append(net(xs[-1], w_feed(ys[-1])))
        targets.append(target)
        ws.append(w_out.weight.copy())
    record = {"t": list(range(time_steps + 1)), "x": xs, "y": ys, "d": targets, "dw": norms, "train_range": train_range}
    return {**record, "w": ws} if keep_weights else record
""",
    ),
    Alternative(
        "rls_spelled_out",
        (
            (
                "dw = w_out.step(x, d)",
                "P = w_out.P\n            k_ = P @ x\n            g = 1 / (1 + x @ k_)\n            dw = np.outer(g * (d - y), k_)\n            w_out.P = P - g * np.outer(k_, k_)\n            w_out.weight += dw",
            ),
        ),
    ),
)
