"""What a value is, asked of the value and never of its class's methods.

A learner may return anything: a subclass that lies about its shape, a list that holds itself. So
types are read with ``type``, contents with the methods of the built-in base classes, and every walk
is bounded.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import islice
from math import prod
from typing import Any

import numpy as np

# Deeper nesting is treated as not being numbers; NumPy itself stops at 64 axes.
MAX_DEPTH = 32
# The most numbers one output may hold before it is no longer looked at.
MAX_NUMBERS = 1_000_000
# The most places searched for a forgotten Ellipsis.
MAX_SEARCHED = 20_000

NUMBER_KINDS = "biufc"
SCALAR_TYPES = frozenset(
    np.dtype(code).type for code in ("?", *"bhilqBHILQ", "f2", "f4", "f8", "c8", "c16")
)


class NotNumbers(Exception):
    """A value is not the array that was asked for.

    Attributes:
        kind: "type", "dtype" or "shape".
        path: where in the value, as ``"[3][0]"``.
        value: what stands there.
        shape: what shape was asked for there.
    """

    def __init__(self, kind: str, path: str, value: Any, shape: tuple[int, ...]) -> None:
        super().__init__(f"{kind} at {path or 'the top'}")
        self.kind = kind
        self.path = path
        self.value = value
        self.shape = shape


def type_name(value: Any) -> str:
    """The name of the value's class."""
    return type.__dict__["__name__"].__get__(type(value))


def is_a(value: Any, *classes: type) -> bool:
    """``isinstance``, but deaf to a ``__class__`` that lies."""
    return issubclass(type(value), classes)


def items_of(value: Any) -> list[Any] | None:
    """The items of a list or tuple, or of a subclass of one; None for anything else."""
    if is_a(value, list):
        return list(list.__iter__(value))
    if is_a(value, tuple):
        return list(tuple.__iter__(value))
    return None


def base_array(value: Any) -> np.ndarray | None:
    """A number or array as a base-class ndarray that shares its memory; None for anything else.

    The dtype may be any (``object`` too), and nothing is copied: an array of a huge shape over
    little memory costs nothing here.
    """
    if is_a(value, np.ndarray):
        return np.ndarray.view(value, np.ndarray)
    if type(value) in SCALAR_TYPES:
        return np.asarray(value)
    if is_a(value, bool):
        return np.array(value)
    if is_a(value, int):
        return _integer(int.__index__(value))
    if is_a(value, float):
        return np.array(float.__float__(value))
    if is_a(value, complex):
        return np.array(complex.__complex__(value))
    return None


def _integer(value: int) -> np.ndarray:
    for dtype in (np.int64, np.uint64):
        if np.iinfo(dtype).min <= value <= np.iinfo(dtype).max:
            return np.array(value, dtype=dtype)
    try:
        return np.array(float(value))
    except OverflowError:
        return np.array(np.inf if value > 0 else -np.inf)


def shape_of(value: Any) -> tuple[int, ...]:
    """The shape of the array that nested lists spell, read along their first items."""
    shape: tuple[int, ...] = ()
    while len(shape) < MAX_DEPTH:
        array = base_array(value)
        if array is not None:
            return shape + array.shape
        items = items_of(value)
        if items is None:
            return shape
        shape += (len(items),)
        if not items:
            return shape
        value = items[0]
    return shape


def gather(value: Any, shape: tuple[int, ...], path: str = "") -> np.ndarray:
    """An array of ``shape`` from an array or from nested lists and tuples of numbers and arrays.

    Takes no more steps than ``shape`` has entries, whatever the value is.

    Raises:
        NotNumbers: the value is not that.
    """
    array = base_array(value)
    if array is not None:
        if array.shape != shape:
            raise NotNumbers("shape", path, value, shape)
        if array.dtype.kind not in NUMBER_KINDS:
            raise NotNumbers("dtype", path, value, shape)
        return array
    items = items_of(value)
    if items is None:
        raise NotNumbers("type", path, value, shape)
    if not shape or len(items) != shape[0]:
        raise NotNumbers("shape", path, value, shape)
    if not items:
        return np.zeros(shape)
    parts = [gather(item, shape[1:], f"{path}[{i}]") for i, item in enumerate(items)]
    if len({part.dtype.kind == "b" for part in parts}) == 2:  # [True, 0.5] is no array of numbers
        raise NotNumbers("dtype", path, value, shape)
    return np.stack(parts)


def as_numbers(value: Any) -> np.ndarray | None:
    """The value as an array of numbers, whatever its shape; None where it is not one."""
    shape = shape_of(value)
    if len(shape) >= MAX_DEPTH or prod(max(1, size) for size in shape) > MAX_NUMBERS:
        return None
    try:
        return gather(value, shape)
    except NotNumbers:
        return None


def find_ellipsis(value: Any) -> str | None:
    """Where an Ellipsis stands in nested lists, tuples, dicts and object arrays, as a path."""
    waiting: deque[tuple[Any, str, int]] = deque([(value, "", 0)])
    seen = 1
    while waiting:
        value, path, depth = waiting.popleft()
        if value is Ellipsis:
            return path
        if depth < MAX_DEPTH:
            entries = list(islice(_entries(value, path), MAX_SEARCHED - seen))
            seen += len(entries)
            waiting.extend((item, at, depth + 1) for item, at in entries)
    return None


def _entries(value: Any, path: str) -> Iterator[tuple[Any, str]]:
    if is_a(value, dict):
        for key, item in dict.items(value):
            yield item, f"{path}[{str.__repr__(key) if is_a(key, str) else type_name(key)}]"
    elif is_a(value, np.ndarray):
        array = np.ndarray.view(value, np.ndarray)
        if array.dtype.kind == "O":
            for index, item in np.ndenumerate(array):
                yield item, f"{path}[{', '.join(map(str, index))}]" if index else path
    else:
        for i, item in enumerate(items_of(value) or ()):
            yield item, f"{path}[{i}]"
