"""The set-up script: what `make learn` puts where, and that JupyterLab really starts."""

import subprocess
import sys
import urllib.request

import pytest

from tests.lab import copy_tree, running_lab
from tools import environment
from tools.lesson import ROOT


def test_notebooks_of_both_languages_are_copied(tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "WORK", tmp_path / "work")
    copied = {
        path.relative_to(tmp_path).as_posix() for path in environment.copy_missing_notebooks()
    }
    assert "work/en/08_closed_loop_control.ipynb" in copied
    assert "work/ja/08_closed_loop_control.ipynb" in copied


def test_a_learners_notebook_is_never_overwritten(tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "WORK", tmp_path / "work")
    mine = tmp_path / "work" / "en" / "08_closed_loop_control.ipynb"
    mine.parent.mkdir(parents=True)
    mine.write_text("my answers")
    assert mine not in environment.copy_missing_notebooks()
    assert mine.read_text() == "my answers"


def test_torch_is_only_installed_when_asked():
    assert not any("torch" in name for name in environment.packages_of(["jupyter"]))
    assert any("torch" in name for name in environment.packages_of(["torch"]))


def test_learn_starts_jupyterlab_and_prints_its_address(tmp_path):
    with running_lab(copy_tree(tmp_path / "bootcamp")) as address:
        listing = address.replace("/lab?", "/api/contents/en?")
        with urllib.request.urlopen(listing, timeout=30) as answer:
            assert b"08_closed_loop_control.ipynb" in answer.read()


@pytest.mark.parametrize("command", [["--help"], ["learn", "--help"], ["test", "--help"]])
def test_help_teaches_by_example(command):
    shown = subprocess.run(
        [sys.executable, "-m", "tools.environment", *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "python -m tools.environment" in shown
