"""Reading a chapter's lesson: its cells, in order, or all that is wrong with them.

A lesson is a folder of jupytext files in the percent format, joined by their numbers:
``solutions/NAME/lesson/0_opening.py``, ``1_targets.py``, ...
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path

from tools.lesson_cells import Cell, read_cells
from tools.lesson_rules import problems_of_cell, problems_of_chapter

__all__ = ["ROOT", "Cell", "Lesson", "LessonError", "chapters", "lesson_files", "read_lesson"]

ROOT = Path(__file__).resolve().parents[1]


class LessonError(Exception):
    """A lesson that cannot be used. Its text lists every problem, ``file:line: what. remedy.``"""


@dataclass(frozen=True)
class Lesson:
    """A chapter as its instructor wrote it."""

    chapter: str
    cells: tuple[Cell, ...]

    @property
    def exercises(self) -> tuple[Cell, ...]:
        """The cells of the exercises, in order."""
        return tuple(cell for cell in self.cells if cell.exercise)

    @property
    def setup(self) -> Cell:
        """The set-up cell, which also says what the chapter may take."""
        return next(cell for cell in self.cells if cell.setup)

    @property
    def packages(self) -> tuple[str, ...]:
        """What some exercises take beyond requirements.txt."""
        return tuple(sorted({package for cell in self.exercises for package in cell.packages}))

    def exercise(self, exercise: str) -> Cell:
        """The cell of one exercise.

        Raises:
            LessonError: there is none of this id.
        """
        for cell in self.exercises:
            if cell.exercise == exercise:
                return cell
        known = [cell.exercise for cell in self.exercises]
        raise LessonError(
            f"chapter {self.chapter} has no exercise {exercise!r}. {_suggest(exercise, known)}."
        )


def chapters(root: Path = ROOT) -> list[str]:
    """The names of the chapters in solutions/, in order."""
    return sorted(folder.parent.name for folder in (root / "solutions").glob("*/lesson"))


def lesson_files(chapter: str, root: Path = ROOT) -> list[Path]:
    """The files of a chapter's lesson in the order they are joined, by the number before "_".

    Raises:
        LessonError: there is no such chapter, or a file has no number.
    """
    if chapter not in chapters(root):
        raise LessonError(f"no chapter {chapter!r}. {_suggest(chapter, chapters(root))}.")
    files = list((root / "solutions" / chapter / "lesson").glob("*.py"))
    nameless = [path for path in files if not path.name.partition("_")[0].isdecimal()]
    if nameless:
        raise LessonError(
            "\n".join(
                f"{path.relative_to(root).as_posix()}:1: the file's name has no place in the order "
                "of sections. Begin it with a number, as in 1_targets.py."
                for path in nameless
            )
        )
    return sorted(files, key=lambda path: (int(path.name.partition("_")[0]), path.name))


def read_lesson(chapter: str, root: Path = ROOT) -> Lesson:
    """Read ``solutions/CHAPTER/lesson``.

    Raises:
        LessonError: names every problem found, with file, line and remedy.
    """
    cells: list[Cell] = []
    problems: list[str] = []
    for path in lesson_files(chapter, root):
        found, wrong = read_cells(path, path.relative_to(root).as_posix())
        cells += found
        problems += wrong
    for cell in cells:
        problems += problems_of_cell(cell)
    if not problems:  # what a cell is to the others can be told when each can be read
        problems += problems_of_chapter(cells, root / "solutions" / chapter, root)
    if problems:
        raise LessonError("\n".join(problems))
    return Lesson(chapter, tuple(cells))


def _suggest(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    if near:
        return f"Perhaps {near[0]!r} is meant"
    return f"There are: {', '.join(known)}" if known else "There are none yet"
