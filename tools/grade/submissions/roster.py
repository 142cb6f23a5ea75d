"""The list of a class: who handed in what, by the names of folders and files."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from utils.worker.filenames import is_notebook, shown
from utils.worker.unpacking import ARCHIVE_SUFFIXES

_COLUMNS = ("submission", "student")
_EXAMPLE = "Begin with the line submission,student and write one folder or file a line: ab12,Alice"


class RosterProblem(Exception):
    """A roster that cannot be used; its text is ``file: what. remedy.``"""


@dataclass(frozen=True)
class Roster:
    """A class.

    Attributes:
        students: by the name of a folder, or of a file without its suffix.
    """

    students: Mapping[str, str]

    def student(self, submission: str) -> str | None:
        """Who handed in ``submission``; None where the roster does not say."""
        return self.students.get(stem(submission))


def stem(name: str) -> str:
    """A name as every output can hold it, without the suffix of a notebook or an archive."""
    name = shown(name)
    if is_notebook(name):
        return name[: -len(".ipynb")]
    ends = [suffix for suffix in ARCHIVE_SUFFIXES if name.lower().endswith(suffix)]
    return name[: -max(map(len, ends))] if ends else name


def load_roster(path: Path) -> Roster:
    """Read a roster: CSV in UTF-8 with a header that names ``submission`` and ``student``.

    Further columns are passed over. Comma, semicolon and tab separate, as Excel writes them. Two
    submissions may be one student's.

    Raises:
        RosterProblem: it cannot be read, lacks a column or a value, or gives one submission to two
            students.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
        return Roster(_students(text))
    except OSError as error:
        raise RosterProblem(f"{path}: {error.strerror}. {_EXAMPLE}.") from None
    except UnicodeDecodeError:
        raise RosterProblem(f'{path}: it is not in UTF-8. Save it as "CSV UTF-8".') from None
    except (ValueError, csv.Error) as error:
        raise RosterProblem(f"{path}: {error}. {_EXAMPLE}.") from None


def _students(text: str) -> dict[str, str]:
    header = text.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    names = [name.strip().lower() for name in next(rows, [])]
    missing = [name for name in _COLUMNS if name not in names]
    if missing:
        raise ValueError(f"there is no column {' and no column '.join(missing)}")
    places = [names.index(name) for name in _COLUMNS]
    students: dict[str, str] = {}
    for row in rows:
        values = [value.strip() for value in row]
        if not any(values):
            continue
        submission, student = ((values[place : place + 1] or [""])[0] for place in places)
        if not submission or not student:
            raise ValueError(f"line {rows.line_num} lacks a value")
        submission, student = stem(submission), shown(student)
        if students.setdefault(submission, student) != student:
            raise ValueError(f"line {rows.line_num} gives {submission} to a second student")
    return students
