"""``python -m tools build``: what learners get of a chapter, made from its lesson."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from tools.exercise import split_exercise
from tools.lesson import ROOT, Lesson, LessonError, chapters, read_lesson
from tools.notebook import make_notebook
from utils.files import write_whole
from utils.tester.answers import Answers, AnswersProblem, read_answers, write_answers
from utils.tester.text import LANGUAGES


def build(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="CHAPTER", help="All chapters if none.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail when a file is stale.")
    ] = False,
    solved: Annotated[
        bool, typer.Option("--solved", help="Notebooks with the answers in place, to --out.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="Where --solved writes en/ and ja/.", file_okay=False)
    ] = None,
) -> None:
    """Make the exercise notebooks in both languages, and the answers show_solution reads.

    Example: python -m tools build 08_closed_loop_control

    Example: python -m tools build --solved --out build/solved
    """
    if solved != (out is not None) or (solved and check):
        raise typer.BadParameter("--solved and --out DIR go together, and without --check")
    try:
        lessons = [read_lesson(name) for name in names or chapters()]
        if check:
            _check(lessons, every=not names)
        elif out is not None:
            _report(write_solved(lessons, out))
        else:
            _report(path.relative_to(ROOT) for path in write_chapters(lessons))
    except (LessonError, OSError) as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from None
    done = "up to date" if check else "built"
    typer.echo(f"{done}: {', '.join(lesson.chapter for lesson in lessons)}")


def _check(lessons: Sequence[Lesson], every: bool) -> None:
    stale = stale_files(lessons) + (orphans(lessons) if every else [])
    if stale:
        typer.echo("\n".join([*stale, "Run: python -m tools build"]), err=True)
        raise typer.Exit(1)


def _report(paths: Iterable[Path]) -> None:
    for path in paths:
        typer.echo(f"wrote {path}")


def write_chapters(lessons: Sequence[Lesson], root: Path = ROOT) -> list[Path]:
    """Write notebooks and answers below ``root``/chapters; returns the files that changed."""
    written = []
    for lesson in lessons:
        for path, text in _notebooks(lesson, root).items():
            if _read(path) != text:
                write_whole(path, text.encode())
                written.append(path)
        path, answers = _answers_path(lesson, root), answers_of(lesson)
        if _read_answers(path) != answers:
            write_answers(path, answers)
            written.append(path)
    return written


def stale_files(lessons: Sequence[Lesson], root: Path = ROOT) -> list[str]:
    """The generated files that are missing or not what their lesson makes, each with the reason."""
    stale = []
    for lesson in lessons:
        fresh = {path: _read(path) == text for path, text in _notebooks(lesson, root).items()}
        path = _answers_path(lesson, root)
        fresh[path] = _read_answers(path) == answers_of(lesson)
        stale += [
            f"{path.relative_to(root).as_posix()}: {'stale' if path.exists() else 'missing'}"
            for path, is_fresh in fresh.items()
            if not is_fresh
        ]
    return stale


def orphans(lessons: Sequence[Lesson], root: Path = ROOT) -> list[str]:
    """Generated files of chapters that are none of ``lessons``."""
    names = {lesson.chapter for lesson in lessons}
    patterns = [*(f"{lang}/*.ipynb" for lang in LANGUAGES), "checks/*"]
    return [
        f"{path.relative_to(root).as_posix()}: no lesson in solutions/ makes it; remove it"
        for pattern in patterns
        for path in sorted((root / "chapters").glob(pattern))
        if path.stem not in names
    ]


def write_solved(lessons: Sequence[Lesson], out: Path, root: Path = ROOT) -> list[Path]:
    """Write the solved notebooks to ``out``/en and ``out``/ja; they find ``root`` from there."""
    written = []
    for lesson in lessons:
        for lang in LANGUAGES:
            path = out / lang / f"{lesson.chapter}.ipynb"
            write_whole(path, make_notebook(lesson, lang, root, solved=True).encode())
            written.append(path)
    return written


def answers_of(lesson: Lesson) -> Answers:
    """What ``show_solution`` prints and ``use_solution`` runs, by exercise and question.

    TODO texts are in both languages; whoever prints an answer keeps one.
    """
    answers: Answers = {}
    for cell in lesson.cells:
        if cell.exercise:
            parts = split_exercise(cell.source)
            answers[cell.exercise] = {"source": parts.definitions, "functions": parts.functions}
        elif cell.answer:
            answers[cell.answer] = {"source": cell.source, "functions": {}}
    return answers


def _notebooks(lesson: Lesson, root: Path) -> dict[Path, str]:
    return {
        root / "chapters" / lang / f"{lesson.chapter}.ipynb": make_notebook(lesson, lang, root)
        for lang in LANGUAGES
    }


def _answers_path(lesson: Lesson, root: Path) -> Path:
    return root / "chapters" / "checks" / f"{lesson.chapter}.answers"


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def _read_answers(path: Path) -> Answers | None:
    """Compared by content: another zlib packs the same answers into other bytes."""
    try:
        return read_answers(path)
    except AnswersProblem:
        return None
