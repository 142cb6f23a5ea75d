"""The store of results: killed, shared, on a full disk, damaged, and somebody else's."""

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tools.grade.marks import Graded, Mark
from tools.grade.store import Store, StoreProblem

ROOT = Path(__file__).resolve().parents[3]


def graded(text="", score=1.0):
    mark = Mark(
        *("02_01", "Title 題", "passed", score, 1.0),
        message=text,
        html="<b>" * 100,
        public=(12, 12),
        hidden=(20, 20),
        flags=("library", "carried_forward"),
        seconds=0.1,
    )
    return Graded("08_closed_loop_control", "ja", (mark, mark))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "out" / "store.sqlite"


def test_what_was_put_is_got_again_by_whoever_opens_it(path):
    with Store(path) as store:
        assert store.get("a") is None
        store.put("a", graded("first"), 1.5)
        assert store.get("a") == graded("first")
    with Store(path) as store:
        assert store.get("a") == graded("first")
        assert store.get("b") is None


def test_a_result_put_twice_keeps_the_first(path):
    with Store(path) as store:
        store.put("a", graded("first"), 1.5)
        store.put("a", graded("second"), 2.5)
        assert store.get("a") == graded("first")
        assert store.seconds(["a", "b"]) == {"a": 1.5}


def test_finished_ones_are_told_however_many_are_asked_for(path):
    with Store(path) as store:
        for number in range(3):
            store.put(f"{number}", graded(), 0.0)
        assert store.finished(f"{number}" for number in range(2_500)) == {"0", "1", "2"}
        assert store.finished([]) == set()


ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(
    text=st.text(alphabet=st.characters(exclude_categories=())), score=st.floats(allow_nan=False)
)
def test_any_text_and_number_comes_back_as_it_was(path, text, score):
    with Store(path) as store:
        key = repr((text, score))
        store.put(key, graded(text, score), 0.0)
        assert store.get(key) == graded(text, score)


def test_threads_may_share_a_store(path):
    with Store(path) as store, ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: store.put(f"{number}", graded(), 0.0), range(100)))
        assert len(store.finished(f"{number}" for number in range(100))) == 100


# Grades the numbers of its arguments, unless the store has them; tells what it began and finished.
GRADER = """
import os, sys
from tools.grade.store import Store
from test_grade_store import graded
with Store(sys.argv[1]) as store:
    for key in sys.argv[2:]:
        if store.get(key) is None:
            print(f"began {key}", flush=True)
            store.put(key, graded(f"by {os.getpid()}" + "x" * 5000), 0.0)
            print(f"done {key}", flush=True)
"""


