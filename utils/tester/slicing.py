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

A statement that nothing needs is not run and so cannot fail: what stands below it in its cell
counts, although a notebook would have stopped there.

State that a function alone can reach, as a list made in its default value, is not followed from
call to call: a statement that calls a needed function does not come along for that.
"""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial

from utils.tester.names import ANYTHING, IMPORTED, IMPORTS, Borrowed, Statement, read_statement

_ANYTHING_IF_BUILTIN = frozenset(
    {"__builtins__", "eval", "exec", "get_ipython", "globals", "locals", "vars"}
)
_MAKES_CONSTANTS = frozenset(
    {"bool", "chr", "complex", "float", "int", "len", "ord", "range", "repr", "str"}
)

Version = tuple[str, int | None]  # a name, and the place of the statement that bound it anew


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
    """The dependencies among some statements, which are numbered by their place."""

    def __init__(self, statements: Sequence[Statement]) -> None:
        self.statements = statements
        self.imports = _union(statement.imports for statement in statements)
        bound = _union(statement.values for statement in statements)
        self.anything = {ANYTHING} | (_ANYTHING_IF_BUILTIN - bound)
        self.versions = _Versions(statements)
        self.variables = _variables(statements, self.versions, self.imports)
        self.objects = _Groups()
        self.about: dict[Version, list[int]] = {}
        self.reads: list[set[str]] = []  # of each statement, with the functions it may call
        self.binds: list[set[str]] = []
        size = None
        while size != self._size():  # what is known of some calls may tell more of others
            size = self._size()
            self._look_up_calls()
            self._join_objects()
            self._collect_statements_by_version()

    def slice(self, wanted: Collection[str]) -> list[Statement]:
        needed, _ = self._called(wanted, len(self.statements))
        everything = bool(needed & self.anything)
        kept = []
        for place in reversed(range(len(self.statements))):
            statement = self.statements[place]
            everything = everything or bool(self.reads[place] & self.anything)
            if everything or self._concerns(place, needed):
                kept.append(statement)
                needed = (needed - statement.replaces) | self.reads[place]
        return kept[::-1]

    def _concerns(self, place: int, needed: set[str]) -> bool:
        """Whether a statement may bind or change what is needed after it."""
        statement = self.statements[place]
        if statement.star or _is_future(statement.node) or self.binds[place] & needed:
            return True
        objects = {self.objects.find(one) for one in self._variables_in(needed, place)}
        read = self._variables_in(self.reads[place], place)
        return any(self.objects.find(one) in objects for one in read)

    def _variables_in(self, names: Iterable[str], place: int) -> set[Version]:
        return {self.versions.at(name, place) for name in names} & self.variables

    def _called(self, names: Iterable[str], place: int) -> tuple[set[str], set[str]]:
        """What may be read and bound when ``names``, as they stand at a place, are used there.

        Reads are ``names`` themselves and what is read by the functions that they lead to.
        """
        reads, binds = set(names), set()
        waiting = [self.versions.at(name, place) for name in reads]
        seen: set[Version | int] = set()
        while waiting:
            version = waiting.pop()
            if version in seen:
                continue
            seen.add(version)
            for other in self.about.get(version, ()):
                if other >= place or other in seen:
                    continue
                seen.add(other)
                statement = self.statements[other]
                reads |= statement.late_reads
                binds |= statement.late_binds | (statement.late_told - self.imports)
                waiting += (self.versions.at(name, other) for name in statement.reads)
                waiting += (self.versions.at(name, place) for name in statement.late_reads)
        return (reads | self.imports if IMPORTED in reads else reads), binds

    def _look_up_calls(self) -> None:
        self.reads, self.binds = [], []
        for place, statement in enumerate(self.statements):
            reads, binds = self._called(statement.reads, place)
            # A call meant to set something is given constants; plotting and saving, data.
            with_data = self._variables_in(statement.reads - self.imports, place)
            told = statement.told - self.imports if with_data else statement.told
            self.reads.append(reads)
            self.binds.append(binds | statement.binds | told)

    def _join_objects(self) -> None:
        """Names that meet in one statement may stand for the same object from then on."""
        for place in range(len(self.statements)):
            bound = self._bound_at(place) & self.variables
            self.objects.join(bound | self._variables_in(self.reads[place], place))

    def _collect_statements_by_version(self) -> None:
        """For each name's versions, collect the statements that bind or may change them."""
        about: dict[Version, set[int]] = {}
        grouped: dict[Version, list[Version]] = {}
        for one in self.variables:
            grouped.setdefault(self.objects.find(one), []).append(one)
        for place in range(len(self.statements)):
            read = self._variables_in(self.reads[place], place)
            changed = {self.objects.find(one) for one in read}
            same = {
                one
                for group in changed
                for one in grouped[group]
                if self.versions.at(one[0], place) == one  # current
            }
            for version in self._bound_at(place) | same:
                about.setdefault(version, set()).add(place)
        self.about = {version: sorted(places) for version, places in about.items()}

    def _bound_at(self, place: int) -> set[Version]:
        """What a statement binds; where modules are found is nobody's doing in particular."""
        replaces = self.statements[place].replaces
        return {
            (name, place) if name in replaces else self.versions.at(name, place)
            for name in self.binds[place] - {IMPORTS}
        }

    def _size(self) -> tuple[int, int]:
        return self.objects.joined, sum(map(len, self.about.values()))


