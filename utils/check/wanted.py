"""What is to be checked, by what somebody types: a notebook's file, a chapter or an exercise."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from utils.check.findings import say
from utils.folder import language
from utils.terminal.listing import from_here
from utils.terminal.names import find_any
from utils.tester.wrong_call import WrongCall
from utils.workspace import notebook_of


@dataclass(frozen=True)
class Wanted:
    """A notebook, and the exercise of it that is meant; None for all of them."""

    path: Path
    exercise: str | None = None


def wanted(text: str, lang: str | None) -> Wanted:
    """What ``text`` means: a file, ``08`` or ``08/02_01``.

    Args:
        text: what was typed.
        lang: whose notebook a chapter's is; None for the language of the terminal.

    Raises:
        WrongCall: there is no such chapter, exercise or notebook.
    """
    if text.endswith(".ipynb") or Path(text).is_file():
        return Wanted(Path(text))
    lang = lang or language()
    chapter, exercise = find_any(text, lang)
    path = notebook_of(chapter.name, lang)
    if path is None:
        raise WrongCall(say("no_notebooks", lang))
    return Wanted(Path(from_here(path)), exercise.id if exercise else None)
