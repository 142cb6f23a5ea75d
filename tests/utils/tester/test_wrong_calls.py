"""Calls of the checker that cannot be meant, and trees in which something is missing."""

import numpy as np
import pytest
import small_chapter
from small_chapter import FILTER, LEAK, NAME, SCALE, define

from utils.tester import hint, load_from_chapter_name, ready, session, use_solution
from utils.tester.text import LANGUAGES
from utils.tester.wrong_call import WrongCall


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_unknown_chapter_is_refused_and_the_nearest_suggested(checks, lang):
    with pytest.raises(WrongCall) as raised:
        load_from_chapter_name("1_smal", lang=lang)
    assert NAME in str(raised.value)
    assert {"en": "Did you mean", "ja": "のことでしょうか"}[lang] in str(raised.value)
    assert "`" not in str(raised.value)


def test_an_unknown_language_is_refused(checks):
    with pytest.raises(WrongCall, match='"en"'):
        load_from_chapter_name(NAME, lang="fr")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_tree_without_references_is_called_incomplete(checks, lang):
    (checks / f"{NAME}.npz").unlink()
    with pytest.raises(WrongCall) as raised:
        load_from_chapter_name(NAME, lang=lang)
    assert str(checks) in str(raised.value)


def test_damaged_references_are_told(checks):
    path = checks / f"{NAME}.npz"
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(WrongCall, match="damaged"):
        load_from_chapter_name(NAME)
    with pytest.raises(WrongCall, match="壊れて"):
        load_from_chapter_name(NAME, lang="ja")


def test_references_are_found_from_any_folder(checks, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    test_func, _ = load_from_chapter_name(NAME)
    assert test_func(define(SCALE)["scale"], "01_03").passed


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda test, f: test(f, "1_3"), "Did you mean 01_03"),
        (lambda test, f: test(f, "nothing like it at all"), "There are: 01_01"),
        (lambda test, f: test("01_03", f), "The function comes first"),
        (lambda test, f: test(f, 3), "given as text"),
        (lambda test, f: test(f(np.ones(2), 1.0, []), "01_03"), "without parentheses"),
        (lambda test, f: test(None, "01_03"), "without parentheses"),
        (lambda test, f: test(f, "01_01"), "multiple_output=True"),
        (lambda test, f: test(f, "01_03", multiple_output=True), "multiple_output=False"),
    ],
)
def test_a_wrong_call_is_told_in_a_sentence(test_func, call, told):
    with pytest.raises(WrongCall) as raised:
        call(test_func, define(SCALE)["scale"])
    assert told in str(raised.value)
    assert "\n" not in str(raised.value)
    assert raised.value._render_traceback_() == [f"WrongCall: {raised.value}"]


@pytest.mark.parametrize(
    ("call", "example"),
    [
        (lambda test, show: test(), 'test_func(solution, "01_01", multiple_output=True)'),
        (lambda test, show: test(len), 'test_func(solution, "01_01", multiple_output=True)'),
        (lambda test, show: show(), 'show_solution("01_01")'),
        (lambda test, show: hint(), 'hint("01_01")'),
        (lambda test, show: use_solution(), 'use_solution("01_01")'),
    ],
)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_call_without_an_exercise_is_answered_by_an_example(checks, lang, call, example):
    with pytest.raises(WrongCall) as raised:
        call(*load_from_chapter_name(NAME, lang=lang))
    assert example in str(raised.value)
    assert ("例：" in str(raised.value)) == (lang == "ja")


def test_a_function_that_a_case_calls_has_to_be_there(test_func):
    namespace = define(FILTER)
    del namespace["shrink"]
    with pytest.raises(WrongCall, match="shrink, which is not defined"):
        test_func(namespace["solution"], "01_02")


def test_the_harness_of_another_exercise_is_told(test_func):
    namespace = define(FILTER)
    mixed = define(LEAK) | {"shrink": namespace["shrink"], "Filter": namespace["Filter"]}
    mixed["solution"].__globals__.update(mixed)
    with pytest.raises(WrongCall, match="exercise 01_02 again"):
        test_func(mixed["solution"], "01_02")


@pytest.mark.parametrize("call", [use_solution, ready])
def test_before_a_chapter_is_opened_the_set_up_cell_is_asked_for(call, monkeypatch):
    monkeypatch.setattr(session, "_current", None)
    with pytest.raises(WrongCall, match="set-up cell"):
        call("01_01")


@pytest.mark.parametrize(
    "wrap",
    [
        lambda f: __import__("functools").partial(f),
        lambda f: __import__("functools").wraps(f)(lambda *args, **kwargs: f(*args, **kwargs)),
        lambda f: type("Called", (), {"__call__": lambda self, x, c, log: f(x, c, log)})(),
    ],
)
def test_anything_that_can_be_called_is_a_function(test_func, wrap):
    assert test_func(wrap(define(SCALE)["scale"]), "01_03").passed


def test_a_read_only_folder_is_no_obstacle(checks):
    for path in checks.iterdir():
        path.chmod(0o444)
    checks.chmod(0o555)
    try:
        test_func, _ = load_from_chapter_name(small_chapter.NAME)
        assert test_func(define(SCALE)["scale"], "01_03").passed
    finally:
        checks.chmod(0o755)
