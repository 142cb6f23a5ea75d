"""Findings as JUnit XML, which CI systems show as test results."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from utils.check.findings import Checked, Finding, name_of
from utils.junit import Case, Suite, junit

UNAVAILABLE = "unavailable"


def write_junit(path: Path, notebooks: Iterable[Checked]) -> None:
    """Write a test suite a notebook, a test case an exercise.

    Raises:
        OSError: the file cannot be written.
    """
    suites = (
        Suite(str(checked.path), tuple(_case(checked, one) for one in checked.findings))
        for checked in notebooks
    )
    path.write_bytes(junit("utils.check", suites))


def _case(checked: Checked, finding: Finding) -> Case:
    name = f"{finding.exercise} {finding.title}"
    if finding.passed:
        return Case(checked.chapter, name)
    # Where a package is missing it is this machine, and not the learner's code.
    outcome = "skipped" if finding.state == UNAVAILABLE else "failure"
    message = finding.hint or name_of(finding.state, checked.lang)
    return Case(checked.chapter, name, outcome, message, finding.text, finding.state)
