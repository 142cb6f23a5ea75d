"""``python -m utils check --watch``: rechecks at a save, and what has changed alone."""

import os
import queue
import signal
import subprocess
import sys
import threading
import time

import pytest
from small_chapter import LEAK, LEAK_MISTAKE, SCALE

LIMIT = 60
WRONG = f"{LEAK.replace(*LEAK_MISTAKE)}\n\ntest_func(solution, '01_01', multiple_output=True)"
RIGHT = f"{LEAK}\n\ntest_func(solution, '01_01', multiple_output=True)"
SCALED = f"{SCALE}\n\ntest_func(scale, '01_03')"


@pytest.fixture
def watching(tree, surroundings):
    """Start watching; gives the process and what it says, line by line."""
    started = []

    def watching():
        process = subprocess.Popen(
            [sys.executable, "-u", "-m", "utils", "check", "--watch"],
            cwd=tree,
            env=surroundings,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        lines = queue.Queue()
        threading.Thread(target=lambda: [*map(lines.put, process.stdout)], daemon=True).start()
        return process, lines

    yield watching
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _until(lines, text):
    """All that is said until a line holds ``text``."""
    said = []
    while not said or text not in said[-1]:
        said.append(lines.get(timeout=LIMIT))
    return said


def test_what_has_changed_is_checked_at_a_save(watching, write):
    path = write(WRONG, SCALED)
    process, lines = watching()
    first = _until(lines, "Ctrl-C")
    assert any("1 of 4 exercises passed" in line for line in first)

    write(RIGHT, SCALED)
    said = _until(lines, "exercises passed")
    assert "checked again: 01_01\n" in said[0]
    assert "2 of 4 exercises passed" in said[-1]

    write(RIGHT, SCALED.replace("# TODO", "# done:"), "x = 1")
    assert "no exercise has changed" in _until(lines, "was saved")[-1]

    half_written = path.read_text()[:200]
    path.write_text(half_written)
    write(RIGHT, SCALED.replace("c * x", "c + x"))
    said = _until(lines, "exercises passed")
    assert "checked again: 01_03\n" in said[0]
    assert not any("01_01 A leaky sum" in line for line in said)

    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(LIMIT) == 1


WAITING = """\
def scale(x, c, log):
    from pathlib import Path
    from time import sleep

    Path("running").touch()
    while not Path("saved").exists():
        sleep(0.01)
    log.append(c)
    return c * x


test_func(scale, '01_03')"""


def test_a_save_during_the_first_check_is_seen(watching, write):
    folder = write(WAITING).parent
    _, lines = watching()
    deadline = time.monotonic() + LIMIT
    while not (folder / "running").exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    write(SCALED.replace("c * x", "c + x"))
    (folder / "saved").touch()
    assert any("01_03  ✓ Passed" in line for line in _until(lines, "exercises passed"))
    said = _until(lines, "was saved") + _until(lines, "exercises passed")
    assert any("01_03" in line for line in said if "checked again" in line)
    assert "0 of 4 exercises passed" in said[-1]


def test_a_function_that_others_need_takes_them_along(watching, write):
    mean = "def mean_leak(x0):\n    return np.mean(leak(3, x0)[0])\n\ntest_func(mean_leak, '01_04')"
    write(RIGHT, mean)
    _, lines = watching()
    _until(lines, "Ctrl-C")
    write(WRONG, mean)
    assert "checked again: 01_01, 01_04\n" in _until(lines, "exercises passed")[0]
