"""The one comparison of a learner's output with the reference, in notebook, terminal and grader."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from utils.tester import properties
from utils.tester.plain import (
    NotNumbers,
    as_numbers,
    base_array,
    find_ellipsis,
    gather,
    is_a,
    items_of,
    shape_of,
    type_name,
)
from utils.tester.rules import Exact, Numeric, Property, Rule
from utils.tester.values import LibraryKind, UnknownValue, library_kind, library_state

# An output in single precision agrees with the reference "but for that" within so many of its eps.
SINGLE_PRECISION_EPS = 100
# The most that a tolerance means for an output in single precision, where the reference is not.
DOUBLE_PRECISION = 1e-9


@dataclass(frozen=True)
class Difference:
    """The first way in which an output is not what it has to be.

    Attributes:
        kind: what differs.
            "ellipsis": an Ellipsis stands in the output;
            "type": another type altogether (names in ``expected_dtype``, ``got_dtype``);
            "length": a list of another length (in ``expected``, ``got``);
            "missing", "key": a dict lacks a key, or has one too many (in ``where``);
            "shape": arrays of different shapes;
            "dtype": not the same kind of number, or equal to single precision only;
            "nan": not a number, where the reference is one;
            "value": another value;
            "property": the property does not hold (``error`` above ``tolerance``).
        where: the place as Python writes it: ``"x[3, 0]"``, ``"record['t']"``, ``"w_out.bias[2]"``.
        index: the first differing entry of the array at ``where``; () for a single number, None
            where no entry is meant.
        expected, got: what stands there: a number, truth value, text or None.
        expected_shape, got_shape: for arrays and numbers.
        expected_dtype, got_dtype: the dtype of arrays and numbers, else the name of the type.
        error: the largest error of all entries (inf where one is not finite), or the violation.
        tolerance: what the error had to stay below.
        differing: how many entries of the array differ.
    """

    kind: str
    where: str
    index: tuple[int, ...] | None = None
    expected: Any = None
    got: Any = None
    expected_shape: tuple[int, ...] | None = None
    got_shape: tuple[int, ...] | None = None
    expected_dtype: str | None = None
    got_dtype: str | None = None
    error: float | None = None
    tolerance: float | None = None
    differing: int | None = None


class Parts(dict[str, Any]):
    """What an object of the library consists of, each part in the reference's structure."""


class Nonconforming(Exception):
    """A value has not the structure of the reference."""

    def __init__(self, difference: Difference) -> None:
        super().__init__(difference.kind)
        self.difference = difference


def compare(
    rule: Rule,
    expected: Any,
    got: Any,
    inputs: dict[str, Any],
    extras: dict[str, Any],
) -> Difference | None:
    """How ``got`` differs from what ``rule`` asks for; None where it does not.

    NaN equals NaN and inf equals inf. NumPy scalars, 0-d arrays and Python numbers are equal; lists
    and tuples count as arrays where the reference is numbers, and as each other. Integers may stand
    for floats, reals for complex numbers of the same value, but truth values only for truth values
    and complex numbers only for complex numbers. An object of the library is compared by what it
    consists of, and may be of a subclass.

    Whatever ``got`` is, the answer is a Difference or None, after steps bounded by the reference's
    size; only methods of its own that never return could hold it up.

    Args:
        rule: how to judge.
        expected: the reference, of the closed list of ``utils.tester.values``.
        got: anything.
        inputs: the arguments of the call, as they were before it (for properties).
        extras: recorded values (for properties).
    """
    try:
        plain = conform(expected, got, rule.name)
    except Nonconforming as error:
        return error.difference
    reference = conform(expected, expected, rule.name)
    if not isinstance(rule, Property):
        return _first_difference(rule, reference, plain, rule.name)
    any_number = Numeric(rule.name, atol=math.inf)
    difference = _first_difference(any_number, reference, plain, rule.name)
    return difference or _violation(rule, plain, inputs, extras)


def conform(expected: Any, got: Any, where: str) -> Any:
    """``got`` in the reference's structure: base-class arrays in lists and dicts of their own.

    An object of the library becomes its ``Parts``.

    Raises:
        Nonconforming: it has another structure, shape or kind of number.
        UnknownValue: the reference is not of the closed list.
    """
    try:
        return _conform(expected, got, where)
    except Nonconforming:
        at = find_ellipsis(got)
        if at is None:
            raise
        raise Nonconforming(_ellipsis(f"{where}{at}")) from None


