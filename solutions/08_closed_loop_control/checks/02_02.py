"""02_02: run_train_and_eval."""

import numpy as np

from tools.checks import Alternative, Case, Mistake, Numeric, Text
from utils.reservoir import ESN, Linear, RidgeReadout

TITLE = Text("Offline training and evaluation", "オフライン学習と評価")

# Where to look, then how; shown one after the other to whoever asks.
HINTS = (
    Text(
        "Look at the table above the cell. Which states are to be learned from, and which word comes next for each of them? How many pairs should there be? And which state is left over?",
        "セルの上の表を見てください。学習に使うのはどの状態で、それぞれの状態が次に言うべき目標はどれですか。組はいくつできるはずですか。そして、余るのはどの状態ですか。",
    ),
    Text(
        "States and targets are cut out between the same two steps, where the washout ends and where the teacher forcing ends, which makes t_train pairs. The readout has a method that trains it in place. The closed loop is one more call of `emulate_offline`, without targets, from the state that was left over.",
        "状態と目標は、同じ2つのステップの間を切り出します。最初に捨てる区間が終わるところから、教師強制が終わるところまでで、組はt_train個になります。読み出し層には、その場で学習するメソッドがあります。閉ループも`emulate_offline`をもう一度呼べばよく、目標は渡さずに、余った状態から始めます。",
    ),
)

OUTPUTS = (
    Numeric("record_e['x']"),
    Numeric("record_e['y']"),
    Numeric("record_e['d']"),
    Numeric("weight"),
    Numeric("bias"),
    Numeric("record_t['y']"),
)


def draw(rng: np.random.Generator) -> Case:
    """A small network that learns a few sinusoids; drawn again until the case is well posed."""
    while True:
        drawn = case(
            rng,
            units=int(rng.integers(6, 31)),
            outs=int(rng.integers(1, 4)),
            washout=int(rng.integers(3, 12)),
            train=int(rng.integers(40, 81)),
            evaluate=int(rng.integers(13, 21)),
            spare=int(rng.integers(0, 4)),
            leak=None if rng.random() < 0.4 else float(np.round(rng.uniform(0.3, 0.9), 2)),
            density=1.0 if rng.random() < 0.6 else 0.09,
        )
        if drawn is not None:
            return drawn


def well_posed(rng: np.random.Generator, **choices) -> Case:
    """The first case of these choices that is well posed."""
    while True:
        drawn = case(rng, **choices)
        if drawn is not None:
            return drawn


def case(
    rng: np.random.Generator,
    units: int = 12,
    outs: int = 2,
    washout: int = 5,
    train: int = 60,
    evaluate: int = 15,
    spare: int = 0,
    leak: float | None = None,
    density: float = 1.0,
    label: Text | None = None,
) -> Case | None:
    """Washout, training and evaluation of lengths that differ; None where the draw is ill posed.

    lambda is about the middle eigenvalue of the centred states' X'X, so that the weights are
    determined to many digits. Below a density of 0.1 the library keeps the recurrent matrix sparse;
    few units get a full one, as hardly any of their sparse ones have a cycle.
    """
    if units < 20:
        density = 1.0
    x0 = rng.uniform(-1, 1, units)
    sr = float(np.round(rng.uniform(0.4, 1.1), 2))
    net = ESN(units, sr=sr, a=leak, p=density, rnd=rng)
    w_feed = Linear(outs, units, bound=1.0, bias=0.5, rnd=rng)
    ds = draw_targets(rng, washout + train + evaluate + spare, outs)
    states = led_by_targets(x0, net, w_feed, ds[: washout + train])[washout:-1]
    centred = states - states.mean(axis=0)
    eigenvalues = np.linalg.eigvalsh(centred.T @ centred)
    lmbd = float(f"{np.median(eigenvalues):.1e}")
    w_out = RidgeReadout(units, outs, lmbd=lmbd, bound=0.3, bias=0.3, rnd=rng)
    if lmbd < 1e-4 * eigenvalues[-1]:
        return None
    if not stable(x0, net, w_feed, lmbd, ds, washout, train, evaluate):
        return None
    leaky = (
        Text("no leak", "リークなし") if leak is None else Text(f"leak {leak}", f"リーク率{leak}")
    )
    return Case(
        label=label
        or Text(
            f"N = {units}, outputs: {outs}, washout {washout}, training {train}, evaluation {evaluate}, {leaky.en}, lambda {lmbd}",
            f"N = {units}、出力{outs}個、ウォッシュアウト{washout}、学習{train}、評価{evaluate}、{leaky.ja}、λ = {lmbd}",
        ),
        inputs={
            "t_washout": washout,
            "t_train": train,
            "t_eval": evaluate,
            "x0": x0,
            "net": net,
            "w_feed": w_feed,
            "w_out": w_out,
            "ds": ds,
        },
        mutates=("w_out",),
        preserves=("x0", "net", "w_feed", "ds"),
    )


