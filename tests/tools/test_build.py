"""What learners get: both languages, gaps cut, ids that stay, files that are fresh."""

import ast

import nbformat
import pytest

from tests.scaffold import CHAPTER, OPENING, SECTION, edit, make_chapter
from tools.build import answers_of, orphans, stale_files, write_chapters, write_solved
from tools.lesson import read_lesson
from utils.tester.answers import read_answers, write_answers

ADVANCED = """
# %% [markdown] lang="en"
# What if the leak is 1?

# %% [markdown] lang="ja"
# リーク率が1なら？

# %% answer="01_A1"
# TODO Compute it. | 計算します。
secret = leaky_average([1.0], a=1.0)
"""


@pytest.fixture
def root(tmp_path):
    make_chapter(tmp_path)
    path = tmp_path / SECTION
    path.write_text(path.read_text(encoding="utf-8") + ADVANCED, encoding="utf-8")
    return tmp_path


def built(root, lang):
    write_chapters([read_lesson(CHAPTER, root)], root)
    return nbformat.read(root / "chapters" / lang / f"{CHAPTER}.ipynb", as_version=4)


def solved(root, lang):
    write_solved([read_lesson(CHAPTER, root)], root / "solved", root)
    return nbformat.read(root / "solved" / lang / f"{CHAPTER}.ipynb", as_version=4)


def code(notebook):
    return {cell.id: cell.source for cell in notebook.cells if cell.cell_type == "code"}


def trees(notebook):
    return {
        name: ast.dump(ast.parse(source))
        for name, source in code(notebook).items()
        if name != "setup"
    }


def test_a_notebook_is_of_one_language_and_has_no_outputs(root):
    for lang, own, other in (("en", "a leaky average", "漏れ"), ("ja", "漏れ", "a leaky average")):
        notebook = built(root, lang)
        nbformat.validate(notebook)
        assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
        assert notebook.metadata.kernelspec.name == "python3"
        text = "".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
        assert own in text
        assert other not in text
        for cell in notebook.cells:
            assert not cell.get("outputs")
            assert cell.get("execution_count") is None


def test_both_languages_have_the_same_code(root):
    assert trees(built(root, "en")) == trees(built(root, "ja"))
    assert trees(solved(root, "en")) == trees(solved(root, "ja"))


def test_exercises_are_cut_and_keep_their_mark(root):
    (cell,) = [
        cell
        for cell in built(root, "ja").cells
        if cell.get("metadata", {}).get("exercise") == "01_02"
    ]
    assert (
        "        x = ...  # TODO 次の平均。\n        # TODO 記録します。\n        ...\n"
        in cell.source
    )
    assert cell.source.endswith(
        'test_func(leaky_average, "01_02")\n# show_solution("01_02", "leaky_average")'
    )


def test_an_advanced_answer_is_a_gap(root):
    assert code(built(root, "en"))["answer-01_A1"] == (
        '# TODO Compute it.\n...;\n# show_solution("01_A1")'
    )


def test_solved_notebooks_have_the_answers_in_place(root):
    cells = code(solved(root, "ja"))
    assert "x = (1 - a) * xs[k] + a * u  # TODO 次の平均。\n" in cells["exercise-01_01"]
    assert cells["answer-01_A1"].startswith("# TODO 計算します。\nsecret = leaky")
    assert "..." not in cells["exercise-01_01"].replace("(T, ...)", "").replace("(T+1, ...)", "")


def test_rebuilding_changes_nothing(root):
    lesson = read_lesson(CHAPTER, root)
    assert len(write_chapters([lesson], root)) == 3
    assert write_chapters([lesson], root) == []
    assert write_chapters([read_lesson(CHAPTER, root)], root) == []


def test_a_cell_that_comes_or_changes_leaves_the_other_ids(root):
    before = [cell.id for cell in built(root, "en").cells]
    assert before == [cell.id for cell in built(root, "ja").cells]
    assert len(set(before)) == len(before)
    edit(root, OPENING, "# %%\n", "# %%\nx = 1\n\n# %%\n")
    edit(root, SECTION, "# ## 1. Section title", "# ## 1. Another")
    edit(root, SECTION, "# 約 $1/a$", "# およそ $1/a$")
    after = [cell.id for cell in built(root, "en").cells]
    assert len(after) == len(before) + 1
    assert len(set(after) - set(before)) == 2
    assert [name for name in after if name in before] == [name for name in before if name in after]


def test_cells_that_say_the_same_have_ids_of_their_own(root):
    before = [cell.id for cell in built(root, "en").cells]
    edit(root, OPENING, "# %%\nimport numpy as np\n", "# %%\nimport numpy as np\n" * 3)
    after = [cell.id for cell in built(root, "en").cells]
    assert len(set(after)) == len(after) == len(before) + 2
    assert set(before) < set(after)


def test_answers_are_those_of_the_lesson(root):
    lesson = read_lesson(CHAPTER, root)
    write_chapters([lesson], root)
    answers = read_answers(root / "chapters" / "checks" / f"{CHAPTER}.answers")
    assert answers == answers_of(lesson)
    assert list(answers["01_01"]["functions"]) == ["leaky_average"]
    assert answers["01_01"]["source"] == answers["01_01"]["functions"]["leaky_average"]
    assert "secret" in answers["01_A1"]["source"]


def test_stale_missing_and_orphaned_files_are_named(root):
    lessons = [read_lesson(CHAPTER, root)]
    write_chapters(lessons, root)
    assert stale_files(lessons, root) == orphans(lessons, root) == []
    edit(root, f"chapters/en/{CHAPTER}.ipynb", "average", "mean")
    (root / "chapters" / "ja" / f"{CHAPTER}.ipynb").unlink()
    write_answers(root / "chapters" / "checks" / f"{CHAPTER}.answers", {})
    write_answers(root / "chapters" / "checks" / "07_gone.answers", {})
    assert stale_files(lessons, root) == [
        f"chapters/en/{CHAPTER}.ipynb: stale",
        f"chapters/ja/{CHAPTER}.ipynb: missing",
        f"chapters/checks/{CHAPTER}.answers: stale",
    ]
    (root / "chapters" / "checks" / "07_gone.npz").touch()
    assert [line.partition(":")[0] for line in orphans(lessons, root)] == [
        "chapters/checks/07_gone.answers",
        "chapters/checks/07_gone.npz",
    ]


def test_answers_packed_otherwise_are_fresh(root):
    lessons = [read_lesson(CHAPTER, root)]
    write_chapters(lessons, root)
    path = root / "chapters" / "checks" / f"{CHAPTER}.answers"
    # zlib may give other bytes elsewhere; what counts is what they hold.
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert stale_files(lessons, root) == []


def test_a_notebook_is_written_with_the_same_line_ends_everywhere(root):
    built(root, "ja")
    content = (root / "chapters" / "ja" / f"{CHAPTER}.ipynb").read_bytes()
    assert b"\r" not in content
