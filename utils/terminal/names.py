"""Which chapter or exercise is meant by what somebody types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from utils.progress.file import Key
from utils.progress.kept import Kept
from utils.progress.overview import last_chapter
from utils.terminal.words import say
from utils.tester.chapter import chapter_names, find_exercise, is_advanced, open_chapter
from utils.tester.records import Chapter, Exercise
from utils.tester.wrong_call import WrongCall


def short_name(chapter: str, exercise: str) -> str:
    """An exercise in as few characters as tell it from all others: ``08/02_01``."""
    number = chapter.partition("_")[0]
    same = [name for name in chapter_names() if name.partition("_")[0] == number]
    return f"{number if len(same) == 1 else chapter}/{exercise}"


def find(text: str, lang: str, kept: Mapping[Key, Kept] | None) -> tuple[Chapter, Exercise]:
    """The exercise that ``text`` means: ``02_01``, ``08/02_01``, ``8/02_01`` or the full name.

    Args:
        text: what was typed.
        lang: the language of errors.
        kept: where several chapters have it, the one that was worked on last is meant; None
            refuses to guess.

    Raises:
        WrongCall: there is none, or several and nothing tells them apart.
    """
    given, slash, exercise = text.replace(":", "/").rpartition("/")
    if slash:
        chapter = open_chapter(_chapter(given, lang), lang)
        return chapter, find_exercise(chapter, exercise, lang)
    having = [chapter for chapter in _chapters(lang) if exercise in chapter.exercises]
    if not having:
        raise WrongCall(say("no_exercise", lang, exercise=exercise))
    chapter = _meant(having, exercise, lang, kept or {})
    return chapter, chapter.exercises[exercise]


def find_any(text: str, lang: str) -> tuple[Chapter, Exercise | None]:
    """The exercise that ``text`` means, or the chapter: ``08``, ``8`` or its full name.

    Raises:
        WrongCall: as ``find`` does, which does not guess here.
    """
    is_exercise = any(text in chapter.exercises for chapter in _chapters(lang))
    if is_exercise or "/" in text or ":" in text:
        return find(text, lang, None)
    return open_chapter(_chapter(text, lang), lang), None


def find_answer(text: str, lang: str, kept: Mapping[Key, Kept]) -> tuple[Chapter, str]:
    """The same of something that has an answer: an exercise, or an advanced question (02_A1).

    Raises:
        WrongCall: as ``find`` does; whether there is such a question is not looked up.
    """
    given, slash, name = text.replace(":", "/").rpartition("/")
    if not is_advanced(name):
        chapter, exercise = find(text, lang, kept)
        return chapter, exercise.id
    if slash:
        return open_chapter(_chapter(given, lang), lang), name
    return _meant(_chapters(lang), name, lang, kept), name


def _chapters(lang: str) -> list[Chapter]:
    return [open_chapter(name, lang) for name in chapter_names()]


def _chapter(given: str, lang: str) -> str:
    names = chapter_names()
    number = given.partition("_")[0].lstrip("0")
    found = [name for name in names if name == given] or [
        name
        for name in names
        if name.startswith(f"{given}_") or (given.isdecimal() and _number(name) == number)
    ]
    if len(found) != 1:
        raise WrongCall(say("no_chapter", lang, chapter=given, names=", ".join(names)))
    return found[0]


def _number(name: str) -> str:
    return name.partition("_")[0].lstrip("0")


def _meant(
    chapters: Sequence[Chapter], exercise: str, lang: str, kept: Mapping[Key, Kept]
) -> Chapter:
    """The only chapter of these that have an exercise, else the one that was worked on last."""
    last = last_chapter(kept)
    for chapter in chapters:
        if len(chapters) == 1 or chapter.name == last:
            return chapter
    names = ", ".join(short_name(one.name, exercise) for one in chapters)
    raise WrongCall(say("several", lang, exercise=exercise, names=names))
