"""What lies in a student's folder: its notebooks and archives, however much else there is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field

from tools.grade.submissions.opening import LINK, NO_FILE
from utils.worker.filenames import is_notebook, passed_over, shown
from utils.worker.unpacking import is_archive

_MOST_OTHERS = 5
_MOST_TROUBLES = 20


@dataclass(frozen=True)
class Entry:
    """One entry of a folder.

    Attributes:
        name: as every output can hold it.
        path: where it is, as the operating system writes it.
        kind: "notebook" and "archive" go by the name, "link" is any symbolic link and "special" a
            FIFO, socket or device.
    """

    name: str
    path: str
    kind: str  # "folder", "notebook", "archive", "link", "special" or "other"


@dataclass
class Found:
    """What a folder holds.

    Attributes:
        files: (source, path) of notebooks and archives, by depth and then by name; the source
            begins with the folder's own, and "/" stands between its parts.
        troubles: (source, what is wrong with it, a sentence without its subject).
        others: names of some of the remaining files.
    """

    files: list[tuple[str, str]] = field(default_factory=list)
    troubles: list[tuple[str, str]] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    def trouble(self, source: str, what: str) -> None:
        if len(self.troubles) < _MOST_TROUBLES:
            self.troubles.append((source, what))


def entries(folder: str) -> Iterator[Entry]:
    """The entries of one folder, in no order, without those that are nobody's work.

    Raises:
        OSError: it cannot be listed.
    """
    with os.scandir(folder) as listing:
        for entry in listing:
            if not passed_over(entry.name):
                yield Entry(shown(entry.name), entry.path, _kind(entry))


def _kind(entry: os.DirEntry[str]) -> str:
    if entry.is_symlink():
        return "link"
    if entry.is_dir(follow_symlinks=False):
        return "folder"
    if not entry.is_file(follow_symlinks=False):
        return "special"
    if is_notebook(entry.name):
        return "notebook"
    return "archive" if is_archive(entry.name) else "other"


def search(folder: str, source: str, most_entries: int, most_depth: int) -> Found:
    """Look for notebooks and archives in a folder and the folders below it.

    Level by level, so that what lies on top is found whatever lies below; a folder that holds more
    than what is left of ``most_entries`` is not looked into, and told. Links are not followed.

    Args:
        folder: where to look.
        source: what sources begin with, such as "alice"; may be empty.
        most_entries: how many files and folders are looked at in all.
        most_depth: how many levels.
    """
    found = Found()
    left, level = most_entries, [(source, folder)]
    for _ in range(most_depth):
        below = []
        for name, path in level:
            try:
                listed = _listed(path, left)
            except OSError as error:
                found.trouble(name, f"cannot be read: {error.strerror}")
                continue
            if listed is None:
                found.trouble(name, f"holds more than {left} files and was not looked into")
                continue
            left -= len(listed)
            below += _sort_out(listed, name, found)
        level = below
    for name, _ in level:
        found.trouble(name, "lies too deep and was not looked into")
    return found


def _listed(folder: str, most: int) -> list[Entry] | None:
    listed = []
    for entry in entries(folder):
        if len(listed) == most:
            return None
        listed.append(entry)
    return sorted(listed, key=lambda entry: (entry.name, entry.path))


def _sort_out(listed: list[Entry], source: str, found: Found) -> list[tuple[str, str]]:
    """Add what is of use to ``found``; returns the folders."""
    folders = []
    for entry in listed:
        name = f"{source}/{entry.name}" if source else entry.name
        if entry.kind == "folder":
            folders.append((name, entry.path))
        elif entry.kind in ("notebook", "archive"):
            found.files.append((name, entry.path))
        elif what := obstacle(entry):
            found.trouble(name, what)
        elif len(found.others) < _MOST_OTHERS:
            found.others.append(name)
    return folders


def obstacle(entry: Entry) -> str:
    """What to say of a link or a special file where a notebook may be meant; empty if none is."""
    meant = is_notebook(entry.name) or is_archive(entry.name)
    if entry.kind == "link" and (meant or os.path.isdir(entry.path)):
        return LINK
    return NO_FILE if entry.kind == "special" and meant else ""
