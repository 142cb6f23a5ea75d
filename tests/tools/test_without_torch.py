"""A chapter that takes PyTorch, in a kernel that lacks it: it opens, and the rest of it works."""

import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest
from without import environment_without

from tools import executed
from tools.build import write_solved
from tools.lesson import ROOT, read_lesson
from tools.verify.execution import execute, read
from tools.verify.notebooks import execute_solved
from utils.optional import install_command

CHAPTER = "09_em_reservoir"


@pytest.fixture(scope="module")
def lesson():
    return read_lesson(CHAPTER)


@pytest.fixture
def surroundings(tmp_path, monkeypatch):
    folder = tmp_path / "site"
    folder.mkdir()
    environment = environment_without("torch", folder)
    monkeypatch.setenv("PYTHONPATH", environment["PYTHONPATH"])  # kernels inherit it
    return environment


@pytest.fixture
def solved(lesson, tmp_path):
    write_solved([lesson], tmp_path / "solved", ROOT)
    return tmp_path / "solved" / "ja" / f"{CHAPTER}.ipynb"


def states(lesson, of_numpy):
    return {
        cell.exercise: "unavailable" if cell.packages else of_numpy for cell in lesson.exercises
    }


def test_the_solved_notebook_runs_through_and_only_what_takes_it_is_not_judged(
    lesson, surroundings, monkeypatch, tmp_path
):
    monkeypatch.setattr(executed, "FOLDER", str(tmp_path / "kept"))
    done = execute_solved(lesson, ROOT, advanced=False)
    assert done.errors == {}
    assert done.verdicts == states(lesson, "passed")
    shown = str([cell.get("outputs") for cell in done.notebook.cells])
    assert "Cannot be judged here" in shown
    assert "pip install torch" in shown
    assert not (tmp_path / "kept").exists()  # the site would show a chapter without figures


def test_so_does_the_untouched_one(lesson, surroundings):
    folder = ROOT / "chapters" / "ja"
    done = execute(read(folder / f"{CHAPTER}.ipynb"), folder)
    assert done.errors == {}
    assert done.verdicts == states(lesson, "not_attempted")
    assert "この環境では判定できません" in str(done.notebook.cells)


def test_from_a_terminal_it_is_nobodys_mistake(lesson, solved, surroundings, tmp_path):
    junit = tmp_path / "junit.xml"
    done = subprocess.run(
        [sys.executable, "-m", "utils", "check", str(solved), "--junit", str(junit)],
        cwd=ROOT,
        env={**surroundings, "COLUMNS": "100"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1  # not everything is passed
    wanted = states(lesson, "passed")
    rows = dict(re.findall(r"^  (\d\d_\d\d)  (\S)", done.stdout, re.MULTILINE))
    signs = {name: "✓" if state == "passed" else "○" for name, state in wanted.items()}
    assert rows == signs
    assert install_command(("torch",)) in done.stdout
    suite = ET.parse(junit).getroot()[0]
    assert (suite.get("failures"), suite.get("skipped")) == (
        "0",
        str(list(wanted.values()).count("unavailable")),
    )
