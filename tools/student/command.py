"""``python -m tools student``."""

from __future__ import annotations

import tempfile
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from tools.build import stale_files
from tools.lesson import ROOT, Lesson, LessonError, chapters, read_lesson
from tools.record import stale_references
from tools.student import branch as branches
from tools.student.leak import Evidence, Leak, search_branch, search_tree
from tools.student.tree import (
    StudentTree,
    StudentTreeError,
    read_passphrases,
    write_student_tree,
)

LIBRARY_SUFFIXES = {".py", ".md"}


class Language(StrEnum):
    """A language of the bootcamp."""

    en = "en"
    ja = "ja"


class Reveal(StrEnum):
    """What becomes of the answers."""

    open = "open"
    sealed = "sealed"
    withheld = "withheld"


def student(
    lang: Annotated[Language, typer.Option(help="Which language's notebooks.")],
    out: Annotated[
        Path | None, typer.Option(help="Write the tree to this folder.", show_default=False)
    ] = None,
    branch: Annotated[
        str | None,
        typer.Option(
            help="Commit the tree on this branch: an orphan the first time, one more commit later. "
            "Your work tree is not touched.",
            show_default=False,
        ),
    ] = None,
    reveal: Annotated[
        Reveal,
        typer.Option(
            help="open: show_solution works. sealed: it asks for the chapter's passphrase. "
            "withheld: no answers at all. Sealing means nothing to somebody who can read main."
        ),
    ] = Reveal.open,
    passphrases: Annotated[
        Path | None,
        typer.Option(
            help="For --reveal sealed: a TOML file with one line a chapter, "
            'such as 08_closed_loop_control = "..."',
            show_default=False,
        ),
    ] = None,
) -> None:
    """Write what learners get, and prove that no answer is in it.

    Ends with the leak check: exit code 1 means an answer was found (each place is named, and a
    branch is not moved), 2 that the tree could not be written.

    Example: python -m tools student --lang en --branch student-en
    """
    try:
        if (out is None) == (branch is None):
            raise StudentTreeError("give either --out FOLDER or --branch NAME")
        if (reveal is Reveal.sealed) != (passphrases is not None):
            raise StudentTreeError("--reveal sealed and --passphrases FILE go together")
        lessons = [read_lesson(chapter) for chapter in chapters()]
        _refuse_stale(lessons)
        secrets = read_passphrases(passphrases) if passphrases else {}
        evidence = Evidence.of(lessons, published_by_design(ROOT))

        def write(folder: Path) -> StudentTree:
            return write_student_tree(ROOT, lessons, lang.value, folder, reveal.value, secrets)

        if out is not None:
            tree = write(out)
            leaks = search_tree(out, evidence, tree.holding_answers)
            where = str(out)
        else:
            where, leaks = _commit(branch, write, evidence, lessons)
    except (StudentTreeError, LessonError, branches.BranchError, OSError) as problem:
        typer.secho(f"not written: {problem}", fg="red", err=True)
        raise typer.Exit(2) from None
    if leaks:
        _report_leaks(where, leaks)
        raise typer.Exit(1)
    _report_no_leak(where, reveal, evidence)


def _refuse_stale(lessons: list[Lesson]) -> None:
    """A notebook and references of different lessons would fail every right answer."""
    stale = stale_files(lessons)
    for lesson in lessons:
        stale += stale_references(lesson)
    if stale:
        raise StudentTreeError(
            "what learners get is not what the lessons make; run python -m tools build and "
            "python -m tools record first:\n" + "\n".join(stale)
        )


def published_by_design(root: Path) -> list[str]:
    """The library's own text: learners read it, so what stands there gives nothing away."""
    return [
        path.read_text(encoding="utf-8")
        for path in sorted((root / "utils").rglob("*"))
        if path.suffix in LIBRARY_SUFFIXES
    ]


def _commit(
    branch: str, write, evidence: Evidence, lessons: list[Lesson]
) -> tuple[str, list[Leak]]:
    """Commit a fresh tree; the branch moves only when no commit of it would hold an answer.

    A tag of the version's name lets Colab fetch what a notebook names when the branch has moved on.
    """
    with tempfile.TemporaryDirectory() as scratch:
        tree = write(Path(scratch) / "tree")
        leaks = search_tree(tree.folder, evidence, tree.holding_answers)
        stored = branches.write_tree(ROOT, tree.folder)
    if leaks:
        return branch, leaks
    parent = branches.tip(ROOT, branch)
    # Earlier commits may have been open: their answers files were published on purpose.
    exempt = {f"chapters/checks/{lesson.chapter}.answers" for lesson in lessons}
    if parent and branches.git(ROOT, "rev-parse", f"{parent}^{{tree}}") == stored:
        return f"{branch} (nothing new)", search_branch(ROOT, parent, evidence, exempt)
    source = branches.git(ROOT, "rev-parse", "--short", "HEAD")
    message = (
        f"The bootcamp, {tree.version}\n\n"
        f"Generated from main at {source}: edit the lesson there instead."
    )
    new = branches.commit(ROOT, stored, parent, message)
    leaks = search_branch(ROOT, new, evidence, exempt)
    if not leaks:
        branches.move(ROOT, branch, new, parent)
        branches.tag(ROOT, tree.version, new)
    return f"{branch} ({new[:10]}; publish it with: git push origin {branch} {tree.version})", leaks


def _report_leaks(where: str, leaks: list[Leak]) -> None:
    for leak in leaks:
        typer.secho(f"leak {leak}", fg="red", err=True)
    typer.secho(
        f"{len(leaks)} leaks in {where}: do not publish it. "
        "Remove the answer from the place named, or cut the gap wider.",
        fg="red",
        err=True,
    )


def _report_no_leak(where: str, reveal: Reveal, evidence: Evidence) -> None:
    told = evidence.gaps - len(evidence.untellable)
    typer.secho(f"{where}: no leak; {told} of {evidence.gaps} answers looked for", fg="green")
    for answer in evidence.untellable:
        first_line = answer.partition("\n")[0]
        typer.echo(f"  not looked for, it also stands in what learners read: {first_line}")
    if reveal is Reveal.sealed:
        typer.echo("Sealed answers are worth nothing beside a public main branch.")
