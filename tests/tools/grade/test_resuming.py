"""Runs killed, stopped, doubled or out of room: nothing is lost, repeated or left behind."""

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time

import psutil
import pytest
from grade_runs import (
    CHAPTER,
    Bench,
    assert_all_gone,
    changed,
    ended,
    family,
    files,
    kept,
    kill,
    needs_sandbox,
    solved,
    wait_until,
    write_class,
)

from tools.grade.marks import Graded
from tools.grade.store import Store
from tools.lesson import ROOT

pytestmark = needs_sandbox

OPTIONS = ("--hidden", 1)
STUDENTS = 5


def notebooks():
    """One that is carried forward, and two that take a while, so that a run is met at work."""
    wrong = changed(("02_01", "x = np.array(x0", "x = 2 * np.array(x0"))
    wait = "    import time\n    time.sleep(0.1)\n    t_end = t_washout"
    slow = changed(("02_02", "    t_end = t_washout", wait))
    kinds = [solved(), wrong, slow, slow, solved(answered=False)]
    return {f"student {number}": kind for number, kind in enumerate(kinds)}


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    return Bench(tmp_path_factory.mktemp("resuming"))


@pytest.fixture(scope="module")
def key(bench):
    path = bench.folder / "key"
    path.write_text(f"{'3' * 64}\n")
    path.chmod(0o600)
    return path


@pytest.fixture(scope="module")
def submitted(bench):
    return write_class(bench.folder / "class", notebooks())


@pytest.fixture(scope="module")
def whole(bench, key, submitted):
    """What an uninterrupted run writes."""
    done = bench.run(submitted, bench.folder / "whole", *OPTIONS, "--key", key)
    assert done.code == 1, done.errors  # some are carried forward
    return files(bench.folder / "whole")


@pytest.fixture
def start(bench, key, submitted, tmp_path):
    """Begins a run in a folder of this test's own."""

    def start(*options, **more):
        return bench.start(submitted, tmp_path / "out", *OPTIONS, "--key", key, *options, **more)

    return start


@pytest.fixture
def store(tmp_path):
    return tmp_path / "out" / "grades.sqlite"


def busy(process, store, count=1):
    """Wait until some notebooks are graded and graders are at the next; returns all processes."""
    wait_until(lambda: len(kept(store)) >= count, process)
    return wait_until(
        lambda: [*found] if any(map(is_sandbox, found := family(process))) else None, process
    )


def is_sandbox(process):
    try:
        return process.name() == "bwrap"
    except psutil.NoSuchProcess:
        return False


def test_killed_at_any_time_it_goes_on_and_repeats_nothing(bench, start, store, whole, tmp_path):
    noise, done = random.Random(5), {}
    for moment, jobs in ((0, 1), (1, 2), (3, 1)):
        process = start("--jobs", jobs)
        wait_until(
            lambda process=process, moment=moment: (
                process.poll() is not None
                or (len(kept(store)) >= moment if moment else any(map(is_sandbox, family(process))))
            )
        )
        time.sleep(noise.random() * 0.3)
        processes = family(process)
        kill(process)
        assert_all_gone(processes)
        now = kept(store)
        assert done.items() <= now.items(), "a kept result was graded again"
        assert len(now) >= moment
        done = now
    last = ended(start())
    assert last.code == 1, last.errors
    assert done.items() <= kept(store).items()
    assert len(kept(store)) == STUDENTS
    assert files(tmp_path / "out") == whole
    assert bench.left() == [], "the next run removes what a killed one left"


def test_two_runs_in_one_folder_do_not_harm_each_other(bench, start, store, whole, tmp_path):
    first, second = start("--jobs", 1), start("--jobs", 1)
    for process in (first, second):
        done = ended(process)
        assert done.code == 1, done.errors
    assert files(tmp_path / "out") == whole
    assert len(kept(store)) == STUDENTS
    assert bench.left() == []


