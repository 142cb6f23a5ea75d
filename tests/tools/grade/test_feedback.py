"""A student's page: in their language, with all they can act on, and nothing of others in it."""

import re
from dataclasses import replace

import pytest
from a_class import (
    CHAPTER,
    HINT,
    VERDICT,
    class_of,
    classes,
    mark,
    nasty,
    ordinary,
    submission,
    wrong,
)
from hypothesis import given
from reading_html import Page

from tools.grade.marks import STATUSES
from tools.grade.writing.clean import cleaned
from tools.grade.writing.feedback import feedback_page
from tools.grade.writing.page_words import SIGNS, STATES, WORDS
from utils.tester.text import LANGUAGES

# Every element and attribute that the pages are made of.
ELEMENTS = {
    *("html", "head", "meta", "title", "style", "body", "div", "header", "main", "section"),
    *("footer", "h1", "h2", "p", "dl", "dt", "dd", "bdi", "code", "span", "b", "a", "table"),
    *("thead", "tbody", "tr", "th", "td", "details", "summary"),
}
ATTRIBUTES = {
    *("lang", "charset", "http-equiv", "content", "name", "class", "style", "aria-hidden", "href"),
    *("scope", "id", "data-exercise"),
}


def _page(one, **told):
    return Page(feedback_page(one, class_of(one, **told)))


def _assert_ours(page):
    assert {name for name, _ in page.elements} <= ELEMENTS
    assert {name for _, attributes in page.elements for name in attributes} <= ATTRIBUTES
    assert not page.unclosed
    for link in page.links():
        assert re.fullmatch(r"#exercise-\d\d_\d\d", link)
    for _, attributes in page.elements:
        assert re.fullmatch(r"(width:[\d.e-]+%|color:inherit)?", attributes.get("style") or "")


def test_in_english():
    page = _page(submission("Anna", mark("01_01"), wrong("02_01")))
    assert page.all("html") == [{"lang": "en"}]
    assert f"Feedback: {CHAPTER}" in page.text
    assert "2 of 4 points" in page.text
    assert "1 of 2 exercises are right. Where to go on: 02_01 Open and closed loop." in page.text
    assert "verdict of 02_01" in page.text
    assert "verdict of 01_01" not in page.text
    assert "20 more with other values" in page.text
    assert page.links() == ["#exercise-02_01", "#exercise-02_01"]


def test_in_japanese():
    one = submission("佐藤 健", mark("01_01", lang="ja"), wrong("02_01", "ja"), lang="ja")
    page = _page(one)
    assert page.all("html") == [{"lang": "ja"}]
    for text in (
        "採点結果：",
        "4点満点中2点",
        "2問中1問が正解です。まずは02_01「開ループと閉ループ」",
    ):
        assert text in page.text
    assert "まだ正しくありません" in page.text


def test_all_right():
    assert "All 3 exercises are right. Well done!" in _page(submission("Anna")).text


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("status", STATUSES)
def test_every_status_has_words_and_a_sign(status, lang):
    page = _page(submission("Anna", mark("01_01", status, lang), lang=lang))
    assert STATES[status].in_language(lang) in page.text
    assert SIGNS[status] in page.text
    assert ("message of 01_01" in page.text) == (status != "passed")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_was_right_but_for_an_earlier_exercise(lang):
    carried = replace(wrong("02_01", lang), carried_forward=True, score=1.0)
    page = _page(submission("Anna", carried, lang=lang))
    said = WORDS["carried"].in_language(lang).format(score="1", total="2")
    assert said in page.text
    assert STATES["carried"].in_language(lang) in page.text
    assert "Where to go on" not in page.text
    assert "まずは" not in page.text


def test_a_hidden_failure_is_told_by_its_message():
    """The verdict on the public cases would say that all is well."""
    fitted = mark("01_01", "failed", html=VERDICT.format("", "x"), public=(12, 12), hidden=(0, 20))
    page = _page(submission("Anna", fitted))
    assert "verdict of x" not in page.text
    assert "message of 01_01" in page.text


def test_why_nothing_could_be_read():
    page = _page(submission("Anna", mark("01_01", "missing"), problem="It is no notebook."))
    assert "The notebook could not be marked." in page.text
    assert "It is no notebook." in page.text
    assert page.links() == []


def test_nothing_of_the_instructor_s():
    for one in ordinary().submissions:
        html = feedback_page(one, ordinary())
        for secret in (
            "calls ESN.forward",
            "0 of 20 right",
            "public_only",
            "Peter",
            "was left out",
        ):
            assert secret not in html


def test_reduced_isolation_is_named():
    assert "reduced" not in _page(submission("Anna")).text
    assert "reduced isolation" in _page(submission("Anna", isolation="reduced")).text


def test_without_hidden_cases_or_shares_none_are_promised():
    told = _page(submission("Anna"), hidden=0, carried_share=0.0).text
    assert "more with other values" not in told
    assert "earlier exercise" not in told


def test_nothing_of_a_stranger_s_becomes_part_of_the_page():
    graded = cleaned(nasty())
    for one in graded.submissions:
        page = Page(feedback_page(one, graded))
        _assert_ours(page)
        assert one.student in page.text.replace("\r\n", "\n") or "\r" in one.student


@given(classes())
def test_whatever_a_stranger_writes(graded):
    graded = cleaned(graded)
    for one in graded.submissions:
        _assert_ours(Page(feedback_page(one, graded)))


def test_nothing_is_loaded_and_nothing_runs():
    html = feedback_page(ordinary().submissions[0], ordinary())
    (policy,) = [
        attributes["content"] for attributes in Page(html).all("meta") if "http-equiv" in attributes
    ]
    assert policy.startswith("default-src 'none'")
    assert not re.search(r"url\(|@import|src=|https?:", html)


def test_hints_are_there():
    html = f"<div>{HINT['en']}</div>"
    assert HINT["en"] in _page(submission("Anna", wrong("02_01", html=html))).text
