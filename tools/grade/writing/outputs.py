"""Everything that grading a class leaves behind."""

from __future__ import annotations

import contextlib
import fcntl
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tools.grade.marks import Class
from tools.grade.writing.clean import cleaned
from tools.grade.writing.feedback import feedback_page
from tools.grade.writing.gradescope import gradescope_files
from tools.grade.writing.junit import junit_xml
from tools.grade.writing.names import feedback_pages
from tools.grade.writing.report import report_page
from tools.grade.writing.results import results_json
from tools.grade.writing.tables import grades_csv, timings_csv
from tools.grade.writing.timings import timings_page
from utils.files import remove_unfinished, write_whole

# What an earlier run may have left for students who are gone.
_OF_STUDENTS = ("feedback/*/*.html", "gradescope/*.json")


class OutputProblem(Exception):
    """No results can be written; its text is ``folder: what. remedy.``"""


def write_outputs(out: Path, graded: Class) -> list[Path]:
    """Write all results of a class to the folder ``out``, and remove those of students it lacks.

    But for ``timings.csv`` and ``timings.html`` they depend on what was handed in and how it was
    marked alone, and are the same to the byte in every run. Any text is fit for them: what a
    file cannot hold is replaced.

    Returns:
        The files, those of the class first.

    Raises:
        OSError: one cannot be written, or an old one not removed.
    """
    files = {out / name: content for name, content in _contents(cleaned(graded)).items()}
    with alone_in(out):
        _remove_others(out, set(files))
        remove_unfinished(files)
        for path, content in files.items():
            write_whole(path, content)
    return list(files)


def check_writable(out: Path) -> None:
    """See that results can be written, before a class is graded for them.

    Raises:
        OutputProblem: they cannot.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except OSError as error:
        remedy = "Give --out a folder that you may write to"
        raise OutputProblem(f"{out}: {error.strerror}. {remedy}.") from None


@contextlib.contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Keep another run that writes to the same folder waiting, and be kept waiting by it."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with contextlib.suppress(OSError):  # a file system without locks
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _contents(graded: Class) -> dict[str, bytes]:
    pages = zip(feedback_pages(graded), graded.submissions, strict=True)
    return {
        "results.json": results_json(graded),
        "grades.csv": grades_csv(graded),
        "junit.xml": junit_xml(graded),
        "report.html": report_page(graded).encode(),
        "timings.csv": timings_csv(graded),
        "timings.html": timings_page(graded).encode(),
        **gradescope_files(graded),
        **{name: feedback_page(one, graded).encode() for name, one in pages},
    }


def _remove_others(out: Path, kept: set[Path]) -> None:
    for pattern in _OF_STUDENTS:
        for path in sorted(out.glob(pattern)):
            folder = path.parent
            if path in kept or path.is_dir():
                continue
            if folder.is_symlink() or folder.parent.is_symlink():
                continue  # what a link leads to is not ours
            path.unlink()
            if folder.parent.name == "feedback" and not any(folder.iterdir()):
                folder.rmdir()
