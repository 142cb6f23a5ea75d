"""Updating notebooks in the work/ of the project's own clone."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest
from learner import ANSWER, cells_of, code_of, edit, git

from tests.two_versions import (
    CHAPTER,
    CHECKS_01,
    LESSON,
    NEW_CHECKS,
    NEW_LESSON,
    write_chapter,
)
from tools.lesson import ROOT

WORK = f"work/en/{CHAPTER}.ipynb"
WHO = ("-c", "user.name=Author", "-c", "user.email=author@example.org")


def take(root, lesson, checks, built):
    """Put a version that is built into ``root``."""
    write_chapter(root, lesson, checks)
    shutil.copytree(built / "chapters", root / "chapters", dirs_exist_ok=True)


@pytest.fixture
def chapters(versions):
    """Where chapters/ of two versions are built."""
    return [tree.parent for tree in versions]


@pytest.fixture
def project(tmp_path, chapters):
    """The project's repository at its first version, and a learner's clone of it with work/."""
    ignored = shutil.ignore_patterns("__pycache__")
    home = tmp_path / "home"
    for name in ("utils", "tools"):
        shutil.copytree(ROOT / name, home / name, ignore=ignored)
    shutil.copyfile(ROOT / "requirements.txt", home / "requirements.txt")
    shutil.copyfile(ROOT / ".gitignore", home / ".gitignore")
    take(home, LESSON, CHECKS_01, chapters[0])
    git(home, "init", "--quiet", "--initial-branch=main")
    git(home, "add", "--all")
    git(home, *WHO, "commit", "--quiet", "-m", "first")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", str(home), str(clone))
    program = "from tools.environment import copy_missing_notebooks as copy; copy()"
    subprocess.run([sys.executable, "-c", program], cwd=clone, check=True)
    edit(clone / WORK, "y = ...  # TODO The next", f"y = {ANSWER}  # TODO The next")
    return home, clone


@pytest.fixture
def next_version(project, chapters):
    def publish():
        home, _ = project
        take(home, NEW_LESSON, NEW_CHECKS, chapters[1])
        git(home, "add", "--all")
        git(home, *WHO, "commit", "--quiet", "-m", "second")

    return publish


def is_carried(clone):
    text = code_of(clone / WORK, "decay")
    assert ANSWER in text
    assert "of size rate" in text
    assert "second edition" in cells_of(clone / WORK)[0]


def test_git_brings_the_project_and_notebooks_follow(project, next_version, update):
    home, clone = project
    next_version()
    done = update(clone)
    assert done.returncode == 0, done.stdout + done.stderr
    is_carried(clone)
    assert git(clone, "rev-parse", "HEAD") == git(home, "rev-parse", "HEAD")
    assert git(clone, "status", "--porcelain") == ""
    assert "01_01: cases" in done.stdout
    assert list((clone / "work/backups").glob(f"*/en/{CHAPTER}.ipynb"))
    assert "Already up to date" in update(clone).stdout


@pytest.mark.parametrize("kept", [True, False])
def test_after_a_git_pull_notebooks_are_carried_too(project, next_version, update, kept):
    _, clone = project
    next_version()
    git(clone, "pull", "--quiet", "--ff-only")
    if not kept:  # work/ is older than this command: git knows what its notebooks began as
        shutil.rmtree(clone / "work/.starters")
    done = update(clone)
    assert done.returncode == 0, done.stdout + done.stderr
    is_carried(clone)


def test_without_a_network_notebooks_get_what_is_here(project, next_version, update):
    home, clone = project
    next_version()
    git(clone, "pull", "--quiet", "--ff-only")
    shutil.rmtree(home)
    done = update(clone)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "git fetch failed" in done.stdout
    is_carried(clone)


def test_commits_and_changes_of_their_own_are_left_to_git(project, next_version, update):
    _, clone = project
    next_version()
    edit(clone / "requirements.txt", "numpy", "numpy ")
    mine = (clone / WORK).read_bytes()
    with (clone / f"chapters/en/{CHAPTER}.ipynb").open("a") as file:
        file.write("\n")
    done = update(clone)
    assert done.returncode == 2
    assert "git merge failed" in done.stderr
    assert (clone / WORK).read_bytes() == mine
    git(clone, "checkout", "--quiet", "chapters")
    git(clone, *WHO, "commit", "--quiet", "--all", "-m", "mine")
    done = update(clone)
    assert done.returncode == 2
    assert "git pull" in done.stderr
    assert (clone / WORK).read_bytes() == mine


def test_a_japanese_notebook_is_told_of_in_its_own_words(project, next_version, update):
    _, clone = project
    mine = clone / f"work/ja/{CHAPTER}.ipynb"
    edit(mine, "y = ...  # TODO 次の状態。", "y = 1  # TODO 次の状態。")
    next_version()
    done = update(clone, "--lang", "ja")
    assert done.returncode == 0
    assert "引き継いだコード：演習 01_01" in done.stdout
    assert json.loads(mine.read_text("utf-8"))
