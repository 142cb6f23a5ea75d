"""A Dask cluster, real ones on this machine: the same files, whatever becomes of its workers."""

import os
import re
import signal
import subprocess
import sys

import pytest
from grade_runs import (
    CHAPTER,
    Bench,
    changed,
    ended,
    files,
    kept,
    kill,
    needs_sandbox,
    solved,
    wait_until,
    write_class,
)

from tools.grade.batch import Handed, Plan
from tools.grade.cluster import ClusterError, grade_there, is_address
from tools.lesson import ROOT

pytestmark = needs_sandbox

OPTIONS = ("--hidden", 1)
SECRET = "4" * 64
STUDENTS = 5


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    return Bench(tmp_path_factory.mktemp("cluster"))


@pytest.fixture(scope="module")
def key(bench):
    path = bench.folder / "key"
    path.write_text(f"{SECRET}\n")
    path.chmod(0o600)
    return path


@pytest.fixture(scope="module")
def submitted(bench):
    wait = "    import time\n    time.sleep(0.1)\n    t_end = t_washout"
    slow = changed(("02_02", "    t_end = t_washout", wait))
    kinds = [solved(), solved("ja"), slow, slow, solved(answered=False)]
    return write_class(
        bench.folder / "class", {f"student {number}": kind for number, kind in enumerate(kinds)}
    )


@pytest.fixture(scope="module")
def whole(bench, key, submitted):
    """What a run on this machine alone writes."""
    done = bench.run(submitted, bench.folder / "whole", *OPTIONS, "--key", key)
    assert done.code == 1, done.errors
    return files(bench.folder / "whole")


class Cluster:
    """A scheduler and workers, each with its log and its own folder of temporary files."""

    def __init__(self, folder):
        self.folder = folder
        self.folder.mkdir()
        self.processes = {}
        self.address = ""

    def begin(self, name, *command, folder=ROOT):
        temporary = self.folder / f"{name}-temporary"
        temporary.mkdir(exist_ok=True)
        surroundings = os.environ | {"TMPDIR": str(temporary), "OMP_NUM_THREADS": "1"}
        surroundings |= {"DASK_LOGGING__DISTRIBUTED": "debug"}
        with (self.folder / f"{name}.log").open("wb") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", "dask", *command],
                cwd=folder,
                env=surroundings,
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
            )

    def log(self, name):
        return (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def start_scheduler(self):
        where = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-jupyter")
        # In a folder that is no project: it passes on what it does not read.
        self.begin("scheduler", "scheduler", *where, folder=self.folder)
        told = re.compile(r"Scheduler at:\s+(tcp://\S+)")
        self.address = wait_until(lambda: told.search(self.log("scheduler")))[1]

    def start_worker(self, name, *options, **more):
        where = ("--host", "127.0.0.1", "--no-dashboard", "--name", name)
        local = ("--local-directory", str(self.folder / f"{name}-local"))
        self.begin(name, "worker", self.address, *where, *local, *options, **more)

    def wait_for_workers(self, *names):
        for name in names:
            wait_until(lambda name=name: "Registered to" in self.log(name), self.processes[name])

    def assert_no_key_in_logs(self):
        for name in self.processes:
            log = self.log(name)
            assert log
            assert SECRET not in log
            assert bytes.fromhex(SECRET).decode("ascii") not in log

    def left(self, name):
        return os.listdir(self.folder / f"{name}-temporary")

    def stop(self, name):
        self.processes[name].send_signal(signal.SIGINT)
        self.processes[name].wait(timeout=60)

    def kill_all(self):
        for process in self.processes.values():
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path):
    cluster = Cluster(tmp_path / "cluster")
    try:
        cluster.start_scheduler()
        yield cluster
    finally:
        cluster.kill_all()


def test_it_writes_the_same_files_and_leaves_nothing(
    bench, key, submitted, whole, cluster, tmp_path
):
    cluster.start_worker("threads", "--nthreads", "2", "--no-nanny")
    cluster.start_worker("nanny", "--nthreads", "1")
    cluster.wait_for_workers("threads", "nanny")
    out = tmp_path / "out"
    done = bench.run(submitted, out, *OPTIONS, "--key", key, "--dask", cluster.address)
    assert done.code == 1, done.errors
    assert files(out) == whole
    assert len(kept(out / "grades.sqlite")) == STUDENTS
    assert bench.left() == []
    for name in ("threads", "nanny"):
        cluster.stop(name)
        assert [one for one in cluster.left(name) if one.startswith("grade-")] == []
    cluster.assert_no_key_in_logs()


