"""Several updates of the same folder at once: one does it, the others say so and do nothing."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from learner import ANSWER, answer, code_of, git, snapshot

from tests.two_versions import NOTEBOOK
from utils.update.lock import alone
from utils.update.places import BACKUPS, LOCK
from utils.update.trees import UpdateProblem

# An update that waits, with some of its files written, until somebody presses Enter.
WAITING = """\
import sys
import utils.update.transaction as transaction
from utils.__main__ import main

put, left = transaction._put, [2]
def slowly(path, content):
    if left[0] == 0:
        print("half-way", flush=True)
        sys.stdin.readline()
    left[0] -= 1
    put(path, content)
transaction._put = slowly
sys.exit(main(["update"]))
"""


@contextmanager
def half_way(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """An update in the middle of its work."""
    process = subprocess.Popen(
        [sys.executable, "-c", WAITING],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout.readline() == "half-way\n"
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("arguments", [(), ("--dry-run",), (NOTEBOOK,)], ids=str)
def test_a_second_one_says_so_and_changes_nothing(clone, publish, update, arguments, lang):
    answer(clone)
    publish()
    with half_way(clone) as first:
        before = snapshot(clone)
        second = update(clone, *arguments, "--lang", lang)
        assert second.returncode == 2
        said = "Another update of" if lang == "en" else "別の更新が実行中です"
        assert said in second.stderr
        assert "cut off" not in second.stdout + second.stderr
        assert snapshot(clone) == before
        told, _ = first.communicate("\n")
    assert first.returncode == 0, told
    assert "Updated." in told
    assert ANSWER in code_of(clone / NOTEBOOK, "decay")
    assert git(clone, "status", "--porcelain") == f"M {NOTEBOOK}"
    assert not (clone / BACKUPS / LOCK).exists()


def test_one_that_was_killed_keeps_nobody_out(clone, publish, update):
    answer(clone)
    publish()
    with half_way(clone) as first:
        first.send_signal(signal.SIGKILL)
        first.wait()
    assert (clone / BACKUPS / LOCK).exists()
    done = update(clone)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "put back first" in done.stdout
    assert ANSWER in code_of(clone / NOTEBOOK, "decay")


def test_many_at_once_end_as_one_would(clone, publish, course):
    answer(clone)
    publish()
    command = [sys.executable, "-m", "utils", "update"]
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    running = [subprocess.Popen(command, cwd=clone, **options) for _ in range(4)]
    told = [process.communicate()[0] for process in running]
    codes = [process.returncode for process in running]
    assert 0 in codes
    assert set(codes) <= {0, 2}
    assert sum("Updated." in text for text in told) == 1
    assert all("Another update of" in told[i] for i, code in enumerate(codes) if code == 2)
    assert git(clone, "rev-parse", "HEAD") == git(course, "rev-parse", "student-en")
    assert git(clone, "status", "--porcelain") == f"M {NOTEBOOK}"
    assert ANSWER in code_of(clone / NOTEBOOK, "decay")


def test_a_lock_leaves_nothing_behind(tmp_path):
    home = tmp_path / "not" / "there"
    with alone(home):
        assert (home / BACKUPS / LOCK).exists()
        with pytest.raises(UpdateProblem, match="not/there"), alone(home):
            pass
        with alone(tmp_path):  # another folder's
            pass
    assert not list(tmp_path.iterdir())


def test_where_no_lock_can_be_made_the_update_goes_on(tmp_path):
    (tmp_path / BACKUPS).write_text("a file where the folder would be")
    with alone(tmp_path):
        pass
    assert (tmp_path / BACKUPS).is_file()
