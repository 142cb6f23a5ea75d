"""What a sandbox shows of the project: ``utils``, and chapters without cases or references."""

from __future__ import annotations

import compileall
import shutil
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from tools.grade.sandbox.temporary import make_folder, remove_folder
from tools.lesson import ROOT
from utils.tester.records import Chapter
from utils.tester.store import save_chapter


def stage(chapters: Iterable[Chapter]) -> Path:
    """Make a folder that any user may read; the caller has ``temporary`` remove it.

    It is laid out as the project is: the checker finds its chapters from where ``utils`` lies. Of
    an exercise it knows what its notebook shows, the names of its functions and its gaps.

    Raises:
        OSError: it cannot be made; nothing of it is left.
    """
    folder = make_folder()
    try:
        _fill(folder, chapters)
    except BaseException:
        remove_folder(folder)
        raise
    return folder


def _fill(folder: Path, chapters: Iterable[Chapter]) -> None:
    folder.chmod(0o755)
    shutil.copytree(ROOT / "utils", folder / "utils", ignore=shutil.ignore_patterns("__pycache__"))
    for chapter in chapters:
        save_chapter(folder / "chapters/checks" / f"{chapter.name}.npz", outline(chapter), "")
    compileall.compile_dir(folder / "utils", quiet=2)
    for path in folder.rglob("*"):  # whatever this user's umask is
        path.chmod(0o755 if path.is_dir() else 0o644)


def outline(chapter: Chapter) -> Chapter:
    """The chapter without cases, known mistakes and tolerances."""
    return replace(
        chapter,
        exercises={
            name: replace(exercise, cases=(), mistakes=(), outputs=())
            for name, exercise in chapter.exercises.items()
        },
    )
