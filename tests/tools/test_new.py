"""Scaffolds go where they belong and overwrite nothing."""

import subprocess
import sys

import pytest

from tests.scaffold import CHAPTER, FOLDER, edit
from tools.lesson import ROOT, LessonError, chapters, read_lesson
from tools.lesson_rules import problems_of_cell
from tools.new import new_chapter, new_exercise


@pytest.fixture
def root(tmp_path):
    new_chapter(CHAPTER, tmp_path)
    return tmp_path


def exercises(root):
    return [
        (cell.exercise, cell.file.rpartition("/")[2])
        for cell in read_lesson(CHAPTER, root).exercises
    ]


def test_exercises_come_in_order_whatever_the_order_they_are_made_in(root):
    for name in ("02_02", "01_01", "02_10", "02_01", "02_03", "01_02"):
        section, check = new_exercise(CHAPTER, name, root)
        assert (section.parent.name, check.name) == ("lesson", f"{name}.py")
    assert exercises(root) == [
        ("01_01", "1_section.py"),
        ("01_02", "1_section.py"),
        *((f"02_{number}", "2_section.py") for number in ("01", "02", "03", "10")),
    ]
    lesson = read_lesson(CHAPTER, root)
    for cell in lesson.exercises:
        introduction = lesson.cells[lesson.cells.index(cell) - 1]
        assert cell.exercise in introduction.source
        assert problems_of_cell(cell) == []


def test_an_exercise_joins_its_section_where_that_goes_on(root):
    new_exercise(CHAPTER, "03_01", root)
    new_exercise(CHAPTER, "04_01", root)
    lesson = root / FOLDER / "lesson"
    edit(root, f"{FOLDER}/lesson/4_section.py", "04_01", "03_02", count=5)
    (root / FOLDER / "checks" / "04_01.py").rename(root / FOLDER / "checks" / "03_02.py")
    assert new_exercise(CHAPTER, "03_03", root)[0] == lesson / "4_section.py"
    assert new_exercise(CHAPTER, "04_01", root)[0] == lesson / "4_section.py"
    assert new_exercise(CHAPTER, "03_09", root)[0] == lesson / "4_section.py"
    assert [name for name, _ in exercises(root)] == ["03_01", "03_02", "03_03", "03_09", "04_01"]


def test_nothing_is_overwritten(root):
    new_exercise(CHAPTER, "01_01", root)
    before = {path: path.read_bytes() for path in root.rglob("*.py")}
    with pytest.raises(FileExistsError, match="left as it is"):
        new_chapter(CHAPTER, root)
    with pytest.raises(FileExistsError, match="left as it is"):
        new_exercise(CHAPTER, "01_01", root)
    (root / FOLDER / "checks" / "01_01.py").rename(root / "elsewhere.py")
    with pytest.raises(LessonError, match="no check file"):
        new_exercise(CHAPTER, "01_01", root)
    assert {path.read_bytes() for path in root.rglob("*.py")} == set(before.values())


def test_a_broken_lesson_is_left_alone(root):
    edit(root, f"{FOLDER}/lesson/0_opening.py", "# %%\n", "# %% color=1\n")
    with pytest.raises(LessonError, match="unknown attribute"):
        new_exercise(CHAPTER, "01_01", root)
    assert not (root / FOLDER / "lesson" / "1_section.py").exists()


@pytest.mark.parametrize("name", ["9_x", "em_reservoir", "09_", "09_a b", "09_../x", "009_x", ""])
def test_a_chapter_has_a_number_and_a_word(tmp_path, name):
    with pytest.raises(ValueError, match="as in 09_em_reservoir"):
        new_chapter(name, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["1_1", "02_A1", "0201", "02_011", "x", ""])
def test_an_exercise_has_two_numbers(root, name):
    with pytest.raises(ValueError, match="as in 02_03"):
        new_exercise(CHAPTER, name, root)


def test_an_exercise_needs_its_chapter(root):
    with pytest.raises(LessonError, match="python -m tools new 10_other"):
        new_exercise("10_other", "01_01", root)


def contents(root):
    """Every file and folder below ``root``."""
    return {path: path.is_file() and path.read_bytes() for path in root.rglob("*")}


def run(root, before, call):
    """A call of ``tools.new`` in a process of its own."""
    program = (
        "import os, resource, sys\nfrom pathlib import Path\nfrom tools.new import *\n"
        f"root = Path({str(root)!r})\n{before}\n{call}\n"
    )
    return subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)


# Ctrl-C at the moment at which a file is about to be put where it belongs.
INTERRUPT = """
def interrupt(event, arguments):
    if event == "os.rename" and str(arguments[1]).endswith({!r}):
        raise KeyboardInterrupt
sys.addaudithook(interrupt)
"""


@pytest.mark.parametrize("name", ["01_01.py", "1_section.py", "01_02.py", "2_section.py"])
def test_an_exercise_that_is_interrupted_leaves_nothing(root, name):
    new_exercise(CHAPTER, "01_03", root)
    before = contents(root)
    exercise = "02_01" if name.startswith("2") else "01_01" if "01_01" in name else "01_02"
    call = f"new_exercise({CHAPTER!r}, {exercise!r}, root)"
    done = run(root, INTERRUPT.format(name), call)
    assert done.stderr.endswith("KeyboardInterrupt\n")
    assert contents(root) == before
    assert run(root, "", call).returncode == 0
    assert exercise in [cell.exercise for cell in read_lesson(CHAPTER, root).exercises]


def test_an_exercise_for_which_there_is_no_room_leaves_nothing(root):
    """A limit on the size of files, which the check file keeps and the lesson does not."""
    new_exercise(CHAPTER, "01_01", root)
    edit(root, f"{FOLDER}/lesson/1_section.py", "# ###", "# " + "words " * 3000 + "\n# ###")
    before = contents(root)
    limit = "resource.setrlimit(resource.RLIMIT_FSIZE, (16384, 16384))"
    done = run(root, limit, f"new_exercise({CHAPTER!r}, '01_02', root)")
    assert "1_section.py" in done.stderr.splitlines()[-1]
    assert contents(root) == before


def test_a_chapter_that_is_interrupted_leaves_nothing(root):
    before = contents(root)
    call = "new_chapter('10_other', root)"
    done = run(root, INTERRUPT.format("10_other"), call)
    assert done.stderr.endswith("KeyboardInterrupt\n")
    assert contents(root) == before
    assert run(root, "", call).returncode == 0
    assert chapters(root) == [CHAPTER, "10_other"]
