import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "tester"))  # the small chapter lies there

import small_chapter

SET_UP = """\
from utils.tester import load_from_chapter_name, ready, use_solution

test_func, show_solution = load_from_chapter_name("01_small", lang="{lang}")"""


@pytest.fixture(scope="session")
def tree(tmp_path_factory):
    """A learner's copy of the bootcamp with the small chapter in it."""
    root = tmp_path_factory.mktemp("bootcamp")
    small_chapter.plant(root)
    return root


@pytest.fixture
def write(tmp_path):
    """Write a notebook of code cells after the set-up cell; returns its path."""

    def write(*cells, name="01_small.ipynb", lang="en"):
        sources = [SET_UP.format(lang=lang), *cells] if lang else cells
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(source) for source in sources]
        )
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, path)
        return path

    return write


@pytest.fixture
def run(tree):
    """``python -m utils check`` in a folder, with nothing in its environment but what is given."""

    def run(*arguments, cwd=tree, **surroundings):
        return subprocess.run(
            [sys.executable, "-m", "utils", "check", *map(str, arguments)],
            cwd=cwd,
            env={
                "PYTHONPATH": str(tree),
                "PATH": "",
                "COLUMNS": "80",
                "PYTHONUTF8": "1",
                **surroundings,
            },
            capture_output=True,
            text=True,
            encoding="utf-8",
        )

    return run
