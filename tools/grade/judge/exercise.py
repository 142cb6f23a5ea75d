"""Judging one exercise of one submission: its calls there, its verdict here."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any, NoReturn

from tools.grade.judge.course import Assignment
from tools.grade.judge.words import say, say_hidden
from tools.grade.sandbox.isolation import SandboxError
from tools.grade.sandbox.worker import Lost, Prepared, RemoteExercise, Worker, gaps_of
from utils.check.explain import hint_of, with_error
from utils.tester.judge import judge, judge_case
from utils.tester.records import Case, Exercise
from utils.tester.report import report_of
from utils.tester.show_html import as_html
from utils.tester.verdict import CaseResult, Verdict


@dataclass(frozen=True)
class Judged:
    """One run of an exercise, all of its cases.

    Attributes:
        status: a verdict's or a loss's.
        message, hint, html: what the learner reads of it.
        public, hidden: right cases, of how many.
        mistake: its name; empty if none was recognised.
        detail: for the instructor.
        largest: bytes of its largest value.
        megabytes: of its process.
        processes, file_megabytes: the most that were seen, where its process ended in order.
    """

    status: str
    message: str = ""
    hint: str | None = None
    html: str = ""
    public: tuple[int, int] = (0, 0)
    hidden: tuple[int, int] = (0, 0)
    mistake: str = ""
    detail: str = ""
    largest: int = field(default=0, compare=False)
    megabytes: float = field(default=0.0, compare=False)
    processes: int = field(default=1, compare=False)
    file_megabytes: float = field(default=0.0, compare=False)

    @property
    def passed(self) -> bool:
        return self.status == "passed"


def judge_exercise(
    worker: Worker,
    assignment: Assignment,
    reading: dict[str, Any],
    given: Sequence[str] = (),
) -> Judged:
    """Run an exercise of a notebook: the public cases first, and if they pass the hidden ones.

    Args:
        worker: a sandbox.
        assignment: the exercise.
        reading: of the notebook, as ``Worker.read`` gives it.
        given: the model's functions for those it needs.

    Raises:
        SandboxError: there is no sandbox.
    """
    exercise, lang, limits = assignment.public, reading["lang"], assignment.limits
    untouched = _untouched(assignment, reading)
    if untouched is not None:
        return untouched
    try:
        with worker.task("answer", limits) as task:
            remote = RemoteExercise(task, _order(assignment, reading, given))
            judged = _judge(remote, assignment, lang)
        judged = replace(judged, largest=remote.largest)
        if task.ended is None:
            return judged
        return replace(
            judged,
            megabytes=task.ended.megabytes,
            processes=task.ended.processes,
            file_megabytes=task.ended.file_megabytes,
        )
    except Lost as lost:
        text = say(lost.status, lang)
        detail = f"{exercise.id}: {lost.detail}"
        return Judged(lost.status, text, detail=detail, megabytes=lost.megabytes)
    except SandboxError:
        raise
    except Exception as error:  # a value that judging has no answer to stops nobody else's marks
        why = f"{exercise.id}: judging it fails: {type(error).__name__}: {error}"
        return Judged("crashed", say("crashed", lang), detail=why[:500])


class _Attempted(Exception):
    """A call was wanted: not every gap is as it came."""


def _untouched(assignment: Assignment, reading: dict[str, Any]) -> Judged | None:
    """The verdict on an exercise that nobody has begun, for which no process is needed."""

    def refuse(case: Case) -> NoReturn:
        raise _Attempted

    exercise = assignment.public
    gaps = gaps_of(reading["exercises"][exercise.id]["untouched"])
    try:
        verdict = judge(exercise, refuse, gaps, reading["lang"])
    except _Attempted:
        return None
    return Judged(verdict.status, str(verdict), html=as_html(report_of(verdict)))


def _order(assignment: Assignment, reading: dict[str, Any], given: Sequence[str]) -> dict[str, Any]:
    """What the process is told: the notebook's own statements, and what the chapter shows."""
    found = reading["exercises"][assignment.public.id]
    wanted = {cell for cell, _ in found["kept"]} | {found["cell"]}
    return {
        "chapter": reading["chapter"],
        "lang": reading["lang"],
        "exercise": assignment.public.id,
        "cells": [[number, text] for number, text in reading["cells"] if number in wanted],
        "kept": found["kept"],
        "function": found["function"],
        "cell": found["cell"],
        "imports": list(assignment.imports),
        "harness": assignment.harness,
        "given": list(given),
    }


def _judge(remote: RemoteExercise, assignment: Assignment, lang: str) -> Judged:
    prepared, exercise = remote.prepared, assignment.public
    missing = [name for name in prepared.missing if name in _looked_up(exercise)]
    if missing or not prepared.callable:
        return _not_there(missing, prepared, lang)
    verdict = judge(exercise, remote, prepared.untouched, lang, prepared.unready)
    right = sum(result.passed for result in verdict.results)
    judged = Judged(
        status=verdict.status,
        message=_message(verdict, prepared),
        hint=_hint(verdict),
        html=_html(verdict, prepared),
        public=(right, len(exercise.cases) if verdict.results else 0),
        mistake=_mistake(verdict),
    )
    if not verdict.passed or not assignment.hidden.cases:
        return judged
    return _judge_hidden(remote, assignment, judged, lang)


def _judge_hidden(
    remote: RemoteExercise, assignment: Assignment, judged: Judged, lang: str
) -> Judged:
    """What marks come from: the cases that nobody has seen."""
    results: list[CaseResult] = []
    for number, case in enumerate(assignment.hidden.cases, start=1):
        results.append(judge_case(assignment.hidden, case, remote(case), number))
        if results[-1].outcome.timed_out:
            break
    hidden = (sum(result.passed for result in results), len(assignment.hidden.cases))
    if hidden[0] == hidden[1]:
        return replace(judged, hidden=hidden)
    late = results[-1].outcome.timed_out
    return replace(
        judged,
        status="timeout" if late else "failed",
        message=say_hidden(results, len(assignment.public.cases), lang),
        hint=None,
        html="",
        hidden=hidden,
    )


def _looked_up(exercise: Exercise) -> Collection[str]:
    """The functions that are called by their names; what is handed over may have any other."""
    if exercise.harness:
        return exercise.functions
    return {case.call for case in exercise.cases if case.call}


def _not_there(missing: Sequence[str], prepared: Prepared, lang: str) -> Judged:
    names = ", ".join(missing)
    text = say("missing", lang, names=names) if missing else say("not_callable", lang)
    status = "error" if prepared.raised or not missing else "missing"
    return Judged(status, with_error(text, prepared.raised, lang))


def _message(verdict: Verdict, prepared: Prepared) -> str:
    text = str(verdict)
    return text if verdict.passed else with_error(text, prepared.raised, verdict.lang)


def _html(verdict: Verdict, prepared: Prepared) -> str:
    """The same as one element, for a page."""
    shown = as_html(report_of(verdict))
    if verdict.passed or prepared.raised is None:
        return shown
    told = with_error("", prepared.raised, verdict.lang).strip()
    return f"<div>{shown}<pre>{escape(told)}</pre></div>"


def _hint(verdict: Verdict) -> str | None:
    return None if verdict.passed else hint_of(verdict) or None


def _mistake(verdict: Verdict) -> str:
    if verdict.mistake is not None:
        return verdict.mistake.name
    return verdict.diagnosis.family if verdict.diagnosis is not None else ""
