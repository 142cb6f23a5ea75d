"""03_01: em_loop, by the order of its events and by what each E-step must do."""

from __future__ import annotations

from typing import Any

import numpy as np

from tools.checks import Alternative, Case, Exact, Mistake, Numeric, Text

TITLE = Text("The EM loop", "EMループ")

# Where to look, then how; shown one after the other to whoever asks.
HINTS = (
    Text(
        "Draw an iteration as a line of four events, and write beside each what it is given and where it stands on the axis. Then play the PSNRs 20.0, 20.05, 20.2 on paper: which of them are gains, and what is waited after each?",
        "1回の反復を4つの出来事が並ぶ線として描き、それぞれに渡すものと、軸の上での位置を書き込んでみましょう。次に、PSNRが20.0、20.05、20.2と続く場合を紙の上で追います。改善はどれで、そのつどwaitedはいくつになりますか。",
    ),
    Text(
        "Every E-step gets the data and the penalty, also the last one, which is needed because the M-steps have moved the reservoir once more. A gain is more than 0.1 dB above the best so far: the best is then replaced and the count begins anew; after anything else the count goes up by one, and reaching patience ends the loop. The last entry lies half a unit behind the last whole number.",
        "どのEステップにも、データと罰則の強さを渡します。最後のEステップも同じです（Mステップがリザバーをもう一度動かしたので、必要になります）。改善とは、これまでの最良の値を0.1 dBより大きく上回ることです。そのときは最良の値を置き換えて数え直し、そうでなければ1つ数え、patienceに達したらループを終えます。最後の要素の位置は、最後の整数から0.5だけ先です。",
    ),
)

OUTPUTS = (Exact("events"), Numeric("em_iter"), Numeric("psnr"), Numeric("mse"))
REAL = (Exact("events"), Numeric("em_iter"), Exact("facts"))

# PSNRs after the M-steps move by these, so that no sum of them is near the 0.1 dB of a gain.
MOVES = (-1.2, -0.12, -0.04, 0.04, 0.04, 0.08, 0.08, 0.16, 0.2, 1.2)


def draw(rng: np.random.Generator) -> Case:
    """A script in which gains, small gains and losses alternate; or a real reservoir."""
    if rng.random() < 0.2:
        return drawn_real(rng)
    iterations = int(rng.integers(1, 9))
    after_m = np.round(5 + 4 * rng.random(), 2) + np.cumsum(rng.choice(MOVES, iterations))
    return scripted(
        rng,
        after_m.tolist(),
        num_em_iterations=iterations,
        m_steps_per_em=int(rng.integers(1, 5)),
        patience=int(rng.integers(1, 4)),
        lamb=float(np.round(10.0 ** rng.uniform(-6, 0), 7)),
    )


def drawn_real(rng: np.random.Generator) -> Case:
    """A real reservoir of one to three small layers."""
    hidden = tuple(rng.integers(2, 6, int(rng.integers(1, 4))).tolist())
    return real(
        rng,
        hidden,
        Text(f"a real reservoir, units {hidden}", f"本物のリザバー、ユニット数{hidden}"),
        num_em_iterations=int(rng.integers(1, 4)),
        m_steps_per_em=int(rng.integers(1, 5)),
        patience=int(rng.integers(3, 6)),  # none of these loops ends early, by a hair or not
        lamb=float(np.round(10.0 ** rng.uniform(-3, 0), 4)),
    )


def scripted(
    rng: np.random.Generator, after_m: list[float], label: Text | None = None, **options: Any
) -> Case:
    """A stand-in that has these PSNRs after the M-steps, and others after the E-steps.

    The loop may go on where the script ends; the last PSNR is then said again.
    """
    after_e = np.round(rng.uniform(15, 30, len(after_m) + 1), 3).tolist()
    said = ", ".join(f"{psnr:.2f}" for psnr in after_m)
    asked = ", ".join(f"{name} = {value}" for name, value in options.items())
    return Case(
        label=label
        or Text(
            f"script: {said} dB after the M-steps; {asked}",
            f"台本：Mステップのあと{said} dB、{asked}",
        ),
        inputs={**pixels(rng), "after_e": after_e, "after_m": after_m, **options},
        preserves=("X", "Y"),
    )


