"""Error carried forward, the library's own counterpart, packages that are missing."""

import json
from dataclasses import replace

import pytest

from tools.grade.judge.course import read_course
from tools.grade.judge.limits import Asked
from tools.grade.judge.notebook import grade_notebook
from tools.grade.judge.preflight import fly
from tools.lesson import ROOT, read_lesson
from tools.notebook import make_notebook

CHAPTER = "08_closed_loop_control"
KEY = b"k" * 32
# Of 02_01, on which 02_02 stands.
RIGHT = "y = w_out(x)  # TODO What is fed back while it is closed."
WRONG = RIGHT.replace("w_out", "2 * w_out")
NOTHING = RIGHT.replace("w_out(x)", "...")


@pytest.fixture(scope="module")
def course():
    course = read_course([CHAPTER], KEY, 4, "bubblewrap")
    yield fly(course, Asked())
    course.close()


def notebook(*replacements, lang="en"):
    """The solved notebook with some texts of exercises replaced."""
    content = json.loads(make_notebook(read_lesson(CHAPTER), lang, ROOT, solved=True))
    for old, new in replacements:
        places = 0
        for cell in content["cells"]:
            source = "".join(cell["source"])
            if cell["metadata"].get("exercise") and old in source:
                cell["source"] = source.replace(old, new)
                places += 1
        assert places == 1, old
    return json.dumps(content).encode()


def marks(course, *replacements, lang="en"):
    graded = grade_notebook(course, notebook(*replacements, lang=lang), f"{CHAPTER}.ipynb")
    return {mark.exercise: mark for mark in graded.marks}


def test_what_fails_by_an_earlier_function_is_told_from_what_is_wrong_here(course):
    found = marks(course, (RIGHT, WRONG))
    assert found["02_01"].status == "failed"
    assert not found["02_01"].carried_forward
    assert found["02_01"].score == 0
    later = found["02_02"]
    assert later.status == "failed"
    assert later.carried_forward
    assert later.score == later.max_score
    assert later.message.startswith("With the model's 02_01 it passes")
    assert "carried_forward" in later.flags
    assert found["03_03"].status == "passed"


def test_how_it_is_marked_is_the_instructors(course):
    right = "y = w_out(x)  # TODO 閉じている間に戻す値。"
    wrong = right.replace("w_out", "2 * w_out")
    found = marks(replace(course, carried_share=0.5), (right, wrong), lang="ja")
    assert found["02_02"].score == 0.5 * found["02_02"].max_score
    assert "02_01 を解答に置き換えると" in found["02_02"].message


def test_what_is_wrong_by_itself_too_is_not_carried(course):
    wrong_here = ("y_train = ds[t_washout:t_end]", "y_train = ds[t_washout + 1 : t_end + 1]")
    found = marks(course, (RIGHT, WRONG), wrong_here)
    assert found["02_02"].status == "failed"
    assert not found["02_02"].carried_forward
    assert found["02_02"].score == 0


def test_a_function_that_was_not_written_is_carried_too(course):
    found = marks(course, (RIGHT, NOTHING))
    assert found["02_01"].status == "failed"
    assert found["02_02"].carried_forward


def test_the_models_functions_tell_a_submission_nothing(course):
    """A process that is given the model's function may read it, and has nobody to tell."""
    spy = """record_t = emulate_offline(
        t_end, x0, net, w_feed, w_out, ds, (0, t_end), label="teacher forcing", display=display
    )
    import inspect
    text = inspect.getsource(emulate_offline)
    if "2 * w_out" not in text:
        print("SECRET " + text)
        raise ValueError("SECRET " + text)
    """
    harmless = """record_t = emulate_offline(
        t_end, x0, net, w_feed, w_out, ds, (0, t_end), label="teacher forcing", display=display
    )
    """
    found = marks(course, (RIGHT, WRONG), (harmless, spy))
    assert found["02_02"].status == "failed"
    assert not any("SECRET" in str(value) for value in vars(found["02_02"]).values())


def test_the_librarys_own_counterpart_is_flagged(course):
    own = "w_out.train(x_train, y_train)"
    borrowed = f"{own}\n    _ = ESN(3).step(np.zeros(3), np.zeros(3)) if False else None"
    found = marks(course, (own, borrowed))
    assert found["02_02"].status == "passed"
    assert found["02_02"].score == found["02_02"].max_score
    assert found["02_02"].flags == ("library",)
    assert ".step" in found["02_02"].detail
    assert "utils.reservoir.ESN" in found["02_02"].detail


def test_what_this_machine_lacks_costs_nobody_a_point(course):
    lacking = {
        name: replace(one, lacking=("torch",)) if name == "02_01" else one
        for name, one in course.chapters[CHAPTER].items()
    }
    poorer = replace(course, chapters={CHAPTER: lacking})
    found = marks(poorer)
    assert found["02_01"].status == "unavailable"
    assert found["02_01"].max_score == 0
    assert sum(mark.score for mark in found.values()) == 5
    assert sum(mark.max_score for mark in found.values()) == 5
