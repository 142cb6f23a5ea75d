"""Running ``python -m tools grade`` as an instructor does, and looking at what it leaves."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psutil
import pytest

from tools.lesson import ROOT, read_lesson
from tools.notebook import make_notebook

CHAPTER = "08_closed_loop_control"
NOT_COMPARED = ("timings.csv", "timings.html", "grades.sqlite", "grading.key")
PATIENCE = 60.0  # seconds for what must happen soon

needs_sandbox = pytest.mark.skipif(shutil.which("bwrap") is None, reason="needs bubblewrap")


@cache
def solved(lang="en", answered=True):
    return make_notebook(read_lesson(CHAPTER), lang, ROOT, answered)


def changed(*changes):
    """The solved notebook with texts in its exercises replaced: (exercise, old, new) each."""
    notebook = json.loads(solved())
    for exercise, old, new in changes:
        (cell,) = [one for one in notebook["cells"] if one["metadata"].get("exercise") == exercise]
        source = "".join(cell["source"])
        assert source.count(old) == 1, (exercise, old)
        cell["source"] = source.replace(old, new)
    return json.dumps(notebook)


def write_class(folder, notebooks):
    """Write notebooks by their students' names; returns the folder."""
    folder.mkdir(parents=True)
    for name, content in notebooks.items():
        (folder / f"{name}.ipynb").write_text(content, encoding="utf-8")
    return folder


@dataclass
class Done:
    """A run that has ended: its exit code, and what it printed."""

    code: int
    output: str
    errors: str


class Bench:
    """A folder for runs: each has the machine's folder of temporary files to itself."""

    def __init__(self, folder):
        self.folder = folder
        self.temporary = folder / "temporary"
        self.temporary.mkdir(parents=True, exist_ok=True)

    def command(self, path, out, *options):
        command = [sys.executable, "-m", "tools", "grade", path, "--out", out]
        return [str(part) for part in (*command, "--chapter", CHAPTER, *options)]

    def start(self, path, out, *options, environment=(), **more):
        """Begin a run, in a session of its own, as a terminal's."""
        return self.start_command(self.command(path, out, *options), environment, **more)

    def start_command(self, command, environment=(), **more):
        surroundings = os.environ | {"TMPDIR": str(self.temporary), "OMP_NUM_THREADS": "1"}
        more = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True} | more
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env=surroundings | dict(environment),
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            **more,
        )

    def run(self, path, out, *options, **more):
        return ended(self.start(path, out, *options, **more))

    def left(self):
        """What lies in the folder of temporary files."""
        return sorted(os.listdir(self.temporary))


def ended(process):
    output, errors = process.communicate(timeout=300)
    return Done(process.returncode, output, errors)


def files(out):
    """What a run wrote, by path, but for what differs from run to run."""
    paths = [path for path in sorted(Path(out).rglob("*")) if path.is_file()]
    named = {path.relative_to(out).as_posix(): path.read_bytes() for path in paths}
    return {name: content for name, content in named.items() if name not in NOT_COMPARED}


def exercises(out, student):
    """What became of a student's exercises, by id."""
    results = json.loads((Path(out) / "results.json").read_text(encoding="utf-8"))
    (found,) = [one for one in results["submissions"] if one["student"] == student]
    return found["chapters"][CHAPTER]["exercises"]


def kept(store):
    """When each result in a store was written, by its key; nothing if there is no store yet."""
    if not Path(store).exists():
        return {}
    database = sqlite3.connect(f"file:{store}?mode=ro", uri=True, timeout=PATIENCE)
    try:
        return dict(database.execute("SELECT key, written FROM result"))
    except sqlite3.OperationalError:  # it is being made
        return {}
    finally:
        database.close()


def family(process):
    """A process and all that it started, as they are now."""
    try:
        first = psutil.Process(process.pid)
        return [first, *first.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def wait_until(what, process=None):
    """Wait until ``what()`` is true; returns what it gave."""
    deadline = time.monotonic() + PATIENCE
    while not (found := what()):
        assert process is None or process.poll() is None, process.communicate()
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)
    return found


def assert_all_gone(processes):
    """No process of these is left soon after."""
    _, alive = psutil.wait_procs(processes, timeout=15)
    alive = [one for one in alive if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]
    assert not alive


def kill(process):
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
