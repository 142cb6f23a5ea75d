"""``python -m utils reset``: the cell as it came, everything else as it was."""

import json
import shutil

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_chapter import LEAK, LEAK_STARTER, SCALE

from utils.terminal.resetting import carry_out, plan_reset
from utils.tester.chapter import find_exercise
from utils.tester.store import load_chapter

MINE = f"{LEAK}\n\ntest_func(solution, '01_01', multiple_output=True)"


def _reset(run, *arguments, **more):
    return run("reset", "01/01_01", *arguments, **more)


def _cells(path):
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def test_the_cell_is_as_it_came_and_a_copy_is_kept(run, write):
    path = write("x = 1", MINE, "y = 2")
    before = path.read_bytes()
    done = _reset(run, "--yes")
    assert done.returncode == 0
    backup = path.with_name(f"{path.name}.before-reset-01_01.bak")
    assert backup.read_bytes() == before
    assert str(backup.name) in done.stdout
    assert "Reload Notebook from Disk" in done.stdout
    cells = _cells(path)
    assert "".join(cells[5]["source"]) == LEAK_STARTER.en
    others = [cell for cell in json.loads(before)["cells"] if "test_func(s" not in str(cell)]
    assert [cell for cell in cells if "test_func(s" not in str(cell)] == others
    nbformat.validate(nbformat.read(path, as_version=4))


def test_in_japanese(run, write):
    path = write(MINE, lang="ja")
    done = _reset(run, "--yes")
    assert "配布されたときの状態に戻しました" in done.stdout
    assert LEAK_STARTER.ja in "".join(_cells(path)[-1]["source"])


def test_what_is_saved_while_it_asks_is_not_overwritten(pristine, write):
    chapter = load_chapter(pristine / "chapters" / "checks" / "01_small.npz")
    exercise = find_exercise(chapter, "01_01", "en")
    for before, after in [([MINE], ["x = 1", MINE]), (["x = 1", MINE], [MINE])]:
        reset = plan_reset(write(*before), exercise, "en")
        path = write(*after)
        others = [one for one in _cells(path) if "test_func(s" not in str(one)]
        carry_out(reset)
        cells = _cells(path)
        assert [one for one in cells if "test_func(s" not in str(one)] == others
        assert len(cells) == len(others) + 1
        assert "".join(cells[-1]["source"]) == LEAK_STARTER.en


def test_again_there_is_nothing_to_do_and_no_second_copy(run, write):
    path = write(MINE)
    _reset(run, "--yes")
    done = _reset(run, "--yes")
    assert "nothing was changed" in done.stdout
    assert len(list(path.parent.iterdir())) == 2


def test_copies_do_not_overwrite_each_other(run, write):
    path = write(MINE)
    _reset(run, "--yes")
    write(MINE.replace("total", "sum_"))
    _reset(run, "--yes")
    assert {one.suffix for one in path.parent.iterdir()} == {".ipynb", ".bak"}
    assert len(list(path.parent.glob("*.bak"))) == 2


@pytest.mark.parametrize(("said", "code"), [("y\n", 0), ("n\n", 2), ("\n", 2), ("", 2)])
def test_it_asks(run, write, said, code):
    path = write(MINE)
    before = path.read_bytes()
    done = _reset(run, said=said)
    assert done.returncode == code
    assert "code cell 3" in done.stdout
    assert (path.read_bytes() == before) == (code != 0)
    assert ("--yes" in done.stderr) == (said == "")


def test_a_cell_that_python_cannot_read_is_found(run, write):
    path = write(MINE.replace("for k in", "for for k in"))
    assert _reset(run, "--yes").returncode == 0
    assert "".join(_cells(path)[-1]["source"]) == LEAK_STARTER.en


@pytest.mark.parametrize("asked", ['hint("01_01")', 'show_solution("01_01")', "x = ['01_01']"])
def test_a_cell_that_only_mentions_the_exercise_is_not_its_own(run, write, asked):
    scaled = f'{SCALE}\n\ntest_func(scale, "01_03")\n{asked}'
    path = write(MINE, scaled)
    assert _reset(run, "--yes").returncode == 0
    mine, theirs = _cells(path)[-2:]
    assert "".join(mine["source"]) == LEAK_STARTER.en
    assert "".join(theirs["source"]) == scaled


