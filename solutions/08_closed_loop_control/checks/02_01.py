"""02_01: emulate_offline."""

from dataclasses import replace

import numpy as np

from tools.checks import Alternative, Case, Exact, Mistake, Numeric, Text
from utils.reservoir import ESN, Linear

TITLE = Text("Open and closed loop", "開ループと閉ループ")

# Where to look, then how; shown one after the other to whoever asks.
HINTS = (
    Text(
        "Take open_range=(4, 12) and ten targets, and make a table of the steps 0 to 13: is there a target, does the step lie in the range, and what is fed back?",
        "open_range=(4, 12)で目標が10個の場合を例に、ステップ0から13まで、「目標はあるか」「区間に入っているか」「何を戻すか」を表にしてみましょう。",
    ),
    Text(
        "The loop is open only where three things hold together: targets were given, there is one for this step, and the step lies in the range, whose end is left out. Then y is the target of this very step, else what the readout says of the present state. Either way the same y goes through the feedback layer into the network, which returns the next state.",
        "ループが開いているのは、3つの条件がすべて成り立つときだけです。目標が与えられていること、このステップの目標があること、そして区間に入っていること（終わりは含みません）。開いていればyはそのステップの目標、閉じていれば現在の状態に対する読み出し層の出力です。どちらの場合も、同じyをフィードバックの層に通してネットワークに渡すと、次の状態が返ってきます。",
    ),
)

OUTPUTS = (Numeric("x"), Numeric("y"), Exact("t"), Exact("open_range"))


def draw(rng: np.random.Generator) -> Case:
    """A run of a small network, its loop open somewhere, never or all the time."""
    steps = int(rng.integers(5, 19))
    start = int(rng.integers(0, steps))
    end = int(rng.integers(start, steps + 4))
    known = int(rng.integers(1, steps + 5))
    return case(
        rng,
        units=int(rng.integers(3, 31)),
        rows=None if rng.random() < 0.6 else int(rng.integers(1, 5)),
        outs=int(rng.integers(1, 4)),
        steps=steps,
        known=None if rng.random() < 0.1 else known,
        open_range=None if rng.random() < 0.1 else (start, end),
        leak=None if rng.random() < 0.4 else float(np.round(rng.uniform(0.2, 0.9), 2)),
        density=1.0 if rng.random() < 0.6 else 0.09,
    )


def case(
    rng: np.random.Generator,
    units: int = 8,
    rows: int | None = None,
    outs: int = 2,
    steps: int = 10,
    known: int | None = 10,
    open_range: tuple[int, int] | list[int] | None = (0, 10),
    leak: float | None = None,
    density: float = 1.0,
    label: Text | None = None,
) -> Case:
    """A run with ``known`` targets, of one state or of ``rows`` states side by side.

    Below a density of 0.1 the library keeps the recurrent matrix sparse. Few units get a full
    matrix, as hardly any of their sparse ones have a cycle.
    """
    beside = () if rows is None else (rows,)
    if units < 20:
        density = 1.0
    inputs = {
        "time_steps": steps,
        "x0": rng.uniform(-1, 1, (*beside, units)),
        "net": ESN(units, sr=float(np.round(rng.uniform(0.4, 1.3), 2)), a=leak, p=density, rnd=rng),
        "w_feed": Linear(outs, units, bound=1.0, bias=0.3, rnd=rng),
        "w_out": Linear(units, outs, bias=0.4, rnd=rng),
        "open_range": open_range,
    }
    if known is not None:  # else the default has to hold
        inputs["ds"] = rng.uniform(-1, 1, (known, *beside, outs))
    states = Text("one state", "状態1つ") if rows is None else Text(f"{rows} rows", f"{rows}行")
    leaky = (
        Text("no leak", "リークなし") if leak is None else Text(f"leak {leak}", f"リーク率{leak}")
    )
    return Case(
        label=label
        or Text(
            f"N = {units}, {states.en}, outputs: {outs}, {steps} steps, targets: {known}, open_range {open_range}, {leaky.en}",
            f"N = {units}、{states.ja}、出力{outs}個、{steps}ステップ、目標{known}個、open_range {open_range}、{leaky.ja}",
        ),
        inputs=inputs,
        preserves=("x0", "net", "w_feed", "w_out", *(["ds"] if "ds" in inputs else [])),
    )


