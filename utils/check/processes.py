"""A process for each exercise, several at a time, each ended at its time limit."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from utils.check.findings import Finding, say, unjudged
from utils.check.subject import Subject
from utils.folder import ROOT
from utils.progress.place import OFF, VARIABLE
from utils.tester.records import Exercise

TIME_LIMIT = 60.0  # seconds for one exercise, what it needs of the notebook included

# As in a notebook: first the tree, by its set-up cell, then the notebook's own folder.
_START = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import utils.check.worker as worker; "
_START += "worker.main(*sys.argv[1:])"
_SURROUNDINGS = {
    **{"MPLBACKEND": "Agg", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
    VARIABLE: OFF,  # what the notebook itself calls leaves no trace; whoever checks keeps the rest
}


def check_exercises(
    subject: Subject,
    exercises: Sequence[Exercise],
    seconds: float = TIME_LIMIT,
    next_hints: Mapping[str, str] | None = None,
) -> Iterator[Finding]:
    """Check exercises of a notebook; yields the findings in the exercises' order.

    Args:
        subject: the notebook.
        exercises: of its chapter.
        seconds: for one exercise, what it needs of the notebook included.
        next_hints: for each exercise that has a hint left, what asks for it.

    Closing the iterator ends the processes that are still running.
    """
    running: list[subprocess.Popen] = []

    def check(exercise: Exercise) -> Finding:
        process = _start(subject, exercise, (next_hints or {}).get(exercise.id, ""))
        running.append(process)
        return _finding(process, exercise, subject.lang, seconds)

    pool = ThreadPoolExecutor(os.cpu_count())
    try:
        yield from pool.map(check, exercises)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for process in running:
            if process.poll() is None:
                _end(process)


def _start(subject: Subject, exercise: Exercise, next_hint: str) -> subprocess.Popen:
    path = subject.path.resolve()
    told = (str(path), subject.chapter, exercise.id, subject.lang, next_hint)
    return subprocess.Popen(
        [sys.executable, "-c", _START, *told],
        cwd=path.parent,
        env=os.environ | _SURROUNDINGS,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # so that what it starts can be ended with it
    )


def _finding(process: subprocess.Popen, exercise: Exercise, lang: str, seconds: float) -> Finding:
    try:
        answer, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        text = say("stopped", lang, seconds=f"{seconds:.0f}")
        return unjudged(exercise, "timeout", "", text, lang)
    finally:
        _end(process)
    try:
        return Finding(**json.loads(answer))
    except (ValueError, TypeError):
        text = say("died", lang, code=process.returncode)
        return unjudged(exercise, "error", "", text, lang)


def _end(process: subprocess.Popen) -> None:
    """End a process and, where the platform has process groups, all that it started."""
    try:
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    except (ProcessLookupError, PermissionError):  # nothing of it is left
        pass
    process.wait()
