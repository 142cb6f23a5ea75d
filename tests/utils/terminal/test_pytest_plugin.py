"""pytest in a learner's folder, as a learner runs it."""

import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from small_chapter import FILTER, FILTER_GAPS, LEAK, LEAK_HINT, LEAK_MISTAKE, SCALE, cut

ROOT = Path(__file__).resolve().parents[3]
WRONG = f"{LEAK.replace(*LEAK_MISTAKE)}\n\ntest_func(solution, '01_01', multiple_output=True)"
SCALED = f"{SCALE}\n\ntest_func(scale, '01_03')"
UNTOUCHED = cut(FILTER, *FILTER_GAPS) + "\ntest_func(solution, '01_02')"
NOTEBOOK = "chapters/en/01_small.ipynb"


@pytest.fixture
def judge(tree, surroundings):
    """``pytest`` in the tree, with the conftest.py that students get."""
    shutil.copy(ROOT / "conftest.py", tree)

    def judge(*arguments):
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *map(str, arguments)],
            cwd=tree,
            env=surroundings,
            capture_output=True,
            text=True,
        )
        return done.returncode, done.stdout

    return judge


def test_an_exercise_is_a_test(judge, write):
    write(WRONG, UNTOUCHED, SCALED)
    code, said = judge("-v", "-rs")
    assert code == 1
    assert f"{NOTEBOOK}::01_01 FAILED" in said
    assert f"{NOTEBOOK}::01_02 SKIPPED" in said
    assert f"{NOTEBOOK}::01_03 PASSED" in said
    assert f"{NOTEBOOK}::01_04 FAILED" in said
    assert "01_02: Not attempted" in said
    assert f"Hint: {LEAK_HINT.en}" in said
    assert "There is neither a definition of mean_leak" in said
    assert "pytest_plugin.py" not in said


def test_one_can_be_asked_for(judge, write):
    write(WRONG, SCALED)
    code, said = judge(f"{NOTEBOOK}::01_03")
    assert code == 0
    assert "1 passed" in said


def test_in_japanese(judge, write):
    write(WRONG, UNTOUCHED, lang="ja")
    _, said = judge("-rs")
    assert LEAK_HINT.ja in said
    assert "01_02: 未着手です" in said


def test_a_notebook_of_no_chapter_has_no_tests(judge, write, tree):
    write(SCALED)
    notes = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 / 0")])
    nbformat.write(notes, tree / "notes.ipynb")
    code, said = judge("-k", "01_03")
    assert code == 0
    assert "error" not in said


def test_a_broken_notebook_is_an_error_that_names_it(judge, tree):
    (tree / "01_small.ipynb").write_text("{")
    code, said = judge()
    assert code == 2
    assert "01_small.ipynb is not a notebook" in said
    assert "Traceback" not in said
