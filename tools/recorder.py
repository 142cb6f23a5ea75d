"""Recording one exercise: its cases' outputs by the model, its mistakes' looks, and all doubts."""

from __future__ import annotations

import inspect
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from tools.calibration.places import Tolerances, place_case, place_rules
from tools.checkfile import CheckFile, CheckFileError
from tools.exercise import split_exercise
from tools.gaps import cut_gaps, find_gaps
from tools.lesson import Cell, Lesson
from tools.model import Answer, ModelError, ModelNamespace
from tools.outcomes import ending
from utils.tester.calling import LocalCaller
from utils.tester.compare import compare
from utils.tester.fingerprints import matches, mistakes_that_fit, prints_of_mistake
from utils.tester.judge import judge
from utils.tester.outcome import Outcome
from utils.tester.outputs import rule_of_input, rules_of, split_outputs
from utils.tester.records import Case, Exercise, Gap, KnownMistake
from utils.tester.rules import Numeric, Rule
from utils.tester.text import LANGUAGES, Text
from utils.tester.values import UnknownValue, pack
from utils.tester.verdict import CaseResult, Verdict

MIN_CASES = 12
# Parameters that change what is shown of a call, and nothing that comes of it.
QUIET = {"display", "label"}


def examine_exercise(lesson: Lesson, checks: CheckFile, cell: Cell) -> list[str]:
    """What is wrong with an exercise's cases before anything is run, as ``file: what. remedy.``"""
    try:
        return _Recorder(lesson, checks, cell, {}, lambda: None).examine()
    except (CheckFileError, ModelError) as error:
        return [str(error)]


def record_exercise(
    lesson: Lesson,
    checks: CheckFile,
    cell: Cell,
    tolerances: Tolerances,
    old: Exercise | None,
    advance: Callable[[], None],
) -> tuple[Exercise | None, list[str]]:
    """Run an exercise's model on its cases, and its mistakes and alternatives against the outputs.

    Args:
        lesson, checks, cell: the exercise; its cases are as ``examine_exercise`` wants them.
        tolerances: of its outputs and changed inputs.
        old: what was recorded before; its arrays are kept where they still agree.
        advance: called after each answer that was run, see ``count_of_answers``.

    Returns:
        The exercise as it is to be stored, and what is wrong with it, as ``file: what. remedy.``;
        None where it could not be recorded at all.
    """
    try:
        return _Recorder(lesson, checks, cell, tolerances, advance).record(old)
    except (CheckFileError, ModelError) as error:
        return None, [str(error)]


def count_of_answers(checks: CheckFile) -> int:
    """How many answers ``record_exercise`` runs."""
    return 1 + len(checks.mistakes) + len(checks.alternatives)


def failures_of_model(lesson: Lesson, checks: CheckFile, exercise: Exercise) -> list[str]:
    """The recorded cases in which the model's answer no longer gives what is recorded."""
    model = ModelNamespace(lesson, exercise.id, checks.file).model()
    verdict = _judge(replace(exercise, mistakes=()), model)
    return [
        f"exercise {exercise.id}, {_name(result.number, result.case)}: {_reason(result)}"
        for result in verdict.results
        if not result.passed
    ]