def draw_targets(rng: np.random.Generator, steps: int, outs: int) -> np.ndarray:
    """Two sinusoids in each output, (steps, outs), of order one, never at rest."""
    t = np.arange(steps)[:, None, None]
    frequency = rng.uniform(0.15, 0.9, (outs, 2))
    amplitude = rng.uniform(0.3, 0.7, (outs, 2))
    return (amplitude * np.sin(frequency * t + rng.uniform(0, 2 * np.pi, (outs, 2)))).sum(axis=2)


def led_by_targets(x, net: ESN, w_feed: Linear, ds: np.ndarray) -> np.ndarray:
    """All states (T+1, N) of a run in which the targets are fed back."""
    states = [x]
    for d in ds:
        states.append(net(states[-1], w_feed(d)))
    return np.array(states)


def stable(x0, net, w_feed, lmbd, ds, washout: int, train: int, evaluate: int) -> bool:
    """Whether the closed loop stays of order one and magnifies small errors by less than 1000."""
    runs = []
    for shift in (0.0, 1e-7):
        states = led_by_targets(x0, net, w_feed, ds[: washout + train] + shift)
        w_out = RidgeReadout(net.dim, ds.shape[1], lmbd=lmbd, seed=0)
        w_out.train(states[washout:-1], ds[washout : washout + train] - shift)
        x, outputs = states[-1], []
        for _ in range(evaluate):
            outputs.append(w_out(x))
            x = net(x, w_feed(outputs[-1]))
        runs.append(np.concatenate([np.ravel(outputs), w_out.weight.ravel()]))
    error = np.abs(runs[1] - runs[0]).max() / 1e-7
    return bool(np.abs(runs[0]).max() < 4 and error < 1000)


def cases() -> list[Case]:
    """Each length, size and kind of network varies; the three lengths always differ."""
    rng = np.random.default_rng(202)
    return [
        well_posed(rng, outs=1, label=Text("one output", "出力1個")),
        well_posed(rng, outs=2, label=Text("two outputs", "出力2個")),
        well_posed(
            rng, outs=3, leak=0.5, label=Text("three outputs, leak 0.5", "出力3個、リーク率0.5")
        ),
        well_posed(rng, washout=20, train=40, label=Text("a long washout", "長いウォッシュアウト")),
        well_posed(rng, washout=0, label=Text("no washout", "ウォッシュアウトなし")),
        well_posed(
            rng,
            washout=30,
            train=25,
            evaluate=10,
            label=Text("a washout longer than the training", "学習より長いウォッシュアウト"),
        ),
        well_posed(
            rng, evaluate=1, label=Text("a single free step", "自力で進むのは1ステップだけ")
        ),
        well_posed(
            rng, spare=12, evaluate=8, label=Text("more targets than needed", "必要以上に長い目標")
        ),
        well_posed(
            rng,
            units=30,
            density=0.09,
            leak=0.8,
            label=Text("30 units, sparse, leak 0.8", "30ユニット、疎な結合、リーク率0.8"),
        ),
        well_posed(
            rng,
            units=4,
            outs=3,
            label=Text("hardly more units than outputs", "出力の数とほとんど同じ数のユニット"),
        ),
        *(draw(rng) for _ in range(4)),
    ]


