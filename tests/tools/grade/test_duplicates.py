"""Which of two notebooks counts."""

import itertools
import random

from tools.grade.marks import Graded, Mark, Submission
from tools.grade.submissions.duplicates import report_duplicates


def submission(source, *statuses, student="alice", chapter="08", problem="", sha="", problems=()):
    marks = tuple(
        Mark(f"{number}", "", status, float(status == "passed"), 1.0)
        for number, status in enumerate(statuses)
    )
    return Submission(
        student, source, sha or source, Graded(chapter, "en", marks, problem), problems
    )


def test_what_counts_is_found_in_whatever_order_they_come():
    best_first = [
        submission("work/08.ipynb", "failed"),
        submission("work/08-Copy1.ipynb", "passed"),
        submission("work/zz-Copy1.ipynb", "passed"),
        submission("work/en/8.ipynb", "passed"),
        submission("08.ipynb", "not_attempted", "unavailable"),
        submission("1.ipynb", problem="no JSON"),
    ]
    for pair in itertools.combinations(best_first, 2):
        for group in (pair, pair[::-1]):
            (kept,) = report_duplicates(group)
            assert kept.source == pair[0].source
            assert kept.problems == (
                f"{pair[1].source} is of the same chapter; {pair[0].source} counts.",
            )


def test_problems_of_what_does_not_count_are_kept():
    first = submission("a.ipynb", "passed", problems=("one", "two"))
    second = submission("b/a.ipynb", "passed", problems=("two", "three"), sha="a.ipynb")
    (kept,) = report_duplicates([second, first])
    assert kept.graded == first.graded
    assert kept.problems == (
        *("one", "two"),
        "b/a.ipynb is of the same chapter, and is the same to the byte; a.ipynb counts.",
        "three",
    )


def test_other_students_and_chapters_are_no_duplicates():
    expected = [
        submission("x.ipynb", problem="no JSON", chapter=""),
        submission("y.ipynb", problem="no JSON", chapter=""),
        submission("b.ipynb", "passed"),
        submission("a.ipynb", "passed", chapter="09"),
        submission("0.ipynb", "passed", student="bob"),
    ]
    mixed = random.Random(1).sample(expected, len(expected))
    assert report_duplicates(mixed) == expected
    assert report_duplicates([]) == []
