"""How one output of a function is judged: exactly, numerically, or by a property."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Exact:
    """Equal to the reference: integers, booleans, strings, None, and arrays of them."""

    name: str


@dataclass(frozen=True)
class Numeric:
    """``|got - expected| <= atol + rtol * max|expected|``, with equal shapes and NaN equal to NaN.

    The scale is the largest entry of the reference array, not each entry's own size: an entry that
    happens to be near zero carries the rounding error of its neighbours.
    """

    name: str
    rtol: float = 1e-9
    atol: float = 1e-12


@dataclass(frozen=True)
class Property:
    """``utils.tester.properties.violation(check, inputs, output, extras) <= limit``.

    For an output that mathematics fixes without fixing its digits, such as the weights of a nearly
    singular least-squares problem.
    """

    name: str
    check: str
    limit: float


Rule = Exact | Numeric | Property