def test_a_worker_that_is_killed_takes_nothing_along(
    bench, key, submitted, whole, cluster, tmp_path
):
    for name in ("first", "second"):
        cluster.start_worker(name, "--nthreads", "1", "--no-nanny")
    cluster.wait_for_workers("first", "second")
    out = tmp_path / "out"
    process = bench.start(submitted, out, *OPTIONS, "--key", key, "--dask", cluster.address)
    wait_until(lambda: len(kept(out / "grades.sqlite")) >= 1, process)
    kill(cluster.processes["first"])
    done = ended(process)
    assert done.code == 1, done.errors
    assert files(out) == whole


# The public command with less patience than an instructor has.
IMPATIENT = (
    "import sys\n"
    "from tools.grade import cluster\n"
    "cluster.PATIENCE, cluster.CONNECTING = 2.0, 2.0\n"
    "from tools.__main__ import app\n"
    "app(sys.argv[1:], prog_name='python -m tools')\n"
)


def impatient(bench, submitted, out, key, address):
    command = bench.command(submitted, out, *OPTIONS, "--key", key, "--dask", address)
    return bench.start_command([command[0], "-c", IMPATIENT, *command[3:]])


def test_when_no_worker_is_left_it_says_so_and_what_is_graded_is_kept(
    bench, key, submitted, whole, cluster, refusal, tmp_path
):
    cluster.start_worker("only", "--nthreads", "1", "--no-nanny")
    cluster.wait_for_workers("only")
    out = tmp_path / "out"
    process = impatient(bench, submitted, out, key, cluster.address)
    wait_until(lambda: len(kept(out / "grades.sqlite")) >= 1, process)
    kill(cluster.processes["only"])
    done = ended(process)
    assert done.code == 2
    assert "no worker has been left" in done.errors
    assert "run the same command again" in done.errors
    assert "Traceback" not in done.errors
    before = kept(out / "grades.sqlite")
    assert 1 <= len(before) < STUDENTS
    cluster.start_worker("next", "--nthreads", "2", "--no-nanny")
    cluster.wait_for_workers("next")
    done = ended(impatient(bench, submitted, out, key, cluster.address))
    assert done.code == 1, done.errors
    assert before.items() <= kept(out / "grades.sqlite").items()
    assert files(out) == whole
    # That worker is of this very project; of another one its marks could differ.
    assert "has another state of the project" in refusal(cluster.address)
    cluster.assert_no_key_in_logs()  # although something failed there


@pytest.fixture
def refusal():
    """What is said when something is to be graded at an address."""

    def refusal(address, digest="another one"):
        plan = Plan((CHAPTER,), bytes.fromhex(SECRET), 1, "bubblewrap")
        with pytest.raises(ClusterError) as refused:
            list(grade_there(plan, digest, [Handed(0, b"", "a.ipynb")], address))
        return str(refused.value)

    return refusal


def test_a_scheduler_without_workers_and_workers_without_the_project_are_told(
    refusal, cluster, tmp_path
):
    said = refusal(cluster.address)
    assert said.startswith(f"{cluster.address}: the scheduler has no worker. ")
    assert f"python -m dask worker {cluster.address}" in said
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    cluster.start_worker("lost", "--nthreads", "1", "--no-nanny", folder=elsewhere)
    cluster.wait_for_workers("lost")
    assert "a worker lacks the project (No module named 'tools" in refusal(cluster.address)
    cluster.assert_no_key_in_logs()


def test_where_no_scheduler_answers_it_is_told(refusal, monkeypatch):
    monkeypatch.setattr("tools.grade.cluster.CONNECTING", 1.0)
    said = refusal("tcp://127.0.0.1:9")
    assert said.startswith("tcp://127.0.0.1:9: no Dask scheduler answers (")
    assert "python -m dask scheduler" in said
    assert "TLS takes certificates" in refusal("tls://127.0.0.1:9")


@pytest.mark.parametrize("text", ["tcp://10.0.0.5:8786", "tls://[::1]:87", "localhost:8786"])
def test_an_address_names_a_host_and_a_port(text):
    assert is_address(text)


@pytest.mark.parametrize("text", ["", "nonsense", "tcp://", "10.0.0.5", "tcp://a b:1", "a:b:1"])
def test_what_is_no_address_is_none(text):
    assert not is_address(text)


def test_nothing_of_dask_is_loaded_without_it():
    program = (
        "import sys\nimport tools.__main__\nassert not {'dask', 'distributed'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)
