"""A tolerance between right answers and wrong ones, far from both."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tools.calibration.elsewhere import Elsewhere
from tools.calibration.measuring import Far, Measured, farthest
from tools.calibration.places import Place

EPS = float(np.finfo(float).eps)
MIN_RATIO = 1e4  # of the nearest mistake to the spread
MARGIN = 10.0  # between the tolerance and either
NEAR = 3.0  # a tolerance within this factor of where it belongs is left there


@dataclass(frozen=True)
class Row:
    """The tolerance of one output, and what it stands between.

    Attributes:
        place: which output, or changed input.
        spread: the farthest right answer, and whose it is; no nearer than a rounding error.
        nearest: the nearest wrong answer.
        tolerance: an rtol, or the limit of a property.
    """

    place: Place
    spread: Far
    nearest: Far
    tolerance: float

    @property
    def output(self) -> str:
        """The output in words."""
        call, name = self.place
        return f"{name} of {call}" if call else name

    @property
    def ratio(self) -> float:
        """How much farther wrong answers are than right ones."""
        return self.nearest.distance / self.spread.distance

    @property
    def best(self) -> float:
        """Where the tolerance belongs: at the geometric mean."""
        return math.sqrt(self.spread.distance * self.nearest.distance)

    @property
    def is_near(self) -> bool:
        """Whether the tolerance stands about where it belongs."""
        return self.best / NEAR <= self.tolerance <= self.best * NEAR

    def kept(self, tolerance: float | None) -> Row:
        """The row with a tolerance placed before, where that one still stands where it belongs.

        Another machine measures other last digits; what is judged stays as it is.
        """
        before = self if tolerance is None else replace(self, tolerance=tolerance)
        return before if before.is_near else self

    def refusal(self) -> str | None:
        """Why no tolerance can stand here: right and wrong answers are too close."""
        if self.ratio >= MIN_RATIO:
            return None
        return (
            f"{self.output}: the nearest wrong answer ({self.nearest.whose}, "
            f"{self.nearest.distance:.1e}) is only {self.ratio:.1e} times as far as the "
            f"farthest right answer ({self.spread.whose}, {self.spread.distance:.1e}). "
            "Let draw() reject ill-conditioned cases, or correct that answer."
        )

    def problems(self) -> list[str]:
        """What is wrong with the tolerance."""
        refusal = self.refusal()
        low, high = self.spread.distance * MARGIN, self.nearest.distance / MARGIN
        found = [refusal] if refusal else []
        if not low <= self.tolerance <= high:
            found.append(
                f"{self.output}: the tolerance {self.tolerance:.1e} is not within {low:.1e} and "
                f"{high:.1e}. Delete tolerances.json and run python -m tools record."
            )
        return found


def calibrate(measured: Measured, elsewhere: Sequence[Elsewhere]) -> list[Row]:
    """The tolerance of each output that has one, to one digit at the geometric mean."""
    others = [(there.name, there.distances[measured.exercise]) for there in elsewhere]
    measured = farthest(measured, others)
    rows = []
    for place, spread in measured.spread.items():
        at_least = spread if spread.distance > EPS else Far(EPS, "rounding")
        row = Row(place, _brief(at_least), _brief(measured.nearest(place)), math.nan)
        rows.append(replace(row, tolerance=float(f"{row.best:.0e}")))
    return rows


def _brief(far: Far) -> Far:
    """The distance to two digits, as it is kept: what is decided is decided by what is kept."""
    return replace(far, distance=float(f"{far.distance:.1e}"))
