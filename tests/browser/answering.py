"""What learners write into an exercise's cell."""

from __future__ import annotations

from tools.checkfile import load_check_file
from tools.lesson import ROOT, read_lesson
from utils.tester.markers import keep_language
from utils.tester.text import Text

CHAPTER = "08_closed_loop_control"


def answer(exercise: str, lang: str, mistake: str | None = None) -> str:
    """The cell of an exercise with the model's answer, or with a known mistake in it."""
    source = read_lesson(CHAPTER).exercise(exercise).source
    for old, new in _mistake(exercise, mistake).replace if mistake else ():
        assert old in source
        source = source.replace(old, new)
    return keep_language(source, lang)


def hint_on(exercise: str, mistake: str) -> Text:
    """What a known mistake is answered with."""
    return _mistake(exercise, mistake).hint


def _mistake(exercise: str, name: str):
    mistakes = load_check_file(ROOT, CHAPTER, exercise).mistakes
    return next(one for one in mistakes if one.name == name)
