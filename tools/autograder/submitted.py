"""The notebooks in the folder of a submission, of which one is graded.

Gradescope unpacks a zip that is uploaded as a whole, and fetches whole repositories. So there may
be folders, other chapters, both languages, archives in archives, and whatever a stranger thinks of.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tools.grade.marks import Graded, Submission
from tools.grade.submissions.archives import Spool, Unpack, open_archive
from tools.grade.submissions.duplicates import report_duplicates
from tools.grade.submissions.folders import search
from tools.grade.submissions.opening import Unreadable, read_regular
from utils.worker.filenames import is_notebook
from utils.worker.unpacking import is_archive

AUTHOR = "student"  # Gradescope knows who it is
SIZE = 50_000_000  # bytes of a file; a container of Gradescope's has 768 MB of memory
_ENTRIES, _DEPTH = 20_000, 12
_ARCHIVES, _NOTEBOOKS = 5, 40


@dataclass
class Submitted:
    """What was found.

    Attributes:
        notebooks: (source, what reads it) in the order in which they are looked at.
        problems: sentences, on what could not be used.
    """

    notebooks: list[tuple[str, Callable[[], bytes]]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def find_submitted(folder: Path, unpack: Unpack) -> Submitted:
    """Look for notebooks; no link is followed and no archive opened in this process."""
    found = search(str(folder), "", _ENTRIES, _DEPTH)
    submitted = Submitted(problems=[f"{source} {what}." for source, what in found.troubles])
    for source, path in found.files:
        if is_notebook(source):
            submitted.notebooks.append((source, _reader(path, source)))
    archives = [one for one in found.files if is_archive(one[0])]
    spool = Spool()
    for source, path in archives[:_ARCHIVES]:
        try:
            members, problems = open_archive(source, path, SIZE, unpack, spool)
        except Unreadable as problem:
            submitted.problems.append(str(problem))
            continue
        submitted.notebooks += [(f"{source}/{member}", read) for member, read in members]
        submitted.problems += problems
    for what, count, most in (
        ("archives", len(archives), _ARCHIVES),
        ("notebooks", len(submitted.notebooks), _NOTEBOOKS),
    ):
        if count > most:
            submitted.problems.append(f"{count} {what} are too many; {most} were looked at.")
    del submitted.notebooks[_NOTEBOOKS:]
    return submitted


def _reader(path: str, source: str) -> Callable[[], bytes]:
    return lambda: read_regular(path, SIZE, source)


def grade_submitted(
    submitted: Submitted,
    chapter: str,
    grade: Callable[[bytes, str], Graded],
    has_time: Callable[[], bool],
) -> Submission | None:
    """Grade what is of this chapter, and choose what counts as for a whole class.

    Args:
        submitted: what was found; what cannot be read is added to its problems.
        chapter: what is graded.
        grade: grades a notebook by its content and name.
        has_time: whether there is time for one more.

    Returns:
        The notebook that counts, one of another chapter where there is none of this, else None.
    """
    ones, others = [], []
    for source, read in submitted.notebooks:
        if ones and not has_time():
            submitted.problems.append(f"{source} was not looked at: there was no time left.")
            continue
        try:
            content = read()
        except Unreadable as problem:
            submitted.problems.append(str(problem))
            continue
        graded = grade(content, source)
        digest = hashlib.sha256(content).hexdigest()
        one = Submission(AUTHOR, source, digest, graded)
        (ones if graded.chapter == chapter else others).append(one)
    return next(iter(report_duplicates(ones or others)), None)
