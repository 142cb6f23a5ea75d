"""How long the site takes when nothing has to be executed."""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from rich.table import Table

from tools.lesson import ROOT, chapters

TURNS = 3
WANTED = 30  # seconds


def tables() -> Iterator[Table]:
    """The command as it is typed, both languages, from what is kept of executed notebooks."""
    table = Table(
        title=f"Site of {len(chapters())} chapters in both languages, nothing executed",
        caption=f"the whole command, leak check included; median of {TURNS}",
    )
    table.add_column("pages")
    table.add_column("seconds", justify="right")
    table.add_column("wanted", justify="right")
    for what, options in {"without answers": [], "with answers too": ["--solved"]}.items():
        build(options)  # executes what has changed
        seconds = statistics.median(build(options) for _ in range(TURNS))
        table.add_row(what, f"{seconds:.1f}", f"< {WANTED}" if not options else "")
    yield table


def build(options: list[str]) -> float:
    """Build the site in a process of its own; returns the seconds it took."""
    with tempfile.TemporaryDirectory() as scratch:
        command = [sys.executable, "-m", "tools", "site", "--out", str(Path(scratch) / "site")]
        start = time.perf_counter()
        subprocess.run([*command, *options], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - start