class _Recorder:
    def __init__(
        self,
        lesson: Lesson,
        checks: CheckFile,
        cell: Cell,
        tolerances: Tolerances,
        advance: Callable[[], None],
    ) -> None:
        self.checks = checks
        self.cell = cell
        self.tolerances = tolerances
        self.advance = advance
        self.namespace = ModelNamespace(lesson, cell.exercise, checks.file)
        self.problems: list[str] = []

    def record(self, old: Exercise | None) -> tuple[Exercise | None, list[str]]:
        cases = [
            place_case(case, self.checks.outputs, self.tolerances) for case in self.checks.cases()
        ]
        exercise = self._run_model(self.namespace.model(), cases, old)
        self.advance()
        if not self.problems:
            exercise = self._add_mistakes(exercise, old)
            self._try_alternatives(exercise)
        return exercise, self.problems

    def _doubt(self, what: str, remedy: str) -> None:
        self.problems.append(f"{self.checks.file}: {what}. {remedy}.")

    def examine(self) -> list[str]:
        """Why these are no cases to record: too few, alike, of values that do not travel."""
        cases = self.checks.cases()
        self._examine(cases, self.namespace.model())
        return self.problems

    def _examine(self, cases: Sequence[Case], model: Answer) -> None:
        if len(cases) < MIN_CASES:
            self._doubt(f"{len(cases)} cases, fewer than {MIN_CASES}", "Add some")
        for number, case in enumerate(cases, start=1):
            name = _name(number, case)
            try:
                pack([case.inputs, case.extras])
            except UnknownValue as error:
                self._doubt(f"{name} holds {error}", "Use the values of utils/tester/values.py")
                return
            if case.call is not None and case.call not in model.namespace:
                self._doubt(f"{name} calls {case.call!r}, which is not defined", "Correct it")
                return
            for watched in (*case.mutates, *case.preserves):
                if watched not in case.inputs:
                    self._doubt(f"{name} watches {watched!r}, which is no input", "Correct it")
        for call in dict.fromkeys(case.call for case in cases):
            self._examine_arguments(call, [case for case in cases if case.call == call], model)

    def _examine_arguments(self, call: str | None, cases: list[Case], model: Answer) -> None:
        """Whether each argument of one function takes at least two values in its cases."""
        function = model.namespace[call] if call else model.function
        given = dict.fromkeys(name for case in cases for name in case.inputs)
        parameters = inspect.signature(function).parameters.values()
        spelled = [
            p.name for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)
        ]
        for name in dict.fromkeys([*given, *spelled]):
            values = {_identity(case.inputs[name]) if name in case.inputs else "" for case in cases}
            if len(values) < 2 and name not in QUIET:
                where = f"{function.__name__}, argument {name!r}"
                self._doubt(f"{where}: the same in all cases", "Vary it, or learners may ignore it")

    def _run_model(self, model: Answer, cases: Sequence[Case], old: Exercise | None) -> Exercise:
        """The exercise with the model's outputs, without mistakes; judged by its own rules."""
        parts = split_exercise(self.cell.source)
        exercise = Exercise(
            id=self.cell.exercise,
            title=self.checks.title,
            functions=tuple(parts.functions),
            harness=parts.tested if parts.harness else None,
            gaps=tuple(Gap(gap.function, gap.text) for gap in find_gaps(self.cell.source)),
            outputs=place_rules(self.checks.outputs, None, self.tolerances),
            cases=(),
            mistakes=(),
            points=self.cell.points,
            minutes=self.cell.minutes,
            needs=self.cell.needs,
            packages=self.cell.packages,
            hints=self.checks.hints,
            starter=Text(*(cut_gaps(self.cell.source, lang) for lang in LANGUAGES)),
        )
        before = old.cases if old else ()
        call = LocalCaller(model.function, model.namespace, exercise.harness)
        recorded = []
        for i, case in enumerate(cases):
            old_case = before[i] if i < len(before) else None
            recorded.append(
                self._record_case(exercise, _settled(case, old_case), old_case, call, i)
            )
        if self.problems:
            return exercise
        exercise = replace(exercise, cases=tuple(recorded))
        verdict = _judge(exercise, model)
        for result in verdict.results:
            if not result.passed:
                name = _name(result.number, result.case)
                self._doubt(f"{name}: the model itself fails: {_reason(result)}", "Correct one")
        return exercise

    def _record_case(
        self, exercise: Exercise, case: Case, old: Case | None, call: LocalCaller, i: int
    ) -> Case:
        outcome = call(case)
        name = _name(i + 1, case)
        if not outcome.finished:
            self._doubt(f"{name}: the model does not return: {ending(outcome)}", "Correct one")
            return case
        rules = rules_of(exercise, case)
        outputs = split_outputs(outcome.returned, rules)
        if outputs is None:
            self._doubt(
                f"{name}: the model does not return {len(rules)} outputs", "Correct OUTPUTS"
            )
            return case
        try:
            pack([outputs, outcome.after])
        except UnknownValue as error:
            self._doubt(f"{name}: the model returns {error}", "Return plain values")
            return case
        new = replace(
            case,
            expected=tuple(outputs),
            after={watched: outcome.after[watched] for watched in case.mutates},
        )
        return _kept(new, old, rules)

    def _add_mistakes(self, exercise: Exercise, old: Exercise | None) -> Exercise:
        names = Counter(mistake.name for mistake in self.checks.mistakes)
        for name in (name for name, count in names.items() if count > 1):
            self._doubt(f"two mistakes are called {name!r}", "Rename one")
        before = {mistake.name: mistake for mistake in old.mistakes} if old else {}
        known: list[KnownMistake] = []
        outcomes: list[list[Outcome]] = []
        for mistake in self.checks.mistakes:
            try:
                verdict = _judge(exercise, self.namespace.mistake(mistake))
            except ModelError as error:
                self.problems.append(str(error))
                continue
            finally:
                self.advance()
            own = [result.outcome for result in verdict.results]
            if verdict.passed:
                self._doubt(f"mistake {mistake.name!r} passes every case", "Add one that tells")
            elif len(own) < len(exercise.cases):
                self._doubt(f"mistake {mistake.name!r} ends in: {ending(own[-1])}", "Change it")
            else:
                prints = prints_of_mistake(exercise, own)
                kept = _kept_prints(prints, before.get(mistake.name))
                known.append(KnownMistake(mistake.name, mistake.hint, kept))
                outcomes.append(own)
        exercise = replace(exercise, mistakes=tuple(known))
        for mistake, own in zip(known, outcomes, strict=True):
            self._examine_recognition(exercise, mistake, own)
        return exercise

    def _examine_recognition(
        self, exercise: Exercise, mistake: KnownMistake, outcomes: Sequence[Outcome]
    ) -> None:
        fitting = [other.name for other in mistakes_that_fit(exercise, outcomes)]
        if not fitting:
            self._doubt(
                f"mistake {mistake.name!r} returns from no call, and its exceptions say nothing",
                "Add a case where it returns",
            )
        others = [name for name in fitting if name != mistake.name]
        if others:
            self._doubt(
                f"mistake {mistake.name!r} cannot be told from {', '.join(others)}",
                "Add a case that tells, or drop one",
            )

    def _try_alternatives(self, exercise: Exercise) -> None:
        bare = replace(exercise, mistakes=())
        for alternative in self.checks.alternatives:
            try:
                verdict = _judge(bare, self.namespace.alternative(alternative))
            except ModelError as error:
                self.problems.append(str(error))
                continue
            finally:
                self.advance()
            failed = verdict.first_failure
            if failed:
                name = _name(failed.number, failed.case)
                self._doubt(
                    f"alternative {alternative.name!r} fails {name}: {_reason(failed)}",
                    "Correct it, or allow for it",
                )


