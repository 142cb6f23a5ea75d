"""``python -m utils hint`` and ``solution``: the same ladder that a notebook has."""

from __future__ import annotations

import sys
from pathlib import Path

from utils.check.processes import check_exercises
from utils.check.subject import Subject
from utils.progress.diary import Diary
from utils.terminal.names import short_name
from utils.tester.ladder import (
    Door,
    exercise_with_hints,
    is_picture,
    length,
    picture,
    step_report,
)
from utils.tester.messages import say as say_message
from utils.tester.records import Chapter, Exercise
from utils.tester.show_text import as_text, blocks_as_text
from utils.tester.solutions import Solutions
from utils.tester.wrong_call import WrongCall


def hint(
    chapter: Chapter,
    exercise_id: str,
    notebook: Path | None,
    step: int | None,
    lang: str,
    diary: Diary,
) -> str:
    """The next step of the ladder, or the one asked for.

    For the picture the exercise is checked in the learner's notebook, if there is one.

    Raises:
        WrongCall: there is no such step, or it is an advanced question, which has no hints.
    """
    door = terminal_door(chapter.name, exercise_id)
    answers = Solutions(chapter.name, lang).state
    exercise = exercise_with_hints(chapter, exercise_id, lang, door, answers)
    total = length(exercise)
    kept = diary.of(chapter.name, exercise.id)
    if step is None:
        step = min(kept.hints + 1, total)
    elif not 1 <= step <= total:
        given = {"exercise": exercise.id, "total": total, "given": step}
        raise WrongCall(say_message("no_such_step", lang, **given))
    if kept.is_passed:  # how far one is, is not remembered any more
        door = terminal_door(chapter.name, exercise.id, step + 1)
    text = as_text(step_report(exercise, step, lang, door, answers, ()))
    if is_picture(exercise, step):
        heading, _, rest = text.partition("\n")
        subject = Subject(notebook, chapter.name, lang) if notebook else None
        text = "\n".join([heading, _picture(exercise, subject, lang), rest])
    diary.hint(chapter.name, exercise.id, step)
    return text


def terminal_door(chapter: str, exercise: str, step: int | None = None) -> Door:
    """The commands of a terminal; for the next hint by its number, if one is given."""
    name = short_name(chapter, exercise)
    more = f"python -m utils hint {name}" + ("" if step is None else f" {step}")
    return Door(more, f"python -m utils solution {name}")


def _picture(exercise: Exercise, subject: Subject | None, lang: str) -> str:
    shown = ""
    if subject is not None:
        (finding,) = check_exercises(subject, [exercise])
        if finding.passed:
            return f"  {say_message('no_more_cases', lang)}"
        shown = finding.picture
    return shown or blocks_as_text(picture(exercise, None, lang), lang)


def solution(
    chapter: Chapter,
    exercise: str,
    name: str | None,
    passphrase: str | None,
    lang: str,
    diary: Diary,
) -> str:
    """The answer to an exercise or an advanced question, or one function of it.

    Raises:
        WrongCall: there is no such answer, or it has not been given out.
    """
    source = Solutions(chapter.name, lang).source(exercise, name, passphrase, "show_solution")
    if exercise in chapter.exercises:
        diary.answer(chapter.name, exercise)
    return source.rstrip()


def diary_of(lang: str) -> Diary:
    """A diary that complains where errors go."""

    def tell(reason: str) -> None:
        print(say_message("not_kept", lang, reason=reason), file=sys.stderr)

    return Diary(tell)