@pytest.mark.parametrize(
    "call",
    [
        'test_func(made["leak"], "01_01", multiple_output=True)',
        "test_func(lambda *a: leak(*map(float, (a))), exercise_id='01_01')",
        'test_func(\n    made,  # mine\n    "01_01",\n)',
        'test_func(made, "01_01"',
    ],
)
def test_a_call_is_found_however_it_is_written(run, write, call):
    path = write(call)
    assert "code cell 3" in _reset(run, "--yes").stdout
    assert "".join(_cells(path)[-1]["source"]) == LEAK_STARTER.en


def test_a_cell_that_is_gone_comes_back_under_its_heading(run, write):
    path = write("x = 1")
    done = _reset(run, "--yes")
    assert "where it is gone" in done.stdout
    kinds = [(cell["cell_type"], "".join(cell["source"])[:12]) for cell in _cells(path)]
    assert kinds[3:5] == [("markdown", "### Exercise"), ("code", LEAK_STARTER.en[:12])]
    nbformat.validate(nbformat.read(path, as_version=4))


def test_another_cell_that_defines_the_function_is_named(run, write):
    write("def leak(x):\n    return x", MINE)
    assert "Code cell 3 defines leak, too" in _reset(run, "--yes").stdout


def test_a_link_leads_to_the_file(run, write, tmp_path):
    path = write(MINE)
    real = tmp_path / "real.ipynb"
    shutil.move(path, real)
    path.symlink_to(real)
    _reset(run, "--yes")
    assert path.is_symlink()
    assert "".join(_cells(real)[-1]["source"]) == LEAK_STARTER.en


def test_what_is_no_notebook_is_left_alone(run, tree, write):
    path = write(MINE)
    path.write_text("{")
    done = _reset(run, "--yes")
    assert done.returncode == 2
    assert path.read_text() == "{"


def test_the_format_of_old(run, tree):
    path = tree / "old.ipynb"
    cells = [{"cell_type": "code", "input": MINE.splitlines(keepends=True), "prompt_number": 3}]
    path.write_text(json.dumps({"nbformat": 3, "worksheets": [{"cells": cells}]}))
    assert _reset(run, "--yes", "--notebook", path).returncode == 0
    (cell,) = json.loads(path.read_text())["worksheets"][0]["cells"]
    assert "".join(cell["input"]) == LEAK_STARTER.en
    assert cell["prompt_number"] is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
OTHER_CELLS = st.lists(
    st.fixed_dictionaries(
        {
            "cell_type": st.sampled_from(["markdown", "code", "raw", "unknown"]),
            "metadata": st.dictionaries(st.text(), JSON, max_size=3),
            "source": st.text(alphabet="ab \n#é日", max_size=20)
            | st.lists(st.text(alphabet="ab \n", max_size=5), max_size=3),
        }
    ),
    max_size=4,
)


@given(before=OTHER_CELLS, after=OTHER_CELLS, extra=st.dictionaries(st.text(), JSON, max_size=3))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_whatever_else_is_in_a_notebook_stays(pristine, tmp_path, before, after, extra):
    chapter = load_chapter(pristine / "chapters" / "checks" / "01_small.npz")
    exercise = find_exercise(chapter, "01_01", "en")
    mine = {"cell_type": "code", "metadata": {"a": 1}, "source": MINE, "outputs": [{"x": "é"}]}
    notebook = {"extra": extra, "cells": [*before, mine, *after], "nbformat": 4}
    path = tmp_path / "any.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    carry_out(plan_reset(path, exercise, "en"))
    changed = mine | {"source": LEAK_STARTER.en, "outputs": []}
    written = json.loads(path.read_text(encoding="utf-8", errors="surrogatepass"))
    assert written == notebook | {"cells": [*before, changed, *after]}
    for backup in tmp_path.glob("*.bak"):
        backup.unlink()
