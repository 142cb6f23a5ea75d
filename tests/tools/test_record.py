"""Recording, refusing to record what would mislead, and telling stale references."""

import time

import numpy as np
import pytest
from small_lesson import CHAPTER, CHECKS_01, CHECKS_02, LESSON, changed, write_chapter
from typer.testing import CliRunner

from tools.__main__ import app
from tools.checkfile import CheckFileError
from tools.record import check_chapter, record_chapter, reference_path
from utils.tester.store import load_chapter, load_header, save_chapter


@pytest.fixture
def root(small_root):
    return small_root


def recorded(root):
    assert record_chapter(CHAPTER, root) == []
    return load_chapter(reference_path(CHAPTER, root))


def problems(root, old="", new="", checks=CHECKS_01):
    """What recording 01_01 says after a change of its check file; nothing may be written."""
    if old:
        checks = changed(checks, old, new)
    found = record_chapter(CHAPTER, write_chapter(root, checks_01=checks))
    assert not reference_path(CHAPTER, root).exists()
    assert all(problem.startswith("solutions/01_small/checks/01_01.py: ") for problem in found)
    return found


def test_what_is_recorded(root):
    chapter = recorded(root)
    assert chapter.name == CHAPTER
    decay, run = chapter.exercises["01_01"], chapter.exercises["01_02"]
    assert (decay.title.ja, decay.points, decay.minutes) == ("減衰", 2, 5)
    assert (decay.functions, decay.harness) == (("decay",), None)
    assert (run.functions, run.harness, run.needs) == (("run",), "solution", ("01_01",))
    assert [gap.text.en for gap in run.gaps] == ["Go on.", "The output."]
    for case in decay.cases:
        [y] = case.expected
        np.testing.assert_array_equal(y, (1 - case.inputs["rate"]) * case.inputs["x"])
        assert case.after == {"log": [*case.inputs["log"], case.inputs["rate"]]}
    assert [mistake.name for mistake in decay.mistakes] == ["grows", "in_place", "no_log"]
    assert len(run.cases[0].expected) == 2


def test_recording_again_changes_nothing(root):
    recorded(root)
    path = reference_path(CHAPTER, root)
    before, moment = path.read_bytes(), path.stat().st_mtime_ns
    recorded(root)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (before, moment)
    assert check_chapter(CHAPTER, root) == []


def rewritten(root, factor):
    """References as another processor might have made them: every number a little different."""
    chapter = recorded(root)
    for exercise in chapter.exercises.values():
        for case in exercise.cases:
            for value in (*case.inputs.values(), *case.expected):
                if isinstance(value, np.ndarray):
                    value *= factor
    path = reference_path(CHAPTER, root)
    save_chapter(path, chapter, load_header(path)["sources"])
    return path


def test_other_last_digits_are_left_as_they_are(root):
    path = rewritten(root, 1 + 1e-13)
    before = path.read_bytes()
    assert check_chapter(CHAPTER, root) == []
    recorded(root)
    assert path.read_bytes() == before


def test_other_numbers_are_not(root):
    recorded(root)
    path = reference_path(CHAPTER, root)
    right = path.read_bytes()
    chapter = load_chapter(path)
    chapter.exercises["01_02"].cases[4].expected[0][1] += 1e-6
    save_chapter(path, chapter, load_header(path)["sources"])
    [problem] = check_chapter(CHAPTER, root)
    assert "exercise 01_02, case 5 (drawn): output x[1] differs in value" in problem
    recorded(root)
    assert path.read_bytes() == right


@pytest.mark.parametrize("where", ["lesson", "checks_02"])
def test_changed_sources_are_stale(root, where):
    recorded(root)
    text = {"lesson": LESSON, "checks_02": CHECKS_02}[where]
    old = {"lesson": "# given", "checks_02": '"実行"'}[where]
    new = {"lesson": "# as given", "checks_02": '"実行する"'}[where]
    write_chapter(root, **{where: changed(text, old, new)})
    [problem] = check_chapter(CHAPTER, root)
    assert "stale" in problem
    assert f"python -m tools record {CHAPTER}" in problem
    recorded(root)
    assert check_chapter(CHAPTER, root) == []


def test_prose_and_demos_are_no_source(root):
    recorded(root)
    write_chapter(root, changed(LESSON, "# # A small chapter", "# # A chapter"))
    assert check_chapter(CHAPTER, root) == []


def test_a_changed_answer_fails_the_check(root):
    recorded(root)
    write_chapter(root, changed(LESSON, "(1 - rate) * x ", "(1 - 2 * rate) * x "))
    found = check_chapter(CHAPTER, root)
    assert "stale" in found[0]
    assert any("exercise 01_01, case 1 (drawn)" in problem for problem in found)
    assert any("exercise 01_02, case 1 (drawn)" in problem for problem in found)


