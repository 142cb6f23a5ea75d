"""Who handed in the same as who."""

from a_class import class_of, mark, submission

from tools.grade.writing.identical import Shared, shared_answers
from tools.grade.writing.looks import chance_matches, looks


def _class(*answers):
    """Students a, b, c, ... with the sources of their answers, a letter each; "." for none."""
    ones = []
    for name, letters in zip("abcdefghijklmnopqrstuvwxyz", answers, strict=False):
        marks = (
            mark(f"01_{i:02}", source="" if one == "." else f"{i}{one}")
            for i, one in enumerate(letters, start=1)
        )
        ones.append(submission(name, *marks))
    return class_of(*ones)


def _found(*answers):
    return [(one.students, one.exercises) for one in shared_answers(_class(*answers))]


def test_most_first():
    assert _found("xxp", "xxq", "yrq", "syt") == [
        (("a", "b"), ("01_01", "01_02")),
        (("b", "c"), ("01_03",)),
    ]


def test_groups_are_listed_once():
    assert _found("xx", "xx", "xx") == [(("a", "b", "c"), ("01_01", "01_02"))]
    assert _found("xx", "xx", "xy") == [
        (("a", "b"), ("01_01", "01_02")),
        (("a", "b", "c"), ("01_01",)),
    ]


def test_the_starter_s_and_the_model_s_do_not_count():
    assert _found("..", "..", "x.", "y.") == []


def test_what_a_large_part_of_the_class_wrote_does_not_count():
    assert _found(*"xxxxx", *"abcdefghi") == []  # five of 14
    assert _found(*"xxxxx", *"abcdefghij") == [(tuple("abcde"), ("01_01",))]  # a third of 15
    assert _found(*"xxxx", *"ab") == [(tuple("abcd"), ("01_01",))]  # fewer than five


def test_one_of_many_is_chance():
    graded = _class("xp", "xq")
    assert [look.kind for look in looks(graded)] == []
    (look,) = chance_matches(graded)
    assert (look.submissions, look.text) == ((0, 1), "1 of 2 answers the same")


def test_the_only_one_is_not():
    (look,) = looks(_class("x.", "x."))
    assert (look.kind, look.submissions, look.exercises) == ("identical", (0, 1), ("01_01",))


def test_chapters_are_kept_apart():
    one = submission("a", mark("01_01", source="x"))
    other = submission("b", mark("01_01", source="x"), chapter="09_em")
    assert shared_answers(class_of(one, other)) == []


def test_two_notebooks_of_one_student_are_no_pair():
    twice = [submission("a", mark("01_01", source="x"), source=name) for name in ("1", "2")]
    assert shared_answers(class_of(*twice)) == []
    assert shared_answers(class_of(*twice, submission("b", mark("01_01", source="x")))) == [
        Shared("08_closed_loop_control", ("a", "b"), ("01_01",), 1)
    ]
