"""Names of files for students who may be called anything."""

import unicodedata
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from a_class import NASTY, class_of, submission, texts
from hypothesis import given
from hypothesis import strategies as st

from tools.grade.writing.names import feedback_pages, safe_name, safe_names


def _is_safe(name: str) -> bool:
    return (
        PurePosixPath(name).name == name == PureWindowsPath(name).name
        and not name.startswith((".", "-", " "))
        and not name.endswith((".", " "))
        and not any(unicodedata.category(one).startswith("C") for one in name)
        and not set(name) & set('<>:"/\\|?*&%#')
        and not PureWindowsPath(name).is_reserved()
        and len(name.encode()) <= 130
    )


@pytest.mark.parametrize(
    "name", ["Anna", "anna.b@uni.org", "佐藤 健", "José", "นิด้า", "s-01_2", "李"]
)
def test_a_plain_name_stays(name):
    assert safe_name(name) == name


@pytest.mark.parametrize("name", NASTY)
def test_any_other_is_made_safe(name):
    assert _is_safe(safe_name(name))


@given(texts)
def test_any_name_is_safe(name):
    assert _is_safe(safe_name(name))


@given(st.lists(texts))
def test_no_two_are_alike(names):
    chosen = safe_names(names)
    assert set(chosen) == set(names)
    assert len({unicodedata.normalize("NFKC", one).casefold() for one in chosen.values()}) == len(
        chosen
    )
    assert all(map(_is_safe, chosen.values()))


def test_case_alone_does_not_tell_files_apart():
    chosen = safe_names(["anna", "Anna", "Bob", "stra\u00dfe", "strasse"])
    assert chosen["Bob"] == "Bob"
    assert len({one.casefold() for one in chosen.values()}) == 5


def test_composed_and_decomposed_names_are_two():
    assert len(set(safe_names(["Jos\u00e9", "Jose\u0301"]).values())) == 2


def test_nobody_can_take_the_name_of_another():
    taken = safe_name("a/b")
    chosen = safe_names(["a/b", taken])
    assert len(set(chosen.values())) == 2


def test_a_name_does_not_depend_on_the_others():
    alone = safe_names(["a/b"])["a/b"]
    assert safe_names(["a/b", "x", "y/z"])["a/b"] == alone


def test_a_page_a_submission():
    graded = class_of(
        submission("Anna"), submission("Anna", chapter="09_em"), submission("Anna", source="again")
    )
    assert feedback_pages(graded) == (
        "feedback/Anna/08_closed_loop_control.html",
        "feedback/Anna/09_em.html",
        "feedback/Anna/08_closed_loop_control 2.html",
    )
