"""Which of a notebook's statements are a learner's attempt at an exercise."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from utils.tester.names import Statement
from utils.tester.records import Exercise

_TEST_FUNC = "test_func"


@dataclass(frozen=True)
class Attempt:
    """An attempt at one exercise.

    Attributes:
        above: the statements in force: what runs before the function is handed over.
        function: what is handed to ``test_func``, as an expression.
        cell: the number of the cell where that happens.
    """

    above: Sequence[Statement]
    function: ast.expr
    cell: int


def find_attempt(statements: Sequence[Statement], exercise: Exercise) -> Attempt | None:
    """The attempt that counts: what stands at the last ``test_func`` call of the exercise.

    Where the call is gone, the cell with the last definition of one of the exercise's functions
    counts. None where there is neither.
    """
    names = _test_names(statements)
    for index in reversed(range(len(statements))):
        node = statements[index].node
        for call in _calls(node, names):
            if _mentions(call, exercise.id) and _handed(call) is not None:
                alone = isinstance(node, ast.Expr | ast.Assign)  # else it may define things too
                above = statements[: index if alone else index + 1]
                return Attempt(above, _handed(call), statements[index].cell)
    return _last_definition(statements, exercise)


def _last_definition(statements: Sequence[Statement], exercise: Exercise) -> Attempt | None:
    defining = [one.cell for one in statements if one.values.keys() & set(exercise.functions)]
    if not defining:
        return None
    above = [one for one in statements if one.cell <= defining[-1]]
    name = exercise.harness or exercise.functions[-1]
    return Attempt(above, ast.Name(name, ast.Load()), defining[-1])


def _test_names(statements: Sequence[Statement]) -> set[str]:
    """``test_func``, and the name that a learner may have given it."""
    names = {_TEST_FUNC}
    for statement in statements:
        match statement.node:
            case ast.Assign(
                targets=[ast.Tuple(elts=[ast.Name(id=name), *_])],
                value=ast.Call(func=ast.Name(id="load_from_chapter_name")),
            ):
                names.add(name)
    return names


def _calls(node: ast.stmt, names: Collection[str]) -> Iterator[ast.Call]:
    """The calls of ``names`` in a statement, but not those in functions that it defines."""
    waiting: list[ast.AST] = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        match part:
            case ast.Call(func=ast.Name(id=name)) if name in names:
                yield part
        waiting += ast.iter_child_nodes(part)


def _mentions(call: ast.Call, exercise_id: str) -> bool:
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    return any(isinstance(one, ast.Constant) and one.value == exercise_id for one in given)


def _handed(call: ast.Call) -> ast.expr | None:
    """The function argument of a call of ``test_func``."""
    named = [keyword.value for keyword in call.keywords if keyword.arg == "function"]
    return next(iter([*call.args[:1], *named]), None)
