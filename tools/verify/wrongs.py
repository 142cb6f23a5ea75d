"""Ways of being wrong that belong to no exercise: what they make of an output, and their names.

Each changes the model's own output as a learner's slip would. ``names`` are the diagnoses that tell
the truth about it (see ``utils.tester.diagnoses``); where several do, as for a factor that is an
input as well as a constant, any of them is right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from utils.tester.diagnoses import MIN_ROWS
from utils.tester.plain import as_numbers
from utils.tester.records import Case

Change = Callable[[np.ndarray, Case], np.ndarray]
# Moving axes of length 1 leaves every number in its place.
TURNED = frozenset({"transposed", "axes", "shape_only"})
FACTORS = frozenset({"factor", "input_factor", "size_factor", "sign"})


@dataclass(frozen=True)
class Wrong:
    """One way of being wrong.

    Attributes:
        kind: its row in the report.
        detail: what tells it from others of its kind.
        names: the diagnoses that name it rightly.
        change: the output as it is then; the same array where it makes no sense of it.
    """

    kind: str
    detail: str
    names: frozenset[str]
    change: Change


def wrongs(cases: Sequence[Case], outputs: Sequence[np.ndarray]) -> Iterator[Wrong]:
    """All that can be done to one output.

    Args:
        cases: those that have this output.
        outputs: what the model gives in each.
    """
    dims = {output.ndim for output in outputs}
    kinds = {output.dtype.kind for output in outputs}
    if max(dims) >= 2:
        yield Wrong("transposed", "", TURNED, lambda y, case: y.T)
    if max(dims) >= 3:
        yield Wrong("wrong axis", "", TURNED, _first_axes_swapped)
    if max(len(output) if output.ndim else 0 for output in outputs) >= MIN_ROWS:
        yield from _of_series()
    if "f" in kinds:
        yield Wrong("dtype", "integers", frozenset({"cut_to_integers"}), _to(np.int64))
        yield Wrong("dtype", "single precision", frozenset({"dtype"}), _to(np.float32))
    if "b" not in kinds:
        yield Wrong("sign", "", frozenset({"sign"}), lambda y, case: -y)
        yield from _of_factors(cases)


def _of_series() -> Iterator[Wrong]:
    """What can happen along the first axis."""

    def along(kind: str, detail: str, name: str, change: Callable[[Any], Any]) -> Wrong:
        return Wrong(
            kind, detail, frozenset({name}), lambda y, case: change(y) if _has_rows(y) else y
        )

    yield along("one step early", "", "early", lambda y: np.concatenate([y[1:], y[-1:]]))
    yield along("one step late", "", "late", lambda y: np.concatenate([y[:1], y[:-1]]))
    many, few = "one step too many", "one step too few"
    yield along(many, "at the end", "one_too_many", lambda y: np.concatenate([y, y[-1:]]))
    yield along(many, "at the beginning", "one_too_many", lambda y: np.concatenate([y[:1], y]))
    yield along(few, "at the end", "one_too_few", lambda y: y[:-1])
    yield along(few, "at the beginning", "one_too_few", lambda y: y[1:])
    yield along("reversed", "", "reversed", lambda y: y[::-1])
    yield along("one array kept", "", "last_everywhere", lambda y: np.repeat(y[-1:], len(y), 0))


def _of_factors(cases: Sequence[Case]) -> Iterator[Wrong]:
    """One too many and one missing: constants, inputs, and sizes of inputs."""
    for factor in (2, 0.5):
        yield Wrong("factor", f"{factor}", FACTORS, lambda y, case, c=factor: c * y)
    for name in {name: None for case in cases for name in case.inputs}:
        for what, number in _numbers(name, cases):
            yield Wrong("factor", f"times {what}", FACTORS, lambda y, case, f=number: y * f(case))
            yield Wrong("factor", f"by {what}", FACTORS, lambda y, case, f=number: y / f(case))


def _numbers(name: str, cases: Sequence[Case]) -> Iterator[tuple[str, Callable[[Case], float]]]:
    """An input as a factor, or its sizes; 1 in the cases that have none or where it is zero."""
    arrays = [as_numbers(case.inputs.get(name)) for case in cases]
    dims = max((array.ndim for array in arrays if array is not None), default=-1)
    if dims == 0:
        yield name, lambda case: _number(case.inputs.get(name))
    for axis in range(dims):
        yield f"{name}.shape[{axis}]", lambda case, axis=axis: _size(case.inputs.get(name), axis)


def _number(value: Any) -> float:
    is_number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
    return value if is_number and value and np.isfinite(value) else 1


def _size(value: Any, axis: int) -> int:
    array = as_numbers(value)
    return array.shape[axis] or 1 if array is not None and array.ndim > axis else 1


def _has_rows(y: np.ndarray) -> bool:
    return y.ndim > 0 and len(y) > 0


def _first_axes_swapped(y: np.ndarray, case: Case) -> np.ndarray:
    return y.swapaxes(0, 1) if y.ndim >= 3 else y


def _to(dtype: type) -> Change:
    def change(y: np.ndarray, case: Case) -> np.ndarray:
        finite = y.dtype.kind == "f" and bool(np.isfinite(y).all())
        return y.astype(dtype) if finite else y

    return change
