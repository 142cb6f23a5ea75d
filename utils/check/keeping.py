"""Checking a notebook and, where it is the learner's own, writing down what came of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from utils.check.findings import Finding
from utils.check.processes import check_exercises
from utils.check.subject import Subject
from utils.progress.diary import Diary
from utils.progress.kept import Kept
from utils.progress.place import is_own
from utils.terminal.names import short_name
from utils.tester.ladder import length
from utils.tester.messages import say
from utils.tester.records import Exercise


def check_and_keep(subject: Subject, exercises: Sequence[Exercise]) -> Iterator[Finding]:
    """Check exercises of a notebook; yields the findings in the exercises' order.

    Somebody else's notebook leaves no trace in this learner's progress. Nor does an answer that
    was judged before: who checks all chapters has not worked on all of them.
    """
    if not is_own(subject.path):
        yield from check_exercises(subject, exercises)
        return
    chapter, diary = subject.chapter, diary_of(subject.lang)
    kept = diary.all()
    more = {
        one.id: f"python -m utils hint {short_name(chapter, one.id)}"
        for one in exercises
        if (chapter, one.id) not in kept or kept[chapter, one.id].hints < length(one)
    }
    for finding in check_exercises(subject, exercises, next_hints=more):
        before = kept.get((chapter, finding.exercise), Kept())
        told = before.has_been_told(finding.state, finding.source)
        if finding.state != "missing" and not told:
            diary.verdict(chapter, finding.exercise, finding.state, finding.source)
        yield finding


def diary_of(lang: str) -> Diary:
    """A diary that complains where errors go."""
    return Diary(lambda reason: print(say("not_kept", lang, reason=reason), file=sys.stderr))
