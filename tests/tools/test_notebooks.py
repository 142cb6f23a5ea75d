"""The chapters in a real kernel: solved ones run through, untouched ones ask for work."""

import pytest

from tools.lesson import chapters, read_lesson
from tools.verify.languages import differing_code, differing_formulas
from tools.verify.notebooks import run_solved, run_untouched
from utils.tester.text import LANGUAGES

every_chapter = pytest.mark.parametrize("chapter", chapters())


@every_chapter
def test_the_solved_notebook_runs_through_and_every_verdict_is_passed(chapter):
    problems, _ = run_solved(read_lesson(chapter))
    assert problems == []


@pytest.mark.parametrize("lang", LANGUAGES)
@every_chapter
def test_the_untouched_notebook_runs_through_and_nothing_is_attempted(chapter, lang):
    problems, _ = run_untouched(read_lesson(chapter), lang)
    assert problems == []


@every_chapter
def test_both_languages_have_the_same_code(chapter):
    assert differing_code(read_lesson(chapter)) == []


@every_chapter
def test_both_languages_have_the_same_formulas(chapter):
    assert differing_formulas(read_lesson(chapter)) == []
