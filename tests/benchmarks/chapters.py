"""How long a solved chapter runs, and how much memory its kernel takes at the peak."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from rich.table import Table

from tests.notebooks import Execution, execute, read
from tools.build import write_solved
from tools.lesson import chapters, read_lesson


def tables() -> Iterator[Table]:
    """A table of every chapter: demos and exercises, then with the advanced answers."""
    table = Table(
        title="Solved chapters, executed", caption="kernel process; one fresh kernel each"
    )
    table.add_column("chapter")
    for heading in ("demos and exercises", "advanced answers", "start of the kernel", "peak"):
        table.add_column(heading, justify="right")
    for chapter in chapters():
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            write_solved([read_lesson(chapter)], folder)
            done = execute(read(folder / "en" / f"{chapter}.ipynb"), folder)
        advanced = sum(_seconds(done, "answer"))
        basic = sum(done.seconds.values()) - advanced
        table.add_row(
            chapter,
            f"{basic:.1f} s",
            f"{advanced:.1f} s",
            f"{done.start_seconds:.1f} s",
            f"{done.peak_megabytes:.0f} MB",
        )
    yield table


def _seconds(done: Execution, kind: str) -> list[float]:
    return [
        seconds
        for index, seconds in done.seconds.items()
        if kind in done.notebook.cells[index].metadata
    ]