def grader(path, keys):
    environment = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{Path(__file__).parent}"}
    return subprocess.Popen(
        [sys.executable, "-c", GRADER, str(path), *keys],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def told(output, word):
    """The keys of which ``output`` says ``word``; its last line may be cut off by a kill."""
    lines = [line for line in output.splitlines(keepends=True) if line.endswith("\n")]
    return {line.split()[1] for line in lines if line.startswith(word)}


def test_killed_at_any_time_it_keeps_what_was_put_and_repeats_none(path):
    keys = [f"{number}" for number in range(400)]
    noise, done, kills = random.Random(3), set(), 0
    for _ in range(14):
        process = grader(path, keys)
        output = process.stdout.readline()
        time.sleep(noise.random() * 0.05)
        process.kill()
        output += process.communicate()[0]
        kills += process.returncode == -signal.SIGKILL
        assert not told(output, "began") & done, "a finished result was graded again"
        done |= told(output, "done")
        with Store(path) as store:
            finished = store.finished(keys)
        assert done <= finished
        assert len(finished - done) <= 1, "killed between keeping a result and telling of it"
        done = finished
    assert kills >= 5
    output, errors = grader(path, keys).communicate()
    assert errors == ""
    assert told(output, "began") == set(keys) - done
    with Store(path) as store:
        assert all(store.get(key) is not None for key in keys)
    assert sound(path)


def sound(path):
    database = sqlite3.connect(path)
    try:
        return database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    finally:
        database.close()


def test_several_graders_on_one_new_store_neither_fail_nor_harm_it(path):
    keys = [f"{number}" for number in range(100)]
    orders = [random.Random(seed).sample(keys, len(keys)) for seed in range(4)]
    for process in [grader(path, order) for order in orders]:
        _, errors = process.communicate()
        assert (process.returncode, errors) == (0, "")
    with Store(path) as store:
        assert store.finished(keys) == set(keys)
    assert sound(path)


@pytest.fixture
def tiny_disk(tmp_path):
    """A disk of 96 kB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=96k", "tmpfs", str(folder)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only root may mount a small disk")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def fill(store):
    """Put until it is refused; returns how many were put and what was said."""
    for number in range(1_000):
        try:
            store.put(f"{number}", graded(random.Random(number).randbytes(3_000).hex()), 0.0)
        except StoreProblem as problem:
            return number, str(problem)
    raise AssertionError("the disk was never full")


def test_a_full_disk_ends_in_a_message_and_a_store_that_opens(tiny_disk):
    path = tiny_disk / "store.sqlite"
    with Store(path) as store:
        count, message = fill(store)
        assert count > 2
        assert message.startswith(f"{path}: ")
        assert "ree some space" in message
        assert "run the same command again" in message
        assert store.get(f"{count - 1}") is not None, "the same store goes on reading"
    with Store(path) as store:
        assert len(store.finished(f"{number}" for number in range(1_000))) == count
        assert store.get(f"{count}") is None
    subprocess.run(["mount", "-o", "remount,size=1m", str(tiny_disk)], check=True)
    with Store(path) as store:
        store.put(f"{count}", graded(), 0.0)
        assert store.get(f"{count}") == graded()
    assert sound(path)


def test_a_disk_that_is_full_from_the_start_is_told_and_harms_nothing(tiny_disk):
    other = tiny_disk / "other"
    for size in range(96, 0, -4):  # the folder itself takes a block
        try:
            other.write_bytes(bytes(size * 1024))
            break
        except OSError:
            continue
    path = tiny_disk / "store.sqlite"
    with pytest.raises(StoreProblem, match=r"store.sqlite: .*ree some space"):
        Store(path)
    other.unlink()
    with Store(path) as store:
        store.put("a", graded(), 0.0)


def test_a_store_that_may_grow_no_further_is_told_and_opens_again(path):
    """A quota, as every user can have one: Python ignores SIGXFSZ, and writing fails."""
    program = (
        "import resource, sys\n"
        "from tools.grade.store import Store\n"
        "from test_grade_store import fill\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))\n"
        "with Store(sys.argv[1]) as store:\n"
        "    print(*fill(store))\n"
    )
    environment = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{Path(__file__).parent}"}
    command = [sys.executable, "-c", program, str(path)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    count, _, message = done.stdout.partition(" ")
    assert done.returncode == 0, done.stderr
    assert int(count) > 2
    assert message.startswith(f"{path}: ")
    assert "ree some space" in message
    with Store(path) as store:
        assert len(store.finished(f"{number}" for number in range(1_000))) == int(count)
        store.put("a", graded(), 0.0)
        assert store.get("a") == graded()
    assert sound(path)


@pytest.mark.parametrize("content", [b"x", b"student,score\n" * 100, b"\x89PNG" * 5_000])
def test_a_file_that_is_no_store_is_told_and_left_alone(tmp_path, content):
    path = tmp_path / "store"
    path.write_bytes(content)
    with pytest.raises(StoreProblem, match=r"store: .*\. Name another file by --store"):
        Store(path)
    assert path.read_bytes() == content
    assert os.listdir(tmp_path) == ["store"]


def test_the_database_of_another_program_is_told_and_left_alone(tmp_path):
    path = tmp_path / "gradebook.db"
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE result (key, graded)")
    database.commit()
    database.close()
    before = path.read_bytes()
    with pytest.raises(StoreProblem, match=r"another program's database\. Name another file"):
        Store(path)
    assert path.read_bytes() == before


def changed(path, *statements):
    database = sqlite3.connect(path)
    for statement in statements:
        database.execute(*statement)
    database.commit()
    database.close()


def test_a_store_of_another_version_is_told(path):
    Store(path).close()
    changed(path, ("PRAGMA user_version = 7",))
    with pytest.raises(StoreProblem, match=r"of version 7, .* version 1\. Delete it"):
        Store(path)


@pytest.mark.parametrize(
    "row",
    [
        b"",
        b"no zlib",
        zlib.compress(b"no json"),
        zlib.compress(b"[]"),
        zlib.compress(b'{"marks": [{"exercise": "02_01"}]}'),
        zlib.compress(json.dumps(graded().to_json() | {"grade": "A"}).encode()),
        "text",
        7,
    ],
)
def test_a_result_that_is_damaged_or_of_another_version_is_told(path, row):
    with Store(path) as store:
        store.put("a", graded(), 0.0)
        store.put("b", graded(), 0.0)
    changed(path, ("UPDATE result SET graded = ? WHERE key = 'a'", (row,)))
    with Store(path) as store:
        with pytest.raises(StoreProblem, match=r"store.sqlite: a result in it .* Delete it"):
            store.get("a")
        assert store.get("b") == graded()


def test_a_damaged_store_is_told_or_gives_what_was_put(tmp_path):
    path, noise = tmp_path / "store", random.Random(8)
    with Store(path) as store:
        for number in range(30):
            store.put(f"{number}", graded(noise.randbytes(300).hex()), 0.0)
        expected = {f"{number}": store.get(f"{number}") for number in range(30)}
    whole, told_of = path.read_bytes(), 0
    for _ in range(150):
        damaged = bytearray(whole)
        for _ in range(30):
            damaged[noise.randrange(len(damaged))] = noise.randrange(256)
        if noise.random() < 0.2:
            del damaged[noise.randrange(len(damaged)) :]
        path.write_bytes(damaged)
        try:
            with Store(path) as store:
                for key, value in expected.items():
                    assert store.get(key) in (value, None)
        except StoreProblem:
            told_of += 1
    assert told_of > 20


def test_a_place_where_no_file_can_be_is_told(tmp_path):
    (tmp_path / "file").touch()
    for path in (tmp_path, tmp_path / "file" / "store", Path("/proc/store")):
        with pytest.raises(StoreProblem, match="Name a file by --store in a folder"):
            Store(path)


def test_a_strange_name_of_the_file_is_a_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = [":memory:", "file:x?mode=memory", "\udce9.sqlite"]
    for name in names:
        with Store(name) as store:
            store.put("a", graded(), 0.0)
    assert sorted(os.listdir()) == sorted(names)
