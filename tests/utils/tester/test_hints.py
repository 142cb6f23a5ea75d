"""hint(): one step further each time, remembered, and in both languages."""

import pytest
import small_chapter
from small_chapter import FILTER, LEAK, LEAK_GAPS, LEAK_HINTS, LEAK_MISTAKE, NAME, cut, define

from utils.progress.diary import Diary
from utils.progress.place import VARIABLE
from utils.tester import hint, load_from_chapter_name
from utils.tester.answers import write_answers
from utils.tester.wrong_call import WrongCall

STUCK = 'hint("01_01")'


@pytest.fixture(autouse=True)
def file(tmp_path, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv(VARIABLE, str(tmp_path / "progress.sqlite"))
    return tmp_path / "progress.sqlite"


def _opened(lang="en"):
    return load_from_chapter_name(NAME, lang)[0]


def _leak(source=LEAK):
    """The function of a notebook that has the names of the set-up cell."""
    namespace = define(source)
    namespace["hint"] = hint
    return namespace["solution"]


def _said(capsys, *arguments):
    capsys.readouterr()
    hint(*arguments)
    return capsys.readouterr().out


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_one_step_further_each_time_then_the_last_for_ever(checks, capsys, lang):
    test_func = _opened(lang)
    test_func(_leak(LEAK.replace(*LEAK_MISTAKE)), "01_01", multiple_output=True)
    said = [_said(capsys, "01_01") for _ in range(5)]
    assert LEAK_HINTS[0].in_language(lang) in said[0]
    assert LEAK_HINTS[1].in_language(lang).replace("`", "") in said[1]
    assert "0.960367746" in said[2] or "0.9604" in said[2]
    assert 'show_solution("01_01")' in said[3]
    assert 'use_solution("01_01")' in said[3]
    assert said[4] == said[3]
    assert all(STUCK in one for one in said[:3])
    assert STUCK not in said[3]


def test_how_far_one_is_outlives_the_kernel(checks, capsys):
    _opened()
    _said(capsys, "01_01")
    _opened("ja")
    assert LEAK_HINTS[1].ja.replace("`", "") in _said(capsys, "01_01")
    assert Diary(print).of(NAME, "01_01").hints == 2


def test_one_can_be_seen_again_and_nothing_moves(checks, capsys):
    _opened()
    for _ in range(2):
        hint("01_01")
    assert LEAK_HINTS[0].en in _said(capsys, "01_01", 1)
    assert Diary(print).of(NAME, "01_01").hints == 2


@pytest.mark.parametrize("step", [0, 5, -1, "1", 1.0, True])
def test_there_is_no_such_step(checks, step):
    _opened()
    with pytest.raises(WrongCall, match="steps 1 to 4"):
        hint("01_01", step)
    assert Diary(print).of(NAME, "01_01").hints == 0


def test_there_is_no_such_exercise(checks):
    _opened()
    with pytest.raises(WrongCall, match="Did you mean 01_01"):
        hint("1_01")


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en", 'Advanced question 01_A1 has no hints. show_solution("01_A1") shows the answer.'),
        ("ja", '発展問題 01_A1 にはヒントがありません。show_solution("01_A1") で解答を'),
    ],
)
def test_an_advanced_question_has_an_answer_alone(checks, lang, told):
    _opened(lang)
    with pytest.raises(WrongCall) as raised:
        hint("01_A1")
    assert told in str(raised.value)
    (checks / f"{NAME}.answers").unlink()
    with pytest.raises(WrongCall) as raised:
        hint("01_A1")
    assert "show_solution" not in str(raised.value)


def test_without_hints_of_its_own_a_case_comes_first(checks, capsys):
    _opened()
    assert "three states" in _said(capsys, "01_02")
    assert "show_solution" in _said(capsys, "01_02")


def test_a_case_before_anything_was_run_shows_what_has_to_come_out(checks, capsys):
    _opened()
    said = _said(capsys, "01_01", 3)
    assert "steps: 1" in said
    assert "xs (expected)" in said
    assert "yours" not in said.replace("your values", "")


def test_a_case_that_raised_shows_the_exception_beside_what_was_expected(checks, capsys):
    test_func = _opened()
    wrong = LEAK.replace("np.sum(xs, axis=0)", "undefined + 1")
    test_func(_leak(wrong), "01_01", multiple_output=True)
    said = _said(capsys, "01_01", 3)
    assert "total (expected)" in said
    assert "yours: NameError" in said


def test_a_series_is_written_out_where_it_parts(checks, capsys):
    test_func = _opened()
    late = LEAK.replace("np.sin(k + 1.0)", "np.sin(k + 1.0 + (k > 4))")
    test_func(_leak(late), "01_01", multiple_output=True)
    assert "→ 6" in _said(capsys, "01_01", 3)


def test_where_all_is_right_there_is_nothing_to_show(checks, capsys):
    test_func = _opened()
    test_func(_leak(), "01_01", multiple_output=True)
    assert "All cases are right" in _said(capsys, "01_01", 3)


