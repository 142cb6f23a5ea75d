"""``python -m utils``: all exercises and what has become of them."""

from __future__ import annotations

import os
from pathlib import Path

from utils.progress.overview import ChapterProgress, Overview
from utils.progress.show_text import next_line, totals
from utils.progress.words import labelled, listed, remark_of, state_of, state_text
from utils.terminal.words import say
from utils.tester.show_text import aligned
from utils.workspace import needs_of, notebook_of


def listing(overview: Overview) -> str:
    """Every chapter with its notebook and what it builds upon, and a line an exercise."""
    lang = overview.lang
    lines = []
    for chapter in overview.chapters:
        lines += [labelled(chapter.title, totals((chapter,), lang), lang)]
        notebook = notebook_of(chapter.name, lang)
        lines += [f"  {from_here(notebook)}"] if notebook else []
        needs = needs_of(chapter.name, lang)
        lines += [f"  {say('needs', lang, needs=needs)}"] if needs else []
        lines += [*_rows(chapter, lang), ""]
    return "\n".join([*lines, next_line(overview), say("unjudged", lang)])


def from_here(path: Path) -> str:
    """A path as somebody types it who is in this folder."""
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive
        return str(path)
    return str(path) if relative.startswith(os.pardir) else relative


def _rows(chapter: ChapterProgress, lang: str) -> list[str]:
    cells = [
        (
            one.exercise.id,
            state_text(state_of(one.kept), lang),
            one.exercise.title.in_language(lang),
            say("minutes", lang, minutes=one.exercise.minutes),
            listed(remark_of(one.kept, lang), lang),
        )
        for one in chapter.exercises
    ]
    return [f"  {line}" for line in aligned(cells)]
