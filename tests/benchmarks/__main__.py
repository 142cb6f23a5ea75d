"""``python -m tests.benchmarks``: the speed figures of the README, measured side by side."""

import os

# One thread for the linear algebra, unless asked otherwise: two cores shared with whatever else
# runs would blur every ratio. It has to be said before NumPy is first imported.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import platform
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from tests.benchmarks import chapters, em, grading, reservoir, site

# A section is a function that measures and yields its tables one by one.
SECTIONS: dict[str, Callable[[], Iterator[Table]]] = {
    "reservoir": reservoir.tables,
    "em": em.tables,
    "chapters": chapters.tables,
    "grading": grading.tables,
    "site": site.tables,
}
Section = StrEnum("Section", list(SECTIONS))


def main(
    sections: Annotated[
        list[Section] | None, typer.Argument(help="What to measure; all by default.")
    ] = None,
) -> None:
    """Measure what the README states, each figure beside what it is compared with.

    Both sides of a comparison take turns in one run, after a check that they compute the same.
    Given are medians over the turns. Seconds differ between machines, ratios much less.

    Example: python -m tests.benchmarks reservoir
    """
    console = Console()
    console.print(
        f"Python {platform.python_version()}, {os.cpu_count()} cores, "
        f"OMP_NUM_THREADS={os.environ['OMP_NUM_THREADS']}"
    )
    for section in sections or SECTIONS:
        for table in SECTIONS[section]():
            console.print(table)


typer.run(main)
