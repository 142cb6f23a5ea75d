"""A verdict as HTML, with its plot, for any numbers there are."""

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from utils.tester.calling import LocalCaller
from utils.tester.judge import judge
from utils.tester.records import Case, Exercise
from utils.tester.report import report_of
from utils.tester.rules import Numeric
from utils.tester.show_html import as_html
from utils.tester.text import LANGUAGES, Text

EXERCISE = Exercise(
    id="01_01",
    title=Text("A <title> & more", "<見出し>"),
    functions=("f",),
    harness=None,
    gaps=(),
    outputs=(Numeric("y"),),
    cases=(Case(Text('a "case"', "「ケース」"), {}, expected=(np.zeros(1),)),),
    mistakes=(),
)
numbers = st.floats(width=64)


def _html(expected, got, lang="en"):
    case = replace(EXERCISE.cases[0], expected=(expected,))
    exercise = replace(EXERCISE, cases=(case,))
    return as_html(report_of(judge(exercise, LocalCaller(lambda: got, {}), (), lang)))


def _parsed(html):
    """The element, read strictly: entities of HTML's own replaced, every tag closed."""
    return ElementTree.fromstring(html.replace("&ensp;", " "))


@given(
    arrays(float, 12, elements=numbers),
    arrays(float, 12, elements=numbers),
    st.sampled_from(LANGUAGES),
)
def test_any_series_makes_a_page_that_can_be_read(expected, got, lang):
    page = _parsed(_html(expected, got, lang))
    for path in page.iter("path"):
        assert not re.search("nan|inf", path.get("d"))


@pytest.fixture(autouse=True)
def _no_warnings(recwarn):
    yield
    assert not recwarn.list


def test_both_curves_are_drawn_in_full_with_the_first_difference():
    expected = np.sin(np.arange(30.0))
    got = np.where(np.arange(30) < 20, expected, 0.0)
    html = _html(np.stack([expected, expected], axis=1), np.stack([expected, got], axis=1))
    curves = [path.get("d") for path in _parsed(html).iter("path") if "L" in path.get("d")]
    assert [curve.count("L") for curve in curves] == [29, 29]
    assert "first difference at 20" in html
    assert "y[:, 1]" in html


def test_of_a_long_series_the_part_around_the_difference_is_drawn():
    expected = np.sin(np.arange(5000.0) / 9)
    got = np.where(np.arange(5000) < 3000, expected, 0.0)
    html = _html(expected, got)
    assert len(html) < 20_000
    assert ">3000</text>" in html
    assert ">2900</text>" not in html
    assert ">3100</text>" not in html


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (np.zeros(3), np.ones(3)),  # read faster than it is drawn
        (np.eye(6), 2 * np.eye(6)),  # a matrix, not a series
        (np.arange(9.0), np.arange(9.0) + 1e-6),  # nothing to be seen
        (np.arange(9.0), np.arange(8.0)),
        (np.arange(9.0) * 1j, np.arange(9.0)),
        (np.arange(9) > 4, np.arange(9) > 5),
        ({"y": np.arange(9.0)}, {"y": -np.arange(9.0)}),
    ],
)
def test_nothing_is_drawn_where_it_does_not_help(expected, got):
    assert "<svg" not in _html(expected, got)


def test_what_a_learner_writes_cannot_break_the_page():
    def f():
        print("<script>alert(1)</script>")
        raise ValueError("</div><img src=x>`")

    html = as_html(report_of(judge(EXERCISE, LocalCaller(f, {}))))
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;title&gt; &amp; more" in html
    _parsed(html)
