"""One update of a folder at a time, by a lock that the system takes from a process that dies."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from utils.tester.text import Text
from utils.update.places import BACKUPS, LOCK
from utils.update.trees import UpdateProblem

try:
    from fcntl import LOCK_EX, LOCK_NB, flock
except ImportError:  # Windows
    import msvcrt

    def _take(file: int) -> None:
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            raise BlockingIOError from None
else:

    def _take(file: int) -> None:
        flock(file, LOCK_EX | LOCK_NB)


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """Be the only update that changes ``home``.

    Where no lock can be made nothing can be written either, or the file system knows none: the
    update goes on, and its own checks have to do.

    Raises:
        UpdateProblem: another one is at work.
    """
    path = home / BACKUPS / LOCK
    made = [folder for folder in (path.parent, *path.parent.parents) if not folder.exists()]
    file = _locked(path)
    try:
        yield
    finally:
        if file is not None:
            # While it is held, so that nobody else's is removed; Windows keeps an open file.
            with suppress(OSError):
                path.unlink()
            os.close(file)
        for folder in made:
            with suppress(OSError):  # something is in it by now
                folder.rmdir()


def _locked(path: Path) -> int | None:
    """The open file that is locked; None where there are no locks."""
    while True:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except FileNotFoundError:  # another update has just cleared its folder away
            continue
        except OSError:
            return None
        try:
            _take(file)
            if os.path.samestat(os.fstat(file), path.stat()):
                return file
        except FileNotFoundError:
            pass
        except BlockingIOError:
            os.close(file)
            raise _at_work(path) from None
        except OSError:
            os.close(file)
            return None
        os.close(file)  # it was another update's, which has ended and removed it meanwhile


def _at_work(path: Path) -> UpdateProblem:
    folder = path.parent.parent
    return UpdateProblem(
        Text(
            f"Another update of {folder} is at work. Wait until it has ended, then run this again.",
            f"{folder} では別の更新が実行中です。終わってから、もう一度実行してください。",
        )
    )
