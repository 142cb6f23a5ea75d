"""The same answer with its sums in another order: every sum and product runs backwards.

Reversing all axes of all operands, and then all axes of the result, changes nothing but the order
in which products are added up: in ``a @ b``, ``np.dot``, ``np.einsum``, ``np.sum`` and ``mean``.
So the inputs become arrays that do this by themselves, wherever they meet such an operation, in the
answer as in the library; what is computed from them does it too.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from types import FunctionType
from typing import Any

import numpy as np

from tools.model import Answer
from utils.tester.values import library_kind

_PRODUCTS = {"matmul", "vecdot", "matvec", "vecmat"}  # ufuncs that add up, by name
_FUNCTIONS = (np.dot, np.inner, np.vdot, np.einsum)  # that add up and are no ufuncs


class Backwards(np.ndarray):
    """An array whose sums run from the last entry to the first."""

    def __array_ufunc__(
        self, ufunc: np.ufunc, method: str, *inputs: Any, out: tuple = (), **options: Any
    ) -> Any:
        compute = getattr(ufunc, method)
        product = ufunc.__name__ in _PRODUCTS and method == "__call__"
        if not (product or (ufunc is np.add and method == "reduce")):
            if out:
                options["out"] = tuple(_plain(array) for array in out)
            result = compute(*map(_plain, inputs), **{k: _plain(v) for k, v in options.items()})
            return (out if len(out) != 1 else out[0]) if out else _backwards(result)
        options = {name: _reversed(value) for name, value in options.items()}
        result = np.flip(compute(*(_reversed(np.asarray(one)) for one in inputs), **options))
        if not out or out[0] is None:
            return _backwards(result)
        _plain(out[0])[...] = result
        return out[0]

    def __array_function__(self, function: Any, types: Any, args: Any, options: Any) -> Any:
        if function not in _FUNCTIONS or "out" in options:
            return super().__array_function__(function, types, args, options)
        return _backwards(np.flip(function(*map(_reversed, args), **options)))

    def dot(self, other: Any, out: np.ndarray | None = None) -> Any:
        return np.dot(self, other) if out is None else np.dot(self, other, out=out)


def summing_backwards(answer: Answer) -> Answer:
    """The answer as it computes with inputs whose sums run backwards."""
    namespace = {
        name: _wrapped(value) if isinstance(value, FunctionType) else value
        for name, value in answer.namespace.items()
    }
    return Answer(_wrapped(answer.function), namespace)


def _wrapped(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def call(**inputs: Any) -> Any:
        return function(**{name: _as_input(value) for name, value in inputs.items()})

    return call


def _as_input(value: Any) -> Any:
    """The value with the arrays in it summing backwards; what is mutable stays the same object."""
    if isinstance(value, np.ndarray):
        return value.view(Backwards)
    if isinstance(value, tuple):
        return tuple(map(_as_input, value))
    if isinstance(value, list):
        value[:] = map(_as_input, value)
    elif isinstance(value, dict):
        value.update({key: _as_input(item) for key, item in value.items()})
    elif library_kind(value) is not None:
        # Past the setters, which store plain copies.
        arrays = {k: v for k, v in vars(value).items() if isinstance(v, np.ndarray)}
        vars(value).update({name: _as_input(array) for name, array in arrays.items()})
    return value


def _plain(value: Any) -> Any:
    return value.view(np.ndarray) if isinstance(value, Backwards) else value


def _reversed(value: Any) -> Any:
    # Copied, since a sum over a mere view goes through the memory in the order it lies there.
    if isinstance(value, np.ndarray):
        return np.ascontiguousarray(np.flip(_plain(value))).reshape(value.shape)
    return value


def _backwards(result: Any) -> Any:
    if isinstance(result, tuple):
        return tuple(map(_backwards, result))
    return result.view(Backwards) if isinstance(result, np.ndarray) else result
