"""Checking again whenever a notebook is saved, and of it what has changed."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from utils.check.findings import Checked, Finding, say
from utils.check.slices import slice_hashes
from utils.check.subject import Subject
from utils.check.table import as_table
from utils.tester.chapter import open_chapter
from utils.tester.notebook import NotebookProblem
from utils.tester.records import Chapter, Exercise

PAUSE = 0.5  # seconds between two looks

Check = Callable[[Subject, Sequence[Exercise]], Iterable[Finding]]


@dataclass(frozen=True)
class Seen:
    """What a notebook's file was like at one look, to tell what is saved later.

    Attributes:
        stamp: what changes whenever the file is written.
        hashes: of what decides about each exercise.
    """

    stamp: tuple[int, int, int] | None
    hashes: Mapping[str, str]


def look_at(path: Path, chapter: Chapter) -> Seen | None:
    """What the file is like now; None where it cannot be read, as while it is being written."""
    stamp = _stamp(path)  # first: what is saved from here on is another one's
    try:
        return Seen(stamp, slice_hashes(path, chapter))
    except NotebookProblem:
        return None


def watch(notebooks: Sequence[tuple[Checked, Seen | None]], check: Check) -> None:
    """Watch notebooks until somebody presses Ctrl-C.

    Args:
        notebooks: what came of each, and what it was like before it was checked.
        check: checks some exercises of one.
    """
    watched = [_Watched(checked, seen, check) for checked, seen in notebooks]
    print(say("watching", notebooks[0][0].lang), flush=True)
    try:
        while True:
            time.sleep(PAUSE)
            for one in watched:
                one.look()
    except KeyboardInterrupt:
        print()


class _Watched:
    """One notebook, what it was like when it was checked last, and what came of it."""

    def __init__(self, checked: Checked, seen: Seen | None, check: Check) -> None:
        self._checked = checked
        self._check = check
        self._chapter = open_chapter(checked.chapter, checked.lang)
        self._seen = seen or Seen(None, {})

    def look(self) -> None:
        """Check what has changed, if anything was saved."""
        if _stamp(self._checked.path) == self._seen.stamp:
            return
        seen = look_at(self._checked.path, self._chapter)
        if seen is None:  # it is being written: look again
            return
        watched = [one.exercise for one in self._checked.findings]
        changed = [name for name in watched if seen.hashes[name] != self._seen.hashes.get(name)]
        self._seen = seen
        now = {"time": time.strftime("%H:%M:%S"), "path": self._checked.path}
        if not changed:
            print(say("unchanged", self._checked.lang, **now), flush=True)
            return
        print(say("changed", self._checked.lang, exercises=", ".join(changed), **now))
        self._check_again(changed)

    def _check_again(self, changed: Sequence[str]) -> None:
        checked = self._checked
        subject = Subject(checked.path, checked.chapter, checked.lang)
        found = self._check(subject, [self._chapter.exercises[name] for name in changed])
        fresh = {finding.exercise: finding for finding in found}
        findings = tuple(fresh.get(one.exercise, one) for one in checked.findings)
        self._checked = replace(checked, findings=findings)
        width = shutil.get_terminal_size().columns
        print(as_table(self._checked, width, told=changed), end="\n\n", flush=True)


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """What changes whenever a file is written or replaced."""
    try:
        found = path.stat()
    except OSError:  # Jupyter is just putting another in its place
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