TRAIN = "w_out.train(x_train, y_train)"
STATES = 'record_t["x"][t_washout:t_end]'
TARGETS = "y_train = ds[t_washout:t_end]"
START = 'record_t["x"][t_end], net, w_feed, w_out,'
MISTAKES = (
    Mistake(
        "asked_to_repeat",
        ((STATES, 'record_t["x"][t_washout + 1 : t_end + 1]'),),
        Text(
            "Every state is paired with a target that it has already heard. Write down, for k = 0, "
            "which targets x[k] knows of, and which one comes next.",
            "どの状態も、すでに聞いた目標と組になっています。k = 0のとき、x[k]はどの目標を知っていて、次に来るのはどれか、書き出してみましょう。",
        ),
    ),
    Mistake(
        "asked_to_skip",
        ((TARGETS, "y_train = ds[t_washout + 1 : t_end + 1]"),),
        Text(
            "The readout learns to be one step ahead of what has to be fed back. When the network was "
            "in the state x[k], which target was it told in that very step?",
            "読み出し層が、戻すべき値より1つ先を学んでいます。ネットワークが状態x[k]にいたとき、まさにそのステップで聞かされたのは、どの目標でしたか。",
        ),
    ),
    Mistake(
        "washout_kept",
        ((STATES, 'record_t["x"][:t_end]'), (TARGETS, "y_train = ds[:t_end]")),
        Text(
            "The readout also learns from the steps in which the network still remembers x0. What is "
            "t_washout for?",
            "ネットワークがまだx0を覚えている間のステップからも学習しています。t_washoutは何のためのものですか。",
        ),
    ),
    Mistake(
        "learned_from_the_washout",
        ((STATES, 'record_t["x"][:t_train]'), (TARGETS, "y_train = ds[:t_train]")),
        Text(
            "The number of states is right, but they are taken from the beginning of the run.",
            "状態の個数は合っていますが、時間発展の最初から取られています。",
        ),
    ),
    Mistake(
        "targets_not_cut",
        ((TARGETS, "y_train = ds[:t_train]"),),
        Text(
            "States and targets are of equal number but from different times. Which step does the "
            "first training state belong to?",
            "状態と目標の個数は同じですが、時刻がずれています。学習に使う最初の状態は、どのステップのものですか。",
        ),
    ),
    Mistake(
        "end_is_a_length",
        (
            (STATES, 'record_t["x"][t_washout:t_train]'),
            (TARGETS, "y_train = ds[t_washout:t_train]"),
        ),
        Text(
            "Fewer steps are learned from than t_train. Is t_train a length, or the step at which "
            "the training ends?",
            "学習に使うステップ数がt_trainより少なくなっています。t_trainは長さですか、それとも学習が終わるステップの番号ですか。",
        ),
    ),
    Mistake(
        "one_sample_short",
        (
            (STATES, 'record_t["x"][t_washout : t_end - 1]'),
            (TARGETS, "y_train = ds[t_washout : t_end - 1]"),
        ),
        Text(
            "One training step is missing at the end. Count the pairs: how many should there be?",
            "最後の1ステップが学習に入っていません。組の数を数えてみましょう。いくつあるはずですか。",
        ),
    ),
    Mistake(
        "first_sample_dropped",
        (
            (STATES, 'record_t["x"][t_washout + 1 : t_end]'),
            (TARGETS, "y_train = ds[t_washout + 1 : t_end]"),
        ),
        Text(
            "One training step is missing at the beginning. Count the pairs: how many should there be?",
            "最初の1ステップが学習に入っていません。組の数を数えてみましょう。いくつあるはずですか。",
        ),
    ),
    Mistake(
        "last_state_included",
        (
            (STATES, 'record_t["x"][t_washout:]'),
            (TARGETS, "y_train = ds[t_washout : t_end + 1]"),
        ),
        Text(
            "One pair too many: the run ends in a state whose target was never fed back. What is "
            "that state good for?",
            "組が1つ多すぎます。最後の状態には、戻された目標がありません。その状態は何に使うものでしたか。",
        ),
    ),
    Mistake(
        "length_of_the_evaluation",
        (
            (STATES, 'record_t["x"][t_washout : t_washout + t_eval]'),
            (TARGETS, "y_train = ds[t_washout : t_washout + t_eval]"),
        ),
        Text(
            "The readout is trained on as many steps as will be evaluated. Which of the three lengths "
            "says how many to learn from?",
            "評価するステップ数と同じ数だけで学習しています。学習するステップ数を決めるのは、3つの長さのうちどれですか。",
        ),
    ),
    Mistake(
        "never_trained",
        ((TRAIN, "pass"),),
        Text(
            "The readout is still the random one that came in. When does it learn?",
            "読み出し層が、渡されたときのランダムな値のままです。いつ学習しますか。",
        ),
    ),
    Mistake(
        "bias_not_trained",
        (
            (
                TRAIN,
                "before = w_out.bias.copy()\n    w_out.train(x_train, y_train)\n    w_out.bias = before",
            ),
        ),
        Text(
            "The weights are right and the bias is not. A readout has both; which method sets both?",
            "重みは合っていますが、バイアスが違います。読み出し層には両方あります。両方を決めてくれるメソッドはどれですか。",
        ),
    ),
    Mistake(
        "restarted_from_x0",
        ((START, "x0, net, w_feed, w_out,"),),
        Text(
            "The closed loop begins as if the teacher had never spoken. In which state was the network "
            "when the teacher let go?",
            "教師が何も言わなかったかのように閉ループが始まっています。教師が手を離したとき、ネットワークはどの状態にいましたか。",
        ),
    ),
    Mistake(
        "started_one_step_early",
        ((START, 'record_t["x"][t_end - 1], net, w_feed, w_out,'),),
        Text(
            "The closed loop begins one step too early: its first output repeats the last target of "
            "the training. How many states does a run of T steps have?",
            "閉ループの始まりが1ステップ早すぎます。最初の出力が、学習の最後の目標の繰り返しになっています。Tステップの時間発展には、状態がいくつありますか。",
        ),
    ),
    Mistake(
        "started_after_the_washout",
        ((START, "x_train[0], net, w_feed, w_out,"),),
        Text(
            "The closed loop goes over the training data again. Which stretch of the targets is it to "
            "be compared with?",
            "閉ループが学習データの区間をもう一度たどっています。比べる相手は、目標のどの区間ですか。",
        ),
    ),
    Mistake(
        "started_from_rest",
        ((START, 'np.zeros_like(record_t["x"][t_end]), net, w_feed, w_out,'),),
        Text(
            "The closed loop begins at rest. All that the network knows of the past is in its state; "
            "which state knows the most recent past?",
            "閉ループが静止状態から始まっています。ネットワークが過去について知っていることは、すべて状態の中にあります。直近の過去を知っているのは、どの状態ですか。",
        ),
    ),
    Mistake(
        "peeked_during_evaluation",
        ((START, 'record_t["x"][t_end], net, w_feed, w_out, ds[t_end:], (0, t_eval),'),),
        Text(
            'During the evaluation the network still hears the teacher. What does "by itself" mean '
            "for what is fed back?",
            "評価の間も、教師の声が聞こえています。「自力で走る」とき、戻すべきものは何ですか。",
        ),
    ),
    Mistake(
        "teacher_stays_for_a_step",
        ((START, 'record_t["x"][t_end], net, w_feed, w_out, ds[t_end:], (0, 1),'),),
        Text(
            "The first thing that is fed back in the evaluation is still a target. Who says the first "
            "word after letting go?",
            "評価の最初に戻された値が、まだ目標です。手を離したあとの最初の一言は、誰のものですか。",
        ),
    ),
    Mistake(
        "evaluated_before_training",
        (
            (TRAIN, "pass"),
            ('record_e["d"] = ds', f'{TRAIN}\n    record_e["d"] = ds'),
        ),
        Text(
            "The readout is trained in the end, but the closed loop ran before that.",
            "読み出し層は最後には学習していますが、閉ループを走らせたのはその前です。",
        ),
    ),
    Mistake(
        "taught_again_during_evaluation",
        ((START, 'record_t["x"][t_end], net, w_feed, w_out, ds, (0, t_eval),'),),
        Text(
            "During the evaluation the teacher still speaks, and from the beginning at that. What is fed back once the hand has let go?",
            "評価の間も教師が話し続けていて、しかも最初の目標からやり直しています。手を離したあと、戻すべきものは何ですか。",
        ),
    ),
    Mistake(
        "states_with_washout",
        ((STATES, 'record_t["x"][:t_end]'),),
        Text(
            "The washout was taken off one of the two only. Each state needs one target, that of its own step. From which step on are both to be taken?",
            "ウォッシュアウトを、状態と目標の片方からしか除いていません。状態1つに、同じステップの目標が1つずつ要ります。どちらも、どのステップから取り出せばよいでしょうか。",
        ),
    ),
    Mistake(
        "targets_with_washout",
        ((TARGETS, "y_train = ds[:t_end]"),),
        Text(
            "The washout was taken off one of the two only. Each state needs one target, that of its own step. From which step on are both to be taken?",
            "ウォッシュアウトを、状態と目標の片方からしか除いていません。状態1つに、同じステップの目標が1つずつ要ります。どちらも、どのステップから取り出せばよいでしょうか。",
        ),
    ),
    Mistake(
        "all_states",
        ((STATES, 'record_t["x"]'),),
        Text(
            "One of the two is still whole. States and targets have to be of the same steps: where does the training begin, and where does it end?",
            "状態と目標の片方が、切り出されないままです。どちらも同じステップのものでなければなりません。学習は、どのステップで始まり、どのステップで終わるでしょうか。",
        ),
    ),
    Mistake(
        "all_targets",
        ((TARGETS, "y_train = ds"),),
        Text(
            "One of the two is still whole. States and targets have to be of the same steps: where does the training begin, and where does it end?",
            "状態と目標の片方が、切り出されないままです。どちらも同じステップのものでなければなりません。学習は、どのステップで始まり、どのステップで終わるでしょうか。",
        ),
    ),
    Mistake(
        "one_state_more_than_targets",
        ((STATES, 'record_t["x"][t_washout:]'),),
        Text(
            "There is one state more than there are targets: a run of T steps has T + 1 states, and the last of them comes after all targets that were fed back. Which is the last state to learn from?",
            "状態が目標より1つ多くなっています。Tステップの時間発展には状態がT + 1個あり、最後の1つは、戻した目標をすべて聞き終えたあとの状態です。学習に使う最後の状態はどれでしょうか。",
        ),
    ),
    Mistake(
        "targets_to_the_end",
        ((TARGETS, "y_train = ds[t_washout:]"),),
        Text(
            "Your targets go on to the end of ds, into the stretch that is kept for the evaluation. At which step does the training end?",
            "目標がdsの終わりまで続いていて、評価のために取っておく区間まで入っています。学習が終わるのは、どのステップでしょうか。",
        ),
    ),
    Mistake(
        "both_to_the_end",
        (
            (STATES, 'record_t["x"][t_washout:]'),
            (TARGETS, "y_train = ds[t_washout:]"),
        ),
        Text(
            "Your targets go on to the end of ds, into the stretch that is kept for the evaluation. At which step does the training end?",
            "目標がdsの終わりまで続いていて、評価のために取っておく区間まで入っています。学習が終わるのは、どのステップでしょうか。",
        ),
    ),
    Mistake(
        "states_end_at_a_length",
        ((STATES, 'record_t["x"][t_washout:t_train]'),),
        Text(
            "One of the two ends at t_train, the other does not, and their numbers differ. Is t_train a length, or the step at which the training ends?",
            "状態と目標の片方だけがt_trainで終わっていて、個数が合いません。t_trainは学習の長さでしょうか、それとも学習が終わるステップの番号でしょうか。",
        ),
    ),
    Mistake(
        "targets_end_at_a_length",
        ((TARGETS, "y_train = ds[t_washout:t_train]"),),
        Text(
            "One of the two ends at t_train, the other does not, and their numbers differ. Is t_train a length, or the step at which the training ends?",
            "状態と目標の片方だけがt_trainで終わっていて、個数が合いません。t_trainは学習の長さでしょうか、それとも学習が終わるステップの番号でしょうか。",
        ),
    ),
    Mistake(
        "targets_before_states",
        ((TRAIN, "w_out.train(y_train, x_train)"),),
        Text(
            "train is told first what the readout sees, and then what it should say to it. Which of your two arrays has a column for each unit?",
            "trainには、読み出し層が見るものを先に、それに対して答えるべきものを後に渡します。ユニットごとに1列をもつのは、2つの配列のどちらでしょうか。",
        ),
    ),
    Mistake(
        "readout_replaced_by_none",
        ((TRAIN, "w_out = w_out.train(x_train, y_train)"),),
        Text(
            "train changes the readout in place and returns None. Which name did you give to this None, and what does the closed loop do with it?",
            "trainは読み出し層をその場で書き換え、戻り値はNoneです。そのNoneに、何という名前を付けたでしょうか。閉ループは、その名前のものを呼び出そうとしています。",
        ),
    ),
    Mistake(
        "step_for_a_key",
        ((START, "record_t[t_end], net, w_feed, w_out,"),),
        Text(
            "record_t is a dict with several arrays in it, and neither a number nor a slice is one of its keys. Under which key are the states?",
            "record_tはいくつかの配列を収めた辞書なので、数やスライスはキーになりません。状態が入っているのは、どのキーでしょうか。",
        ),
    ),
    Mistake(
        "slice_for_a_key",
        ((STATES, "record_t[t_washout:t_end]"),),
        Text(
            "record_t is a dict with several arrays in it, and neither a number nor a slice is one of its keys. Under which key are the states?",
            "record_tはいくつかの配列を収めた辞書なので、数やスライスはキーになりません。状態が入っているのは、どのキーでしょうか。",
        ),
    ),
    Mistake(
        "state_after_the_last",
        ((START, 'record_t["x"][t_end + 1], net, w_feed, w_out,'),),
        Text(
            "A run of t_end steps has states with the numbers 0 to t_end, and you ask for one beyond. In which state was the network when the teacher let go?",
            "t_endステップの時間発展にある状態の番号は0からt_endまでですが、その先の番号を使っています。教師が手を離したとき、ネットワークはどの状態にいたでしょうか。",
        ),
    ),
)

