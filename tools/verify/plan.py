"""Everything that is verified of a chapter, as jobs; of those alike the longest first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from tools.build import stale_files
from tools.calibration.draws import drawn_exercise
from tools.calibration.elsewhere import Elsewhere, run_elsewhere
from tools.calibration.measuring import measure
from tools.calibration.places import tolerances_of
from tools.checkfile import CheckFile, load_check_file
from tools.lesson import ROOT, Cell, Lesson
from tools.record import reference_path, stale_references
from tools.verify.answers import Exam
from tools.verify.budgets import VERDICT, Spent
from tools.verify.content import emptied_functions, too_few
from tools.verify.diagnosing import try_all
from tools.verify.jobs import Found, Job
from tools.verify.languages import differing_code, differing_formulas, untranslated
from tools.verify.notebooks import (
    answers_come_last,
    run_both,
    run_demos,
    run_solved,
    run_untouched,
)
from utils.tester.store import load_chapter
from utils.tester.text import LANGUAGES

# The parts of the gate that are an exercise's, in the order in which reports show them.
OF_EXERCISES = (
    *("model", "starter", "gaps", "texts"),
    *("mistakes", "alternatives", "diagnoses", "calibration"),
)
# Those that are a chapter's.
OF_CHAPTERS = ("notebooks", "generated files", "languages", "other kernels")


def plan(lesson: Lesson, root: Path = ROOT) -> list[Job]:
    """The jobs of a chapter."""
    return [*_of_chapter(lesson, root), *_of_exercises(lesson, root)]


def _of_chapter(lesson: Lesson, root: Path) -> Iterator[Job]:
    def job(part: str, subject: str, run: Callable[[], Found], heavy: float = 0.0) -> Job:
        return Job(lesson.chapter, part, subject, run, heavy)

    demos, solved = lesson.setup.demos, lesson.setup.demos + lesson.setup.advanced
    at_once = answers_come_last(lesson)
    run = partial(_spending, run_both if at_once else run_solved, lesson, root)
    yield job("notebooks", "solved", run, solved)
    if not at_once:
        run = partial(_spending, run_demos, lesson, root)
        yield job("notebooks", "without advanced answers", run, demos)
    yield job("other kernels", "", lambda: Found(detail=_elsewhere(lesson, root)))
    for lang in LANGUAGES:
        run = partial(_spending, run_untouched, lesson, lang, root)
        yield job("notebooks", f"untouched, {lang}", run)
    yield job(
        "generated files",
        "",
        lambda: Found([*stale_files([lesson], root), *stale_references(lesson, root)]),
    )
    yield job("languages", "code", lambda: Found(differing_code(lesson, root)))
    yield job("languages", "formulas", lambda: Found(differing_formulas(lesson)))


def _spending(run: Callable[..., Any], *arguments: Any) -> Found:
    problems, spent = run(*arguments)
    return Found([*problems, *(problem for one in spent for problem in one.problems())], spent)


def _of_exercises(lesson: Lesson, root: Path) -> Iterator[Job]:
    parts = {
        "calibration": _calibration,
        "diagnoses": _diagnoses,
        "mistakes": _mistakes,
        "alternatives": _alternatives,
        "model": _model,
        "starter": _starter,
        "gaps": _gaps,
        "texts": _texts,
    }
    for part, run in parts.items():
        for cell in lesson.exercises:
            yield Job(lesson.chapter, part, cell.exercise, partial(run, lesson, cell, root))


def _exam(lesson: Lesson, cell: Cell, root: Path) -> Exam:
    recorded = load_chapter(reference_path(lesson.chapter, root))
    return Exam(lesson, recorded, cell.exercise, root)


def _checks(lesson: Lesson, cell: Cell, root: Path) -> CheckFile:
    return load_check_file(root, lesson.chapter, cell.exercise)


def _model(lesson: Lesson, cell: Cell, root: Path) -> Found:
    exam = _exam(lesson, cell, root)
    problems, seconds = exam.of_model()
    spent = Spent(f"verdict on the model's {cell.exercise}", seconds, VERDICT)
    return Found([*problems, *spent.problems()], [spent])


def _starter(lesson: Lesson, cell: Cell, root: Path) -> Found:
    exam = _exam(lesson, cell, root)
    problems = [problem for lang in LANGUAGES for problem in exam.of_starter(lang)]
    return Found(problems + exam.of_half_done())


def _gaps(lesson: Lesson, cell: Cell, root: Path) -> Found:
    return Found([*emptied_functions(cell), *too_few(_checks(lesson, cell, root))])


def _texts(lesson: Lesson, cell: Cell, root: Path) -> Found:
    return Found(untranslated(_checks(lesson, cell, root), cell))


def _mistakes(lesson: Lesson, cell: Cell, root: Path) -> Found:
    exam = _exam(lesson, cell, root)
    return _each(exam.checks.mistakes, exam.of_mistake)


def _alternatives(lesson: Lesson, cell: Cell, root: Path) -> Found:
    exam = _exam(lesson, cell, root)
    return _each(exam.checks.alternatives, exam.of_alternative)


def _diagnoses(lesson: Lesson, cell: Cell, root: Path) -> Found:
    exam = _exam(lesson, cell, root)
    trials = try_all(exam.recorded.exercises[cell.exercise], exam.answers.model())
    problems = [f"exercise {cell.exercise}: {trial.problem}" for trial in trials if trial.problem]
    return Found(problems, trials)


def _each(items: tuple[Any, ...], examine: Callable[[Any], list[str]]) -> Found:
    """What is wrong with any, and by name with each."""
    by_name = {item.name: examine(item) for item in items}
    return Found([problem for found in by_name.values() for problem in found], by_name)


def _calibration(lesson: Lesson, cell: Cell, root: Path) -> Found:
    recorded = load_chapter(reference_path(lesson.chapter, root)).exercises[cell.exercise]
    checks = _checks(lesson, cell, root)
    measured = measure(lesson, checks, drawn_exercise(lesson, checks, cell))
    problems = [f"{checks.file}: {problem}" for problem in measured.problems]
    return Found(problems, (measured, tolerances_of(recorded)))


def _elsewhere(lesson: Lesson, root: Path) -> list[Elsewhere]:
    cells = lesson.exercises
    drawn = [drawn_exercise(lesson, _checks(lesson, cell, root), cell) for cell in cells]
    return run_elsewhere(lesson, drawn)
