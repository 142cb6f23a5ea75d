"""What a task in a sandbox may take."""

from __future__ import annotations

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

    @property
    def file(self) -> int:
        return int(self.file_megabytes * MEGABYTE)

    def for_task(self) -> TaskLimits:
        """What the worker sets on itself."""
        memory = int(self.megabytes * MEGABYTE)
        return TaskLimits(
            cpu=round(self.cpu) + 1,
            data=memory,
            memory=memory,
            processes=self.processes,
            file=self.file,
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
