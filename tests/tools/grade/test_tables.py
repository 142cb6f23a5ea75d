"""grades.csv and timings.csv, as a spreadsheet reads them."""

import csv
import io

import pytest
from a_class import CHAPTER, NASTY, class_of, classes, mark, nasty, ordinary, submission, wrong
from hypothesis import given

from tools.grade.writing.clean import cleaned
from tools.grade.writing.tables import grades_csv, harmless, timings_csv


def _rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_a_row_a_student_and_chapter():
    graded = class_of(
        submission("Anna", mark("01_01"), wrong("02_01")),
        submission("佐藤 健", mark("01_01"), mark("02_01"), lang="ja"),
    )
    content = grades_csv(graded)
    assert content.startswith(b"\xef\xbb\xbf")  # or Excel garbles the names
    assert _rows(content) == [
        {
            "student": "Anna",
            "chapter": CHAPTER,
            "source": f"Anna/{CHAPTER}.ipynb",
            "score": "2.0",
            "max_score": "4.0",
            f"{CHAPTER} 01_01": "2.0",
            f"{CHAPTER} 02_01": "0.0",
        },
        {
            "student": "佐藤 健",
            "chapter": CHAPTER,
            "source": f"佐藤 健/{CHAPTER}.ipynb",
            "score": "4.0",
            "max_score": "4.0",
            f"{CHAPTER} 01_01": "2.0",
            f"{CHAPTER} 02_01": "2.0",
        },
    ]


def test_of_several_chapters_each_has_its_columns():
    graded = class_of(
        submission("Anna", mark("01_01")), submission("Anna", mark("01_01"), chapter="09_em")
    )
    first, second = _rows(grades_csv(graded))
    assert (first[f"{CHAPTER} 01_01"], first["09_em 01_01"]) == ("2.0", "")
    assert (second[f"{CHAPTER} 01_01"], second["09_em 01_01"]) == ("", "2.0")


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@a", "\t=1", "\r1", "\n1", " =1", "＝1", "＋1", "－1", "＠a"]
)
def test_no_cell_is_a_formula(text):
    assert harmless(text) == f"'{text}"
    (row,) = _rows(grades_csv(class_of(submission(text, source=text))))
    assert row["student"] == row["source"] == f"'{text}"


@pytest.mark.parametrize("text", ["Anna", "佐藤 健", "a=b", "", "3+4", "a-b", "O'Brien"])
def test_other_text_stays(text):
    assert harmless(text) == text


@given(classes())
def test_any_class_makes_tables_that_can_be_read(graded):
    graded = cleaned(graded)
    assert len(_rows(grades_csv(graded))) == len(graded.submissions)
    marks = sum(len(one.graded.marks) for one in graded.submissions)
    assert len(_rows(timings_csv(graded))) == marks


def test_nasty_names_stay_apart():
    rows = _rows(grades_csv(cleaned(nasty())))
    assert len({row["student"] for row in rows}) == len(NASTY)
    for row in rows:
        assert not row["student"].startswith(("=", "+", "-", "@", "\t", "\r"))


def test_time_and_memory():
    row = _rows(timings_csv(ordinary()))[0]
    assert (row["student"], row["exercise"], row["status"]) == ("Anna", "01_01", "passed")
    assert (row["seconds"], row["megabytes"]) == ("1.25", "180.0")
