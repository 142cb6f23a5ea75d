"""Many files changed together: all of them, or none.

What is there now is copied first, and a journal says what is going to be done. Whoever finds a
journal knows that an update was cut off, and puts everything back as it was.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from utils.files import write_whole
from utils.tester.text import Text
from utils.update.places import BACKUPS, JOURNAL
from utils.update.trees import UpdateProblem
from utils.update.workspace import read

Notes = dict[str, str]


@dataclass(frozen=True)
class Change:
    """A file that becomes another; None where there is none.

    Attributes:
        path: from the home of the change.
        before: what was read, and must still be there.
        after: what is to be there.
    """

    path: str
    before: bytes | None
    after: bytes | None


@dataclass(frozen=True)
class LastStep:
    """What is done when all files are in place; it changes none of them.

    Attributes:
        prepare: gives what ``take_back`` will have to know, which the journal keeps.
        do: does it.
        take_back: undoes it, done or not, in this process or a later one.
    """

    prepare: Callable[[], Notes] = dict
    do: Callable[[Notes], None] = lambda notes: None
    take_back: Callable[[Notes], None] = lambda notes: None


def apply_changes(home: Path, changes: Sequence[Change], last: LastStep) -> Path:
    """Make the changes and then the last step; returns the folder with the copies.

    Args:
        home: where the paths begin, and where the folder of copies is made.
        changes: what to change.
        last: what follows.

    Raises:
        UpdateProblem: a file was changed by somebody else meanwhile. Everything is as before.
        OSError: it could not be written. Everything is as before.
    """
    folder = _new_folder(home)
    try:
        for change in changes:
            _check_unchanged(home, change)
            if change.before is not None:
                write_whole(folder / change.path, change.before)
        notes = last.prepare()
        journal = {
            "folder": folder.relative_to(home).as_posix(),
            "files": [[one.path, _hash(one.before), _hash(one.after)] for one in changes],
            "notes": notes,
        }
        write_whole(_journal(home), json.dumps(journal).encode())
        for change in changes:
            _check_unchanged(home, change)
            _put(home / change.path, change.after)
        last.do(notes)
        _journal(home).unlink()
    except BaseException:
        with _undisturbed():
            if _journal(home).exists():
                _put_back(home, last.take_back)
                _remove(folder)
        raise
    return folder


def is_unfinished(home: Path) -> bool:
    """Whether an update was cut off here."""
    return _journal(home).exists()


def recover(home: Path, take_back: Callable[[Notes], None]) -> list[str]:
    """Put back what an update that was cut off had changed.

    Returns:
        The files that somebody has changed since, which are left alone.
    """
    with _undisturbed():
        return _put_back(home, take_back)


def _put_back(home: Path, take_back: Callable[[Notes], None]) -> list[str]:
    left_alone = []
    journal = json.loads(_journal(home).read_bytes())
    folder = home / journal["folder"]
    for path, before, after in journal["files"]:
        now = _hash(read(home / path))
        if now == after != before:
            _put(home / path, read(folder / path))
        elif now != before:
            left_alone.append(path)
    take_back(journal["notes"])
    _journal(home).unlink()
    return left_alone


def _check_unchanged(home: Path, change: Change) -> None:
    if read(home / change.path) != change.before:
        raise UpdateProblem(
            Text(
                f"{change.path} was changed while the update was at work. Save and close your "
                "notebooks, then run it again.",
                f"更新中に {change.path} が変更されました。ノートブックを保存して閉じてから、"
                "もう一度実行してください。",
            )
        )


def _new_folder(home: Path) -> Path:
    stem = datetime.now().strftime("%Y-%m-%d_%H%M%S")
    folder, count = home / BACKUPS / stem, 1
    while folder.exists():
        count += 1
        folder = home / BACKUPS / f"{stem}-{count}"
    folder.mkdir(parents=True)
    return folder


def _journal(home: Path) -> Path:
    return home / BACKUPS / JOURNAL


def _put(path: Path, content: bytes | None) -> None:
    if content is None:
        path.unlink(missing_ok=True)
    else:
        write_whole(path, content)


def _remove(folder: Path) -> None:
    """Remove the copies of what is in its place again."""
    for inner, _, names in os.walk(folder, topdown=False):
        for name in names:
            (Path(inner) / name).unlink()
        Path(inner).rmdir()


def _hash(content: bytes | None) -> str | None:
    return None if content is None else hashlib.sha256(content).hexdigest()


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Whoever presses Ctrl-C again wants the same: that it ends, with everything in its place."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
