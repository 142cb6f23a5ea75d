"""Which outputs a call has, and by which rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from utils.tester.plain import base_array, items_of
from utils.tester.records import Case, Exercise
from utils.tester.rules import Numeric, Rule


def rules_of(exercise: Exercise, case: Case) -> tuple[Rule, ...]:
    """How a case's outputs are judged: by its own rules, else by the exercise's."""
    return exercise.outputs if case.outputs is None else case.outputs


def rule_of_input(case: Case, name: str) -> Numeric:
    """How an input is judged that the function has to change."""
    return Numeric(name, case.after_rtol[name]) if name in case.after_rtol else Numeric(name)


def split_outputs(returned: Any, rules: Sequence[Rule]) -> list[Any] | None:
    """The outputs one by one; None if there are not as many as rules.

    A tuple may as well be a list or an array: ``a, b = f()`` takes them all.
    """
    if len(rules) == 1:
        return [returned]
    array = base_array(returned)
    items = items_of(returned) if array is None else list(array) if array.ndim else None
    return items if items is not None and len(items) == len(rules) else None
