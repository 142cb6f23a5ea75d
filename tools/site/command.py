"""``python -m tools site``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from tools.generated import NotOurs, replacing
from tools.lesson import ROOT, Lesson, LessonError, chapters, read_lesson
from tools.progress import bar_beside_forks
from tools.site.build import PLOTLY, site_files
from tools.site.pages import page_name
from tools.site.problem import SiteError
from tools.site.showing import Shown, what_is_shown
from tools.student.command import Language, published_by_design
from tools.student.leak import Evidence, Leak, search_tree
from tools.verify.jobs import Result
from utils.tester.text import LANGUAGES

MARK = ".bootcamp-site"
WORKERS = min(2, os.cpu_count() or 1)


def site(
    out: Annotated[
        Path, typer.Option(help="The folder to write; an earlier site there is replaced.")
    ],
    lang: Annotated[
        Language | None, typer.Option(help="One language only.", show_default="both")
    ] = None,
    solved: Annotated[
        bool, typer.Option("--solved", help="Pages with the answers, too, beside the others.")
    ] = False,
    jobs: Annotated[
        int, typer.Option(help="How many notebooks are executed at a time.", min=1)
    ] = WORKERS,
) -> None:
    """Render the chapters as a website that loads nothing from elsewhere.

    Figures are those of the solved notebooks, which are executed once for both languages; what they
    showed is kept under build/executed until the code, the library or a package changes. Pages
    without answers are searched for answers. Exits with 1 if one is found, with 2 if the site could
    not be written; an earlier site stays as it was then.

    Example: python -m tools site --out build/site

    Example: python -m tools site --out build/site-en --lang en --solved
    """
    langs = [lang.value] if lang else list(LANGUAGES)
    try:
        lessons = [read_lesson(name) for name in chapters()]
        shown = _shown(lessons, solved, jobs)
        leaks = write_site(lessons, langs, shown, out, ROOT, solved)
    except (SiteError, LessonError, NotOurs, OSError) as problem:
        typer.secho(f"not written: {problem}", fg="red", err=True)
        raise typer.Exit(2) from None
    for leak in leaks:
        typer.secho(f"leak {leak}", fg="red", err=True)
    if leaks:
        typer.secho(
            f"{len(leaks)} leaks: {out} is not written. Remove the answer from the lesson's prose "
            "or demo that shows it, or cut the gap wider.",
            fg="red",
            err=True,
        )
        raise typer.Exit(1)
    count = len(lessons) * len(langs)
    typer.secho(f"{out}: {count} chapters' pages, no leak. Open {out / 'index.html'}", fg="green")


def write_site(
    lessons: list[Lesson],
    langs: list[str],
    shown: Shown,
    out: Path,
    root: Path = ROOT,
    solved: bool = False,
) -> list[Leak]:
    """Write the site to ``out``, unless a page that should not does hold an answer.

    Returns:
        the answers that were found; without any the site is written.

    Raises:
        SiteError: a chapter cannot be shown.
        NotOurs: ``out`` is something else.
    """
    evidence = Evidence.of(lessons, published_by_design(root))
    answered = [
        f"{lang}/{page_name(lesson.chapter, solved=True)}" for lang in langs for lesson in lessons
    ]
    try:
        with replacing(out, MARK) as folder:
            for name, content in site_files(lessons, langs, shown, root, solved):
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            leaks = search_tree(folder, evidence, [*answered, PLOTLY])
            if leaks:
                raise _Leaks
    except _Leaks:
        return leaks
    return []


class _Leaks(Exception):
    """Leaves what was written to be thrown away."""


def _shown(lessons: list[Lesson], solved: bool, jobs: int) -> Shown:
    with bar_beside_forks(console=Console(stderr=True), transient=True) as progress:

        def begin(count: int) -> None:
            progress.add_task("executing notebooks", total=count)
            progress.refresh()

        def advance(result: Result) -> None:
            told = f"executed {result.chapter}, {result.part}"
            progress.update(progress.task_ids[0], advance=1, description=told)
            progress.refresh()

        return what_is_shown(lessons, ROOT, solved, jobs, begin, advance)