def test_a_changed_argument_is_shown_before_and_after(checks, capsys):
    test_func = _opened()
    careless = FILTER.replace("return P -", "Q = P -").replace(
        "  # TODO The next P.", "\n    P[0] = 0.0\n    return Q"
    )
    test_func(define(careless)["solution"], "01_02")
    said = _said(capsys, "01_02", 1)
    assert "the function alone" in said
    assert "before: array([[1., 0., 0.]" in said
    assert "after: array([[0., 0., 0.]" in said


def test_sealed_answers_are_told_as_such(checks, capsys):
    answers = {"01_01": {"source": "leak = 1", "functions": {}}}
    write_answers(checks / f"{NAME}.answers", answers, "open sesame")
    _opened()
    assert "passphrase" in _said(capsys, "01_01", 4)


def test_withheld_answers_are_not_offered(checks, capsys):
    (checks / f"{NAME}.answers").unlink()
    _opened()
    said = _said(capsys, "01_01", 4)
    assert "have not been given out" in said
    assert "show_solution" not in said


class TestTheVerdict:
    def test_says_that_there_is_help(self, checks, capsys):
        verdict = _opened()(_leak(LEAK.replace(*LEAK_MISTAKE)), "01_01", multiple_output=True)
        assert str(verdict).splitlines()[-1] == f"  Stuck? {STUCK} helps, one step at a time."

    def test_says_so_no_more_when_all_has_been_shown(self, checks):
        test_func = _opened()
        hint("01_01", 4)
        verdict = test_func(_leak(LEAK.replace(*LEAK_MISTAKE)), "01_01", multiple_output=True)
        assert STUCK not in str(verdict)

    def test_says_nothing_where_nothing_is_wrong_or_tried(self, checks):
        test_func = _opened()
        for source in (LEAK, cut(LEAK, *LEAK_GAPS)):
            assert STUCK not in str(test_func(_leak(source), "01_01", multiple_output=True))

    def test_says_nothing_where_the_notebook_has_no_such_name(self, checks):
        wrong = define(LEAK.replace(*LEAK_MISTAKE))
        for other in ({}, {"hint": "the learner's own"}):
            wrong.update(other)
            verdict = _opened()(wrong["solution"], "01_01", multiple_output=True)
            assert STUCK not in str(verdict)


class TestWhatIsKept:
    def test_the_same_answer_again_is_no_new_attempt(self, checks):
        test_func, diary = _opened(), Diary(print)
        for source in (
            LEAK.replace(*LEAK_MISTAKE),
            LEAK.replace(*LEAK_MISTAKE),
            LEAK.replace(*LEAK_MISTAKE).replace("# TODO One step.", "# my way"),
            LEAK,
            LEAK,
        ):
            test_func(_leak(source), "01_01", multiple_output=True)
        kept = diary.of(NAME, "01_01")
        assert (kept.attempts, kept.status) == (2, "passed")
        assert kept.is_passed

    def test_untouched_gaps_are_no_attempt(self, checks):
        _opened()(_leak(cut(LEAK, *LEAK_GAPS)), "01_01", multiple_output=True)
        kept = Diary(print).of(NAME, "01_01")
        assert (kept.attempts, kept.status) == (0, "not_attempted")

    def test_a_function_without_a_source_is_told_by_its_code(self, checks):
        test_func = _opened()
        for factor in (2, 2, 3):
            namespace = {}
            exec(f"def scale(x, c, log):\n    log.append(c)\n    return {factor} * x", namespace)
            test_func(namespace["scale"], "01_03")
        assert Diary(print).of(NAME, "01_03").attempts == 2

    def test_answers_seen_and_used(self, checks):
        _, show_solution = load_from_chapter_name(NAME)
        show_solution("01_01")
        show_solution("01_A1")
        assert Diary(print).of(NAME, "01_01").revealed is not None
        assert set(Diary(print).all()) == {(NAME, "01_01")}

    def test_help_after_the_pass_is_not_counted(self, checks, capsys):
        test_func, show_solution = load_from_chapter_name(NAME)
        hint("01_01")
        test_func(_leak(), "01_01", multiple_output=True)
        assert 'hint("01_01", 3) shows a case' in _said(capsys, "01_01")
        show_solution("01_01")
        kept = Diary(print).of(NAME, "01_01")
        assert (kept.hints, kept.revealed) == (1, None)

    def test_a_verdict_comes_whatever_becomes_of_the_file(self, checks, file, capsys):
        file.mkdir()
        test_func = _opened()
        for _ in range(2):
            assert test_func(_leak(), "01_01", multiple_output=True).passed
        out = capsys.readouterr().out
        assert out.count("Your progress cannot be kept") == 1
        assert out.count("Passed") == 2


def test_the_hints_of_the_small_chapter_are_those_of_its_file(checks):
    from utils.tester.chapter import open_chapter

    exercise = open_chapter(NAME, "en").exercises["01_01"]
    assert exercise.hints == LEAK_HINTS
    assert exercise.starter == small_chapter.LEAK_STARTER
