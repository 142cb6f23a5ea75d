"""Checking again whenever a notebook is saved, and of it what has changed."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from utils.check.findings import Checked, Finding, say
from utils.check.slices import slice_hashes
from utils.check.subject import Subject
from utils.check.table import as_table
from utils.tester.chapter import open_chapter
from utils.tester.notebook import NotebookProblem
from utils.tester.records import Exercise

PAUSE = 0.5  # seconds between two looks

Check = Callable[[Subject, Sequence[Exercise]], Iterable[Finding]]


def watch(notebooks: Sequence[Checked], check: Check) -> None:
    """Watch notebooks that have been checked, until somebody presses Ctrl-C."""
    watched = [_Watched(one, check) for one in notebooks]
    print(say("watching", notebooks[0].lang), flush=True)
    try:
        while True:
            time.sleep(PAUSE)
            for one in watched:
                one.look()
    except KeyboardInterrupt:
        print()


class _Watched:
    """One notebook, what it was like when it was checked last, and what came of it."""

    def __init__(self, checked: Checked, check: Check) -> None:
        self._checked = checked
        self._check = check
        self._chapter = open_chapter(checked.chapter, checked.lang)
        self._stamp = _stamp(checked.path)
        self._hashes = self._read() or {}

    def look(self) -> None:
        """Check what has changed, if anything was saved."""
        stamp = _stamp(self._checked.path)
        if stamp == self._stamp:
            return
        hashes = self._read()
        if hashes is None:  # it is being written: look again
            return
        changed = [name for name, one in hashes.items() if one != self._hashes.get(name)]
        self._stamp, self._hashes = stamp, hashes
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

    def _read(self) -> dict[str, str] | None:
        try:
            return slice_hashes(self._checked.path, self._chapter)
        except NotebookProblem:
            return None


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """What changes whenever a file is written or replaced."""
    try:
        found = path.stat()
    except OSError:  # Jupyter is just putting another in its place
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
