"""A lesson is read with the lines its cells stand on; whatever is wrong is named, all at once."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scaffold import CHAPTER, FOLDER, OPENING, SECTION, edit, line_of, make_chapter
from tools.lesson import LessonError, chapters, read_lesson
from tools.lesson_cells import read_cells


@pytest.fixture
def root(tmp_path):
    return make_chapter(tmp_path)


def problems(root: Path) -> list[str]:
    with pytest.raises(LessonError) as refusal:
        read_lesson(CHAPTER, root)
    return str(refusal.value).splitlines()


def test_cells_come_in_order_with_their_attributes_and_lines(root):
    lesson = read_lesson(CHAPTER, root)
    assert chapters(root) == [CHAPTER]
    assert [cell.exercise for cell in lesson.exercises] == ["01_01", "01_02"]
    assert [cell.lang for cell in lesson.cells[:2]] == ["en", "ja"]
    assert [cell.setup for cell in lesson.cells].count(True) == 1
    cell = lesson.exercise("01_02")
    assert (cell.points, cell.minutes, cell.needs) == (1, 15, ())
    for cell in lesson.cells:
        lines = (root / cell.file).read_text(encoding="utf-8").splitlines()
        first = lines[cell.line - 1]
        assert (first.removeprefix("# ") if cell.kind == "markdown" else first) == (
            cell.source.partition("\n")[0]
        )


def test_files_are_joined_by_their_numbers(root):
    folder = root / FOLDER / "lesson"
    header = (folder / "0_opening.py").read_text(encoding="utf-8").partition("# %%")[0]
    for number in (10, 2):
        (folder / f"{number}_more.py").write_text(f"{header}# %%\nx = {number}\n")
    sources = [cell.source for cell in read_lesson(CHAPTER, root).cells]
    assert sources.index("x = 2") < sources.index("x = 10")


def test_a_cell_line_inside_a_string_opens_no_cell(root):
    edit(root, OPENING, "import numpy as np", 'import numpy as np\ns = """\n# %%\n"""')
    assert '\n# %%\n"""' in read_lesson(CHAPTER, root).cells[3].source


