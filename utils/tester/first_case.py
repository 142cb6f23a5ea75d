"""Answers that fit the first case alone, or every case that is like it in one argument."""

from __future__ import annotations

from collections.abc import Sequence

from utils.tester.compare import compare
from utils.tester.diagnoses import Diagnosis
from utils.tester.records import Case
from utils.tester.rules import Exact
from utils.tester.verdict import CaseResult

MIN_FAILING = 2  # cases; one that fails may have any reason


def only_as_in_the_first(results: Sequence[CaseResult]) -> Diagnosis | None:
    """The first case is right, and beside it exactly those that share an argument with it.

    None where several arguments fit, unless nothing but the first case is right.
    """
    first, *later = (one for one in results if one.case.call == results[0].case.call)
    failing = [one for one in later if not one.passed]
    ended = any(one.outcome.timed_out or one.outcome.misfit for one in failing)
    if not first.passed or ended or len(failing) < MIN_FAILING:
        return None
    names = dict.fromkeys(name for one in (first, *later) for name in one.case.inputs)
    fitting = [
        name
        for name in names
        if all(_same(first.case, one.case, name) == one.passed for one in later)
    ]
    if len(fitting) == 1:
        return Diagnosis("argument", detail={"name": fitting[0]})
    return Diagnosis("first_only") if len(failing) == len(later) else None


def _same(one: Case, other: Case, name: str) -> bool:
    """Whether an argument is the same in both calls, or left out of both."""
    if (name in one.inputs) != (name in other.inputs):
        return False
    if name not in one.inputs:
        return True
    return compare(Exact(name), one.inputs[name], other.inputs[name], {}, {}) is None
