"""Answers that several students handed in letter by letter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from tools.grade.marks import Class

# What so many have in common is how anybody would write it.
COMMON_SHARE, COMMON_AT_LEAST = 1 / 3, 5


@dataclass(frozen=True)
class Shared:
    """Students of whom each two have the same answers.

    Attributes:
        chapter: whose exercises they are.
        students: in order.
        exercises: those answered alike, in order.
        answered: how many each of them answered at all, the fewest.
    """

    chapter: str
    students: tuple[str, ...]
    exercises: tuple[str, ...]
    answered: int

    @property
    def telling(self) -> bool:
        """Whether it is more than one answer among several that happens to be the same."""
        return len(self.exercises) > 1 or self.answered == 1


def shared_answers(graded: Class) -> list[Shared]:
    """Who handed in the same as who, the most answers in common first.

    Answers that are the starter's or the model's do not count, nor those that more than a third
    of the class, and at least five, have written.
    """
    found = []
    for chapter in sorted({one.graded.chapter for one in graded.submissions}):
        found += _in_chapter(graded, chapter)
    return sorted(found, key=lambda one: (-len(one.exercises), one.chapter, one.students))


def _in_chapter(graded: Class, chapter: str) -> Iterable[Shared]:
    answers: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for one in graded.submissions:
        if one.graded.chapter == chapter:
            answers[one.student] |= {
                (mark.exercise, mark.source) for mark in one.graded.marks if mark.source
            }
    writers: dict[tuple[str, str], list[str]] = defaultdict(list)
    for student, own in answers.items():
        for answer in own:
            writers[answer].append(student)
    in_common: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    for answer, students in writers.items():
        if len(students) < COMMON_AT_LEAST or len(students) <= COMMON_SHARE * len(answers):
            for pair in combinations(sorted(students), 2):
                in_common[pair].add(answer)
    alike: dict[tuple[tuple[str, str], ...], list[tuple[str, str]]] = defaultdict(list)
    for pair, common in in_common.items():
        alike[tuple(sorted(common))].append(pair)
    for common, pairs in alike.items():
        exercises = tuple(sorted({exercise for exercise, _ in common}))
        for students in _groups(pairs):
            answered = min(len({name for name, _ in answers[one]}) for one in students)
            yield Shared(chapter, students, exercises, answered)


def _groups(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, ...]]:
    """Students joined by pairs, each once."""
    groups: list[set[str]] = []
    for pair in pairs:
        joined = set(pair).union(*(group for group in groups if group & set(pair)))
        groups = [group for group in groups if not group & joined] + [joined]
    return [tuple(sorted(group)) for group in groups]
