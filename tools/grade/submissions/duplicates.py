"""Which of two notebooks of one student and one chapter counts.

Files carry no time that could be trusted: downloading and unpacking set it. And a rule that looks
at scores would reward handing in several guesses. So it goes, in this order, by

1. whether it could be read;
2. whether anything in it was attempted: the untouched copy that came with the bootcamp does not
   count against the one that was worked on;
3. how few folders it lies in;
4. how short its path is (``08.ipynb`` before ``08-Copy1.ipynb``);
5. its path.

The others are named in the problems of the one that counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from tools.grade.marks import Submission

_UNTOUCHED = frozenset({"not_attempted", "missing", "unavailable"})


def report_duplicates(submissions: Iterable[Submission]) -> list[Submission]:
    """Keep one notebook a student and chapter; the problems of the kept one name the others.

    Notebooks that could not be read and whose chapter is not known (``""``) are all kept.

    Returns:
        What counts, by student, then by chapter, then by source.
    """
    groups: dict[tuple[str, ...], list[Submission]] = {}
    for submission in submissions:
        chapter = submission.graded.chapter
        unknown = () if chapter else (submission.source,)
        groups.setdefault((submission.student, chapter, *unknown), []).append(submission)
    kept = [_kept(sorted(group, key=_order)) for group in groups.values()]
    return sorted(kept, key=lambda one: (one.student, one.graded.chapter, one.source))


def _order(submission: Submission) -> tuple[bool, bool, int, int, str, str]:
    graded, source = submission.graded, submission.source
    untouched = all(mark.status in _UNTOUCHED for mark in graded.marks)
    parts = source.count("/")
    return bool(graded.problem), untouched, parts, len(source), source, submission.sha256


def _kept(group: list[Submission]) -> Submission:
    first, *others = group
    if not others:
        return first
    problems = [*first.problems]
    for other in others:
        same = ", and is the same to the byte" if other.sha256 == first.sha256 else ""
        problems.append(f"{other.source} is of the same chapter{same}; {first.source} counts.")
        problems += other.problems
    return replace(first, problems=tuple(dict.fromkeys(problems)))