def test_stopped_it_keeps_what_is_graded_and_says_how_to_go_on(
    bench, start, store, whole, tmp_path
):
    process = start("--jobs", 2)
    processes = busy(process, store)
    os.killpg(process.pid, signal.SIGINT)  # Ctrl-C in a terminal
    done = ended(process)
    before = kept(store)
    assert done.code == 130
    assert 1 <= len(before) < STUDENTS
    told = f"{len(before)} of {STUDENTS} notebooks are graded"
    assert f"Stopped. {told} and kept in {store}. Run the same command again" in done.errors
    assert "Traceback" not in done.errors
    assert_all_gone(processes)
    assert bench.left() == []
    again = ended(start())
    assert again.code == 1, again.errors
    assert f"{told} already" in again.errors
    assert before.items() <= kept(store).items()
    assert files(tmp_path / "out") == whole


def test_stopped_in_the_preflight_it_leaves_nothing(bench, start):
    process = start()
    processes = wait_until(
        lambda: [*found] if any(map(is_sandbox, found := family(process))) else None, process
    )
    os.kill(process.pid, signal.SIGTERM)  # to itself alone, as CI cancels
    done = ended(process)
    assert done.code == 130
    assert "Run the same command again" in done.errors
    assert "Traceback" not in done.errors
    assert_all_gone(processes)
    assert bench.left() == []


@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_second_signal_ends_it_at_once(number):
    program = (
        "import signal, time\n"
        "from tools.grade.stopping import stoppable\n"
        f"def stop(): signal.raise_signal(signal.{number})\n"
        "try:\n"
        "    with stoppable():\n"
        "        try:\n"
        "            stop()\n"
        "        finally:\n"
        "            print('tidying up', flush=True)\n"
        "            stop()\n"
        "            print('too far')\n"
        "except KeyboardInterrupt:\n"
        "    print('too far')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (130, "tidying up\n")


def test_what_is_to_be_ignored_is(bench):
    """As ``nohup`` asks for it."""
    program = (
        "import signal\n"
        "from tools.grade.stopping import stoppable\n"
        "signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        "with stoppable():\n"
        "    signal.raise_signal(signal.SIGHUP)\n"
        "print('went on')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == "went on\n"


def test_a_grader_that_is_killed_is_replaced(bench, start, store, whole, tmp_path):
    process = start("--jobs", 2)
    processes = busy(process, store)
    graders = [one for one in processes[1:] if one.ppid() == process.pid]
    graders[0].kill()
    done = ended(process)
    assert done.code == 1, done.errors
    assert files(tmp_path / "out") == whole
    assert bench.left() == []


def test_a_full_disk_is_told_and_the_next_run_goes_on(bench, start, store, whole, tmp_path):
    """A quota on the size of files, as every user can have one: the store does not fit."""
    store.parent.mkdir()
    with Store(store) as other:
        text = random.Random(1).randbytes(80_000).hex()
        other.put("of another class", Graded(CHAPTER, "en", (), text), 0.0)
    quota = store.stat().st_size + 4096

    def small_files():
        _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (quota, most))

    done = ended(start("--jobs", 2, preexec_fn=small_files))
    assert done.code == 2, done
    assert "ree some space" in done.errors
    assert "run the same command again" in done.errors
    assert "Traceback" not in done.errors
    assert bench.left() == []
    before = kept(store)
    assert len(before) < 1 + STUDENTS
    assert ended(start()).code == 1
    assert before.items() <= kept(store).items()
    assert files(tmp_path / "out") == whole


@pytest.fixture
def tiny_disk(tmp_path):
    """A disk of 96 kB, where the results are to go."""
    folder = tmp_path / "out"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=96k", "tmpfs", str(folder)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only root may mount a small disk")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_disk_too_small_for_the_results_is_told(start, tiny_disk, tmp_path):
    outside = tmp_path / "grades.sqlite"
    done = ended(start("--store", outside))
    assert done.code == 2
    assert f"{tiny_disk}/" in done.errors
    assert "No space left on device" in done.errors
    assert "run the same command again" in done.errors
    assert "Traceback" not in done.errors
    assert len(kept(outside)) == STUDENTS
    assert [path for path in tiny_disk.rglob(".*") if path.is_file()] == []
