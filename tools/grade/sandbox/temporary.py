"""Temporary folders that outlive nobody: those of a process that was killed go with the next one.

Whoever makes one holds a lock on it, which the system lets go of when that process and its forks
are gone, however they ended. A folder without its lock is nobody's and is removed.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from pathlib import Path

_PREFIX = "grade-staged-for-sandboxes-"  # long enough that nobody's own folder is called so

_locks: dict[Path, int] = {}


def make_folder() -> Path:
    """Make a folder, which ``remove_folder`` removes; also those are removed that were abandoned.

    Raises:
        OSError: it cannot be made.
    """
    _remove_abandoned()
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _is(folder, lock):
            _locks[folder] = lock
            return folder
        os.close(lock)  # another one took it for abandoned before it was locked


def remove_folder(folder: Path) -> None:
    """Remove a folder that ``make_folder`` made."""
    shutil.rmtree(folder, ignore_errors=True)
    with contextlib.suppress(KeyError):
        os.close(_locks.pop(folder))


def _remove_abandoned() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):  # another's, or another one removes it
            _remove_if_abandoned(folder)


def _remove_if_abandoned(folder: Path) -> None:
    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        if os.fstat(lock).st_uid == os.geteuid():
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(lock)


def _is(folder: Path, descriptor: int) -> bool:
    """Whether the folder of this name is the one that is open."""
    try:
        return os.path.samestat(os.lstat(folder), os.fstat(descriptor))
    except FileNotFoundError:
        return False
