"""How long a solved chapter runs, and how much memory its kernel takes at the peak."""

from collections.abc import Iterator

from rich.table import Table

from tools.lesson import ROOT, chapters, read_lesson
from tools.verify.execution import Execution
from tools.verify.notebooks import execute_solved


def tables() -> Iterator[Table]:
    """A table of every chapter: demos and exercises alone, and with the advanced answers."""
    table = Table(
        title="Solved chapters, executed",
        caption="seconds from the first cell to the last; peak memory of the kernel's process",
    )
    table.add_column("chapter", no_wrap=True)
    table.add_column("cells")
    table.add_column("run", justify="right")
    table.add_column("peak", justify="right")
    for chapter in chapters():
        basic = execute_solved_chapter(chapter, advanced=False)
        whole = execute_solved_chapter(chapter, advanced=True)
        more = sum(whole.seconds.values()) - sum(basic.seconds.values())
        table.add_row(chapter, "demos and exercises", *_cost(basic))
        table.add_row("", f"with the advanced answers (+{more:.1f} s)", *_cost(whole))
    yield table


def execute_solved_chapter(chapter: str, advanced: bool) -> Execution:
    """Execute a solved notebook as a whole; it has to run through."""
    done = execute_solved(read_lesson(chapter), ROOT, advanced)
    if done.errors:
        raise RuntimeError(f"{chapter} does not run through: {done.errors}")
    return done


def _cost(done: Execution) -> tuple[str, str]:
    return f"{sum(done.seconds.values()):.1f} s", f"{done.peak_megabytes:.0f} MB"
