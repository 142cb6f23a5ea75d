"""results.json: what other programs read."""

import json

import pytest
from a_class import CHAPTER, NASTY, class_of, classes, mark, nasty, ordinary, submission, wrong
from hypothesis import given
from jsonschema import Draft202012Validator

from tools.grade.writing.clean import cleaned
from tools.grade.writing.results import results_json
from tools.lesson import ROOT

SCHEMA = json.loads((ROOT / "tools/grade/files/results.schema.json").read_text(encoding="utf-8"))


def _read(graded):
    content = json.loads(results_json(cleaned(graded)))
    Draft202012Validator(SCHEMA).validate(content)
    return content


def test_the_schema_is_one():
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("graded", [ordinary(), nasty(), class_of()], ids=["some", "nasty", "none"])
def test_it_is_as_the_schema_says(graded):
    assert len(_read(graded)["submissions"]) == len(graded.submissions)


@given(classes())
def test_whatever_stands_in_it(graded):
    assert len(_read(graded)["submissions"]) == len(graded.submissions)


def test_the_contract():
    one = submission("Anna", mark("01_01"), wrong("02_01"))
    content = _read(class_of(one))
    assert content["schema"] == 1
    assert content["submissions"] == [
        {
            "student": "Anna",
            "source": f"Anna/{CHAPTER}.ipynb",
            "sha256": one.sha256,
            "problems": [],
            "chapters": {
                CHAPTER: {
                    "score": 2.0,
                    "max_score": 4.0,
                    "problem": "",
                    "exercises": {
                        "01_01": {
                            "status": "passed",
                            "score": 2.0,
                            "max_score": 2.0,
                            "carried_forward": False,
                            "message": "message of 01_01",
                            "hint": None,
                        },
                        "02_01": {
                            "status": "failed",
                            "score": 0.0,
                            "max_score": 2.0,
                            "carried_forward": False,
                            "message": "message of 02_01",
                            "hint": "At which k does it train?",
                        },
                    },
                }
            },
        }
    ]


def test_a_schema_refuses_another_status():
    content = _read(class_of(submission("Anna")))
    exercises = content["submissions"][0]["chapters"][CHAPTER]["exercises"]
    exercises["01_01"]["status"] = "perhaps"
    assert not Draft202012Validator(SCHEMA).is_valid(content)


def test_messages_are_kept_in_full():
    exercises = _read(nasty())["submissions"][0]["chapters"][CHAPTER]["exercises"]
    assert len(exercises["02_01"]["message"]) == 100_000


def test_points_are_sums_of_decimals():
    marks = [mark(f"01_0{i}", score=0.1, max_score=0.1) for i in range(1, 4)]
    content = _read(class_of(submission("Anna", *marks)))
    assert content["submissions"][0]["chapters"][CHAPTER]["score"] == 0.3


class TestCleaning:
    def test_students_stay_as_many_as_they_were(self):
        graded = class_of(
            *(submission(name) for name in ("a\ud800", "a\ud801", "a\x00", "a\ufffd"))
        )
        names = [one.student for one in cleaned(graded).submissions]
        assert sorted(names) == ["a\ufffd", "a\ufffd (2)", "a\ufffd (3)", "a\ufffd (4)"]

    def test_what_is_clean_stays(self):
        assert cleaned(ordinary()).problems == ordinary().problems
        by_student = {one.student: one for one in ordinary().submissions}
        assert {one.student: one for one in cleaned(ordinary()).submissions} == by_student

    def test_everything_else_can_be_written(self):
        for one in cleaned(nasty()).submissions:
            repr(one).encode()
            assert "\\x00" not in repr(one)
        assert len({one.student for one in cleaned(nasty()).submissions}) == len(NASTY)
