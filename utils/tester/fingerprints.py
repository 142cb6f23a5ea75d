"""Recognising a mistake by what it returns, without keeping everything that it returned.

An output is remembered by its shape, its scale and two sums with fixed weights; the weights come
from integer arithmetic, so they are the same on every machine and in every version of NumPy.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from utils.tester.outcome import Outcome, Raised
from utils.tester.outputs import rules_of, split_outputs
from utils.tester.plain import MAX_DEPTH, as_numbers, is_a, items_of, type_name
from utils.tester.records import Case, Exercise, KnownMistake
from utils.tester.values import UnknownValue, library_kind, library_state

# Wrong answers of another machine or another style agree to this, relative to the scale.
RTOL = 1e-6
# An output no larger than this is silent: its digits are rounding errors.
SILENT = 1e-12
DIGITS = 9
# The most items of one output that are looked into; what comes after them goes unnoticed.
MAX_ITEMS = 1000
# What an exception's text says of this one run: where an object lies in memory.
ADDRESS = re.compile(r"\b0x[0-9a-fA-F]+")
# Functions without a name, at the end of the name of the one they stand in: lambdas, and
# comprehensions, which have a frame of their own before Python 3.12 alone.
NAMELESS = re.compile(r"(\.<locals>\.<\w+>)+$")


def fingerprint(value: Any) -> Any:
    """What to remember of a value, in JSON. Equal for a list and the array it spells."""
    return _Printer().print(value, 0)


class _Printer:
    def __init__(self) -> None:
        self.left = MAX_ITEMS

    def print(self, value: Any, depth: int) -> Any:
        self.left -= 1
        if self.left < 0 or depth > MAX_DEPTH:
            return {"type": type_name(value)}
        numbers = as_numbers(value)
        if numbers is not None:
            return _print_numbers(numbers)
        if is_a(value, str):
            return {"text": str.__str__(value)}
        items = items_of(value)
        if items is not None:
            return {"items": [self.print(item, depth + 1) for item in items[: self.left + 1]]}
        parts = _parts_of(value)
        if parts is None:
            return {"type": type_name(value)}
        return {"parts": {key: self.print(part, depth + 1) for key, part in parts.items()}}


def _parts_of(value: Any) -> dict[str, Any] | None:
    """The entries of a dict, or what an object of the library consists of."""
    if is_a(value, dict):
        return {key: item for key, item in dict.items(value) if type(key) is str}
    kind = library_kind(value)
    if kind is None:
        return None
    try:
        return library_state(value, kind)
    except UnknownValue:
        return None


def _print_numbers(array: np.ndarray) -> dict[str, Any]:
    flat = array.ravel()
    if flat.dtype.kind == "c":
        flat = np.stack([flat.real, flat.imag], axis=-1).ravel()
    with np.errstate(all="ignore"):
        flat = flat.astype(float)
    finite = np.isfinite(flat)
    scale = float(np.abs(flat[finite]).max(initial=0.0))
    weights = _weights(flat.size)
    print_: dict[str, Any] = {"shape": list(array.shape), "scale": _rounded(scale)}
    if scale > SILENT:
        print_["sums"] = [_rounded(row[finite] @ (flat[finite] / scale)) for row in weights]
    if not finite.all():
        kinds = np.select([np.isnan(flat), flat == np.inf, flat == -np.inf], [1.0, 2.0, 3.0])
        print_["not_finite"] = _rounded(weights[0] @ kinds)
    if array.dtype in (np.float16, np.float32, np.complex64):
        print_["single"] = True
    return print_


def _weights(size: int) -> np.ndarray:
    """Two rows of numbers in +-[0.5, 1), without pattern: the mixing function of splitmix64.

    No weight is near zero, so that each entry of an output shows in both sums.
    Source: G. L. Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom number generators",
    OOPSLA 2014, 10.1145/2660193.2660195.
    """
    mixed = np.arange(1, 2 * size + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    signed = (mixed >> np.uint64(11)).astype(float) / 2**53 * 2 - 1
    return (signed / 2 + np.copysign(0.5, signed)).reshape(2, size)


def _rounded(number: float) -> float:
    return float(f"{number:.{DIGITS}g}")


def matches(one: Any, other: Any, rtol: float = RTOL) -> bool:
    """Whether two fingerprints are of the same output, up to ``rtol`` of its scale."""
    if one.keys() != other.keys() and not (_is_silent(one) and _is_silent(other)):
        return False
    if "shape" in one:
        return _same_numbers(one, other, rtol)
    if "items" in one:
        same_length = len(one["items"]) == len(other["items"])
        pairs = zip(one["items"], other["items"], strict=False)
        return same_length and all(matches(*pair, rtol) for pair in pairs)
    if "parts" in one:
        parts, others = one["parts"], other["parts"]
        same_keys = parts.keys() == others.keys()
        return same_keys and all(matches(parts[key], others[key], rtol) for key in parts)
    return one == other


def _is_silent(print_: Any) -> bool:
    return "shape" in print_ and "not_finite" not in print_ and print_["scale"] <= 2 * SILENT


def _same_numbers(one: Any, other: Any, rtol: float) -> bool:
    if one["shape"] != other["shape"]:
        return False
    if _is_silent(one) and _is_silent(other):
        return True
    largest = max(one["scale"], other["scale"])
    sums = zip(one.get("sums", ()), other.get("sums", ()), strict=True)
    return (
        abs(one["scale"] - other["scale"]) <= rtol * largest
        and all(abs(a - b) <= rtol for a, b in sums)
        and abs(one.get("not_finite", 0.0) - other.get("not_finite", 0.0)) <= rtol
    )


def print_of_case(exercise: Exercise, case: Case, outcome: Outcome) -> Any:
    """What to remember of one call: a print for each of ``parts_of_case``, or how it ended."""
    if not outcome.finished:
        return _print_ending(outcome)
    outputs = split_outputs(outcome.returned, rules_of(exercise, case))
    if outputs is None:
        return {"ended": "outputs"}
    after = [outcome.after[name] for name in (*case.mutates, *case.preserves)]
    return [fingerprint(value) for value in (*outputs, *after)]


def print_of_model(exercise: Exercise, case: Case) -> list[Any]:
    """The same of the model's answer, from what is recorded."""
    after = [*(case.after[name] for name in case.mutates)]
    after += [case.inputs[name] for name in case.preserves]
    return [fingerprint(value) for value in (*case.expected, *after)]


