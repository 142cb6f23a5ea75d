"""Running what a notebook says of one exercise, and answering the judge's calls with values."""

from __future__ import annotations

import ast
import linecache
import socket
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from utils.check.findings import say
from utils.tester.calling import LocalCaller
from utils.tester.cells import parse_cell
from utils.tester.chapter import open_chapter
from utils.tester.learner_source import untouched_gaps
from utils.tester.names import Statement
from utils.tester.outcome import Outcome, Raised
from utils.tester.program import Source
from utils.tester.records import Case, Chapter, Exercise
from utils.tester.running import run_statements
from utils.tester.text import Text
from utils.tester.tracebacks import describe_exception
from utils.worker.chance import fix_chance
from utils.worker.wire import read_value, receive, send, write_value

FRAME_LIMIT = 1 << 30  # bytes; the judge is trusted
_UNNAMED = Text("", "")
_HERE = Path(__file__).parent  # whose frames are not the learner's own


def answer_calls(connection: socket.socket) -> None:
    """Prepare the exercise that the judge names, then answer its calls until it hangs up.

    Raises:
        Closed: it has.
    """
    task, _ = receive(connection, FRAME_LIMIT)
    fix_chance()
    outline = open_chapter(task["chapter"], task["lang"])
    prepared = _Prepared(task, outline)
    send(connection, prepared.report())
    caller = prepared.caller()
    while True:
        call, arrays = receive(connection, FRAME_LIMIT)
        outcome = caller(Case(_UNNAMED, read_value(call["inputs"], arrays), call["call"]))
        send(connection, *_written(outcome, task["value_limit"]))


class _Prepared:
    """The statements of one exercise, run, and what there is to call."""

    def __init__(self, task: Mapping[str, Any], outline: Chapter) -> None:
        self.task = task
        self.exercise = outline.exercises[task["exercise"]]
        self.needed = [outline.exercises[need] for need in self.exercise.needs]
        given = _given_names(task["given"], task["imports"])
        sources = {
            number: Source(say("place", task["lang"], number=number), text)
            for number, text in task["cells"]
        }
        statements = _statements(task["kept"], sources, without=given.keys())
        ran = run_statements(statements, sources, given)
        self.raised: Raised | None = ran.raised
        self.namespace: dict[str, Any] = ran.namespace | given
        self.function: Any = None
        try:
            self.function = self._function(sources[task["cell"]].place)
        except BaseException as error:  # the expression handed to test_func failed
            self.raised = self.raised or describe_exception(error)

    def report(self) -> dict[str, Any]:
        """What there is to know before the first call."""
        names = self.exercise.functions
        untouched = untouched_gaps(names, self.namespace)
        return {
            "missing": [name for name in names if name not in self.namespace],
            "callable": callable(self.function),
            "raised": None if self.raised is None else asdict(self.raised),
            "untouched": [asdict(gap) for gap in untouched],
            "unready": [need.id for need in self.needed if not self._is_ready(need)],
        }

    def caller(self) -> LocalCaller:
        return LocalCaller(
            self.function, self.namespace, self.exercise.harness, self.task["seconds"]
        )

    def _function(self, place: str) -> Any:
        """The lesson's harness around the learner's functions, else what they handed over."""
        if self.exercise.harness is None:
            expression = ast.parse(self.task["function"], mode="eval")
            return eval(compile(expression, place, "eval"), self.namespace)
        surroundings = _imported(self.task["imports"])
        names = [name for one in (self.exercise, *self.needed) for name in one.functions]
        surroundings |= {name: self.namespace[name] for name in names if name in self.namespace}
        _execute(self.task["harness"], surroundings, f"harness of {self.exercise.id}")
        return surroundings[self.exercise.harness]

    def _is_ready(self, need: Exercise) -> bool:
        defined = all(name in self.namespace for name in need.functions)
        return defined and not untouched_gaps(need.functions, self.namespace)


def _statements(
    kept: Iterable[Sequence[int]], sources: Mapping[int, Source], without: Iterable[str]
) -> list[Statement]:
    """The statements that the judge lists by cell and place, but those that define ``without``."""
    bodies = {number: parse_cell(source.text).body for number, source in sources.items()}
    nodes = [(cell, bodies[cell][place]) for cell, place in kept]
    return [Statement(cell, node) for cell, node in nodes if not _defines(node, set(without))]


def _defines(node: ast.stmt, names: set[str]) -> bool:
    return getattr(node, "name", None) in names


def _given_names(functions: Sequence[str], imports: Sequence[str]) -> dict[str, Any]:
    """The model's functions for exercises before this one, in surroundings of their own."""
    if not functions:
        return {}
    surroundings = _imported(imports)
    before = set(surroundings)
    for number, source in enumerate(functions):
        _execute(source, surroundings, f"given {number}")
    return {name: surroundings[name] for name in surroundings.keys() - before}


def _imported(imports: Sequence[str]) -> dict[str, Any]:
    surroundings: dict[str, Any] = {"__name__": "__main__"}
    _execute("\n".join(imports), surroundings, "imports")
    return surroundings


def _execute(source: str, namespace: dict[str, Any], name: str) -> None:
    # Beside this file, so that a traceback does not show it as the learner's.
    place = str(_HERE / name)
    linecache.cache[place] = (len(source), None, source.splitlines(keepends=True), place)
    exec(compile(source, place, "exec"), namespace)


def _written(outcome: Outcome, limit: int) -> tuple[dict[str, Any], list[Any]]:
    """An outcome as JSON and arrays."""
    # The inputs first: where what was returned takes all the room there is, they still have theirs.
    value = (outcome.after, outcome.returned) if outcome.finished else None
    spec, arrays = write_value(value, limit)
    return {
        "value": spec,
        "raised": None if outcome.raised is None else asdict(outcome.raised),
        "misfit": None if outcome.misfit is None else asdict(outcome.misfit),
        "timed_out": outcome.timed_out,
        "printed": outcome.printed,
        "warnings": list(outcome.warnings),
    }, arrays
