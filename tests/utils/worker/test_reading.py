"""Reading a stranger's notebook: whatever it is, an answer as documented, and soon."""

import json
import subprocess
import sys
import time

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tools.lesson import ROOT, read_lesson
from tools.notebook import make_notebook
from utils.worker.reading import MAX_CELLS, read_notebook
from utils.worker.wire import JSON_LIMIT

CHAPTER = "08_closed_loop_control"
EXERCISES = {"01_01", "02_01", "02_02", "03_01", "03_02", "03_03"}
SECONDS = 20  # far beyond what any of it takes, so that only what has no end is told

NOTEBOOK = make_notebook(read_lesson(CHAPTER), "en", ROOT, solved=True).encode()
# One that is read quickly: the set-up cell and two exercises.
_CELLS = [
    cell
    for cell in json.loads(NOTEBOOK)["cells"]
    if cell["metadata"].get("exercise") in ("01_01", "03_01") or cell["id"] == "setup"
]
SMALL = json.dumps({"cells": _CELLS}).encode()

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
keys = st.sampled_from(["cells", "worksheets", "cell_type", "source", "input", "metadata"])
notebook_like = st.recursive(
    json_values | st.sampled_from(["code", "markdown", "x = 1", "def sample_mg_dynamics():\n  1"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=20,
)
fuzzed = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])


def _code(source):
    return {"cell_type": "code", "source": source}


def reading_of(content, chapter=CHAPTER, lang=None):
    """What is read, which is as documented whatever the content is."""
    started = time.perf_counter()
    reading = read_notebook(content, "x.ipynb", chapter, lang)
    assert time.perf_counter() - started < SECONDS
    assert len(json.dumps(reading)) < JSON_LIMIT
    assert reading["lang"] in ("en", "ja")
    if "problem" in reading:
        assert reading.keys() == {"problem", "lang"}
        assert reading["problem"]
        return reading
    assert reading.keys() == {"chapter", "lang", "cells", "exercises"}
    numbers = [number for number, _ in reading["cells"]]
    assert len(set(numbers)) == len(numbers)
    for one in reading["exercises"].values():
        check_exercise(one, dict(reading["cells"]))
    return reading


def check_exercise(one, cells):
    if "kept" not in one:
        assert one.keys() == {"state", "hint", "text"}
        assert one["state"] in ("missing", "error")
        return
    assert one.keys() >= {"kept", "function", "cell", "untouched", "digest", "library"}
    assert {one["cell"], *(cell for cell, _ in one["kept"])} <= set(cells)


@fuzzed
@given(st.binary(max_size=300))
@example(b"")
@example(b"\xff\xfe\x00")
@example(b"[" * 100_000)
@example(b'{"cells":' * 50_000)
@example(b"1" * 10_000)
@example(b'{"cells": null}')
def test_any_bytes(content):
    reading_of(content)


@fuzzed
@given(notebook_like)
@example({"cells": [{"cell_type": "code", "source": ["a", 1, None, ["b"]]}]})
@example({"cells": [{"cell_type": "code"}, {"cell_type": ["code"]}, None, 1, []]})
@example({"worksheets": [{"cells": [{"cell_type": "code", "input": {}}]}, 3]})
@example({"cells": [{"cell_type": "code", "source": "\0"}]})
@example({"cells": [{"cell_type": "code", "source": "\ud800"}]})
def test_any_json(content):
    for notebook in (content, [content], {"cells": [content]}, {"cells": [_code(content)]}):
        reading_of(json.dumps(notebook).encode())


