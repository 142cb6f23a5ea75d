"""Numbers and values in few characters."""

from __future__ import annotations

from typing import Any

import numpy as np

from utils.tester.plain import type_name
from utils.tester.values import library_kind, library_state

DIGITS = 9  # of a number shown, unless two would look alike
SHOWN = 6  # items of a list shown, entries of an array shown in full
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


def _value_text(value: Any) -> str:
    if isinstance(value, np.ndarray):
        with np.printoptions(threshold=2 * SHOWN, edgeitems=2, precision=4, linewidth=10_000):
            text = " ".join(np.array2string(value, separator=", ").split())
        return f"array({text}, shape={shape_text(value.shape)})" if value.size > SHOWN else text
    if isinstance(value, list | tuple):
        items = [_value_text(item) for item in value[:SHOWN]] + ["…"] * (len(value) > SHOWN)
        return f"[{', '.join(items)}]" if isinstance(value, list) else f"({', '.join(items)})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {_value_text(item)}" for key, item in value.items()) + "}"
    kind = library_kind(value)
    if kind is None:
        plain = value is None or type(value) in (bool, int, float, complex, str)
        return repr(value) if plain or isinstance(value, np.generic) else f"<{type_name(value)}>"
    state = library_state(value, kind).items()
    parts = (
        f"{name}: {shape_text(part.shape)}" if isinstance(part, np.ndarray) else f"{name}={part!r}"
        for name, part in state
    )
    return f"<{type(value).__name__} {', '.join(parts)}>"


def _number(value: Any, digits: int) -> str:
    if isinstance(value, float):
        text = f"{value:.{digits}g}"
        return f"{text}.0" if text.lstrip("-").isdigit() else text
    if isinstance(value, complex):
        return f"{value.real:.{digits}g}{value.imag:+.{digits}g}j"
    return repr(value)
