"""A verdict in words: what a learner reads, in order, before anybody lays it out.

Text marks code by backquotes. A notebook and a terminal lay the same report out each in its way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from utils.optional import install_command
from utils.tester.compare import Difference
from utils.tester.diagnoses import Diagnosis
from utils.tester.learner_source import UntouchedGap
from utils.tester.messages import say
from utils.tester.outcome import Frame, Misfit, Outcome, Raised
from utils.tester.plain import items_of, type_name
from utils.tester.plot import Curves, curves_of
from utils.tester.properties import PROPERTIES
from utils.tester.rules import Property
from utils.tester.verdict import CaseResult, Failure, Status, Verdict
from utils.tester.written import shape_text, two_sides

# A status in one character.
SIGNS: dict[Status | Literal["hint"], str] = {
    "passed": "✓",
    "failed": "✗",
    "not_attempted": "○",
    "error": "✗",
    "timeout": "✗",
    "unavailable": "○",
    "hint": "→",
}


@dataclass(frozen=True)
class Paragraph:
    """A sentence or two. ``label`` stands before it: "Hint", "It looks as if"."""

    text: str
    tone: Literal["plain", "hint", "case", "note"] = "plain"
    label: str = ""


@dataclass(frozen=True)
class Lines:
    """Places in the learner's code: each a place in words, and what stands there."""

    rows: tuple[tuple[str, str], ...]
    code: bool  # whether what stands there is code


