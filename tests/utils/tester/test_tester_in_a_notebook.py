"""The checker in a real kernel, in a tree of its own, from a folder somewhere inside it."""

import nbformat
import pytest
import small_chapter
from nbclient import NotebookClient
from small_chapter import FILTER, FILTER_GAPS, LEAK, LEAK_GAPS, LEAK_HINT, LEAK_MISTAKE, NAME, cut

from tests.balanced import Balanced

SET_UP = """\
import sys
sys.path.insert(0, {root!r})
import numpy as np
from utils.tester import load_from_chapter_name, ready, use_solution
test_func, show_solution = load_from_chapter_name({chapter!r}, lang={lang!r})"""
TEST_LEAK = '\ntest_func(solution, "01_01", multiple_output=True)'
TEST_FILTER = '\ntest_func(solution, "01_02")'


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A learner's copy of the bootcamp with the small chapter in it."""
    root = tmp_path_factory.mktemp("bootcamp")
    small_chapter.plant(root)
    (root / "work" / "mine").mkdir(parents=True)
    return root


def _run(tree, lang, *cells):
    """The outputs of cells run one after the other, as lists."""
    set_up = SET_UP.format(root=str(tree), chapter=NAME, lang=lang)
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in (set_up, *cells)]
    )
    resources = {"metadata": {"path": str(tree / "work" / "mine")}}
    NotebookClient(notebook, timeout=120, allow_errors=True, resources=resources).execute()
    assert notebook.cells[0].outputs == []
    return [cell.outputs for cell in notebook.cells[1:]]


@pytest.fixture(scope="module")
def english(tree):
    """What a learner sees who runs these cells, by name."""
    cells = {
        "untouched": cut(LEAK, *LEAK_GAPS) + TEST_LEAK,
        "half": cut(LEAK, next(iter(LEAK_GAPS))) + TEST_LEAK,
        "not ready": 'ready("01_01")',
        "mistake": LEAK.replace(*LEAK_MISTAKE) + TEST_LEAK,
        "late": LEAK.replace("np.sin(k + 1.0)", "np.sin(k + 1.0 + (k > 4))") + TEST_LEAK,
        "error": LEAK.replace("np.sum(xs, axis=0)", "undefined + 1") + TEST_LEAK,
        "right": LEAK + TEST_LEAK,
        "kept": "verdict = _\nverdict.passed, verdict.status",
        "ready": 'ready("01_01")',
        "class": cut(FILTER, *FILTER_GAPS) + TEST_FILTER,
        "one method": cut(FILTER, list(FILTER_GAPS)[3]) + TEST_FILTER,
        "solution": 'show_solution("01_02", "shrink")',
        "used": 'use_solution("01_02")',
        "ready now": 'ready("01_02")',
        "wrong call": 'test_func(solution, "1_02")',
        "raised again": LEAK.replace("np.sum(xs, axis=0)", "1 / 0")
        + TEST_LEAK.replace("True", "True, debug_mode=2"),
        "goes on": "1 + 1",
    }
    return dict(zip(cells, _run(tree, "en", *cells.values()), strict=True))


def _bundle(outputs):
    """The one rich output there is."""
    (output,) = outputs
    assert output.output_type == "display_data"
    return output.data


def _html(outputs):
    return _bundle(outputs)["text/html"]


@pytest.mark.parametrize(
    ("cell", "status"),
    [
        ("untouched", "not_attempted"),
        ("half", "failed"),
        ("mistake", "failed"),
        ("late", "failed"),
        ("error", "error"),
        ("right", "passed"),
        ("class", "not_attempted"),
        ("one method", "failed"),
    ],
)
def test_a_verdict_is_one_rich_output_with_text_beside_it(english, cell, status):
    bundle = _bundle(english[cell])
    assert set(bundle) == {"text/html", "text/plain"}
    assert f'data-status="{status}"' in bundle["text/html"]
    Balanced().check(bundle["text/html"])


