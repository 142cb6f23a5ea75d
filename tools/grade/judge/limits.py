"""What a submission may take: asked for, or told from what the model's own answer takes."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tools.grade.sandbox.limits import Limits


@dataclass(frozen=True)
class Asked:
    """Limits that an instructor gives; None for those told from the model's cost."""

    seconds: float | None = None
    cpu: float | None = None
    megabytes: float | None = None
    processes: int | None = None
    file_megabytes: float | None = None
    value_megabytes: float | None = None


@dataclass(frozen=True)
class Cost:
    """What the model's own answer takes.

    Attributes:
        seconds: wall time of all its calls.
        megabytes: of its process.
        value_megabytes: of its largest value.
        processes: processes and threads at a time.
        file_megabytes: of all files it writes.
    """

    seconds: float
    megabytes: float
    value_megabytes: float = 0.0
    processes: int = 1
    file_megabytes: float = 0.0


def limits_from(cost: Cost, asked: Asked) -> Limits:
    """Limits of an exercise whose model takes so much.

    Twenty times the model's time and at least ten seconds, as in a notebook; four times its memory
    and half a gigabyte more; ten times its largest value and a megabyte more; four times its
    processes and its files, and at least 16 of the first and 16 megabytes of the second. All of
    them rounded up to coarse steps: what a submission comes to must not depend on the machine's
    mood.

    Args:
        cost: the model's.
        asked: what is to be otherwise.
    """
    seconds = asked.seconds or _stepped(max(10.0, 20 * cost.seconds))
    return Limits(
        seconds=seconds,
        cpu=asked.cpu or 2 * seconds,
        megabytes=asked.megabytes or 256 * math.ceil(2 + cost.megabytes / 64),
        processes=asked.processes or _sixteens(4 * cost.processes),
        file_megabytes=asked.file_megabytes or _sixteens(4 * cost.file_megabytes),
        value_megabytes=asked.value_megabytes or math.ceil(1 + 10 * cost.value_megabytes),
    )


def _sixteens(count: float) -> int:
    """The next multiple of 16; 16 where there is nothing."""
    return 16 * max(1, math.ceil(count / 16))


def _stepped(seconds: float) -> float:
    """The next of 1, 2, 5, 10, 20, 50, ..."""
    power = 10.0 ** math.floor(math.log10(seconds))
    return next(step * power for step in (1, 2, 5, 10) if seconds <= step * power)
