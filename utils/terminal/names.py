"""Which exercise is meant by what somebody types."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from utils.progress.file import Key
from utils.progress.kept import Kept
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
    chapters = [open_chapter(name, lang) for name in chapter_names()]
    having = [chapter for chapter in chapters if exercise in chapter.exercises]
    if not having:
        raise WrongCall(say("no_exercise", lang, exercise=exercise))
    chapter = having[0] if len(having) == 1 else _last(having, kept or {})
    if chapter is None:
        names = ", ".join(short_name(one.name, exercise) for one in having)
        raise WrongCall(say("several", lang, exercise=exercise, names=names))
    return chapter, chapter.exercises[exercise]


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
    chapters = [open_chapter(one, lang) for one in chapter_names()]
    chapter = chapters[0] if len(chapters) == 1 else _last(chapters, kept)
    if chapter is None:
        names = ", ".join(short_name(one.name, name) for one in chapters)
        raise WrongCall(say("several", lang, exercise=name, names=names))
    return chapter, name


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


def _last(chapters: Sequence[Chapter], kept: Mapping[Key, Kept]) -> Chapter | None:
    """The chapter that was worked on last, if it is one of these."""
    names: Collection[str] = {name for name, _ in kept}
    seen = {
        name: max(one.seen for (chapter, _), one in kept.items() if chapter == name)
        for name in names
    }
    last = max(seen, key=seen.get, default=None)
    return next((chapter for chapter in chapters if chapter.name == last), None)
