"""The ladder of hints: where to look, how, a case with its values, the answer.

The hint that fits a mistake comes before all of them: the verdict shows it by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from utils.tester.chapter import find_exercise, is_advanced
from utils.tester.messages import say
from utils.tester.outputs import rules_of
from utils.tester.plot import curves_of
from utils.tester.records import Case, Chapter, Exercise
from utils.tester.report import Block, Paragraph, Report, Sides
from utils.tester.verdict import CaseResult, Failure, Verdict
from utils.tester.written import value_text
from utils.tester.wrong_call import WrongCall

Answers = Literal["open", "sealed", "withheld"]


@dataclass(frozen=True)
class Door:
    """How a learner asks for things where they are: calls in a notebook, commands in a terminal.

    Attributes:
        hint: asks for the next step.
        answer: shows the answer.
        use: binds it; empty where nothing could be bound.
    """

    hint: str
    answer: str
    use: str = ""


def notebook_door(exercise: str, step: int | None = None) -> Door:
    """The calls of a notebook; for the next hint by its number, if one is given."""
    more = f'hint("{exercise}"' + (")" if step is None else f", {step})")
    return Door(more, f'show_solution("{exercise}")', f'use_solution("{exercise}")')


def exercise_with_hints(
    chapter: Chapter, exercise_id: str, lang: str, door: Door, answers: Answers
) -> Exercise:
    """The exercise that hints are asked for.

    Raises:
        WrongCall: the chapter has no such exercise, or it is an advanced question, which has none.
    """
    if not is_advanced(exercise_id):
        return find_exercise(chapter, exercise_id, lang)
    offer = [block.text for block in _offer(lang, replace(door, use=""), answers)]
    sentences = [say("no_hints", lang, exercise=exercise_id), *offer]
    raise WrongCall((" " if lang == "en" else "").join(sentences))


def length(exercise: Exercise) -> int:
    """How many steps the ladder has: the hints, the picture, the answer."""
    return len(exercise.hints) + 2


def is_picture(exercise: Exercise, step: int) -> bool:
    """Whether this step, counted from 1, shows a case."""
    return step == len(exercise.hints) + 1


def step_report(
    exercise: Exercise, step: int, lang: str, door: Door, answers: Answers, case: tuple[Block, ...]
) -> Report:
    """One step of the ladder in words.

    Args:
        exercise: whose.
        step: from 1 to ``length(exercise)``.
        lang: the language.
        door: how to ask for more.
        answers: whether the answers are given out.
        case: what ``picture`` gives, for the step that shows it.
    """
    count = len(exercise.hints)
    if step <= count:
        headline = say("rung_hint", lang, number=step, total=count)
        blocks = (Paragraph(exercise.hints[step - 1].in_language(lang), "hint"),)
    elif is_picture(exercise, step):
        headline, blocks = say("rung_picture", lang), case
    else:
        headline, blocks = say("rung_answer", lang), tuple(_offer(lang, door, answers))
    return Report(
        exercise=exercise.id,
        status="hint",
        lang=lang,
        headline=headline,
        title=f"{exercise.id} {exercise.title.in_language(lang)}",
        score="",
        marks=(),
        blocks=(*blocks, *_what_is_next(exercise, step, lang, door)),
    )


def _what_is_next(exercise: Exercise, step: int, lang: str, door: Door) -> Iterator[Block]:
    if step < length(exercise):
        after = step + 1
        kind = "picture" if is_picture(exercise, after) else "answer"
        name = "next_hint" if after <= len(exercise.hints) else f"next_{kind}"
        yield Paragraph(say(name, lang, call=door.hint), "note")


def _offer(lang: str, door: Door, answers: Answers) -> Iterator[Paragraph]:
    if answers == "withheld":
        yield Paragraph(say("withheld", lang))
        return
    yield Paragraph(say("answer_call", lang, call=door.answer))
    if door.use:
        yield Paragraph(say("answer_use", lang, call=door.use))
    if answers == "sealed":
        yield Paragraph(say("answer_sealed", lang))


def picture(exercise: Exercise, verdict: Verdict | None, lang: str) -> tuple[Block, ...]:
    """The first case that fails, with what went in, what was expected and what came.

    Where nothing was run it is the first case there is, without anything that came.
    """
    failed = verdict.first_failure if verdict else None
    if failed is not None:
        return tuple(_of_result(exercise, failed, lang))
    if verdict and verdict.passed:
        return (Paragraph(say("no_more_cases", lang)),)
    return tuple(_of_example(exercise, lang))


def _of_result(exercise: Exercise, result: CaseResult, lang: str) -> Iterator[Block]:
    yield from _case(exercise, result.case, result.number, lang)
    if not result.failures:
        yield from _expected(exercise, result.case, lang, _ending(result, lang))
    for failure in result.failures:
        yield from _failure(failure, lang)


def _of_example(exercise: Exercise, lang: str) -> Iterator[Block]:
    case = exercise.cases[0]
    yield from _case(exercise, case, 1, lang)
    yield from _expected(exercise, case, lang)
    yield Paragraph(say("run_first", lang), "note")


def _case(exercise: Exercise, case: Case, number: int, lang: str) -> Iterator[Block]:
    label, total = case.label.in_language(lang), len(exercise.cases)
    yield Paragraph(say("case", lang, number=number, total=total, label=label), "case")
    if case.call:
        yield Paragraph(say("calls", lang, function=case.call))
    yield Paragraph(say("inputs", lang))
    yield Sides(tuple((name, value_text(value)) for name, value in case.inputs.items()))


def _expected(exercise: Exercise, case: Case, lang: str, got: str = "") -> Iterator[Block]:
    """All that has to come out, and in one line what came instead."""
    rows = [
        (say("side", lang, name=rule.name, side=say("expected", lang)), value_text(value))
        for rule, value in zip(rules_of(exercise, case), case.expected, strict=True)
    ]
    rows += [
        (say("side", lang, name=name, side=say("after", lang)), value_text(value))
        for name, value in case.after.items()
    ]
    if got:
        rows.append((say("got", lang), got))
    yield Sides(tuple(rows))


def _ending(result: CaseResult, lang: str) -> str:
    """How a call ended that returned nothing."""
    raised = result.outcome.raised
    if result.outcome.timed_out or raised is None:
        return say("timeout" if result.outcome.timed_out else "error", lang)
    return f"{raised.kind}: {raised.message}".partition("\n")[0]


def _failure(failure: Failure, lang: str) -> Iterator[Block]:
    sides = ("before", "after") if failure.role == "preserved" else ("expected", "got")
    if failure.role == "count":
        expected = ", ".join(failure.expected)
        rows = ((say("expected", lang), expected), (say("got", lang), value_text(failure.got)))
        yield Sides(rows)
        return
    values = (failure.expected, failure.got)
    yield Paragraph(say("output", lang, name=failure.name))
    yield Sides(
        tuple(
            (say(side, lang), value_text(value)) for side, value in zip(sides, values, strict=True)
        )
    )
    curves = curves_of(failure.name, failure.difference, failure.expected, failure.got)
    if curves and failure.role != "preserved":
        yield curves
