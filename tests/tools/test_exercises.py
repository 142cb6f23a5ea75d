"""Every exercise there is, as a learner meets it: untouched, half done, wrong and right."""

import pytest

from tools.lesson import chapters, read_lesson
from tools.record import reference_path
from tools.verify.answers import Exam
from tools.verify.content import emptied_functions, too_few
from tools.verify.languages import untranslated
from utils.tester.store import load_chapter
from utils.tester.text import LANGUAGES

LESSONS = {chapter: read_lesson(chapter) for chapter in chapters()}
RECORDED = {chapter: load_chapter(reference_path(chapter)) for chapter in LESSONS}
EXAMS = {
    (chapter, cell.exercise): Exam(lesson, RECORDED[chapter], cell.exercise)
    for chapter, lesson in LESSONS.items()
    for cell in lesson.exercises
}
every_exercise = pytest.mark.parametrize(
    "exam", [pytest.param(exam, id="-".join(key)) for key, exam in EXAMS.items()]
)


def _every(kind):
    """Each mistake or alternative of each exercise, as a parameter of its own."""
    return pytest.mark.parametrize(
        ("exam", "item"),
        [
            pytest.param(exam, item, id=f"{exercise}-{item.name}")
            for (_, exercise), exam in EXAMS.items()
            for item in getattr(exam.checks, kind)
        ],
    )


@every_exercise
def test_the_models_answer_passes(exam):
    problems, _ = exam.of_model()
    assert problems == []


@pytest.mark.parametrize("lang", LANGUAGES)
@every_exercise
def test_an_untouched_starter_is_not_attempted(exam, lang):
    assert exam.of_starter(lang) == []


@every_exercise
def test_one_gap_filled_is_failed_and_the_others_are_named(exam):
    assert exam.of_half_done() == []


@_every("mistakes")
def test_a_known_mistake_is_refused_with_its_own_hint(exam, item):
    assert exam.of_mistake(item) == []


@_every("alternatives")
def test_another_right_answer_passes_without_a_hint(exam, item):
    assert exam.of_alternative(item) == []


@every_exercise
def test_there_are_enough_cases_mistakes_and_alternatives(exam):
    assert too_few(exam.checks) == []


@every_exercise
def test_hints_titles_labels_and_gaps_are_in_both_languages(exam):
    assert untranslated(exam.checks, exam.cell) == []


@every_exercise
def test_something_is_left_around_the_gaps(exam):
    assert emptied_functions(exam.cell) == []