ALTERNATIVES = (
    Alternative(
        "counted_from_the_end",
        (
            (STATES, 'record_t["x"][-t_train - 1 : -1]'),
            (TARGETS, 'y_train = record_t["y"][-t_train:]'),
            (START, 'record_t["x"][-1], net, w_feed, w_out,'),
        ),
    ),
    Alternative(
        "slice_object",
        (
            (STATES, 'record_t["x"][slice(t_washout, t_washout + t_train)]'),
            (TARGETS, "y_train = ds[slice(t_washout, t_washout + t_train)]"),
        ),
    ),
    Alternative(
        "list_of_steps",
        (
            (STATES, '[record_t["x"][k] for k in range(t_washout, t_end)]'),
            (TARGETS, "y_train = [ds[k] for k in range(t_washout, t_end)]"),
            (START, 'record_t["x"][t_end].copy(), net, w_feed, w_out,'),
        ),
    ),
    Alternative(
        "mask",
        (
            (STATES, 'record_t["x"][(record_t["t"] >= t_washout) & (record_t["t"] < t_end)]'),
            (TARGETS, "y_train = ds[np.arange(t_washout, t_end)]"),
        ),
    ),
    Alternative("a_batch_of_one", ((TRAIN, "w_out.train(x_train[None], y_train[None])"),)),
    Alternative("in_reverse_order", ((TRAIN, "w_out.train(x_train[::-1], y_train[::-1])"),)),
    Alternative(
        "normal_equations",
        (
            (
                TRAIN,
                "x_mean, y_mean = x_train.mean(axis=0), y_train.mean(axis=0)\n"
                "    x_c, y_c = x_train - x_mean, y_train - y_mean\n"
                "    gram = x_c.T @ x_c + w_out.lmbd * np.eye(x_c.shape[1])\n"
                "    w_out.weight = np.linalg.solve(gram, x_c.T @ y_c).T\n"
                "    w_out.bias = y_mean - w_out.weight @ x_mean",
            ),
        ),
    ),
    Alternative(
        "own_loops",
        code="""
def run_train_and_eval(t_washout, t_train, t_eval, x0, net, w_feed, w_out, ds, display=True):
    x, seen, said = x0, [], []
    for k in range(t_washout + t_train):
        if k >= t_washout:
            seen.append(x)
            said.append(ds[k])
        x = net(x, w_feed(ds[k]))
    w_out.train(np.array(seen), np.array(said))
    xs, ys = [x], []
    for _ in range(t_eval):
        ys.append(w_out(xs[-1]))
        xs.append(net(xs[-1], w_feed(ys[-1])))
    led, rest = ds[: t_washout + t_train], ds[t_washout + t_train :]
    return {"y": led}, {"x": xs, "y": ys, "d": rest[:t_eval]}
""",
    ),
)
