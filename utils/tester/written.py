"""Numbers and values in few characters."""

from __future__ import annotations

from itertools import islice
from typing import Any

import numpy as np

from utils.tester.plain import NUMBER_KINDS, base_array, is_a, items_of, type_name
from utils.tester.values import library_kind, library_state

DIGITS = 9  # of a number shown, unless two would look alike
SHOWN = 6  # items of a list shown, entries of an array shown in full
DEPTH = 4  # of nested lists shown
LENGTH = 200  # characters of a value shown


def two_sides(expected: Any, got: Any) -> tuple[str, str]:
    """Both values in as few digits as tell them apart."""
    for digits in (DIGITS, 17):
        sides = _number(expected, digits), _number(got, digits)
        if sides[0] != sides[1]:
            break
    return sides


def shape_text(shape: tuple[int, ...]) -> str:
    """A shape as Python writes it."""
    return repr(tuple(int(size) for size in shape))


def value_text(value: Any) -> str:
    """Any value, so short that a call fits on a few lines."""
    text = _value_text(value)
    return text if len(text) <= LENGTH else f"{text[:LENGTH]} …"


def _value_text(value: Any, depth: int = 0) -> str:
    array = base_array(value)
    if array is not None:
        return _array_text(array)
    if value is None or value is ... or type(value) is str:
        return repr(value)
    items = dict.items(value) if is_a(value, dict) else items_of(value)
    if items is None:
        return _library_text(value)
    if depth == DEPTH:
        return "…"
    shown = [_item_text(item, depth + 1, is_a(value, dict)) for item in islice(items, SHOWN)]
    text = ", ".join(shown + ["…"] * (len(items) > SHOWN))
    opening, closing = "{}" if is_a(value, dict) else "()" if is_a(value, tuple) else "[]"
    return f"{opening}{text}{closing}"


def _item_text(item: Any, depth: int, is_entry: bool) -> str:
    if not is_entry:
        return _value_text(item, depth)
    return f"{_value_text(item[0], depth)}: {_value_text(item[1], depth)}"


def _array_text(array: np.ndarray) -> str:
    if array.dtype.kind not in NUMBER_KINDS:
        return f"array(dtype={array.dtype.kind!r}, shape={shape_text(array.shape)})"
    if not array.ndim:
        return _number(array.item(), 6)
    with np.printoptions(threshold=2 * SHOWN, edgeitems=2, precision=4, linewidth=10_000):
        text = " ".join(np.array2string(array, separator=", ").split())
    return f"array({text}, shape={shape_text(array.shape)})"


def _library_text(value: Any) -> str:
    """An object of the library by its small parts and the shapes of its large ones."""
    kind = library_kind(value)
    try:
        state = library_state(value, kind).items() if kind else ()
    except Exception:  # a learner's class answers for its attributes, and may raise anything
        state = ()
    parts = (
        f"{name}: {shape_text(part.shape)}"
        if isinstance(part, np.ndarray) and part.size > SHOWN
        else f"{name}={_array_text(part) if isinstance(part, np.ndarray) else repr(part)}"
        for name, part in state
    )
    return f"<{' '.join([type_name(value), ', '.join(parts)]).strip()}>"


def _number(value: Any, digits: int) -> str:
    if isinstance(value, float):
        text = f"{value:.{digits}g}"
        return f"{text}.0" if text.lstrip("-").isdigit() else text
    if isinstance(value, complex):
        return f"{value.real:.{digits}g}{value.imag:+.{digits}g}j"
    return repr(value)
