"""The set-up cell finds the tree, or says in both languages what is missing."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from tools.lesson import ROOT
from tools.settings import REPOSITORY
from tools.setup_cell import setup_cell, with_version

BEFORE_IMPORT, _, _ = setup_cell("08_closed_loop_control", "ja", ROOT).partition("\nfrom utils")


@pytest.fixture
def run(monkeypatch):
    """Runs the cell down to its imports, in a folder; returns what it defined."""
    monkeypatch.setattr(sys, "path", list(sys.path))

    def run_in(folder):
        monkeypatch.chdir(folder)
        namespace = {}
        exec(BEFORE_IMPORT, namespace)
        return namespace

    return run_in


@pytest.fixture
def calls(monkeypatch):
    """The commands the cell would run, which succeed unless changed."""
    seen = SimpleNamespace(commands=[], returncode=0)

    def note(command, **options):
        seen.commands.append(command)
        return SimpleNamespace(returncode=seen.returncode)

    monkeypatch.setattr(subprocess, "run", note)
    return seen


@pytest.fixture
def without_scipy(monkeypatch):
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "scipy" else find(name)
    )


@pytest.fixture
def colab(monkeypatch):
    monkeypatch.setitem(sys.modules, "google.colab", ModuleType("google.colab"))


def tree(folder):
    (folder / "utils" / "tester").mkdir(parents=True)
    (folder / "work" / "ja").mkdir(parents=True)
    return folder


def test_the_tree_is_found_from_any_folder_in_it(run, tmp_path):
    root = tree(tmp_path)
    for folder in (root, root / "work" / "ja"):
        assert run(folder)["bootcamp"] == root
    assert sys.path[0] == str(root)
    assert sys.path.count(str(root)) == 1


def test_outside_the_tree_one_sentence_says_so_in_both_languages(run, tmp_path):
    with pytest.raises(FileNotFoundError) as refusal:
        run(tmp_path)
    assert "Open the notebook inside the folder" in str(refusal.value)
    assert "ノートブックを開いてください" in str(refusal.value)


def test_a_missing_package_is_named_with_the_command_that_installs_it(run, tmp_path, without_scipy):
    with pytest.raises(ModuleNotFoundError) as refusal:
        run(tree(tmp_path))
    assert "scipy" in str(refusal.value)
    assert "numpy" not in str(refusal.value)
    assert "足りない" in str(refusal.value)
    assert f'-m pip install -r "{tmp_path / "requirements.txt"}"' in str(refusal.value)
    assert str(refusal.value).endswith(f'cd "{tmp_path}"\n"{sys.executable}" -m utils doctor')


def test_colab_clones_the_student_branch_and_installs_what_is_missing(
    run, tmp_path, colab, calls, without_scipy
):
    assert run(tmp_path)["bootcamp"] == Path("/content/student-ja")
    clone, install = calls.commands
    assert clone[:2] == ["git", "clone"]
    assert {"--branch=student-ja", REPOSITORY} <= set(clone)
    assert install[1:] == ["-m", "pip", "install", "--quiet", "scipy"]


def test_colab_installs_nothing_when_all_is_there(run, tmp_path, colab, calls):
    run(tmp_path)
    assert len(calls.commands) == 1


def test_a_branch_that_cannot_be_cloned_is_named(run, tmp_path, colab, calls):
    calls.returncode = 128
    with pytest.raises(ConnectionError) as refusal:
        run(tmp_path)
    assert REPOSITORY in str(refusal.value)
    assert "取得できません" in str(refusal.value)


def test_a_python_that_is_too_old_is_named(run, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    with pytest.raises(RuntimeError) as refusal:
        run(tree(tmp_path))
    assert "Python 3.11 or newer is needed" in str(refusal.value)
    assert "以降が必要です" in str(refusal.value)


def test_a_published_notebook_names_its_version_and_nothing_else_is_changed():
    text = (ROOT / "chapters" / "en" / "08_closed_loop_control.ipynb").read_text("utf-8")
    published = with_version(text, "en", "student-en-0123456789")
    assert published.count("student-en-0123456789") == 1
    assert published.replace("student-en-0123456789", "student-en") == text
    with pytest.raises(ValueError, match="set-up cell"):
        with_version(published, "en", "student-en-1")


def test_only_a_solved_notebook_knows_where_it_was_made():
    cells = {solved: setup_cell("x", "en", ROOT, solved) for solved in (False, True)}
    assert str(ROOT) not in cells[False]
    assert str(ROOT) in cells[True]


def test_a_solved_notebook_is_nobodys_progress():
    off = 'os.environ["BOOTCAMP_PROGRESS"] = "off"'
    assert off in setup_cell("08_closed_loop_control", "en", ROOT, solved=True)
    assert off not in setup_cell("08_closed_loop_control", "en", ROOT)
