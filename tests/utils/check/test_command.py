"""``python -m utils check`` as a learner gives it: real notebooks, real processes."""

import json
import os
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ET

import pytest
from small_chapter import (
    FILTER,
    FILTER_GAPS,
    LEAK,
    LEAK_HINT,
    LEAK_MISTAKE,
    MEAN,
    SCALE,
    cut,
)

NUMPY = "import numpy as np"
LEAK_CELL = LEAK + '\ntest_func(solution, "01_01", multiple_output=True)'
FILTER_CELL = FILTER + '\ntest_func(solution, "01_02")'
SCALE_CELL = SCALE + '\ntest_func(scale, "01_03")'
MEAN_CELL = MEAN + '\ntest_func(mean_leak, "01_04")'
SOLVED = (NUMPY, LEAK_CELL, FILTER_CELL, SCALE_CELL, MEAN_CELL)

ALL_PASSED = """\
{path}
  01_01  ✓ Passed
  01_02  ✓ Passed
  01_03  ✓ Passed
  01_04  ✓ Passed

4 of 4 exercises passed.

"""


def test_a_solved_notebook_passes_whatever_else_is_in_it(write, run, tmp_path):
    (tmp_path / "helper.py").write_text("def times(c, x):\n    return c * x\n")
    path = write(
        "%matplotlib inline\n!pip install nothing\nimport numpy as np",
        "while True:\n    pass",
        "print(",
        "1 / 0",
        "%%bash\nsleep 1000",
        LEAK_CELL,
        "record = leak(10**12, 0.0)",
        FILTER_CELL,
        "%time from helper import times",
        "files = !ls",
        SCALE_CELL.replace("c * x", "times(c, x)"),
        "import os\nos._exit(3)",
        MEAN_CELL,
    )
    done = run(path)
    assert done.stdout == ALL_PASSED.format(path=path)
    assert done.stderr == ""
    assert done.returncode == 0


def test_a_notebook_in_the_format_of_old_without_metadata_passes(run, tmp_path):
    path = tmp_path / "01_small (1).ipynb"
    cells = [
        {"cell_type": "code", "input": source.splitlines(keepends=True), "outputs": []}
        for source in SOLVED
    ]
    path.write_text(json.dumps({"nbformat": 3, "worksheets": [{"cells": cells}]}))
    assert run(path).stdout == ALL_PASSED.format(path=path)


@pytest.fixture
def mixed(write):
    def mixed(lang):
        return write(
            NUMPY,
            LEAK_CELL.replace(*LEAK_MISTAKE),
            cut(FILTER, *FILTER_GAPS) + '\ntest_func(solution, "01_02")',
            SCALE_CELL.replace("c * x", "c * y"),
            lang=lang,
        )

    return mixed


def test_what_is_not_right_is_explained(mixed, run):
    path = mixed("en")
    done = run(path)
    assert (
        done.stdout
        == f"""\
{path}
  01_01  ✗ Not right yet        How far does one step go?
  01_02  ○ Not attempted
  01_03  ✗ Stopped by an error  NameError: name 'y' is not defined
  01_04  ○ Not in the notebook

  ✗ 01_01 A leaky sum: Not right yet (0 of 4 cases right)
    Hint: How far does one step go?
    Case 1 of 4: one step
    xs[1, 0] is the first entry that differs.
      expected: 0.920735492
      yours: 0.960367746
    2 of 4 entries differ; the largest error is 0.71, allowed is 2e-09.

  ✗ 01_03 Scaling: Stopped by an error (0 of 3 cases right)
    Case 1 of 3: a series
      NameError: name 'y' is not defined
      code cell 5, line 3, in scale: return c * y  # TODO Scale.

0 of 4 exercises passed.

"""
    )
    assert done.returncode == 1


def test_in_the_language_of_the_notebook(mixed, run):
    done = run(mixed("ja"))
    assert f"  01_01  ✗ まだ正しくありません      {LEAK_HINT.ja}" in done.stdout.splitlines()
    assert "  01_04  ○ ノートブックにありません" in done.stdout.splitlines()
    assert "コードセル5 3行目" in done.stdout
    assert "4問中0問が正解です。" in done.stdout


