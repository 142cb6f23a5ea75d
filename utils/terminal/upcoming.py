"""``python -m utils next``: what to do next, where it is, and how to open it."""

from __future__ import annotations

from pathlib import Path

from utils.optional import install_command, missing_packages
from utils.progress.overview import ExerciseProgress, Overview
from utils.progress.words import listed
from utils.terminal.listing import from_here
from utils.terminal.names import short_name
from utils.terminal.words import say
from utils.tester.notebook import NotebookProblem, read_code_cells
from utils.tester.records import Exercise
from utils.tester.show_text import columns, padded
from utils.tester.starter import cell_of
from utils.workspace import heading_of, notebook_of


def upcoming(overview: Overview) -> str:
    """The next exercise: its chapter, its place, and how to get there."""
    lang, one = overview.lang, overview.next
    first = [say("done", lang)] if one is None else _towards(one, overview)
    broken = [
        short_name(other.chapter, other.exercise.id)
        for chapter in overview.chapters
        for other in chapter.exercises
        if other.kept.is_broken_since
    ]
    last = [say("broken_since", lang, names=listed(broken, lang))] if broken else []
    return "\n".join([*first, *last])


def _towards(one: ExerciseProgress, overview: Overview) -> list[str]:
    """A line with the exercise's name, and lines that lead to it."""
    lang = overview.lang
    exercise = one.exercise
    title = f"{exercise.id} {exercise.title.in_language(lang)}"
    time = say("minutes", lang, minutes=exercise.minutes)
    name = short_name(one.chapter, exercise.id)
    rows = [("chapter", overview.chapter(one.chapter).title)]
    notebook = notebook_of(one.chapter, lang)
    if notebook:
        heading = heading_of(one.chapter, exercise.id, lang)
        rows.append(("place", _place(notebook, exercise, heading, name, lang)))
        rows.append(("open", f"python -m jupyterlab {from_here(notebook)}"))
    passed = {
        other.exercise.id
        for other in overview.chapter(one.chapter).exercises
        if other.kept.is_passed
    }
    missing = [need for need in exercise.needs if need not in passed]
    if missing:
        rows.append(("first", ", ".join(missing)))
    lacking = missing_packages(exercise.packages)
    if lacking:
        rows.append(("install", install_command(lacking)))
    rows.append(("stuck", f"python -m utils hint {name}"))
    width = max(columns(say(label, lang)) for label, _ in rows)
    lines = [f"  {padded(say(label, lang), width)}  {text}" for label, text in rows]
    return [say("next", lang, exercise=title, time=time), *lines]


def _place(notebook: Path, exercise: Exercise, heading: str, name: str, lang: str) -> str:
    path = from_here(notebook)
    try:
        number = cell_of(exercise, read_code_cells(notebook))
    except NotebookProblem as problem:
        return problem.message.in_language(lang)
    if number is None:
        return say("gone", lang, path=path, call=f"python -m utils reset {name}")
    if heading:
        return say("under_cell", lang, path=path, heading=heading, number=number)
    return say("cell", lang, path=path, number=number)