def cases() -> list[Case]:
    """From a loop that is always closed to batches whose targets run out."""
    rng = np.random.default_rng(201)
    plain = case(
        rng,
        label=Text(
            "no targets, no open_range: always closed", "目標もopen_rangeもなし：ずっと閉ループ"
        ),
    )
    bare = {name: plain.inputs[name] for name in ("time_steps", "x0", "net", "w_feed", "w_out")}
    plain = replace(plain, inputs=bare, preserves=("x0", "net", "w_feed", "w_out"))
    return [
        plain,
        case(
            rng,
            open_range=None,
            label=Text("targets, but no open_range", "目標はあるがopen_rangeがない"),
        ),
        case(
            rng,
            known=None,
            open_range=(0, 10),
            label=Text("open_range, but no targets", "open_rangeはあるが目標がない"),
        ),
        case(rng, label=Text("open all the time", "最初から最後まで開ループ")),
        case(
            rng,
            steps=12,
            known=12,
            open_range=(0, 6),
            label=Text(
                "open before step 6, then closed", "ステップ6の前まで開ループ、その後は閉ループ"
            ),
        ),
        case(
            rng,
            steps=12,
            known=12,
            open_range=(4, 12),
            label=Text(
                "closed before step 4, then open", "ステップ4の前まで閉ループ、その後は開ループ"
            ),
        ),
        case(
            rng,
            steps=14,
            known=14,
            open_range=[3, 8],
            leak=0.3,
            outs=3,
            label=Text(
                "open in the middle (open_range a list), leak 0.3, three outputs",
                "途中だけ開ループ（open_rangeはリスト）、リーク率0.3、出力3個",
            ),
        ),
        case(
            rng,
            steps=12,
            known=5,
            open_range=(2, 9),
            label=Text(
                "the targets run out while the loop is open", "開ループの途中で目標がなくなる"
            ),
        ),
        case(
            rng,
            steps=8,
            known=20,
            open_range=(3, 30),
            outs=1,
            label=Text(
                "more targets than steps, open_range beyond the end, one output",
                "ステップ数より多い目標、終わりを越えるopen_range、出力1個",
            ),
        ),
        case(
            rng,
            open_range=(5, 5),
            leak=0.7,
            label=Text("an empty open_range, leak 0.7", "空のopen_range、リーク率0.7"),
        ),
        case(
            rng,
            rows=2,
            steps=12,
            known=12,
            open_range=(2, 7),
            leak=0.3,
            label=Text(
                "two rows of states, open in the middle, leak 0.3",
                "状態2行、途中だけ開ループ、リーク率0.3",
            ),
        ),
        case(
            rng,
            units=6,
            rows=6,
            outs=3,
            steps=9,
            known=4,
            open_range=(1, 9),
            label=Text(
                "as many rows as units, few targets", "行数とユニット数が同じ、目標は少しだけ"
            ),
        ),
        case(
            rng,
            units=30,
            density=0.09,
            steps=15,
            known=15,
            open_range=(0, 7),
            label=Text("30 units, sparse connections", "30ユニット、疎な結合"),
        ),
        case(
            rng,
            units=25,
            rows=3,
            density=0.08,
            leak=0.5,
            open_range=(4, 8),
            label=Text(
                "three rows, sparse connections, leak 0.5", "状態3行、疎な結合、リーク率0.5"
            ),
        ),
        case(
            rng, steps=1, open_range=(0, 1), known=1, label=Text("a single step", "1ステップだけ")
        ),
        case(
            rng,
            units=3,
            outs=3,
            steps=10,
            open_range=(3, 6),
            label=Text("as many outputs as units", "出力の数とユニット数が同じ"),
        ),
    ]


