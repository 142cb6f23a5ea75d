"""junit.xml, which CI systems show: a suite a submission, a case an exercise."""

from __future__ import annotations

from tools.grade.marks import Class, Mark, Submission
from tools.grade.writing.clean import shortened
from tools.grade.writing.page_words import STATES, points
from utils.junit import Case, Outcome, Suite
from utils.junit import junit as as_xml

# What the student did not get right is a failure; an error is what did not run to its end.
_OUTCOMES: dict[str, Outcome] = {
    "passed": "passed",
    "failed": "failure",
    "not_attempted": "failure",
    "missing": "failure",
    "error": "error",
    "timeout": "error",
    "crashed": "error",
    "memory": "error",
    "unavailable": "skipped",
}


def junit_xml(graded: Class) -> bytes:
    """The whole file."""
    return as_xml("grade", (_suite(one) for one in graded.submissions))


def _suite(one: Submission) -> Suite:
    graded = one.graded
    # Some CI systems take cases of one class and name for one and the same.
    name = f"{one.student} {graded.chapter}"
    properties = {
        "source": one.source,
        "sha256": one.sha256,
        "score": points(graded.score),
        "max_score": points(graded.max_score),
        "isolation": graded.isolation,
    }
    cases = tuple(_case(name, mark, graded.lang) for mark in graded.marks)
    errors = "\n".join(filter(None, (graded.problem, *one.problems)))
    return Suite(name, cases, properties, errors)


def _case(classname: str, mark: Mark, lang: str) -> Case:
    outcome = _OUTCOMES[mark.status]
    name = f"{mark.exercise} {mark.title}"
    if outcome == "passed":
        return Case(classname, name)
    message = mark.hint or STATES[mark.status].in_language(lang)
    return Case(classname, name, outcome, message, shortened(mark.message), mark.status)
