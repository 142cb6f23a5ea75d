"""The file of progress: several writers, killed writers, and disks that do not take it."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from utils.progress.file import NotKept, change, read_all
from utils.progress.kept import Kept

ROOT = Path(__file__).resolve().parents[3]
KEY = ("01_small", "01_01")
# Writes hints for ever, a transaction each, and says after each how far it is.
WRITER = """\
import sys, time
from pathlib import Path
from utils.progress.file import change
path, name, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
for k in range(1, count + 1):
    how = lambda kept, last: kept.after_verdict("failed", str(k), time.time(), last)
    change(path, ("01_small", name), how)
    print(k, flush=True)
"""


def _writer(path, name, count):
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), name, str(count)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def _verdict(source="a", now=1.0):
    return lambda kept, last: kept.after_verdict("failed", source, now, last)


@pytest.fixture
def path(tmp_path):
    return tmp_path / ".progress.sqlite"


def test_what_is_kept_comes_back(path):
    assert read_all(path) == {}
    kept = change(path, KEY, _verdict())
    kept = change(path, KEY, lambda kept, last: kept.after_answer(2.0, last))
    assert read_all(path) == {KEY: kept}
    assert (kept.attempts, kept.begun, kept.revealed, kept.seconds) == (1, 1.0, 2.0, 1.0)


def test_nobody_else_reads_it(path):
    change(path, KEY, _verdict())
    assert path.stat().st_mode & 0o077 == 0


def test_several_processes_write_at_once_and_nothing_is_lost(path):
    writers = [_writer(path, name, 40) for name in ("01_01", "01_01", "01_02")]
    for writer in writers:
        writer.communicate()
        assert writer.returncode == 0
    kept = read_all(path)
    assert kept["01_small", "01_02"].attempts == 40
    assert 40 <= kept["01_small", "01_01"].attempts <= 80  # the same answer twice is one attempt


def test_a_writer_that_is_killed_leaves_all_it_had_finished(path):
    for name in ("01_01", "01_02", "01_03"):
        writer = _writer(path, name, 10**6)
        said = [int(writer.stdout.readline()) for _ in range(20)]
        time.sleep(0.01)
        writer.send_signal(signal.SIGKILL)
        rest, _ = writer.communicate()
        said += [int(line) for line in rest.splitlines() if line]
        attempts = read_all(path)["01_small", name].attempts
        assert said[-1] <= attempts <= said[-1] + 1
    kept = change(path, KEY, _verdict("another"))
    assert kept.attempts > 20
    check = sqlite3.connect(path).execute("PRAGMA integrity_check").fetchone()
    assert check == ("ok",)


def test_another_file_of_that_name_is_left_alone(path):
    path.write_text("my own notes, long enough to be anything " * 20)
    before = path.read_bytes()
    with pytest.raises(NotKept, match="not a database"):
        change(path, KEY, _verdict())
    with pytest.raises(NotKept):
        read_all(path)
    assert path.read_bytes() == before


def test_a_file_of_a_later_version_is_left_alone(path):
    change(path, KEY, _verdict())
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    with pytest.raises(NotKept, match="another version"):
        change(path, KEY, _verdict("b"))
    assert path.read_bytes() == before


def test_no_folder_no_file(tmp_path):
    with pytest.raises(NotKept, match="unable to open"):
        change(tmp_path / "nowhere" / "file", KEY, _verdict())
    with pytest.raises(NotKept):
        change(tmp_path, KEY, _verdict())


def test_a_full_disk_keeps_what_was_there(path):
    change(path, KEY, _verdict())
    program = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from utils.progress.file import NotKept, change\n"
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\n"
        "try:\n"
        "    how = lambda kept, last: kept.after_answer(1.0, last)\n"
        "    change(Path(sys.argv[1]), ('a', 'b'), how)\n"
        "except NotKept as problem:\n"
        "    sys.exit(7)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(path)], cwd=ROOT)
    assert done.returncode == 7
    assert list(read_all(path)) == [KEY]
    assert change(path, KEY, _verdict("b")).attempts == 2


@pytest.mark.skipif(shutil.which("bwrap") is None, reason="takes bubblewrap")
def test_a_read_only_folder_is_read_and_not_written(path):
    kept = change(path, KEY, _verdict())
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from utils.progress.file import NotKept, change, read_all\n"
        "path = Path(sys.argv[1])\n"
        "print(read_all(path)['01_small', '01_01'].attempts)\n"
        "try:\n"
        "    change(path, ('a', 'b'), lambda kept, last: kept.after_answer(1.0, last))\n"
        "except NotKept as problem:\n"
        "    print(problem.reason)\n"
    )
    command = ["bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]
    done = subprocess.run(
        [*command, sys.executable, "-c", program, str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    attempts, reason = done.stdout.splitlines()
    assert attempts == "1"
    assert "readonly" in reason
    assert read_all(path) == {KEY: kept}


def test_a_python_without_sqlite_keeps_nothing(path, monkeypatch):
    monkeypatch.setattr("utils.progress.file.sqlite3", None)
    with pytest.raises(NotKept, match="sqlite3"):
        change(path, KEY, _verdict())
    assert not path.exists()


def test_a_row_is_a_record():
    """What the table holds and what the record holds are the same, in the same order."""
    from utils.progress.file import _COLUMNS, _CREATE

    named = [line.split()[0] for line in _CREATE.splitlines()[2:-2]]
    assert tuple(named) == ("chapter", "id", *_COLUMNS)
    assert len(_COLUMNS) == len(Kept.__dataclass_fields__)
