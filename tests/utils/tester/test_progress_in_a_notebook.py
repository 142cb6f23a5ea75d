"""Hints and progress in real kernels, on a tree of their own."""

import os
import shutil
import subprocess
import sys

import nbformat
import pytest
import small_chapter
from nbclient import NotebookClient
from small_chapter import FILTER, FILTER_GAPS, LEAK, LEAK_HINTS, LEAK_MISTAKE, NAME, SCALE, cut

from tests.balanced import Balanced
from utils.progress.file import read_all
from utils.progress.place import VARIABLE

SET_UP = """\
import sys
sys.path.insert(0, {root!r})
import numpy as np
from utils.tester import hint, load_from_chapter_name, ready, show_progress, use_solution
test_func, show_solution = load_from_chapter_name({chapter!r}, lang={lang!r})"""
TEST_LEAK = '\ntest_func(solution, "01_01", multiple_output=True)'
WRONG = LEAK.replace(*LEAK_MISTAKE) + TEST_LEAK
LATE = LEAK.replace("np.sin(k + 1.0)", "np.sin(k + 1.0 + (k > 4))") + TEST_LEAK
RIGHT = LEAK + TEST_LEAK
UNTOUCHED = cut(FILTER, *FILTER_GAPS) + '\ntest_func(solution, "01_02")'


@pytest.fixture
def tree(tmp_path):
    """A learner's copy of the bootcamp with the small chapter in it."""
    small_chapter.plant(tmp_path)
    (tmp_path / "work" / "en").mkdir(parents=True)
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("# 1. Small things\n\nText."),
            nbformat.v4.new_markdown_cell("### Exercise 01_02: a filter (15 minutes)"),
        ]
    )
    nbformat.write(notebook, tmp_path / "work" / "en" / f"{NAME}.ipynb")
    return tmp_path


@pytest.fixture(autouse=True)
def surroundings(monkeypatch):
    """Those of a learner, whose progress is kept where it belongs."""
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.delenv(VARIABLE)


def _client(tree, lang, cells):
    set_up = SET_UP.format(root=str(tree), chapter=NAME, lang=lang)
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in (set_up, *cells)]
    )
    resources = {"metadata": {"path": str(tree / "work")}}
    return NotebookClient(notebook, timeout=120, resources=resources)


def _run(tree, lang, *cells):
    client = _client(tree, lang, cells)
    client.execute()
    return [cell.outputs for cell in client.nb.cells[1:]]


def _data(outputs):
    (output,) = outputs
    return output.data


def test_the_ladder_in_a_kernel_and_in_the_next_one(tree):
    wrong, *hints = _run(tree, "en", LATE, *['hint("01_01")'] * 3)
    assert "hint(&quot;01_01&quot;)" in _data(wrong)["text/html"]
    shown = [_data(one) for one in hints]
    assert LEAK_HINTS[0].en in shown[0]["text/html"]
    assert "Add up" in shown[1]["text/plain"]
    assert "<svg" in shown[2]["text/html"]
    assert "→" in shown[2]["text/plain"]
    for one in shown:
        assert 'data-status="hint"' in one["text/html"]
        Balanced().check(one["text/html"])
    (last,) = _run(tree, "ja", 'hint("01_01")')
    assert "解答" in _data(last)["text/html"]


def test_progress_in_a_kernel(tree):
    *_, shown = _run(tree, "en", WRONG, RIGHT, UNTOUCHED, 'hint("01_02")', "show_progress()")
    html, text = _data(shown)["text/html"], _data(shown)["text/plain"]
    Balanced().check(html)
    assert "1. Small things: 1 of 4 exercises passed" in text
    assert "✓ Passed" in html
    assert "○ Not attempted" in html
    assert "2 attempts" in html
    assert "1 hint" in html
    assert 'href="01_small.ipynb#cell-id=exercise-01_02"' in html
    for fixed in ("color:#000", "color:black", "background:#fff", "background:white"):
        assert fixed not in html


def test_progress_in_japanese(tree):
    *_, shown = _run(tree, "ja", RIGHT, "show_progress()")
    text = _data(shown)["text/plain"]
    assert "4問中1問正解" in text
    assert "✓ 正解です" in text
    assert "挑戦1回" in text


def test_nothing_of_it_is_in_the_notebook_or_anywhere_else(tree):
    before = {path for path in tree.rglob("*") if "__pycache__" not in path.parts}
    _run(tree, "en", WRONG)
    after = {path for path in tree.rglob("*") if "__pycache__" not in path.parts}
    assert {path.name for path in after - before} == {".progress.sqlite"}


def test_two_kernels_at_once(tree):
    program = (
        "import sys, nbformat\n"
        "from nbclient import NotebookClient\n"
        "nb = nbformat.read(sys.argv[1], as_version=4)\n"
        "NotebookClient(nb, timeout=120).execute()\n"
    )
    scale = SCALE + '\ntest_func(scale, "01_03")'
    many = [LEAK.replace("0.5", f"0.5 + {k}") + TEST_LEAK for k in range(10)]
    paths = [tree / "one.ipynb", tree / "other.ipynb"]
    for path, cells in zip(paths, ([*many, RIGHT], [*many, scale]), strict=True):
        nbformat.write(_client(tree, "en", cells).nb, path)
    running = [subprocess.Popen([sys.executable, "-c", program, str(path)]) for path in paths]
    assert [process.wait() for process in running] == [0, 0]
    kept = read_all(tree / ".progress.sqlite")
    assert kept[NAME, "01_01"].is_passed
    assert kept[NAME, "01_03"].is_passed
    assert 1 <= kept[NAME, "01_01"].attempts <= 21


@pytest.mark.skipif(shutil.which("bwrap") is None, reason="takes bubblewrap")
def test_in_a_read_only_tree_verdicts_come_all_the_same(tree, tmp_path_factory):
    runtime = tmp_path_factory.mktemp("runtime")
    program = tree / "run.py"
    set_up = SET_UP.format(root=str(tree), chapter=NAME, lang="en")
    program.write_text("\n\n".join([set_up, 'hint("01_01")', 'hint("01_01")', RIGHT, RIGHT]))
    command = ["bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]
    done = subprocess.run(
        [*command, sys.executable, str(program)],
        capture_output=True,
        text=True,
        env={**os.environ, "IPYTHONDIR": str(runtime), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("✓ 01_01 A leaky sum: Passed") == 2
    assert done.stdout.count("Your progress cannot be kept") == 1
    assert "Hint 2 of 2" in done.stdout
