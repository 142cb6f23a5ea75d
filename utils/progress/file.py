"""The file that progress is kept in: one SQLite table, a row an exercise.

A connection is opened for each change and closed again: nothing is left open between two cells, so
that several notebooks, a terminal and a process that is killed in the middle get along.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import astuple, fields
from pathlib import Path

from utils.progress.kept import Kept

try:
    import sqlite3
except ImportError:  # a Python that was built without it
    sqlite3 = None

SCHEMA = 1
PATIENCE = 3.0  # seconds to wait for another process that is writing

_COLUMNS = tuple(field.name for field in fields(Kept))
_CREATE = """
CREATE TABLE IF NOT EXISTS exercise (
    chapter TEXT NOT NULL,
    id TEXT NOT NULL,
    status TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    source TEXT NOT NULL,
    begun REAL,
    passed REAL,
    seconds REAL NOT NULL,
    seen REAL NOT NULL,
    hints INTEGER NOT NULL,
    revealed REAL,
    PRIMARY KEY (chapter, id)
)"""
_SELECT = f"SELECT {', '.join(_COLUMNS)} FROM exercise WHERE chapter = ? AND id = ?"
_INSERT = (
    f"INSERT OR REPLACE INTO exercise (chapter, id, {', '.join(_COLUMNS)}) "
    f"VALUES ({', '.join('?' * (2 + len(_COLUMNS)))})"
)

Key = tuple[str, str]  # chapter and exercise
Change = Callable[[Kept, float], Kept]  # given what is kept, and when anything was done last


class NotKept(Exception):
    """The file cannot be used; ``reason`` is what the system says, in English."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def change(path: Path, key: Key, how: Change) -> Kept:
    """Change what is kept of one exercise, or leave all as it was; returns what is kept then.

    Raises:
        NotKept: it cannot be written, or is no progress file of this version.
    """
    with _told(path), contextlib.closing(_connect(path, "rwc")) as connection:
        # At once: between reading and writing nobody else may write.
        connection.execute("BEGIN IMMEDIATE")
        is_new = _is_new(connection)
        if is_new:
            connection.execute(_CREATE)
            connection.execute(f"PRAGMA user_version = {SCHEMA}")
        kept = _read(connection, key)
        last = connection.execute("SELECT max(seen) FROM exercise").fetchone()[0]
        changed = how(kept, last or 0.0)
        connection.execute(_INSERT, (*key, *astuple(changed)))
        connection.execute("COMMIT")
        if is_new:
            _hide(path)
        return changed


def read_all(path: Path) -> dict[Key, Kept]:
    """All that is kept; nothing where there is no file yet.

    Raises:
        NotKept: it cannot be read, or is no progress file of this version.
    """
    if not path.exists():
        return {}
    # Not read-only: what a killed process left half written is undone by whoever comes next.
    with _told(path), contextlib.closing(_connect(path, "rw")) as connection:
        if _is_new(connection):  # somebody is making it just now
            return {}
        rows = connection.execute(f"SELECT chapter, id, {', '.join(_COLUMNS)} FROM exercise")
        return {(chapter, name): Kept(*values) for chapter, name, *values in rows}


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    """Whatever goes wrong with the file, as ``NotKept``."""
    if sqlite3 is None:
        raise NotKept("this Python has no sqlite3")
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise NotKept(f"{path}: {error}") from error


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    # isolation_level None: transactions begin where this file says so.
    return sqlite3.connect(
        f"{path.resolve().as_uri()}?mode={mode}", uri=True, timeout=PATIENCE, isolation_level=None
    )


def _hide(path: Path) -> None:
    """What a learner does is nobody else's business on a machine of many users."""
    with contextlib.suppress(OSError):  # a file system without modes
        os.chmod(path, 0o600)


def _is_new(connection: sqlite3.Connection) -> bool:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version not in (0, SCHEMA):
        raise sqlite3.DatabaseError(f"of another version of the bootcamp ({version})")
    return version == 0


def _read(connection: sqlite3.Connection, key: Key) -> Kept:
    row = connection.execute(_SELECT, key).fetchone()
    return Kept(*row) if row else Kept()
