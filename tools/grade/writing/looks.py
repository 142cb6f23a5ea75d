"""What an instructor should look at before the marks go out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tools.grade.marks import Class, Graded, Mark
from tools.grade.writing.identical import Shared, shared_answers

# Kinds, the most pressing first: the title, and what to do about it.
KINDS: dict[str, tuple[str, str]] = {
    "class": ("Of the class as a whole", ""),
    "unreadable": (
        "Notebooks that could not be read",
        "They have no points. Ask for them again, or grade by hand.",
    ),
    "handed_in": ("How it was handed in", ""),
    "crashed": (
        "Python died",
        "It may be the student's code or this machine: grade these once more.",
    ),
    "unavailable": (
        "Not judged on this machine",
        "A package is missing here: install it and grade again.",
    ),
    "public_only": (
        "Right on the public cases alone",
        "Every hidden case is wrong: answers may be written out, or fitted to the public cases.",
    ),
    "library": (
        "Calls the library's own function",
        "The model's answer does without. Whether that counts is yours to say.",
    ),
    "identical": (
        "The same answers, letter by letter",
        "Not listed is what more than a third of the class has written.",
    ),
    "carried_forward": (
        "Carried forward",
        "Right with the model's functions in place of the student's earlier ones, and marked so.",
    ),
}


@dataclass(frozen=True)
class Look:
    """One thing to look at.

    Attributes:
        kind: one of ``KINDS``.
        text: what there is to say, plain text in English; empty where the kind says it all.
        submissions: whose it is, by their places in ``Class.submissions``; empty for the class's.
        exercises: which exercises; empty for all of it.
    """

    kind: str
    text: str
    submissions: tuple[int, ...] = ()
    exercises: tuple[str, ...] = ()


def looks(graded: Class) -> list[Look]:
    """All there is to look at, by kind, then in the class's order."""
    found = [*_all(graded)]
    order = list(KINDS)
    return sorted(found, key=lambda look: order.index(look.kind))


def chance_matches(graded: Class) -> list[Look]:
    """Single answers that are the same: to be listed, and nothing to act on."""
    shared = shared_answers(graded)
    return [_identical(graded, one) for one in shared if not one.telling]


def _all(graded: Class) -> Iterator[Look]:
    for problem in graded.problems:
        yield Look("class", problem)
    for number, one in enumerate(graded.submissions):
        if one.graded.problem:
            yield Look("unreadable", one.graded.problem, (number,))
        for problem in one.problems:
            yield Look("handed_in", problem, (number,))
        for mark in one.graded.marks:
            for kind in _kinds(mark, one.graded):
                yield Look(kind, mark.detail, (number,), (mark.exercise,))
    for shared in shared_answers(graded):
        if shared.telling:
            yield _identical(graded, shared)


def _kinds(mark: Mark, graded: Graded) -> list[str]:
    """Why this mark needs an eye; a flag and a status may say the same."""
    kinds = set(mark.flags) & set(KINDS)
    if mark.status in ("crashed", "unavailable") and not graded.problem:
        kinds.add(mark.status)
    if mark.carried_forward:
        kinds.add("carried_forward")
    return sorted(kinds)


def _identical(graded: Class, shared: Shared) -> Look:
    numbers = tuple(
        next(
            number
            for number, one in enumerate(graded.submissions)
            if (one.student, one.graded.chapter) == (student, shared.chapter)
        )
        for student in shared.students
    )
    several = "answers" if shared.answered > 1 else "answer"
    text = f"{len(shared.exercises)} of {shared.answered} {several} the same"
    return Look("identical", text, numbers, shared.exercises)
