"""What Gradescope shows a student: its results.json, one for each.

The format is that of https://gradescope-autograders.readthedocs.io/en/latest/specs/. Scores stand
on the tests, which Gradescope adds up; all text is declared to be plain.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from tools.grade.marks import Class, Graded, Mark, Submission
from tools.grade.writing.clean import shortened
from tools.grade.writing.names import safe_names
from tools.grade.writing.page_words import CARRIED, points, say, state_of
from tools.grade.writing.results import as_json, exact


def gradescope_files(graded: Class) -> dict[str, bytes]:
    """The files, by their path relative to the folder of all outputs."""
    names = safe_names(one.student for one in graded.submissions)
    return {
        f"gradescope/{names[student]}.json": as_json(gradescope_json(list(ones)))
        for student, ones in groupby(graded.submissions, key=lambda one: one.student)
    }


def gradescope_json(submissions: Sequence[Submission]) -> dict[str, Any]:
    """The results of one student, of all chapters handed in."""
    several = len(submissions) > 1
    tests = [
        _test(mark, one.graded, f"{one.graded.chapter}: " if several else "")
        for one in submissions
        for mark in one.graded.marks
    ]
    told = {
        "output": "\n".join(_summary(one.graded, several) for one in submissions),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": tests,
        "extra_data": {
            "submissions": [
                {
                    "chapter": one.graded.chapter,
                    "source": one.source,
                    "sha256": one.sha256,
                    "isolation": one.graded.isolation,
                }
                for one in submissions
            ]
        },
    }
    # Without tests there is nothing to add up.
    return told if tests else {"score": 0.0, **told}


def _summary(graded: Graded, several: bool) -> str:
    passed = sum(mark.status == "passed" for mark in graded.marks)
    told = say("right", graded.lang, passed=passed, total=len(graded.marks))
    chapter = f"{graded.chapter}: " if several else ""
    return "\n".join(filter(None, (f"{chapter}{told}", graded.problem)))


def _test(mark: Mark, graded: Graded, prefix: str) -> dict[str, Any]:
    output = shortened(mark.message)
    if state_of(mark) == CARRIED:
        values = {"score": points(mark.score), "total": points(mark.max_score)}
        output = f"{say('carried', graded.lang, **values)}\n\n{output}"
    test = {
        "name": f"{prefix}{mark.title}",
        "name_format": "text",
        "number": mark.exercise,
        "score": exact(mark.score),
        "max_score": exact(mark.max_score),
        "status": "passed" if mark.status == "passed" else "failed",
        "output": output,
        "output_format": "text",
        "visibility": "visible",
    }
    if mark.status == "unavailable":  # Gradescope has no word for it, and failed it has not
        del test["status"]
    return test
