"""How far right answers are from each other on random cases, and how near wrong ones come."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from tools.calibration.distance import distances
from tools.calibration.draws import run
from tools.calibration.perturb import perturb
from tools.calibration.places import Place, rules_by_place
from tools.calibration.summation import summing_backwards
from tools.checkfile import CheckFile
from tools.lesson import Lesson
from tools.model import Answer, ModelNamespace
from tools.outcomes import ending
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


ZEROS = Far(1.0, "zeros")


@dataclass(frozen=True)
class Measured:
    """What was measured of one exercise, by output.

    Attributes:
        spread: the right answer farthest from the model.
        wrong: of each mistake its distances, one for each draw in which it gives numbers.
        problems: right answers that are not right on some draw.
    """

    exercise: str
    spread: dict[Place, Far] = field(default_factory=dict)
    wrong: dict[Place, dict[str, list[float]]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def nearest(self, place: Place) -> Far:
        """The nearest wrong answer: a mistake where it is wrong by value in that output, or zeros.

        An error as large as the output itself is always wrong, whether or not a mistake shows:
        so far away is the answer that returns zeros.
        """
        spread = self.spread[place].distance
        visible = max(INVISIBLE, SPREADS * spread)
        seen = [
            Far(distance, name)
            for name, found in self.wrong.get(place, {}).items()
            for distance in found
            if visible < distance
        ]
        return min([*seen, ZEROS], key=lambda far: far.distance)


def count_of_runs(checks: CheckFile) -> int:
    """How often ``measure`` runs an answer on all draws."""
    return len(checks.alternatives) + 1 + PERTURBATIONS + len(checks.mistakes)


def measure(
    lesson: Lesson,
    checks: CheckFile,
    exercise: Exercise,
    advance: Callable[[], None] = lambda: None,
) -> Measured:
    """Run every right and wrong answer on random cases, and the model with other roundings.

    Args:
        lesson, checks: the chapter, and the exercise's check file.
        exercise: drawn, see ``tools.calibration.draws``.
        advance: called after each run, see ``count_of_runs``.

    Raises:
        ModelError: an answer no longer applies, or the model fails.
    """
    answers = ModelNamespace(lesson, exercise.id, checks.file)
    measured = Measured(exercise.id)
    for case in exercise.cases:
        for place in rules_by_place(exercise, case):
            measured.spread.setdefault(place, Far(0.0, "the model"))
    for alternative in checks.alternatives:
        _add_right(measured, exercise, answers.alternative(alternative), alternative.name)
        advance()
    backwards = summing_backwards(answers.model())
    _add_right(measured, exercise, backwards, "sums in another order")
    advance()
    for turn in range(PERTURBATIONS):
        _add_right(measured, _perturbed(exercise, turn), answers.model(), "last bits of the inputs")
        advance()
    for mistake in checks.mistakes:
        for case, outcome in run(exercise, answers.mistake(mistake)):
            for place, distance in distances(exercise, case, outcome).items():
                by_name = measured.wrong.setdefault(place, {})
                by_name.setdefault(mistake.name, []).append(distance)
        advance()
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
    failing: set[Place] = set()  # each is told of once
    for number, (case, outcome) in enumerate(run(exercise, answer)):
        found = distances(exercise, case, outcome)
        for place in rules_by_place(exercise, case):
            if place in found and found[place] > measured.spread[place].distance:
                measured.spread[place] = Far(found[place], whose)
            if place not in found and place not in failing:
                failing.add(place)
                why = "another form than the model's" if outcome.finished else ending(outcome)
                measured.problems.append(f"draw {number}: {place[1]} of {whose!r} fails: {why}")


def _perturbed(exercise: Exercise, turn: int) -> Exercise:
    """The same cases, and what is expected of them, with other last bits in the inputs."""
    return replace(
        exercise,
        cases=tuple(
            replace(case, inputs=perturb(case.inputs, np.random.default_rng([turn, number])))
            for number, case in enumerate(exercise.cases)
        ),
    )
