"""Checking a notebook and, where it is the learner's own, writing down what came of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from utils.check.findings import Finding
from utils.check.processes import check_exercises
from utils.check.subject import Subject
from utils.progress.diary import Diary
from utils.progress.place import is_own
from utils.terminal.names import short_name
from utils.tester.ladder import length
from utils.tester.messages import say
from utils.tester.records import Exercise


class Keeper:
    """Checks one notebook; somebody else's leaves no trace in this learner's progress."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._is_own = is_own(subject.path)
        self._diary = Diary(
            lambda reason: print(say("not_kept", subject.lang, reason=reason), file=sys.stderr)
        )

    def check(self, exercises: Sequence[Exercise]) -> Iterator[Finding]:
        """Check exercises; yields the findings in the exercises' order."""
        if not self._is_own:
            yield from check_exercises(self._subject, exercises)
            return
        chapter = self._subject.chapter
        kept = self._diary.all()
        more = {
            one.id: f"python -m utils hint {short_name(chapter, one.id)}"
            for one in exercises
            if (chapter, one.id) not in kept or kept[chapter, one.id].hints < length(one)
        }
        for finding in check_exercises(self._subject, exercises, next_hints=more):
            if finding.state != "missing":
                self._diary.verdict(chapter, finding.exercise, finding.state, finding.source)
            yield finding
