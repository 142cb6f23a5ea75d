"""Hidden cases: drawn from the instructor's key, with what the model makes of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tools.calibration.draws import run
from tools.calibration.places import place_case, tolerances_of
from tools.checkfile import CheckFile
from tools.grade.key import seed
from tools.lesson import Cell, Lesson
from tools.model import ModelError, ModelNamespace
from tools.outcomes import ending
from utils.tester.outputs import rules_of, split_outputs
from utils.tester.records import Exercise


def hidden_exercise(
    lesson: Lesson, checks: CheckFile, cell: Cell, public: Exercise, key: bytes, count: int
) -> Exercise:
    """The exercise with ``count`` hidden cases in place of its public ones.

    They are drawn by the check file's ``draw``, as those by which tolerances are measured, and
    judged by the same tolerances.

    Args:
        lesson, checks, cell: the exercise as its instructor wrote it.
        public: as learners have it.
        key: the instructor's; the same key draws the same cases.

    Raises:
        CheckFileError: drawing failed.
        ModelError: the model fails on one of them.
    """
    tolerances = tolerances_of(public)
    drawn = []
    for number in range(count):
        rng = np.random.default_rng(seed(key, lesson.chapter, public.id, number))
        drawn.append(place_case(checks.draw(rng), checks.outputs, tolerances))
    exercise = replace(public, cases=tuple(drawn), mistakes=(), gaps=())
    model = ModelNamespace(lesson, cell.exercise, checks.file).model()
    cases = []
    for number, (case, outcome) in enumerate(run(exercise, model)):
        outputs = split_outputs(outcome.returned, rules_of(exercise, case))
        if not outcome.finished or outputs is None:
            raise ModelError(
                f"{checks.file}: hidden case {number}: the model does not return what it should "
                f"({ending(outcome) if not outcome.finished else 'another number of outputs'}). "
                "Correct draw."
            )
        after = {name: outcome.after[name] for name in case.mutates}
        cases.append(replace(case, expected=tuple(outputs), after=after))
    return replace(exercise, cases=tuple(cases))
