"""junit.xml, as CI systems read it."""

import xml.etree.ElementTree as ET

from a_class import CHAPTER, HINT, class_of, classes, mark, nasty, ordinary, submission, wrong
from hypothesis import given

from tools.grade.marks import STATUSES
from tools.grade.writing.clean import cleaned
from tools.grade.writing.junit import junit_xml


def _suites(graded):
    return ET.fromstring(junit_xml(cleaned(graded)))


def test_every_status_has_its_place():
    marks = [mark(f"01_{i:02}", status) for i, status in enumerate(STATUSES)]
    (suite,) = _suites(class_of(submission("Anna", *marks)))
    outcomes = {
        status: [child.tag for child in case]
        for status, case in zip(STATUSES, suite.iter("testcase"), strict=True)
    }
    assert outcomes == {
        "passed": [],
        "failed": ["failure"],
        "not_attempted": ["failure"],
        "error": ["error"],
        "timeout": ["error"],
        "unavailable": ["skipped"],
        "missing": ["failure"],
        "crashed": ["error"],
        "memory": ["error"],
    }
    counts = {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "9", "failures": "3", "errors": "4", "skipped": "1"}
    assert suite.get("time") is None


def test_what_is_said():
    (suite,) = _suites(class_of(submission("Anna", wrong("02_01"), problems=("a link",))))
    assert suite.get("name") == f"Anna {CHAPTER}"
    case = suite.find("testcase")
    assert case.get("name") == "02_01 Open and closed loop"
    failure = case.find("failure")
    assert (failure.get("type"), failure.get("message")) == ("failed", HINT["en"])
    assert failure.text == "message of 02_01"
    assert suite.find("system-err").text == "a link"
    properties = {one.get("name"): one.get("value") for one in suite.iter("property")}
    assert properties["isolation"] == "bubblewrap"
    assert properties["score"] == "0"


def test_cases_of_students_are_told_apart():
    cases = [*_suites(nasty()).iter("testcase")]
    assert len({(case.get("classname"), case.get("name")) for case in cases}) == len(cases)


@given(classes())
def test_any_class_makes_xml(graded):
    assert len(_suites(graded)) == len(graded.submissions)


def test_long_messages_are_shortened():
    assert len(junit_xml(cleaned(nasty()))) < 40_000 * len(nasty().submissions)
    assert len([*_suites(ordinary())]) == len(ordinary().submissions)
