"""An exception as its author needs to see it: their own frames, in their own words."""

from __future__ import annotations

import linecache
import sys
import sysconfig
import traceback
from pathlib import Path
from types import TracebackType

import numpy as np

from utils.tester.outcome import Frame, Raised

MESSAGE_LENGTH = 600  # characters of an exception's text
FRAMES = 8  # innermost own frames kept; a runaway recursion has a thousand

_LIBRARIES = ("stdlib", "platstdlib", "purelib", "platlib")
_NOT_OWN = (
    str(Path(__file__).resolve().parents[1]),  # utils
    *(sysconfig.get_paths()[name] for name in _LIBRARIES),
    str(Path(np.__file__).resolve().parents[1]),  # packages, wherever a sandbox has them
)


def describe_exception(exception: BaseException) -> Raised:
    """The exception's class, text and the frames in the learner's own code, outermost first."""
    frames: list[Frame] = []
    for frame, line in traceback.walk_tb(exception.__traceback__):
        code = frame.f_code
        if not is_own_code(code.co_filename):
            continue
        source = linecache.getline(code.co_filename, line, frame.f_globals).strip()
        here = Frame(place_name(code.co_filename), line, code.co_qualname, source)
        if not frames or frames[-1] != here:
            frames.append(here)
    return Raised(type(exception).__name__, _text_of(exception), tuple(frames[-FRAMES:]))


def is_own_code(filename: str) -> bool:
    """Whether a frame's file is the learner's: a cell or a file beside it, no library."""
    if filename.startswith(("<frozen ", "<__array_function__")):
        return False
    if "site-packages" in filename or "dist-packages" in filename:
        return False
    return not filename.startswith(_NOT_OWN)


def place_name(filename: str) -> str:
    """What the learner calls a file: ``In[3]`` for a notebook's cell, else the file's name."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is not None:
        cell = shell.compile.format_code_name(filename)
        if cell is not None:
            return cell[1]
    return filename if filename.startswith("<") else Path(filename).name


def own_trace(exception: BaseException) -> TracebackType | None:
    """The exception's trace from the first frame in the learner's own code on."""
    trace = exception.__traceback__
    while trace is not None and not is_own_code(trace.tb_frame.f_code.co_filename):
        trace = trace.tb_next
    return trace


def innermost_code(trace: TracebackType | None) -> object:
    """The code object in which the exception was raised."""
    code = None
    for frame, _ in traceback.walk_tb(trace):
        code = frame.f_code
    return code


def _text_of(exception: BaseException) -> str:
    try:
        text = str(exception)
    except Exception:  # a learner's class may fail to print itself
        return ""
    return text if len(text) <= MESSAGE_LENGTH else text[:MESSAGE_LENGTH] + " …"
