"""``python -m tools grade``: from notebooks that were handed in to results."""

from __future__ import annotations

import contextlib
import os
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from tools.checkfile import CheckFileError
from tools.grade.batch import Plan
from tools.grade.cluster import ClusterError, is_address
from tools.grade.judge.limits import Asked
from tools.grade.judge.preflight import CannotGrade
from tools.grade.key import KeyProblem, exposure, load_key
from tools.grade.run import Order, run
from tools.grade.sandbox.reduced import closed_folder
from tools.grade.sandbox.starting import ISOLATIONS, SandboxError, problem_of
from tools.grade.stopping import INTERRUPTED, stoppable
from tools.grade.store import StoreProblem
from tools.grade.submissions.roster import RosterProblem, load_roster
from tools.grade.writing.github import report_to_github
from tools.grade.writing.outputs import OutputProblem, check_writable, write_outputs
from tools.grade.writing.summary import needs_look, show
from tools.lesson import LessonError, chapters
from tools.model import ModelError
from utils.github import commands_stopped
from utils.tester.store import ReferenceProblem

LOOK, NOT_GRADED = 1, 2  # exit codes
KEY, STORE = "grading.key", "grades.sqlite"
_AGAIN = "Mend that and run the same command again: what is graded is kept"

_PROBLEMS = (
    CannotGrade,
    CheckFileError,
    ClusterError,
    KeyProblem,
    LessonError,
    ModelError,
    OutputProblem,
    ReferenceProblem,
    RosterProblem,
    SandboxError,
    StoreProblem,
)


def grade(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH...", exists=True, help="Notebooks, archives, folders of either."
        ),
    ],
    out: Annotated[
        Path, typer.Option("--out", file_okay=False, help="Where the results are written.")
    ],
    chapter: Annotated[
        str | None, typer.Option("--chapter", help="This chapter alone (all if none).")
    ] = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", min=1, help="Notebooks at a time (one a core).")
    ] = None,
    roster: Annotated[
        Path | None,
        typer.Option("--roster", dir_okay=False, help="CSV: submission,student. Names the class."),
    ] = None,
    key: Annotated[
        Path | None,
        typer.Option("--key", dir_okay=False, help="Your key (OUT/grading.key, made if missing)."),
    ] = None,
    hidden: Annotated[
        int, typer.Option("--hidden", min=0, max=1000, help="Hidden cases an exercise.")
    ] = 20,
    carried_forward: Annotated[
        float,
        typer.Option(
            "--carried-forward",
            min=0.0,
            max=1.0,
            help="Share of its points for an exercise that fails by an earlier one's fault.",
        ),
    ] = 1.0,
    isolation: Annotated[
        str,
        typer.Option("--isolation", help="bubblewrap, or reduced where namespaces are forbidden."),
    ] = "bubblewrap",
    dask: Annotated[
        str | None, typer.Option("--dask", metavar="ADDRESS", help="Grade on this Dask cluster.")
    ] = None,
    store: Annotated[
        Path | None,
        typer.Option("--store", dir_okay=False, help="What is graded (OUT/grades.sqlite)."),
    ] = None,
    seconds: Annotated[
        float | None, typer.Option("--seconds", min=0.1, help="Of wall time, an exercise.")
    ] = None,
    cpu: Annotated[
        float | None, typer.Option("--cpu", min=1, help="Seconds of computing, an exercise.")
    ] = None,
    memory: Annotated[
        float | None, typer.Option("--memory", min=64, help="Megabytes, an exercise.")
    ] = None,
    processes: Annotated[
        int | None, typer.Option("--processes", min=2, help="Processes and threads at a time.")
    ] = None,
    files: Annotated[
        float | None, typer.Option("--files", min=1, help="Megabytes in files, an exercise.")
    ] = None,
    value: Annotated[
        float | None, typer.Option("--value", min=0.1, help="Megabytes that one call returns.")
    ] = None,
) -> None:
    """Grade a class: strangers' notebooks, each in a sandbox, against public and hidden cases.

    PATH is a notebook, an archive, a student's folder, or a folder of any of these; a student is
    the top folder's name or the file's. Only what an exercise needs of a notebook is run. Marks
    are all or nothing an exercise and come from hidden cases, drawn from your key: keep it, the
    same key gives the same marks. Limits are told from what the model's own answer takes.

    Writes results.json, grades.csv, junit.xml, report.html for you, feedback/ and gradescope/ for
    students, timings.csv. What is graded is kept: run the same command again after an interruption
    (Ctrl-C, a crash, a full disk) and it goes on from there.

    Exits with 0 when all is graded, 1 when something needs your eye (report.html says what), 2
    when it could not grade, 130 when it was stopped.

    Example: python -m tools grade submissions --out build/grades

    Example: python -m tools grade submissions --out build/grades --roster class.csv --jobs 8

    Example: python -m tools grade one.ipynb --out build/one --chapter 08_closed_loop_control
    """
    known = chapters()
    if chapter is not None and chapter not in known:
        raise typer.BadParameter(f"no chapter {chapter!r}. There are: {', '.join(known)}")
    if isolation not in ISOLATIONS:
        raise typer.BadParameter(f"--isolation is one of {', '.join(ISOLATIONS)}")
    if dask is not None and not is_address(dask):
        raise typer.BadParameter(f"--dask is an address, such as tcp://10.0.0.5:8786; not {dask!r}")
    problem = problem_of(isolation)
    if problem:
        _refuse(problem)
    with _explained(), stoppable():
        if isolation == "reduced":  # where submissions see what everybody does
            closed_folder(out)
        check_writable(out)
        order = Order(
            paths=tuple(paths),
            roster=load_roster(roster) if roster else None,
            plan=Plan(
                chapters=(chapter,) if chapter else tuple(known),
                key=load_key(key or out / KEY),
                hidden=hidden,
                isolation=isolation,
                carried_share=carried_forward,
                hide=tuple(str(path.resolve()) for path in (*paths, out, key or out, store or out)),
                asked=Asked(seconds, cpu, memory, processes, files, value),
                fallback=chapter,
            ),
            jobs=jobs or os.cpu_count() or 1,
            dask=dask,
            store=store or out / STORE,
        )
        with commands_stopped():  # on GitHub nothing of a stranger's is taken for a command
            if warning := exposure(key or out / KEY):
                typer.echo(warning, err=True)
            graded, lost = run(order, Console(stderr=True))
            write_outputs(out, graded)
            show(graded, Console())
        report_to_github(graded)
    typer.echo(f"wrote {out / 'report.html'} and more beside it")
    if not graded.submissions:
        _refuse("\n".join(["Nothing was graded.", *graded.problems]))
    if lost:
        _refuse("Not graded, as the grader died of it: " + ", ".join(lost))
    if needs_look(graded):
        raise typer.Exit(LOOK)


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    """Whatever goes wrong in the block ends in a sentence and an exit code of its own."""
    try:
        yield
    except KeyboardInterrupt as interrupted:
        typer.echo(f"Stopped. {interrupted or 'Run the same command again.'}", err=True)
        raise typer.Exit(INTERRUPTED) from None
    except _PROBLEMS as error:
        _refuse(str(error))
    except OSError as error:
        _refuse(f"{error.filename or 'this machine'}: {error.strerror or error}. {_AGAIN}.")
    except Exception:  # never to be taken for "some need a look"
        traceback.print_exc()
        _refuse("This is a mistake in the grader itself. What was graded is kept.")


def _refuse(why: str) -> NoReturn:
    typer.echo(why, err=True)
    raise typer.Exit(NOT_GRADED)
