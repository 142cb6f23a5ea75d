"""``python -m tools record``: the references of a chapter, made by running the model's answers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tools.calibration.chapter import calibrate_chapter
from tools.calibration.tolerances import stale_tolerances, tolerances_path
from tools.checkfile import CheckFileError, load_check_file
from tools.content import hash_of
from tools.lesson import ROOT, Lesson, LessonError, chapters, read_lesson
from tools.model import ModelError, imports_for
from tools.progress import progress_bar
from tools.recorder import (
    count_of_answers,
    examine_exercise,
    failures_of_model,
    record_exercise,
)
from utils.tester.records import Chapter, Exercise
from utils.tester.store import ReferenceProblem, load_chapter, load_header, save_chapter

# The project's code that decides what a reference is; the lesson and its check files come on top.
DECIDING = (
    "tools/calibration/places.py",
    "tools/checks.py",
    "tools/model.py",
    "tools/recorder.py",
    "utils/chaos.py",
    "utils/reservoir/*.py",
    "utils/tester/compare.py",
    "utils/tester/fingerprints.py",
    "utils/tester/judge.py",
    "utils/tester/outputs.py",
    "utils/tester/plain.py",
    "utils/tester/properties.py",
    "utils/tester/store.py",
    "utils/tester/values.py",
)


def record(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[CHAPTER]...", help="All chapters if none.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail when references are stale.")
    ] = False,
) -> None:
    """Record what the model's answers give on each exercise's cases, and how its mistakes look.

    Measures how far right answers are from each other and how near wrong ones come, on draws of
    the generator that also makes hidden cases, and places each tolerance between. Refuses cases
    that do not tell right from wrong. What is recorded already and still agrees is left as it is.

    Example: python -m tools record 08_closed_loop_control

    Example: python -m tools record --check
    """
    failed = False
    for chapter in names or chapters():
        try:
            problems = check_chapter(chapter) if check else record_chapter(chapter)
        except (CheckFileError, LessonError, ModelError, OSError, RuntimeError) as error:
            problems = [str(error)]
        for problem in problems:
            typer.echo(problem, err=True)
        failed = failed or bool(problems)
        if not problems:
            typer.echo(f"{'up to date' if check else 'recorded'}: {chapter}")
    if failed:
        raise typer.Exit(1)


def record_chapter(chapter: str, root: Path = ROOT) -> list[str]:
    """Write ``chapters/checks/CHAPTER.npz``, unless something is wrong.

    Tolerances are measured first where something has changed, and kept in
    ``solutions/CHAPTER/tolerances.json`` even if something else turns out to be wrong.

    Returns:
        What is wrong, as ``file: what. remedy.``; no references are written then.

    Raises:
        LessonError, CheckFileError, ModelError: the chapter cannot be run.
        RuntimeError: a model fails on another kernel.
    """
    lesson = read_lesson(chapter, root)
    files = {cell: load_check_file(root, chapter, cell.exercise) for cell in lesson.exercises}
    before = _recorded(chapter, root)
    problems = [
        problem
        for cell, checks in files.items()
        for problem in examine_exercise(lesson, checks, cell)
    ]
    if problems:
        return problems
    exercises: dict[str, Exercise] = {}
    with progress_bar() as progress:
        by_name = {cell.exercise: checks for cell, checks in files.items()}
        tolerances, problems = calibrate_chapter(lesson, by_name, progress, root)
        for cell, checks in files.items():
            if cell.exercise not in tolerances:
                continue
            task = progress.add_task(cell.exercise, total=count_of_answers(checks))
            exercise, wrong = record_exercise(
                lesson,
                checks,
                cell,
                tolerances[cell.exercise].by_place,
                before.get(cell.exercise),
                lambda task=task: progress.advance(task),
            )
            problems += wrong
            exercises[cell.exercise] = exercise
    if not problems:
        path = reference_path(chapter, root)
        save_chapter(path, Chapter(chapter, exercises), sources_hash(lesson, root))
    return problems


def check_chapter(chapter: str, root: Path = ROOT) -> list[str]:
    """What is not as a fresh record would be: the sources, or outputs recomputed from the inputs.

    Raises:
        LessonError, CheckFileError, ModelError: the chapter cannot be run.
    """
    lesson = read_lesson(chapter, root)
    problems = stale_references(lesson, root)
    try:
        stored = load_chapter(reference_path(chapter, root))
    except ReferenceProblem as problem:
        return [problem.message.en]
    with progress_bar() as progress:
        for cell in progress.track(lesson.exercises, description=chapter):
            if cell.exercise in stored.exercises:
                checks = load_check_file(root, chapter, cell.exercise)
                problems += failures_of_model(lesson, checks, stored.exercises[cell.exercise])
    return problems


def stale_references(lesson: Lesson, root: Path = ROOT) -> list[str]:
    """Whether a chapter's references or tolerances are missing or of other sources; nothing is
    run."""
    path = reference_path(lesson.chapter, root)
    try:
        fresh = load_header(path)["sources"] == sources_hash(lesson, root)
    except ReferenceProblem as problem:
        return [problem.message.en]
    if fresh:
        return stale_tolerances(lesson, root)
    return [
        f"{path.relative_to(root).as_posix()}: stale, what it was made from has changed. "
        f"Run python -m tools record {lesson.chapter}."
    ]


def reference_path(chapter: str, root: Path = ROOT) -> Path:
    """Where a chapter's references are kept."""
    return root / "chapters" / "checks" / f"{chapter}.npz"


def sources_hash(lesson: Lesson, root: Path = ROOT) -> str:
    """A hash of all that decides what is recorded of a chapter."""
    texts = [
        f"{cell.exercise} {cell.points} {cell.minutes} {cell.needs} {cell.packages}\n{cell.source}"
        for cell in lesson.exercises
    ]
    files = sorted((root / "solutions" / lesson.chapter / "checks").glob("*.py"))
    checks = [path.read_text(encoding="utf-8") for path in files]
    texts = [*imports_for(lesson, [*texts, *checks]), *texts]
    # What is judged by, however it came to be there.
    files += [path for path in [tolerances_path(lesson.chapter, root)] if path.is_file()]
    return hash_of(texts, files, DECIDING)


def _recorded(chapter: str, root: Path) -> dict[str, Exercise]:
    """What is recorded already; nothing where that cannot be read."""
    try:
        return load_chapter(reference_path(chapter, root)).exercises
    except ReferenceProblem:
        return {}