def test_gaps_are_named_by_cell_and_line(english):
    assert "In[2] line 5: One step." in _bundle(english["untouched"])["text/plain"]
    assert "In[2] line 7: The sum" in _bundle(english["untouched"])["text/plain"]
    assert "In[3] line 5: One step." in _bundle(english["half"])["text/plain"]
    lines = [f"In[11] line {line}: " for line in (2, 3, 8, 12)]
    assert all(line in _bundle(english["class"])["text/plain"] for line in lines)
    assert "In[12] line 12: Move P on." in _bundle(english["one method"])["text/plain"]


def test_an_exception_is_shown_in_the_cell_it_comes_from(english):
    assert "In[7], line 7, in leak" in _bundle(english["error"])["text/plain"]
    assert "undefined + 1" in _html(english["error"])
    assert "solution" not in _html(english["error"])


def test_a_hint_is_shown(english):
    assert LEAK_HINT.en in _html(english["mistake"])


def test_a_series_is_drawn_where_it_parts(english):
    assert "<svg" in _html(english["late"])
    assert "xs[:, 0]" in _html(english["late"])
    assert "<svg" not in _html(english["error"])


def test_colours_are_the_pages_own(english):
    for outputs in (english["late"], english["error"], english["right"]):
        html = _html(outputs)
        assert "color:inherit" in html
        for fixed in ("color:#000", "color:black", "background:#fff", "background:white"):
            assert fixed not in html


def test_a_verdict_can_be_kept_and_asked(english):
    assert english["kept"][0].data["text/plain"] == "(True, 'passed')"


def test_ready_tells_what_is_missing_and_then_nothing(english):
    stream, value = english["not ready"]
    assert "01_01" in stream.text
    assert value.data["text/plain"] == "False"
    assert [output.data["text/plain"] for output in english["ready"]] == ["True"]


def test_solutions_are_shown_in_colour_and_put_in_place(english):
    markdown = _bundle(english["solution"])["text/markdown"]
    assert markdown.startswith("```python\ndef shrink(P, x):\n")
    assert "shrink" in english["used"][0].text
    assert [output.data["text/plain"] for output in english["ready now"]] == ["True"]


def test_a_wrong_call_is_one_sentence(english):
    (error,) = english["wrong call"]
    assert error.output_type == "error"
    assert len(error.traceback) == 1
    assert "Did you mean 01_02" in error.traceback[0]


def test_debug_mode_2_shows_the_verdict_and_raises(english):
    kinds = [output.output_type for output in english["raised again"]]
    assert kinds == ["stream", "display_data", "error"]
    assert english["raised again"][2].ename == "ZeroDivisionError"
    assert english["goes on"][0].data["text/plain"] == "2"


def test_in_japanese(tree):
    untouched, mistake, solution = _run(
        tree,
        "ja",
        cut(LEAK, *LEAK_GAPS) + TEST_LEAK,
        LEAK.replace(*LEAK_MISTAKE) + TEST_LEAK,
        'show_solution("01_02", "shrink")',
    )
    assert 'lang="ja"' in _html(untouched)
    assert "未着手です" in _html(untouched)
    assert LEAK_HINT.ja in _html(mistake)
    assert "方向。" in _bundle(solution)["text/markdown"]


def test_an_endless_loop_ends_and_the_kernel_goes_on(tree):
    limit = (
        "import utils.tester.session as s\nL = s.LocalCaller\ns.LocalCaller = lambda *a: L(*a, 0.3)"
    )
    endless = LEAK.replace("xs.append(x)", "xs.append(x)\n        while True: pass") + TEST_LEAK
    _, outputs, after = _run(tree, "en", limit, endless, "1 + 1")
    assert 'data-status="timeout"' in _html(outputs)
    assert "while True: pass" in _html(outputs)
    assert after[0].data["text/plain"] == "2"
