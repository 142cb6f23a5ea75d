"""What a statement of a notebook reads and binds, told from its syntax."""

from __future__ import annotations

import ast
import builtins
import symtable
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

# Names for what has none: a statement that reads ANYTHING may read and bind any name (exec);
# IMPORTS is what sys.path and the like decide; CHAPTER is what load_from_chapter_name opened;
# IMPORTED are all names that the notebook imports.
ANYTHING, IMPORTS, CHAPTER, IMPORTED = "<anything>", "<imports>", "<chapter>", "<imported>"

# Ways to the notebook's namespace that do not name what they read and bind.
_BACK_DOORS = {
    ("importlib", "reload"),
    ("inspect", "currentframe"),
    ("inspect", "stack"),
    ("sys", "_getframe"),
}
# Where modules and files are looked for, and the methods that change that.
_SEARCHED = {("os", "environ"), ("sys", "modules"), ("sys", "path")}
_CHANGING = {"append", "clear", "extend", "insert", "pop", "remove", "setdefault", "update"}
_BUILTINS = frozenset(dir(builtins))
_AT_ONCE = frozenset({"listcomp", "setcomp", "dictcomp"})  # scopes that run where they stand
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


@dataclass(frozen=True)
class Borrowed:
    """What ``use_solution`` binds for one exercise, and what those functions may call."""

    binds: frozenset[str]
    reads: frozenset[str]


@dataclass(frozen=True)
class Statement:
    """One statement at the top of a cell.

    Attributes:
        cell: the number of its cell.
        node: its syntax.
        reads: names it reads when it runs.
        late_reads: names that functions it defines read when they are called.
        binds: names it may bind, delete, or change by assigning to an attribute or an item.
        late_binds: names that functions it defines may bind or change in that way.
        replaces: names of ``binds`` that it binds in any case, whatever they were before.
        told: names a method of which it calls for its effect, the result being thrown away.
        late_told: names a method of which functions it defines call so.
        values: for names it binds, the expressions they are bound to, None for an unknown one.
        imports: names it imports.
        star: whether it imports ``*``.
    """

    cell: int
    node: ast.stmt
    reads: frozenset[str] = frozenset()
    late_reads: frozenset[str] = frozenset()
    binds: frozenset[str] = frozenset()
    late_binds: frozenset[str] = frozenset()
    replaces: frozenset[str] = frozenset()
    told: frozenset[str] = frozenset()
    late_told: frozenset[str] = frozenset()
    values: Mapping[str, list[ast.expr | None]] = field(default_factory=dict)
    imports: frozenset[str] = frozenset()
    star: bool = False


def read_statement(
    cell: int, node: ast.stmt, borrowed: Mapping[str, Borrowed] | None = None
) -> Statement:
    """Look up what a statement reads and binds.

    Args:
        cell: the number of its cell.
        node: the statement.
        borrowed: for each exercise, what ``use_solution`` binds.
    """
    try:
        table = symtable.symtable(ast.unparse(node), "<statement>", "exec")
    except (SyntaxError, ValueError, RecursionError):  # too deep, or beyond unparse: take it all
        return Statement(cell, node, reads=frozenset({ANYTHING}))
    names = _Names(table, node)
    for exercise in names.solutions_used():
        names.borrow((borrowed or {}).get(exercise))
    return Statement(
        cell,
        node,
        reads=frozenset(names.reads),
        late_reads=frozenset(names.late_reads),
        binds=frozenset(names.binds),
        late_binds=frozenset(names.late_binds),
        replaces=frozenset(_replaced(node)),
        told=frozenset(names.told),
        late_told=frozenset(names.late_told),
        values=_values(node, names.reads),
        imports=frozenset(names.imports),
        star=names.star,
    )


