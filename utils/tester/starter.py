"""Where an exercise stands in a learner's notebook, and what its cell was like when it came."""

from __future__ import annotations

import re
from collections.abc import Iterable

from utils.tester.notebook import CodeCell
from utils.tester.records import Exercise

_COMMENT = re.compile(r"^\s*#.*$", re.MULTILINE)


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
    code = _COMMENT.sub("", source)
    return "test_func(" in code and re.search(rf"[\"']{re.escape(exercise)}[\"']", code) is not None