class _Versions:
    """Which binding a name stands for at a place: the last that was sure to replace it."""

    def __init__(self, statements: Sequence[Statement]) -> None:
        self._replaced: dict[str, list[int]] = {}
        for place, statement in enumerate(statements):
            for name in statement.replaces:
                self._replaced.setdefault(name, []).append(place)

    def at(self, name: str, place: int) -> Version:
        """The version that the statement at ``place`` reads."""
        replaced = self._replaced.get(name, ())
        count = bisect_left(replaced, place)
        return name, replaced[count - 1] if count else None

    def is_constant(self, place: int, variables: Collection[Version], name: str) -> bool:
        """Whether ``name`` at ``place`` is none of ``variables``."""
        return self.at(name, place) not in variables


class _Groups:
    """Disjoint groups of versions; one that was never joined is a group by itself."""

    def __init__(self) -> None:
        self.joined = 0
        self._above: dict[Version, Version] = {}

    def find(self, version: Version) -> Version:
        """The version that stands for the group."""
        top = version
        while top in self._above:
            top = self._above[top]
        while version != top:  # so that the way up is short the next time
            self._above[version], version = top, self._above[version]
        return top

    def join(self, versions: Iterable[Version]) -> None:
        """Make one group of the groups of ``versions``."""
        first, *others = {self.find(version) for version in versions} or {None}
        for other in others:
            self._above[other] = first
            self.joined += 1


def _variables(
    statements: Sequence[Statement], versions: _Versions, imports: Collection[str]
) -> set[Version]:
    """Versions that may stand for objects that change: those not bound to constants alone."""
    bindings = [
        ((name, place) if name in statement.replaces else versions.at(name, place), value, place)
        for place, statement in enumerate(statements)
        for name, values in statement.values.items()
        for value in values
    ]
    variables: set[Version] = set()
    while True:
        found = {
            version
            for version, value, place in bindings
            if not _is_constant(value, partial(versions.is_constant, place, variables), imports)
        }
        if found == variables:
            return variables
        variables = found


def _is_constant(
    node: ast.expr | None, is_constant_name: Callable[[str], bool], imports: Collection[str]
) -> bool:
    """Whether an expression gives a number, a text, a function, a class, or a tuple of these."""

    def constant(*parts: ast.expr | None) -> bool:
        return all(_is_constant(part, is_constant_name, imports) for part in parts)

    match node:
        case ast.Constant() | ast.JoinedStr() | ast.Compare():
            return True
        case ast.Name(id=name):
            return is_constant_name(name)
        case ast.Attribute(value=ast.Name(id=name)):  # np.pi
            return name in imports and is_constant_name(name)
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
            return name in _MAKES_CONSTANTS and is_constant_name(name)
    return False


def _is_future(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _union(sets: Iterable[Collection[str]]) -> set[str]:
    return set().union(*sets)
