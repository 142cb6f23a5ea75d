"""Every verdict there is, as test_func gives it to a learner's function."""

import os
import signal
import threading
from dataclasses import replace

import numpy as np
import pytest
from hostile import WRONG
from small_chapter import (
    FILTER,
    FILTER_GAPS,
    LEAK,
    LEAK_GAPS,
    LEAK_HINT,
    LEAK_MISTAKE,
    MEAN,
    NAME,
    SCALE,
    SCALE_GAPS,
    cut,
    define,
)

from utils.tester import calling, load_from_chapter_name
from utils.tester.calling import LocalCaller
from utils.tester.chapter import open_chapter
from utils.tester.judge import judge as judge_exercise
from utils.tester.text import LANGUAGES

ALL_OUTPUT = "np.array(xs), total"


@pytest.fixture
def judge(test_func):
    """Judge a learner's cell of one of the small chapter's exercises."""

    def judge(source, exercise="01_01", lang="en", **options):
        testing = test_func if lang == "en" else load_from_chapter_name(NAME, lang=lang)[0]
        namespace = define(source)
        function = namespace.get("solution") or namespace["scale"]
        return testing(function, exercise, multiple_output=exercise == "01_01", **options)

    return judge


@pytest.fixture
def short_limit(monkeypatch):
    """A time limit that a test can wait for."""
    make = calling.LocalCaller
    monkeypatch.setattr("utils.tester.session.LocalCaller", lambda *given: make(*given, 0.3))


@pytest.mark.parametrize(
    ("source", "exercise"), [(LEAK, "01_01"), (FILTER, "01_02"), (SCALE, "01_03")]
)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_models_answer_passes(judge, source, exercise, lang):
    verdict = judge(source, exercise, lang)
    assert verdict.passed
    assert verdict.status == "passed"
    assert verdict.hint is None
    assert {"en": "Passed", "ja": "正解です"}[lang] in str(verdict)


def test_a_verdict_shows_once_and_its_repr_nothing_more(judge, capsys):
    verdict = judge(LEAK)
    assert capsys.readouterr().out.strip() == str(verdict)
    assert repr(verdict) == ""
    assert verdict._ipython_display_() is None
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("source", "gaps", "exercise", "lines"),
    [
        (LEAK, LEAK_GAPS, "01_01", (5, 7)),
        (FILTER, FILTER_GAPS, "01_02", (2, 3, 8, 12)),
        (SCALE, SCALE_GAPS, "01_03", (3,)),
    ],
)
def test_untouched_gaps_are_named_and_nothing_is_run(judge, source, gaps, exercise, lines):
    verdict = judge(cut(source, *gaps), exercise)
    assert verdict.status == "not_attempted"
    assert verdict.results == ()  # no case was called
    text = str(verdict)
    for line, todo in zip(lines, gaps.values(), strict=True):
        assert f"line {line}: {todo.en}" in text


def test_in_japanese_the_lines_are_named_too(judge):
    verdict = judge(cut(LEAK, *LEAK_GAPS), lang="ja")
    assert "5行目" in str(verdict)
    assert "未着手" in str(verdict)


@pytest.mark.parametrize("left", [0, 1])
def test_one_gap_left_is_failed_and_named_first(judge, left):
    answer = list(LEAK_GAPS)[left]
    verdict = judge(cut(LEAK, answer))
    assert verdict.status == "failed"
    lines = str(verdict).splitlines()
    assert "1 of 2" in lines[1]
    assert LEAK_GAPS[answer].en in lines[2]


def test_a_gap_left_beside_working_code_does_no_harm(judge):
    verdict = judge(
        LEAK.replace("    xs = [x]\n", "    xs = [x]\n    unused = ...  # TODO Later.\n")
    )
    assert verdict.passed
    assert "line 4" in str(verdict)


def test_as_many_ellipses_of_ones_own_as_there_are_gaps_do_not_mean_untouched(judge):
    padded = LEAK.replace("    xs = [x]\n", "    xs = [x]\n    one = ...\n    two = ...\n")
    assert judge(padded).passed


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_exercise_that_needs_another_says_so_until_that_is_done(checks, lang):
    test_func, _ = load_from_chapter_name(NAME, lang=lang)
    told = {"en": "functions of exercise 01_01", "ja": "先に演習01_01を"}[lang]
    for before, status in ((cut(LEAK, *LEAK_GAPS), "error"), ("", "error"), (LEAK, "passed")):
        function = define(f"{before}\n\n{MEAN}")["mean_leak"]
        verdict = test_func(function, "01_04")
        assert verdict.status == status
        assert (told in str(verdict)) == (not verdict.passed)


