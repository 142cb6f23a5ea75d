"""Findings as JUnit XML, which CI systems show as test results."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from pathlib import Path

from utils.check.findings import Checked, Finding, name_of

UNAVAILABLE = "unavailable"
# What XML cannot hold, though a learner's program can print it.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_junit(path: Path, notebooks: Iterable[Checked]) -> None:
    """Write a test suite a notebook, a test case an exercise.

    Raises:
        OSError: the file cannot be written.
    """
    root = ET.Element("testsuites", name="utils.check")
    for checked in notebooks:
        suite = ET.SubElement(
            root,
            "testsuite",
            name=_clean(str(checked.path)),
            tests=str(len(checked.findings)),
            failures=str(sum(_failed(finding) for finding in checked.findings)),
            skipped=str(sum(finding.state == UNAVAILABLE for finding in checked.findings)),
        )
        for finding in checked.findings:
            name = f"{finding.exercise} {finding.title}"
            case = ET.SubElement(suite, "testcase", classname=checked.chapter, name=name)
            if finding.passed:
                continue
            message = _clean(finding.hint or name_of(finding.state, checked.lang))
            if _failed(finding):
                told = ET.SubElement(case, "failure", type=finding.state, message=message)
            else:
                told = ET.SubElement(case, "skipped", message=message)
            told.text = _clean(finding.text)
    ET.indent(root)
    ET.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _failed(finding: Finding) -> bool:
    """Whether it is the learner's code, and not this machine, that keeps it from passing."""
    return not finding.passed and finding.state != UNAVAILABLE


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
