"""Cells as IPython reads them."""

import ast
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.tester.cells import parse_cell


def code(source):
    """The statements of a cell with their lines, ``pass`` left out."""
    return [
        (node.lineno, ast.unparse(node))
        for node in parse_cell(source).body
        if not isinstance(node, ast.Pass)
    ]


@pytest.mark.parametrize(
    ("source", "statements"),
    [
        ("x = 1\n\ny = 2", [(1, "x = 1"), (3, "y = 2")]),
        ("\n\n%matplotlib inline\nx = 1", [(4, "x = 1")]),
        ("!pip install x\nx = 1", [(2, "x = 1")]),
        ("files = !ls\nx = 1", [(2, "x = 1")]),
        ("rate = %env RATE\nx = 1", [(2, "x = 1")]),
        ("?print\nprint?\nx = 1", [(3, "x = 1")]),
        ("%time x = f(3)\n%time", [(1, "x = f(3)")]),
        ("%%time\nx = 1", [(2, "x = 1")]),
        ("\n%%capture out --no-stderr\nx = 1\n!ls", [(3, "x = 1")]),
        ("%%bash\nx = 1", []),
        ("%%timeit\nx = 1", []),
        ("%%\nx = 1", []),
        ("  x = 1\n  y = 2", [(1, "x = 1"), (2, "y = 2")]),
        (">>> x = 1\n>>> y = 2", [(1, "x = 1"), (2, "y = 2")]),
        ("x = '''\n%time\n!ls\n'''", [(1, "x = '\\n%time\\n!ls\\n'")]),
        ("x = 7\\\n%time", [(1, "x = 7 % time")]),
        ("if x:\n    !ls\n    y = 2", [(1, "if x:\n    pass\n    y = 2")]),
        ("get_ipython().run_line_magic('matplotlib', 'inline')\nx = 1", [(2, "x = 1")]),
        ("x = await f()", [(1, "x = await f()")]),
        ("", []),
        ("# nothing", []),
    ],
)
def test_what_runs_and_on_which_line(source, statements):
    assert code(source) == statements


@pytest.mark.parametrize(
    "source",
    [
        "def f(:",
        "return 1",
        "print(",
        "%time def f(:",
        "x = \0",
        "(" * 1000,
        "-" * 100000 + "1",
        "\tx\n x",
    ],
)
def test_what_cannot_run(source):
    with pytest.raises(SyntaxError):
        parse_cell(source)


@given(st.text(st.sampled_from("x=1%!?\n \t()[]'\"\\#:{}@\0"), max_size=40))
def test_any_text_is_a_tree_or_a_syntax_error(source):
    with contextlib.suppress(SyntaxError):
        assert isinstance(parse_cell(source), ast.Module)