def test_a_wrong_value_is_told_with_index_both_values_and_extent(judge):
    text = str(judge(LEAK.replace("k + 1.0", "k + 1.0 + (k > 8)")))
    assert "Case 2 of 4: twelve steps" in text
    assert "xs[10, 0]" in text
    assert "expected: " in text
    assert "yours: " in text
    assert "6 of 26 entries differ" in text
    assert "2 of 4 cases right" in text


def test_numbers_that_look_alike_are_written_out(judge):
    text = str(judge(LEAK.replace(ALL_OUTPUT, "np.array(xs) + 3e-8, total")))
    assert "expected: 1.0" in text
    assert "yours: 1.00000003" in text


@pytest.mark.parametrize(
    ("returned", "told"),
    [
        ("np.array(xs)[..., :1], total", "shape (2, 1)"),
        ("np.array(xs, dtype=np.float32), total", "float32"),
        ("np.array(xs) / 0, total", "differ"),
        ("np.array(xs) * np.nan, total", "not a number"),
        ("None, total", "xs is None"),
        ("..., total", "xs is still an Ellipsis"),
        ("'text', total", "another type"),
        ("np.array(xs) > 0, total", "bool"),
        ("np.array(xs)", "wrong shape"),
        ("1, 2, 3", "has to return 2 values (xs, total); it returned 3"),
        ("(total,)", "it returned 1"),
        ("None", "it returned None"),
        ("{}", "one value of type dict"),
    ],
)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_came_is_told_whatever_it_was(judge, returned, told, lang):
    verdict = judge(LEAK.replace(ALL_OUTPUT, returned), lang=lang)
    assert verdict.status == "failed"
    if lang == "en":
        assert told in str(verdict)


@pytest.mark.parametrize(
    "returned",
    [
        "np.array(xs).tolist(), total.tolist()",
        "[np.array(xs), total]",
        "xs, total",
        "(*(xs, total),)",
    ],
)
def test_lists_stand_for_arrays_and_tuples(judge, returned):
    assert judge(LEAK.replace(ALL_OUTPUT, returned)).passed


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_known_mistake_gets_its_hint(judge, lang):
    verdict = judge(LEAK.replace(*LEAK_MISTAKE), lang=lang)
    assert verdict.status == "failed"
    assert verdict.hint == LEAK_HINT.in_language(lang)
    assert verdict.hint in str(verdict)


def test_an_exception_shows_the_learners_own_frames_and_the_case(judge):
    verdict = judge(LEAK.replace("np.sum(xs, axis=0)", "np.linalg.inv(np.sum(xs, axis=0))"))
    text = str(verdict)
    assert verdict.status == "error"
    assert "LinAlgError" in text
    assert "line 7, in leak: total = np.linalg.inv" in text
    assert "Case 1 of 4: one step" in text
    assert "linalg.py" not in text
    assert "calling" not in text


def test_a_runaway_recursion_is_told_briefly(judge):
    verdict = judge(LEAK.replace("np.sum(xs, axis=0)", "leak(steps, x0, rate)"))
    assert verdict.status == "error"
    assert "RecursionError" in str(verdict)
    assert len(str(verdict).splitlines()) < 15


@pytest.mark.parametrize(
    "raising",
    [
        "exit()",
        "quit(3)",
        "(_ for _ in ()).throw(SystemExit)",
        "(_ for _ in ()).throw(KeyboardInterrupt)",
        "(_ for _ in ()).throw(GeneratorExit)",
        "(_ for _ in ()).throw(type('Mute', (Exception,), {'__str__': lambda self: 1 / 0}))",
    ],
)
def test_no_exception_escapes(judge, raising):
    verdict = judge(LEAK.replace(ALL_OUTPUT, raising), lang="ja")
    assert verdict.status == "error"


@pytest.mark.parametrize("swallowed", [False, True])
def test_a_real_interrupt_gets_through(judge, swallowed):
    press = "__import__('os').kill(__import__('os').getpid(), 2)"
    body = f"        try:\n            {press}\n        except BaseException:\n            pass\n"
    source = f"        {press}\n" if not swallowed else body
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        judge(LEAK.replace("        xs.append(x)\n", source))
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize(
    "loop",
    [
        "        while True:\n            pass\n",
        "        while True:\n            try:\n                pass\n"
        "            except BaseException:\n                pass\n",
        "        __import__('time').sleep(60)\n",
    ],
)
def test_an_endless_loop_ends_in_timeout_and_is_located(judge, short_limit, loop):
    before = signal.getsignal(signal.SIGALRM)
    verdict = judge(LEAK.replace("        xs.append(x)\n", loop))
    assert verdict.status == "timeout"
    assert "in leak" in str(verdict)
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_the_limit_is_for_all_cases_together(judge, short_limit):
    verdict = judge(
        LEAK.replace(
            "        xs.append(x)\n",
            "        __import__('time').sleep(0.02)\n        xs.append(x)\n",
        )
    )
    assert verdict.status == "timeout"
    assert verdict.results[0].passed
    assert len(verdict.results) < 4


