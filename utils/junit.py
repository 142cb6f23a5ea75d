"""JUnit XML, which CI systems show as test results."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from utils.xml_text import xml_text

Outcome = Literal["passed", "failure", "error", "skipped"]


@dataclass(frozen=True)
class Case:
    """One test case.

    Attributes:
        classname: what CI systems group it by.
        name: its name, unique within its class.
        outcome: what became of it.
        message: why it did not pass, in a line.
        text: the same in full.
        type: the kind of failure; empty for none.
        seconds: what it took; None to say nothing of time.
        output: what else there is to read, whatever became of it.
    """

    classname: str
    name: str
    outcome: Outcome = "passed"
    message: str = ""
    text: str = ""
    type: str = ""
    seconds: float | None = None
    output: str = ""


@dataclass(frozen=True)
class Suite:
    """Test cases that belong together.

    Attributes:
        name: its name.
        cases: in the order in which they are shown.
        properties: what else there is to know of it.
        errors: what went wrong with the suite as a whole.
    """

    name: str
    cases: tuple[Case, ...]
    properties: Mapping[str, str] = field(default_factory=dict)
    errors: str = ""


def junit(name: str, suites: Iterable[Suite]) -> bytes:
    """The whole file; what XML cannot hold is replaced, whatever stands in the texts."""
    root = ET.Element("testsuites", name=xml_text(name))
    for suite in suites:
        _add_suite(root, suite)
    ET.indent(root)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def _add_suite(root: ET.Element, suite: Suite) -> None:
    outcomes = [case.outcome for case in suite.cases]
    counts = {
        "name": xml_text(suite.name),
        "tests": str(len(outcomes)),
        "failures": str(outcomes.count("failure")),
        "errors": str(outcomes.count("error")),
        "skipped": str(outcomes.count("skipped")),
    }
    seconds = [case.seconds for case in suite.cases if case.seconds is not None]
    if seconds:
        counts["time"] = f"{sum(seconds):.3f}"
    element = ET.SubElement(root, "testsuite", counts)
    if suite.properties:
        listed = ET.SubElement(element, "properties")
        for key, value in suite.properties.items():
            ET.SubElement(listed, "property", name=xml_text(key), value=xml_text(value))
    for case in suite.cases:
        _add_case(element, case)
    if suite.errors:
        ET.SubElement(element, "system-err").text = xml_text(suite.errors)


def _add_case(suite: ET.Element, case: Case) -> None:
    named = {"classname": xml_text(case.classname), "name": xml_text(case.name)}
    if case.seconds is not None:
        named["time"] = f"{case.seconds:.3f}"
    element = ET.SubElement(suite, "testcase", named)
    if case.outcome != "passed":
        told = {"type": case.type} if case.type and case.outcome != "skipped" else {}
        why = ET.SubElement(element, case.outcome, told, message=xml_text(case.message))
        why.text = xml_text(case.text)
    if case.output:
        ET.SubElement(element, "system-out").text = xml_text(case.output)
