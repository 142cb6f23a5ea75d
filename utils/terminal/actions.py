"""What each command of ``python -m utils`` does; each returns the exit code."""

from __future__ import annotations

import argparse
import sys

from utils.files import write_whole
from utils.progress import show_html, show_text
from utils.progress.overview import Overview, overview_of
from utils.terminal import hinting, names, resetting
from utils.terminal.listing import from_here, listing
from utils.terminal.upcoming import upcoming
from utils.terminal.words import say
from utils.tester.wrong_call import WrongCall
from utils.workspace import notebook_of

DONE, NOT_DONE = 0, 2


def show_list(options: argparse.Namespace) -> int:
    """All exercises and their states."""
    print(listing(_overview(options.lang)))
    return DONE


def show_next(options: argparse.Namespace) -> int:
    """What to do next."""
    print(upcoming(_overview(options.lang)))
    return DONE


def give_hint(options: argparse.Namespace) -> int:
    """One more hint, or one again."""
    lang, diary = options.lang, hinting.diary_of(options.lang)
    chapter, name = names.find_answer(options.exercise, lang, diary.all())
    notebook = options.notebook or notebook_of(chapter.name, lang)
    print(hinting.hint(chapter, name, notebook, options.step, lang, diary))
    return DONE


def show_solution(options: argparse.Namespace) -> int:
    """The answer."""
    lang, diary = options.lang, hinting.diary_of(options.lang)
    chapter, answer = names.find_answer(options.exercise, lang, diary.all())
    print(hinting.solution(chapter, answer, options.name, options.passphrase, lang, diary))
    return DONE


def reset_exercise(options: argparse.Namespace) -> int:
    """An exercise's cell as it came."""
    lang = options.lang
    # Never by a guess: it changes the notebook.
    chapter, exercise = names.find(options.exercise, lang, None)
    path = options.notebook or notebook_of(chapter.name, lang)
    if path is None:
        raise WrongCall(say("no_notebook", lang, chapter=chapter.name, lang=lang))
    reset = resetting.plan_reset(path, exercise, lang)
    if not reset.needed:
        print(say("as_it_came", lang, exercise=exercise.id))
        return DONE
    about = {"exercise": exercise.id, "path": from_here(path), "number": reset.number}
    print(say("reset_missing" if reset.number is None else "reset_what", lang, **about))
    if not options.yes:
        sure = resetting.confirmed(say("sure", lang))
        if not sure:
            return refuse(say("say_yes" if sure is None else "left_alone", lang))
    try:
        backup = resetting.carry_out(reset)
    except OSError as error:
        return refuse(say("cannot_write", lang, path=path, reason=error.strerror))
    print(say("was_reset", lang, exercise=exercise.id, backup=from_here(backup)))
    for number, defined in reset.also:
        print(say("also_defined", lang, number=number, names=", ".join(defined)))
    print(say("reload", lang))
    return DONE


def show_progress(options: argparse.Namespace) -> int:
    """Attempts, time and hints, here or on a page."""
    lang, overview = options.lang, _overview(options.lang)
    if options.html is None:
        print(show_text.as_text(overview))
        return DONE
    try:
        write_whole(options.html, show_html.page(overview).encode())
    except OSError as error:
        return refuse(say("cannot_write", lang, path=options.html, reason=error.strerror))
    print(say("wrote", lang, path=options.html))
    return DONE


def _overview(lang: str) -> Overview:
    return overview_of(hinting.diary_of(lang).all(), lang)


def refuse(sentence: str) -> int:
    """Say why nothing was done."""
    print(sentence.replace("`", ""), file=sys.stderr)
    return NOT_DONE
