"""Two published versions of a small course, and a learner's copy of the first."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools.build import write_chapters
from tools.lesson import ROOT, read_lesson
from tools.record import record_chapter
from tools.student import branch as branches
from tools.student.tree import write_student_tree

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))  # the small lesson lies there

from small_lesson import CHAPTER, CHECKS_01, LESSON, changed, write_chapter

NOTEBOOK = f"chapters/en/{CHAPTER}.ipynb"
NEW_LESSON = changed(
    changed(LESSON, '"""One step towards zero."""', '"""One step of size rate towards zero."""'),
    "# # A small chapter",
    "# # A small chapter, second edition",
)
NEW_CHECKS = changed(CHECKS_01, "for i in range(12)]", "for i in range(13)]")


@pytest.fixture(scope="session")
def versions(tmp_path_factory):
    """The student trees of two versions, in English: folders."""
    folder = tmp_path_factory.mktemp("versions")
    first = _published(folder / "1", LESSON, CHECKS_01)
    second = _published(folder / "2", NEW_LESSON, NEW_CHECKS)
    return first, second


def _published(root: Path, lesson: str, checks: str) -> Path:
    root.mkdir()
    write_chapter(root, lesson, checks)
    shutil.copytree(ROOT / "utils", root / "utils", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("requirements.txt", "LICENSE"):
        shutil.copyfile(ROOT / name, root / name)
    lessons = [read_lesson(CHAPTER, root)]
    write_chapters(lessons, root)
    assert record_chapter(CHAPTER, root) == []
    return write_student_tree(root, lessons, "en", root / "tree").folder


@pytest.fixture
def course(tmp_path, versions):
    """The repository where the course is published, at its first version."""
    repository = tmp_path / "course"
    repository.mkdir()
    branches.git(repository, "init", "--quiet", "--bare")
    _publish(repository, versions[0])
    return repository


def _publish(repository: Path, tree: Path) -> None:
    parent = branches.tip(repository, "student-en")
    who = {f"GIT_{role}_{key}": "course" for role in ("AUTHOR", "COMMITTER") for key in _KEYS}
    stored = branches.write_tree(repository, tree)
    on_top = ["-p", parent] if parent else []
    commit = branches.git(repository, "commit-tree", stored, *on_top, "-m", "A version", env=who)
    branches.move(repository, "student-en", commit, parent)


_KEYS = ("NAME", "EMAIL")


@pytest.fixture
def publish(course, versions):
    """Publishes the second version."""
    return lambda: _publish(course, versions[1])


@pytest.fixture
def clone(course, tmp_path):
    """A learner's clone of the first version."""
    folder = tmp_path / "clone"
    branches.git(tmp_path, "clone", "--quiet", "--branch=student-en", str(course), str(folder))
    return folder


@pytest.fixture
def unpacked(versions, tmp_path):
    """A learner's copy of the first version, without git."""
    return shutil.copytree(versions[0], tmp_path / "unpacked")


@pytest.fixture
def update(monkeypatch):
    """Runs the update of a workspace in a process of its own; returns what came of it."""
    # Whoever runs the tests may have a name in git; a learner may have none.
    for name in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "EMAIL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")

    def run(folder: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "utils.update", *map(str, arguments)],
            cwd=folder,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )

    return run
