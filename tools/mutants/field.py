"""The field's own mutations: what goes wrong with arrays, steps and state.

Operators are of mutmut's form, a class of libcst nodes and a function that yields what may stand in
such a node's place, but are told the scope too: which names could have been meant instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import libcst as cst
import libcst.matchers as m


@dataclass(frozen=True)
class Scope:
    """Where a node stands.

    Attributes:
        names: the parameters and local variables of its function.
        defaults: the code of its function's default values, by parameter.
        reads: whether the node is a name, or the like, whose value is read.
    """

    names: Sequence[str]
    defaults: Mapping[str, str]
    reads: bool


Operator = tuple[str, type[cst.CSTNode], Callable[[Any, Scope], Iterable[cst.CSTNode]]]


def _code(node: cst.CSTNode) -> str:
    return cst.Module([]).code_for_node(node)


def _expression(template: str, node: cst.CSTNode) -> cst.BaseExpression:
    return cst.parse_expression(template.format(_code(node)))


def _by_one(node: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    yield _expression("({} + 1)", node)
    yield _expression("({} - 1)", node)


def index_off_by_one(node: cst.Index, scope: Scope) -> Iterator[cst.Index]:
    """``x[k]`` to ``x[k + 1]``; a key is no index."""
    if not m.matches(node.value, m.SimpleString()):
        for value in _by_one(node.value):
            yield node.with_changes(value=value)


def slice_bound(node: cst.Slice, scope: Scope) -> Iterator[cst.Slice]:
    """``x[a:b]`` to ``x[a + 1:b]``, ``x[:b]``, ``x[a:]``; ``x[:b]`` to ``x[1:b]``."""
    for name, missing in (("lower", "1"), ("upper", "-1")):
        bound = getattr(node, name)
        if bound is None:
            yield node.with_changes(**{name: cst.parse_expression(missing)})
        else:
            yield node.with_changes(**{name: None})
            for value in _by_one(bound):
                yield node.with_changes(**{name: value})


def range_bound(node: cst.Call, scope: Scope) -> Iterator[cst.Call]:
    """``range(n)`` to ``range(n + 1)``, and whatever else counts."""
    function = node.func.attr if isinstance(node.func, cst.Attribute) else node.func
    if m.matches(function, m.Name("range") | m.Name("trange") | m.Name("arange")):
        for i, arg in enumerate(node.args):
            if not arg.keyword and not arg.star:
                for value in _by_one(arg.value):
                    yield _with_args(node, i, arg.with_changes(value=value))


def comparison_bound(node: cst.ComparisonTarget, scope: Scope) -> Iterator[cst.ComparisonTarget]:
    """``k < end`` to ``k < end + 1``."""
    order = m.LessThan() | m.LessThanEqual() | m.GreaterThan() | m.GreaterThanEqual()
    if m.matches(node.operator, order):
        for value in _by_one(node.comparator):
            yield node.with_changes(comparator=value)


def dropped_comparison(node: cst.Comparison, scope: Scope) -> Iterator[cst.Comparison]:
    """``a <= k < b`` to ``a <= k`` and ``k < b``."""
    if len(node.comparisons) > 1:
        yield node.with_changes(comparisons=node.comparisons[:-1])
        rest = {"left": node.comparisons[0].comparator, "comparisons": node.comparisons[1:]}
        yield node.with_changes(**rest)


def condition(node: cst.If | cst.While, scope: Scope) -> Iterator[cst.CSTNode]:
    """A condition that always or never holds."""
    for value in ("True", "False"):
        yield node.with_changes(test=cst.Name(value))


def dropped_term(
    node: cst.BinaryOperation | cst.BooleanOperation, scope: Scope
) -> Iterator[cst.BaseExpression]:
    """``a + b`` to ``a`` and ``b``, and so for every operator."""
    for part in (node.left, node.right):
        yield _expression("({})", part)


def dropped_sign(node: cst.UnaryOperation, scope: Scope) -> Iterator[cst.BaseExpression]:
    """``-a`` to ``a``."""
    yield _expression("({})", node.expression)


def dropped_call(node: cst.Call, scope: Scope) -> Iterator[cst.BaseExpression]:
    """``f(a, b)`` to ``a`` and ``b``; an array made by ``np.array`` becomes the one it copies."""
    for arg in node.args:
        if not arg.star:
            yield _expression("({})", arg.value)


def dropped_element(node: cst.Tuple | cst.List, scope: Scope) -> Iterator[cst.CSTNode]:
    """``[*a, b]`` to ``[b]`` and ``[*a]``."""
    if scope.reads and len(node.elements) > 1:
        for i in range(len(node.elements)):
            kept = [element for j, element in enumerate(node.elements) if j != i]
            # The last comma makes a tuple of one element a tuple.
            kept[-1] = kept[-1].with_changes(comma=cst.Comma())
            yield node.with_changes(elements=kept)


def swapped_elements(node: cst.Tuple | cst.List, scope: Scope) -> Iterator[cst.CSTNode]:
    """``(a, b)`` to ``(b, a)``, on both sides of an assignment."""
    for i, (one, other) in enumerate(pairwise(node.elements)):
        swapped = list(node.elements)
        swapped[i : i + 2] = [
            other.with_changes(comma=one.comma),
            one.with_changes(comma=other.comma),
        ]
        yield node.with_changes(elements=swapped)


def swapped_operands(node: cst.BinaryOperation, scope: Scope) -> Iterator[cst.BinaryOperation]:
    """``a - b`` to ``b - a``, ``P @ x`` to ``x @ P``."""
    left, right = _expression("({})", node.right), _expression("({})", node.left)
    if not m.matches(node.operator, m.Add() | m.Multiply()):
        yield node.with_changes(left=left, right=right)


def swapped_arguments(node: cst.Call, scope: Scope) -> Iterator[cst.Call]:
    """``outer(a, b)`` to ``outer(b, a)``."""
    plain = [i for i, arg in enumerate(node.args) if not arg.keyword and not arg.star]
    for i, j in pairwise(plain):
        one, other = node.args[i].value, node.args[j].value
        swapped = _with_args(node, i, node.args[i].with_changes(value=other))
        yield _with_args(swapped, j, node.args[j].with_changes(value=one))


def transposition(node: cst.Assign | cst.Return, scope: Scope) -> Iterator[cst.CSTNode]:
    """``y = a`` to ``y = np.transpose(a)``."""
    if isinstance(node.value, cst.Call | cst.BinaryOperation | cst.Subscript | cst.Name):
        yield node.with_changes(value=_expression("np.transpose({})", node.value))


def other_name(node: cst.Name, scope: Scope) -> Iterator[cst.Name]:
    """A stale, or too fresh, or any other variable of the function instead of the right one."""
    if scope.reads and node.value in scope.names:
        for name in scope.names:
            if name != node.value:
                yield node.with_changes(value=name)


def ignored_argument(node: cst.FunctionDef, scope: Scope) -> Iterator[cst.FunctionDef]:
    """An argument with a default of which the function takes no notice."""
    first, *others = node.body.body
    for name, default in scope.defaults.items():
        if isinstance(first, cst.SimpleStatementLine):
            ignoring = cst.parse_statement(f"{name} = {default}").body[0]
            line = first.with_changes(body=[ignoring, *first.body])
            yield node.with_deep_changes(node.body, body=[line, *others])


def ignored_keywords(node: cst.Arg, scope: Scope) -> Iterator[cst.Arg]:
    """``f(**kwargs)`` and ``f(*args)`` that pass nothing on."""
    if node.star:
        nothing = cst.Tuple([]) if node.star == "*" else cst.Dict([])
        yield node.with_changes(value=nothing)


def aliased(node: cst.Call, scope: Scope) -> Iterator[cst.BaseExpression]:
    """``a.copy()`` to ``a`` and ``np.array(a)`` to ``np.asarray(a)``: a second name, no copy."""
    if m.matches(node.func, m.Attribute(attr=m.Name("copy"))) and not node.args:
        yield node.func.value
    if m.matches(node.func, m.Attribute(attr=m.Name("array"))):
        yield node.with_deep_changes(node.func, attr=cst.Name("asarray"))


def in_place(node: cst.Assign, scope: Scope) -> Iterator[cst.CSTNode]:
    """``x = a`` to ``x[...] = a``, which writes into whatever else is called by that array."""
    target = node.targets[0].target
    if len(node.targets) == 1 and isinstance(target, cst.Name | cst.Attribute):
        yield _statement(f"{_code(target)}[...] = {_code(node.value)}")


def accumulated(node: cst.Assign, scope: Scope) -> Iterator[cst.CSTNode]:
    """``x = a`` to ``x += a``: what was there before stays in."""
    target = node.targets[0].target
    if len(node.targets) == 1 and not isinstance(target, cst.Tuple | cst.List):
        yield _statement(f"{_code(target)} += {_code(node.value)}")


def not_in_place(node: cst.AugAssign, scope: Scope) -> Iterator[cst.CSTNode]:
    """``x += a`` to ``x = x + a``, a new array where others hold the old one."""
    target, sign = _code(node.target), _code(node.operator).strip().removesuffix("=")
    yield _statement(f"{target} = {target} {sign} ({_code(node.value)})")


def swapped_statements(node: cst.IndentedBlock, scope: Scope) -> Iterator[cst.IndentedBlock]:
    """Two neighbours in the other order: a state too fresh, or a stale one."""
    for i, (one, other) in enumerate(pairwise(node.body)):
        yield node.with_changes(body=[*node.body[:i], other, one, *node.body[i + 2 :]])


def dropped_statement(node: cst.SimpleStatementLine, scope: Scope) -> Iterator[cst.CSTNode]:
    """A statement that is forgotten."""
    yield node.with_changes(body=[cst.Pass()])


def doubled_statement(node: cst.SimpleStatementLine, scope: Scope) -> Iterator[cst.CSTNode]:
    """A statement that is carried out twice, where that can matter: ``x = f(x)``, a call."""
    match node.body:
        case [cst.Assign(targets=targets, value=value)]:
            stored = {_code(name) for target in targets for name in _stored(target.target)}
            read = {_code(found) for found in m.findall(value, m.Name() | m.Attribute())}
            again = bool(stored & read)
        case [cst.AugAssign() | cst.Expr()]:
            again = True
        case _:
            again = False
    if again:
        yield node.with_changes(body=[node.body[0], node.body[0]])


def _stored(target: cst.BaseExpression) -> list[cst.BaseExpression]:
    if isinstance(target, cst.Tuple | cst.List):
        return [element.value for element in target.elements]
    return [target]


def _with_args(node: cst.Call, i: int, arg: cst.Arg) -> cst.Call:
    return node.with_changes(args=[*node.args[:i], arg, *node.args[i + 1 :]])


def _statement(code: str) -> cst.BaseSmallStatement:
    return cst.parse_statement(code).body[0]


OPERATORS: tuple[Operator, ...] = tuple(
    (function.__name__, kind, function)
    for function, kinds in (
        (index_off_by_one, (cst.Index,)),
        (slice_bound, (cst.Slice,)),
        (range_bound, (cst.Call,)),
        (comparison_bound, (cst.ComparisonTarget,)),
        (dropped_comparison, (cst.Comparison,)),
        (condition, (cst.If, cst.While)),
        (dropped_term, (cst.BinaryOperation, cst.BooleanOperation)),
        (dropped_sign, (cst.UnaryOperation,)),
        (dropped_call, (cst.Call,)),
        (dropped_element, (cst.Tuple, cst.List)),
        (swapped_elements, (cst.Tuple, cst.List)),
        (swapped_operands, (cst.BinaryOperation,)),
        (swapped_arguments, (cst.Call,)),
        (transposition, (cst.Assign, cst.Return)),
        (other_name, (cst.Name,)),
        (ignored_argument, (cst.FunctionDef,)),
        (ignored_keywords, (cst.Arg,)),
        (aliased, (cst.Call,)),
        (in_place, (cst.Assign,)),
        (accumulated, (cst.Assign,)),
        (not_in_place, (cst.AugAssign,)),
        (swapped_statements, (cst.IndentedBlock,)),
        (dropped_statement, (cst.SimpleStatementLine,)),
        (doubled_statement, (cst.SimpleStatementLine,)),
    )
    for kind in kinds
)
