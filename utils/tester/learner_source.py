"""What a learner has written: the gaps not filled yet, and what tells one answer from another.

A gap left as it came is an Ellipsis that stands as a value assigned or returned, as a condition,
or as a statement. The source is the cell's own (IPython keeps it in ``linecache``) or the file's;
where there is none, as under ``python -c``, no gap is found and the function is simply run.
"""

from __future__ import annotations

import ast
import hashlib
import io
import linecache
import tokenize
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from inspect import unwrap
from types import CodeType, FunctionType
from typing import Any

from utils.tester.tracebacks import place_name


@dataclass(frozen=True)
class UntouchedGap:
    """A gap as it came: the function it stands in, its place and line there, and its TODO text."""

    function: str
    place: str
    line: int
    todo: str


def untouched_gaps(names: Iterable[str], namespace: Mapping[str, Any]) -> list[UntouchedGap]:
    """The gaps left in the functions and classes ``names`` as ``namespace`` defines them."""
    found = []
    for name in names:
        code = _code_of(namespace.get(name))
        if code is None:
            continue
        source = "".join(linecache.getlines(code.co_filename))
        found += gaps_in_source(source, name, place_name(code.co_filename), code.co_firstlineno)
    return found


def digest_of(names: Iterable[str], namespace: Mapping[str, Any]) -> str:
    """A hash of the functions and classes ``names`` as ``namespace`` defines them.

    Comments and line breaks do not count. A function without a source is told by its code.
    """
    digest = hashlib.sha256()
    for name in names:
        code = _code_of(namespace.get(name))
        if code is not None:
            digest.update(f"{name} {_content(name, code)}\n".encode(errors="replace"))
    return digest.hexdigest()[:16]


def _content(name: str, code: CodeType) -> str:
    try:
        tree = ast.parse("".join(linecache.getlines(code.co_filename)))
        return ast.dump(_definition(tree, name, code.co_firstlineno))
    except (SyntaxError, ValueError, TypeError, RecursionError):
        return f"{code.co_code.hex()} {code.co_names} {code.co_consts}"


def gaps_in_source(
    source: str, name: str, place: str = "", at_line: int | None = None
) -> list[UntouchedGap]:
    """The gaps left in the definition of ``name``: the one that holds ``at_line``, else the last.

    A source that cannot be parsed has none that could be told.
    """
    try:
        tree = ast.parse(source)
        comments = _todo_comments(source)
    except (SyntaxError, ValueError, tokenize.TokenError):
        return []
    definition = _definition(tree, name, at_line)
    if definition is None:
        return []
    return [
        UntouchedGap(name, place, line, _todo_of(node, comments))
        for node, line in _ellipses(definition)
    ]


def _code_of(thing: Any) -> CodeType | None:
    """The code of a function, or of any method that a class itself defines."""
    if isinstance(thing, type):
        for member in vars(thing).values():
            member = getattr(member, "fget", getattr(member, "__func__", member))
            code = _code_of(member) if not isinstance(member, type) else None
            if code is not None:
                return code
        return None
    thing = unwrap(thing) if callable(thing) else thing
    return thing.__code__ if isinstance(thing, FunctionType) else None


def _definition(tree: ast.AST, name: str, at_line: int | None) -> ast.AST | None:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    found = [n for n in ast.walk(tree) if isinstance(n, kinds) and n.name == name]
    if at_line is not None:
        found = [n for n in found if _first_line(n) <= at_line <= n.end_lineno] or found
    return max(found, key=lambda node: node.lineno, default=None)


def _first_line(node: Any) -> int:
    return min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])


def _ellipses(definition: ast.AST) -> Iterator[tuple[ast.stmt, int]]:
    """Each statement that is a gap, with the line its Ellipsis stands on, from top to bottom."""
    gaps = []
    for node in ast.walk(definition):
        match node:
            case (
                ast.Assign(value=value)
                | ast.AugAssign(value=value)
                | ast.AnnAssign(value=value)
                | ast.Return(value=value)
                | ast.Expr(value=value)
                | ast.If(test=value)
                | ast.While(test=value)
            ) if isinstance(value, ast.Constant) and value.value is ...:
                gaps.append((node, value.lineno))
    yield from sorted(gaps, key=lambda gap: gap[1])


def _todo_comments(source: str) -> dict[int, str]:
    """The text of each ``# TODO ...`` comment, by line."""
    comments = {}
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            word, _, text = token.string.lstrip("# ").partition(" ")
            if word == "TODO":
                comments[token.start[0]] = text.strip()
    return comments


def _todo_of(node: ast.stmt, comments: Mapping[int, str]) -> str:
    """The TODO text on the gap's own lines, else on the line above it."""
    last = node.body[0].lineno - 1 if isinstance(node, ast.If | ast.While) else node.end_lineno
    lines = [*range(node.lineno, last + 1), node.lineno - 1]
    return next((comments[line] for line in lines if line in comments), "")
