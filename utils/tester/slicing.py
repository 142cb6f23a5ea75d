"""Taking out of a notebook the statements that some of its names depend on.

A learner's function may use helpers, constants and imports from any cell, but not the hour-long
demonstration between them. The slice is what the function needs: statements that bind a needed
name (of several, what counts is what stands when all have run), that change it, and what those
need in turn, each with what the functions it calls read and bind. The rules, from sure to careful:

- A name bound only to constants, imports, functions and classes changes by being bound again, by
  an assignment to its attributes or items, or by a call of its methods that is a statement of its
  own: ``np.random.seed(0)``, ``FORCEReadout.step = faster``.
- Any other name may hold something that changes: every statement that mentions it comes along,
  and every one that mentions a name which may stand for the same object.
- ``from x import *`` always comes along. Where a statement that may bind anything has stood
  (``exec``, ``globals``), everything above it comes along.

State that a function keeps for itself (in a default value, in a closure) is not followed from call
to call: a statement that calls a needed function does not come along for that.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from utils.tester.names import ANYTHING, IMPORTED, Borrowed, Statement, read_statement

_ANYTHING_IF_BUILTIN = frozenset(
    {"__builtins__", "eval", "exec", "get_ipython", "globals", "locals", "vars"}
)
_MAKES_CONSTANTS = frozenset(
    {"bool", "chr", "complex", "float", "int", "len", "ord", "range", "repr", "str"}
)
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def read_statements(
    cells: Mapping[int, ast.Module], borrowed: Mapping[str, Borrowed] | None = None
) -> list[Statement]:
    """The statements of parsed cells, by number and in order (see ``names.read_statement``)."""
    return [
        read_statement(number, node, borrowed)
        for number, cell in cells.items()
        for node in cell.body
    ]


def slice_statements(statements: Sequence[Statement], wanted: Collection[str]) -> list[Statement]:
    """Those of the statements that ``wanted`` names depend on, in order.

    Running them gives the names, and what their functions need when called, the values that they
    have after all the statements.
    """
    return _Slicer(statements).slice(wanted)


class _Slicer:
    """The dependencies among some statements; only ``slice`` minds their order."""

    def __init__(self, statements: Sequence[Statement]) -> None:
        self.statements = statements
        self.imports = _union(statement.imports for statement in statements)
        bound = _union(statement.values for statement in statements)
        self.anything = {ANYTHING} | (_ANYTHING_IF_BUILTIN - bound)
        self.variables = _variables(statements, self.imports)
        self.objects = _Groups()
        self.links: dict[str, _Links] = {}
        count = None
        while count != self.objects.joined:  # what is found to be one object may lead further
            count = self.objects.joined
            self._link_names()
            self._join_objects()

    def slice(self, wanted: Collection[str]) -> list[Statement]:
        needed = self._with_called(wanted)
        everything = bool(needed & self.anything)
        kept = []
        for statement in reversed(self.statements):
            reads = self._with_called(statement.reads)
            everything = everything or bool(reads & self.anything)
            if everything or self._concerns(statement, reads, needed):
                kept.append(statement)
                needed = (needed - statement.replaces) | reads
        return kept[::-1]

    def _concerns(self, statement: Statement, reads: set[str], needed: set[str]) -> bool:
        """Whether a statement may bind or change what is needed after it."""
        if statement.star or _is_future(statement.node) or self._binds(statement) & needed:
            return True
        objects = {self.objects.find(name) for name in needed & self.variables}
        return any(self.objects.find(name) in objects for name in reads & self.variables)

    def _with_called(self, names: Iterable[str]) -> set[str]:
        """``names``, and what the functions that they lead to read when they are called."""
        names = set(names)
        reads = names | _union(self.links[name].reads for name in self._led_to(names))
        return reads | self.imports if IMPORTED in reads else reads

    def _binds(self, statement: Statement) -> set[str]:
        """What a statement may bind or change, itself or by the functions that it may call."""
        late = _union(self.links[name].binds for name in self._led_to(statement.reads))
        # A call meant to set something is given constants; plotting and saving are given data.
        with_data = (statement.reads - self.imports) & self.variables
        told = statement.told - self.imports if with_data else statement.told
        return statement.binds | late | told

    def _led_to(self, names: Iterable[str]) -> set[str]:
        """``names`` as far as they are bound here, and all names in their definitions, and on."""
        seen: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name not in seen and name in self.links:
                seen.add(name)
                waiting += self.links[name].names
        return seen

    def _link_names(self) -> None:
        """For each name, put together what the statements say that define or may change it."""
        about: dict[str, list[Statement]] = {}
        for statement in self.statements:
            changed = {self.objects.find(name) for name in statement.reads & self.variables}
            same = {name for name in self.variables if self.objects.find(name) in changed}
            for name in statement.binds | statement.late_binds | same:
                about.setdefault(name, []).append(statement)
        self.links = {name: self._links_of(statements) for name, statements in about.items()}

    def _links_of(self, statements: Sequence[Statement]) -> _Links:
        links = _Links()
        for statement in statements:
            links.names |= statement.reads | statement.late_reads
            links.reads |= statement.late_reads
            links.binds |= statement.late_binds | (statement.late_told - self.imports)
            if isinstance(statement.node, _DEFINITIONS):  # default values live on in the function
                links.reads |= statement.reads & self.variables
        return links

    def _join_objects(self) -> None:
        """Names that meet in one statement may stand for the same object from then on."""
        for statement in self.statements:
            met = (statement.binds | self._with_called(statement.reads)) & self.variables
            self.objects.join(met)


@dataclass
class _Links:
    """Of one name: the names in its definitions, and what its functions read and bind."""

    names: set[str] = field(default_factory=set)
    reads: set[str] = field(default_factory=set)
    binds: set[str] = field(default_factory=set)


class _Groups:
    """Disjoint groups of names; a name that was never joined is a group by itself."""

    def __init__(self) -> None:
        self.joined = 0
        self._above: dict[str, str] = {}

    def find(self, name: str) -> str:
        """The name that stands for the group."""
        while name in self._above:
            name = self._above[name]
        return name

    def join(self, names: Iterable[str]) -> None:
        """Make one group of the groups of ``names``."""
        roots = sorted({self.find(name) for name in names})
        for root in roots[1:]:
            self._above[root] = roots[0]
            self.joined += 1


def _variables(statements: Sequence[Statement], imports: Collection[str]) -> frozenset[str]:
    """Names that may stand for objects that change: those not bound to constants alone."""
    bindings = [
        (name, value)
        for statement in statements
        for name, values in statement.values.items()
        for value in values
    ]
    variables: frozenset[str] = frozenset()
    while True:
        found = frozenset(
            name for name, value in bindings if not _is_constant(value, variables, imports)
        )
        if found == variables:
            return variables
        variables = found


def _is_constant(
    node: ast.expr | None, variables: frozenset[str], imports: Collection[str]
) -> bool:
    """Whether an expression gives a number, a text, a function, a class, or a tuple of these."""

    def constant(*parts: ast.expr | None) -> bool:
        return all(_is_constant(part, variables, imports) for part in parts)

    match node:
        case ast.Constant() | ast.JoinedStr() | ast.Compare():
            return True
        case ast.Name(id=name):
            return name not in variables
        case ast.Attribute(value=ast.Name(id=name)):  # np.pi
            return name in imports and name not in variables
        case ast.UnaryOp(operand=value):
            return constant(value)
        case ast.BinOp(left=left, right=right):
            return constant(left, right)
        case ast.BoolOp(values=parts) | ast.Tuple(elts=parts):
            return constant(*parts)
        case ast.IfExp(body=body, orelse=orelse):
            return constant(body, orelse)
        case ast.Lambda(args=arguments):
            return constant(*arguments.defaults, *(d for d in arguments.kw_defaults if d))
        case ast.Call(func=ast.Name(id=name)):
            return name in _MAKES_CONSTANTS and name not in variables
    return False


def _is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _union(sets: Iterable[Collection[str]]) -> set[str]:
    return set().union(*sets)