def test_or_in_the_one_asked_for(mixed, run):
    assert "まだ正しくありません" in run(mixed("en"), "--lang", "ja").stdout


def test_junit(mixed, write, run, tmp_path):
    solved = write(*SOLVED, name="solved/01_small.ipynb")
    results = tmp_path / "results.xml"
    done = run(mixed("en"), solved, "--junit", results)
    assert done.returncode == 1
    first, second = ET.parse(results).getroot()
    assert (first.get("tests"), first.get("failures")) == ("4", "4")
    assert (second.get("tests"), second.get("failures")) == ("4", "0")
    assert [case.get("name") for case in first] == [
        "01_01 A leaky sum",
        "01_02 A filter",
        "01_03 Scaling",
        "01_04 A mean",
    ]
    assert {case.get("classname") for case in first} == {"01_small"}
    assert [case.find("failure").get("type") for case in first] == [
        "failed",
        "not_attempted",
        "error",
        "missing",
    ]
    failure = first[0].find("failure")
    assert failure.get("message") == LEAK_HINT.en
    assert "the first entry that differs" in failure.text
    assert [list(case) for case in second] == [[]] * 4


def test_junit_holds_whatever_a_program_prints(write, run, tmp_path):
    path = write(SCALE_CELL.replace("c * x", "print('\\x1b[31m\\0\\ud800') or c"))
    results = tmp_path / "results.xml"
    run(path, "--junit", results)
    assert "\ufffd[31m" in ET.parse(results).getroot()[0][2].find("failure").text


class TestWhatCannotBeChecked:
    def test_is_said_and_the_others_are_checked(self, write, run, tmp_path):
        empty = tmp_path / "empty.ipynb"
        empty.write_text("no JSON")
        solved = write(*SOLVED)
        done = run(tmp_path / "gone.ipynb", empty, solved)
        assert done.stderr == (
            f"{tmp_path / 'gone.ipynb'} cannot be read: No such file or directory.\n"
            f"{empty} is not a notebook.\n"
        )
        assert done.stdout == ALL_PASSED.format(path=solved)
        assert done.returncode == 2

    def test_no_chapter(self, write, run):
        path = write("x = 1", name="diary.ipynb", lang=None)
        done = run(path)
        assert done.stderr.startswith(f"{path} belongs to no chapter")
        assert done.returncode == 2

    def test_unknown_chapter(self, write, run):
        path = write("load_from_chapter_name('01_smalt', lang='en')", lang=None)
        done = run(path)
        assert "There is no chapter 01_smalt. Did you mean 01_small?" in done.stderr
        assert done.returncode == 2

    def test_junit_file_in_no_folder(self, write, run, tmp_path):
        done = run(write(*SOLVED), "--junit", tmp_path / "none" / "results.xml")
        assert "results.xml: No such file or directory" in done.stderr
        assert done.returncode == 2

    @pytest.mark.parametrize(("lang", "words"), [("en", "no notebook"), ("ja", "ノートブック")])
    def test_no_notebook(self, run, tmp_path, lang, words):
        done = run("--lang", lang, cwd=tmp_path)
        assert words in done.stderr
        assert done.returncode == 2

    def test_unknown_option(self, run):
        assert run("--language", "en").returncode == 2


class TestWithoutANotebook:
    def test_those_of_the_folder(self, write, run, tmp_path):
        write("x = 1")
        write("x = 1", name="work/en/01_small.ipynb")
        assert run(cwd=tmp_path).stdout.startswith("01_small.ipynb\n")

    def test_else_those_in_work_else_those_in_chapters(self, write, run, tmp_path):
        write("x = 1", name="chapters/en/01_small.ipynb")
        write("x = 1", name="chapters/ja/01_small.ipynb", lang="ja")
        done = run(cwd=tmp_path).stdout
        assert "chapters/en/01_small.ipynb\n" in done
        assert "chapters/ja/01_small.ipynb\n" in done
        assert "chapters/en" not in run("--lang", "ja", cwd=tmp_path).stdout
        write("x = 1", name="work/en/01_small.ipynb")
        assert run(cwd=tmp_path).stdout.startswith("work/en/01_small.ipynb\n")


