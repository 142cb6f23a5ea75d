"""Two versions of a small course, as they are built and published."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tests.tools.small_lesson import CHAPTER, CHECKS_01, LESSON, changed, write_chapter
from tools.build import write_chapters
from tools.lesson import ROOT, read_lesson
from tools.record import record_chapter
from tools.student import branch as branches
from tools.student.tree import COPIED, write_student_tree

NOTEBOOK = f"chapters/en/{CHAPTER}.ipynb"
NEW_LESSON = changed(
    changed(LESSON, '"""One step towards zero."""', '"""One step of size rate towards zero."""'),
    "# # A small chapter",
    "# # A small chapter, second edition",
)
NEW_CHECKS = changed(CHECKS_01, "for i in range(12)]", "for i in range(13)]")
WHO = {
    f"GIT_{role}_{key}": "course" for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")
}


def build(root: Path, lesson: str, checks: str) -> None:
    """Build and record the chapter below ``root``."""
    write_chapter(root, lesson, checks)
    shutil.copyfile(ROOT / "requirements.txt", root / "requirements.txt")
    write_chapters([read_lesson(CHAPTER, root)], root)
    assert record_chapter(CHAPTER, root) == []


def two_trees(folder: Path) -> tuple[Path, Path]:
    """The student trees of both versions, in English."""
    first = student_tree(folder / "1", LESSON, CHECKS_01)
    return first, student_tree(folder / "2", NEW_LESSON, NEW_CHECKS)


def student_tree(root: Path, lesson: str, checks: str) -> Path:
    """The student tree in English of a course that is built in ``root``."""
    root.mkdir()
    build(root, lesson, checks)
    shutil.copytree(ROOT / "utils", root / "utils", ignore=shutil.ignore_patterns("__pycache__"))
    for name in COPIED:
        shutil.copyfile(ROOT / name, root / name)
    return write_student_tree(root, [read_lesson(CHAPTER, root)], "en", root / "tree").folder


def publish_course(repository: Path, *trees: Path) -> Path:
    """A new repository with these versions on the course's branch, one after the other."""
    repository.mkdir()
    branches.git(repository, "init", "--quiet", "--bare")
    for tree in trees:
        publish_tree(repository, tree)
    return repository


def publish_tree(repository: Path, tree: Path) -> None:
    """Commit a tree on the course's branch, and tag it with its version."""
    parent = branches.tip(repository, "student-en")
    stored = branches.write_tree(repository, tree)
    on_top = ["-p", parent] if parent else []
    commit = branches.git(repository, "commit-tree", stored, *on_top, "-m", "A version", env=WHO)
    branches.move(repository, "student-en", commit, parent)
    branches.tag(repository, version_of(tree), commit)


def version_of(tree: Path) -> str:
    """What a student tree calls itself."""
    return json.loads((tree / ".student-tree").read_text("utf-8"))["version"]