def test_in_another_thread_there_is_no_limit_and_a_verdict_all_the_same(judge):
    verdicts = []
    thread = threading.Thread(target=lambda: verdicts.append(judge(LEAK)))
    thread.start()
    thread.join()
    assert verdicts[0].passed


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("rate=0.5)", "speed=0.5)"), "leak is called with rate, which it does not take"),
        (("rate=0.5)", "rate=0.5, *, color)"), "leak asks for color"),
        (("def leak(steps, x0, rate=0.5)", "def leak()"), "leak is called with steps"),
        (("return leak(*args, **kwargs)", "return leak(1, 2, 3, 4)"), "as many arguments as"),
    ],
)
def test_a_wrong_signature_is_told_in_a_sentence(judge, change, told):
    source = LEAK.replace(*change).replace("+ rate *", "+ 0.5 *")
    verdict = judge(source)
    assert verdict.status == "error"
    assert told in str(verdict)
    assert "TypeError" not in str(verdict)


def test_a_wrong_signature_of_the_function_itself_is_told_too(judge):
    verdict = judge(SCALE.replace("c, log)", "factor, log)"), "01_03")
    assert verdict.status == "error"
    assert "scale is called with c, which it does not take" in str(verdict)


@pytest.mark.parametrize(
    ("source", "exercise", "change", "told"),
    [
        (SCALE, "01_03", ("c * x", "np.outer(c)"), "outer() missing 1 required"),
        (FILTER, "01_02", ("np.outer(k, k)", "np.outer(k)"), "outer() missing 1 required"),
        (FILTER, "01_02", ("shrink(self.P, x)", "shrink(x)"), "shrink() missing 1 required"),
    ],
)
def test_what_the_learners_own_function_calls_wrongly_is_shown_with_its_line(
    judge, source, exercise, change, told
):
    verdict = judge(source.replace(*change), exercise)
    assert verdict.status == "error"
    assert "TypeError" in str(verdict)
    assert told in str(verdict)
    assert change[1] in str(verdict)


def test_an_argument_changed_against_its_contract_is_named(judge):
    in_place = FILTER.replace(
        "    return P - np.outer(k, k) / (1.0 + x @ k)  # TODO The next P.",
        "    P -= np.outer(k, k) / (1.0 + x @ k)\n    return P",
    )
    verdict = judge(in_place, "01_02")
    assert verdict.status == "failed"
    assert "argument P" in str(verdict)
    assert "before: 1.0" in str(verdict)


def test_an_argument_left_unchanged_against_its_contract_is_named(judge):
    verdict = judge(SCALE.replace("log.append(c)", "log.append(2 * c)"), "01_03")
    assert verdict.status == "failed"
    assert "log has to be changed in place" in str(verdict)


def test_another_change_in_place_is_a_note(judge):
    verdict = judge(SCALE.replace("return c * x", "x *= c; return x"), "01_03")
    assert verdict.passed
    assert "x was changed in place" in str(verdict)


def test_inputs_are_fresh_although_a_learner_changes_them(judge, test_func):
    function = define(SCALE.replace("return c * x", "x *= c; return x"))["scale"]
    assert test_func(function, "01_03").passed
    assert test_func(function, "01_03").passed


def test_outputs_are_judged_as_they_were_returned(judge):
    reused = SCALE.replace("def scale", "kept = {}\n\n\ndef scale").replace(
        "return c * x",
        "kept.setdefault(x.shape, np.empty(x.shape))[:] = c * x; return kept[x.shape]",
    )
    assert judge(reused, "01_03").passed


def test_what_is_printed_is_kept_short(judge, capsys):
    noisy = LEAK.replace("xs.append(x)", "xs.append(x); print('x' * 100_000)")
    verdict = judge(noisy)
    assert verdict.passed
    assert "xxx" in str(verdict)
    assert len(capsys.readouterr().out) < 5000


def test_what_is_printed_is_of_a_case_only_where_a_case_is_named(judge):
    noisy = LEAK.replace("xs.append(x)", "xs.append(x); print('here')")
    assert "Printed by your function:" in str(judge(noisy))
    assert "\n  関数が表示した内容：" in str(judge(noisy, lang="ja"))
    wrong = noisy.replace(*LEAK_MISTAKE)
    assert "Printed by your function in this case:" in str(judge(wrong))


