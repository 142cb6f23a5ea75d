"""Two ways of doing the same, timed in turns."""

from __future__ import annotations

import time
import timeit
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from rich.table import Table

TURNS = 25
SECONDS_A_TURN = 0.02


@dataclass(frozen=True)
class Comparison:
    """Processor time of a call, ours and the other's; their ratio turn by turn, its median."""

    what: str
    other: str
    our_seconds: float
    other_seconds: float
    ratio: float
    wanted: float | None


def compare(
    what: str,
    ours: Callable[[], object],
    other: Callable[[], object],
    other_name: str,
    wanted: float | None = None,
    turns: int | None = None,
) -> Comparison:
    """Time both in alternating turns, so that what slows the machine slows both alike.

    With ``turns``, so many turns of one call each: for what takes seconds.

    The clock is the processor's time of this process: with one thread it is what a free core would
    take, whatever else runs beside it.
    """
    timers = [timeit.Timer(way, timer=time.process_time) for way in (ours, other)]
    calls = [1, 1] if turns else [_calls_a_turn(timer) for timer in timers]
    seconds = np.array(
        [
            [timer.timeit(n) / n for timer, n in zip(timers, calls, strict=True)]
            for _ in range(turns or TURNS)
        ]
    )
    our_seconds, other_seconds = np.median(seconds, axis=0)
    ratio = np.median(seconds[:, 1] / seconds[:, 0])
    return Comparison(what, other_name, our_seconds, other_seconds, ratio, wanted)


def _calls_a_turn(timer: timeit.Timer) -> int:
    timer.timeit(3)  # what is only slow at first
    return max(1, round(SECONDS_A_TURN / (timer.timeit(10) / 10)))


def comparison_table(title: str, comparisons: list[Comparison]) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("what")
    table.add_column("compared with")
    for heading in ("ours [ms]", "other [ms]", "times faster", "wanted"):
        table.add_column(heading, justify="right")
    for row in comparisons:
        table.add_row(
            row.what,
            row.other,
            f"{row.our_seconds * 1e3:.4f}",
            f"{row.other_seconds * 1e3:.4f}",
            f"{row.ratio:.1f}",
            "" if row.wanted is None else f">= {row.wanted:g}",
        )
    return table
