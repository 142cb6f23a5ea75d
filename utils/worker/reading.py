"""Reading a stranger's notebook: which chapter it is of, and what each exercise needs of it.

Nothing of the notebook is run here.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from utils.check.explain import of_absence
from utils.check.findings import say
from utils.check.subject import tell_subject
from utils.tester.attempts import Attempt, find_attempt
from utils.tester.chapter import chapter_names, open_chapter
from utils.tester.learner_source import gaps_in_source
from utils.tester.names import Statement
from utils.tester.notebook import NotebookProblem, code_cells_of
from utils.tester.program import Program, read_program
from utils.tester.records import Chapter, Exercise
from utils.tester.slicing import slice_statements
from utils.tester.text import Text
from utils.worker.wire import JSON_LIMIT
from utils.worker.words import digest_of, library_words

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

MAX_CELLS = 5000  # code cells; the longest chapter has some sixty

_MANY_CELLS = Text(
    "{name} has {count} code cells; more than {limit} are not read.",
    "{name} にはコードセルが{count}個あります。{limit}個を超えるノートブックは読み込みません。",
)
_LONG_CELLS = Text(
    "{name}: the cells that the exercises need are too long to be read.",
    "{name}：演習に必要なセルが長すぎるため読み込めません。",
)


def read_notebook(
    content: bytes, name: str, chapter: str | None, lang: str | None
) -> dict[str, Any]:
    """What a grader has to know of a notebook, as JSON.

    Args:
        content: its bytes.
        name: what it is called, with its folder.
        chapter: whose exercises to look for where nothing in it tells; None for nobody's.
        lang: the language of all texts; None for the notebook's own.

    Returns:
        ``{"problem": text, "lang"}``, or ``{"chapter", "lang", "cells": [[number, source]],
        "exercises": {id: ...}}``. An exercise is ``{"state", "hint", "text"}`` where its function
        is nowhere, else ``{"kept": [[cell, place in it]], "function": source, "cell": number,
        "untouched": [gaps], "digest": ..., "library": [...]}``.
    """
    try:
        cells = code_cells_of(content, name)
        if len(cells) > MAX_CELLS:
            raise NotebookProblem(_filled(_MANY_CELLS, name, count=len(cells), limit=MAX_CELLS))
        subject = tell_subject(Path(name), cells, chapter_names(), lang)
        lang = subject.lang
        chapter = subject.chapter or chapter
        if chapter is None:
            return {"problem": say("no_chapter", lang, path=name), "lang": lang}
        if chapter not in chapter_names():
            return {"chapter": chapter, "lang": lang, "cells": [], "exercises": {}}
        outline = open_chapter(chapter, lang)
        program = read_program(cells, outline, lambda number: say("place", lang, number=number))
        exercises = {
            exercise.id: _read_exercise(exercise, outline, program, lang)
            for exercise in outline.exercises.values()
        }
        wanted = {cell for one in exercises.values() for cell in _cells(one)}
        kept = [[cell.number, cell.source] for cell in cells if cell.number in wanted]
        if sum(len(source.encode(errors="replace")) for _, source in kept) > JSON_LIMIT // 8:
            raise NotebookProblem(_filled(_LONG_CELLS, name))
    except NotebookProblem as problem:
        return {"problem": problem.message.in_language(lang or "en"), "lang": lang or "en"}
    return {"chapter": chapter, "lang": lang, "cells": kept, "exercises": exercises}


def _read_exercise(
    exercise: Exercise, chapter: Chapter, program: Program, lang: str
) -> dict[str, Any]:
    attempt = find_attempt(program.statements, exercise)
    if attempt is None:
        finding = of_absence(exercise, program.broken, lang)
        return {"state": finding.state, "hint": finding.hint, "text": finding.text}
    kept = slice_statements(attempt.above, wanted_names(attempt, exercise, chapter))
    places = _places(program.statements)
    own = _definitions(kept, exercise)
    return {
        "kept": [places[id(statement.node)] for statement in kept],
        "function": ast.unparse(attempt.function),
        "cell": attempt.cell,
        "untouched": _untouched(own, program),
        "digest": digest_of(own, program),
        "library": library_words(kept, exercise.harness),
    }


def _cells(reading: dict[str, Any]) -> set[int]:
    """The cells that an exercise's statements stand in, and the call of ``test_func``."""
    return {cell for cell, _ in reading["kept"]} | {reading["cell"]} if "kept" in reading else set()


def wanted_names(attempt: Attempt, exercise: Exercise, chapter: Chapter) -> set[str]:
    """The names that judging looks up: the functions of the exercise and of those it needs, and
    what is handed over where no harness of the lesson takes its place."""
    names = set(exercise.functions)
    if not exercise.harness:
        names |= {node.id for node in ast.walk(attempt.function) if isinstance(node, ast.Name)}
    return names.union(*(chapter.exercises[need].functions for need in exercise.needs))


def _places(statements: Sequence[Statement]) -> dict[int, tuple[int, int]]:
    """Each statement's cell and its place in it, by the identity of its node."""
    places: dict[int, tuple[int, int]] = {}
    counts: dict[int, int] = {}
    for statement in statements:
        place = counts.get(statement.cell, 0)
        places[id(statement.node)] = (statement.cell, place)
        counts[statement.cell] = place + 1
    return places


def _definitions(kept: Sequence[Statement], exercise: Exercise) -> list[Statement]:
    """The statements that define the exercise's own functions."""
    return [one for one in kept if one.values.keys() & set(exercise.functions)]


def _untouched(definitions: Sequence[Statement], program: Program) -> list[dict[str, Any]]:
    """The gaps still as they came, in the functions' last definitions."""
    last = {one.node.name: one for one in definitions if isinstance(one.node, Definition)}
    gaps = []
    for name, statement in last.items():
        source = program.sources[statement.cell]
        gaps += gaps_in_source(source.text, name, source.place, statement.node.lineno)
    return [asdict(gap) for gap in gaps]


def _filled(text: Text, name: str, **values: object) -> Text:
    return Text(text.en.format(name=name, **values), text.ja.format(name=name, **values))
