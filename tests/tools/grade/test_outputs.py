"""All files together: which there are, and that they are the same in every run."""

import random
from dataclasses import replace
from pathlib import Path

import pytest
from a_class import NASTY, class_of, classes, nasty, ordinary, submission
from hypothesis import given

from tools.grade.writing.outputs import write_outputs

OF_THE_CLASS = {
    "results.json",
    "grades.csv",
    "junit.xml",
    "report.html",
    "timings.csv",
    "timings.html",
}


def _read(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_files(tmp_path):
    paths = write_outputs(tmp_path / "out", class_of(submission("Anna"), submission("佐藤 健")))
    assert set(_read(tmp_path / "out")) == OF_THE_CLASS | {
        "gradescope/Anna.json",
        "gradescope/佐藤 健.json",
        "feedback/Anna/08_closed_loop_control.html",
        "feedback/佐藤 健/08_closed_loop_control.html",
    }
    assert {path.relative_to(tmp_path / "out").as_posix() for path in paths} == set(
        _read(tmp_path / "out")
    )


def _timed_anew(graded):
    rng = random.Random(1)
    return replace(
        graded,
        submissions=tuple(
            replace(
                one,
                graded=replace(
                    one.graded,
                    marks=tuple(
                        replace(mark, seconds=rng.uniform(0, 99), megabytes=rng.uniform(0, 999))
                        for mark in one.graded.marks
                    ),
                ),
            )
            for one in reversed(graded.submissions)  # nor does the order of work show
        ),
    )


@pytest.mark.parametrize("make", [ordinary, nasty])
def test_all_but_timings_are_the_same_to_the_byte(tmp_path, make):
    write_outputs(tmp_path / "one", make())
    write_outputs(tmp_path / "other", _timed_anew(make()))
    one, other = _read(tmp_path / "one"), _read(tmp_path / "other")
    assert set(one) == set(other)
    assert {name for name in one if one[name] != other[name]} == {"timings.csv", "timings.html"}


def test_again_into_the_same_folder(tmp_path):
    write_outputs(tmp_path, nasty())
    first = _read(tmp_path)
    write_outputs(tmp_path, nasty())
    assert _read(tmp_path) == first


def test_nasty_names_stay_inside(tmp_path):
    out = tmp_path / "deep" / "out"
    write_outputs(out, nasty())
    assert [path.name for path in tmp_path.iterdir()] == ["deep"]
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["out"]
    files = _read(out)
    assert len([name for name in files if name.startswith("feedback/")]) == len(NASTY)
    assert len([name for name in files if name.startswith("gradescope/")]) == len(NASTY)
    for name, content in files.items():
        content.decode()
        assert b"\0" not in content, name


def test_any_class_can_be_written(tmp_path_factory):
    @given(classes())
    def write(graded):
        write_outputs(tmp_path_factory.mktemp("out"), graded)

    write()


class TestAnEarlierRun:
    def test_students_who_are_gone_leave_nothing(self, tmp_path):
        write_outputs(tmp_path, class_of(submission("Anna"), submission("Ben")))
        write_outputs(tmp_path, class_of(submission("Ben"), submission("anna")))
        assert {name for name in _read(tmp_path) if "/" in name} == {
            "gradescope/Ben.json",
            "gradescope/anna.json",
            "feedback/Ben/08_closed_loop_control.html",
            "feedback/anna/08_closed_loop_control.html",
        }
        assert not (tmp_path / "feedback" / "Anna").exists()

    def test_chapters_that_are_gone(self, tmp_path):
        write_outputs(tmp_path, class_of(submission("Anna"), submission("Anna", chapter="09_em")))
        write_outputs(tmp_path, class_of(submission("Anna", chapter="09_em")))
        assert [path.name for path in (tmp_path / "feedback" / "Anna").iterdir()] == ["09_em.html"]

    def test_what_is_not_ours_stays(self, tmp_path):
        notes = tmp_path / "feedback" / "Anna" / "notes.txt"
        notes.parent.mkdir(parents=True)
        notes.write_text("mine")
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir()
        (elsewhere / "page.html").write_text("mine")
        (tmp_path / "feedback" / "linked").symlink_to(elsewhere)
        write_outputs(tmp_path, class_of(submission("Ben")))
        assert notes.read_text() == "mine"
        assert (elsewhere / "page.html").read_text() == "mine"