class _Names:
    """Collects the names of one statement: scopes by symtable, the rest from the syntax."""

    def __init__(self, table: symtable.SymbolTable, node: ast.stmt) -> None:
        self.node = node
        self.reads: set[str] = set()
        self.late_reads: set[str] = set()
        self.binds: set[str] = set()
        self.late_binds: set[str] = set()
        self.told: set[str] = set()
        self.late_told: set[str] = set()
        self.imports: set[str] = set()
        self.star = False
        self._read_top(table)
        for child in table.get_children():
            self._read_scope(child, late=False)
        self._read_syntax()

    def _read_top(self, table: symtable.SymbolTable) -> None:
        for symbol in table.get_symbols():
            if symbol.is_assigned() or symbol.is_imported():
                self.binds.add(symbol.get_name())
            if symbol.is_referenced():
                self.reads.add(symbol.get_name())
            if symbol.is_imported():
                self.imports.add(symbol.get_name())

    def _read_scope(self, table: symtable.SymbolTable, late: bool) -> None:
        """Names of the notebook that a scope inside the statement reads and binds."""
        a_class = table.get_type() == "class"
        a_function = table.get_type() == "function" and table.get_name() not in _AT_ONCE
        late = late or a_function
        reads, binds = (self.late_reads, self.late_binds) if late else (self.reads, self.binds)
        for symbol in table.get_symbols():
            name = symbol.get_name()
            # The body of a class looks a name of its own up outside, until it has bound it.
            if symbol.is_referenced() and (symbol.is_global() or a_class):
                reads.add(name)
                if table.get_name() == "genexpr":
                    self.reads.add(name)
            if symbol.is_declared_global() and symbol.is_assigned():
                binds.add(name)
                reads.add(name)  # x += 1 counts as no reference
        for child in table.get_children():
            self._read_scope(child, late)

    def _read_syntax(self) -> None:
        for node in ast.walk(self.node):
            match node:
                case ast.AugAssign(target=ast.Name(id=name)) | ast.Name(id=name, ctx=ast.Del()):
                    if name in self.binds:
                        self.reads.add(name)
                case ast.Attribute():
                    self._read_attribute(_dotted(node))
                case ast.Subscript(value=ast.Attribute() as mapping):
                    if _dotted(mapping) == ("sys", "modules"):
                        self._note("sys", ANYTHING)
                case ast.alias(name="__main__"):
                    self.reads.add(ANYTHING)
                case ast.alias(name="*"):
                    self.star = True
                case ast.Call(func=ast.Name(id="setattr" | "delattr"), args=[changed, *_]):
                    self._changed(changed)
                case ast.Call(func=ast.Name(id="load_from_chapter_name" as base)):
                    self._note(base, CHAPTER)
            if isinstance(node, ast.Attribute | ast.Subscript) and not isinstance(
                node.ctx, ast.Load
            ):
                self._changed(node.value)
                changed = _dotted(node if isinstance(node, ast.Attribute) else node.value)
                if changed in _SEARCHED:
                    self._note(changed[0], IMPORTS)
            if isinstance(node, ast.Import | ast.ImportFrom):
                self.reads.add(IMPORTS)
            if isinstance(node, ast.Expr):
                self._effect(node.value)

    def _read_attribute(self, dotted: tuple[str, ...]) -> None:
        if dotted in _BACK_DOORS:
            self._note(dotted[0], ANYTHING)
        if dotted == ("os", "chdir") or (dotted[:-1] in _SEARCHED and dotted[-1] in _CHANGING):
            self._note(dotted[0], IMPORTS)

    def _note(self, base: str, hidden: str) -> None:
        """The statement mentions ``base`` in a way that concerns what ``hidden`` stands for."""
        targets = [(base in self.reads, self.reads, self.binds)]
        targets += [(base in self.late_reads, self.late_reads, self.late_binds)]
        for concerned, reads, binds in targets:
            if concerned:
                (reads if hidden == ANYTHING else binds).add(hidden)

    def _changed(self, node: ast.expr) -> None:
        """Something is assigned to an attribute or an item of what ``node`` gives."""
        for name in _bases(node):
            if name in self.reads:
                self.binds.add(name)
            if name in self.late_reads:
                self.late_binds.add(name)

    def _effect(self, node: ast.expr) -> None:
        """A call whose result nobody keeps, so that it can only be meant for its effect."""
        call = node.value if isinstance(node, ast.Await) else node
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
            for name in _bases(call.func.value):
                if name in self.reads:
                    self.told.add(name)
                if name in self.late_reads:
                    self.late_told.add(name)

    def solutions_used(self) -> Iterator[str]:
        """The exercises for which the statement calls ``use_solution``."""
        for node in ast.walk(self.node):
            match node:
                case ast.Call(
                    func=ast.Name(id="use_solution"), args=[ast.Constant(value=str(exercise)), *_]
                ):
                    yield exercise

    def borrow(self, solution: Borrowed | None) -> None:
        """Take up what ``use_solution`` does: anything, where that is not known."""
        if solution is None:
            self.reads.add(ANYTHING)
            return
        late = "use_solution" not in self.reads
        (self.late_binds if late else self.binds).update(solution.binds)
        (self.late_reads if late else self.reads).add(CHAPTER)
        self.late_reads.update(solution.reads, {IMPORTED})


