"""Whether each tolerance stands between right answers and wrong ones, far from both."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tools.calibration.distance import Place
from tools.calibration.elsewhere import Elsewhere
from tools.calibration.measuring import Far, Measured, farthest

EPS = float(np.finfo(float).eps)
MIN_RATIO = 1e4  # of the nearest mistake to the spread
MARGIN = 10.0  # between the tolerance and either


@dataclass(frozen=True)
class Row:
    """The tolerance of one output, and what it stands between.

    Attributes:
        exercise, place: whose it is.
        limit: what is declared: an rtol, or the limit of a property.
        spread: the farthest right answer, and whose it is; no nearer than a rounding error.
        nearest: the nearest mistake that is wrong by value; None where none is.
    """

    exercise: str
    place: Place
    limit: float
    spread: Far
    nearest: Far | None

    @property
    def output(self) -> str:
        """The output in words."""
        call, name = self.place
        return f"{name} of {call}" if call else name

    @property
    def ratio(self) -> float | None:
        """How much farther wrong answers are than right ones."""
        return self.nearest.distance / self.spread.distance if self.nearest else None

    @property
    def best(self) -> float | None:
        """Where the tolerance belongs: at the geometric mean."""
        return math.sqrt(self.spread.distance * self.nearest.distance) if self.nearest else None

    def problems(self) -> list[str]:
        """What is wrong with the tolerance."""
        found = []
        where = f"exercise {self.exercise}, {self.output}"
        if self.ratio is not None and self.ratio < MIN_RATIO:
            found.append(
                f"{where}: the nearest mistake ({self.nearest.whose}, "
                f"{self.nearest.distance:.1e}) is only {self.ratio:.1e} times as far as the "
                f"farthest right answer ({self.spread.whose}, {self.spread.distance:.1e}). "
                "Let draw() reject ill-conditioned cases."
            )
        low = self.spread.distance * MARGIN
        high = self.nearest.distance / MARGIN if self.nearest else math.inf
        if not low <= self.limit <= high:
            found.append(
                f"{where}: the tolerance {self.limit:.1e} is not within {low:.1e} and {high:.1e}."
                + (f" Write {self.best:.0e}." if self.best else "")
            )
        return found


def calibrate(measured: Measured, elsewhere: Sequence[Elsewhere]) -> list[Row]:
    """A row for each output of an exercise that is judged by a tolerance."""
    others = [(place.name, place.distances[measured.exercise]) for place in elsewhere]
    measured = farthest(measured, others)
    rows = []
    for place, limit in measured.limits.items():
        spread = measured.spread[place]
        at_least = spread if spread.distance > EPS else Far(EPS, "rounding")
        rows.append(Row(measured.exercise, place, limit, at_least, measured.nearest(place)))
    return rows
