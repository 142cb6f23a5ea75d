"""Running the statements sliced from a notebook, as a notebook would run them."""

from __future__ import annotations
import __future__

import ast
import linecache
import sys
import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from utils.tester.names import Statement
from utils.tester.outcome import Raised
from utils.tester.program import Source
from utils.tester.tracebacks import describe_exception


@dataclass(frozen=True)
class Ran:
    """A namespace that statements were run in, and the first exception that came up."""

    namespace: dict[str, Any]
    raised: Raised | None


def run_statements(
    statements: Sequence[Statement],
    sources: Mapping[int, Source],
    given: Mapping[str, Any] | None = None,
) -> Ran:
    """Run statements in a fresh ``__main__``, cell by cell.

    An exception ends its cell and no other, as when cells are run one by one. Whatever looks a
    function's source up (tracebacks, the search for gaps) finds the cell.

    Args:
        statements: in the order in which they run.
        sources: the cells, by ``Statement.cell``.
        given: names that are there before the first statement.
    """
    main = types.ModuleType("__main__")
    main.__dict__.update(given or {})
    main.__dict__["display"] = lambda *_, **__: None  # a notebook has it without an import
    sys.modules["__main__"] = main
    for source in sources.values():
        lines = source.text.splitlines(keepends=True)
        linecache.cache[source.place] = (len(source.text), None, lines, source.place)
    raised, flags = None, 0
    for number, group in groupby(statements, key=lambda statement: statement.cell):
        nodes = [statement.node for statement in group]
        flags |= _future_flags(nodes)
        try:
            module = ast.Module(nodes, type_ignores=[])
            code = compile(module, sources[number].place, "exec", flags, dont_inherit=True)
            exec(code, main.__dict__)
        except BaseException as error:  # SystemExit too: it ends the learner's cell, not us
            raised = raised or describe_exception(error)
    return Ran(main.__dict__, raised)


def _future_flags(nodes: Sequence[ast.stmt]) -> int:
    """``from __future__ import ...`` holds for all cells below it."""
    names = [
        alias.name
        for node in nodes
        if isinstance(node, ast.ImportFrom) and node.module == "__future__"
        for alias in node.names
    ]
    features = [getattr(__future__, name, None) for name in names]
    return sum({feature.compiler_flag for feature in features if feature})
