"""What a submission may take: asked for, or told from what the model's own answer takes."""

from __future__ import annotations

import math
from dataclasses import dataclass

from utils.worker.limits import TaskLimits

MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Limits:
    """Limits of one exercise.

    Attributes:
        seconds: of wall time, for all calls together; as much again for the statements before.
        cpu: seconds of computing.
        megabytes: of memory, all its processes together.
        processes: processes and threads at a time.
        file_megabytes: of all files it writes.
        value_megabytes: of what one call returns.
    """

    seconds: float
    cpu: float
    megabytes: float
    processes: int
    file_megabytes: float
    value_megabytes: float

    @property
    def wall(self) -> float:
        """Seconds until an exercise is ended from outside."""
        return 2 * self.seconds + 2

    @property
    def value(self) -> int:
        return int(self.value_megabytes * MEGABYTE)

    def for_task(self) -> TaskLimits:
        """What the worker sets on itself."""
        memory = int(self.megabytes * MEGABYTE)
        return TaskLimits(
            cpu=round(self.cpu) + 1,
            data=memory,
            memory=memory,
            processes=self.processes,
            file=int(self.file_megabytes * MEGABYTE),
        )


# For the model's own run, by which the others are set; for reading a notebook, an archive.
GENEROUS = Limits(
    seconds=120, cpu=240, megabytes=4096, processes=64, file_megabytes=64, value_megabytes=256
)
READING = Limits(
    seconds=20, cpu=40, megabytes=2048, processes=16, file_megabytes=1, value_megabytes=16
)

UNPACKING = Limits(
    seconds=60, cpu=60, megabytes=2048, processes=16, file_megabytes=1, value_megabytes=110
)


@dataclass(frozen=True)
class Asked:
    """Limits that an instructor gives; None for those told from the model's cost."""

    seconds: float | None = None
    cpu: float | None = None
    megabytes: float | None = None
    processes: int | None = None
    file_megabytes: float | None = None
    value_megabytes: float | None = None


def limits_from(
    cost_seconds: float, cost_megabytes: float, cost_value: float, asked: Asked
) -> Limits:
    """Limits of an exercise whose model takes so much.

    Twenty times the model's time and at least ten seconds, as in a notebook; four times its memory
    and half a gigabyte more; ten times its largest value and a megabyte more. All of them rounded
    up to coarse steps: what a submission comes to must not depend on the machine's mood.

    Args:
        cost_seconds: wall time of all the model's calls.
        cost_megabytes: of its process.
        cost_value: megabytes of its largest value.
        asked: what is to be otherwise.
    """
    seconds = asked.seconds or _stepped(max(10.0, 20 * cost_seconds))
    return Limits(
        seconds=seconds,
        cpu=asked.cpu or 2 * seconds,
        megabytes=asked.megabytes or 256 * math.ceil(2 + cost_megabytes / 64),
        processes=asked.processes or 16,
        file_megabytes=asked.file_megabytes or 16,
        value_megabytes=asked.value_megabytes or math.ceil(1 + 10 * cost_value),
    )


def _stepped(seconds: float) -> float:
    """The next of 1, 2, 5, 10, 20, 50, ..."""
    power = 10.0 ** math.floor(math.log10(seconds))
    return next(step * power for step in (1, 2, 5, 10) if seconds <= step * power)
