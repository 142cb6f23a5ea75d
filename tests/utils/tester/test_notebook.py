"""Code cells of notebooks in every state they are found in."""

import contextlib
import json

import nbformat
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from utils.tester.notebook import CodeCell, NotebookProblem, read_code_cells


def test_code_cells_are_numbered_among_themselves(tmp_path):
    v4 = nbformat.v4
    cells = [v4.new_markdown_cell("text"), v4.new_code_cell("x = 1\ny"), v4.new_code_cell("é漢")]
    nbformat.write(v4.new_notebook(cells=cells), tmp_path / "a.ipynb")
    assert read_code_cells(tmp_path / "a.ipynb") == [CodeCell(1, "x = 1\ny"), CodeCell(2, "é漢")]


def test_format_3(tmp_path):
    v3 = nbformat.v3
    sheet = v3.new_worksheet(cells=[v3.new_text_cell("markdown"), v3.new_code_cell("x = 1\ny")])
    text = json.dumps(v3.new_notebook(worksheets=[sheet]))
    (tmp_path / "a.ipynb").write_text(text)
    assert read_code_cells(tmp_path / "a.ipynb") == [CodeCell(1, "x = 1\ny")]


@pytest.mark.parametrize(
    ("cell", "source"),
    [
        ({"source": ["a\n", "b"]}, "a\nb"),
        ({"source": "a"}, "a"),
        ({"source": ["a", 3, None]}, "a"),
        ({"source": {"a": 1}}, ""),
        ({}, ""),
    ],
)
def test_sources_of_all_kinds(tmp_path, cell, source):
    content = {"cells": [{"cell_type": "code"} | cell, "no cell", {"cell_type": "raw"}]}
    (tmp_path / "a.ipynb").write_text(json.dumps(content))
    assert read_code_cells(tmp_path / "a.ipynb") == [CodeCell(1, source)]


@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf"])
def test_bytes_that_are_not_utf_8(tmp_path, before):
    text = b'{"cells": [{"cell_type": "code", "source": "x", "outputs": ["\xff\xfe"]}]}'
    (tmp_path / "a.ipynb").write_bytes(before + text)
    assert read_code_cells(tmp_path / "a.ipynb") == [CodeCell(1, "x")]


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "3", '{"cells": 3}', '{"worksheets": [3]', "[" * 100000]
)
def test_what_is_no_notebook(tmp_path, text):
    (tmp_path / "a.ipynb").write_text(text)
    with pytest.raises(NotebookProblem) as caught:
        read_code_cells(tmp_path / "a.ipynb")
    assert "is not a notebook" in caught.value.message.en
    assert "ノートブックではありません" in caught.value.message.ja


def test_what_cannot_be_read(tmp_path):
    with pytest.raises(NotebookProblem, match="cannot be read: No such file"):
        read_code_cells(tmp_path / "a.ipynb")
    with pytest.raises(NotebookProblem, match="cannot be read"):
        read_code_cells(tmp_path)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["cells", "worksheets", "cell_type", "source", "input"]),
            inner | st.just("code"),
            max_size=3,
        )
    ),
)


@given(JSON)
@example({"worksheets": [{"cells": True}]})
def test_any_json_gives_cells_or_a_sentence(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "any.ipynb"
    path.write_text(json.dumps(content))
    with contextlib.suppress(NotebookProblem):
        assert all(isinstance(cell.source, str) for cell in read_code_cells(path))


@given(st.binary(max_size=200))
def test_any_bytes_give_cells_or_a_sentence(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "any.ipynb"
    path.write_bytes(content)
    with pytest.raises(NotebookProblem):
        read_code_cells(path)
