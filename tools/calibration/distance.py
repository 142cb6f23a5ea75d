"""How far an output is from the reference, in the units of its tolerance."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from tools.calibration.places import Place, changed_input, rules_by_place
from utils.tester import properties
from utils.tester.compare import Nonconforming, conform
from utils.tester.outcome import Outcome
from utils.tester.outputs import rules_of, split_outputs
from utils.tester.records import Case, Exercise
from utils.tester.rules import Property, Rule


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
        pairs[changed_input(case, name)] = (case.after[name], outcome.after[name])
    found = {}
    for place, rule in rules_by_place(exercise, case).items():
        distance = _distance(rule, *pairs[place], case)
        if distance is not None:
            found[place] = distance
    return found


def _distance(rule: Rule, expected: Any, got: Any, case: Case) -> float | None:
    try:
        plain = conform(expected, got, rule.name)
    except Nonconforming:
        return None
    if isinstance(rule, Property):
        try:
            return properties.violation(rule.check, case.inputs, plain, case.extras)
        except properties.WrongShape:
            return None
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
