"""Whether there is enough in an exercise, and something left around its gaps."""

from __future__ import annotations

import ast

from tools.checkfile import CheckFile
from tools.exercise import Definition
from tools.gaps import cut_gaps
from tools.lesson import Cell
from tools.recorder import MIN_CASES

MIN_MISTAKES = 8
MIN_ALTERNATIVES = 6


def too_few(checks: CheckFile) -> list[str]:
    """What an exercise has too few of: public cases, mistakes, alternatives."""
    counts = {
        "public cases": (len(checks.cases()), MIN_CASES),
        "mistakes": (len(checks.mistakes), MIN_MISTAKES),
        "alternatives": (len(checks.alternatives), MIN_ALTERNATIVES),
    }
    return [
        f"{checks.file}: {count} {what}, fewer than {least}"
        for what, (count, least) in counts.items()
        if count < least
    ]


def emptied_functions(cell: Cell) -> list[str]:
    """The functions of which a learner gets nothing but the name, the docstring and ``...``.

    A gap that is a block and covers a whole body is hardly meant; ``return ...`` is.
    """
    return [
        cell.problem(
            f"of {node.name} nothing is left but the gap",
            "Leave the learner a line to start from, such as the return",
        )
        for node in ast.walk(ast.parse(cut_gaps(cell.source, "en")))
        if isinstance(node, Definition) and _is_empty(node)
    ]


def _is_empty(node: ast.stmt) -> bool:
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return all(
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and statement.value.value is Ellipsis
        for statement in body
    )
