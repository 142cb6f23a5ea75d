"""Gaps that a learner has not filled are found in the source, wherever they are written."""

import linecache
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_chapter import define

from utils.tester.learner_source import gaps_in_source, untouched_gaps


def _lines(source, name="f"):
    return [(gap.line, gap.todo) for gap in gaps_in_source(textwrap.dedent(source), name)]


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("y = ...  # TODO Fill.", 2),
        ("y: float = ...  # TODO Fill.", 2),
        ("y += ...  # TODO Fill.", 2),
        ("a, b = ...  # TODO Fill.", 2),
        ("return ...  # TODO Fill.", 2),
        ("# TODO Fill.\n    ...", 3),
        ("if ...:  # TODO Fill.\n        y = 1", 2),
        ("if x:\n        y = 1\n    elif ...:  # TODO Fill.\n        y = 2", 4),
        ("while ...:  # TODO Fill.\n        y = 1", 2),
        ("for k in x:\n        with x:\n            y = ...  # TODO Fill.", 4),
        ("y = (\n        ...  # TODO Fill.\n    )", 3),
        ("def inner():\n        return ...  # TODO Fill.", 3),
        ("self.P = ...  # TODO 日本語のテキスト。", 2),
    ],
)
def test_a_gap_is_found_with_its_line_and_text(body, line):
    todo = "日本語のテキスト。" if "日本語" in body else "Fill."
    assert _lines(f"def f(x):\n    {body}\n") == [(line, todo)]


@pytest.mark.parametrize(
    "body",
    [
        "return x[...]",
        "x[...] = 1",
        "y = [...]",
        "y = '...'  # TODO Fill.",
        "y = 1  # TODO Fill.",
        "# ...",
        '"""..."""',
        "return g(...)",
        "y = x if x is ... else 1",
    ],
)
def test_an_ellipsis_that_means_something_is_no_gap(body):
    assert _lines(f"def f(x):\n    {body}\n") == []


def test_gaps_come_from_top_to_bottom_and_need_no_text():
    source = """
    def f(x):
        if ...:
            y = ...
        while x:
            z = ...  # TODO Last.
    """
    assert _lines(source) == [(3, ""), (4, ""), (6, "Last.")]


def test_of_two_definitions_the_last_counts_unless_another_is_in_force():
    source = "def f():\n    return 1\n\n\ndef f():\n    return ...\n"
    assert _lines(source) == [(6, "")]
    assert gaps_in_source(source, "f", at_line=1) == []


def test_other_definitions_do_not_count():
    assert _lines("def f():\n    return 1\n\n\ndef g():\n    return ...\n") == []


def test_methods_count_however_they_are_decorated():
    namespace = define("""\
class C:
    @property
    def a(self):
        return ...  # TODO One.

    @staticmethod
    def b():
        return ...  # TODO Two.

    @classmethod
    def c(cls):
        return ...  # TODO Three.
""")
    found = untouched_gaps(["C"], namespace)
    assert [(gap.line, gap.todo) for gap in found] == [(4, "One."), (8, "Two."), (12, "Three.")]


def test_decorated_functions_are_looked_through():
    namespace = define("""\
import functools

def twice(f):
    @functools.wraps(f)
    def wrapped(x):
        return f(f(x))
    return wrapped

@twice
def f(x):
    y = ...  # TODO One.
    return y
""")
    assert [gap.line for gap in untouched_gaps(["f"], namespace)] == [11]


@pytest.mark.parametrize("thing", [None, 3, len, "text", int, type("Empty", (), {})])
def test_what_has_no_source_has_no_gaps(thing):
    assert untouched_gaps(["f"], {"f": thing}) == []


def test_a_name_that_is_not_defined_has_no_gaps():
    assert untouched_gaps(["f"], {}) == []


def test_a_file_beside_the_notebook_is_read(tmp_path):
    path = tmp_path / "own.py"
    path.write_text("def f():\n    return ...  # TODO Fill.\n")
    namespace = {}
    exec(compile(path.read_text(), str(path), "exec"), namespace)
    (gap,) = untouched_gaps(["f"], namespace)
    assert (gap.place, gap.line, gap.todo) == ("own.py", 2, "Fill.")
    linecache.clearcache()


@given(st.text())
def test_source_that_is_no_python_has_no_gaps(source):
    assert gaps_in_source(f"def f(:\n{source}", "f") == []