CONDITION = "ds is not None and k < len(ds) and start <= k < end"
MISTAKES = (
    Mistake(
        "end_inclusive",
        ((CONDITION, "ds is not None and k < len(ds) and start <= k <= end"),),
        Text(
            "The loop stays open too long. Does the second number of open_range belong to it? How "
            "does Python's range treat its end?",
            "ループが開いている時間が長すぎます。open_rangeの2つ目の数は区間に含まれますか。Pythonのrangeは終わりの数をどう扱いますか。",
        ),
    ),
    Mistake(
        "start_exclusive",
        ((CONDITION, "ds is not None and k < len(ds) and start < k < end"),),
        Text(
            "The loop opens too late. Is the step with the number open_range[0] already open?",
            "ループが開くのが遅すぎます。番号がopen_range[0]のステップでは、もう開いていますか。",
        ),
    ),
    Mistake(
        "start_ignored",
        ((CONDITION, "ds is not None and k < len(ds) and k < end"),),
        Text(
            "A range has two ends. Try open_range=(4, 12) on paper: what is fed back in step 0?",
            "区間には両端があります。open_range=(4, 12)のとき、ステップ0では何が戻されますか。紙に書いて確かめてみましょう。",
        ),
    ),
    Mistake(
        "end_ignored",
        ((CONDITION, "ds is not None and k < len(ds) and start <= k"),),
        Text(
            "The loop never closes again as long as there are targets. When does the teacher let go?",
            "目標がある限り、ループが二度と閉じません。教師はいつ手を離しますか。",
        ),
    ),
    Mistake(
        "range_ignored",
        ((CONDITION, "ds is not None and k < len(ds)"),),
        Text(
            "Targets may be given for steps in which the network is meant to run by itself. What "
            "besides ds decides whether the loop is open?",
            "ネットワークが自力で走るはずのステップにも、目標が与えられていることがあります。ループが開いているかどうかを決めるのは、dsのほかに何ですか。",
        ),
    ),
    Mistake(
        "none_means_always",
        (
            (
                CONDITION,
                "ds is not None and k < len(ds) and (open_range is None or start <= k < end)",
            ),
        ),
        Text(
            "What does the task say about a call without open_range: always open, or never?",
            "open_rangeを渡さないとき、ループはどうなると問題文に書いてありますか。ずっと開いたままですか、それとも一度も開きませんか。",
        ),
    ),
    Mistake(
        "condition_reversed",
        ((CONDITION, "not (ds is not None and k < len(ds) and start <= k < end)"),),
        Text(
            "Open and closed seem to have changed places. Which branch stands for which?",
            "開ループと閉ループが入れ替わっているようです。どちらの分岐がどちらに当たりますか。",
        ),
    ),
    Mistake(
        "targets_run_out",
        ((CONDITION, "ds is not None and start <= k < end"),),
        Text(
            "ds may hold fewer targets than the loop has open steps. What is to happen in a step "
            "for which there is no target?",
            "開いているステップの数より目標が少ないことがあります。目標のないステップでは、何が起こるべきですか。",
        ),
    ),
    Mistake(
        "readout_while_open",
        (("y = ds[k]  #", "y = w_out(x)  #"),),
        Text(
            "While the loop is open the network hears its own output. Whose voice should it hear?",
            "ループが開いている間も、ネットワークが自分の出力を聞いています。誰の声を聞くはずですか。",
        ),
    ),
    Mistake(
        "teacher_not_fed",
        (("x = net(x, w_feed(y))", "x = net(x, w_feed(w_out(x)))"),),
        Text(
            "The record says that the target was fed back, but the state has not heard it. What is "
            "it that has to go through w_feed?",
            "記録では目標を戻したことになっていますが、状態はそれを聞いていません。w_feedを通すべきものは何ですか。",
        ),
    ),
    Mistake(
        "target_one_step_late",
        (("y = ds[k]  #", "y = ds[k - 1]  #"),),
        Text(
            "In step k the network hears the target of another step. Which target stands at the "
            "very first step?",
            "ステップkで、別のステップの目標を聞いています。いちばん最初のステップで使われるのは、どの目標ですか。",
        ),
    ),
    Mistake(
        "target_counted_from_start",
        (("y = ds[k]  #", "y = ds[k - start]  #"),),
        Text(
            "The targets are counted from the step in which the loop opens. From which step does ds "
            "count?",
            "目標を、ループが開いたステップから数えています。dsはどのステップから数えていますか。",
        ),
    ),
    Mistake(
        "target_held",
        (("y = ds[k]  #", "y = ds[start]  #"),),
        Text(
            "The teacher says the same word at every step.",
            "教師が毎ステップ同じことを言っています。",
        ),
    ),
    Mistake(
        "output_of_first_state",
        (("y = w_out(x)  #", "y = w_out(x0)  #"),),
        Text(
            "The output is read from the state that the run began with. Which state is it at step k?",
            "出力を、最初の状態から読み出しています。ステップkで読み出すのは、どの状態ですか。",
        ),
    ),
    Mistake(
        "output_of_previous_state",
        (("y = w_out(x)  #", 'y = w_out(record["x"][max(k - 1, 0)])  #'),),
        Text(
            "The output lags behind: it is read from the state before the present one.",
            "出力が1つ遅れています。現在の状態ではなく、1つ前の状態から読み出しています。",
        ),
    ),
    Mistake(
        "state_recorded_before_update",
        (
            ("x = net(x, w_feed(y))", "x_next = net(x, w_feed(y))"),
            ('record["y"][k] = y', 'record["y"][k] = y\n        x = x_next'),
        ),
        Text(
            "The recorded states are one step late: record x[1] equals x[0]. Look at the order of "
            "updating and recording.",
            "記録された状態が1ステップ遅れています（x[1]がx[0]と同じです）。更新と記録の順序を見直してみましょう。",
        ),
    ),
    Mistake(
        "feedback_dropped",
        (("x = net(x, w_feed(y))", "x = net(x)"),),
        Text(
            "The states do not depend on y at all. By which way does y come back to the network?",
            "状態がyにまったく依存していません。yはどこを通ってネットワークに戻りますか。",
        ),
    ),
    Mistake(
        "feedback_without_bias",
        (("x = net(x, w_feed(y))", "x = net(x, y @ w_feed.weight.T)"),),
        Text(
            "w_feed has more than a weight. What does it do when it is called?",
            "w_feedには重み以外のものもあります。呼び出すと何をしてくれますか。",
        ),
    ),
    Mistake(
        "state_added_up",
        (("x = net(x, w_feed(y))", "x = x + net(x, w_feed(y))"),),
        Text(
            "The states grow beyond what a tanh can give. What does net return: the next state, or "
            "a change of it?",
            "状態がtanhの値の範囲を超えて大きくなっています。netが返すのは、次の状態ですか、それとも変化分ですか。",
        ),
    ),
    Mistake(
        "state_not_updated",
        (("x = net(x, w_feed(y))", 'x = net(record["x"][0], w_feed(y))'),),
        Text(
            "Each step starts again from the first state. From which state does step k start?",
            "毎ステップ、最初の状態からやり直しています。ステップkはどの状態から始まりますか。",
        ),
    ),
    Mistake(
        "net_steps_from_its_own_state",
        (("x = net(x, w_feed(y))", "x = net.step(w_feed(y))"),),
        Text(
            "net.step starts from a state that the network keeps for itself, and changes it. Where "
            "does this run have to start, and what may it change?",
            "net.stepは、ネットワークが自分で持っている状態から始め、それを書き換えます。この時間発展はどこから始まるべきで、何を変えてよいですか。",
        ),
    ),
    Mistake(
        "targets_never_none",
        ((CONDITION, "k < len(ds) and start <= k < end"),),
        Text(
            "A run may come without any targets (ds is None). What do you ask of ds before you know whether it is there?",
            "目標が1つも渡されないこともあります（ds=None）。dsがあるかどうかを確かめる前に、dsの何を調べていますか。条件の順番も考えてみましょう。",
        ),
    ),
    Mistake(
        "targets_never_none_inside_the_range",
        ((CONDITION, "start <= k < end and k < len(ds)"),),
        Text(
            "A run may come without any targets (ds is None). What do you ask of ds before you know whether it is there?",
            "目標が1つも渡されないこともあります（ds=None）。dsがあるかどうかを確かめる前に、dsの何を調べていますか。条件の順番も考えてみましょう。",
        ),
    ),
    Mistake(
        "feedback_without_layer",
        (("x = net(x, w_feed(y))", "x = net(x, y)"),),
        Text(
            "y has as many entries as there are outputs, the network as many units. Which layer leads from one to the other?",
            "yの要素は出力の数だけ、ネットワークのユニットはNだけあります。出力をユニットの数に広げるのはどの層ですか。",
        ),
    ),
    Mistake(
        "target_one_step_early",
        (("y = ds[k]  #", "y = ds[k + 1]  #"),),
        Text(
            "In step k the network hears the target of the step after it. Which target stands at the very first step, and which at the last?",
            "ステップkで、その次のステップの目標を聞いています。いちばん最初のステップで使われるのはどの目標ですか。最後のステップではどうですか。",
        ),
    ),
    Mistake(
        "leak_forgotten",
        (("x = net(x, w_feed(y))", "x = np.tanh((net.sr * net.weight @ x.T).T + w_feed(y))"),),
        Text(
            "All is well without a leak, but a network may have one. What takes a whole step for you, the leak included?",
            "リークがないときだけ正しい結果です。リーク率をもつネットワークもあります。リークも含めた1ステップを、まとめて引き受けてくれるのは何ですか。",
        ),
    ),
    Mistake(
        "output_recorded_after_the_step",
        (('record["y"][k] = y', 'record["y"][k] = w_out(x)'),),
        Text(
            "The states are right, but the recorded y is not what was fed back: it was computed from the next state.",
            "状態は正しいのですが、記録されたyが、実際に戻した値と違います。次の状態から計算し直しているようです。記録するのは、このステップで戻した値です。",
        ),
    ),
    Mistake(
        "step_looked_for_in_the_pair",
        ((CONDITION, "ds is not None and k < len(ds) and k in open_range"),),
        Text(
            "A pair holds two numbers: k in (3, 8) is true for 3 and for 8 alone, and in None there is nothing to look for at all. How do you ask for every step from the start up to, but not including, the end?",
            "(3, 8)に入っている数は3と8だけなので、k in (3, 8)が成り立つのはその2つのときだけです。Noneには、調べる中身もありません。始まりから終わりの手前までのすべてのステップを表すには、どう書けばよいでしょうか。",
        ),
    ),
    Mistake(
        "step_looked_for_in_the_pair_first",
        ((CONDITION, "k in open_range and ds is not None and k < len(ds)"),),
        Text(
            "A pair holds two numbers: k in (3, 8) is true for 3 and for 8 alone, and in None there is nothing to look for at all. How do you ask for every step from the start up to, but not including, the end?",
            "(3, 8)に入っている数は3と8だけなので、k in (3, 8)が成り立つのはその2つのときだけです。Noneには、調べる中身もありません。始まりから終わりの手前までのすべてのステップを表すには、どう書けばよいでしょうか。",
        ),
    ),
    Mistake(
        "step_looked_for_among_the_ends",
        ((CONDITION, "ds is not None and k < len(ds) and k in (start, end)"),),
        Text(
            "A pair holds two numbers: k in (3, 8) is true for 3 and for 8 alone, and in None there is nothing to look for at all. How do you ask for every step from the start up to, but not including, the end?",
            "(3, 8)に入っている数は3と8だけなので、k in (3, 8)が成り立つのはその2つのときだけです。Noneには、調べる中身もありません。始まりから終わりの手前までのすべてのステップを表すには、どう書けばよいでしょうか。",
        ),
    ),
    Mistake(
        "range_never_none",
        ((CONDITION, "ds is not None and k < len(ds) and open_range[0] <= k < open_range[1]"),),
        Text(
            "A run may come without open_range. Which two numbers stand ready for this above the loop?",
            "open_rangeが渡されないこともあります。そのときのための2つの数が、ループの上にもう用意されています。どれでしょうか。",
        ),
    ),
    Mistake(
        "range_never_none_before_targets",
        ((CONDITION, "open_range[0] <= k < open_range[1] and ds is not None and k < len(ds)"),),
        Text(
            "A run may come without open_range. Which two numbers stand ready for this above the loop?",
            "open_rangeが渡されないこともあります。そのときのための2つの数が、ループの上にもう用意されています。どれでしょうか。",
        ),
    ),
    Mistake(
        "nothing_asked_of_the_targets",
        ((CONDITION, "start <= k < end"),),
        Text(
            "Also within the range there may be nothing to feed back: ds may be missing, or hold no target for this step. What has to hold besides?",
            "区間に入っていても、dsが渡されていないことや、このステップの目標がないことがあります。目標を戻せるのは、ほかに何が成り立つときでしょうか。",
        ),
    ),
    Mistake(
        "targets_as_a_condition",
        ((CONDITION, "ds and k < len(ds) and start <= k < end"),),
        Text(
            "Whether there are targets is one question, but an array has an answer for each of its entries, and ds != None asks each of them, too. How do you ask whether a name stands for None itself?",
            "知りたいのは「目標が渡されたか」の1つだけですが、配列は要素ごとに答えをもちます（ds != None も、要素を1つずつ比べます）。その名前がNoneそのものを指しているかどうかは、どう調べればよいでしょうか。",
        ),
    ),
    Mistake(
        "readout_as_a_matrix",
        (("y = w_out(x)  #", "y = w_out @ x  #"),),
        Text(
            "w_out and w_feed are no matrices but layers, each with a weight and a bias: @ finds no array on its left. What does a layer give when it is called with its input?",
            "w_outやw_feedは重みとバイアスをもつ層で、行列ではありません。そのため、@の左側に配列がないというエラーになります。層に入力を渡して呼び出すと、何が返ってくるでしょうか。",
        ),
    ),
    Mistake(
        "feedback_as_a_matrix",
        (("x = net(x, w_feed(y))", "x = net(x, w_feed @ y)"),),
        Text(
            "w_out and w_feed are no matrices but layers, each with a weight and a bias: @ finds no array on its left. What does a layer give when it is called with its input?",
            "w_outやw_feedは重みとバイアスをもつ層で、行列ではありません。そのため、@の左側に配列がないというエラーになります。層に入力を渡して呼び出すと、何が返ってくるでしょうか。",
        ),
    ),
    Mistake(
        "step_looked_for_in_the_pair_if_there_are_targets",
        ((CONDITION, "ds is not None and k in open_range"),),
        Text(
            "A pair holds two numbers: k in (3, 8) is true for 3 and for 8 alone, and in None there is nothing to look for at all. How do you ask for every step from the start up to, but not including, the end?",
            "(3, 8)に入っている数は3と8だけなので、k in (3, 8)が成り立つのはその2つのときだけです。Noneには、調べる中身もありません。始まりから終わりの手前までのすべてのステップを表すには、どう書けばよいでしょうか。",
        ),
    ),
    Mistake(
        "step_looked_for_in_the_pair_alone",
        ((CONDITION, "k in open_range"),),
        Text(
            "A pair holds two numbers: k in (3, 8) is true for 3 and for 8 alone, and in None there is nothing to look for at all. How do you ask for every step from the start up to, but not including, the end?",
            "(3, 8)に入っている数は3と8だけなので、k in (3, 8)が成り立つのはその2つのときだけです。Noneには、調べる中身もありません。始まりから終わりの手前までのすべてのステップを表すには、どう書けばよいでしょうか。",
        ),
    ),
)