def _conform(expected: Any, got: Any, where: str) -> Any:
    if expected is None or isinstance(expected, str):
        return _same_type(expected, got, where)
    numbers = as_numbers(expected)
    if numbers is not None:
        return _conform_numbers(numbers, got, where)
    if isinstance(expected, list | tuple):
        return _conform_items(expected, got, where)
    if isinstance(expected, dict):
        return _conform_dict(expected, got, where)
    kind = library_kind(expected)
    if kind is None:
        raise UnknownValue(f"a reference of type {type_name(expected)}")
    return _conform_library(expected, kind, got, where)


def _same_type(expected: str | None, got: Any, where: str) -> str | None:
    if not is_a(got, type(expected)):
        raise Nonconforming(_type_difference(expected, got, where))
    return None if expected is None else str.__str__(got)


def _conform_numbers(expected: np.ndarray, got: Any, where: str) -> np.ndarray:
    """``got`` as an array of the same shape and a kind of number that may stand for the other."""
    array = base_array(got)
    if array is None and items_of(got) is None:
        raise Nonconforming(_type_difference(expected, got, where))
    if shape_of(got) != expected.shape:
        raise Nonconforming(_shape_difference(where, expected.shape, got))
    try:
        array = gather(got, expected.shape)
    except NotNumbers as error:
        raise Nonconforming(_not_numbers(expected, error, where)) from None
    kinds = expected.dtype.kind, array.dtype.kind
    if array.size and ((kinds[0] == "b") != (kinds[1] == "b") or kinds[1] == "c" != kinds[0]):
        raise Nonconforming(_dtype_difference(where, expected, str(array.dtype)))
    return array


def _conform_items(expected: list | tuple, got: Any, where: str) -> list[Any]:
    array = base_array(got)
    items = list(array) if array is not None and array.ndim else items_of(got)
    if items is None:
        raise Nonconforming(_type_difference(expected, got, where))
    if len(items) != len(expected):
        raise Nonconforming(Difference("length", where, expected=len(expected), got=len(items)))
    pairs = zip(expected, items, strict=True)
    return [_conform(one, item, f"{where}[{i}]") for i, (one, item) in enumerate(pairs)]


def _conform_dict(expected: dict, got: Any, where: str) -> dict[str, Any]:
    if not is_a(got, dict):
        raise Nonconforming(_type_difference(expected, got, where))
    # A key that is not plain text is never looked up: it would be asked for its hash.
    entries = {key: item for key, item in dict.items(got) if type(key) is str}
    for key in expected:
        if key not in entries:
            raise Nonconforming(Difference("missing", f"{where}[{key!r}]"))
    for key in dict.keys(got):
        if type(key) is not str or key not in expected:
            name = repr(key) if type(key) is str else type_name(key)
            raise Nonconforming(Difference("key", f"{where}[{name}]"))
    return {
        key: _conform(item, entries[key], f"{where}[{key!r}]") for key, item in expected.items()
    }


def _conform_library(expected: Any, kind: LibraryKind, got: Any, where: str) -> Parts:
    if not is_a(got, kind.root):
        raise Nonconforming(_type_difference(expected, got, where))
    try:
        parts = library_state(got, kind)
    except UnknownValue:
        raise Nonconforming(_type_difference(expected, got, where)) from None
    reference = library_state(expected, kind)
    return Parts(
        (name, _conform(part, parts[name], f"{where}.{name}")) for name, part in reference.items()
    )


def _first_difference(rule: Exact | Numeric, expected: Any, got: Any, where: str) -> Any:
    """Compare two values that ``conform`` made."""
    if isinstance(expected, np.ndarray):
        return _compare_numbers(rule, expected, got, where)
    if isinstance(expected, list):
        pairs = ((f"{where}[{i}]", *pair) for i, pair in enumerate(zip(expected, got, strict=True)))
    elif isinstance(expected, Parts):
        pairs = ((f"{where}.{key}", expected[key], got[key]) for key in expected)
    elif isinstance(expected, dict):
        pairs = ((f"{where}[{key!r}]", expected[key], got[key]) for key in expected)
    else:
        return None if expected == got else _value_difference(where, expected, got)
    differences = (_first_difference(rule, one, other, at) for at, one, other in pairs)
    return next((difference for difference in differences if difference), None)


