"""``python -m tools autograder``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tools.autograder.folder import write_autograder
from tools.autograder.settings import KEY, Settings
from tools.generated import NotOurs
from tools.grade.key import KeyProblem
from tools.lesson import ROOT, LessonError, chapters, read_lesson
from tools.record import stale_references
from utils.tester.store import ReferenceProblem


def autograder(
    out: Annotated[
        Path, typer.Option("--out", file_okay=False, help="The folder; OUT.zip is made beside it.")
    ],
    chapter: Annotated[str, typer.Option("--chapter", help="What is graded.")],
    hidden: Annotated[
        int, typer.Option("--hidden", min=0, max=1000, help="Hidden cases an exercise.")
    ] = 20,
    key: Annotated[
        Path | None,
        typer.Option(
            "--key",
            exists=True,
            dir_okay=False,
            help="Your key (that of an earlier OUT, else a new one).",
        ),
    ] = None,
    carried_forward: Annotated[
        float,
        typer.Option(
            "--carried-forward",
            min=0.0,
            max=1.0,
            help="Share of its points for an exercise that fails by an earlier one's fault.",
        ),
    ] = 1.0,
    minutes: Annotated[
        float,
        typer.Option(
            "--minutes", min=2, max=40, help="Timeout of the assignment in Gradescope's settings."
        ),
    ] = 10.0,
) -> None:
    """Build an autograder for Gradescope: a folder, and OUT.zip to upload.

    It grades as `grade --isolation reduced` does, one chapter, a container a submission. Both hold
    the solutions and your key: keep them as you keep these. Choose a base image of Ubuntu 22.04 or
    newer; when it is built, the model's own answers are graded in it.

    Exits with 2 if nothing could be built.

    Example: python -m tools autograder --out build/gradescope --chapter 08_closed_loop_control

    Example: python -m tools autograder --out build/gradescope --chapter 08_closed_loop_control
    --key ~/grading.key --hidden 40
    """
    known = chapters()
    if chapter not in known:
        raise typer.BadParameter(f"no chapter {chapter!r}. There are: {', '.join(known)}")
    try:
        stale = stale_references(read_lesson(chapter))
        if stale:
            listed = "\n".join(stale)
            raise LessonError(f"run python -m tools record {chapter} first:\n{listed}")
        zipped = write_autograder(
            ROOT, Settings(chapter, hidden, carried_forward, minutes), out, key
        )
    except (KeyProblem, LessonError, NotOurs, OSError, ReferenceProblem) as problem:
        typer.echo(f"not written: {problem}", err=True)
        raise typer.Exit(2) from None
    typer.echo(f"wrote {zipped} ({zipped.stat().st_size / 1e6:.1f} MB): upload it to Gradescope")
    typer.echo(f"the hidden cases are drawn from {out / KEY}: keep a copy, and keep it to yourself")
