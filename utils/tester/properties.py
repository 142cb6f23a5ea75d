"""What must hold of an output where mathematics fixes it and no stored array can.

A property takes the case's values by name (its inputs, and its extras, which come first) and the
output, an array or, for an object of the library, a dict of its parts. It returns by how much it is
violated, a float that is 0 in exact arithmetic.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from utils.tester.text import Text

Values = Mapping[str, Any]


class WrongShape(Exception):
    """The output has not the shape that the property is about."""

    def __init__(self, expected: tuple[int, ...], got: tuple[int, ...]) -> None:
        super().__init__(f"expected {expected}, got {got}")
        self.expected = expected
        self.got = got


@dataclass(frozen=True)
class Check:
    """A property: what it says, and by how much it is violated."""

    text: Text
    violation: Callable[[Values, Any], float]


PROPERTIES: dict[str, Check] = {}


def _property(en: str, ja: str) -> Callable[[Callable], Callable]:
    def register(function: Callable[[Values, Any], float]) -> Callable[[Values, Any], float]:
        PROPERTIES[function.__name__] = Check(Text(en, ja), function)
        return function

    return register


def violation(check: str, inputs: Values, output: Any, extras: Values) -> float:
    """By how much the property named ``check`` is violated; inf where it cannot be computed.

    Raises:
        WrongShape: the output has another shape than the property is about.
        KeyError: there is no such property, or it needs a value that the case does not have.
    """
    with np.errstate(all="ignore"):
        try:
            return float(PROPERTIES[check].violation({**inputs, **extras}, output))
        except np.linalg.LinAlgError:
            return math.inf


@_property("the matrix is symmetric", "行列が対称である")
def symmetric(values: Values, matrix: np.ndarray) -> float:
    """``|M - M'| / |M|``, largest entries."""
    _square(matrix)
    return _relative(matrix - matrix.T, matrix)


@_property(
    "the matrix is symmetric and positive definite",
    "行列が対称で正定値である",
)
def positive_definite(values: Values, matrix: np.ndarray) -> float:
    """The asymmetry, or how far the smallest eigenvalue is below zero, relative to the largest."""
    _square(matrix)
    eigenvalues = np.linalg.eigvalsh((matrix + matrix.T) / 2)
    below = max(0.0, -eigenvalues[0] / np.abs(eigenvalues).max()) if eigenvalues[0] < 0 else 0.0
    singular = 1.0 if eigenvalues[0] == 0 else 0.0
    return max(symmetric(values, matrix), below, singular)


@_property(
    "the weights solve the normal equations of the ridge regression, with an unpenalised bias",
    "重みが（バイアスに罰則を課さない）リッジ回帰の正規方程式を満たす",
)
def normal_equations(values: Values, readout: dict[str, np.ndarray]) -> float:
    """``|X'(XW' + 1b' - Y) + lmbd W'|`` and ``|1'(XW' + 1b' - Y)|``, each beside its largest term.

    Values: ``x`` (..., N) states, ``y`` (..., D) targets, ``lmbd`` the penalty (None: 0). The
    output: a linear readout, or a dict with its ``weight`` (D, N) and ``bias`` (D,).
    """
    weight, bias = readout["weight"], readout["bias"]
    x = np.reshape(values["x"], (-1, np.shape(values["x"])[-1]))
    y = np.reshape(values["y"], (len(x), -1))
    _shaped(weight, (y.shape[1], x.shape[1]))
    _shaped(bias, (y.shape[1],))
    penalty = (values["lmbd"] or 0.0) * weight.T
    fitted = x @ weight.T + bias
    slope = _relative(x.T @ (fitted - y) + penalty, x.T @ fitted, x.T @ y, penalty)
    offset = _relative((fitted - y).sum(axis=0), np.abs(fitted).sum(axis=0), np.abs(y).sum(axis=0))
    return max(slope, offset)


@_property(
    "the weights solve the normal equations of the ridge regression without a bias",
    "重みが（バイアスのない）リッジ回帰の正規方程式を満たす",
)
def ridge_solution(values: Values, W_out: np.ndarray) -> float:
    """``|H'(H W_out - Y) + lamb W_out|`` beside the largest of the terms, largest entries.

    Values: ``H`` (n, N) features, ``Y`` (n, D) targets, ``lamb`` the penalty. The output: the
    weights (N, D).
    """
    H, Y = np.asarray(values["H"]), np.asarray(values["Y"])
    _shaped(W_out, (H.shape[1], Y.shape[1]))
    fitted, penalty = H @ W_out, values["lamb"] * W_out
    return _relative(H.T @ (fitted - Y) + penalty, H.T @ fitted, H.T @ Y, penalty)


@_property(
    "the inverse of P is lambda I plus the sum of x x' over the states seen",
    "P の逆行列が、λI に、それまでに与えた状態の x x' の総和を加えたものに等しい",
)
def inverse_correlation(values: Values, P: np.ndarray) -> float:
    """``|P (lmbd I + sum x x') - I|``, largest entry.

    Values: ``x`` (..., N), all states seen; ``lmbd``.
    """
    x = np.reshape(values["x"], (-1, np.shape(values["x"])[-1]))
    identity = np.eye(x.shape[1])
    _shaped(P, identity.shape)
    return float(np.abs(P @ (values["lmbd"] * identity + x.T @ x) - identity).max())


def _square(matrix: np.ndarray) -> None:
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        side = matrix.shape[0] if matrix.ndim else 1
        raise WrongShape((side, side), matrix.shape)


def _shaped(array: np.ndarray, shape: tuple[int, ...]) -> None:
    if array.shape != shape:
        raise WrongShape(shape, array.shape)


def _relative(difference: np.ndarray, *terms: np.ndarray) -> float:
    """The largest entry of the difference beside the largest of the terms it is made of."""
    scale = max(np.abs(term).max(initial=0.0) for term in terms)
    largest = np.abs(difference).max(initial=0.0)
    return float(largest / scale) if scale else float(largest)
