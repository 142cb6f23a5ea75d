import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from utils.progress.place import VARIABLE

sys.path.insert(0, str(Path(__file__).parents[1] / "tester"))  # the small chapter lies there

import small_chapter

SET_UP = """\
from utils.tester import hint, load_from_chapter_name, ready, show_progress, use_solution

test_func, show_solution = load_from_chapter_name("01_small", lang="{lang}")"""


@pytest.fixture(scope="session")
def pristine(tmp_path_factory):
    """The bootcamp with the small chapter in it, to be copied."""
    root = tmp_path_factory.mktemp("pristine")
    small_chapter.plant(root)
    return root


@pytest.fixture
def tree(pristine, tmp_path):
    """A learner's copy, without any notebook yet."""
    root = tmp_path / "bootcamp"
    shutil.copytree(pristine, root)
    return root


@pytest.fixture
def write(tree):
    """Write the chapter's notebook: a heading, the set-up cell, and cells; returns its path."""

    def write(*cells, lang="en"):
        heading = "# 1. Small things" if lang == "en" else "# 1. 小さなこと"
        announced = f"### {'Exercise' if lang == 'en' else '演習'} 01_01: a leaky sum (15 minutes)"
        sources = [SET_UP.format(lang=lang), "import numpy as np", *cells]
        notebook = nbformat.v4.new_notebook(
            cells=[
                nbformat.v4.new_markdown_cell(heading),
                *(nbformat.v4.new_code_cell(source) for source in sources[:2]),
                nbformat.v4.new_markdown_cell(announced),
                *(nbformat.v4.new_code_cell(source) for source in sources[2:]),
            ]
        )
        path = tree / "chapters" / lang / "01_small.ipynb"
        path.parent.mkdir(exist_ok=True)
        nbformat.write(notebook, path)
        return path

    return write


@pytest.fixture
def surroundings(tree):
    """What a learner's terminal has set."""
    kept = {key: value for key, value in os.environ.items() if key not in ("CI", VARIABLE)}
    return kept | {"COLUMNS": "100", "PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"}


@pytest.fixture
def run(run_module):
    """``python -m utils`` in the tree."""

    def run(*arguments, **options):
        return run_module("utils", *arguments, **options)

    return run


@pytest.fixture
def run_module(tree, surroundings):
    """A module as a program in the tree, with text typed into it and more in its environment."""

    def run(module, *arguments, said="", **more):
        return subprocess.run(
            [sys.executable, "-m", module, *map(str, arguments)],
            cwd=tree,
            env=surroundings | more,
            input=said,
            capture_output=True,
            text=True,
            encoding="utf-8",
        )

    return run
