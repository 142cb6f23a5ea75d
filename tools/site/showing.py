"""What the executed notebooks show: from what is kept, and executed where nothing is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from tools import executed
from tools.executed import Outputs
from tools.lesson import Lesson
from tools.site.problem import SiteError
from tools.verify.jobs import Found, Job, Result, run_jobs
from tools.verify.notebooks import execute_solved, problems_of, solved_notebook
from utils.optional import missing_packages

Shown = dict[tuple[str, bool], Outputs]


def what_is_shown(
    lessons: Sequence[Lesson],
    root: Path,
    solved: bool,
    workers: int,
    begin: Callable[[int], None] = lambda count: None,
    advance: Callable[[Result], None] = lambda result: None,
) -> Shown:
    """The outputs of each chapter's solved notebook, by its name and whether advanced questions
    are answered in it.

    What was executed is kept at once: whoever interrupts this goes on from there. Code is the same
    in both languages, so that a chapter is executed once.

    Args:
        solved: whether the outputs of the advanced answers are wanted too.
        workers: how many notebooks are executed at a time.
        begin: called with the number of notebooks that have to be executed.
        advance: called as each has ended.

    Raises:
        SiteError: a package is missing, or a notebook does not run through.
    """
    every = {
        (lesson.chapter, advanced): executed.path_of(
            root, lesson.chapter, solved_notebook(lesson, root, advanced)
        )
        for lesson in lessons
        for advanced in (False, True)
    }
    wanted = {name: path for name, path in every.items() if solved or not name[1]}
    shown = {name: executed.load(path) for name, path in wanted.items()}
    missing = [name for name, outputs in shown.items() if outputs is None]
    if missing:
        begin(len(missing))
        _execute(lessons, root, missing, workers, advance)
        shown |= {name: executed.load(wanted[name]) for name in missing}
    for lesson in lessons:
        executed.sweep(root, lesson.chapter, every.values())
    return shown


def _execute(
    lessons: Sequence[Lesson],
    root: Path,
    missing: Sequence[tuple[str, bool]],
    workers: int,
    advance: Callable[[Result], None],
) -> None:
    known = {lesson.chapter: lesson for lesson in lessons}
    for chapter in dict(missing):
        _refuse_without_packages(known[chapter])
    jobs = [
        Job(
            chapter,
            "with the advanced answers" if advanced else "solved",
            "",
            partial(_run, known[chapter], root, advanced),
        )
        for chapter, advanced in missing
    ]
    failed = [result for result in run_jobs(jobs, workers, advance) if result.problems]
    if failed:
        raise SiteError(
            "\n".join(
                f"solutions/{result.chapter}: {problem}"
                for result in failed
                for problem in result.problems
            )
            + "\nThe solved notebook has to run through; see: python -m tools verify"
        )


def _run(lesson: Lesson, root: Path, advanced: bool) -> Found:
    return Found(problems_of(execute_solved(lesson, root, advanced), lesson, "passed"))


def _refuse_without_packages(lesson: Lesson) -> None:
    """Without them the notebook would run through and show nothing."""
    lacking = missing_packages(lesson.packages)
    if lacking:
        raise SiteError(
            f"{lesson.chapter}: its figures take {', '.join(lacking)}. "
            f"Install: python -m pip install {' '.join(lacking)}"
        )
