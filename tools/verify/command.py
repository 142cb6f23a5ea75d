"""``python -m tools verify``: whether the checks tell right from wrong, and show it."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from tools.build import orphans
from tools.lesson import LessonError, chapters, read_lesson
from tools.model import ModelError
from tools.mutants import ChapterMutants, drafted, mutants_table, mutate_chapter, unexplained
from tools.progress import bar_beside_forks
from tools.verify.budgets import GATE, Spent
from tools.verify.jobs import Job, Result, run_jobs
from tools.verify.junit import junit
from tools.verify.page import page
from tools.verify.plan import plan
from tools.verify.report import make_report
from tools.verify.terminal import show
from utils.files import write_whole

WORKERS = min(2, os.cpu_count() or 1)


def verify(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[CHAPTER]...", help="All chapters if none.")
    ] = None,
    junit_file: Annotated[
        Path | None, typer.Option("--junit", help="JUnit XML, for CI.", dir_okay=False)
    ] = None,
    mutants: Annotated[
        bool, typer.Option("--mutants", help="Judge mutants anew where something has changed.")
    ] = False,
    html_file: Annotated[
        Path | None, typer.Option("--html", help="A page for instructors.", dir_okay=False)
    ] = None,
) -> None:
    """Check the checks: right answers pass, wrong ones get their hint, nothing is half there.

    Runs every model, starter, known mistake and alternative, the notebooks, and the calibration of
    all tolerances. What became of the mutants is kept beside the lesson; --mutants judges those
    again whose exercise has changed, without it a result that is stale is a failure. Without
    CHAPTER, generated files of chapters that are gone are a failure too. Exits with 1 if anything
    is not as it has to be.

    Example: python -m tools verify 08_closed_loop_control --html build/verify.html

    Example: python -m tools verify --mutants
    """
    known = chapters()
    for name in names or []:
        if name not in known:
            raise typer.BadParameter(f"no chapter {name!r}. There are: {', '.join(known)}")
    console = Console()
    started = time.perf_counter()
    try:
        lessons = [read_lesson(name) for name in names or known]
    except LessonError as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from None
    results = _run([job for lesson in lessons for job in plan(lesson)])
    gate = Spent("the gate, mutants apart", time.perf_counter() - started, GATE * len(lessons))
    # After the workers: it forks its own.
    found = [_mutants(lesson.chapter, check=not mutants) for lesson in lessons]
    reports = [
        make_report(lesson, results, mutated)
        for lesson, mutated in zip(lessons, found, strict=True)
    ]
    for report in reports:
        show(report, console)
    strays = orphans(lessons) if not names else []
    for stray in strays:
        console.print(f"[red]✗[/red] {escape(stray)}", soft_wrap=True, highlight=False)
    if mutants:
        console.print(mutants_table(found))
        for chapter in found:
            _draft_equivalents(chapter, console)
    failed = sum(len(report.problems) for report in reports) + len(strays) + len(gate.problems())
    console.print(f"{f'{failed} problems' if failed else 'all is well'}; {gate}", highlight=False)
    try:
        if junit_file:
            write_whole(junit_file, junit(reports, strays))
        if html_file:
            write_whole(html_file, page(reports, strays).encode())
    except OSError as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from None
    if failed:
        raise typer.Exit(1)


def _mutants(chapter: str, check: bool) -> ChapterMutants:
    try:
        return mutate_chapter(chapter, check=check)
    except (LessonError, ModelError) as error:
        return ChapterMutants(chapter, {}, [str(error)])


def _draft_equivalents(chapter: ChapterMutants, console: Console) -> None:
    """Print what to paste for survivors that turn out to be right; nobody types them by hand."""
    survivors = unexplained(chapter)
    if survivors:
        name = f"solutions/{chapter.chapter}/equivalents.toml"
        console.print(f"For {name}, those that are right, each with its reason:\n")
        console.print(drafted(survivors), markup=False, highlight=False, soft_wrap=True)


def _run(jobs: list[Job]) -> list[Result]:
    with bar_beside_forks(console=Console(stderr=True)) as progress:
        task = progress.add_task("verify", total=len(jobs))
        progress.refresh()

        def advance(result: Result) -> None:
            progress.update(task, advance=1, description=f"{result.part} {result.subject}".strip())
            progress.refresh()

        return run_jobs(jobs, WORKERS, advance)
