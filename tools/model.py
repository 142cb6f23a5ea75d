"""The model's answer to an exercise, run from the lesson; and its variants, right and wrong."""

from __future__ import annotations

import ast
import linecache
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tools.checks import Alternative, Mistake
from tools.exercise import HARNESS, Definition, first_line, split_exercise
from tools.lesson import Cell, Lesson

Replacements = Sequence[tuple[str, str]]


class ModelError(Exception):
    """An answer that cannot be run; its text is ``file: what. remedy.``"""


@dataclass(frozen=True)
class Answer:
    """An answer that can be called as a learner's is.

    Attributes:
        function: what the cell hands to ``test_func``.
        namespace: where the functions stand that cases call by name.
    """

    function: Callable[..., Any]
    namespace: dict[str, Any]


class ModelNamespace:
    """Runs one exercise of a lesson: the chapter's imports, the exercises it needs, its cell.

    Of the imports those that stand at the top level of code cells before the exercise, of needed
    exercises the definitions without their harness; nothing is tested, drawn or printed.

    Args:
        lesson: the chapter.
        exercise: its id.
        check_file: the exercise's check file, for messages.
    """

    def __init__(self, lesson: Lesson, exercise: str, check_file: str) -> None:
        self._name = f"{lesson.chapter} {exercise}"
        self._cell = lesson.exercise(exercise)
        self._check_file = check_file
        self._before = [*_imports_before(lesson, self._cell), *_needed(lesson, self._cell)]
        self._tested = split_exercise(self._cell.source).tested

    def model(self) -> Answer:
        """The lesson's own answer.

        Raises:
            ModelError: it cannot be run.
        """
        return self._run(self._cell.source, "model")

    def mistake(self, mistake: Mistake) -> Answer:
        """The answer with a mistake in it.

        Raises:
            ModelError: the mistake no longer applies, or what it makes cannot be run.
        """
        what = f"mistake {mistake.name!r}"
        return self._run(self._replaced(mistake.replace, what), what)

    def alternative(self, alternative: Alternative) -> Answer:
        """The answer in another style.

        Raises:
            ModelError: the alternative no longer applies, or what it makes cannot be run.
        """
        what = f"alternative {alternative.name!r}"
        source = self._replaced(alternative.replace, what)
        return self._run(source, what, alternative.code)

    def _replaced(self, replace: Replacements, what: str) -> str:
        """The cell's source with every old text replaced; all are looked for in the original."""
        source = self._cell.source
        places = []
        for pair in replace:
            if not (isinstance(pair, tuple) and len(pair) == 2):
                raise ModelError(
                    f"{self._check_file}: {what} replaces {pair!r}, which is no pair. "
                    "Write ((old, new),)."
                )
            old, new = pair
            if source.count(old) != 1:
                raise ModelError(
                    f"{self._check_file}: {what} no longer applies: {old!r} occurs "
                    f"{source.count(old)} times in the exercise's cell ({self._cell.file}), not "
                    "once. Write it anew."
                )
            places.append((source.index(old), old, new))
        places.sort(reverse=True)
        for (later, _, _), (start, old, _) in pairwise(places):
            if start + len(old) > later:
                raise ModelError(
                    f"{self._check_file}: {what} replaces overlapping texts: {old!r} and what "
                    "follows it. Write them as one."
                )
        for start, old, new in places:
            source = source[:start] + new + source[start + len(old) :]
        return source

    def _run(self, source: str, what: str, more: str = "") -> Answer:
        namespace: dict[str, Any] = {"__name__": f"{self._name} {what}"}
        try:
            for number, part in enumerate(self._before):
                _execute(part, namespace, f"<{self._name} before {number}>")
            _execute(_definitions(source), namespace, f"<{self._name} {what}>")
            _execute(more, namespace, f"<{self._name} {what}, code>")
        except Exception as error:  # an answer may fail in any way
            file = self._cell.file if what == "model" else self._check_file
            raise ModelError(
                f"{file}: {what} of {self._name} cannot be run: {type(error).__name__}: {error}. "
                "Correct it."
            ) from error
        return Answer(namespace[self._tested], namespace)


def chapter_imports(lesson: Lesson) -> list[str]:
    """The import statements at the top level of the chapter's code cells, in order."""
    return [text for cell in lesson.cells for text in _imports_of(cell)]


def imports_for(lesson: Lesson, sources: Iterable[str]) -> list[str]:
    """Those of the chapter's imports whose names stand in the sources, be it in a comment.

    The others decide nothing of what is made from the sources, and some take a second to load.
    """
    words = {word for source in sources for word in re.findall(r"\w+", source)}
    return [text for text in chapter_imports(lesson) if words & _bound(text)]


def _bound(statement: str) -> set[str]:
    """The names that an import statement binds."""
    names = ast.parse(statement).body[0].names
    return {one.asname or one.name.partition(".")[0] for one in names}


def _imports_before(lesson: Lesson, exercise: Cell) -> list[str]:
    before = lesson.cells[: lesson.cells.index(exercise)]
    return [text for cell in before for text in _imports_of(cell)]


def _imports_of(cell: Cell) -> list[str]:
    if cell.kind != "code" or cell.setup or cell.exercise or cell.answer:
        return []
    return [
        ast.get_source_segment(cell.source, node)
        for node in ast.parse(cell.source).body
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]


def needed_exercises(lesson: Lesson, exercise: Cell) -> list[Cell]:
    """The exercises that this one needs, those they need before them."""
    wanted: set[str] = set()
    waiting = list(exercise.needs)
    while waiting:
        name = waiting.pop()
        if name not in wanted:
            wanted.add(name)
            waiting += lesson.exercise(name).needs
    return [cell for cell in lesson.exercises if cell.exercise in wanted]


def _needed(lesson: Lesson, exercise: Cell) -> list[str]:
    """Their definitions, without harness."""
    cells = needed_exercises(lesson, exercise)
    return [_definitions(cell.source, without=HARNESS) for cell in cells]


def _definitions(source: str, without: str | None = None) -> str:
    """The source with everything blanked but definitions, so that lines keep their numbers."""
    lines = source.split("\n")
    kept = [""] * len(lines)
    for node in ast.parse(source).body:
        if isinstance(node, Definition) and node.name != without:
            span = slice(first_line(node) - 1, node.end_lineno)
            kept[span] = lines[span]
    return "\n".join(kept)


def _execute(source: str, namespace: dict[str, Any], filename: str) -> None:
    # Known to linecache, so that tracebacks and inspect find the text.
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    exec(compile(source, filename, "exec"), namespace)