def _bases(node: ast.expr) -> Iterator[str]:
    """The names at the root of ``a.b[0].c``; all the names in it where a call is on the way."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    if isinstance(node, ast.Name):
        yield node.id
    else:
        names = (part.id for part in ast.walk(node) if isinstance(part, ast.Name))
        yield from (name for name in names if name not in _BUILTINS)


def _dotted(node: ast.expr) -> tuple[str, ...]:
    """``("a", "b", "c")`` for ``a.b.c``; empty for anything else."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return (node.id, *reversed(names)) if isinstance(node, ast.Name) else ()


def _replaced(node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Assign(targets=targets) | ast.Delete(targets=targets):
            for target in targets:
                yield from _plain_names(target)
        case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is not None:
            yield name
        case ast.Import(names=names):  # import a.b adds to an a that may be there
            yield from (
                one.asname or one.name for one in names if one.asname or "." not in one.name
            )
        case ast.ImportFrom(names=names):
            yield from (one.asname or one.name for one in names if one.name != "*")


def _plain_names(target: ast.expr) -> Iterator[str]:
    match target:
        case ast.Name(id=name):
            yield name
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            for element in elements:
                yield from _plain_names(element)
        case ast.Starred(value=value):
            yield from _plain_names(value)


def _values(node: ast.stmt, reads: Collection[str]) -> dict[str, list[ast.expr | None]]:
    """What each name is bound to when the statement runs.

    A definition counts as the names it reads at once: a default value lives on in the function.
    """
    values: dict[str, list[ast.expr | None]] = {}
    definition = ast.Tuple([ast.Name(name) for name in reads])

    def bind(target: ast.expr, value: ast.expr | None) -> None:
        match target, value:
            case ast.Name(id=name), _:
                values.setdefault(name, []).append(value)
            case (
                ast.Tuple(elts=targets) | ast.List(elts=targets),
                ast.Tuple(elts=parts) | ast.List(elts=parts),
            ) if len(targets) == len(parts):
                for one, part in zip(targets, parts, strict=True):
                    bind(one, part)
            case _:
                for name in _plain_names(target):
                    values.setdefault(name, []).append(None)

    for part in _outside_scopes(node):
        match part:
            case (
                ast.FunctionDef(name=name)
                | ast.AsyncFunctionDef(name=name)
                | ast.ClassDef(name=name)
            ):
                bind(ast.Name(name), definition)
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    bind(target, value)
            case (
                ast.AnnAssign(target=target, value=value)
                | ast.AugAssign(target=target, value=value)
            ):
                bind(target, value)
            case ast.NamedExpr(target=target):
                bind(target, None)
            case ast.For(target=target) | ast.AsyncFor(target=target):
                bind(target, None)
            case ast.withitem(optional_vars=ast.expr() as target):
                bind(target, None)
            case (
                ast.ExceptHandler(name=str(name))
                | ast.MatchAs(name=str(name))
                | ast.MatchStar(name=str(name))
                | ast.MatchMapping(rest=str(name))
            ):
                bind(ast.Name(name), None)
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                for one in names:
                    bind(ast.Name(one.asname or one.name.partition(".")[0]), ast.Constant(None))
    return values


def _outside_scopes(node: ast.AST) -> Iterator[ast.AST]:
    """The node and what is in it, but not what is inside functions and classes."""
    yield node
    if not isinstance(node, _SCOPES):
        for child in ast.iter_child_nodes(node):
            yield from _outside_scopes(child)
