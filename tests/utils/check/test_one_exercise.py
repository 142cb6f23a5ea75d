"""What is in force in a notebook, and what is said of what is not."""

import sys

import pytest
from small_chapter import FILTER, LEAK, LEAK_HINT, LEAK_MISTAKE, MEAN, NAME, SCALE, save

from utils.check.worker import check_exercise
from utils.tester import chapter
from utils.tester.chapter import open_chapter

NUMPY = "import numpy as np"
TEST_LEAK = 'test_func(solution, "01_01", multiple_output=True)'
TEST_SCALE = 'test_func(scale, "01_03")'
WRONG_LEAK = LEAK.replace(*LEAK_MISTAKE)


@pytest.fixture
def check(write, tmp_path, monkeypatch):
    """Check one exercise of a notebook with these cells, in this process."""
    save(tmp_path / "checks")
    monkeypatch.setattr(chapter, "CHECKS", tmp_path / "checks")
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])

    def check(exercise, *cells, lang="en"):
        return check_exercise(write(*cells, lang=lang), open_chapter(NAME, lang), exercise, lang)

    return check


class TestInForce:
    def test_is_what_stands_at_the_last_test_func_call(self, check):
        again = f"{LEAK}\n{TEST_LEAK}"
        assert check("01_01", NUMPY, f"{WRONG_LEAK}\n{TEST_LEAK}", again).passed
        assert check("01_01", NUMPY, again, WRONG_LEAK).passed
        assert not check("01_01", NUMPY, again, WRONG_LEAK, TEST_LEAK).passed

    def test_is_the_last_definition_where_the_call_is_gone(self, check):
        assert check("01_01", NUMPY, WRONG_LEAK, LEAK, FILTER).passed
        assert not check("01_01", NUMPY, LEAK, WRONG_LEAK, FILTER).passed
        assert check("01_03", SCALE, "x = scale(1, 2, [])").passed

    @pytest.mark.parametrize(
        "call",
        [
            "if True:\n    test_func(scale, '01_03')",
            "verdict = test_func(scale, exercise_id='01_03')",
            "test_func(exercise_id='01_03', function=scale, debug_mode=1)",
            "for _ in range(2):\n    def scale(x, c, log):\n        log.append(c)\n"
            "        return c * x\n    test_func(scale, '01_03')",
            "check, show = load_from_chapter_name('01_small')\ncheck(scale, '01_03')",
            "test_func(lambda x, c, log: scale(x, c, log), '01_03')",
            "my_scale = scale\ntest_func(my_scale, '01_03')",
        ],
    )
    def test_however_it_is_called(self, check, call):
        wrong = SCALE.replace("c * x", "c + x")
        assert check("01_03", SCALE, call).passed
        assert "scale" not in call or check("01_03", SCALE, call, wrong).passed

    def test_a_call_inside_a_function_is_none(self, check):
        cell = f"{SCALE}\ndef later():\n    {TEST_SCALE}"
        assert not check("01_03", cell, SCALE.replace("c * x", "c + x")).passed

    def test_helpers_and_constants_of_other_cells(self, check):
        cells = ["two = 2", "def times(a, b):\n    return a * b * two / ONE", "ONE = 2"]
        assert check("01_03", *cells, SCALE.replace("c * x", "times(c, x)"), TEST_SCALE).passed

    def test_the_model_s_functions_where_the_learner_took_them(self, check):
        use = 'use_solution("01_01")'
        assert check("01_04", NUMPY, WRONG_LEAK, use, MEAN).passed
        assert not check("01_04", NUMPY, WRONG_LEAK, MEAN).passed
        finding = check("01_01", NUMPY, f"{WRONG_LEAK}\n{TEST_LEAK}", use)
        assert finding.hint == LEAK_HINT.en

    def test_annotations_as_a_future_statement_leaves_them(self, check):
        cell = SCALE.replace("(x, c, log)", "(x: Array, c, log)")
        assert check("01_03", "from __future__ import annotations", cell, TEST_SCALE).passed

    def test_dataclasses_find_their_module(self, check):
        point = "from dataclasses import dataclass\n@dataclass\nclass P:\n    c: 'float'"
        assert check("01_03", point, SCALE.replace("c * x", "P(c).c * x")).passed

    def test_a_needed_cell_that_displays_something(self, check):
        assert check("01_03", "k = [1]\ndisplay(k)", SCALE.replace("c * x", "k[0] * c * x")).passed


class TestWhatIsSaid:
    def test_of_an_exercise_that_is_not_there(self, check):
        finding = check("01_02", NUMPY, LEAK)
        assert finding.state == "missing"
        assert "definition of shrink, Filter" in finding.text

    def test_of_a_cell_that_python_cannot_read(self, check):
        finding = check("01_03", "y = 1", SCALE.replace("c * x", "c *"))
        assert finding.state == "error"
        assert finding.hint == "The cell cannot be run: invalid syntax."
        assert finding.text.endswith("code cell 3, line 3: return c *  # TODO Scale.")

    def test_a_cell_that_python_cannot_read_does_not_matter_to_others(self, check):
        assert check("01_03", "def leak(:\n", SCALE, TEST_SCALE).passed

    def test_of_an_import_that_fails(self, check):
        finding = check(
            "01_03", "import no_such_module", f"k = no_such_module.k\n{SCALE}", TEST_SCALE
        )
        assert finding.state == "passed"  # nothing of it is needed
        cell = SCALE.replace("c * x", "no_such_module.times(c, x)")
        finding = check("01_03", "import no_such_module", cell, TEST_SCALE)
        assert finding.state == "error"
        assert "This came up before" in finding.text
        assert "ModuleNotFoundError: No module named 'no_such_module'" in finding.text
        assert "code cell 2, line 1: import no_such_module" in finding.text

    @pytest.mark.parametrize("lang", ["en", "ja"])
    def test_of_a_decorator_that_fails(self, check, lang):
        finding = check("01_03", f"@jit(fast=True)\n{SCALE}", TEST_SCALE, lang=lang)
        assert finding.state == "error"
        assert finding.hint == "NameError: name 'jit' is not defined"

    def test_of_a_cell_that_leaves_python(self, check):
        finding = check("01_03", "import sys\nk = sys.exit(1)", SCALE.replace("c * x", "k * c * x"))
        assert finding.state == "error"
        assert "SystemExit: 1" in finding.text

    def test_of_a_function_that_is_not_defined(self, check):
        finding = check("01_03", 'test_func(scales, "01_03")')
        assert finding.state == "error"
        assert finding.text.splitlines() == [
            "✗ 01_03 Scaling: Stopped by an error",
            "    NameError: name 'scales' is not defined",
            '    code cell 2, line 1: test_func(scales, "01_03")',
        ]

    def test_of_another_exercise_s_harness(self, check):
        finding = check(
            "01_02",
            NUMPY,
            FILTER.partition("def solution")[0],
            LEAK,
            "test_func(solution, '01_02')",
        )
        assert finding.state == "error"
        assert "01_02" in finding.text

    def test_of_a_call_that_cannot_be_meant(self, check):
        finding = check("01_03", SCALE, 'test_func("01_03", scale)')
        assert finding.state == "error"
        assert 'test_func(function, "01_03")' in finding.text
        assert "`" not in finding.text
