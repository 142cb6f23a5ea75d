"""The places of an exercise that have a tolerance, and putting tolerances there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tools.checks import DeclaredRule
from tools.checks import Numeric as DeclaredNumeric
from tools.checks import Property as DeclaredProperty
from utils.tester.outputs import rule_of_input, rules_of
from utils.tester.records import Case, Exercise
from utils.tester.rules import Exact, Numeric, Property, Rule

Place = tuple[str | None, str]  # function called by name, output or changed input
Tolerances = Mapping[Place, float]


def changed_input(case: Case, name: str) -> Place:
    """The place of an input that the call has to change."""
    return case.call, f"{name}, changed"


def place_rules(
    rules: Sequence[DeclaredRule], call: str | None, tolerances: Tolerances
) -> tuple[Rule, ...]:
    """Rules as a check file declares them, with their tolerances."""
    return tuple(_placed(rule, tolerances.get((call, rule.name), 0.0)) for rule in rules)


def place_case(case: Case, outputs: Sequence[DeclaredRule], tolerances: Tolerances) -> Case:
    """A case as a check file makes it, with the tolerances of its outputs and changed inputs.

    Args:
        case: the case.
        outputs: the exercise's own rules.
        tolerances: by place. A function called by name has its own, also of outputs that are
            called like those of the exercise.
    """
    own = case.outputs
    if own is None and case.call is not None:
        own = outputs
    return replace(
        case,
        outputs=None if own is None else place_rules(own, case.call, tolerances),
        after_rtol={name: tolerances.get(changed_input(case, name), 0.0) for name in case.mutates},
    )


def rules_by_place(exercise: Exercise, case: Case) -> dict[Place, Rule]:
    """The rules of a case that have a tolerance: of its outputs and of the inputs it changes."""
    rules = {(case.call, rule.name): rule for rule in rules_of(exercise, case)}
    rules |= {changed_input(case, name): rule_of_input(case, name) for name in case.mutates}
    return {place: rule for place, rule in rules.items() if not isinstance(rule, Exact)}


def tolerances_of(exercise: Exercise) -> dict[Place, float]:
    """The tolerances by which an exercise is judged."""
    return {
        place: rule.limit if isinstance(rule, Property) else rule.rtol
        for case in exercise.cases
        for place, rule in rules_by_place(exercise, case).items()
    }


def _placed(rule: DeclaredRule, tolerance: float) -> Rule:
    match rule:
        case DeclaredNumeric(name):
            return Numeric(name, tolerance)
        case DeclaredProperty(name, check):
            return Property(name, check, tolerance)
    return rule
