"""What an exercise's answers give on cases drawn as hidden ones are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from tools.calibration.places import place_case, place_rules
from tools.checkfile import CheckFile
from tools.exercise import split_exercise
from tools.lesson import Cell, Lesson
from tools.model import Answer, ModelError, ModelNamespace
from tools.outcomes import ending
from utils.tester.calling import LocalCaller
from utils.tester.outcome import Outcome
from utils.tester.outputs import rules_of, split_outputs
from utils.tester.records import Case, Exercise
from utils.tester.values import UnknownValue, pack

DRAWS = 200
SECONDS = 60.0  # for all draws of one answer


def drawn_exercise(lesson: Lesson, checks: CheckFile, cell: Cell, draws: int = DRAWS) -> Exercise:
    """The exercise with ``draws`` random cases, and in them what the model gives.

    Raises:
        ModelError: the model fails on one of them.
    """
    parts = split_exercise(cell.source)
    exercise = Exercise(
        id=cell.exercise,
        title=checks.title,
        functions=tuple(parts.functions),
        harness=parts.tested if parts.harness else None,
        gaps=(),
        outputs=place_rules(checks.outputs, None, {}),  # distances take no tolerance
        cases=tuple(
            place_case(checks.draw(np.random.default_rng([number])), checks.outputs, {})
            for number in range(draws)
        ),
        mistakes=(),
        packages=cell.packages,
    )
    model = ModelNamespace(lesson, cell.exercise, checks.file).model()
    for number, case in enumerate(exercise.cases):
        try:
            pack([case.inputs, case.extras])
        except UnknownValue as error:
            raise ModelError(
                f"{checks.file}: draw {number} holds {error}. "
                "Use the values of utils/tester/values.py."
            ) from None
    cases = [
        _expecting(exercise, case, outcome, f"{checks.file}: draw {number}")
        for number, (case, outcome) in enumerate(run(exercise, model))
    ]
    return replace(exercise, cases=tuple(cases))


def run(exercise: Exercise, answer: Answer) -> Iterator[tuple[Case, Outcome]]:
    """Each case with what an answer makes of it, until the time is over."""
    call = LocalCaller(answer.function, answer.namespace, exercise.harness, SECONDS)
    for case in exercise.cases:
        outcome = call(case)
        yield case, outcome
        if outcome.timed_out:
            return


def _expecting(exercise: Exercise, case: Case, outcome: Outcome, where: str) -> Case:
    if not outcome.finished:
        raise ModelError(f"{where}: the model does not return: {ending(outcome)}. Correct one.")
    rules = rules_of(exercise, case)
    outputs = split_outputs(outcome.returned, rules)
    if outputs is None:
        raise ModelError(
            f"{where}: the model does not return {len(rules)} outputs. Correct OUTPUTS."
        )
    after = {name: outcome.after[name] for name in case.mutates}
    return replace(case, expected=tuple(outputs), after=after)
