"""What the checker writes progress into; it never fails, and never keeps a verdict from anybody."""

from __future__ import annotations

import time
from collections.abc import Callable

from utils.progress.file import Change, Key, NotKept, change, read_all
from utils.progress.kept import Kept
from utils.progress.place import progress_file


class Diary:
    """Progress in the workspace's file; where there is none or it fails, in memory alone."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        """``tell`` is called with the reason when progress cannot be kept, once."""
        self._tell = tell
        self._told = False
        self._memory: dict[Key, Kept] = {}

    def verdict(self, chapter: str, exercise: str, status: str, source: str) -> Kept:
        """An answer was judged; ``source`` tells it from others."""
        now = time.time()
        return self._change(
            (chapter, exercise), lambda kept, last: kept.after_verdict(status, source, now, last)
        )

    def hint(self, chapter: str, exercise: str, step: int) -> Kept:
        """A step of the hints' ladder was shown."""
        now = time.time()
        return self._change(
            (chapter, exercise), lambda kept, last: kept.after_hint(step, now, last)
        )

    def answer(self, chapter: str, exercise: str) -> Kept:
        """The answer was shown or used."""
        now = time.time()
        return self._change((chapter, exercise), lambda kept, last: kept.after_answer(now, last))

    def all(self) -> dict[Key, Kept]:
        """All that is kept."""
        path = progress_file()
        if path is not None:
            try:
                return read_all(path) | self._memory
            except NotKept as problem:
                self._fail(problem)
        return dict(self._memory)

    def of(self, chapter: str, exercise: str) -> Kept:
        """What is kept of one exercise."""
        return self.all().get((chapter, exercise), Kept())

    def _change(self, key: Key, how: Change) -> Kept:
        path = progress_file()
        if path is not None:
            try:
                kept = change(path, key, how)
                self._memory.pop(key, None)
                return kept
            except NotKept as problem:
                self._fail(problem)
        last = max((kept.seen for kept in self._memory.values()), default=0.0)
        self._memory[key] = how(self._memory.get(key, Kept()), last)
        return self._memory[key]

    def _fail(self, problem: NotKept) -> None:
        if not self._told:
            self._told = True
            self._tell(problem.reason)
