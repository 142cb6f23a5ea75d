"""How far right answers are from each other on random cases, and how near wrong ones come."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from tools.calibration.distance import Place, distances, limits
from tools.calibration.draws import DRAWS, drawn_exercise, run
from tools.calibration.perturb import perturb
from tools.checkfile import CheckFile
from tools.lesson import Cell, Lesson
from tools.model import Answer, ModelNamespace
from utils.tester.records import Exercise

PERTURBATIONS = 2  # of each draw
# A mistake nearer than this, or than so many spreads, does not show in that output of that draw.
INVISIBLE = 1e-12
SPREADS = 10.0


@dataclass(frozen=True)
class Far:
    """A distance, and whose it is."""

    distance: float
    whose: str


@dataclass(frozen=True)
class Measured:
    """What was measured of one exercise, by output.

    Attributes:
        limits: the strictest tolerance that is declared.
        spread: the right answer farthest from the model.
        wrong: of each mistake its distances, one for each draw in which it gives numbers.
        problems: right answers that are not right on some draw.
    """

    exercise: str
    limits: dict[Place, float] = field(default_factory=dict)
    spread: dict[Place, Far] = field(default_factory=dict)
    wrong: dict[Place, dict[str, list[float]]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def nearest(self, place: Place) -> Far | None:
        """The mistake that comes nearest to the model in an output where it is wrong by value."""
        spread = self.spread[place].distance
        visible = max(INVISIBLE, SPREADS * spread)
        seen = [
            Far(distance, name)
            for name, found in self.wrong.get(place, {}).items()
            for distance in found
            if visible < distance
        ]
        return min(seen, key=lambda far: far.distance, default=None)


def measure(lesson: Lesson, checks: CheckFile, cell: Cell, draws: int = DRAWS) -> Measured:
    """Run every right and wrong answer on random cases, and the model on perturbed ones.

    Raises:
        ModelError: an answer no longer applies, or the model fails.
    """
    answers = ModelNamespace(lesson, cell.exercise, checks.file)
    exercise = drawn_exercise(lesson, checks, cell, draws)
    measured = Measured(cell.exercise)
    for case in exercise.cases:
        for place, limit in limits(exercise, case).items():
            measured.limits[place] = min(limit, measured.limits.get(place, math.inf))
            measured.spread.setdefault(place, Far(0.0, "the model"))
    for alternative in checks.alternatives:
        answer = answers.alternative(alternative)
        _add_right(measured, exercise, answer, alternative.name)
    for turn in range(PERTURBATIONS):
        _add_right(measured, _perturbed(exercise, turn), answers.model(), "last bits of the inputs")
    for mistake in checks.mistakes:
        for case, outcome in run(exercise, answers.mistake(mistake)):
            for place, distance in distances(exercise, case, outcome).items():
                by_name = measured.wrong.setdefault(place, {})
                by_name.setdefault(mistake.name, []).append(distance)
    return measured


def farthest(measured: Measured, others: Iterable[tuple[str, Mapping[Place, float]]]) -> Measured:
    """With the model's own distances elsewhere, such as on another kernel, counted in."""
    spread = dict(measured.spread)
    for whose, found in others:
        for place, distance in found.items():
            if distance > spread[place].distance:
                spread[place] = Far(distance, whose)
    return replace(measured, spread=spread)


def _add_right(measured: Measured, exercise: Exercise, answer: Answer, whose: str) -> None:
    for number, (case, outcome) in enumerate(run(exercise, answer)):
        found = distances(exercise, case, outcome)
        for place in limits(exercise, case):
            if place not in found:
                measured.problems.append(
                    f"exercise {measured.exercise}, draw {number}: {place[1]} of {whose!r} has "
                    "another form than the model's, or was not returned"
                )
            elif found[place] > measured.spread[place].distance:
                measured.spread[place] = Far(found[place], whose)


def _perturbed(exercise: Exercise, turn: int) -> Exercise:
    """The same cases, and what is expected of them, with other last bits in the inputs."""
    return replace(
        exercise,
        cases=tuple(
            replace(case, inputs=perturb(case.inputs, np.random.default_rng([turn, number])))
            for number, case in enumerate(exercise.cases)
        ),
    )
