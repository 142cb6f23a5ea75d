"""results.json, from which other programs read what grading came to."""

from __future__ import annotations

import json
from typing import Any

from tools.grade.marks import Class, Graded, Mark, Submission

SCHEMA = 1


def results_json(graded: Class) -> bytes:
    """The file; ``tools/grade/files/results.schema.json`` describes it."""
    return as_json(
        {
            "schema": SCHEMA,
            "isolation": graded.isolation,
            "hidden_cases": graded.hidden,
            "carried_forward_share": graded.carried_share,
            "problems": list(graded.problems),
            "submissions": [_submission(one) for one in graded.submissions],
        }
    )


def as_json(content: Any) -> bytes:
    """JSON that people can read, too."""
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def exact(points: float) -> float:
    """Points without what a sum of binary fractions adds to them."""
    return round(float(points), 9)


def _submission(one: Submission) -> dict[str, Any]:
    return {
        "student": one.student,
        "source": one.source,
        "sha256": one.sha256,
        "problems": list(one.problems),
        "chapters": {one.graded.chapter: _chapter(one.graded)},
    }


def _chapter(graded: Graded) -> dict[str, Any]:
    return {
        "score": exact(graded.score),
        "max_score": exact(graded.max_score),
        "problem": graded.problem,
        "exercises": {mark.exercise: _exercise(mark) for mark in graded.marks},
    }


def _exercise(mark: Mark) -> dict[str, Any]:
    return {
        "status": mark.status,
        "score": exact(mark.score),
        "max_score": exact(mark.max_score),
        "carried_forward": mark.carried_forward,
        "message": mark.message,
        "hint": mark.hint,
    }
