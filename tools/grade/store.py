"""What has been graded, kept so that an interrupted run goes on where it stopped.

One SQLite file, one row a notebook, one transaction a row: what ``put`` returned from is on disk,
whatever is killed afterwards. The journal is SQLite's ordinary one and not WAL, which needs memory
shared by all who have the file open and so corrupts it on a network file system; a transaction
costs a few milliseconds there and a grading a second. Results are JSON text, compressed (a verdict
is mostly HTML) with a checksum by zlib.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
import time
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from tools.grade.marks import Graded, graded_from_json

SCHEMA = 1
_APPLICATION = 0x52434247  # "RCBG", in the file's header
_TABLE = (
    "CREATE TABLE result (key TEXT PRIMARY KEY, graded BLOB NOT NULL, seconds REAL NOT NULL,"
    " written REAL NOT NULL) WITHOUT ROWID"
)
_PATIENCE = 120.0  # seconds; nobody holds the lock for more than one row
_KEYS_AT_ONCE = 500  # SQLite takes 999 parameters in its oldest versions

_ANEW = "Delete it, or name another file by --store; what it held is graded again"
_REMEDIES = {
    sqlite3.SQLITE_FULL: "Free some space and run the same command again: it goes on from here",
    sqlite3.SQLITE_IOERR: (
        "If the disk or your quota is full, free some space; on a network file system name a file "
        "on a local disk by --store. Then run the same command again: it goes on from here"
    ),
    sqlite3.SQLITE_BUSY: (
        "Another grader has locked it for minutes: end that one and run the same command again. On "
        "a network file system name a file on a local disk by --store"
    ),
    sqlite3.SQLITE_CANTOPEN: "Name a file by --store in a folder that you may write to",
    sqlite3.SQLITE_READONLY: "Make it and its folder writable, or name another file by --store",
    sqlite3.SQLITE_PERM: "Make it and its folder writable, or name another file by --store",
    sqlite3.SQLITE_NOTADB: "Name another file by --store; this one is left alone",
    sqlite3.SQLITE_CORRUPT: _ANEW,
}


class StoreProblem(Exception):
    """The store cannot be used; its text is ``file: what. remedy.``"""


class Store:
    """Graded notebooks by key, in a file that several processes and threads may share.

    A key tells everything that a result depends on: whoever computes it sees to that.
    """

    def __init__(self, path: Path | str):
        """Open the store, and make it if the file is missing or empty.

        Raises:
            StoreProblem: it cannot be opened or made, or is something else.
        """
        self.path = Path(path)
        self._lock = threading.Lock()
        with self._problems():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._refuse_a_scrap()
            self._database = sqlite3.connect(
                os.path.abspath(self.path),
                timeout=_PATIENCE,
                isolation_level=None,
                check_same_thread=False,
            )
        try:
            with self._problems():
                self._database.execute("PRAGMA synchronous = FULL")
                if not self._is_made():
                    self._make()
        except BaseException:
            self._database.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file. What was put is in it already."""
        with self._lock:
            self._database.close()

    def get(self, key: str) -> Graded | None:
        """What was put under ``key``; None if nothing was.

        Raises:
            StoreProblem: the file cannot be read, or the result is damaged or of another version.
        """
        with self._lock, self._problems():
            row = self._database.execute(
                "SELECT graded FROM result WHERE key = ?", (key,)
            ).fetchone()
        if row is None:
            return None
        try:
            return graded_from_json(json.loads(zlib.decompress(row[0])))
        except (zlib.error, ValueError, KeyError, TypeError, AttributeError) as error:
            what = f"a result in it is damaged or of another version ({type(error).__name__})"
            raise StoreProblem(f"{self.path}: {what}. {_ANEW}.") from None

    def put(self, key: str, graded: Graded, seconds: float) -> None:
        """Keep a result, on disk when this returns. What was put first under a key stays.

        Raises:
            StoreProblem: it could not be written; what was put before is as it was.
        """
        text = json.dumps(graded.to_json())  # ASCII: a learner's text may be no valid Unicode
        row = (key, zlib.compress(text.encode("ascii")), seconds, time.time())
        with self._lock, self._problems(), self._transaction():
            self._database.execute("INSERT OR IGNORE INTO result VALUES (?, ?, ?, ?)", row)

    def finished(self, keys: Iterable[str]) -> set[str]:
        """Those of ``keys`` under which something was put.

        Raises:
            StoreProblem: the file cannot be read.
        """
        return set(self.seconds(keys))

    def seconds(self, keys: Iterable[str]) -> dict[str, float]:
        """How long grading took, for those of ``keys`` under which something was put.

        Raises:
            StoreProblem: the file cannot be read.
        """
        wanted, found = list(keys), {}
        for start in range(0, len(wanted), _KEYS_AT_ONCE):
            some = wanted[start : start + _KEYS_AT_ONCE]
            marks = ", ".join("?" * len(some))
            query = f"SELECT key, seconds FROM result WHERE key IN ({marks})"
            with self._lock, self._problems():
                found.update(self._database.execute(query, some).fetchall())
        return found

    def _refuse_a_scrap(self) -> None:
        """Refuse a file too short for a database, which SQLite takes for an empty one.

        It is not opened for that: closing it would give up the locks that this process has on it.
        """
        journal = Path(f"{os.path.abspath(self.path)}-journal")  # tells of an interrupted start
        if self.path.exists() and 0 < self.path.stat().st_size < 512 and not journal.exists():
            remedy = _REMEDIES[sqlite3.SQLITE_NOTADB]
            raise StoreProblem(f"{self.path}: file is not a database. {remedy}.")

    def _is_made(self) -> bool:
        """Whether it is a store; False if it is nothing yet."""
        (application,) = self._database.execute("PRAGMA application_id").fetchone()
        (schema,) = self._database.execute("PRAGMA user_version").fetchone()
        (tables,) = self._database.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if application == 0 and schema == 0 and tables == 0:
            return False
        if application != _APPLICATION:
            remedy = _REMEDIES[sqlite3.SQLITE_NOTADB]
            raise StoreProblem(f"{self.path}: this is another program's database. {remedy}.")
        if schema != SCHEMA:
            what = f"it is of version {schema}, and this program writes version {SCHEMA}"
            raise StoreProblem(f"{self.path}: {what}. {_ANEW}.")
        return True

    def _make(self) -> None:
        with self._transaction():
            if not self._is_made():  # another process may have been faster
                self._database.execute(f"PRAGMA application_id = {_APPLICATION}")
                self._database.execute(f"PRAGMA user_version = {SCHEMA}")
                self._database.execute(_TABLE)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        # Immediate: two that read before they write would wait for each other.
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._database.execute("COMMIT")
        except BaseException:
            if self._database.in_transaction:  # SQLite itself takes back what a full disk stopped
                self._database.execute("ROLLBACK")
            raise

    @contextmanager
    def _problems(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the kind, without the details
            remedy = _REMEDIES.get(code, _ANEW)
            raise StoreProblem(f"{self.path}: {error}. {remedy}.") from None
        except UnicodeError:
            raise StoreProblem(f"{self.path}: it is damaged. {_ANEW}.") from None
        except OSError as error:
            remedy = _REMEDIES[sqlite3.SQLITE_CANTOPEN]
            raise StoreProblem(f"{self.path}: {error.strerror}. {remedy}.") from None
