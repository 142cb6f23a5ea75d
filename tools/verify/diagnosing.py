"""Whether what is wrong with no exercise in mind is refused in each, and called by its name.

The model's own answer is spoilt in every general way that makes sense of it, and judged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from tools.model import Answer
from tools.verify.wrongs import wrongs
from utils.tester.calling import LocalCaller
from utils.tester.compare import compare
from utils.tester.judge import Call, judge
from utils.tester.outcome import Outcome
from utils.tester.outputs import rules_of, split_outputs
from utils.tester.plain import as_numbers
from utils.tester.records import Case, Exercise
from utils.tester.rules import Exact
from utils.tester.verdict import Verdict

Fate = Literal["named", "known", "unnamed", "misnamed", "accepted"]
# What came of a trial, as a heading.
FATES: dict[Fate, str] = {
    "named": "named",
    "known": "hint",  # that of a known mistake which looks the same
    "unnamed": "no name",
    "misnamed": "wrong name",
    "accepted": "accepted",
}

# What is said of which cases fail, and not of how, is true of any answer and names nothing.
OBSERVATIONS = frozenset({"first_only", "argument"})

# Beside the largest entry: less is rounding, as of a symmetric matrix that is transposed.
LEAST = 1e-9


@dataclass(frozen=True)
class Trial:
    """One way of being wrong, tried on one output, or on the function as a whole.

    Attributes:
        kind: which way.
        what: on what, in words.
        fate: what came of it.
        told: the name that was given, if one was.
    """

    kind: str
    what: str
    fate: Fate
    told: str = ""

    @property
    def problem(self) -> str | None:
        """What to say of one that is accepted or called something else."""
        if self.fate == "accepted":
            return f"{self.kind}, {self.what}: accepted"
        if self.fate == "misnamed":
            return f"{self.kind}, {self.what}: the diagnosis is {self.told!r}"
        return None


def try_all(exercise: Exercise, answer: Answer) -> list[Trial]:
    """Everything that can be wrong with an exercise's answer in a general way.

    Args:
        exercise: its recorded cases.
        answer: the model's.
    """
    call = LocalCaller(answer.function, answer.namespace, exercise.harness)
    outcomes = {id(case): call(case) for case in exercise.cases}
    trials = [
        trial
        for name, place in _places(exercise).items()
        for trial in _of_output(exercise, name, place, outcomes)
    ]
    return [*trials, *_of_state(exercise, outcomes), *_of_arguments(exercise, answer, outcomes)]


def counts(trials: Iterable[Trial]) -> dict[str, Counter[Fate]]:
    """What came of them, by kind."""
    found: dict[str, Counter[Fate]] = {}
    for trial in trials:
        found.setdefault(trial.kind, Counter())[trial.fate] += 1
    return found


@dataclass(frozen=True)
class _Place:
    """Where an output stands: in these cases, as the one of this number."""

    cases: tuple[Case, ...]
    index: int


def _places(exercise: Exercise) -> dict[str, _Place]:
    """Each output of each function, by a name in words."""
    found: dict[str, _Place] = {}
    for case in exercise.cases:
        for index, rule in enumerate(rules_of(exercise, case)):
            name = f"{rule.name} of {case.call}" if case.call else rule.name
            before = found.get(name, _Place((), index)).cases
            found[name] = _Place((*before, case), index)
    return found


def _of_output(
    exercise: Exercise, name: str, place: _Place, outcomes: dict[int, Outcome]
) -> Iterator[Trial]:
    """The trials of one output; none where it is not numbers in every case."""
    outputs = {id(case): _outputs(exercise, case, outcomes[id(case)]) for case in place.cases}
    arrays = {key: as_numbers(values[place.index]) for key, values in outputs.items()}
    if any(array is None or not array.size for array in arrays.values()):
        return
    for wrong in wrongs(place.cases, list(arrays.values())):
        spoilt = {id(case): wrong.change(arrays[id(case)], case) for case in place.cases}
        if not any(_differ(arrays[key], spoilt[key]) for key in arrays):
            continue

        def call(case: Case, spoilt: dict[int, np.ndarray] = spoilt) -> Outcome:
            if id(case) not in spoilt:
                return outcomes[id(case)]
            values = list(outputs[id(case)])
            values[place.index] = spoilt[id(case)]
            returned = values[0] if len(values) == 1 else tuple(values)
            return replace(outcomes[id(case)], returned=returned)

        what = f"{name}, {wrong.detail}" if wrong.detail else name
        yield _trial(exercise, wrong.kind, what, wrong.names, call)


def _of_state(exercise: Exercise, outcomes: dict[int, Outcome]) -> Iterator[Trial]:
    """Each call returns what the one before it should have; the first one is right."""
    last: dict[str | None, Outcome] = {}

    def call(case: Case) -> Outcome:
        own = outcomes[id(case)]
        returned = last.get(case.call, own).returned
        last[case.call] = own
        return replace(own, returned=returned)

    yield _trial(exercise, "stale state", "all outputs", frozenset({"stale"}), call)


def _of_arguments(
    exercise: Exercise, answer: Answer, outcomes: dict[int, Outcome]
) -> Iterator[Trial]:
    """An argument is in every call what it was in the first: written as a number, or ignored."""
    first = exercise.cases[0]
    for name, value in first.inputs.items():
        if name in first.mutates:
            continue
        call = LocalCaller(answer.function, answer.namespace, exercise.harness)
        spoilt = {}
        for case in exercise.cases:
            if case.call == first.call and name in case.inputs:
                got = call(replace(case, inputs={**case.inputs, name: value}))
                after = {**got.after, name: case.inputs[name]}
                spoilt[id(case)] = replace(got, after=after)
        touched = [case for case in exercise.cases if id(case) in spoilt]
        if not any(_tell(exercise, case, outcomes, spoilt) for case in touched):
            continue
        yield _trial(
            exercise,
            "first case only",
            f"{name} as in the first case",
            OBSERVATIONS,
            lambda case, spoilt=spoilt: spoilt.get(id(case), outcomes[id(case)]),
        )


def _tell(
    exercise: Exercise, case: Case, outcomes: dict[int, Outcome], spoilt: dict[int, Outcome]
) -> bool:
    """Whether a call comes to something else than the model's."""
    own, other = outcomes[id(case)], spoilt[id(case)]
    if not other.finished:
        return True
    others = split_outputs(other.returned, rules_of(exercise, case))
    return others is None or any(
        _differ(one, two) for one, two in zip(_outputs(exercise, case, own), others, strict=True)
    )


