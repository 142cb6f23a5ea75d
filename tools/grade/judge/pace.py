"""Grading that has to end by a certain time: what is left of it, shared by what is still to run."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace

from tools.grade.judge.course import Assignment, Course
from tools.grade.sandbox.limits import Limits

LEAST = 1.0  # seconds that an exercise gets as long as there is any time


class Pace:
    """The limits of one notebook's runs, each told when it is about to begin.

    Whoever takes less than its share leaves the rest to those that follow; whoever takes all of it
    takes none of theirs.

    Args:
        assignments: the notebook's.
        deadline: by ``time.monotonic``.
    """

    def __init__(self, assignments: Iterable[Assignment], deadline: float) -> None:
        assignments = list(assignments)
        self._deadline = deadline
        self._first = [one for one in assignments if not one.lacking]
        self._again = [one for one in self._first if one.given]

    @property
    def longest(self) -> float:
        """Seconds that the worst notebook takes: each run that may still come, to its end."""
        return sum(one.limits.wall for one in (*self._first, *self._again))

    def begin(self, assignment: Assignment) -> Limits | None:
        """The limits of an exercise's first run; None where there is no time left."""
        return self._begin(assignment, self._first)

    def begin_again(self, assignment: Assignment) -> Limits | None:
        """Those of its run with the model's functions for the exercises before."""
        return self._begin(assignment, self._again)

    def skip(self, assignment: Assignment, again: bool = False) -> None:
        """An exercise is not run, or not again: its time is the others'."""
        waiting = self._again if again else self._first
        waiting[:] = [one for one in waiting if one.public.id != assignment.public.id]

    def _begin(self, assignment: Assignment, waiting: list[Assignment]) -> Limits | None:
        longest = self.longest
        self.skip(assignment, waiting is self._again)
        left = self._deadline - time.monotonic()
        return less(assignment.limits, left / longest) if left > 0 else None


def longest(course: Course) -> float:
    """Seconds that the worst notebook takes: each exercise to its end, and once more."""
    return sum(Pace(one.values(), course.deadline).longest for one in course.chapters.values())


def less(limits: Limits, share: float) -> Limits:
    """Limits with this share of the wall time, where it is less than all."""
    if share >= 1:
        return limits
    seconds = max(LEAST, limits.seconds - (1 - share) * limits.wall / 2)
    return replace(limits, seconds=seconds, cpu=min(limits.cpu, 2 * seconds))