@pytest.mark.parametrize(
    ("file", "old", "new", "at", "what"),
    [
        (OPENING, 'lang="ja"', 'lang="fr"', 'lang="fr"', "lang cannot be 'fr'"),
        (OPENING, '# %% [markdown] lang="ja"', "# %%\nx = 1", "# # Ch", "no Japanese sibling"),
        (OPENING, '# %% [markdown] lang="en"', "# %%\nx = 1", "# # 第", "no English sibling"),
        (OPENING, ' lang="en"', "", "# # Ch", "holds words: '# Chapter 9: title'"),
        (OPENING, "setup=true", "setup=1", "setup=1", "setup cannot be 1"),
        (OPENING, " setup=true", "", None, "no set-up cell"),
        (OPENING, "# %%\n", "# %% setup=true\n", "import numpy", "a second set-up cell"),
        (OPENING, "# %% setup", "# %%\nx = 1\n\n# %% setup", "# The build", "before the set-up"),
        (OPENING, "# %%\n", '# %% lang="en"\n', '# %% lang="en"', "a code cell has a language"),
        (OPENING, "# %%\n", "# %% color=1\n", "color=1", "unknown attribute 'color'"),
        (OPENING, "# %%\n", "# %% Imports\n", "# %% Imports", "unknown attribute 'title'"),
        (OPENING, "# %%\n", "# %% points=2\n", "points=2", "belong to an exercise"),
        (OPENING, "# %%\n", "# %% [raw]\n", "[raw]", "this is a raw cell"),
        (OPENING, "# %%\n", "# %%\n\n# %%\n", None, "the cell is empty"),
        (OPENING, "import numpy as np", "x = 1  # TODO a | あ", "x = 1", "no exercise"),
        (OPENING, "import numpy as np", "x = 1  # todo", "x = 1", "looks like a marker"),
        (OPENING, "import numpy as np", "test_func(f, '01_01')", "test_func(f", "no exercise"),
        (OPENING, "import numpy as np", "import numpy as", "import numpy", "no Python"),
        (OPENING, "import numpy as np", "import numpy as np\nx = (", None, "no Python"),
        (OPENING, "import numpy as np", "x = 1\n    # %%", "# %% [markdown]", "makes 5 cells"),
        (OPENING, "# ---\n\n", "# ---\n\n\n", "# %% [markdown]", "one empty line"),
        (OPENING, "format_name: percent", "format_name: light", "# ---", "header"),
        (SECTION, 'exercise="01_02"', 'exercise="1_2"', '"1_2"', "exercise cannot be '1_2'"),
        (SECTION, 'exercise="01_02"', "exercise=01_02", "exercise=01_02", "cannot be read"),
        (SECTION, 'exercise="01_02"', 'exercise="01_02" setup=true', "setup", "is one of setup"),
        (SECTION, "points=1", "points=0", "points=0", "points cannot be 0"),
        (SECTION, "points=1", "points=true", "points=true", "points cannot be True"),
        (SECTION, "minutes=15", "minutes=1.5", "minutes=1.5", "minutes cannot be 1.5"),
        (SECTION, "minutes=15", 'needs="01_02"', "needs", "needs cannot be '01_02'"),
        (OPENING, "setup=true", "setup=true demos=0", "setup=true", "demos cannot be 0"),
        (OPENING, "# %%\n", "# %% megabytes=9\n", "megabytes", "belong to the set-up cell"),
        (SECTION, "minutes=15", 'packages=["jax"]', "packages", "Write a list of torch"),
        (SECTION, "minutes=15", 'needs=["01_02"]', "def leaky", "does not come before it"),
        (SECTION, "minutes=15", 'needs=["01_01"]', "def leaky", "does not come before it"),
        (SECTION, "test_func(leaky_average", "f(leaky_average", "def leaky", "never tested"),
        (SECTION, " | 次の平均。", "", "# TODO The next", "both languages"),
        (SECTION, "        # END TODO\n", "", "# TODO Record", "never closed"),
        (
            SECTION,
            "def leaky",
            "b = 1  # TODO a | あ\ndef leaky",
            "b = 1",
            "outside of any function",
        ),
    ],
)
def test_what_is_malformed_is_named_with_file_and_line(root, file, old, new, at, what):
    edit(root, file, old, new)
    (named,) = [problem for problem in problems(root) if what in problem]
    place, _, rest = named.partition(": ")
    if at is not None:
        assert place == f"{file}:{line_of(root, file, at)}"
    assert rest.count(". ") >= 1
    assert rest.endswith(".")


@pytest.mark.parametrize(("new", "what"), [("01_01", "is there already"), ("00_09", "comes after")])
def test_exercises_neither_repeat_nor_go_back(root, new, what):
    line = line_of(root, SECTION, "def leaky", after='exercise="01_02"')
    edit(root, SECTION, '"01_02"', f'"{new}"', count=3)
    named = [problem for problem in problems(root) if what in problem]
    assert [problem.partition(": ")[0] for problem in named] == [f"{SECTION}:{line}"]


def test_an_exercise_is_tested_under_its_own_id(root):
    edit(root, SECTION, '_average, "01_01"', '_average, "01_02"')
    line = line_of(root, SECTION, "# show_solution")
    assert f"{SECTION}:{line}: this show_solution is not of 01_02" in problems(root)[0]
    edit(root, SECTION, 'show_solution("01_01"', 'show_solution("01_02"')
    line = line_of(root, SECTION, "test_func(")
    assert f"{SECTION}:{line}: exercise 01_01 is tested as '01_02'" in problems(root)[0]


def test_a_harness_has_no_gap(root):
    harness = "def solution(us):\n    return f(us)  # TODO a | あ\n\n\ntest_func(solution,"
    edit(root, SECTION, "test_func(leaky_average,", harness)
    line = line_of(root, SECTION, "return f(us)")
    assert f"{SECTION}:{line}: the harness has a gap" in problems(root)[0]


def test_an_exercise_without_gap_is_refused(root):
    edit(root, SECTION, "  # TODO The next average. | 次の平均。", "")
    edit(root, SECTION, "        # TODO Record it. | 記録します。\n", "")
    edit(root, SECTION, "        # END TODO\n", "")
    assert [problem for problem in problems(root) if "no gap" in problem]


