"""The instructor's report: what it counts and lists, and that it holds strangers' texts."""

import re
from dataclasses import replace
from urllib.parse import unquote

import pytest
from a_class import CHAPTER, class_of, classes, mark, nasty, ordinary, submission, wrong
from hypothesis import given
from reading_html import Page

from tools.grade.writing.clean import cleaned
from tools.grade.writing.histogram import counted
from tools.grade.writing.names import feedback_pages
from tools.grade.writing.page_words import STATES
from tools.grade.writing.report import report_page
from tools.grade.writing.report_parts import SIGNS
from tools.grade.writing.timings import timings_page

ELEMENTS = {
    *("html", "head", "meta", "title", "style", "body", "header", "main", "footer", "section"),
    *("nav", "h1", "h2", "h3", "h4", "p", "dl", "dt", "dd", "div", "bdi", "code", "span", "b", "a"),
    *("ul", "li", "table", "thead", "tbody", "tfoot", "tr", "th", "td", "details", "summary"),
    *("svg", "rect", "line", "text"),
}
FILES = {"timings.html", "timings.csv", "grades.csv", "results.json", "report.html"}


def _assert_ours(page, graded):
    assert {name for name, _ in page.elements} <= ELEMENTS
    for _, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on") or name == "src"]
        assert re.fullmatch(r"(width:[\d.e-]+%)?", attributes.get("style") or "")
    assert not page.unclosed
    pages = set(feedback_pages(graded))
    for link in page.links():
        path = unquote(link.partition("#")[0])
        assert path in pages | FILES or not path


def test_the_class_in_figures():
    ones = [
        submission(name, mark("01_01"), second)
        for name, second in (("a", mark("02_01")), ("b", wrong("02_01")), ("c", mark("02_01")))
    ]
    text = Page(report_page(class_of(*ones))).text
    assert "3.33" in text
    assert "mean of 4 points" in text
    assert "3 of 3 passed, 100 %" in text
    assert "2 of 3 passed, 67 %" in text
    assert "Graded on the public cases and on 20 hidden cases an exercise." in text


def test_the_histogram():
    assert counted([0.0, 0.1, 0.3 - 1e-16, 0.95, 1.0, 1.0]) == [1, 1, 0, 1, 0, 0, 0, 0, 0, 1, 2]


@pytest.mark.parametrize("tier", ["bubblewrap", "reduced"])
def test_isolation_is_named_first(tier):
    text = Page(report_page(class_of(submission("Anna"), isolation=tier))).text
    assert text.index(f"isolation: {tier}") < 100
    assert ("There was no sandbox" in text) == (tier == "reduced")


def test_a_submission_of_another_tier_is_told():
    graded = class_of(submission("Anna"), submission("Ben", isolation="reduced"))
    assert "1 of the submissions ran in another tier" in report_page(graded)


def test_the_commonest_mistakes_with_their_hints():
    ones = [
        submission("a", wrong("02_01", mistake="late")),
        submission("b", wrong("02_01", "ja", mistake="early"), lang="ja"),
        submission("c", wrong("02_01", mistake="early")),
        submission("d", mark("02_01", mistake="stale")),
    ]
    text = Page(report_page(class_of(*ones))).text
    assert re.search("2 ×early.*1 ×late", text)
    assert "どの k で学習しますか" not in text  # one in English was to be had
    assert "stale" not in text


def test_everything_to_look_at_is_listed():
    text = Page(report_page(ordinary())).text
    listed = text[text.index("Needs a human’s eye") : text.index("Students and exercises")]
    for told in (
        "Peter handed in nothing",
        "It is no notebook.",
        "a second notebook was left out",
        "with crashed",
        "with unavailable",
        "0 of 20 right",
        "calls ESN.forward",
        "2 of 2 answers the same",
        "with the model's 02_01",
    ):
        assert told in listed
    assert "with timeout" not in listed


def test_a_calm_class():
    assert "Nothing: every mark stands by itself." in report_page(class_of(submission("Anna")))


def test_names_lead_to_feedback_pages():
    graded = class_of(submission("佐藤 健", lang="ja"))
    links = Page(report_page(graded)).links()
    assert f"feedback/%E4%BD%90%E8%97%A4%20%E5%81%A5/{CHAPTER}.html" in links


def test_every_state_has_a_sign_of_its_own():
    assert set(SIGNS) == set(STATES)
    assert len(set(SIGNS.values())) == len(SIGNS)


def test_no_class_at_all():
    for page in (report_page(class_of()), timings_page(class_of())):
        assert not Page(page).unclosed


def test_it_says_nothing_of_time():
    graded = ordinary()
    slow = [
        replace(
            one,
            graded=replace(
                one.graded,
                marks=tuple(
                    replace(mark, seconds=mark.seconds * 7, megabytes=999)
                    for mark in one.graded.marks
                ),
            ),
        )
        for one in graded.submissions
    ]
    slower = replace(graded, submissions=tuple(slow))
    assert report_page(slower) == report_page(graded)
    assert timings_page(slower) != timings_page(graded)


@pytest.mark.parametrize("make", [report_page, timings_page])
def test_nothing_of_a_stranger_s_becomes_part_of_the_page(make):
    graded = cleaned(nasty())
    page = Page(make(graded))
    _assert_ours(page, graded)
    assert "<script>alert(1)</script>" in page.text


@given(classes())
def test_whatever_strangers_write(graded):
    graded = cleaned(graded)
    for make in (report_page, timings_page):
        _assert_ours(Page(make(graded)), graded)
