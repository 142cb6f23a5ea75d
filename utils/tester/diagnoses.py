"""General mistakes, recognised in any exercise by undoing them and judging again.

Each family proposes repairs of a learner's output ("had this been transposed ..."). A repair that
makes every failing case of an output right explains the failure; where two families do, none is
claimed, because a learner sent the wrong way is worse off than one left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any

import numpy as np

from utils.tester.compare import compare
from utils.tester.plain import as_numbers
from utils.tester.records import Case
from utils.tester.rules import Rule

MIN_ENTRIES = 3  # numbers, not zero, that have to agree on one factor before it is believed
MIN_ROWS = 3  # entries of a series that have to fit before a shift is believed


@dataclass(frozen=True)
class Evidence:
    """One output of one failing case: what was expected and what came."""

    case: Case
    rule: Rule
    expected: Any
    got: Any


@dataclass(frozen=True)
class Diagnosis:
    """What explains the failing cases of one output.

    Attributes:
        family: the name of the mistake, a key of the messages.
        output: the output it explains; empty for a mistake of the function as a whole.
        detail: what the message fills in (an axis, a factor).
    """

    family: str
    output: str = ""
    detail: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Repair:
    """One way to undo a mistake: ``got`` as it would be then, against ``expected``.

    Both may be cut to the entries that the mistake leaves comparable. ``key`` tells the variants of
    a family apart (which axis, which factor): the same one has to fit every case, and to tell in at
    least one: a series too short or too flat fits a shift by accident.
    """

    key: Hashable
    expected: Any
    got: Any
    tells: bool = True


Family = Callable[[Evidence, np.ndarray, np.ndarray], Iterator[Repair]]


def diagnose(evidence: Sequence[Evidence]) -> Diagnosis | None:
    """The one mistake that explains every failing case of an output; None if none or several do."""
    arrays = [(as_numbers(item.expected), as_numbers(item.got)) for item in evidence]
    if not arrays or any(array is None for pair in arrays for array in pair):
        return None
    with np.errstate(all="ignore"):  # repairs are guesses; those that overflow do not fit
        return _one_that_fits(evidence, arrays)


def _one_that_fits(evidence: Sequence[Evidence], arrays: Sequence[Any]) -> Diagnosis | None:
    families = dict(FAMILIES)
    factor = _ratio(*arrays[0])
    if factor is not None and _entries(arrays) >= MIN_ENTRIES:
        families |= {"factor": _divided_by(factor)}
        families |= {"input_factor": _divided_by_an_input, "size_factor": _divided_by_a_size}
    if _entries(arrays) < MIN_ENTRIES:
        del families["sign"]
    found = {}
    for name, family in families.items():
        if name in ("input_factor", "size_factor") and found.keys() & {"factor", "input_factor"}:
            continue  # an input that never varied is a constant, as far as anybody can tell
        keys = _keys_that_fit(family, evidence, arrays)
        if keys:
            found[name] = keys
    if len(found) != 1:
        return None
    (name, keys), rule = found.popitem(), evidence[0].rule
    if name == "size_factor":  # sizes that are the same in every case are one size
        return Diagnosis(name, rule.name, dict(min(keys)))
    return Diagnosis(name, rule.name, dict(keys.pop())) if len(keys) == 1 else None


def _entries(arrays: Sequence[tuple[np.ndarray, np.ndarray]]) -> int:
    """How many numbers there are to compare a factor with."""
    return sum(int(np.count_nonzero(expected)) for expected, _ in arrays)


def _keys_that_fit(family: Family, evidence: Sequence[Evidence], arrays: Sequence[Any]) -> set:
    """The variants of a family that make every case right."""
    fitting: set | None = None
    telling = set()
    for item, (expected, got) in zip(evidence, arrays, strict=True):
        here = set()
        for repair in family(item, expected, got):
            if (fitting is None or repair.key in fitting) and _right(item, repair):
                here.add(repair.key)
                telling |= {repair.key} if repair.tells else set()
        fitting = here
        if not fitting:
            break
    return (fitting or set()) & telling


def _right(item: Evidence, repair: Repair) -> bool:
    case = item.case
    return compare(item.rule, repair.expected, repair.got, case.inputs, case.extras) is None


def _transposed(item: Evidence, expected: np.ndarray, got: np.ndarray) -> Iterator[Repair]:
    if got.ndim >= 2:
        yield Repair((), item.expected, got.T, _moves(got, got.T))


def _axes(item: Evidence, expected: np.ndarray, got: np.ndarray) -> Iterator[Repair]:
    if not 3 <= got.ndim <= 4:
        return
    for order in list(permutations(range(got.ndim)))[1:-1]:  # the last one is the transpose
        turned, key = got.transpose(order), (("order", tuple(np.argsort(order).tolist())),)
        yield Repair(key, item.expected, turned, _moves(got, turned))


def _shape_only(item: Evidence, expected: np.ndarray, got: np.ndarray) -> Iterator[Repair]:
    if got.size == expected.size and got.shape != expected.shape:
        yield Repair((), item.expected, got.reshape(expected.shape))


def _shifted(step: int) -> Family:
    """What came at k was expected at k + step."""

    def family(item: Evidence, expected: np.ndarray, got: np.ndarray) -> Iterator[Repair]:
        if got.shape != expected.shape:
            return
        for axis in range(got.ndim):
            came, due = _cut(got, axis, 0, -1), _cut(expected, axis, 1, None)
            if step < 0:
                came, due = _cut(got, axis, 1, None), _cut(expected, axis, 0, -1)
            # Of a single entry nothing is left to compare: it agrees, and does not tell.
            yield Repair((("axis", axis),), due, came, _tells(due, axis))

    return family


def _one_too_many(item: Evidence, expected: np.ndarray, got: np.ndarray) -> Iterator[Repair]:
    for axis in _axes_off_by(1, expected, got):
        yield Repair((("axis", axis), ("end", "last")), item.expected, _cut(got, axis, 0, -1))
        yield Repair((("axis", axis), ("end", "first")), item.expected, _cut(got, axis, 1, None))


def _one_too_few(item: Evidence, expected: np.ndarray, got: np.ndarray) -> Iterator[Repair]:
    for axis in _axes_off_by(-1, expected, got):
        tells = got.shape[axis] > 0  # else nothing is left to compare
        yield Repair((("axis", axis), ("end", "last")), _cut(expected, axis, 0, -1), got, tells)
        yield Repair((("axis", axis), ("end", "first")), _cut(expected, axis, 1, None), got, tells)


def _reversed(item: Evidence, expected: np.ndarray, got: np.ndarray) -> Iterator[Repair]:
    for axis in range(got.ndim):
        yield Repair((("axis", axis),), item.expected, np.flip(got, axis))


def _sign(item: Evidence, expected: np.ndarray, got: np.ndarray) -> Iterator[Repair]:
    if got.dtype.kind != "b":
        yield Repair((), item.expected, -got)


def _divided_by(factor: float) -> Family:
    """One and the same factor in every failing case."""

    def family(item: Evidence, expected: np.ndarray, got: np.ndarray) -> Iterator[Repair]:
        if got.shape == expected.shape and abs(factor + 1) > 1e-6:  # -1 is a sign
            yield Repair((("factor", factor),), item.expected, got / factor)

    return family


def _divided_by_an_input(item: Evidence, expected: np.ndarray, got: np.ndarray) -> Iterator[Repair]:
    """A factor that differs from case to case as one of the inputs does."""
    for name, value in item.case.inputs.items():
        if isinstance(value, int | float | np.number) and not isinstance(value, bool) and value:
            yield from _with_and_without(name, value, item, got)


def _divided_by_a_size(item: Evidence, expected: np.ndarray, got: np.ndarray) -> Iterator[Repair]:
    """A mean for a sum, or the other way round: the factor is the size of one of the inputs."""
    for name, value in item.case.inputs.items():
        array = as_numbers(value)
        for axis, size in enumerate(() if array is None else array.shape):
            if size > 1:
                yield from _with_and_without(f"{name}.shape[{axis}]", size, item, got)


def _with_and_without(name: str, value: Any, item: Evidence, got: np.ndarray) -> Iterator[Repair]:
    yield Repair((("name", name), ("power", 1)), item.expected, got / value)
    yield Repair((("name", name), ("power", -1)), item.expected, got * value)


def _cut_to_integers(item: Evidence, expected: np.ndarray, got: np.ndarray) -> Iterator[Repair]:
    """Fractions lost in an array of integers: what came is what was expected, rounded to zero."""
    if got.dtype.kind in "iu" and expected.dtype.kind == "f":
        yield Repair((), np.trunc(expected), got)


def _last_everywhere(item: Evidence, expected: np.ndarray, got: np.ndarray) -> Iterator[Repair]:
    """Every row is the last one: one array was kept T times and changed in place."""
    if got.shape == expected.shape and got.ndim and len(got):
        # Zeros, or the first row everywhere, are what comes of never having computed anything.
        moved = bool(np.any(expected[-1])) and bool(np.any(expected[-1] != expected[0]))
        last = np.broadcast_to(expected[-1], expected.shape)
        yield Repair((), last, got, moved and _tells(expected, 0))


FAMILIES: dict[str, Family] = {
    "transposed": _transposed,
    "axes": _axes,
    "shape_only": _shape_only,
    "early": _shifted(1),
    "late": _shifted(-1),
    "one_too_many": _one_too_many,
    "one_too_few": _one_too_few,
    "reversed": _reversed,
    "sign": _sign,
    "cut_to_integers": _cut_to_integers,
    "last_everywhere": _last_everywhere,
}


def _cut(array: np.ndarray, axis: int, start: int, stop: int | None) -> np.ndarray:
    return array[(slice(None),) * axis + (slice(start, stop),)]


def _moves(array: np.ndarray, turned: np.ndarray) -> bool:
    """Whether numbers change places, and not only axes of length 1."""
    return not np.array_equal(array.ravel(), turned.ravel())


def _tells(series: np.ndarray, axis: int) -> bool:
    """Whether a series is long and varied enough for a shift of it to be recognised."""
    rows = np.moveaxis(series, axis, 0)
    return len(rows) >= MIN_ROWS and bool(np.any(rows[1:] != rows[:-1]))


def _axes_off_by(surplus: int, expected: np.ndarray, got: np.ndarray) -> list[int]:
    """The one axis along which ``got`` is longer by ``surplus``, all others being equal."""
    if got.ndim != expected.ndim:
        return []
    differing = [axis for axis in range(got.ndim) if got.shape[axis] != expected.shape[axis]]
    fits = len(differing) == 1 and (
        got.shape[differing[0]] - expected.shape[differing[0]] == surplus
    )
    return differing if fits else []


def _ratio(expected: np.ndarray, got: np.ndarray) -> float | None:
    """How many times the largest entry of ``expected`` came; None where that makes no sense."""
    real = expected.dtype.kind in "iuf" and got.dtype.kind in "iuf"
    if not real or got.shape != expected.shape or not np.isfinite(expected).any():
        return None
    at = np.unravel_index(np.nanargmax(np.abs(expected)), expected.shape)
    usable = expected[at] and got[at] and np.isfinite(expected[at]) and np.isfinite(got[at])
    return float(got[at] / expected[at]) if usable else None