def _judge(exercise: Exercise, answer: Answer) -> Verdict:
    return judge(exercise, LocalCaller(answer.function, answer.namespace, exercise.harness))


def _settled(case: Case, old: Case | None) -> Case:
    """The case with the inputs recorded before, where they differ in the last digits alone.

    Another processor draws or computes inputs with other last digits; the file stays as it is.
    """
    if old is None:
        return case
    one, other = [case.inputs, case.extras], [old.inputs, old.extras]
    if not _same_structure(one, other) or compare(Numeric(""), one, other, {}, {}):
        return case
    return replace(case, inputs=old.inputs, extras=old.extras)


def _same_structure(one: Any, other: Any) -> bool:
    (spec, arrays), (other_spec, other_arrays) = pack(one), pack(other)
    return spec == other_spec and all(
        array.shape == other_arrays[name].shape and array.dtype == other_arrays[name].dtype
        for name, array in arrays.items()
    )


def _kept(new: Case, old: Case | None, rules: Sequence[Rule]) -> Case:
    """The case with the outputs recorded before, where they still agree."""
    if (
        old is None
        or len(old.expected) != len(new.expected)
        or old.after.keys() != new.after.keys()
    ):
        return new
    values = (new.inputs, new.extras)
    return replace(
        new,
        expected=tuple(
            before if compare(rule, now, before, *values) is None else now
            for rule, now, before in zip(rules, new.expected, old.expected, strict=True)
        ),
        after={
            name: before if compare(rule_of_input(new, name), now, before, *values) is None else now
            for (name, now), before in zip(new.after.items(), old.after.values(), strict=True)
        },
    )


def _kept_prints(prints: tuple[Any, ...], old: KnownMistake | None) -> tuple[Any, ...]:
    if old is None or len(old.prints) != len(prints):
        return prints
    pairs = zip(prints, old.prints, strict=True)
    return old.prints if all(_same_print(*pair) for pair in pairs) else prints


def _same_print(one: Any, other: Any) -> bool:
    if not (isinstance(one, list) and isinstance(other, list) and len(one) == len(other)):
        return one == other
    pairs = zip(one, other, strict=True)
    return all(a is b if a is None or b is None else matches(a, b) for a, b in pairs)


def _identity(value: Any) -> str:
    """Equal for equal values."""
    spec, arrays = pack(value)
    held = {name: (str(a.dtype), a.shape, a.tobytes().hex()) for name, a in arrays.items()}
    return json.dumps([spec, held])


def _name(number: int, case: Case) -> str:
    return f"case {number} ({case.label.en})"


def _reason(result: CaseResult) -> str:
    """Why a case failed, briefly."""
    if not result.outcome.finished:
        return ending(result.outcome)
    failure = result.failures[0]
    if failure.difference is None:
        return "another number of outputs"
    found = failure.difference
    text = f"{failure.role} {found.where} differs in {found.kind}"
    if found.error is not None:
        text += f", error {found.error:.1e} above {found.tolerance:.1e}"
    return text
