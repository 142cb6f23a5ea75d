"""Judging: an exercise and the outcomes of its calls in, a verdict out.

Nothing is printed here and nothing is known of where the learner's function runs: a notebook calls
it in this process, a grader in another one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from utils.tester.compare import compare
from utils.tester.diagnoses import Diagnosis, Evidence, diagnose
from utils.tester.fingerprints import recognise
from utils.tester.first_case import only_as_in_the_first
from utils.tester.learner_source import UntouchedGap
from utils.tester.outcome import Outcome
from utils.tester.outputs import rule_of_input, rules_of, split_outputs
from utils.tester.records import Case, Exercise
from utils.tester.rules import Exact
from utils.tester.text import LANGUAGES
from utils.tester.verdict import CaseResult, Failure, Status, Verdict

Call = Callable[[Case], Outcome]


def judge(
    exercise: Exercise,
    call: Call,
    untouched: Sequence[UntouchedGap] = (),
    lang: str = "en",
    unready: Sequence[str] = (),
) -> Verdict:
    """Run an exercise's cases by ``call`` and say what came of them.

    Args:
        exercise: its cases, rules and known mistakes.
        call: runs the learner's function on one case's inputs, made fresh.
        untouched: the gaps still as they came, if anybody could look.
        lang: the language of the verdict's texts.
        unready: the exercises that this one needs and that are not done yet; a verdict that is not
            a pass names them.

    With every gap untouched nothing is run. With some untouched the cases decide all the same: a
    left-over ``...`` beside a working answer does no harm.
    """
    if _all_untouched(exercise, untouched):
        return Verdict(
            exercise, "not_attempted", untouched=tuple(untouched), unready=tuple(unready), lang=lang
        )
    results = _run(exercise, call)
    status = _status(results, untouched)
    mistake = diagnosis = None
    if status != "passed":
        mistake = recognise(exercise, [result.outcome for result in results])
        diagnosis = _diagnosis(exercise, call, results)
    return Verdict(
        exercise, status, results, tuple(untouched), mistake, diagnosis, tuple(unready), lang
    )


def judge_case(exercise: Exercise, case: Case, outcome: Outcome, number: int) -> CaseResult:
    """Compare what one call came to with what is recorded."""
    if not outcome.finished:
        return CaseResult(number, case, outcome, (), ())
    failures = _output_failures(exercise, case, outcome)
    failures += _input_failures(exercise, case, outcome)
    watched = {*case.mutates, *case.preserves}
    changed = tuple(
        name
        for name, before in case.inputs.items()
        if name not in watched
        and compare(Exact(name), before, outcome.after[name], case.inputs, case.extras)
    )
    return CaseResult(number, case, outcome, tuple(failures), changed)


def _all_untouched(exercise: Exercise, untouched: Sequence[UntouchedGap]) -> bool:
    """Whether each gap of the exercise, known by its TODO text, is still as it came."""
    left = Counter(gap.todo for gap in untouched)
    return bool(exercise.gaps) and any(
        Counter(gap.text.in_language(lang) for gap in exercise.gaps) <= left for lang in LANGUAGES
    )


def _run(exercise: Exercise, call: Call) -> tuple[CaseResult, ...]:
    """Every case in order, until the time limit, which is for all of them, is over."""
    results = []
    for number, case in enumerate(exercise.cases, start=1):
        outcome = call(case)
        results.append(judge_case(exercise, case, outcome, number))
        if outcome.timed_out or outcome.misfit:
            break
    return tuple(results)


def _status(results: Sequence[CaseResult], untouched: Sequence[UntouchedGap]) -> Status:
    first = next((result for result in results if not result.passed), None)
    if first is None:
        return "passed"
    if untouched:
        return "failed"
    if first.outcome.timed_out:
        return "timeout"
    return "failed" if first.outcome.finished else "error"


def _output_failures(exercise: Exercise, case: Case, outcome: Outcome) -> list[Failure]:
    rules = rules_of(exercise, case)
    outputs = split_outputs(outcome.returned, rules)
    if outputs is None:
        names = tuple(rule.name for rule in rules)
        return [Failure("count", "", None, None, names, outcome.returned)]
    failures = []
    for rule, expected, got in zip(rules, case.expected, outputs, strict=True):
        difference = compare(rule, expected, got, case.inputs, case.extras)
        if difference is not None:
            failures.append(Failure("output", rule.name, rule, difference, expected, got))
    return failures


def _input_failures(exercise: Exercise, case: Case, outcome: Outcome) -> list[Failure]:
    """What a call did to the inputs that its contract speaks of."""
    failures = []
    for name in case.mutates:
        expected, got = case.after[name], outcome.after[name]
        rule = rule_of_input(case, name)
        difference = compare(rule, expected, got, case.inputs, case.extras)
        if difference is not None:
            failures.append(Failure("mutated", name, rule, difference, expected, got))
    for name in case.preserves:
        rule, before, after = Exact(name), case.inputs[name], outcome.after[name]
        difference = compare(rule, before, after, case.inputs, case.extras)
        if difference is not None:
            failures.append(Failure("preserved", name, rule, difference, before, after))
    return failures


def _diagnosis(exercise: Exercise, call: Call, results: Sequence[CaseResult]) -> Diagnosis | None:
    """The one general mistake that explains what failed, if exactly one does."""
    found = [_ellipsis(results), _of_output(results), _stale(exercise, call, results)]
    claimed = [diagnosis for diagnosis in found if diagnosis]
    if not claimed:
        return only_as_in_the_first(results)
    return claimed[0] if len(claimed) == 1 else None


def _ellipsis(results: Sequence[CaseResult]) -> Diagnosis | None:
    """Somebody computed with ``...``, in a place where no gap could be seen."""
    raised = next(result for result in results if not result.passed).outcome.raised
    if raised and raised.kind == "TypeError" and "ellipsis" in raised.message and raised.frames:
        return Diagnosis("ellipsis", detail={"line": raised.frames[-1].line})
    return None


def _of_output(results: Sequence[CaseResult]) -> Diagnosis | None:
    """What explains all failures of one output: of the first that anything explains."""
    failing: dict[tuple[str | None, str], list[Evidence]] = {}
    for result in results:
        for failure in result.failures:
            if failure.role == "output":
                item = Evidence(result.case, failure.rule, failure.expected, failure.got)
                failing.setdefault((result.case.call, failure.name), []).append(item)
    diagnoses = (diagnose(evidence) for evidence in failing.values())
    return next((diagnosis for diagnosis in diagnoses if diagnosis), None)


def _stale(exercise: Exercise, call: Call, results: Sequence[CaseResult]) -> Diagnosis | None:
    """The first call came out right, a later one wrong, and now the first one does not either."""
    first, later = results[0], results[1:]
    if not first.passed or any(not result.outcome.finished for result in later):
        return None
    again = judge_case(exercise, first.case, call(first.case), first.number)
    return None if again.passed or again.outcome.timed_out else Diagnosis("stale")
