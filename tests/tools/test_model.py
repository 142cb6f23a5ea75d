"""The model's answer and its variants run as the lesson has them, and nothing else runs."""

import inspect

import numpy as np
import pytest
from small_lesson import CHAPTER, LESSON, changed, write_chapter

from tools.checks import Alternative, Mistake
from tools.lesson import read_lesson
from tools.model import ModelError, ModelNamespace
from utils.reservoir import Linear
from utils.tester.text import Text

HINT = Text("a", "あ")


@pytest.fixture
def namespaces(tmp_path):
    lesson = read_lesson(CHAPTER, write_chapter(tmp_path))
    return {name: ModelNamespace(lesson, name, f"checks/{name}.py") for name in ("01_01", "01_02")}


def of_mistake(namespace, *replace):
    return namespace.mistake(Mistake("m", replace, HINT)).function


def test_the_model_is_what_is_handed_to_test_func(namespaces):
    log = []
    assert namespaces["01_01"].model().function(x=2.0, rate=0.5, log=log) == 1.0
    assert log == [0.5]
    assert namespaces["01_02"].model().function.__name__ == "solution"


def test_it_calls_what_it_needs(namespaces):
    answer = namespaces["01_02"].model()
    x, y = answer.function(steps=2, x0=np.ones(3), rate=0.5, w=Linear(3, 1, seed=1))
    np.testing.assert_allclose(x, 0.25)
    assert y.shape == (1,)
    assert set(answer.namespace) >= {"np", "Linear", "decay", "run", "solution"}


def test_a_needed_exercise_lends_no_harness(namespaces, tmp_path):
    lesson = changed(LESSON, 'test_func(decay, "01_01")', 'test_func(solution, "01_01")')
    lesson = changed(lesson, "    return y\n", "    return y\n\n\ndef solution(x):\n    return x\n")
    lesson = changed(
        lesson, "\n\ndef solution(*args, **kwargs):\n    return run(*args, **kwargs)\n", ""
    )
    lesson = changed(lesson, 'solution, "01_02"', 'run, "01_02"')
    needing = ModelNamespace(read_lesson(CHAPTER, write_chapter(tmp_path, lesson)), "01_02", "f")
    assert "solution" not in needing.model().namespace


def test_its_source_can_be_looked_at(namespaces):
    source = inspect.getsource(namespaces["01_01"].model().function)
    assert source.startswith("def decay(x, rate, log):")
    assert "TODO" in source


def test_a_mistake_changes_the_cell(namespaces):
    assert of_mistake(namespaces["01_01"], ("(1 - rate)", "(1 + rate)"))(2.0, 0.5, []) == 3.0


def test_replacements_do_not_see_each_other(namespaces):
    swap = (("y = (1 - rate)", "y = (2 - rate)"), ("return y", "y = (1 - rate)\n    return y"))
    assert of_mistake(namespaces["01_01"], *swap)(2.0, 0.25, []) == 0.75


@pytest.mark.parametrize(
    ("replace", "words"),
    [
        ([("(1 - speed)", "1")], "no longer applies: '(1 - speed)' occurs 0 times"),
        ([("rate", "1")], "no longer applies: 'rate' occurs"),
        ([("(1 - rate) * x", "1"), ("rate) * x", "2")], "overlapping"),
        ([("(1 - rate) * x", "(1 -")], "SyntaxError"),
        ([("def decay(x, rate, log):", "def decay(x, rate, log=nowhere):")], "NameError"),
    ],
)
def test_a_mistake_that_cannot_be_made_names_itself_and_its_file(namespaces, replace, words):
    with pytest.raises(ModelError) as caught:
        of_mistake(namespaces["01_01"], *replace)
    assert words in str(caught.value)
    assert "checks/01_01.py" in str(caught.value)
    assert "'m'" in str(caught.value)


def test_an_alternative_may_bring_its_own_code(namespaces):
    answer = namespaces["01_02"].alternative(
        Alternative("a", code="def run(steps, x0, rate, w):\n    return np.pi, steps\n")
    )
    assert answer.function(steps=3, x0=0, rate=0, w=None) == (np.pi, 3)


def test_variants_do_not_touch_each_other(namespaces):
    wrong = of_mistake(namespaces["01_01"], ("(1 - rate)", "(1 + rate)"))
    right = namespaces["01_01"].model().function
    assert (wrong(1.0, 0.5, []), right(1.0, 0.5, [])) == (1.5, 0.5)
