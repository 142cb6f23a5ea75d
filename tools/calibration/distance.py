"""How far an output is from the reference, in the units of its tolerance."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from utils.tester import properties
from utils.tester.compare import Nonconforming, conform
from utils.tester.outcome import Outcome
from utils.tester.outputs import rule_of_input, rules_of, split_outputs
from utils.tester.records import Case, Exercise
from utils.tester.rules import Exact, Property, Rule

Place = tuple[str | None, str]  # function called by name, output or changed input


def limits(exercise: Exercise, case: Case) -> dict[Place, float]:
    """The relative tolerance of each output that has one, and of each input to be changed."""
    return {place: _limit(rule) for place, rule in _rules(exercise, case).items()}


def distances(exercise: Exercise, case: Case, outcome: Outcome) -> dict[Place, float]:
    """The distance of each output from ``case.expected``, where it can be told in numbers.

    The largest error beside the largest entry of the reference, which is what ``rtol`` is compared
    with; of a property its violation. Missing where a shape, a type or a length differs, or where
    nothing was returned.
    """
    if not outcome.finished:
        return {}
    rules = rules_of(exercise, case)
    got = split_outputs(outcome.returned, rules)
    if got is None:
        return {}
    pairs = {
        (case.call, rule.name): pair for rule, *pair in zip(rules, case.expected, got, strict=True)
    }
    for name in case.mutates:
        pairs[_changed(case, name)] = (case.after[name], outcome.after[name])
    found = {}
    for place, rule in _rules(exercise, case).items():
        distance = _distance(rule, *pairs[place], case)
        if distance is not None:
            found[place] = distance
    return found


def _rules(exercise: Exercise, case: Case) -> dict[Place, Rule]:
    rules = rules_of(exercise, case)
    all_rules = {(case.call, rule.name): rule for rule in rules}
    all_rules |= {_changed(case, name): rule_of_input(rules, name) for name in case.mutates}
    return {place: rule for place, rule in all_rules.items() if not isinstance(rule, Exact)}


def _changed(case: Case, name: str) -> Place:
    return case.call, f"{name}, changed"


def _limit(rule: Rule) -> float:
    return rule.limit if isinstance(rule, Property) else rule.rtol


def _distance(rule: Rule, expected: Any, got: Any, case: Case) -> float | None:
    try:
        plain = conform(expected, got, rule.name)
    except Nonconforming:
        return None
    if isinstance(rule, Property):
        return properties.violation(rule.check, case.inputs, plain, case.extras)
    reference = conform(expected, expected, rule.name)
    return max((_relative(*pair) for pair in _arrays(reference, plain)), default=0.0)


def _arrays(expected: Any, got: Any) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The arrays of two values of one structure, side by side."""
    if isinstance(expected, np.ndarray):
        yield expected, got
    elif isinstance(expected, list):
        for pair in zip(expected, got, strict=True):
            yield from _arrays(*pair)
    elif isinstance(expected, dict):
        for key in expected:
            yield from _arrays(expected[key], got[key])


def _relative(expected: np.ndarray, got: np.ndarray) -> float:
    wide = complex if "c" in (expected.dtype.kind, got.dtype.kind) else float
    one, other = expected.astype(wide), got.astype(wide)
    with np.errstate(all="ignore"):
        same = (one == other) | (np.isnan(one) & np.isnan(other))
        error = float(np.where(same, 0.0, np.abs(other - one)).max(initial=0.0))
    scale = float(np.abs(one[np.isfinite(one)]).max(initial=0.0))
    if error == 0.0:
        return 0.0
    return error / scale if scale and math.isfinite(error) else math.inf
