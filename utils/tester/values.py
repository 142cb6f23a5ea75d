"""Values that travel: to a file or another process, as JSON and arrays, never as code.

The list is closed: None, bool, int, float, complex, str, Ellipsis, list, tuple, dict with text as
keys, arrays and scalars of NumPy, ESN, Linear, RidgeReadout, RLSReadout and the history functions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse

from utils.chaos import ConstantHistory, SampledHistory
from utils.reservoir import ESN, Linear, RidgeReadout, RLSReadout
from utils.tester.plain import MAX_DEPTH, SCALAR_TYPES, is_a, items_of, type_name

# Raised whenever a stored value of an older FORMAT would be read wrongly.
FORMAT = 1
MAX_ITEMS = 1_000_000

ACTIVATIONS = {f.__name__: f for f in (np.tanh, np.sin, np.arctan, np.positive)}


class UnknownValue(TypeError):
    """A value, or what was sent as one, is not on the closed list."""


@dataclass(frozen=True)
class LibraryKind:
    """How an object of the library travels: the class, what it consists of, how it is made."""

    cls: type
    root: type  # what a learner's own class must descend from to be compared with it
    state: tuple[str, ...]
    make: Callable[..., Any]


def _make_esn(weight: np.ndarray, sr: Any, f: str, a: Any, p: Any, x: np.ndarray) -> ESN:
    return ESN(
        len(weight), sr, ACTIVATIONS[f], a, p, init_state=x, weight=weight, dtype=weight.dtype
    )


def _make_linear(weight: np.ndarray, bias: np.ndarray) -> Linear:
    return _with_bias(_shaped(Linear, weight), bias)


def _make_ridge(weight: np.ndarray, bias: np.ndarray, lmbd: Any) -> RidgeReadout:
    return _with_bias(_shaped(RidgeReadout, weight, lmbd=lmbd), bias)


def _make_rls(weight: np.ndarray, bias: np.ndarray, lmbd: Any, P: np.ndarray) -> RLSReadout:
    readout = _shaped(RLSReadout, weight, lmbd=lmbd, initialize_with_zero=False)
    readout.P = P
    return _with_bias(readout, bias)


def _shaped(cls: type, weight: np.ndarray, **options: Any) -> Any:
    """A linear map with these weights; the seed spares a draw from the system's entropy."""
    output_dim, input_dim = weight.shape
    return cls(input_dim, output_dim, weight=weight, seed=0, dtype=weight.dtype, **options)


def _with_bias(readout: Any, bias: np.ndarray) -> Any:
    if bias.shape != readout.bias.shape:
        raise ValueError(f"bias has shape {bias.shape}, expected {readout.bias.shape}")
    readout.bias = bias
    return readout


LIBRARY: dict[str, LibraryKind] = {
    kind.cls.__name__: kind
    for kind in (
        LibraryKind(ESN, ESN, ("weight", "sr", "f", "a", "p", "x"), _make_esn),
        LibraryKind(Linear, Linear, ("weight", "bias"), _make_linear),
        LibraryKind(RidgeReadout, Linear, ("weight", "bias", "lmbd"), _make_ridge),
        LibraryKind(RLSReadout, Linear, ("weight", "bias", "lmbd", "P"), _make_rls),
        LibraryKind(ConstantHistory, ConstantHistory, ("value",), ConstantHistory),
        LibraryKind(SampledHistory, SampledHistory, ("ts", "values"), SampledHistory),
    )
}


def library_kind(value: Any) -> LibraryKind | None:
    """The nearest class of the library that the value is of; None if it is of none."""
    for cls in type.__dict__["__mro__"].__get__(type(value)):
        for kind in LIBRARY.values():
            if kind.cls is cls:
                return kind
    return None


def library_state(value: Any, kind: LibraryKind) -> dict[str, Any]:
    """What an object of the library consists of, in values of the closed list.

    A sparse matrix is given densely and an activation by its name.

    Raises:
        UnknownValue: it lacks a part, or its activation has no name here.
    """
    return {name: _part(value, name) for name in kind.state}


def _part(value: Any, name: str) -> Any:
    try:
        part = getattr(value, name)
        if scipy.sparse.issparse(part):
            part = part.toarray()
    except Exception as error:  # a learner's class answers for its attributes as it likes
        raise UnknownValue(f"a {type_name(value)} without {name}") from error
    if name != "f":
        return part
    for activation, known in ACTIVATIONS.items():
        if part is known:
            return activation
    raise UnknownValue(f"an activation other than {', '.join(ACTIVATIONS)}")


def pack(value: Any) -> tuple[Any, dict[str, np.ndarray]]:
    """Split a value into JSON and the arrays that the JSON names.

    A subclass travels as its nearest class on the list.

    Raises:
        UnknownValue: the value, or one inside it, is not on the list; or it is nested deeper than
            ``MAX_DEPTH`` or holds more than ``MAX_ITEMS`` items (a list that holds itself does).
    """
    packer = _Packer()
    return packer.pack(value, 0), packer.arrays


