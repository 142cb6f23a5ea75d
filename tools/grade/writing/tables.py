"""grades.csv and timings.csv, which a spreadsheet opens.

They begin with the sign by which Excel knows UTF-8, or it garbles Japanese names; read them in
Python with the encoding "utf-8-sig".
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence

from tools.grade.marks import Class
from tools.grade.writing.results import exact

# A spreadsheet takes what begins so for a formula, and would compute a stranger's.
_FORMULA = ("=", "+", "-", "@")


def grades_csv(graded: Class) -> bytes:
    """A row a student and chapter, with the points of every exercise.

    Columns are named "CHAPTER ID", so that they stay the same however many chapters are graded
    together; they are empty in rows of another chapter.
    """
    columns = sorted(
        {
            (one.graded.chapter, mark.exercise)
            for one in graded.submissions
            for mark in one.graded.marks
        }
    )
    rows = []
    for one in graded.submissions:
        chapter = one.graded.chapter
        points = {(chapter, mark.exercise): exact(mark.score) for mark in one.graded.marks}
        total = exact(one.graded.score), exact(one.graded.max_score)
        shares = (points.get(column, "") for column in columns)
        rows.append([one.student, chapter, one.source, *total, *shares])
    named = (f"{chapter} {exercise}" for chapter, exercise in columns)
    return _csv(["student", "chapter", "source", "score", "max_score", *named], rows)


def timings_csv(graded: Class) -> bytes:
    """A row an exercise of a submission: seconds of wall time, and the megabytes of its process."""
    heads = ["student", "chapter", "source", "exercise", "status", "seconds", "megabytes"]
    rows = [
        [
            *(one.student, one.graded.chapter, one.source, mark.exercise, mark.status),
            *(round(mark.seconds, 3), round(mark.megabytes, 1)),
        ]
        for one in graded.submissions
        for mark in one.graded.marks
    ]
    return _csv(heads, rows)


def harmless(text: str) -> str:
    """The text, with an apostrophe before what a spreadsheet would compute."""
    # Full-width signs count, too, and so does what stands behind spaces, tabs or line ends.
    first = unicodedata.normalize("NFKC", text.lstrip())[:1]
    return f"'{text}" if first in _FORMULA or text[:1] in ("\t", "\r", "\n") else text


def _csv(heads: Sequence[str], rows: Iterable[Sequence[str | float]]) -> bytes:
    written = io.StringIO()
    # All text in quotes, or a semicolon would begin a new cell where spreadsheets expect those.
    writer = csv.writer(written, quoting=csv.QUOTE_NONNUMERIC)
    for row in (heads, *rows):
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return written.getvalue().encode("utf-8-sig")
