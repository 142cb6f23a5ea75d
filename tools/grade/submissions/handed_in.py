"""From the PATHs of ``python -m tools grade`` to the notebooks that were handed in.

A PATH is a notebook, an archive or a folder, and may itself be a link; links below it are told and
not followed, for one could fetch another student's work. An archive is treated as a folder of the
same content, and read through ``unpack``, which runs it in the sandbox.

Whose a notebook is:

- a folder is one student's own if a notebook that still has its chapter's name
  (``08_closed_loop_control.ipynb``, ``... (1).ipynb``) lies in it, directly or in the bootcamp's
  own folders (``chapters``, ``work``, ``en``, ``ja``). The student is the folder's name;
- every other folder is a class: each folder in it is a student's, whatever lies below, and so is
  each notebook and each archive in it, by its name without the suffix;
- a notebook given as a PATH is of the student whom its name tells, or, where it still has its
  chapter's name, its folder's.

A roster gives these names others. One student may hand in several notebooks; which of two of the
same chapter counts is only known once they are read (``tools.grade.submissions.duplicates``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from tools.grade.submissions.archives import Unpack
from tools.grade.submissions.gathering import Gathered, Gathering, Limits
from tools.grade.submissions.opening import Unreadable
from tools.grade.submissions.roster import Roster


@dataclass(frozen=True)
class HandedIn:
    """One notebook, not read yet.

    Attributes:
        student: as the roster, the folder or the file names them.
        source: the file, relative to PATH, as in ``tools.grade.marks.Submission``.
        problems: what an instructor should know of how it was handed in. What concerns a student
            and no notebook in particular stands with their first.
    """

    student: str
    source: str
    problems: tuple[str, ...]
    _load: Callable[[], bytes] = field(repr=False, compare=False)

    def read(self) -> bytes:
        """Its content, anew from disk each time.

        Raises:
            Unreadable: it cannot be read, or nothing that the student handed in is a notebook that
                can.
        """
        return self._load()


def find_handed_in(
    paths: Iterable[Path],
    roster: Roster | None = None,
    *,
    unpack: Unpack | None = None,
    chapters: Collection[str] = (),
    limits: Limits | None = None,
    jobs: int = 1,
) -> tuple[list[HandedIn], list[str]]:
    """Find the notebooks that were handed in.

    Every student who handed in anything that might be a notebook is in the list: one of whom
    nothing can be used has one entry, whose ``read`` raises the reason.

    Args:
        paths: notebooks, archives, students' folders, folders of any of these.
        roster: the class. Without one students are called as their folders or files are.
        unpack: opens an archive; without it archives are told as unreadable. Called once an
            archive, in up to ``jobs`` threads at a time.
        chapters: the names of all chapters, which tell a student's folder from a class.
        limits: how much to look at.
        jobs: how many archives are opened at a time.

    Returns:
        The notebooks, by student and then by source, and problems of the class: folders without a
        notebook, students on the roster who handed in nothing, a PATH that is nothing of use.
    """
    limits = limits or Limits()
    gathering = Gathering(unpack, frozenset(chapters), limits, max(jobs, 1))
    for path in paths:
        gathering.add(Path(path))
    gathering.open_archives()
    found = _by_student(gathering.submissions, roster)
    handed_in, problems = [], list(gathering.problems)
    for student, submissions in sorted(found.items()):
        some, more = _of_student(student, submissions, roster, limits.notebooks)
        handed_in += some
        problems += more
    if roster is not None:
        problems += _missing(roster, found, gathering.loose)
    return handed_in, problems


def _by_student(submissions: list[Gathered], roster: Roster | None) -> dict[str, list[Gathered]]:
    found: dict[str, list[Gathered]] = {}
    seen: set[str] = set()
    for submission in submissions:
        fresh = [file for file in submission.files if file.identity not in seen]
        if submission.files and not fresh:
            continue  # a class and one of its students were both given
        submission.files = fresh
        seen.update(file.identity for file in fresh)
        student = roster.student(submission.name) if roster else None
        found.setdefault(student or submission.name, []).append(submission)
    return found


def _of_student(
    student: str, submissions: list[Gathered], roster: Roster | None, most: int
) -> tuple[list[HandedIn], list[str]]:
    files = sorted(
        (file for submission in submissions for file in submission.files),
        key=lambda file: (file.source.count("/"), len(file.source), file.source),
    )
    troubles = [trouble for submission in submissions for trouble in submission.troubles]
    if not files and not troubles:
        return [], [_empty(submission) for submission in submissions]
    problems = [*_of_names(submissions, roster), *(sentence for _, sentence in troubles)]
    if not files:
        (source, why), *_ = troubles
        problems.remove(why)
        source = source or submissions[0].place
        return [HandedIn(student, source, tuple(problems), partial(_refuse, why))], []
    if len(files) > most:
        problems.append(f"{len(files)} notebooks are too many; {most} were looked at.")
    counted = sorted(files[:most], key=lambda file: file.source)
    first, *others = (HandedIn(student, file.source, (), file.load) for file in counted)
    return [replace(first, problems=tuple(problems)), *others], []


def _missing(roster: Roster, found: Collection[str], loose: Mapping[str, str]) -> list[str]:
    """What to say of those on the roster who handed in nothing."""
    instead = {
        student: loose[submission]
        for submission, student in sorted(roster.students.items())
        if submission in loose
    }
    return [
        f"{student} handed in nothing but {instead[student]}, which is no notebook."
        if student in instead
        else f"{student} is on the roster and handed in nothing."
        for student in sorted(set(roster.students.values()) - set(found))
    ]


def _of_names(submissions: list[Gathered], roster: Roster | None) -> list[str]:
    """What to say of the names under which one student handed in."""
    places: dict[str, list[str]] = {}
    for submission in submissions:
        if submission.files or submission.troubles:
            places.setdefault(submission.name, []).append(submission.place)
    unknown = [name for name in sorted(places) if roster and roster.student(name) is None]
    return [
        *(f"{name} is not on the roster." for name in unknown),
        *(
            f"{name} was handed in more than once: {', '.join(sorted(several))}."
            for name, several in sorted(places.items())
            if len(several) > 1
        ),
    ]


def _empty(submission: Gathered) -> str:
    others = ", ".join(submission.others)
    return f"{submission.place} holds no notebook{f', but {others}' if others else ''}."


def _refuse(why: str) -> bytes:
    raise Unreadable(why)