def real(rng: np.random.Generator, hidden: tuple[int, ...], label: Text, **options: Any) -> Case:
    """A tiny reservoir in earnest, one layer for each number of units."""
    layers, inputs = [], 2
    for units in hidden:
        W_in, b = rng.normal(0, 0.5, (inputs, units)), rng.normal(0, 0.1, units)
        layers.append((W_in, rng.normal(0, 0.5 / np.sqrt(units), (units, units)), b))
        inputs = units
    return Case(
        label=label,
        inputs={**pixels(rng), "layers": layers, **options},
        outputs=REAL,
        preserves=("X", "Y", "layers"),
    )


def pixels(rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Some pixels and colours; a model that plays a script does not care which."""
    n = int(rng.integers(8, 25))
    return {"X": rng.random((n, 2)), "Y": rng.random((n, 3))}


def cases() -> list[Case]:
    """Every way in which the loop can go on, give up or run out; then real reservoirs."""
    rng = np.random.default_rng(309)
    return [
        scripted(
            rng,
            [8.0],
            num_em_iterations=1,
            m_steps_per_em=2,
            patience=3,
            lamb=1e-3,
            label=Text("a single iteration of two M-steps", "反復1回、Mステップ2回"),
        ),
        scripted(
            rng,
            [5.0, 6.0, 7.0, 8.0],
            num_em_iterations=4,
            m_steps_per_em=3,
            patience=1,
            lamb=0.02,
            label=Text(
                "a gain each time: all 4 iterations run, patience 1",
                "毎回改善：反復4回を最後まで、patience 1",
            ),
        ),
        scripted(
            rng,
            [8.0, 7.0, 9.0],
            num_em_iterations=6,
            m_steps_per_em=1,
            patience=1,
            lamb=1e-3,
            label=Text("patience 1: the first loss ends it", "patience 1：1度下がったら終わり"),
        ),
        scripted(
            rng,
            [8.0, 7.0, 7.9, 9.0, 8.0, 8.5, 8.9, 9.05],
            num_em_iterations=8,
            m_steps_per_em=2,
            patience=3,
            lamb=0.1,
            label=Text(
                "a gain in between resets the counter, patience 3",
                "途中の改善でカウンタが0に戻る、patience 3",
            ),
        ),
        scripted(
            rng,
            [8.0, 8.06, 8.12, 8.18, 8.24, 8.3],
            num_em_iterations=6,
            m_steps_per_em=1,
            patience=2,
            lamb=1e-3,
            label=Text(
                "0.06 dB more each time: every second one is a gain, patience 2",
                "毎回0.06 dBの上昇：2回に1回が改善、patience 2",
            ),
        ),
        scripted(
            rng,
            [8.0, 8.04, 8.08, 8.05, 9.0],
            num_em_iterations=5,
            m_steps_per_em=2,
            patience=3,
            lamb=1e-4,
            label=Text("0.04 dB is no gain, patience 3", "0.04 dBは改善ではない、patience 3"),
        ),
        scripted(
            rng,
            [8.0, 5.0, 6.0, 7.0, 7.5],
            num_em_iterations=5,
            m_steps_per_em=1,
            patience=2,
            lamb=1e-3,
            label=Text(
                "a fall, then a rise that stays below the best, patience 2",
                "一度下がり、最良値に届かないまま上がる、patience 2",
            ),
        ),
        scripted(
            rng,
            [0.06, 0.5],
            num_em_iterations=2,
            m_steps_per_em=1,
            patience=1,
            lamb=1e-2,
            label=Text(
                "0.06 dB at first: no gain yet, patience 1",
                "最初は0.06 dB：まだ改善ではない、patience 1",
            ),
        ),
        scripted(
            rng,
            [0.05, 0.7, 0.5, 0.4, 0.3],
            num_em_iterations=5,
            m_steps_per_em=1,
            patience=2,
            lamb=1e-3,
            label=Text(
                "below 1 dB throughout, a gain in the second iteration, patience 2",
                "ずっと1 dB未満、2回目に改善、patience 2",
            ),
        ),
        scripted(
            rng,
            [0.1, 0.5, 0.5],
            num_em_iterations=3,
            m_steps_per_em=1,
            patience=1,
            lamb=1e-3,
            label=Text("exactly 0.1 dB is no gain", "ちょうど0.1 dBは改善ではない"),
        ),
        scripted(
            rng,
            [6.0, 5.0, 4.0, 9.0],
            label=Text(
                "all options left alone: it rests at last", "オプションは既定値のまま：最後に停滞"
            ),
        ),
        scripted(
            rng,
            [6.0 + i for i in range(25)],
            m_steps_per_em=2,
            label=Text(
                "a gain each time, num_em_iterations left alone",
                "毎回改善、num_em_iterationsは既定値のまま",
            ),
        ),
        scripted(
            rng,
            [9.0, 8.0, 7.0, 6.0, 5.0, 4.0],
            num_em_iterations=5,
            m_steps_per_em=3,
            patience=9,
            lamb=0.5,
            label=Text(
                "always worse, but patient: all 5 iterations", "毎回悪化しても、辛抱強く5回とも回す"
            ),
        ),
        scripted(
            rng,
            [7.0, 7.0],
            num_em_iterations=2,
            m_steps_per_em=0,
            patience=2,
            lamb=1e-3,
            label=Text("no M-steps at all", "Mステップが0回"),
        ),
        real(
            rng,
            (4,),
            num_em_iterations=1,
            m_steps_per_em=3,
            patience=2,
            lamb=1e-2,
            label=Text("a real reservoir, one layer of 4 units", "本物のリザバー、4ユニット1層"),
        ),
        real(
            rng,
            (3, 3),
            num_em_iterations=3,
            m_steps_per_em=2,
            patience=5,
            lamb=1e-3,
            label=Text(
                "a real reservoir of two layers, three iterations", "本物のリザバー、2層、反復3回"
            ),
        ),
        real(
            rng,
            (5, 4, 3),
            num_em_iterations=2,
            m_steps_per_em=4,
            patience=4,
            lamb=0.1,
            label=Text(
                "a real reservoir of three layers, lambda 0.1", "本物のリザバー、3層、λ = 0.1"
            ),
        ),
    ]


E_STEP = "        model.e_step(X, Y, lamb)\n        record(i + 0.5)\n"
M_STEPS = "        for _ in range(m_steps_per_em):\n            m_step(model, X, Y, optimizer)\n"
LAST = "    model.e_step(X, Y, lamb)\n    record(i + 1.5)\n"
RAISE = "            waited += 1\n"
GAIN = "best, waited = psnr, 0"

MISTAKES = (
    Mistake(
        "no_last_e_step",
        ((LAST, "    record(i + 1.5)\n"),),
        Text(
            "Which reservoir was the readout solved for that you hand over? What has happened to the reservoir since?",
            "最後に渡す読み出し層は、どのリザバーに合わせて求めたものですか。そのあと、リザバーには何が起こりましたか。",
        ),
    ),
    Mistake(
        "last_e_step_without_record",
        ((LAST, "    model.e_step(X, Y, lamb)\n"),),
        Text(
            "The readout is solved at the end, but how good it is stands nowhere in the history.",
            "最後に読み出し層を求め直していますが、その出来が履歴のどこにも残っていません。",
        ),
    ),
    Mistake(
        "last_record_too_early",
        ((LAST, "    record(i + 1.5)\n    model.e_step(X, Y, lamb)\n"),),
        Text(
            "The last entry of the history should belong to the model that is handed over. Which model did you look at?",
            "履歴の最後の要素は、結果として渡すモデルのものでなければなりません。測ったのは、どの時点のモデルですか。",
        ),
    ),
    Mistake(
        "last_record_at_old_place",
        (("record(i + 1.5)", "record(i + 0.5)"),),
        Text(
            "After the loop, i is still the number of the last iteration. Where on the axis stood that iteration's own E-step?",
            "ループを抜けたあとも、iは最後の反復の番号のままです。その反復のEステップは、軸のどこに記録しましたか。",
        ),
    ),
    Mistake(
        "e_step_once",
        (
            (
                E_STEP,
                "        if i == 0:\n            model.e_step(X, Y, lamb)\n        record(i + 0.5)\n",
            ),
        ),
        Text(
            "Is the readout of the first iteration still the best one in the second? In what order do the two steps take turns?",
            "最初の反復で求めた読み出し層は、2回目でも最適ですか。2つのステップは、どういう順で交代するのでしたか。",
        ),
    ),
    Mistake(
        "e_step_before_each_m_step",
        (
            (
                M_STEPS,
                "        for _ in range(m_steps_per_em):\n            model.e_step(X, Y, lamb)\n            m_step(model, X, Y, optimizer)\n",
            ),
        ),
        Text(
            "You solve the readout before every single M-step. That is another method, and section 5 will come to it; here the readout rests during the M-steps.",
            "1回のMステップごとに読み出し層を求め直しています。それは別の方法で、5節で扱います。ここでは、Mステップの間は読み出し層を動かしません。",
        ),
    ),
    Mistake(
        "record_before_e_step",
        ((E_STEP, "        record(i + 0.5)\n        model.e_step(X, Y, lamb)\n"),),
        Text(
            "The entry at i + 0.5 should show what the E-step has done. What has been done when you look?",
            "i + 0.5の値は、Eステップの成果を示すはずです。測った時点で、何が済んでいますか。",
        ),
    ),
    Mistake(
        "no_record_after_e_step",
        ((E_STEP, "        model.e_step(X, Y, lamb)\n"),),
        Text(
            "Each iteration is looked at twice. At which moment do you not look?",
            "各反復では2回、出来を測ります。測っていないのは、どの時点ですか。",
        ),
    ),
    Mistake(
        "counted_from_one",
        (
            ("record(i + 0.5)", "record(i + 1.5)"),
            ("record(i + 1.5)", "record(i + 2.5)"),
        ),
        Text(
            "The halves do not interleave with the whole numbers. With which number does i begin?",
            "0.5の位置が、整数の位置と互い違いになっていません。iはいくつから始まりますか。",
        ),
    ),
    Mistake(
        "one_m_step",
        ((M_STEPS, "        m_step(model, X, Y, optimizer)\n"),),
        Text(
            "How many M-steps follow each E-step? One argument of the function is not used.",
            "1回のEステップのあとに、Mステップは何回ありますか。使っていない引数が1つあります。",
        ),
    ),
    Mistake(
        "record_after_each_m_step",
        (
            (
                M_STEPS,
                "        for _ in range(m_steps_per_em):\n            m_step(model, X, Y, optimizer)\n            model.compute_loss(X, Y)\n",
            ),
        ),
        Text(
            "The loss is computed after every single M-step: a whole pass through all pixels each time. When is it asked for?",
            "Mステップ1回ごとに損失を計算しています。そのたびに全画素を計算することになります。損失が必要なのは、いつですか。",
        ),
    ),
    Mistake(
        "default_penalty",
        ((E_STEP, E_STEP.replace(", lamb)", ")")), (LAST, LAST.replace(", lamb)", ")"))),
        Text(
            "The E-steps take no notice of lamb. Who tells the model about it?",
            "Eステップにlambが伝わっていません。モデルにそれを伝えるのは誰ですか。",
        ),
    ),
    Mistake(
        "penalty_forgotten_at_last",
        ((LAST, LAST.replace(", lamb)", ")")),),
        Text(
            "All E-steps but one solve the same problem. Compare the arguments of the last one.",
            "1回を除いて、どのEステップも同じ問題を解いています。最後のEステップの引数を比べてみてください。",
        ),
    ),
    Mistake(
        "any_rise_is_a_gain",
        (("psnr > best + 0.1", "psnr > best"),),
        Text(
            "By how much must the best be beaten before it counts?",
            "最良の値をどれだけ上回れば、改善とみなすのでしたか。",
        ),
    ),
    Mistake(
        "exact_tie_is_a_gain",
        (("psnr > best + 0.1", "psnr >= best + 0.1"),),
        Text(
            "What does the text say of a rise of exactly 0.1 dB?",
            "ちょうど0.1 dBだけ上がった場合はどうなると、本文にありますか。",
        ),
    ),
    Mistake(
        "gain_of_one_decibel",
        (("psnr > best + 0.1", "psnr > best + 1.0"),),
        Text(
            "A rise of half a decibel is thrown away. How large must a gain be?",
            "0.5 dBの上昇が無視されています。改善とみなすには、どれだけ上がればよいのでしたか。",
        ),
    ),
    Mistake(
        "compares_with_last",
        ((RAISE, "            waited += 1\n            best = psnr\n"),),
        Text(
            "After a deep fall, a small recovery counts as a gain in your loop. Which value is the mark to beat?",
            "大きく下がったあと少し戻っただけで、改善とみなされています。超えるべき基準は、どの値ですか。",
        ),
    ),
    Mistake(
        "mark_creeps",
        ((RAISE, "            waited += 1\n            best = max(best, psnr)\n"),),
        Text(
            "Let the PSNR rise by 0.06 dB each time: your mark rises with it, and no rise is ever enough. When may the mark move?",
            "毎回0.06 dBずつ上がる場合を考えてみましょう。基準も一緒に上がるので、いつまでも改善になりません。基準を動かしてよいのは、いつですか。",
        ),
    ),
    Mistake(
        "first_always_gains",
        (("psnr > best + 0.1", "i == 0 or psnr > best + 0.1"),),
        Text(
            "Even the first PSNR has a mark to beat. Which one?",
            "最初のPSNRにも、超えるべき基準があります。いくつでしたか。",
        ),
    ),
    Mistake(
        "counter_never_reset",
        ((GAIN, "best, waited = psnr, waited"),),
        Text(
            "Count on paper: a loss, a gain, two losses, with a patience of 3. Does your loop still run?",
            "紙の上で数えてみましょう。patienceが3で、悪化1回、改善1回、悪化2回。みなさんのループはまだ回っていますか。",
        ),
    ),
    Mistake(
        "mark_never_moves",
        ((GAIN, "best, waited = best, 0"),),
        Text(
            "The mark to beat is 0 dB for ever. What becomes of it after a gain?",
            "超えるべき基準がずっと0 dBのままです。改善のあと、基準はどうなりますか。",
        ),
    ),
    Mistake(
        "one_too_patient",
        (("waited >= patience", "waited > patience"),),
        Text(
            "With a patience of 1, how many iterations without a gain do you allow?",
            "patienceが1のとき、改善のない反復を何回まで許していますか。",
        ),
    ),
    Mistake(
        "never_gives_up",
        (("waited >= patience", "waited < 0"),),
        Text(
            "The loop never ends early. Which two numbers decide about that?",
            "ループが途中で終わることがありません。それを決めるのは、どの2つの数ですか。",
        ),
    ),
    Mistake(
        "data_swapped",
        ((M_STEPS, M_STEPS.replace("X, Y", "Y, X")),),
        Text(
            "What is the input of the reservoir, and what is the target?",
            "リザバーの入力はどちらで、目標はどちらですか。",
        ),
    ),
    Mistake(
        "m_steps_first",
        ((E_STEP, ""), (M_STEPS, M_STEPS + E_STEP)),
        Text(
            "The readout is all zeros when your first M-step comes. What should stand before it?",
            "最初のMステップの時点で、読み出し層はまだすべて0です。その前に、何が必要ですか。",
        ),
    ),
    Mistake(
        "adam_born_again",
        (
            (
                M_STEPS,
                "        optimizer = torch.optim.Adam(model.parameters(), lr=0.01)\n" + M_STEPS,
            ),
        ),
        Text(
            "The optimizer that was handed to you never takes a step. Adam remembers past gradients: how many of them should there be?",
            "渡されたオプティマイザが一度も使われていません。Adamは過去の勾配を覚えています。いくつあるべきですか。",
        ),
    ),
    Mistake(
        "last_record_where_the_plan_ends",
        (("record(i + 1.5)", "record(num_em_iterations + 0.5)"),),
        Text(
            "Right as long as all iterations are run. But the loop may give up early: after which iteration does the last E-step come then?",
            "正しいのは、すべての反復が行われたときだけです。ループは途中で終わることもあります。そのとき、最後のEステップは何番目の反復のあとに来るでしょうか。",
        ),
    ),
    Mistake(
        "last_record_on_the_m_steps",
        (("record(i + 1.5)", "record(i + 1)"),),
        Text(
            "At i + 1 there is an entry already, the one after the last M-steps. How far behind the M-steps before it does an E-step stand on this axis?",
            "i + 1には、最後のMステップのあとの記録がもうあります。この軸の上で、Eステップは、その前のMステップからどれだけ先にあるでしょうか。",
        ),
    ),
    Mistake(
        "m_step_as_a_method",
        (("m_step(model, X, Y, optimizer)", "model.m_step(X, Y, optimizer)"),),
        Text(
            "e_step is a method of the model, but m_step is a function: you wrote it in 02_04. What was its first argument?",
            "e_stepはモデルのメソッドですが、m_stepは02_04で書いた関数です。その最初の引数は何だったでしょうか。",
        ),
    ),
)

ALTERNATIVES = (
    Alternative(
        "countdown",
        (
            ("best, waited = 0.0, 0  #", "best, waited = 0.0, patience  #"),
            (GAIN, "best, waited = psnr, patience"),
            (RAISE, "            waited -= 1\n"),
            ("waited >= patience", "waited == 0"),
        ),
    ),
    Alternative("difference", (("psnr > best + 0.1", "psnr - best > 0.1"),)),
    Alternative(
        "keywords",
        (
            (
                E_STEP,
                "        model.e_step(Y=Y, X=X, lamb=lamb)\n        record(em_iter=i + 1 / 2)\n",
            ),
            (
                M_STEPS,
                "        done = 0\n        while done < m_steps_per_em:\n            m_step(optimizer=optimizer, model=model, Y=Y, X=X)\n            done += 1\n",
            ),
        ),
    ),
    Alternative(
        "place_from_history",
        (("record(i + 1.5)", 'record(history["em_iter"][-1] + 0.5)'),),
    ),
    Alternative(
        "m_step_spelled_out",
        (
            (
                M_STEPS,
                """        for _ in range(m_steps_per_em):
            for weight in model.parameters():
                weight.grad = None
            loss = model.m_step_loss(X, Y)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(list(model.parameters()), 1.0)
            optimizer.step()
""",
            ),
        ),
    ),
    Alternative(
        "gains_listed",
        (
            (
                "psnr > best + 0.1",
                "psnr > max([0.0, *gains]) + 0.1",
            ),
            ("best, waited = 0.0, 0  #", "gains, waited = [], 0  #"),
            (GAIN, "waited = gains.append(psnr) or 0"),
        ),
    ),
    Alternative(
        "half_steps",
        code="""
def em_loop(
    model, X, Y, optimizer, num_em_iterations=20, m_steps_per_em=100, patience=3, lamb=1e-3,
    display=True,
):
    entries = []

    def e_step():
        model.e_step(X, Y, lamb)
        entries.append((len(entries) / 2 + 0.5, *model.compute_loss(X, Y)))

    mark, left = 0.0, patience
    while len(entries) < 2 * num_em_iterations and left > 0:
        e_step()
        losses = [m_step(model, X, Y, optimizer) for _ in range(m_steps_per_em)]
        entries.append((len(entries) / 2 + 0.5, *model.compute_loss(X, Y)))
        if entries[-1][2] > mark + 0.1:
            mark, left = entries[-1][2], patience
        else:
            left = left - 1
    e_step()
    return dict(zip(("em_iter", "mse", "psnr"), map(list, zip(*entries))))
""",
    ),
    Alternative(
        "arrays_and_a_loss_asked_twice",
        code="""
def em_loop(
    model, X, Y, optimizer, num_em_iterations=20, m_steps_per_em=100, patience=3, lamb=1e-3,
    display=True,
):
    places, psnrs, mses = [], [], []
    best, since, i = 0.0, 0, 0
    while True:
        model.e_step(X, Y, lamb)
        places.append(i + 0.5)
        psnrs.append(model.compute_loss(X, Y)[1])
        mses.append(model.compute_loss(X, Y)[0])
        if i == num_em_iterations or since >= patience:
            break
        for _ in range(m_steps_per_em):
            m_step(model, X, Y, optimizer)
        i += 1
        places.append(i)
        psnrs.append(model.compute_loss(X, Y)[1])
        mses.append(model.compute_loss(X, Y)[0])
        gained = psnrs[-1] - best > 0.1
        best, since = (psnrs[-1], 0) if gained else (best, since + 1)
    return {"em_iter": np.array(places), "psnr": np.array(psnrs), "mse": np.array(mses)}
""",
    ),
)
