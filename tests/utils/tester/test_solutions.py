"""show_solution, use_solution and ready, with answers open, sealed and withheld."""

import inspect

import numpy as np
import pytest
import small_chapter
from small_chapter import FILTER, FILTER_GAPS, LEAK, LEAK_GAPS, NAME, cut, define

from utils.tester import load_from_chapter_name, ready, use_solution
from utils.tester.solutions import VARIABLE
from utils.tester.text import LANGUAGES
from utils.tester.wrong_call import WrongCall


def _notebook(source):
    """A namespace in which a learner's cells run, with the checker's names in it."""
    namespace = define(source) if source else {"np": np, "__name__": "__main__"}
    return namespace | {"use_solution": use_solution, "ready": ready}


def _run(namespace, cell):
    return eval(cell, namespace)


@pytest.fixture(params=LANGUAGES)
def lang(request, checks):
    load_from_chapter_name(NAME, lang=request.param)
    return request.param


def test_one_function_is_shown_in_one_language(checks, capsys):
    _, show_solution = load_from_chapter_name(NAME, lang="ja")
    assert show_solution("01_02", "shrink") is None
    shown = capsys.readouterr().out
    assert "def shrink" in shown
    assert "k = P @ x  # 方向。" in shown
    assert "The direction" not in shown
    assert "class Filter" not in shown


def test_without_a_name_the_exercise_is_shown(checks, capsys):
    _, show_solution = load_from_chapter_name(NAME)
    show_solution("01_02")
    shown = capsys.readouterr().out
    answer = FILTER.partition("\n\n\ndef solution")[0].replace("\n        # END TODO", "")
    assert shown.strip() == answer.replace("# TODO ", "# ")
    show_solution("01_A1")
    assert capsys.readouterr().out.startswith("# Plot it.\n")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (("1_02",), "Did you mean 01_02?"),
        (("1_1",), "Did you mean 01_01?"),  # 01_A1 is as near
        (("01_02", "shrinks"), "Did you mean shrink?"),
        (("01_A1", "plot"), "no function plot"),
        ((3,), "There is no answer 3"),
    ],
)
def test_what_there_is_not_is_told_and_the_nearest_suggested(checks, asked, told):
    _, show_solution = load_from_chapter_name(NAME)
    with pytest.raises(WrongCall) as raised:
        show_solution(*asked)
    assert told in str(raised.value)


def test_a_stuck_learner_goes_on_with_the_models_functions(lang, capsys):
    namespace = _notebook(cut(LEAK, *LEAK_GAPS))
    assert _run(namespace, 'ready("01_01")') is False
    assert 'use_solution("01_01")' in capsys.readouterr().out
    _run(namespace, 'use_solution("01_01")')
    assert "leak" in capsys.readouterr().out
    assert _run(namespace, 'ready("01_01")') is True
    assert capsys.readouterr().out == ""
    xs, total = namespace["leak"](3, [1.0])
    assert np.allclose(xs.sum(axis=0), total)
    assert "TODO" in inspect.getsource(namespace["leak"])


def test_the_models_classes_know_each_other(lang):
    namespace = _notebook("")
    _run(namespace, 'use_solution("01_02")')
    filter_ = namespace["Filter"](2)
    filter_.step(np.ones(2))
    assert filter_.P[0, 1] == pytest.approx(-1 / 3)


def test_ready_asks_for_the_cell_and_names_one_exercise(lang, capsys):
    assert _run(_notebook(""), 'ready("01_02")') is False
    sentence = capsys.readouterr().out
    assert sentence.count("01_02") == 2
    assert sentence.count("\n") == 1
    assert ("演習" in sentence) == (lang == "ja")


def test_ready_is_content_with_a_wrong_answer_but_not_with_a_gap(lang):
    assert _run(_notebook(FILTER.replace("np.eye", "2 * np.eye")), 'ready("01_02")') is True
    half = cut(FILTER, list(FILTER_GAPS)[2])
    assert _run(_notebook(half), 'ready("01_02")') is False


def test_a_demo_of_several_exercises_names_all_that_are_open(lang, capsys):
    namespace = _notebook(LEAK)
    assert _run(namespace, 'ready("01_01", "01_02", "01_03")') is False
    sentence = capsys.readouterr().out
    counts = [sentence.count(name) for name in ("01_01", "01_02", "01_03", "\n")]
    assert counts == [0, 2, 2, 1]
    assert 'use_solution("01_03")' in sentence
    _run(namespace, 'use_solution("01_02"), use_solution("01_03")')
    assert _run(namespace, 'ready("01_01", "01_02", "01_03")') is True


def test_an_unknown_exercise_is_no_readiness(lang):
    with pytest.raises(WrongCall, match="01_02"):
        ready("01_22")


def test_an_answer_without_functions_cannot_be_put_in_place(lang):
    with pytest.raises(WrongCall, match='show_solution\\("01_A1"\\)'):
        use_solution("01_A1")


def test_withheld_answers_are_said_to_be_so(checks, capsys):
    (checks / f"{NAME}.answers").unlink()
    _, show_solution = load_from_chapter_name(NAME)
    for call in (show_solution, use_solution):
        with pytest.raises(WrongCall, match="have not been given out"):
            call("01_01")
    assert ready("01_01") is False
    assert "use_solution" not in capsys.readouterr().out


@pytest.fixture
def sealed(checks):
    small_chapter.save(checks, passphrase="open sesame")
    return load_from_chapter_name(NAME)[1]


def test_sealed_answers_ask_for_the_passphrase_and_say_how(sealed):
    for call, name in ((sealed, "show_solution"), (use_solution, "use_solution")):
        with pytest.raises(WrongCall) as raised:
            call("01_01")
        assert f'{name}("01_01", passphrase="...")' in str(raised.value)
        assert VARIABLE in str(raised.value)
    with pytest.raises(WrongCall, match="does not open"):
        sealed("01_01", passphrase="open barley")


def test_a_passphrase_opens_them_once_and_for_all(sealed, capsys):
    sealed("01_01", passphrase="open sesame")
    sealed("01_02", "shrink")
    assert "def shrink" in capsys.readouterr().out


def test_a_passphrase_may_come_from_the_environment(sealed, capsys, monkeypatch):
    monkeypatch.setenv(VARIABLE, "open sesame")
    sealed("01_01")
    assert "def leak" in capsys.readouterr().out


def test_damaged_answers_are_told(checks):
    path = checks / f"{NAME}.answers"
    path.write_bytes(path.read_bytes()[:-40])
    _, show_solution = load_from_chapter_name(NAME, lang="ja")
    with pytest.raises(WrongCall, match="壊れて"):
        show_solution("01_01")


def test_an_answer_that_needs_the_imports_says_so():
    load_from_chapter_name("08_closed_loop_control")
    namespace = _notebook("")
    with pytest.raises(WrongCall, match=r"03_01 needs Linear, .* imports"):
        _run(namespace, 'use_solution("03_01")')
