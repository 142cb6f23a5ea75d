"""What the terminal shows, and what the exit code stands on."""

import io

from a_class import class_of, mark, nasty, ordinary, submission, wrong
from rich.console import Console

from tools.grade.writing.clean import cleaned
from tools.grade.writing.summary import needs_look, show


def _shown(graded) -> str:
    console = Console(file=io.StringIO(), width=120)
    show(graded, console)
    return console.file.getvalue()


def test_a_row_an_exercise():
    graded = class_of(submission("a", mark("01_01"), wrong("02_01")), submission("b"))
    shown = _shown(graded).splitlines()
    assert shown[0].split() == ["chapter", "exercise", "passed", "failed"]
    assert [line.split()[1:] for line in shown[1:4]] == [
        ["01_01", "2", "·"],
        ["02_01", "1", "1"],
        ["02_02", "1", "·"],
    ]
    assert shown[4:] == [
        "2 students, 2 notebooks",
        "08_closed_loop_control: mean score 4.00 of 6",
        "needs a look: 0",
    ]


def test_what_needs_a_look():
    assert needs_look(class_of(submission("a"))) == []
    kinds = [look.kind for look in needs_look(ordinary())]
    assert kinds == [
        *("class", "unreadable", "handed_in", "crashed", "unavailable", "public_only"),
        *("library", "identical", "carried_forward"),
    ]
    assert "needs a look: 9 (" in _shown(ordinary())


def test_reduced_isolation_is_named():
    assert "reduced isolation" in _shown(class_of(submission("a"), isolation="reduced"))


def test_any_class_can_be_shown():
    assert "0 students" in _shown(class_of())
    assert _shown(cleaned(nasty())).encode()
