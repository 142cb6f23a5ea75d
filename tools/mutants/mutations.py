"""All mutants of an answer: mutmut's operators and the field's own, wherever they apply."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst
from libcst.metadata import ExpressionContext, ExpressionContextProvider, MetadataWrapper
from mutmut.mutation.mutators import mutation_operators

from tools.exercise import split_exercise
from tools.mutants.field import OPERATORS, Operator, Scope

LIBRARY: tuple[Operator, ...] = tuple(
    (function.__name__.removeprefix("operator_"), kind, lambda node, scope, f=function: f(node))
    for kind, function in mutation_operators
)
LOOPS = cst.For | cst.While | cst.CompFor


@dataclass(frozen=True)
class Mutant:
    """An answer with one small change.

    Attributes:
        operator: what changed it.
        function: where.
        before, after: the changed lines, without indentation, as ``plain_answer`` writes them.
        source: the whole answer.
        in_loop: whether the change is inside a loop, so that one may never end by it.
    """

    operator: str
    function: str
    before: str
    after: str
    source: str
    in_loop: bool


def plain_answer(cell: str) -> str:
    """The definitions that a learner completes, given lines and answers alike: one statement a
    line, without comments and docstrings, and without the harness."""
    functions = split_exercise(cell).functions.values()
    return "\n\n".join(ast.unparse(_normal(ast.parse(source))) for source in functions) + "\n"


def mutants_of(answer: str) -> list[Mutant]:
    """Every mutant of a plain answer that is another program, each once, in the text's order."""
    seen = {_identity(answer)}
    found = []
    for operator, place, source in _changed_sources(answer):
        identity = _identity(source)
        if identity is None or identity in seen:
            continue
        seen.add(identity)
        before, after = _changed_lines(answer, source)
        found.append(Mutant(operator, place.function, before, after, source, place.in_loop))
    return found


@dataclass(frozen=True)
class _Place:
    function: str
    in_loop: bool


def _changed_sources(answer: str) -> Iterator[tuple[str, _Place, str]]:
    wrapper = MetadataWrapper(cst.parse_module(answer))
    contexts = wrapper.resolve(ExpressionContextProvider)
    walk = _Walk()
    wrapper.module.visit(walk)
    for node, place, function in walk.nodes:
        reads = contexts.get(node) is ExpressionContext.LOAD
        scope = Scope(*_names(function), reads)
        for operator, kind, change in (*LIBRARY, *OPERATORS):
            if isinstance(node, kind):
                for new in change(node, scope):
                    yield operator, place, wrapper.module.deep_replace(node, new).code


class _Walk(cst.CSTVisitor):
    """Collects the nodes inside functions, each with its place."""

    def __init__(self) -> None:
        self.nodes: list[tuple[cst.CSTNode, _Place, cst.FunctionDef]] = []
        self._above: list[cst.CSTNode] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        parent = self._above[-1] if self._above else None
        self._above.append(node)
        named = [n for n in self._above if isinstance(n, cst.FunctionDef | cst.ClassDef)]
        functions = [n for n in named if isinstance(n, cst.FunctionDef)]
        # The keyword of an argument looks like a variable's name and is none.
        keyword = isinstance(parent, cst.Arg) and parent.keyword is node
        if functions and not keyword:
            in_loop = any(isinstance(n, LOOPS) for n in self._above)
            place = _Place(".".join(n.name.value for n in named), in_loop)
            self.nodes.append((node, place, functions[-1]))
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        self._above.pop()


def _names(function: cst.FunctionDef) -> tuple[tuple[str, ...], dict[str, str]]:
    """A function's parameters and variables, and the code of its default values."""
    code = cst.Module([function]).code
    tree = ast.parse(code).body[0]
    stored = [
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    ]
    parameters = function.params.params
    names = dict.fromkeys([param.name.value for param in parameters] + stored)
    defaults = {
        param.name.value: cst.Module([]).code_for_node(param.default)
        for param in (*parameters, *function.params.kwonly_params)
        if param.default
    }
    return tuple(names), defaults


def _identity(source: str) -> str | None:
    """Equal for programs that are the same but for layout; None for what is no program."""
    try:
        compile(source, "<mutant>", "exec")
    except (SyntaxError, ValueError):
        return None
    return ast.dump(_normal(ast.parse(source)))


def _normal(tree: ast.Module) -> ast.Module:
    """The tree without docstrings, and with statements that do nothing left out."""
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            kept = [statement for statement in body if not _idle(statement)]
            node.body = kept or [ast.Pass()]
    return tree


def _idle(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Pass) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant | ast.Name)
    )


def _changed_lines(before: str, after: str) -> tuple[str, str]:
    """What is between the lines that both texts begin and end with."""
    one, other = before.splitlines(), after.splitlines()
    while one and other and one[0] == other[0]:
        del one[0], other[0]
    while one and other and one[-1] == other[-1]:
        del one[-1], other[-1]
    return textwrap.dedent("\n".join(one)).strip(), textwrap.dedent("\n".join(other)).strip()
