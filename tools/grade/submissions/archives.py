"""Archives that were handed in: opened elsewhere, by a function that is given, and kept on disk."""

from __future__ import annotations

import os
import tempfile
import threading
import weakref
from collections.abc import Callable
from typing import Protocol

from tools.grade.submissions.opening import Unreadable, read_regular
from utils.worker.filenames import shown
from utils.worker.unpacking import UnpackProblem


class UnpackedLike(Protocol):
    """What an archive holds: ``utils.worker.unpacking.Unpacked``, or the same from elsewhere."""

    members: list[tuple[str, bytes]]
    problems: list[str]


# (name for messages, content) -> members; raises UnpackProblem. Never run in this process outside
# of tests, for the archive is a stranger's.
Unpack = Callable[[str, bytes], UnpackedLike]


class Spool:
    """Notebooks on disk in one file without a name, gone when nobody can read it any more.

    Thread-safe. A process that is forked can read what was kept before; one that is spawned cannot.
    """

    def __init__(self) -> None:
        with tempfile.TemporaryFile() as file:
            self._descriptor = os.dup(file.fileno())
        weakref.finalize(self, os.close, self._descriptor)
        self._end = 0
        self._lock = threading.Lock()

    def keep(self, content: bytes) -> Callable[[], bytes]:
        """Write ``content``; returns what reads it again.

        Raises:
            OSError: the disk is full.
        """
        with self._lock:
            start, self._end = self._end, self._end + len(content)
        self._write(content, start)
        return lambda: self._read(start, len(content))

    def _write(self, content: bytes, start: int) -> None:
        rest = memoryview(content)
        while rest:
            count = os.pwrite(self._descriptor, rest, start)
            rest, start = rest[count:], start + count

    def _read(self, start: int, size: int) -> bytes:
        parts = []
        while size and (part := os.pread(self._descriptor, size, start)):
            parts.append(part)
            start, size = start + len(part), size - len(part)
        return b"".join(parts)


def open_archive(
    source: str, path: str, limit: int, unpack: Unpack | None, spool: Spool
) -> tuple[list[tuple[str, Callable[[], bytes]]], list[str]]:
    """The notebooks of an archive, kept in ``spool``: (path in it, what reads it), and problems.

    Raises:
        Unreadable: nothing of it can be used.
    """
    if unpack is None:
        raise Unreadable(f"{source} is an archive, and archives are not opened here.")
    try:
        unpacked = unpack(source, read_regular(path, limit, source))
        kept = [(shown(member), spool.keep(content)) for member, content in unpacked.members]
    except UnpackProblem as problem:
        raise Unreadable(shown(str(problem))) from None
    except OSError as error:
        folder = tempfile.gettempdir()
        raise Unreadable(f"{source} cannot be kept in {folder}: {error.strerror}.") from None
    return kept, [shown(problem) for problem in unpacked.problems]
