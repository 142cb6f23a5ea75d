"""What memory a submission may take where the container itself has limits."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tools.grade.judge.course import Course
from tools.grade.sandbox.limits import MEGABYTE, Limits

_SPARE = 64 * MEGABYTE  # for the judge, which goes on working

# Limit and use, in the second and in the first version of control groups.
_GROUPS = (
    ("memory.max", "memory.current"),
    ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes"),
)


def free_megabytes(
    groups: Path = Path("/sys/fs/cgroup"), machine: Path = Path("/proc/meminfo")
) -> float:
    """Memory that a submission can take before this container is stopped for taking too much."""
    lines = (line.split() for line in machine.read_text().splitlines())
    room = next(int(line[1]) * 1024 for line in lines if line[0] == "MemAvailable:")
    for limit, use in _GROUPS:
        try:
            told = (groups / limit).read_text().strip(), (groups / use).read_text().strip()
        except OSError:
            continue
        if told[0] != "max":
            room = min(room, int(told[0]) - int(told[1]))
    return max(room - _SPARE, 0) / MEGABYTE


def within(course: Course, megabytes: float) -> Course:
    """The course with limits such that no exercise takes more than this memory."""
    for name, exercises in course.chapters.items():
        limits = {one.public.id: _less(one.limits, megabytes) for one in exercises.values()}
        course = course.with_limits(name, limits)
    return course


def _less(limits: Limits, megabytes: float) -> Limits:
    return replace(limits, megabytes=min(limits.megabytes, megabytes))