def parts_of_case(exercise: Exercise, case: Case) -> Iterator[tuple[str | None, str, str]]:
    """What a call leaves to look at, as (function called by name, role, name)."""
    for rule in rules_of(exercise, case):
        yield case.call, "output", rule.name
    for name in (*case.mutates, *case.preserves):
        yield case.call, "input", name


def _print_ending(outcome: Outcome) -> dict[str, str]:
    if outcome.timed_out:
        return {"ended": "timeout"}
    return _print_exception(outcome.raised) if outcome.raised else {"ended": "misfit"}


def _print_exception(raised: Raised) -> dict[str, str]:
    """Its class, its text and in which of the learner's named functions it was raised."""
    function = raised.frames[-1].function if raised.frames else ""
    said = ADDRESS.sub("0x", raised.message)
    return {"ended": raised.kind, "said": said, "in": NAMELESS.sub("", function)}


def prints_of_mistake(exercise: Exercise, outcomes: Sequence[Outcome]) -> tuple[Any, ...]:
    """``KnownMistake.prints``: for each case the prints of its parts, None where as the model's."""
    prints = []
    for case, outcome in zip(exercise.cases, outcomes, strict=True):
        own = print_of_case(exercise, case, outcome)
        if isinstance(own, list):
            pairs = zip(own, print_of_model(exercise, case), strict=True)
            own = [None if matches(*pair) else pair[0] for pair in pairs]
        prints.append(own)
    return tuple(prints)


def recognise(exercise: Exercise, outcomes: Sequence[Outcome]) -> KnownMistake | None:
    """The known mistake that a learner made, judging by the outcomes of the public cases.

    Where mistakes with different hints fit equally well, none is claimed.
    """
    fitting = mistakes_that_fit(exercise, outcomes)
    return fitting[0] if len({mistake.hint for mistake in fitting}) == 1 else None


def mistakes_that_fit(exercise: Exercise, outcomes: Sequence[Outcome]) -> list[KnownMistake]:
    """The known mistakes that fit best.

    A mistake fits as a whole when every part of every case is as the mistake leaves it. It fits in
    part when that holds for one output (or input that the function changes or must not change) in
    all cases, and that one tells the mistake from the model. A whole fit comes before fits in part.
    A mistake that returns from no call is known by what its exceptions say, in which function;
    where one says nothing it fits nothing, for a class alone is no sign.
    """
    if len(outcomes) != len(exercise.cases):  # stopped early
        return []
    pairs = list(zip(exercise.cases, outcomes, strict=True))
    learner = [print_of_case(exercise, case, outcome) for case, outcome in pairs]
    model = [print_of_model(exercise, case) for case, _ in pairs]
    whole, partial = [], []
    for mistake in exercise.mistakes:
        fits = _parts_that_fit(exercise, mistake, learner, model)
        if all(fits.values()) and _tells(mistake):
            whole.append(mistake)
        elif any(fits[part] for part in telling_parts(exercise, mistake)):
            partial.append(mistake)
    return whole or partial


def _tells(mistake: KnownMistake) -> bool:
    returns = any(isinstance(prints, list) for prints in mistake.prints)
    return returns or all(prints.get("said") for prints in mistake.prints)


def telling_parts(exercise: Exercise, mistake: KnownMistake) -> set[tuple[str | None, str, str]]:
    """The parts in which a mistake leaves something else than the model in some case."""
    return {
        part
        for case, prints in zip(exercise.cases, mistake.prints, strict=True)
        if isinstance(prints, list)
        for part, print_ in zip(parts_of_case(exercise, case), prints, strict=True)
        if print_ is not None
    }


def _parts_that_fit(
    exercise: Exercise, mistake: KnownMistake, learner: Sequence[Any], model: Sequence[Any]
) -> dict[tuple[str | None, str, str], bool]:
    """For each part: whether it is as the mistake leaves it in all cases."""
    fits: dict[tuple[str | None, str, str], bool] = {}
    rows = zip(exercise.cases, mistake.prints, learner, model, strict=True)
    for case, theirs, own, right in rows:
        for i, part in enumerate(parts_of_case(exercise, case)):
            fits[part] = fits.get(part, True) and _fits(theirs, own, right, i)
    return fits


def _fits(theirs: Any, own: Any, right: list[Any], i: int) -> bool:
    if isinstance(theirs, dict) or isinstance(own, dict):
        return theirs == own
    return matches(own[i], right[i] if theirs[i] is None else theirs[i])