def _trial(exercise: Exercise, kind: str, what: str, names: frozenset[str], call: Call) -> Trial:
    verdict = judge(exercise, call)
    told = _name(verdict)
    if verdict.passed:
        return Trial(kind, what, "accepted")
    if told in names:
        return Trial(kind, what, "named", told)
    if told and told not in OBSERVATIONS:
        return Trial(kind, what, "misnamed", told)
    return Trial(kind, what, "known" if verdict.mistake else "unnamed", told)


def _name(verdict: Verdict) -> str:
    """The diagnosis; or "dtype", where the description of the failure says so by itself."""
    if verdict.diagnosis:
        return verdict.diagnosis.family
    failures = [failure for result in verdict.results for failure in result.failures]
    kinds = {failure.difference.kind for failure in failures if failure.difference}
    return "dtype" if kinds == {"dtype"} else ""


def _outputs(exercise: Exercise, case: Case, outcome: Outcome) -> list[Any]:
    """The model's outputs, which are as many as the rules: they were recorded."""
    return split_outputs(outcome.returned, rules_of(exercise, case))


def _differ(one: Any, other: Any) -> bool:
    """Whether two outputs differ by more than rounding."""
    arrays = as_numbers(one), as_numbers(other)
    if any(array is None for array in arrays):
        return compare(Exact(""), one, other, {}, {}) is not None
    if arrays[0].shape != arrays[1].shape:
        return True
    wide = complex if any(array.dtype.kind == "c" for array in arrays) else float
    left, right = (np.nan_to_num(array.astype(wide)) for array in arrays)
    return bool(np.any(np.abs(left - right) > LEAST * np.abs(left).max(initial=0.0)))
