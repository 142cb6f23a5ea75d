"""Finding a chapter's references and answers from where this package lies."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection
from pathlib import Path

from utils.folder import ROOT
from utils.tester.messages import say
from utils.tester.records import Chapter, Exercise
from utils.tester.store import ReferenceProblem, load_chapter
from utils.tester.wrong_call import WrongCall

# The tree's own folder, so that the working directory does not matter.
CHECKS = ROOT / "chapters" / "checks"
_ADVANCED = re.compile(r"\d\d_A\d+")


def chapter_names() -> list[str]:
    """The chapters whose references are here."""
    return sorted(path.stem for path in CHECKS.glob("*.npz"))


def open_chapter(name: str, lang: str) -> Chapter:
    """Read a chapter's references.

    Raises:
        WrongCall: there is no such chapter (the nearest name is suggested), or its references are
            missing, damaged or from another version.
    """
    names = chapter_names()
    if not names:
        raise WrongCall(say("nothing_there", lang, folder=CHECKS))
    if name not in names:
        raise WrongCall(unknown("unknown_chapter", name, names, lang))
    try:
        return load_chapter(CHECKS / f"{name}.npz")
    except ReferenceProblem as problem:
        raise WrongCall(problem.message.in_language(lang)) from problem


def find_exercise(chapter: Chapter, exercise_id: str, lang: str) -> Exercise:
    """One exercise of a chapter.

    Raises:
        WrongCall: the chapter has no such exercise; the nearest is suggested.
    """
    if not isinstance(exercise_id, str):
        example = next(iter(chapter.exercises))
        raise WrongCall(say("id_not_text", lang, example=example, given=repr(exercise_id)))
    if exercise_id not in chapter.exercises:
        raise WrongCall(unknown("unknown_exercise", exercise_id, chapter.exercises, lang))
    return chapter.exercises[exercise_id]


def is_advanced(name: object) -> bool:
    """Whether a name is that of an advanced question, such as 02_A1, which has an answer alone."""
    return isinstance(name, str) and bool(_ADVANCED.fullmatch(name))


def answers_path(name: str) -> Path:
    """Where a chapter's answers lie, if they are given out."""
    return CHECKS / f"{name}.answers"


def unknown(message: str, name: object, names: Collection[str], lang: str) -> str:
    """That there is no such name, which one may be meant, and which ones there are."""
    likeness = {other: difflib.SequenceMatcher(None, other, str(name)).ratio() for other in names}
    # Of equals the first: 02_01 before 02_A1.
    nearest = max(likeness, key=likeness.get, default=None)
    is_near = nearest is not None and likeness[nearest] >= 0.4
    guess = say("did_you_mean", lang, name=nearest) if is_near else ""
    there_are = say("there_are", lang, names=", ".join(names))
    return say(message, lang, name=name) + guess + there_are
