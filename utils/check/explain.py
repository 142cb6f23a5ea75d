"""Why an exercise came out as it did, in words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from utils.check.findings import Finding, say, unjudged
from utils.tester.outcome import Raised
from utils.tester.program import BrokenCell
from utils.tester.records import Exercise
from utils.tester.report import Paragraph, Quote, report_of
from utils.tester.verdict import Verdict
from utils.tester.wrong_call import WrongCall


def hint_of(verdict: Verdict) -> str:
    """A verdict's hint, else what it looks like, else the exception; empty if there is none."""
    for block in report_of(verdict).blocks:
        if isinstance(block, Paragraph) and block.tone == "hint":
            return block.text.replace("`", "")
        if isinstance(block, Quote) and not block.label:
            return block.text.partition("\n")[0]
    return ""


def of_absence(exercise: Exercise, broken: Sequence[BrokenCell], lang: str) -> Finding:
    """No cell that can run defines the exercise's functions: perhaps one that cannot."""
    names = exercise.functions
    defines = re.compile(rf"^\s*(?:def|class)\s+(?:{'|'.join(names)})\b", re.MULTILINE)
    for cell in reversed(broken):
        if defines.search(cell.source.text):
            what = say("syntax", lang, what=cell.error.msg)
            line = cell.error.lineno or 1
            where = say("at", lang, place=cell.source.place, line=line)
            text = f"{what}\n  {where}: {(cell.error.text or '').strip()}"
            return unjudged(exercise, "error", what, text, lang)
    text = say("missing", lang, names=", ".join(names))
    return unjudged(exercise, "missing", "", text, lang)


def of_wrong_call(
    exercise: Exercise, wrong: WrongCall, raised: Raised | None, lang: str
) -> Finding:
    """``test_func`` could not be called, perhaps because of an error in a cell before."""
    text = with_error(str(wrong).replace("`", ""), raised, lang)
    return unjudged(exercise, "error", _line(raised) if raised else "", text, lang)


def of_error(exercise: Exercise, raised: Raised, lang: str) -> Finding:
    """Something failed before the function could be called."""
    return unjudged(exercise, "error", _line(raised), _told(raised, lang), lang)


def with_error(text: str, raised: Raised | None, lang: str) -> str:
    """A text, and below it the error of a cell before, if there was one."""
    if raised is None:
        return text
    return f"{text}\n{say('cell_failed', lang)}\n{_told(raised, lang)}"


def _told(raised: Raised, lang: str) -> str:
    """An exception and where it came from."""
    frames = [
        f"  {say('at', lang, place=frame.place, line=frame.line)}: {frame.source}"
        for frame in raised.frames
    ]
    return "\n".join([f"  {_line(raised)}", *frames])


def _line(raised: Raised) -> str:
    return f"{raised.kind}: {raised.message}".partition("\n")[0]
