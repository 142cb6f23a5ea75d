"""An exercise's cell is taken apart, or refused when its parts are not in order."""

import pytest

from tools.exercise import split_exercise
from tools.problems import CellError

FUNCTION = "@njit\ndef f(x):\n    y = x  # TODO a | あ\n    return y\n    # the end of f"
CLASS = "# A readout.\nclass Readout:\n    pass"
HARNESS = "def solution(*args):\n    return f(*args)"
TEST = 'test_func(solution, "02_01", multiple_output=True)\n# show_solution("02_01", "f")'


def cell(*parts):
    return "\n\n\n".join(parts)


def test_the_parts_of_a_cell():
    parts = split_exercise(cell(FUNCTION, CLASS, HARNESS, TEST))
    assert parts.functions == {"f": FUNCTION, "Readout": CLASS.partition("\n")[2]}
    assert parts.definitions == cell(FUNCTION, CLASS)
    assert parts.harness == HARNESS
    assert (parts.tested, parts.exercise, parts.multiple_output) == ("solution", "02_01", True)
    assert parts.shown == ("f",)
    assert parts.test_line == 17


def test_a_function_is_tested_by_itself_and_shown_whole():
    test = 'test_func(\n    f, "02_01"\n)\n# Stuck? Then\n# show_solution("02_01")'
    parts = split_exercise(cell(FUNCTION, test))
    assert (parts.harness, parts.tested, parts.multiple_output) == (None, "f", False)
    assert (parts.definitions, parts.shown) == (FUNCTION, (None,))


SHOW = '# show_solution("02_01")'


@pytest.mark.parametrize(
    ("source", "line", "what"),
    [
        (cell(FUNCTION, HARNESS, HARNESS, TEST), 12, "second time"),
        (cell(HARNESS, FUNCTION, TEST), 1, "not the last definition"),
        (cell(FUNCTION, "class solution:\n    pass", TEST), 8, "no function"),
        (cell(HARNESS, TEST), 1, "no function to complete"),
        (cell(FUNCTION, "y = f(1)", HARNESS, TEST), 8, "no other statement"),
        (cell("import os", FUNCTION, HARNESS, TEST), 1, "no other statement"),
        (cell(FUNCTION, HARNESS), 1, "never tested"),
        (cell(FUNCTION, HARNESS, TEST, TEST), 16, "second test call"),
        (cell(FUNCTION, TEST, HARNESS), 8, "statements follow"),
        (cell(FUNCTION, HARNESS, f"test_func(solution)\n{SHOW}"), 12, "not of the form"),
        (cell(FUNCTION, HARNESS, f"test_func(solution, name)\n{SHOW}"), 12, "not of the form"),
        (cell(FUNCTION, f'test_func(f, "02_01", debug_mode=1)\n{SHOW}'), 8, "not of the form"),
        (cell(FUNCTION, HARNESS, f'test_func(f, "02_01")\n{SHOW}'), 12, "not solution"),
        (cell(FUNCTION, f'test_func(g, "02_01")\n{SHOW}'), 8, "not f"),
        (cell(FUNCTION, 'test_func(f, "02_01")'), 8, "not followed"),
        (cell(FUNCTION, 'test_func(f, "02_01")\n# show_solution("02_02")'), 9, "not of 02_01"),
        (cell(FUNCTION, 'test_func(f, "02_01")\n# show_solution("02_01", "g")'), 9, "not here"),
        (cell(FUNCTION, "def g(:"), 8, "no Python"),
    ],
)
def test_parts_out_of_order_are_refused_with_their_line(source, line, what):
    with pytest.raises(CellError) as refusal:
        split_exercise(source)
    problems = refusal.value.problems
    assert [problem.line for problem in problems if what in problem.what] == [line]
    assert all(problem.remedy for problem in problems)
