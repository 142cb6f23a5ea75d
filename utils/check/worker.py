"""Checking one exercise, in a process of its own that may hang or die."""

from __future__ import annotations

import ast
import functools
import json
import os
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from utils.check.explain import hint_of, of_absence, of_error, of_wrong_call, with_error
from utils.check.findings import Finding, say
from utils.tester.attempts import Attempt, find_attempt
from utils.tester.chapter import open_chapter
from utils.tester.ladder import picture
from utils.tester.learner_source import digest_of
from utils.tester.notebook import read_code_cells
from utils.tester.program import read_program
from utils.tester.records import Chapter, Exercise
from utils.tester.running import run_statements
from utils.tester.session import Session
from utils.tester.show_text import blocks_as_text
from utils.tester.slicing import slice_statements
from utils.tester.tracebacks import describe_exception
from utils.tester.verdict import Verdict
from utils.tester.wrong_call import WrongCall


def main(path: str, chapter: str, exercise: str, lang: str, next_hint: str) -> None:
    """Write the finding as JSON to what was standard output when the process began.

    What the learner's code prints goes nowhere; threads it leaves behind keep nothing waiting.
    """
    with os.fdopen(os.dup(1), "w", encoding="ascii") as answer:
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), 1)
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
        finding = check_exercise(Path(path), open_chapter(chapter, lang), exercise, lang, next_hint)
        json.dump(asdict(finding), answer)
    os._exit(0)


def check_exercise(
    path: Path, chapter: Chapter, exercise_id: str, lang: str, next_hint: str = ""
) -> Finding:
    """Run what an exercise needs of a notebook, in this process, and judge it.

    ``next_hint`` is what asks for the exercise's next hint, if one is left.
    """
    exercise = chapter.exercises[exercise_id]
    program = read_program(
        read_code_cells(path), chapter, lambda number: say("place", lang, number=number)
    )
    attempt = find_attempt(program.statements, exercise)
    if attempt is None:
        return of_absence(exercise, program.broken, lang)
    kept = slice_statements(attempt.above, wanted_names(attempt, exercise, chapter))
    ran = run_statements(kept, program.sources)
    session = Session(chapter, lang)
    place = program.sources[attempt.cell].place
    try:
        verdict = _judge(session, exercise, attempt.function, place, ran.namespace)
    except WrongCall as wrong:
        return of_wrong_call(exercise, wrong, ran.raised, lang)
    except BaseException as error:  # the expression handed to test_func failed
        return of_error(exercise, ran.raised or describe_exception(error), lang)
    source = digest_of(exercise.functions, ran.namespace)
    title, state = exercise.title.in_language(lang), verdict.status
    if verdict.passed:
        return Finding(exercise.id, title, state, "", str(verdict), source)
    if verdict.results:
        verdict = replace(verdict, next_hint=next_hint)
    text = with_error(str(verdict), ran.raised, lang)
    shown = blocks_as_text(picture(exercise, verdict, lang), lang)
    return Finding(exercise.id, title, state, hint_of(verdict), text, source, shown)


def wanted_names(attempt: Attempt, exercise: Exercise, chapter: Chapter) -> set[str]:
    """The names that judging looks up: what is handed over, and the functions of the exercise
    and of those it needs."""
    names = {node.id for node in ast.walk(attempt.function) if isinstance(node, ast.Name)}
    needs = (chapter.exercises[need].functions for need in exercise.needs)
    return names.union(exercise.functions, *needs)


def _judge(
    session: Session,
    exercise: Exercise,
    function: ast.expr,
    place: str,
    namespace: dict[str, Any],
) -> Verdict:
    """Call ``test_func`` as the notebook does: with its expression, from its namespace."""
    namespace["<test_func>"] = functools.partial(
        session.test_func, exercise_id=exercise.id, multiple_output=len(exercise.outputs) > 1
    )
    call = ast.Call(ast.Name("<test_func>", ast.Load()), [function], [])
    expression = ast.fix_missing_locations(ast.Expression(call))
    return eval(compile(expression, place, "eval"), namespace)