@pytest.mark.parametrize(
    ("lang", "told", "not_told"),
    [
        ("en", "The error is 1, allowed is 1e-09.", "largest error"),
        ("ja", "誤差は1、許容誤差は1e-09です。", "最大"),
    ],
)
def test_an_array_of_one_number_is_told_as_a_number(checks, lang, told, not_told):
    mean = define(f"{LEAK}\n\n{MEAN}".replace("/ 5", "/ 5 + 1"))["mean_leak"]
    verdict = load_from_chapter_name(NAME, lang=lang)[0](mean, "01_04")
    assert told in str(verdict)
    assert not_told not in str(verdict)


def test_warnings_do_not_flood(judge, capsys, recwarn):
    verdict = judge(LEAK.replace("np.array(xs), total", "np.log(-1 - np.abs(xs)), total"))
    assert str(verdict).count("invalid value") == 1
    assert not recwarn.list
    assert capsys.readouterr().err == ""


def test_debug_mode_1_prints_each_call_with_its_inputs(judge, capsys):
    judge(LEAK, debug_mode=1)
    printed = capsys.readouterr().out
    assert "Case 1: one step" in printed
    assert "Case 4: two rows" in printed
    assert "steps=12," in printed
    assert "x0=[1.0, -2.0]," in printed
    assert "-> (" in printed


@pytest.mark.parametrize(
    ("lang", "told"), [("en", "Case 1 again, to see whether"), ("ja", "ケース1をもう一度（")]
)
def test_debug_mode_1_says_why_a_case_is_called_again(judge, capsys, lang, told):
    judge(
        LEAK.replace("rate * (np.sin", "rate * (steps == 1 or rate) * (np.sin"),
        lang=lang,
        debug_mode=1,
    )
    printed = capsys.readouterr().out
    assert printed.count(told) == 1
    assert printed.count({"en": "Case 1: one step", "ja": "ケース1：1ステップ"}[lang]) == 1


@pytest.mark.parametrize(("error", "status"), [(1e-7, "passed"), (1e-5, "failed")])
def test_an_input_that_has_to_change_has_a_tolerance_of_its_own(checks, error, status):
    exercise = open_chapter(NAME, "en").exercises["01_03"]
    cases = [replace(case, after_rtol=dict.fromkeys(case.mutates, 1e-6)) for case in exercise.cases]
    exercise = replace(exercise, cases=tuple(cases))
    scale = define(SCALE.replace("log.append(c)", f"log.append(c * (1 + {error}))"))["scale"]
    assert judge_exercise(exercise, LocalCaller(scale, {})).status == status


def test_what_the_given_harness_cannot_use_is_said_to_come_from_the_learners_code(judge):
    source = FILTER.replace("self.P", "self.Q").replace(
        "return filter.P", "return [*(filter.P for _ in xs)][0]"
    )
    verdict = judge(source, "01_02")
    assert verdict.status == "error"
    assert "line 20, in solution: return" in str(verdict)
    assert "solution is given" in str(verdict)
    assert "genexpr" not in str(verdict)
    elsewhere = judge(FILTER.replace("P @ x", "P @ x / 'a'"), "01_02")
    assert "solution is given" not in str(elsewhere)


def test_debug_mode_2_raises_the_learners_exception_again(judge, capsys):
    with pytest.raises(ZeroDivisionError) as raised:
        judge(LEAK.replace(ALL_OUTPUT, "1 / 0"), debug_mode=2)
    assert raised.traceback[-1].name == "leak"
    assert "Stopped by an error" in capsys.readouterr().out
    assert judge(LEAK.replace(ALL_OUTPUT, "1, 2"), debug_mode=2).status == "failed"


@pytest.mark.parametrize("name", WRONG)
def test_an_object_that_resists_every_look_is_a_failure_like_others(judge, name):
    source = f"from hostile import WRONG\n\n\n{LEAK}"
    for returned in (f"WRONG[{name!r}], total", f"WRONG[{name!r}]"):
        verdict = judge(source.replace(ALL_OUTPUT, returned), debug_mode=1)
        assert verdict.status == "failed"
        assert str(verdict)


def test_a_function_without_source_is_run_all_the_same(test_func):
    namespace = {"np": np, "__name__": "__main__"}
    exec(SCALE, namespace)
    assert test_func(namespace["scale"], "01_03").passed
    exec(cut(SCALE, *SCALE_GAPS), namespace)
    verdict = test_func(namespace["scale"], "01_03")
    assert verdict.status == "failed"
    assert "Ellipsis" in str(verdict)


def test_the_process_is_left_as_it_was(judge):
    before = os.getcwd(), np.geterr(), np.get_printoptions()
    judge(LEAK.replace(*LEAK_MISTAKE), debug_mode=1)
    assert (os.getcwd(), np.geterr(), np.get_printoptions()) == before