def _compare_numbers(
    rule: Exact | Numeric, expected: np.ndarray, got: np.ndarray, where: str
) -> Difference | None:
    with np.errstate(all="ignore"):
        same = (expected == got) | (_is_nan(expected) & _is_nan(got))
        error = np.where(same, 0.0, _distance(expected, got))
        error[np.isnan(error)] = np.inf
        scale = _scale(expected)
        tolerance = 0.0 if isinstance(rule, Exact) else rule.atol + rule.rtol * scale
        if _is_less_precise(expected, got):  # however loose: the next step would lose digits too
            tolerance = min(tolerance, DOUBLE_PRECISION * scale)
        nan = _is_nan(expected) != _is_nan(got)
        wrong = ~same if isinstance(rule, Exact) else nan | (error > tolerance)
    if not wrong.any():
        return None
    index = tuple(int(i) for i in np.argwhere(wrong)[0])
    kind = "value"
    if _is_nan(got)[index]:
        kind = "nan"
    elif _only_single_precision(expected, got, error, scale):
        kind = "dtype"
    return Difference(
        kind,
        f"{where}[{', '.join(map(str, index))}]" if index else where,
        index=index,
        expected=expected[index].item(),
        got=got[index].item(),
        expected_shape=expected.shape,
        got_shape=got.shape,
        expected_dtype=str(expected.dtype),
        got_dtype=str(got.dtype),
        error=float(error.max()),
        tolerance=float(tolerance),
        differing=int(wrong.sum()),
    )


def _is_nan(array: np.ndarray) -> np.ndarray:
    return np.isnan(array) if array.dtype.kind in "fc" else np.zeros(array.shape, bool)


def _distance(expected: np.ndarray, got: np.ndarray) -> np.ndarray:
    wide = complex if expected.dtype.kind == "c" else float
    return np.abs(got.astype(wide) - expected.astype(wide))


def _scale(expected: np.ndarray) -> float:
    magnitude = np.abs(expected.astype(complex if expected.dtype.kind == "c" else float))
    return float(magnitude[np.isfinite(magnitude)].max(initial=0.0))


def _only_single_precision(
    expected: np.ndarray, got: np.ndarray, error: np.ndarray, scale: float
) -> bool:
    if not _is_less_precise(expected, got):
        return False
    return bool(error.max() <= SINGLE_PRECISION_EPS * np.finfo(got.dtype).eps * scale)


def _is_less_precise(expected: np.ndarray, got: np.ndarray) -> bool:
    both = expected.dtype.kind in "fc" and got.dtype.kind in "fc"
    return both and np.finfo(got.dtype).eps > np.finfo(expected.dtype).eps


def _violation(
    rule: Property, output: Any, inputs: dict[str, Any], extras: dict[str, Any]
) -> Difference | None:
    try:
        violation = properties.violation(rule.check, inputs, output, extras)
    except properties.WrongShape as error:
        return _shape_difference(rule.name, error.expected, np.empty(error.got))
    if violation <= rule.limit:  # not so when it is NaN
        return None
    error = violation if math.isfinite(violation) else math.inf
    return Difference("property", rule.name, error=error, tolerance=rule.limit)


def _ellipsis(where: str) -> Difference:
    return Difference("ellipsis", where)


def _value_difference(where: str, expected: Any, got: Any) -> Difference:
    return Difference("value", where, expected=expected, got=got)


def _shape_difference(where: str, shape: tuple[int, ...], got: Any) -> Difference:
    return Difference("shape", where, expected_shape=shape, got_shape=shape_of(got))


def _dtype_difference(where: str, expected: np.ndarray, got_dtype: str) -> Difference:
    return Difference(
        "dtype",
        where,
        expected_shape=expected.shape,
        got_shape=expected.shape,
        expected_dtype=str(expected.dtype),
        got_dtype=got_dtype,
    )


def _type_difference(expected: Any, got: Any, where: str) -> Difference:
    if got is Ellipsis:
        return _ellipsis(where)
    return Difference("type", where, expected_dtype=_kind_of(expected), got_dtype=_kind_of(got))


def _kind_of(value: Any) -> str:
    """The dtype of numbers, the type's name of anything else."""
    array = base_array(value)
    return type_name(value) if array is None else str(array.dtype)


def _not_numbers(expected: np.ndarray, error: NotNumbers, where: str) -> Difference:
    where = f"{where}{error.path}"
    if error.kind == "shape":
        return _shape_difference(where, error.shape, error.value)
    if error.kind == "type":
        return _type_difference(expected, error.value, where)
    return _dtype_difference(where, expected, _kind_of(error.value))