HEAD = "def emulate_offline(time_steps, x0, net, w_feed, w_out, ds=None, open_range=None, label=None, display=True):\n"
ALTERNATIVES = (
    Alternative(
        "range_object", ((CONDITION, "ds is not None and k in range(start, min(end, len(ds)))"),)
    ),
    Alternative(
        "readout_spelled_out",
        (
            ("y = w_out(x)  #", 'y = np.einsum("ij,...j->...i", w_out.weight, x) + w_out.bias  #'),
            ("y = ds[k]  #", "y = np.array(ds[k].tolist())  #"),
        ),
    ),
    Alternative(
        "state_in_place",
        (("x = net(x, w_feed(y))", "x[...] = net(x, w_feed(y))"),),
    ),
    Alternative(
        "network_spelled_out",
        (
            (
                "x = net(x, w_feed(y))",
                "fresh = np.tanh((net.sr * net.weight @ x.T).T + y @ w_feed.weight.T + w_feed.bias)\n"
                "        a = 1.0 if net.a is None else net.a\n"
                "        x = x + a * (fresh - x)",
            ),
        ),
    ),
    Alternative(
        "lists_of_states",
        code=HEAD
        + """
    first, last = (0, 0) if open_range is None else open_range
    targets = [] if ds is None else list(ds)
    xs, ys = [np.asarray(x0)], []
    while len(ys) < time_steps:
        k = len(ys)
        forced = first <= k < last and k < len(targets)
        ys.append(targets[k] if forced else w_out(xs[-1]))
        xs.append(net(xs[-1], w_feed(ys[-1])))
    return {"t": list(range(time_steps + 1)), "x": xs, "y": ys, "open_range": (first, last)}
""",
    ),
    Alternative(
        "teacher_prepared_beforehand",
        code=HEAD
        + """
    teacher = [None] * time_steps
    if ds is not None and open_range is not None:
        for k in range(max(open_range[0], 0), min(open_range[1], len(ds), time_steps)):
            teacher[k] = ds[k]
    x = np.asarray(x0).copy()
    record = {"t": np.arange(time_steps + 1), "x": [x], "y": [], "open_range": open_range or (0, 0)}
    for d in teacher:
        y = w_out(x) if d is None else d
        x = net(x, w_feed(y))
        record["x"].append(x)
        record["y"].append(y)
    record["x"], record["y"] = np.stack(record["x"]), np.stack(record["y"])
    return record
""",
    ),
    Alternative(
        "row_by_row",
        code=HEAD
        + """
    def run(x, targets):
        xs, ys = [x], []
        for k in range(time_steps):
            is_open = open_range is not None and targets is not None and k < len(targets)
            if is_open and open_range[0] <= k < open_range[1]:
                ys.append(targets[k])
            else:
                ys.append([float(w @ xs[-1] + b) for w, b in zip(w_out.weight, w_out.bias)])
            xs.append(net(xs[-1], w_feed(np.array(ys[-1]))))
        return np.array(xs), np.array(ys)

    x0 = np.asarray(x0)
    if x0.ndim == 1:
        xs, ys = run(x0, ds)
    else:
        runs = [run(x0[i], None if ds is None else ds[:, i]) for i in range(len(x0))]
        xs, ys = (np.stack(parts, axis=1) for parts in zip(*runs))
    span = [0, 0] if open_range is None else open_range
    return {"t": np.arange(time_steps + 1), "x": xs, "y": ys, "open_range": np.array(span)}
""",
    ),
)