class _Packer:
    def __init__(self) -> None:
        self.arrays: dict[str, np.ndarray] = {}
        self.items = 0

    def pack(self, value: Any, depth: int) -> Any:
        self.items += 1
        if depth > MAX_DEPTH or self.items > MAX_ITEMS:
            raise UnknownValue("a value nested too deeply or holding too many items")
        if value is None or is_a(value, bool):
            return value
        if value is Ellipsis:
            return {"type": "ellipsis"}
        if is_a(value, str):
            return str.__str__(value)
        if type(value) in SCALAR_TYPES:
            return {"type": "scalar", "at": self._keep(np.asarray(value))}
        if is_a(value, int):
            return _pack_int(int.__index__(value))
        if is_a(value, float):
            return _pack_float(float.__float__(value))
        if is_a(value, complex):
            number = complex.__complex__(value)
            return {
                "type": "complex",
                "parts": [_pack_float(number.real), _pack_float(number.imag)],
            }
        if is_a(value, np.ndarray):
            return {"type": "array", "at": self._keep(np.ndarray.view(value, np.ndarray))}
        if is_a(value, list, tuple):
            return self._pack_items(value, depth)
        if is_a(value, dict):
            return {"type": "dict", "items": self._pack_dict(value, depth)}
        kind = library_kind(value)
        if kind is None:
            raise UnknownValue(f"a value of type {type_name(value)}")
        state = self._pack_dict(library_state(value, kind), depth)
        return {"type": "library", "class": kind.cls.__name__, "state": state}

    def _pack_items(self, value: Any, depth: int) -> Any:
        items = items_of(value)
        if self.items + len(items) > MAX_ITEMS:
            raise UnknownValue("a value holding too many items")
        items = [self.pack(item, depth + 1) for item in items]
        return {"type": "tuple", "items": items} if is_a(value, tuple) else items

    def _pack_dict(self, value: dict, depth: int) -> dict[str, Any]:
        packed = {}
        for key, item in dict.items(value):
            if not is_a(key, str):
                raise UnknownValue(f"a dict with a key of type {type_name(key)}")
            packed[str.__str__(key)] = self.pack(item, depth + 1)
        return packed

    def _keep(self, array: np.ndarray) -> str:
        if array.dtype.type not in SCALAR_TYPES:
            raise UnknownValue(f"an array of dtype {array.dtype}")
        name = str(len(self.arrays))
        self.arrays[name] = np.array(array, dtype=array.dtype.newbyteorder("="))
        return name


def _pack_int(value: int) -> Any:
    # JSON writes decimals, and Python refuses to convert very long ones.
    return value if value.bit_length() < 64 else {"type": "int", "hex": hex(value)}


def _pack_float(value: float) -> Any:
    return value if np.isfinite(value) else {"type": "float", "text": repr(value)}


def unpack(spec: Any, arrays: dict[str, np.ndarray]) -> Any:
    """A fresh value from what ``pack`` made; shares no memory with ``arrays``.

    Raises:
        UnknownValue: the parts are not what ``pack`` makes.
    """
    try:
        return _unpack(spec, arrays, 0)
    except (AttributeError, ArithmeticError, LookupError, TypeError, ValueError) as error:
        raise UnknownValue(f"not a packed value: {error}") from error


def _unpack(spec: Any, arrays: dict[str, np.ndarray], depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise UnknownValue("a value nested too deeply")
    if spec is None or isinstance(spec, bool | int | float | str):
        return spec
    if isinstance(spec, list):
        return [_unpack(item, arrays, depth + 1) for item in spec]
    match spec["type"]:
        case "ellipsis":
            return Ellipsis
        case "int":
            return int(spec["hex"], 16)
        case "float":
            return float(spec["text"])
        case "complex":
            real, imag = (_unpack(part, arrays, depth + 1) for part in spec["parts"])
            return complex(real, imag)
        case "scalar":
            return arrays[spec["at"]][()]
        case "array":
            return np.array(arrays[spec["at"]])
        case "tuple":
            return tuple(_unpack(item, arrays, depth + 1) for item in spec["items"])
        case "dict":
            return {key: _unpack(item, arrays, depth + 1) for key, item in spec["items"].items()}
        case "library":
            state = spec["state"].items()
            parts = {name: _unpack(part, arrays, depth + 1) for name, part in state}
            return LIBRARY[spec["class"]].make(**parts)
    raise UnknownValue(f"a packed value of type {spec['type']!r}")


def copy_value(value: Any) -> Any:
    """A fresh value that shares nothing with this one.

    Raises:
        UnknownValue: as ``pack`` does.
    """
    return unpack(*pack(value))