def test_missing_and_damaged_references_fail_the_check(root):
    assert "missing" in check_chapter(CHAPTER, root)[0]
    recorded(root)
    path = reference_path(CHAPTER, root)
    right = path.read_bytes()
    path.write_bytes(right[:-100])
    assert "damaged" in check_chapter(CHAPTER, root)[0]
    recorded(root)
    assert path.read_bytes() == right


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("range(12)", "range(11)", "11 cases, fewer than 12"),
        ('"rate": rng.uniform(0.1, 0.9)', '"rate": 0.5', "argument 'rate': the same in all cases"),
        ('preserves=("x",)', 'preserves=("x", "log")', "preserved log differs in shape"),
        ('mutates=("log",)', 'mutates=("lag",)', "watches 'lag', which is no input"),
        ('"x": rng.uniform(-1, 1, 3)', '"x": {1.0}', "holds a value of type set"),
        (
            '"x": rng.uniform(-1, 1, 3)',
            '"x": "word" * rng.integers(1, 9)',
            "the model does not return: TypeError",
        ),
        ('(Numeric("y"),)', '(Numeric("y"), Exact("z"))', "does not return 2 outputs"),
        ('(Numeric("y"),)', '(Property("y", "symmetric"),)', "another form than the model's"),
        ('mutates=("log",),', 'call="decoy",', "calls 'decoy', which is not defined"),
        ('"grows", (("(1 - rate)"', '"grows", (("(1 - speed)"', "no longer applies"),
        ('"(1 + rate)"', '"(1 - 1 * rate)"', "mistake 'grows' passes every case"),
        ('("log.append(rate)", "pass")', '("(1 - rate)", "(1 + rate)")', "cannot be told from"),
        ('"(1 + rate)"', '"next(iter(()))"', "no call, and its exceptions say nothing"),
        ('Mistake("grows"', 'Mistake("no_log"', "two mistakes are called 'no_log'"),
        ('"x - rate * x"', '"x - rate"', "as far as the farthest right answer (difference,"),
        ('"x - rate * x"', '"x - rate * z"', "NameError"),
        ('(("log.append(rate)", "pass"),)', '("log.append(rate)", "pass")', "which is no pair"),
        ('"(1 - rate) * x", "x - rate * x"', '"speed", "rate"', "no longer applies"),
    ],
)
def test_what_would_mislead_is_refused(root, old, new, words):
    assert any(words in problem for problem in problems(root, old, new))


def test_every_argument_of_the_signature_counts(root):
    checks = changed(CHECKS_01, '"rate": rng.uniform(0.1, 0.9), ', "")
    lesson = changed(LESSON, "decay(x, rate, log)", "decay(x, rate=0.5, log=None, display=True)")
    found = record_chapter(CHAPTER, write_chapter(root, lesson, checks))
    assert [problem for problem in found if "argument 'rate': the same in all cases" in problem]
    assert not [problem for problem in found if "display" in problem]


def test_a_mistake_that_never_ends_is_refused_in_time(root):
    started = time.monotonic()
    # It sleeps: a loop would take a processor from the other tests all the time.
    [problem] = problems(root, '"pass"', "\"__import__('time').sleep(1e6)\"")
    assert "mistake 'no_log' ends in: the time limit" in problem
    assert time.monotonic() - started < 200


# A public case that is never drawn, as those by hand are.
BY_HAND = """
    afar = draw(np.random.default_rng(12))
    afar.inputs["x"] = np.array([3.0, 2.0, 1.0])
    return [afar] + [draw("""


def test_an_alternative_that_fails_a_case_by_hand_is_refused(root):
    checks = changed(CHECKS_01, "\n    return [draw(", BY_HAND)
    [problem] = problems(root, '"x - rate * x"', '"x - rate * np.minimum(x, 1)"', checks)
    assert "alternative 'difference' fails case 1 (drawn): output y[0] differs in value" in problem


def test_all_that_is_wrong_is_said_at_once(root):
    checks = changed(CHECKS_01, '"(1 + rate)"', '"(1 - 1 * rate)"')
    checks = changed(checks, '"x; y *= 1 - rate"', '"x; y = y - rate * x"')
    found = problems(
        root, '("log.append(rate)", "pass")', '("log.append(rate)", "next(iter(()))")', checks
    )
    assert len(found) == 3


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("\nTITLE = 1 / 0", "01_01.py:2: ZeroDivisionError"),
        ("\n\ndef broken(:", "01_01.py:3: SyntaxError"),
        ("TITLE = None", "01_01.py:1: TITLE is missing or malformed"),
        (changed(CHECKS_01, "OUTPUTS = (Numeric", "OUTPUTS = Numeric, (Numeric"), "OUTPUTS"),
        (changed(CHECKS_01, "def cases", "def public_cases"), "cases is missing"),
        (changed(CHECKS_01, "HINTS =", "NO_HINTS ="), "HINTS is missing or malformed"),
        (
            changed(CHECKS_01, ', Text("How?", "どうやって？")', ","),
            "HINTS .* where to look, then how",
        ),
        (changed(CHECKS_01, '"どうやって？"', '" "'), "HINTS is missing or malformed"),
    ],
)
def test_a_check_file_that_cannot_be_used_names_itself(root, text, words):
    with pytest.raises(CheckFileError, match=words) as caught:
        record_chapter(CHAPTER, write_chapter(root, checks_01=text))
    assert "solutions/01_small/checks/01_01.py" in str(caught.value)


def test_cases_that_cannot_be_made_name_their_line(root):
    [problem] = record_chapter(
        CHAPTER, write_chapter(root, checks_01=changed(CHECKS_01, "range(12)", "range(12.0)"))
    )
    assert problem.startswith("solutions/01_small/checks/01_01.py:19: TypeError")


def test_the_command_refuses_an_unknown_chapter():
    result = CliRunner().invoke(app, ["record", "08_closed_lop_control"])
    assert result.exit_code == 1
    assert "08_closed_loop_control" in result.output
    assert "Traceback" not in result.output
