"""``python -m tools new``: a chapter or an exercise to begin from, which works as it is."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Annotated

import typer

from tools.lesson import ROOT, Cell, Lesson, LessonError, chapters, lesson_files, read_lesson
from tools.lesson_cells import is_exercise_id
from utils.files import write_whole

_TEMPLATES = Path(__file__).parent / "templates"


def new(
    chapter: Annotated[str, typer.Argument(help="Such as 09_em_reservoir.")],
    exercise: Annotated[
        str | None, typer.Argument(help="Such as 02_03; the chapter itself if none.")
    ] = None,
) -> None:
    """Begin a chapter, or an exercise of a chapter, from an example that builds and passes.

    Nothing that exists is overwritten.

    Example: python -m tools new 09_em_reservoir

    Example: python -m tools new 09_em_reservoir 02_03
    """
    try:
        if exercise is None:
            written = new_chapter(chapter)
            next_step = f"python -m tools new {chapter} 01_01"
        else:
            written = new_exercise(chapter, exercise)
            next_step = (
                "replace the example in both files, then\n"
                f"  python -m tools build {chapter}\n  python -m tools record {chapter}\n"
                f"  python -m tools verify {chapter} --mutants"
            )
    except (LessonError, OSError, ValueError) as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from None
    for path in written:
        typer.echo(f"wrote {path.relative_to(ROOT)}")
    typer.echo(f"Next: {next_step}")


def new_chapter(chapter: str, root: Path = ROOT) -> list[Path]:
    """Write ``solutions/CHAPTER`` with an opening and no exercise yet; returns what was written.

    Raises:
        ValueError: the name is not of the form 09_em_reservoir.
        FileExistsError: the chapter is there.
    """
    number, _, rest = chapter.partition("_")
    if not (len(number) == 2 and number.isdecimal() and rest.isidentifier()):
        raise ValueError(
            f"{chapter!r} cannot be a chapter's name. Write two digits and a word, "
            "as in 09_em_reservoir."
        )
    folder = root / "solutions" / chapter
    if folder.exists():
        raise FileExistsError(
            f"{folder.relative_to(root)} exists and is left as it is. "
            f"Add to it: python -m tools new {chapter} 01_01"
        )
    text = _template("header") + _template("opening", number=str(int(number)))
    # Nobody finds half a chapter: it is made beside its place and put there as a whole.
    unfinished = folder.with_name(f".{chapter}.{os.getpid()}")
    try:
        write_whole(unfinished / "lesson" / "0_opening.py", text.encode())
        (unfinished / "checks").mkdir()
        os.rename(unfinished, folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return [folder / "lesson" / "0_opening.py"]


def new_exercise(chapter: str, exercise: str, root: Path = ROOT) -> list[Path]:
    """Write an exercise into its section's file and its check file; returns both.

    Raises:
        ValueError: the id is not of the form 02_03.
        FileExistsError: the exercise's check file is there.
        LessonError: the chapter is not there, or cannot be read as it stands.
    """
    if not is_exercise_id(exercise):
        raise ValueError(
            f"{exercise!r} cannot be an exercise's id. Write section and number, as in 02_03."
        )
    if chapter not in chapters(root):
        raise LessonError(f"there is no chapter {chapter} yet. Run: python -m tools new {chapter}")
    check = root / "solutions" / chapter / "checks" / f"{exercise}.py"
    if check.exists():
        raise FileExistsError(
            f"{check.relative_to(root)} exists and is left as it is. Choose another id."
        )
    lesson = read_lesson(chapter, root)
    section = _section_file(lesson, exercise, root)
    before = _text_before(section, exercise)
    line = _line_before(lesson, exercise, section, root)
    after = _inserted(before, _template("exercise", exercise=exercise), line)
    try:
        write_whole(check, _template("check", exercise=exercise).encode())
        write_whole(section, after.encode())
    except BaseException:  # Ctrl-C too: a check file without its cell is refused ever after
        if not (section.exists() and section.read_bytes() == after.encode()):
            check.unlink(missing_ok=True)
        raise
    read_lesson(chapter, root)
    return [section, check]


def _section_file(lesson: Lesson, exercise: str, root: Path) -> Path:
    """Where the section's nearest exercise stands, else the file of the section's number."""
    same = [cell for cell in lesson.exercises if cell.exercise[:2] == exercise[:2]]
    before = [cell for cell in same if cell.exercise < exercise]
    for neighbour in (*before[-1:], *same[:1]):
        return root / neighbour.file
    number = int(exercise[:2])
    for path in lesson_files(lesson.chapter, root):
        if int(path.name.partition("_")[0]) == number:
            return path
    return root / "solutions" / lesson.chapter / "lesson" / f"{number}_section.py"


def _line_before(lesson: Lesson, exercise: str, section: Path, root: Path) -> int | None:
    """The line (from 1) of the cell to insert before; None: at the end of the file.

    That is the next exercise of the file, or the prose right above it, which introduces it.
    """
    cells = [cell for cell in lesson.cells if root / cell.file == section]
    for index, cell in enumerate(cells):
        if cell.exercise and cell.exercise > exercise:
            first = _introduction(cells, index)
            return first.line - 1  # the line of its "# %%"
    return None


def _introduction(cells: list[Cell], index: int) -> Cell:
    english, japanese = max(index - 2, 0), max(index - 1, 0)
    if (cells[english].lang, cells[japanese].lang) == ("en", "ja"):
        return cells[english]
    return cells[index]


def _text_before(section: Path, exercise: str) -> str:
    """The section's file as it is, or as it begins."""
    if section.exists():
        return section.read_text(encoding="utf-8")
    return _template("header") + _template("section", number=str(int(exercise[:2])))


def _inserted(text: str, cell: str, line: int | None) -> str:
    """``text`` with ``cell`` before its line (from 1), or at the end."""
    lines = text.rstrip("\n").split("\n")
    at = len(lines) if line is None else line - 1
    before, after = "\n".join(lines[:at]).rstrip("\n"), "\n".join(lines[at:])
    parts = [part.rstrip("\n") for part in (before, cell, after) if part]
    return "\n\n".join(parts) + "\n"


def _template(name: str, **values: str) -> str:
    text = (_TEMPLATES / f"{name}.txt").read_text(encoding="utf-8")
    for key, value in values.items():
        text = text.replace("{{" + key + "}}", value)
    return text
