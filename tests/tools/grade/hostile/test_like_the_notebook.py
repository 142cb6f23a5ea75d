"""Grading says what the notebook says: the same verdict, hint and words, whoever runs the code."""

import pytest
from hostile_notebooks import CHAPTER, EXERCISES, OTHERS, VICTIM
from running_grade import grade
from variants import (
    ALTERNATIVES,
    MISTAKES,
    TORCH,
    own,
    slices,
    unsolved,
    with_alternative,
    with_mistake,
    with_mistakes,
)

from utils.check.processes import check_exercises
from utils.check.subject import read_subject
from utils.optional import missing_packages
from utils.tester.chapter import chapter_names, open_chapter

EM = "09_em_reservoir"
SLICES = slices()
OWN = own()


def _pairs(table):
    return [(exercise, name) for exercise, names in table.items() for name in names]


@pytest.fixture(scope="module")
def class_of_08(tmp_path_factory):
    """The folder of notebooks, and the run that graded them."""
    folder = tmp_path_factory.mktemp("like")
    files = {f"{one}-{name}": with_mistake(CHAPTER, one, name) for one, name in _pairs(MISTAKES)}
    files |= {
        f"{one}-{name}": with_alternative(CHAPTER, one, name) for one, name in _pairs(ALTERNATIVES)
    }
    files |= OWN | {"unsolved": unsolved()} | {name: made for name, (made, *_) in SLICES.items()}
    return _graded(folder, files, CHAPTER)


def _graded(folder, files, chapter):
    (folder / "temporary").mkdir()
    (folder / "submissions").mkdir()
    for name, content in files.items():
        (folder / "submissions" / f"{name}.ipynb").write_bytes(content)
    options = ("--jobs", 2, "--hidden", 1)
    ran = grade(
        folder / "submissions",
        folder / "out",
        *options,
        temporary=folder / "temporary",
        chapter=chapter,
    )
    return folder / "submissions", ran


def in_the_notebook(path, exercises, chapter=CHAPTER):
    """What ``test_func`` says of exercises of a notebook, in its own words."""
    subject = read_subject(path, chapter_names(), None)
    outline = open_chapter(chapter, subject.lang)
    return list(check_exercises(subject, [outline.exercises[one] for one in exercises]))


def assert_alike(graded, name, exercise, chapter=CHAPTER):
    folder, ran = graded
    (said,) = in_the_notebook(folder / f"{name}.ipynb", [exercise], chapter)
    mark = ran.exercises(name, chapter)[exercise]
    assert mark["status"] == said.state
    assert mark["message"] == said.text
    assert mark["hint"] == (said.hint or None)
    return mark


@pytest.mark.parametrize(("exercise", "name"), _pairs(MISTAKES))
def test_a_known_mistake_is_told_in_the_same_words(class_of_08, exercise, name):
    mark = assert_alike(class_of_08, f"{exercise}-{name}", exercise)
    assert mark["status"] in ("failed", "error")
    assert mark["score"] == 0.0


@pytest.mark.parametrize(("exercise", "name"), _pairs(ALTERNATIVES))
def test_another_right_answer_passes(class_of_08, exercise, name):
    mark = assert_alike(class_of_08, f"{exercise}-{name}", exercise)
    assert mark["status"] == "passed"
    assert mark["score"] == mark["max_score"]


@pytest.mark.parametrize("name", OWN)
def test_what_nobody_thought_of_is_told_in_the_same_words(class_of_08, name):
    folder, ran = class_of_08
    (said,) = in_the_notebook(folder / f"{name}.ipynb", [VICTIM])
    mark = ran.exercises(name)[VICTIM]
    assert mark["status"] == said.state
    if "test_func" not in said.text:  # whose call is no call of the grader's
        assert mark["message"] == said.text


@pytest.mark.parametrize("exercise", EXERCISES)
def test_what_nobody_has_begun_is_told_in_the_same_words(class_of_08, exercise):
    assert assert_alike(class_of_08, "unsolved", exercise)["status"] == "not_attempted"


@pytest.mark.parametrize("name", SLICES)
def test_what_is_in_force_is_what_is_graded(class_of_08, name):
    _, victim, other = SLICES[name]
    statuses = class_of_08[1].statuses(name)
    assert statuses[VICTIM] == victim, class_of_08[1].exercises(name)[VICTIM]["message"]
    assert {one: statuses[one] for one in OTHERS} == dict.fromkeys(OTHERS, other)


@pytest.fixture(scope="module")
def class_of_09(tmp_path_factory):
    if missing_packages(["torch"]):
        pytest.skip("PyTorch is not installed")
    return _graded(tmp_path_factory.mktemp("torch"), {"torch": with_mistakes(EM, TORCH)}, EM)


@pytest.mark.parametrize("exercise", TORCH)
def test_a_known_mistake_with_pytorch_is_told_in_the_same_words(class_of_09, exercise):
    mark = assert_alike(class_of_09, "torch", exercise, EM)
    assert mark["status"] in ("failed", "error")
