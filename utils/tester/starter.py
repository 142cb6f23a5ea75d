"""Where an exercise stands in a learner's notebook, and what its cell was like when it came."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from utils.tester.notebook import CodeCell
from utils.tester.records import Exercise

_COMMENT = re.compile(r"^\s*#.*$", re.MULTILINE)
_CALL = re.compile(r"\btest_func\s*\(")
_TEXT = r"\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'"
_PIECE = re.compile(rf"#.*|(?P<text>{_TEXT})|(?P<open>[(\[{{])|[)\]}}]")


def cell_id(exercise: str) -> str:
    """The id of an exercise's code cell in a notebook as it comes."""
    return f"exercise-{exercise}"


def cell_of(exercise: Exercise, cells: Iterable[CodeCell]) -> int | None:
    """The number of the exercise's code cell: that of its last ``test_func``, else of its last
    definition; None if there is neither.

    Told from the text alone, so that a cell that Python cannot read is found too.
    """
    cells = list(cells)
    tested = [cell.number for cell in cells if _tests(cell.source, exercise.id)]
    return max(
        tested or [cell.number for cell in cells if defined_in(cell, exercise)], default=None
    )


def defined_in(cell: CodeCell, exercise: Exercise) -> list[str]:
    """Those of the exercise's functions that a cell defines."""
    names = map(re.escape, exercise.functions)
    definition = re.compile(rf"^\s*(?:async\s+def|def|class)\s+({'|'.join(names)})\b", re.MULTILINE)
    return list(dict.fromkeys(definition.findall(cell.source)))


def _tests(source: str, exercise: str) -> bool:
    return exercise in judged_in(_COMMENT.sub("", source))


def judged_in(source: str) -> Iterator[str]:
    """What a cell's text hands to ``test_func`` as text, call by call: its exercises.

    Found by the text and not by syntax: a learner's cell may not be Python at the moment.
    """
    for call in _CALL.finditer(source):
        text = _first_text(source, call.end())
        if text:
            yield text


def _first_text(source: str, start: int) -> str | None:
    """The first string among the arguments of a call whose parenthesis opens before ``start``."""
    depth = 1
    for piece in _PIECE.finditer(source, start):
        if piece["text"] and depth == 1:
            return piece["text"][1:-1]
        if piece["open"]:
            depth += 1
        elif piece[0] in (")", "]", "}"):
            depth -= 1
        if depth == 0:
            return None
    return None
