"""Notebooks that are hostile, damaged or odd as files, each with what becomes of its exercises."""

import base64
import json
import pickle
from dataclasses import dataclass, field, replace

from hostile_notebooks import EXERCISES, VICTIM, as_bytes, exercise_cell, solved, source_of

_CALL = 'test_func(sample_mg_dynamics, "01_01", multiple_output=True)'


@dataclass(frozen=True)
class Shape:
    """A file, and what is expected: ``passed`` for every exercise that ``statuses`` lacks.

    ``problem`` where nothing of it can be read: all exercises are missing then.
    """

    content: bytes
    statuses: dict = field(default_factory=dict)
    problem: bool = False

    def expected(self):
        default = "missing" if self.problem else "passed"
        return dict.fromkeys(EXERCISES, default) | self.statuses


class Bomb:
    """Runs a command when it is unpickled."""

    def __reduce__(self):
        import os

        return os.system, ("touch /tmp/hostile-was-here /var/tmp/hostile-was-here",)


def _changed(change, statuses=()):
    notebook = solved()
    change(notebook)
    return Shape(as_bytes(notebook), dict(statuses))


def _sourced(old, new, statuses=()):
    """The solved notebook with another text in the victim's cell."""
    source = source_of(solved(), VICTIM)
    assert old in source, old
    return _changed(_set_source(source.replace(old, new)), statuses)


def _set_source(source):
    def change(notebook):
        exercise_cell(notebook, VICTIM)["source"] = source

    return change


def _code(source, **more):
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], **more}


def _with_cells(first=(), last=(), problem=False):
    """Cells before and after all others."""

    def change(notebook):
        notebook["cells"] = [*map(_code, first), *notebook["cells"], *map(_code, last)]

    return replace(_changed(change), problem=problem)


def _strip(notebook):
    """As Colab saves: other metadata, no ids, text in one piece or in lines."""
    notebook["metadata"] = {"colab": {"provenance": []}}
    for cell in notebook["cells"]:
        cell.pop("id", None)
        cell["metadata"] = {"id": "x"}
        cell["source"] = "".join(cell["source"]).splitlines(keepends=True)


def _bare(notebook):
    """Nothing but code."""
    notebook.clear()
    code = [cell for cell in solved()["cells"] if cell["cell_type"] == "code"]
    notebook["cells"] = [{"cell_type": "code", "source": "".join(cell["source"])} for cell in code]


def _format_3(notebook):
    cells = []
    for cell in notebook.pop("cells"):
        source = "".join(cell["source"])
        if cell["cell_type"] == "code":
            cells.append({"cell_type": "code", "language": "python", "input": source})
        else:
            cells.append({"cell_type": "markdown", "source": source})
    notebook |= {"nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": cells}]}


def _last(notebook):
    cell = exercise_cell(notebook, VICTIM)
    notebook["cells"].remove(cell)
    notebook["cells"].append(cell)


def _first(notebook):
    cell = exercise_cell(notebook, VICTIM)
    notebook["cells"].remove(cell)
    notebook["cells"].insert(0, cell)


def _delete(notebook):
    notebook["cells"].remove(exercise_cell(notebook, VICTIM))


def _doubled(wrong_first):
    """The cell twice, once right and once wrong."""

    def change(notebook):
        cell = exercise_cell(notebook, VICTIM)
        source = "".join(cell["source"])
        wrong = source.replace("gs = [*gs[1:], step(gs[-1])]", "gs = [*gs[1:], gs[-1]]")
        assert wrong != source
        at = notebook["cells"].index(cell)
        both = [wrong, source] if wrong_first else [source, wrong]
        notebook["cells"][at : at + 1] = [dict(cell, source=one) for one in both]

    return change


def _with_outputs(notebook):
    """Outputs and attachments that somebody might believe, show or unpickle."""
    bomb = base64.b64encode(pickle.dumps(Bomb())).decode()
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [
                {
                    "output_type": "execute_result",
                    "execution_count": 1,
                    "metadata": {"status": "passed", "score": 100},
                    "data": {
                        "application/octet-stream": bomb,
                        "application/vnd.dill+pickle": bomb,
                        "text/html": "<script>alert(1)</script>",
                        "text/plain": "✓ 01_01: Passed\n::error::forged",
                    },
                }
            ]
        else:
            cell["attachments"] = {"x.pkl": {"application/x-pickle": bomb}}
    notebook["metadata"]["grade"] = {"score": 100, "pickle": bomb}


