"""What the PATHs of ``python -m tools grade`` hold, by the names it was handed in under."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tools.grade.submissions.archives import Spool, Unpack, open_archive
from tools.grade.submissions.folders import Entry, entries, obstacle, search
from tools.grade.submissions.opening import Unreadable, read_regular
from tools.grade.submissions.roster import stem
from utils.worker.filenames import is_notebook, shown
from utils.worker.unpacking import is_archive

_LAYOUT = frozenset({"chapters", "work", "en", "ja"})
# What browsers, desktops and JupyterLab add to the name of a second copy.
_COPY = re.compile(r"(?:[-_ ]*(?:copy|の?コピー))?[-_ ]*(?:\(\d+\)|\d*)", re.IGNORECASE)

_Members = tuple[list[tuple[str, Callable[[], bytes]]], list[str]]


@dataclass(frozen=True)
class Limits:
    """How much of what was handed in is looked at.

    Attributes:
        size: bytes of a notebook or an archive.
        entries: files and folders below one student's folder.
        depth: levels of folders below one student's folder.
        notebooks: how many a student may hand in.
    """

    size: int = 100_000_000
    entries: int = 100_000
    depth: int = 16
    notebooks: int = 100


@dataclass(frozen=True)
class File:
    """A notebook, or an archive that is not opened yet."""

    source: str
    load: Callable[[], bytes]
    identity: str  # the same for one file that was reached on two ways


@dataclass
class Gathered:
    """What was handed in under one name: a folder, a file, or an archive."""

    name: str
    place: str
    files: list[File] = field(default_factory=list)
    archives: list[tuple[str, str]] = field(default_factory=list)  # (source, path)
    troubles: list[tuple[str, str]] = field(default_factory=list)  # (source, sentence)
    others: list[str] = field(default_factory=list)


class Gathering:
    """Everything under some PATHs, which ``add`` takes one by one.

    Attributes:
        submissions: in the order of the PATHs, and in each by name.
        problems: of the class as a whole.
        loose: files of a class that are of no use, by their names without the suffix.
    """

    def __init__(
        self, unpack: Unpack | None, chapters: frozenset[str], limits: Limits, jobs: int
    ) -> None:
        self.unpack, self.chapters, self.limits, self.jobs = unpack, chapters, limits, jobs
        self.spool = Spool()
        self.submissions: list[Gathered] = []
        self.problems: list[str] = []
        self.loose: dict[str, str] = {}

    def add(self, path: Path) -> None:
        """Take a PATH."""
        name, given = shown(os.path.basename(os.path.abspath(path))), shown(str(path))
        real = os.path.realpath(path)
        if os.path.isdir(real):
            try:
                self._add_folder(given, name, real)
            except OSError as error:
                self.problems.append(f"{given} cannot be read: {error.strerror}.")
        elif not os.path.exists(real):
            self.problems.append(f"{given} does not exist.")
        elif is_notebook(name):
            submission = Gathered(self._author(path), given)
            submission.files.append(self._file(name, real))
            self.submissions.append(submission)
        elif is_archive(name):
            self._add_class_archive(given, name, real)
        else:
            self.problems.append(f"{given} is no notebook, no archive and no folder.")

    def _author(self, path: Path) -> str:
        """Whose a notebook is that was given as a PATH."""
        name = stem(path.name)
        if not self._is_chapter(name):
            return name
        folder = Path(os.path.abspath(path)).parent
        while folder.name in _LAYOUT:
            folder = folder.parent
        return shown(folder.name) or name

    def _is_chapter(self, name: str) -> bool:
        return any(
            name.startswith(chapter) and _COPY.fullmatch(name[len(chapter) :])
            for chapter in self.chapters
        )

    def _file(self, source: str, path: str) -> File:
        return File(source, partial(read_regular, path, self.limits.size, source), path)

    def _add_folder(self, given: str, name: str, folder: str) -> None:
        if self._is_students_own(folder):
            self.submissions.append(self._searched(name, given, folder, ""))
            return
        listed = []
        for entry in entries(folder):
            if entry.kind == "other" or (entry.kind == "special" and not obstacle(entry)):
                self.loose[os.path.splitext(entry.name)[0]] = entry.name
            else:
                listed.append(entry)
        listed.sort(key=lambda entry: (entry.name, entry.path))
        found = [submission for entry in listed for submission in self._of_entry(entry)]
        self.submissions += found
        if not found:
            self.problems.append(f"{given} holds no notebook.")

    def _of_entry(self, entry: Entry) -> list[Gathered]:
        """One student's part of a class; nothing where an entry is nobody's."""
        if entry.kind == "folder":
            return [self._searched(entry.name, entry.name, entry.path, entry.name)]
        submission = Gathered(stem(entry.name), entry.name)
        if entry.kind == "notebook":
            submission.files.append(self._file(entry.name, entry.path))
        elif entry.kind == "archive":
            submission.archives.append((entry.name, entry.path))
        elif what := obstacle(entry):
            submission.troubles.append((entry.name, f"{entry.name} {what}."))
        else:
            return []
        return [submission]

    def _is_students_own(self, folder: str, levels: int = 3) -> bool:
        below = []
        for entry in entries(folder):
            if entry.kind == "notebook" and self._is_chapter(stem(entry.name)):
                return True
            if entry.kind == "folder" and entry.name in _LAYOUT:
                below.append(entry.path)
        return levels > 0 and any(self._is_students_own(path, levels - 1) for path in below)

    def _searched(self, name: str, place: str, folder: str, source: str) -> Gathered:
        found = search(folder, source, self.limits.entries, self.limits.depth)
        submission = Gathered(name, place, others=found.others)
        for file, path in found.files:
            if is_notebook(file):
                submission.files.append(self._file(file, path))
            else:
                submission.archives.append((file, path))
        submission.troubles = [
            (where, f"{where or place} {what}.") for where, what in found.troubles
        ]
        return submission

    def _add_class_archive(self, given: str, name: str, path: str) -> None:
        """An archive as a folder of the same content."""
        try:
            members, problems = self._opened(name, path)
        except Unreadable as problem:
            self.submissions.append(Gathered(stem(name), given, troubles=[(name, str(problem))]))
            return
        files = [(member.split("/"), load) for member, load in members]
        # Who packs a folder gets an archive with that folder in it.
        if files and all(len(parts) > 1 and parts[0] == stem(name) for parts, _ in files):
            files = [(parts[1:], load) for parts, load in files]
        own = any(
            set(parts[:-1]) <= _LAYOUT and self._is_chapter(stem(parts[-1])) for parts, _ in files
        )
        found: dict[str, Gathered] = {}
        for parts, load in files:
            inner = "/".join(parts)
            top, place = (stem(name), given) if own else (stem(parts[0]), f"{given}/{parts[0]}")
            submission = found.setdefault(place, Gathered(top, place))
            submission.files.append(File(f"{name}/{inner}", load, f"{path}/{inner}"))
        self.submissions += found.values()
        self.problems += problems
        if not found and not problems:
            self.problems.append(f"{given} holds no notebook.")

    def _opened(self, source: str, path: str) -> _Members:
        return open_archive(source, path, self.limits.size, self.unpack, self.spool)

    def open_archives(self) -> None:
        """Open the students' archives."""
        waiting = [(item, *archive) for item in self.submissions for archive in item.archives]
        with ThreadPoolExecutor(self.jobs) as pool:
            opened = pool.map(lambda job: self._opened_or_why(*job[1:]), waiting)
            for (submission, source, path), (members, problems) in zip(
                waiting, opened, strict=True
            ):
                submission.files += [
                    File(f"{source}/{member}", load, f"{path}/{member}") for member, load in members
                ]
                submission.troubles += [(source, problem) for problem in problems]

    def _opened_or_why(self, source: str, path: str) -> _Members:
        try:
            members, problems = self._opened(source, path)
        except Unreadable as problem:
            return [], [str(problem)]
        return members, problems or [f"{source} holds no notebook."] * (not members)
