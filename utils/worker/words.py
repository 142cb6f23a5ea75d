"""What an answer is written with: its own words, and those it has from the library."""

from __future__ import annotations

import ast
import hashlib
import inspect
import io
import tokenize
from collections.abc import Iterable, Sequence

from utils.tester.names import Statement
from utils.tester.program import Program
from utils.tester.values import LIBRARY

_LIBRARY = "utils"
_SPACING = {
    tokenize.NEWLINE,
    tokenize.NL,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}


def digest_of(statements: Iterable[Statement], program: Program) -> str:
    """A hash of statements as they are written, comments included and spacing left out."""
    tokens: list[str] = []
    for statement in statements:
        lines = program.sources[statement.cell].text.splitlines(keepends=True)
        first, last = _span(statement.node)
        tokens += words_of("".join(lines[first - 1 : last]))
    return hashlib.sha256("\n".join(tokens).encode(errors="replace")).hexdigest()


def words_of(source: str) -> list[str]:
    """The tokens of a piece of Python, without spacing; its lines where it is none."""
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (tokenize.TokenError, SyntaxError):
        return source.split()
    return [token.string for token in tokens if token.type not in _SPACING]


def library_words(statements: Sequence[Statement], harness: str | None) -> list[str]:
    """What definitions use of the library: names imported from it, methods of its classes."""
    imported: dict[str, str] = {}
    for statement in statements:
        if isinstance(statement.node, ast.ImportFrom) and _is_library(statement.node.module):
            module = statement.node.module
            names = statement.node.names
            imported |= {one.asname or one.name: f"{module}.{one.name}" for one in names}
    used = set()
    for statement in statements:
        if getattr(statement.node, "name", None) == harness:
            continue
        for node in ast.walk(statement.node):
            match node:
                case ast.Name(id=name) if name in imported:
                    used.add(imported[name])
                case ast.Attribute(attr=name) if name in _METHODS:
                    used.add(f".{name}")
    return sorted(used)


def _is_library(module: str | None) -> bool:
    return module is not None and module.partition(".")[0] == _LIBRARY


def _methods() -> frozenset[str]:
    """The methods of the library's classes."""
    return frozenset(
        name
        for kind in LIBRARY.values()
        for name, member in inspect.getmembers(kind.cls, inspect.isfunction)
        if not name.startswith("_")
    )


_METHODS = _methods()


def _span(node: ast.stmt) -> tuple[int, int]:
    """The lines of a statement, those of its decorators included."""
    decorators = getattr(node, "decorator_list", [])
    return min([node.lineno, *(one.lineno for one in decorators)]), node.end_lineno or node.lineno