def test_checks_and_exercises_go_together(root):
    checks = root / FOLDER / "checks"
    (checks / "01_02.py").rename(checks / "01_03.py")
    (checks / "_shared.py").write_text("")
    line = line_of(root, SECTION, "def leaky", after='exercise="01_02"')
    assert problems(root) == [
        f"{SECTION}:{line}: exercise 01_02 has no check file. Write {FOLDER}/checks/01_02.py.",
        f"{FOLDER}/checks/01_03.py:1: no exercise has this id. Rename or remove the file.",
    ]


def test_all_problems_of_all_files_are_named_at_once(root):
    edit(root, OPENING, "# %%\n", "# %% color=1\n")
    edit(root, SECTION, "points=1", "points=0")
    edit(root, SECTION, "  # TODO The next average. | 次の平均。", "  # TODO", count=2)
    assert len(problems(root)) == 3


@pytest.mark.parametrize("name", ["01_A1", "01_A9"])
def test_answers_are_numbered_as_numbers(root, name):
    cell = '\n# %% answer="{}"\n# TODO Draw. | 描く。\nf(x)\n'
    path = root / SECTION
    text = path.read_text(encoding="utf-8")
    path.write_text(text + cell.format("01_A9") + cell.format("01_A10"), encoding="utf-8")
    answers = [cell.answer for cell in read_lesson(CHAPTER, root).cells if cell.answer]
    assert answers == ["01_A9", "01_A10"]
    path.write_text(text + cell.format("01_A10") + cell.format(name), encoding="utf-8")
    assert [problem for problem in problems(root) if f"{name} comes after 01_A10" in problem]


def test_references_and_formulas_are_shared_and_words_are_not(root):
    shared = (
        "\n# %% [markdown]\n# $$ x = \\text{the sum} $$\n# 1. Jaeger, [doi](https://doi.org/1)\n"
    )
    path = root / SECTION
    text = path.read_text(encoding="utf-8")
    path.write_text(text + shared, encoding="utf-8")
    assert read_lesson(CHAPTER, root).cells[-1].lang is None
    path.write_text(text + shared + "# and words\n", encoding="utf-8")
    assert "holds words: 'and words'" in problems(root)[0]


def test_what_jupytext_itself_refuses_is_named(root):
    edit(root, OPENING, "# %%\n", "# %% tags=1\n")
    assert f"{OPENING}:1: jupytext cannot read this file" in problems(root)[0]


def test_a_file_without_a_number_or_in_another_encoding_is_named(root):
    (root / OPENING).write_bytes("# %% 日本".encode("shift_jis"))
    assert f"{OPENING}:1: this is no UTF-8" in problems(root)[0]
    (root / FOLDER / "lesson" / "more.py").write_text("")
    assert problems(root)[0].startswith(f"{FOLDER}/lesson/more.py:1: ")


def test_an_unknown_chapter_or_exercise_is_answered_with_the_nearest(root):
    with pytest.raises(LessonError, match=f"Perhaps '{CHAPTER}' is meant"):
        read_lesson("9_em_reservoir", root)
    with pytest.raises(LessonError, match="There are: 01_01, 01_02"):
        read_lesson(CHAPTER, root).exercise("7")


@given(st.text(alphabet=st.sampled_from("# %[]\"'=\n x1é日()\\"), max_size=60))
def test_whatever_stands_in_a_file_is_read_or_named(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("lesson") / "0.py"
    header = (
        "# ---\n# jupyter:\n#   kernelspec:\n#     name: python3\n#     display_name: Python 3\n"
        "# ---\n\n"
    )
    path.write_text(header + text, encoding="utf-8", newline="\n")
    cells, wrong = read_cells(path, "0.py")
    assert all(problem.startswith("0.py:") for problem in wrong)
    lines = path.read_text(encoding="utf-8").split("\n")
    for cell in cells:
        if cell.kind == "code" and cell.source:
            source = cell.source.split("\n")
            assert lines[cell.line - 1 : cell.line - 1 + len(source)] == source