@fuzzed
@given(st.data())
def test_changed_bytes(data):
    content = bytearray(SMALL)
    for _ in range(data.draw(st.integers(1, 20))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    reading_of(bytes(content))


@fuzzed
@given(st.data())
def test_changed_code(data):
    cells = json.loads(SMALL)["cells"]
    cell = data.draw(st.sampled_from(cells))
    source = "".join(cell["source"])
    start = data.draw(st.integers(0, len(source)))
    end = start + data.draw(st.integers(0, 40))
    put = data.draw(st.text(max_size=10) | st.sampled_from(SNIPPETS))
    cell["source"] = source[:start] + put + source[end:]
    reading_of(json.dumps({"cells": cells}).encode())


@fuzzed
@given(st.lists(st.sampled_from(_CELLS), max_size=6))
def test_cells_in_any_order(cells):
    reading_of(json.dumps({"cells": cells}).encode())


SNIPPETS = [
    *("test_func(", "test_func(f, '01_01')\n", "load_from_chapter_name('x', lang=3)\n", "lambda: "),
    *("\n", "    ", "\t", '"""', "# TODO ", "...", "async ", "await x\n", "yield", "\0", "\ufeff"),
    *(
        "exec('')\n",
        "globals()\n",
        "from x import *\n",
        "global np\n",
        "del np\n",
        "%time ",
        "!ls\n",
    ),
    *("match x:\n    case y: pass\n", "(x := 1)", "*", "**", "@", "f'{'", "\\\n", "\x0c", "\r"),
    *(
        "use_solution('01_01')\n",
        "class A: pass\n",
        "return\n",
        "nonlocal x\n",
        "__builtins__ = 1\n",
    ),
]


@pytest.mark.parametrize("snippet", SNIPPETS, ids=repr)
def test_a_cell_of_its_own(snippet):
    cells = json.loads(SMALL)["cells"]
    for at in (0, 1, len(cells)):
        more = [*cells[:at], {"cell_type": "code", "source": snippet}, *cells[at:]]
        reading = reading_of(json.dumps({"cells": more}).encode())
        if reading.get("chapter") == CHAPTER:
            assert set(reading["exercises"]) == EXERCISES


def _indented(line, depth):
    return "".join(f"{' ' * n}{line}\n" for n in range(depth)) + " " * depth + "pass"


DEEP = {
    "sums": lambda depth: "x = " + "1 + " * depth + "1",
    "attributes": lambda depth: "x = y" + ".a" * depth,
    "calls": lambda depth: "x = f" + "()" * depth,
    "minuses": lambda depth: "x = " + "-" * depth + "1",
    "lambdas": lambda depth: "x = " + "lambda: " * depth + "1",
    "conditions": lambda depth: "x = " + "1 if 1 else " * depth + "1",
    "elifs": lambda depth: "if a: x = 1\n" + "elif b: x = 2\n" * depth,
    "comparisons": lambda depth: "x = " + "not " * depth + "1",
    "lists": lambda depth: "x = " + "[" * depth + "]" * depth,
    "loops": lambda depth: _indented("for x in y:", min(depth, 1000)),
    "functions": lambda depth: _indented("def f():", min(depth, 1000)),
    "patterns": lambda depth: "match x:\n case " + "A(" * depth + ")" * depth + ": pass",
}


@pytest.mark.parametrize("kind", DEEP)
@pytest.mark.parametrize("depth", [90, 120, 240, 300, 900, 20_000])
def test_code_nested_deeply_costs_no_other_cell(kind, depth):
    """Some depth is too much for each of Python's own passes; the cell is left out then."""
    cells = json.loads(SMALL)["cells"]
    cells.insert(1, {"cell_type": "code", "source": DEEP[kind](depth) + "\nnp = np_of_mine = 1"})
    reading = reading_of(json.dumps({"cells": cells}).encode())
    assert "kept" in reading["exercises"]["01_01"]


@pytest.mark.parametrize("kind", DEEP)
def test_an_answer_nested_deeply_is_an_answer_or_told(kind):
    cells = json.loads(SMALL)["cells"]
    (cell,) = [one for one in cells if one["metadata"].get("exercise") == "01_01"]
    source = "".join(cell["source"])
    for depth in (50, 90, 150, 310, 5000):
        deep = "".join(f"    {line}\n" for line in DEEP[kind](depth).split("\n"))
        cell["source"] = source.replace("    dT = tau", f"{deep}    dT = tau")
        reading = reading_of(json.dumps({"cells": cells}).encode())
        assert "kept" in reading["exercises"]["03_01"]


MANY = {
    "statements": lambda: "x = 1\n" * 20_000,
    "names": lambda: "".join(f"x{n} = x{n - 1}\n" for n in range(1, 1500)),
    "calls": lambda: "f()\n" * 5000,
    "functions": lambda: "".join(f"def f{n}(): return f{n - 1}()\n" for n in range(1, 2000)),
    "lists": lambda: "l = []\n" + "l.append(l)\n" * 1500,
    "long line": lambda: "x = [" + "1, " * 50_000 + "]",
    "text": lambda: "x = '" + "あ" * 200_000 + "'",
}


@pytest.mark.parametrize("kind", MANY)
def test_much_code_is_read_in_time(kind):
    cells = json.loads(SMALL)["cells"]
    cells.insert(1, {"cell_type": "code", "source": MANY[kind]()})
    reading = reading_of(json.dumps({"cells": cells}).encode())
    assert "kept" in reading["exercises"]["01_01"]


def test_more_cells_than_any_chapter_has_are_not_read():
    cells = [{"cell_type": "code", "source": "x = 1"}] * (MAX_CELLS + 1)
    assert str(MAX_CELLS) in reading_of(json.dumps({"cells": cells}).encode())["problem"]


def test_a_chapter_that_there_is_not():
    source = "test_func, _ = load_from_chapter_name('../../etc/passwd')"
    content = json.dumps({"cells": [{"cell_type": "code", "source": source}]}).encode()
    assert reading_of(content)["exercises"] == {}


def test_nothing_of_it_is_run():
    source = "open('/dev/stderr', 'w').write('run')\nimport os\nos._exit(9)"
    content = json.dumps({"cells": [{"cell_type": "code", "source": source}]})
    code = "import sys\nfrom utils.worker.reading import read_notebook\n"
    code += f"read_notebook({content.encode()!r}, 'x.ipynb', {CHAPTER!r}, None)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    assert done.stderr == b""
