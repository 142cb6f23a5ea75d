"""The chapters in a real kernel: solved ones run through, untouched ones ask for work."""

import ast

import pytest

from tests.notebooks import execute, read
from tools.build import write_solved
from tools.lesson import ROOT, chapters, read_lesson
from utils.tester.text import LANGUAGES

every_chapter = pytest.mark.parametrize("chapter", chapters())


def _exercises(chapter):
    return {cell.exercise for cell in read_lesson(chapter).exercises}


@every_chapter
def test_the_solved_notebook_runs_through_and_every_verdict_is_passed(chapter, tmp_path):
    write_solved([read_lesson(chapter)], tmp_path)
    done = execute(read(tmp_path / "en" / f"{chapter}.ipynb"), tmp_path)
    assert done.errors == {}
    assert done.verdicts == dict.fromkeys(_exercises(chapter), "passed")


@pytest.mark.parametrize("lang", LANGUAGES)
@every_chapter
def test_the_untouched_notebook_runs_through_and_nothing_is_attempted(chapter, lang):
    folder = ROOT / "chapters" / lang
    done = execute(read(folder / f"{chapter}.ipynb"), folder)
    assert done.errors == {}
    assert done.verdicts == dict.fromkeys(_exercises(chapter), "not_attempted")


@pytest.mark.parametrize("solved", [False, True])
@every_chapter
def test_both_languages_have_the_same_code(chapter, solved, tmp_path):
    folder = ROOT / "chapters"
    if solved:
        write_solved([read_lesson(chapter)], tmp_path)
        folder = tmp_path
    english, japanese = (
        [
            cell
            for cell in read(folder / lang / f"{chapter}.ipynb").cells
            if cell.cell_type == "code" and cell.id != "setup"
        ]
        for lang in LANGUAGES
    )
    assert [cell.id for cell in english] == [cell.id for cell in japanese]
    for ours, theirs in zip(english, japanese, strict=True):
        assert ast.dump(ast.parse(ours.source)) == ast.dump(ast.parse(theirs.source))
