"""What Gradescope gets for each student."""

import json

from a_class import CHAPTER, class_of, classes, mark, nasty, ordinary, submission, wrong
from hypothesis import given
from jsonschema import Draft202012Validator

from tools.grade.writing.clean import cleaned
from tools.grade.writing.gradescope import gradescope_files
from tools.lesson import ROOT

SCHEMA = json.loads((ROOT / "tools/grade/files/gradescope.schema.json").read_text(encoding="utf-8"))


def _read(graded):
    files = {
        name: json.loads(content) for name, content in gradescope_files(cleaned(graded)).items()
    }
    for content in files.values():
        Draft202012Validator(SCHEMA).validate(content)
        # No text of a student may be read as HTML or Markdown.
        formats = [content[f"{what}_format"] for what in ("output", "test_output", "test_name")]
        formats += [
            test[f"{what}_format"] for test in content["tests"] for what in ("output", "name")
        ]
        assert set(formats) == {"text"}
    return files


def test_the_schema_is_one():
    Draft202012Validator.check_schema(SCHEMA)
    assert not Draft202012Validator(SCHEMA).is_valid({"tests": []})
    assert not Draft202012Validator(SCHEMA).is_valid({"score": 1, "tests": [{"status": "maybe"}]})


def test_a_file_a_student():
    files = _read(
        class_of(submission("Anna", mark("01_01"), wrong("02_01")), submission("佐藤 健"))
    )
    assert list(files) == ["gradescope/Anna.json", "gradescope/佐藤 健.json"]
    anna = files["gradescope/Anna.json"]
    assert anna["output"] == "1 of 2 exercises are right."
    assert "score" not in anna  # it would replace the sum of the tests
    assert [test["score"] for test in anna["tests"]] == [2.0, 0.0]
    assert [test["status"] for test in anna["tests"]] == ["passed", "failed"]
    assert anna["tests"][1] == {
        "name": "Open and closed loop",
        "name_format": "text",
        "number": "02_01",
        "score": 0.0,
        "max_score": 2.0,
        "status": "failed",
        "output": "message of 02_01",
        "output_format": "text",
        "visibility": "visible",
    }


def test_chapters_of_a_student_come_together():
    graded = class_of(submission("Anna"), submission("Anna", mark("01_01"), chapter="09_em"))
    (content,) = _read(graded).values()
    assert [test["name"] for test in content["tests"]][2:] == [
        f"{CHAPTER}: Offline learning",
        "09_em: Sampling",
    ]


def test_what_is_not_the_student_s_doing():
    files = _read(ordinary())
    assert "status" not in files["gradescope/with unavailable.json"]["tests"][0]
    carried = files["gradescope/Anna.json"]["tests"][2]
    assert (carried["score"], carried["status"]) == (1.0, "failed")
    assert carried["output"].startswith("Your code for this exercise is right")


def test_nothing_of_the_instructor_s():
    told = json.dumps(_read(ordinary()))
    assert "calls ESN.forward" not in told
    assert "0 of 20 right" not in told
    assert "public_only" not in told


@given(classes())
def test_any_class(graded):
    files = _read(graded)
    assert len(files) == len({one.student for one in graded.submissions})


def test_nasty_students_have_a_file_each():
    assert len(_read(nasty())) == len(nasty().submissions)