@dataclass(frozen=True)
class Sides:
    """Two values against each other: label and value, twice."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Quote:
    """Text from elsewhere, as it is: an exception, or what was printed."""

    text: str
    label: str = ""


Block = Paragraph | Lines | Sides | Quote | Curves


@dataclass(frozen=True)
class Mark:
    """One case in the row of all cases."""

    state: Literal["passed", "failed", "not_run"]
    label: str


@dataclass(frozen=True)
class Report:
    """Everything that is shown of a verdict, or of a hint that was asked for."""

    exercise: str
    status: Status | Literal["hint"]
    lang: str
    headline: str
    title: str
    score: str
    marks: tuple[Mark, ...]
    blocks: tuple[Block, ...]


def report_of(verdict: Verdict) -> Report:
    """Put a verdict into words, in its own language."""
    exercise, lang = verdict.exercise, verdict.lang
    right = sum(result.passed for result in verdict.results)
    total = len(exercise.cases)
    score = "" if not verdict.results else say("score", lang, passed=right, total=total)
    return Report(
        exercise=exercise.id,
        status=verdict.status,
        lang=lang,
        headline=say(verdict.status, lang),
        title=f"{exercise.id} {exercise.title.in_language(lang)}",
        score=score,
        marks=tuple(_marks(verdict)),
        blocks=tuple(_Writer(verdict).blocks()),
    )


def _marks(verdict: Verdict) -> Iterator[Mark]:
    results = {result.number: result for result in verdict.results}
    for number, case in enumerate(verdict.exercise.cases, start=1):
        result = results.get(number)
        state = "not_run" if result is None else "passed" if result.passed else "failed"
        label = say("debug_call", verdict.lang, number=number, label=_label(case, verdict.lang))
        yield Mark(state, f"{label} ({say(f'mark_{state}', verdict.lang)})")


def _label(case: Any, lang: str) -> str:
    return case.label.in_language(lang)


def _is_single(difference: Difference) -> bool:
    """Whether it is of a number, or of an array that holds one number."""
    return int(np.prod(difference.expected_shape)) == 1


class _Writer:
    """Writes the blocks of one verdict, each method a part of it."""

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        self.lang = verdict.lang

    def say(self, name: str, /, **values: object) -> str:
        return say(name, self.lang, **values)

    def blocks(self) -> Iterator[Block]:
        verdict = self.verdict
        if verdict.status == "not_attempted":
            yield Paragraph(self.say("no_gap_filled"))
            yield self.gap_lines(verdict.untouched)
            return
        if verdict.status == "unavailable":
            yield Paragraph(self.say("lacking", packages=", ".join(verdict.lacking)))
            yield Quote(install_command(verdict.lacking))
            return
        if verdict.passed:
            yield Paragraph(self.say("all_right", total=len(verdict.results)))
            for gap in verdict.untouched:
                left_over = self.say("gap_left_over", function=gap.function, line=gap.line)
                yield Paragraph(left_over, "note")
            yield from self.notes(verdict.results[0])
            return
        for exercise in verdict.unready:
            yield Paragraph(self.say("needs", exercise=exercise))
        if verdict.untouched:
            total = len(verdict.exercise.gaps)
            yield Paragraph(self.say("gaps_left", left=len(verdict.untouched), total=total))
            yield self.gap_lines(verdict.untouched)
        if verdict.hint:
            yield Paragraph(verdict.hint, "hint", self.say("hint"))
        elif verdict.diagnosis and not verdict.untouched:
            text = self.diagnosis(verdict.diagnosis)
            yield Paragraph(text, "hint", self.say("looks_like"))
        yield from self.case(verdict.first_failure)
        if verdict.next_hint:
            yield Paragraph(self.say("stuck", call=verdict.next_hint), "note")

    def gap_lines(self, gaps: tuple[UntouchedGap, ...]) -> Lines:
        rows = []
        for gap in gaps:
            line = self.say("gap_line", line=gap.line)
            rows.append((f"{gap.place} {line}".strip(), gap.todo or f"`{gap.function}`"))
        return Lines(tuple(rows), code=False)

    def case(self, result: CaseResult) -> Iterator[Block]:
        """What became of the first case that is not right."""
        outcome, case = result.outcome, result.case
        if outcome.misfit:
            yield Paragraph(self.misfit(outcome.misfit))
            return
        total = len(self.verdict.exercise.cases)
        label = _label(case, self.lang)
        yield Paragraph(self.say("case", number=result.number, total=total, label=label), "case")
        if case.call:
            yield Paragraph(self.say("calls", function=case.call))
        if outcome.timed_out:
            yield from self.timeout(outcome)
        elif outcome.raised:
            yield from self.raised(outcome.raised)
        else:
            yield from self.failure(result.failures[0])
        yield from self.notes(result)

    def notes(self, result: CaseResult) -> Iterator[Block]:
        for name in result.changed:
            yield Paragraph(self.say("changed", name=name), "note")
        for text in result.outcome.warnings:
            yield Paragraph(self.say("warned", text=text), "note")
        if result.outcome.printed.strip():
            name = "printed" if self.verdict.passed else "printed_in_case"
            yield Quote(result.outcome.printed.rstrip(), self.say(name))

    def misfit(self, misfit: Misfit) -> str:
        kind = "unexpected" if misfit.unexpected else "missing"
        names = misfit.unexpected or misfit.missing
        if not names:
            return self.say("misfit", function=misfit.function)
        quoted = ", ".join(f"`{name}`" for name in names)
        return self.say(f"misfit_{kind}", function=misfit.function, names=quoted)

    def timeout(self, outcome: Outcome) -> Iterator[Block]:
        told = "stopped_after" if outcome.seconds else "stopped"
        yield Paragraph(self.say(told, seconds=f"{outcome.seconds:.0f}"))
        if outcome.raised and outcome.raised.frames:
            yield Paragraph(self.say("stopped_at"))
            yield self.frames(outcome.raised.frames[-1:])

    def raised(self, raised: Raised) -> Iterator[Block]:
        yield Quote(f"{raised.kind}: {raised.message}" if raised.message else raised.kind)
        harness = self.verdict.exercise.harness
        own = tuple(frame for frame in raised.frames if frame.function.split(".")[0] != harness)
        if own:  # the harness is given, and only hands on
            yield self.frames(own)
        elif raised.frames:
            yield self.frames(raised.frames[:1])
            yield Paragraph(self.say("in_harness", function=harness))

    def frames(self, frames: tuple[Frame, ...]) -> Lines:
        def name(frame: Frame) -> str:
            return frame.function.replace("<locals>.", "")

        rows = (
            (
                self.say("raised_at", place=frame.place, line=frame.line, function=name(frame)),
                frame.source,
            )
            for frame in frames
        )
        return Lines(tuple(rows), code=True)

    def failure(self, failure: Failure) -> Iterator[Block]:
        if failure.role == "count":
            yield Paragraph(self.count(failure))
            return
        if failure.role == "preserved":
            yield Paragraph(self.say("preserved", name=failure.name))
            yield from self.sides(failure.difference, "before", "after")
            return
        if failure.role == "mutated":
            yield Paragraph(self.say("mutated", name=failure.name))
        yield from self.difference(failure)
        curves = curves_of(failure.name, failure.difference, failure.expected, failure.got)
        if curves:
            yield curves

    def count(self, failure: Failure) -> str:
        names = failure.expected
        quoted = ", ".join(f"`{name}`" for name in names)
        items = items_of(failure.got)
        if failure.got is None:
            got = self.say("count_none")
        elif items is None:
            got = self.say("count_one", type=type_name(failure.got))
        else:
            got = self.say("count_items", count=len(items))
        return self.say("count", expected=len(names), names=quoted, got=got)

    def difference(self, failure: Failure) -> Iterator[Block]:
        difference = failure.difference
        where = difference.where
        match difference.kind:
            case "value" if difference.index is None:
                yield Paragraph(self.say("single_value", where=where))
                yield from self.sides(difference)
            case "value":
                name = "single_value" if _is_single(difference) else "value"
                yield Paragraph(self.say(name, where=where))
                yield from self.sides(difference)
                yield Paragraph(self.extent(difference))
            case "dtype" if difference.index is not None:
                dtypes = {"expected": difference.expected_dtype, "got": difference.got_dtype}
                yield Paragraph(self.say("single_precision", where=where, **dtypes))
            case "type" if difference.got_dtype == "NoneType":
                yield Paragraph(self.say("none", where=where))
            case "dtype" | "type":
                yield Paragraph(self.say(difference.kind, where=where))
                sides = (difference.expected_dtype, difference.got_dtype)
                yield self.two_rows("expected", "got", sides)
            case "shape":
                yield Paragraph(self.say("shape", where=where))
                shapes = (difference.expected_shape, difference.got_shape)
                yield self.two_rows("expected", "got", [self.shape(shape) for shape in shapes])
            case "length":
                sides = {"expected": difference.expected, "got": difference.got}
                yield Paragraph(self.say("length", where=where, **sides))
            case "property":
                yield Paragraph(self.property(failure))
            case "ellipsis":
                yield Paragraph(self.say("ellipsis_in", where=where))
            case "nan" | "missing" | "key" as kind:
                yield Paragraph(self.say(kind, where=where))

    def sides(
        self, difference: Difference, expected: str = "expected", got: str = "got"
    ) -> Iterator[Sides]:
        """Both values, where the difference is one of values."""
        if difference.kind in ("value", "nan", "dtype") and difference.index is not None:
            yield self.two_rows(expected, got, two_sides(difference.expected, difference.got))
        elif difference.kind == "value":
            yield self.two_rows(expected, got, (repr(difference.expected), repr(difference.got)))

    def two_rows(self, first: str, second: str, values: Any) -> Sides:
        one, other = values
        return Sides(((self.say(first), one), (self.say(second), other)))

    def extent(self, difference: Difference) -> str:
        tolerance = f"{difference.tolerance:.2g}"
        error = self.error(difference)
        if _is_single(difference):
            return self.say("single_extent", error=error, tolerance=tolerance)
        size = int(np.prod(difference.expected_shape))
        extent = {"differing": difference.differing, "size": size}
        if not difference.tolerance:
            return self.say("extent_exact", **extent)
        return self.say("extent", error=error, tolerance=tolerance, **extent)

    def error(self, difference: Difference) -> str:
        finite = np.isfinite(difference.error)
        return f"{difference.error:.2g}" if finite else self.say("infinite")

    def shape(self, shape: tuple[int, ...]) -> str:
        if not shape:
            return self.say("shape_of_number")
        return self.say("shape_of", shape=shape_text(shape))

    def property(self, failure: Failure) -> str:
        difference = failure.difference
        check = failure.rule.check if isinstance(failure.rule, Property) else ""
        return self.say(
            "property",
            where=difference.where,
            property=PROPERTIES[check].text.in_language(self.lang),
            error=self.error(difference),
            tolerance=f"{difference.tolerance:.2g}",
        )

    def diagnosis(self, diagnosis: Diagnosis) -> str:
        detail = dict(diagnosis.detail or {})
        family = diagnosis.family
        if family in ("input_factor", "size_factor"):
            family = "extra_factor" if detail["power"] == 1 else "missing_factor"
        if "end" in detail:
            family = f"{family}_{detail['end']}"
        if "factor" in detail:
            detail["factor"] = f"{detail['factor']:.6g}"
        if "axis" in detail:  # a series runs along the first axis; another one is worth saying
            axis = detail["axis"]
            detail["axis"] = self.say("along_axis", axis=axis) if axis else ""
        return self.say(f"diagnosis_{family}", output=diagnosis.output, **detail)
