"""The parts of an exercise's cell: functions, harness, test call."""

from __future__ import annotations

import ast
import io
import tokenize
from dataclasses import dataclass

from tools.problems import CellError, Problem, no_python

HARNESS = "solution"
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True)
class ExerciseParts:
    """An exercise's cell, taken apart.

    Attributes:
        functions: source of each function and class the learner completes, by name, in order.
        definitions: the cell's text above harness and test call.
        harness: source of the gap-free adapter ``solution``, or None.
        tested: the name handed to ``test_func``, "solution" where there is a harness.
        exercise: the id handed to ``test_func``.
        multiple_output: whether the tested function returns a tuple of outputs.
        shown: names that the commented ``show_solution`` calls ask for; None for the whole.
        test_line: where the test call stands, from 1.
    """

    functions: dict[str, str]
    definitions: str
    harness: str | None
    tested: str
    exercise: str
    multiple_output: bool
    shown: tuple[str | None, ...]
    test_line: int


def split_exercise(source: str) -> ExerciseParts:
    """Take an exercise's cell apart: definitions, at most one harness, test call, show_solution.

    Raises:
        CellError: the parts are not these, in this order.
    """
    problems: list[Problem] = []
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError) as error:
        raise no_python(error) from None
    definitions = [node for node in body if isinstance(node, Definition)]
    problems += _problems_of_order(body, definitions)
    sources = {node.name: _source_of(node, source.split("\n")) for node in definitions}
    harness = sources.pop(HARNESS, None)
    call, test_problems = _read_test_call(body)
    problems += test_problems
    if call is None:
        raise CellError(problems)
    problems += _problems_of_test(call, sources, harness)
    shown, shown_problems = _read_shown(source, call, sources)
    problems += shown_problems
    if problems:
        raise CellError(problems)
    return ExerciseParts(
        functions=sources,
        definitions=_definitions(source.split("\n"), definitions, call.line),
        harness=harness,
        tested=call.tested,
        exercise=call.exercise,
        multiple_output=call.multiple_output,
        shown=shown,
        test_line=call.line,
    )


@dataclass(frozen=True)
class _TestCall:
    tested: str
    exercise: str
    multiple_output: bool
    line: int
    end_line: int


def _problems_of_order(body: list[ast.stmt], definitions: list[ast.stmt]) -> list[Problem]:
    problems = []
    seen: set[str] = set()
    for node in definitions:
        if node.name in seen:
            problems.append(
                Problem(
                    node.lineno,
                    f"'{node.name}' is defined a second time",
                    "Keep one; an exercise has one harness at most",
                )
            )
        seen.add(node.name)
        if node.name == HARNESS and node is not definitions[-1]:
            problems.append(
                Problem(
                    node.lineno,
                    f"the harness '{HARNESS}' is not the last definition",
                    "Move it below the functions that the learner completes",
                )
            )
        if node.name == HARNESS and not isinstance(node, ast.FunctionDef):
            problems.append(
                Problem(node.lineno, f"the harness '{HARNESS}' is no function", "Write a function")
            )
    if not seen - {HARNESS}:
        problems.append(
            Problem(1, "the cell defines no function to complete", "Define it above the harness")
        )
    for node in body:
        if node not in definitions and not _is_call_of(node, "test_func"):
            problems.append(
                Problem(
                    node.lineno,
                    "an exercise holds definitions and its test call, and no other statement",
                    "Move it into a function, or into a cell of its own",
                )
            )
    return problems


def _is_call_of(node: ast.stmt, name: str) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and node.value.func.id == name
    )


def _read_test_call(body: list[ast.stmt]) -> tuple[_TestCall | None, list[Problem]]:
    calls = [node for node in body if _is_call_of(node, "test_func")]
    if not calls:
        remedy = 'End the cell with a call such as test_func(solution, "02_01")'
        return None, [Problem(1, "the exercise is never tested", remedy)]
    problems = [
        Problem(node.lineno, "a second test call", "Keep one, at the end") for node in calls[1:]
    ]
    if calls[0] is not body[-1] and len(calls) == 1:
        problems.append(
            Problem(calls[0].lineno, "statements follow the test call", "Move the call to the end")
        )
    match calls[0].value:
        case (
            ast.Call(
                args=[ast.Name(id=tested), ast.Constant(value=str(exercise))],
                keywords=[]
                | [ast.keyword(arg="multiple_output", value=ast.Constant(value=bool()))],
            ) as call
        ):
            multiple = bool(call.keywords and call.keywords[0].value.value)
            line, end_line = calls[0].lineno, calls[0].end_lineno
            return _TestCall(tested, exercise, multiple, line, end_line), problems
    problems.append(
        Problem(
            calls[0].lineno,
            "this test call is not of the form that the tools read",
            'Write test_func(NAME, "02_01") or test_func(NAME, "02_01", multiple_output=True)',
        )
    )
    return None, problems


def _problems_of_test(
    call: _TestCall, functions: dict[str, str], harness: str | None
) -> list[Problem]:
    known = [HARNESS] if harness is not None else list(functions)
    if call.tested in known or not known:
        return []
    return [
        Problem(
            call.line,
            f"'{call.tested}' is tested, which is not {' or '.join(known)}",
            f"Hand {' or '.join(known)} to test_func",
        )
    ]


def _read_shown(
    source: str, call: _TestCall, functions: dict[str, str]
) -> tuple[tuple[str | None, ...], list[Problem]]:
    """What the commented show_solution calls below the test call ask for."""
    shown: list[str | None] = []
    problems = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type != tokenize.COMMENT or token.start[0] <= call.end_line:
            continue
        try:
            statements = ast.parse(token.string.lstrip("# ")).body
        except SyntaxError:  # a comment in words
            continue
        if len(statements) != 1 or not _is_call_of(statements[0], "show_solution"):
            continue
        match statements[0].value:
            case ast.Call(args=[ast.Constant(value=call.exercise)], keywords=[]):
                shown.append(None)
            case ast.Call(
                args=[ast.Constant(value=call.exercise), ast.Constant(value=str(name))], keywords=[]
            ) if name in functions:
                shown.append(name)
            case ast.Call(args=[ast.Constant(value=call.exercise), *_]):
                what = "this show_solution asks for a function that is not here"
                remedy = f"Name one of {', '.join(functions)}, or none"
                problems.append(Problem(token.start[0], what, remedy))
            case _:
                what = f"this show_solution is not of {call.exercise}, which test_func names"
                remedy = "Give both the id of the cell's '# %%' line"
                problems.append(Problem(token.start[0], what, remedy))
    if not shown and not problems:
        problems.append(
            Problem(
                call.end_line,
                "the test call is not followed by a commented show_solution",
                f'Write # show_solution("{call.exercise}") below it',
            )
        )
    return tuple(shown), problems


def _source_of(node: ast.stmt, lines: list[str]) -> str:
    """A definition's source, with its decorators and the comments that end its body."""
    first, last = first_line(node), node.end_lineno
    for number in range(node.end_lineno + 1, len(lines) + 1):
        if lines[number - 1].strip() and not lines[number - 1][0].isspace():
            break
        if lines[number - 1].strip():
            last = number
    return "\n".join(lines[first - 1 : last])


def _definitions(lines: list[str], definitions: list[ast.stmt], test_line: int) -> str:
    harness = definitions[-1].name == HARNESS
    end = first_line(definitions[-1]) if harness else test_line
    return "\n".join(lines[: end - 1]).strip("\n")


def first_line(node: ast.stmt) -> int:
    """Where a statement begins, its decorators included."""
    decorators = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])