def test_help_has_an_example(run):
    done = run("--help")
    assert "python -m utils check 08_closed_loop_control.ipynb" in done.stdout
    assert done.returncode == 0


CHECK_QUICKLY = """\
import sys
from pathlib import Path
from utils.check.processes import check_exercises
from utils.check.subject import read_subject
from utils.tester.chapter import open_chapter
subject = read_subject(Path(sys.argv[1]), ["01_small"], None)
exercises = open_chapter("01_small", subject.lang).exercises
for finding in check_exercises(subject, [exercises["01_03"]], float(sys.argv[2])):
    print(finding.state, finding.text)
"""


@pytest.fixture
def check_quickly(tree):
    """Check exercise 01_03 under a time limit of one's own."""

    def check(path, seconds):
        return subprocess.run(
            [sys.executable, "-c", CHECK_QUICKLY, str(path), str(seconds)],
            cwd=tree,
            capture_output=True,
            text=True,
            encoding="utf-8",
            env=os.environ | {"PYTHONUTF8": "1"},
        ).stdout

    return check


class TestCodeThatGetsOutOfHand:
    def test_a_needed_statement_that_never_ends_is_stopped(self, write, check_quickly):
        path = write(
            "factor = 1", "while True:\n    factor += 1", SCALE_CELL.replace("c *", "factor *")
        )
        done = check_quickly(path, 5)
        assert done.startswith("timeout ✗ 01_03 Scaling: Out of time\n  It did not end within 5 s")

    @pytest.mark.parametrize(
        ("leave", "code"), [("os._exit(3)", 3), ("os.kill(os.getpid(), signal.SIGKILL)", -9)]
    )
    def test_a_process_that_dies_is_an_error(self, write, check_quickly, leave, code):
        path = write("import os, signal", SCALE_CELL.replace("c * x", leave))
        done = check_quickly(path, 60)
        assert done.startswith("error ✗ 01_03 Scaling: Stopped by an error")
        assert f"(exit code {code})" in done

    def test_what_it_prints_or_writes_forges_no_verdict(self, write, check_quickly):
        forged = '{"exercise": "01_03", "title": "", "state": "passed", "hint": "", "text": ""}'
        path = write(
            "import os, sys",
            SCALE_CELL.replace(
                "c * x", f"[print({forged!r}), os.write(1, {forged.encode()!r})][0]"
            ),
        )
        assert check_quickly(path, 60).startswith("failed")

    @pytest.mark.parametrize("time_limit", [5, 60])
    def test_what_it_starts_ends_with_it(self, write, check_quickly, tmp_path, time_limit):
        started = tmp_path / "pid"
        path = write(
            "import subprocess, threading, time\nfrom pathlib import Path",
            "process = subprocess.Popen(['sleep', '1000'])\n"
            f"Path({str(started)!r}).write_text(str(process.pid))\n"
            "threading.Thread(target=time.sleep, args=[1000]).start()",
            "process.poll()" if time_limit == 60 else "process.wait()",
            SCALE_CELL.replace("c * x", "(process, c * x)[1]"),
        )
        assert check_quickly(path, time_limit).startswith(
            "passed" if time_limit == 60 else "timeout"
        )
        assert is_gone(int(started.read_text()))


def is_gone(pid):
    """Whether a process has ended; one that has been told to may take a moment."""
    for _ in range(100):
        listed = subprocess.run(
            ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True
        )
        if listed.stdout.strip()[:1] in ("", "Z"):  # gone, or nobody has noticed yet
            return True
        time.sleep(0.05)
    return False


def test_ctrl_c_ends_it_and_what_it_started(write, tree, tmp_path):
    started = tmp_path / "pid"
    path = write(
        "import os\nfrom pathlib import Path",
        f"k = Path({str(started)!r}).write_text(str(os.getpid()))\nwhile k:\n    k += 1",
        SCALE_CELL.replace("c *", "k * c *"),
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "utils", "check", str(path)], cwd=tree, stdout=subprocess.DEVNULL
    )
    while not (started.exists() and started.read_text()):
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    assert process.wait() == 130
    assert is_gone(int(started.read_text()))
