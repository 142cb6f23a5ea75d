"""Every exercise there is, as a learner meets it: untouched, half done, wrong and right."""

import linecache

import pytest

from tools.checkfile import load_check_file
from tools.gaps import cut_gaps, find_gaps
from tools.lesson import ROOT, chapters, read_lesson
from tools.markers import END
from tools.model import ModelNamespace, chapter_imports
from utils.tester import load_from_chapter_name
from utils.tester.markers import keep_language
from utils.tester.text import LANGUAGES

LESSONS = {chapter: read_lesson(chapter) for chapter in chapters()}
EXERCISES = [
    (chapter, cell.exercise) for chapter, lesson in LESSONS.items() for cell in lesson.exercises
]
CHECKS = {key: load_check_file(ROOT, *key) for key in EXERCISES}
every_exercise = pytest.mark.parametrize(("chapter", "exercise"), EXERCISES)


def _every(kind):
    """Each mistake or alternative of each exercise, as a parameter of its own."""
    return pytest.mark.parametrize(
        ("chapter", "exercise", "item"),
        [
            pytest.param(*key, item, id=f"{key[1]}-{item.name}")
            for key in EXERCISES
            for item in getattr(CHECKS[key], kind)
        ],
    )


def _models(chapter, exercise):
    return ModelNamespace(LESSONS[chapter], exercise, CHECKS[chapter, exercise].file)


def _judge(chapter, exercise, function, lang="en"):
    test_func, _ = load_from_chapter_name(chapter, lang=lang)
    several = len(CHECKS[chapter, exercise].outputs) > 1
    return test_func(function, exercise, multiple_output=several)


def _judge_cell(chapter, exercise, source, lang="en"):
    """The verdict of an exercise's cell, run as a notebook runs it."""
    verdicts = []
    test_func, _ = load_from_chapter_name(chapter, lang=lang)

    def testing(*args, **kwargs):
        verdicts.append(test_func(*args, **kwargs))

    lesson = LESSONS[chapter]
    namespace = {"__name__": "__main__", "test_func": testing}
    for text in chapter_imports(lesson):
        exec(text, namespace)
    for needed in lesson.exercise(exercise).needs:
        model = ModelNamespace(lesson, needed, CHECKS[chapter, needed].file).model()
        namespace |= {name: model.namespace[name] for name in model.namespace if name[0] != "_"}
    filename = f"<cell {exercise}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    exec(compile(source, filename, "exec"), namespace)
    return verdicts[-1]


def _with_one_gap_filled(source, lang, index):
    """The cell as a learner leaves it who filled one gap and stopped."""
    gap = find_gaps(source)[index]
    lines = source.split("\n")
    if lines[gap.line - 1].lstrip().startswith("#"):
        end = next(i for i in range(gap.line, len(lines)) if lines[i].strip() == END)
        del lines[end], lines[gap.line - 1]
    else:
        lines[gap.line - 1] = lines[gap.line - 1].split("  # TODO")[0]
    return cut_gaps("\n".join(lines), lang)


@every_exercise
def test_the_models_answer_passes(chapter, exercise):
    source = keep_language(LESSONS[chapter].exercise(exercise).source, "en")
    assert _judge_cell(chapter, exercise, source).status == "passed"


@pytest.mark.parametrize("lang", LANGUAGES)
@every_exercise
def test_an_untouched_starter_is_not_attempted(chapter, exercise, lang):
    source = cut_gaps(LESSONS[chapter].exercise(exercise).source, lang)
    verdict = _judge_cell(chapter, exercise, source, lang)
    assert verdict.status == "not_attempted"
    gaps = find_gaps(LESSONS[chapter].exercise(exercise).source)
    assert all(gap.text.in_language(lang) in str(verdict) for gap in gaps)


@every_exercise
def test_one_gap_filled_is_failed_and_the_others_are_named(chapter, exercise):
    source = LESSONS[chapter].exercise(exercise).source
    gaps = find_gaps(source)
    for index in range(len(gaps)):
        verdict = _judge_cell(chapter, exercise, _with_one_gap_filled(source, "en", index))
        assert verdict.status == "failed", gaps[index].text.en
        open_still = [gap.text.en for number, gap in enumerate(gaps) if number != index]
        assert all(text in str(verdict) for text in open_still)


@_every("mistakes")
def test_a_known_mistake_is_refused_with_its_own_hint(chapter, exercise, item):
    verdict = _judge(chapter, exercise, _models(chapter, exercise).mistake(item).function)
    assert not verdict.passed
    assert verdict.hint == item.hint.en


@_every("alternatives")
def test_another_right_answer_passes_without_a_hint(chapter, exercise, item):
    verdict = _judge(chapter, exercise, _models(chapter, exercise).alternative(item).function)
    assert verdict.passed, str(verdict)
    assert verdict.hint is None


@every_exercise
def test_there_are_enough_cases_mistakes_and_alternatives(chapter, exercise):
    checks = CHECKS[chapter, exercise]
    assert len(checks.cases()) >= 12
    assert len(checks.mistakes) >= 8
    assert len(checks.alternatives) >= 6
