"""Notebooks to be graded: the solved chapter 08, with something else in some of its cells."""

import json
from functools import cache

from tools.lesson import ROOT, read_lesson
from tools.notebook import make_notebook

CHAPTER = "08_closed_loop_control"
VICTIM = "01_01"  # the exercise that hostile code stands in; no other needs it
EXERCISES = ("01_01", "02_01", "02_02", "03_01", "03_02", "03_03")
OTHERS = EXERCISES[1:]

_CALL = 'test_func(sample_mg_dynamics, "01_01", multiple_output=True)\n'
_SIGNATURE = (
    "(time_steps, tau, num_split, values_before_zero=lambda t: 0.5, display=True, **kwargs)"
)
_HANDED_ON = "(time_steps, tau, num_split, values_before_zero, display, **kwargs)"
# So that nothing of it is sliced away, all that hostile code may use is inside the function.
IMPORTS = """\
    import atexit, base64, collections, ctypes, errno, fcntl, gc, glob, io, itertools, json
    import math, mmap, os, resource, select, signal, socket, stat, struct, subprocess, sys
    import tempfile, threading, time
"""


@cache
def _made(lang, solved):
    return make_notebook(read_lesson(CHAPTER), lang, ROOT, solved=solved)


def solved(lang="en"):
    """The solved notebook as JSON, of which the caller may change everything."""
    return json.loads(_made(lang, True))


def unsolved(lang="en"):
    """The notebook as learners get it."""
    return json.loads(_made(lang, False))


def exercise_cell(notebook, exercise):
    """The cell of an exercise."""
    return next(c for c in notebook["cells"] if c["metadata"].get("exercise") == exercise)


def source_of(notebook, exercise):
    """The text of an exercise's cell."""
    return "".join(exercise_cell(notebook, exercise)["source"])


def with_source(exercise, source, notebook=None):
    """A notebook with another text in an exercise's cell."""
    notebook = notebook or solved()
    exercise_cell(notebook, exercise)["source"] = source
    return notebook


def with_body(body, above=""):
    """A notebook whose ``sample_mg_dynamics`` runs ``body`` first, and the right answer after it
    if it gets there."""
    source = source_of(solved(), VICTIM).replace("def sample_mg_dynamics(", "def honest(")
    definitions = source[: source.index(_CALL)]
    lines = "".join(f"    {line}\n" if line else "\n" for line in body.strip().split("\n"))
    head = f"def sample_mg_dynamics{_SIGNATURE}:\n{IMPORTS}"
    hostile = f"{head}{lines}    return honest{_HANDED_ON}\n"
    return with_source(VICTIM, f"{definitions}\n{above}\n{hostile}\n{_CALL}")


def put_into_next(notebook, code):
    """Let the exercise after the victim run some code first."""
    first = "    start, end = (0, 0) if open_range is None else open_range\n"
    source = source_of(notebook, OTHERS[0])
    assert first in source
    lines = "".join(f"    {line}\n" for line in code.strip().split("\n"))
    exercise_cell(notebook, OTHERS[0])["source"] = source.replace(first, lines + first)


def as_bytes(notebook):
    return json.dumps(notebook).encode()