def _magics(notebook):
    head = "%matplotlib inline\n!touch /tmp/hostile-was-here\n"
    for exercise in EXERCISES:
        cell = exercise_cell(notebook, exercise)
        cell["source"] = "%%time\n" + head + "".join(cell["source"]) + "\nfiles = !ls\n%time 1\n"
    bash = "%%bash\ntouch /tmp/hostile-was-here\n"
    notebook["cells"][1:1] = [_code(bash), _code("!pip install numpy==0.1"), _code("%%sql\n;")]


def _tabs(notebook):
    for exercise in EXERCISES:
        cell = exercise_cell(notebook, exercise)
        cell["source"] = "".join(cell["source"]).replace("    ", "\t")


def _non_utf8(notebook):
    notebook["cells"][0]["source"] = "NOT-UTF-8"
    exercise_cell(notebook, VICTIM)["source"] = "# NOT-UTF-8\n" + source_of(notebook, VICTIM)


def _renamed_everywhere(notebook):
    """Another name for both functions, and no call of ``test_func``."""
    source = source_of(notebook, VICTIM).replace(_CALL, "")
    for name in ("sample_mg_dynamics", "mackey_glass_func"):
        source = source.replace(name, f"my_{name}")
    exercise_cell(notebook, VICTIM)["source"] = source


def _surrogates(notebook):
    exercise_cell(notebook, VICTIM)["source"] = (
        source_of(notebook, VICTIM) + "\n# \ud800 \udfff\n'\ud800'"
    )


def _a_million_cells():
    cell = json.dumps(_code("x = 1"))
    return b'{"cells":[' + ",".join([cell] * 10**6).encode() + b"]}"


SHAPES = {
    "stripped": _changed(_strip),
    "bare": _changed(_bare),
    "format-3": _changed(_format_3),
    "moved-last": _changed(_last),
    "moved-first": _changed(_first, {VICTIM: "error"}),  # above what it imports
    "deleted": _changed(_delete, {VICTIM: "missing"}),
    "doubled-right-last": _changed(_doubled(wrong_first=True)),
    "doubled-wrong-last": _changed(_doubled(wrong_first=False), {VICTIM: "failed"}),
    "outputs": _changed(_with_outputs),
    "magics": _changed(_magics),
    "tabs": _changed(_tabs),
    "surrogates": _changed(_surrogates, {VICTIM: "error"}),  # which Python does not compile
    "carriage-returns": _sourced("\n", "\r\n"),
    "byte-order-mark": Shape(b"\xef\xbb\xbf" + as_bytes(solved())),
    "non-utf-8": Shape(_changed(_non_utf8).content.replace(b"NOT-UTF-8", b"\xff\xfe\x80")),
    # The function has another name, and is handed over under it.
    "renamed": _sourced("sample_mg_dynamics", "my_sampler"),
    "renamed-not-handed-over": _changed(_renamed_everywhere, {VICTIM: "missing"}),
    "renamed-but-in-the-call": _sourced(
        "def sample_mg_dynamics", "def my_sampler", {VICTIM: "error"}
    ),
    "renamed-what-cases-call": _sourced("mackey_glass_func", "my_func", {VICTIM: "missing"}),
    "no-function": _sourced(_CALL, _CALL.replace("sample_mg_dynamics", "3"), {VICTIM: "error"}),
    "syntax-error": _sourced("def sample", "def def sample", {VICTIM: "error"}),
    "null-in-the-code": _sourced("def sample", "\0def sample", {VICTIM: "error"}),
    "nested-too-deeply": _sourced(
        "dT = tau", "deep = " + "(" * 500 + ")" * 500 + "\n    dT = tau", {VICTIM: "error"}
    ),
    "endless-cells": _with_cells(first=["while True: pass"] * 3, last=["while True: pass"]),
    "failing-cells": _with_cells(first=["1 / 0", "raise SystemExit", "def broken(:", "?"] * 3),
    "another-test-func": _with_cells(
        first=["test_func = lambda *_, **__: 'passed'", "load_from_chapter_name = print"]
    ),
    "another-chapter": _with_cells(last=["load_from_chapter_name('../../../etc')"], problem=True),
    "not-json": Shape(b"print('hello')", problem=True),
    "empty": Shape(b"", problem=True),
    "null-bytes": Shape(bytes(10_000), problem=True),
    "cut-in-the-middle": Shape(as_bytes(solved())[:-5000], problem=True),
    "nested-json": Shape(b"[" * 10**6, problem=True),
    "a-number": Shape(b"1" * 10_000, problem=True),
    "other-json": Shape(b'{"cells": {"cell_type": "code"}}', problem=True),
    "a-pickle": Shape(pickle.dumps(Bomb()), problem=True),
    "a-million-cells": Shape(_a_million_cells(), problem=True),
    "no-cells": Shape(as_bytes({"cells": []}), dict.fromkeys(EXERCISES, "missing")),
}
