"""What a submission may take where the container itself has limits."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tools.grade.course import Assignment, Course
from tools.grade.limits import MEGABYTE, Limits

_SPARE = 64 * MEGABYTE  # for the judge, which goes on working
_LEAST = 1.0  # seconds

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


def longest(course: Course) -> float:
    """Seconds that the worst notebook takes: each exercise to its end, and once more."""
    return sum(
        _runs(one) * one.limits.wall
        for exercises in course.chapters.values()
        for one in exercises.values()
    )


def within(course: Course, seconds: float, megabytes: float) -> Course:
    """The course with limits such that any notebook is graded in this time and memory."""
    share = min(1.0, seconds / longest(course))
    for name, exercises in course.chapters.items():
        limits = {one.public.id: _less(one.limits, share, megabytes) for one in exercises.values()}
        course = course.with_limits(name, limits)
    return course


def _runs(assignment: Assignment) -> int:
    if assignment.lacking:
        return 0
    return 2 if assignment.given else 1


def _less(limits: Limits, share: float, megabytes: float) -> Limits:
    seconds = max(_LEAST, limits.seconds - (1 - share) * limits.wall / 2)
    return replace(
        limits,
        seconds=seconds,
        cpu=min(limits.cpu, 2 * seconds),
        megabytes=min(limits.megabytes, megabytes),
    )
