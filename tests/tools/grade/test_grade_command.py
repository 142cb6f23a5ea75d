"""The command itself: what it shows, its exit codes, and what it says where it cannot grade."""

import os
import pty
import re
from dataclasses import fields

import pytest
from grade_runs import CHAPTER, Bench, needs_sandbox, solved, write_class
from typer.testing import CliRunner

from tools.__main__ import app
from tools.grade.judge.limits import Asked
from tools.lesson import ROOT

OPTIONS = ("--hidden", 1, "--jobs", 1)


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    return Bench(tmp_path_factory.mktemp("command"))


@pytest.fixture(scope="module")
def starter(bench):
    return write_class(bench.folder / "starter", {"anna": solved(answered=False)})


def refused(bench, path, out, *options, **more):
    """What the command says that ends with 2 and no traceback."""
    done = bench.run(path, out, *OPTIONS, *options, **more)
    assert done.code == 2, done
    assert "Traceback" not in done.errors
    assert bench.left() == []
    return plain(done.errors)


def plain(text):
    """A text without frames, on one line."""
    return " ".join(re.sub("[│╭╮╰╯─]", " ", text).split())


@needs_sandbox
def test_a_pipe_gets_a_line_of_progress_a_table_and_0_when_all_is_graded(bench, starter, tmp_path):
    done = bench.run(starter, tmp_path / "out", *OPTIONS)
    assert done.code == 0, done.errors
    assert len(done.errors.splitlines()) <= 1
    assert "\x1b" not in done.errors + done.output
    assert "1 student, 1 notebook" in done.output
    assert re.search(rf"{CHAPTER} +02_01 +1", done.output)
    assert "needs a look: 0" in done.output
    assert f"wrote {tmp_path / 'out' / 'report.html'}" in done.output


@needs_sandbox
def test_a_terminal_gets_a_bar_that_moves(bench, starter, tmp_path):
    ours, theirs = pty.openpty()
    process = bench.start(
        *(starter, tmp_path / "out", *OPTIONS),
        environment={"TERM": "xterm-256color", "COLUMNS": "100"},
        stdout=theirs,
        stderr=theirs,
        text=False,
    )
    os.close(theirs)
    shown = b""
    while process.poll() is None or not shown.endswith(b"beside it\r\n"):
        try:
            shown += os.read(ours, 1 << 16)
        except OSError:  # nobody writes any more
            break
    os.close(ours)
    assert process.wait() == 0
    text = shown.decode()
    assert "the model itself" in text
    assert {f"{number}/6" for number in range(6)} <= set(re.findall(r"\d/6", text))
    assert "0/1" in text
    assert "1/1" in text
    assert text.rindex("\x1b[?25h") > text.rindex("\x1b[?25l"), "the cursor is shown again"


@needs_sandbox
def test_what_needs_an_eye_ends_with_1_and_what_is_not_graded_is_named(bench, starter, tmp_path):
    submitted = write_class(tmp_path / "class", {"anna": solved(answered=False), "ben": "broken"})
    roster = tmp_path / "class.csv"
    roster.write_text("submission,student\nanna,Anna A.\nben,Ben B.\ncleo,Cleo C.\n")
    done = bench.run(submitted, tmp_path / "out", *OPTIONS, "--roster", roster)
    assert done.code == 1, done.errors
    assert "needs a look: 2" in done.output
    report = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "Cleo C. is on the roster and handed in nothing" in report


@needs_sandbox
def test_where_there_is_nothing_to_grade_it_says_why(bench, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    said = refused(bench, empty, tmp_path / "out")
    assert "Nothing was graded." in said
    assert str(empty.name) in said
    assert (tmp_path / "out" / "results.json").exists()


@needs_sandbox
def test_a_notebook_of_another_chapter_is_named(bench, tmp_path):
    other = tmp_path / "anna" / "09_em_reservoir.ipynb"
    other.parent.mkdir()
    other.write_bytes((ROOT / "chapters" / "en" / other.name).read_bytes())
    said = refused(bench, tmp_path / "anna", tmp_path / "out")
    assert f"Nothing was graded. {other.name} is of chapter 09_em_reservoir" in said


def test_without_bubblewrap_it_says_how_to_get_it(bench, starter, tmp_path):
    nothing = tmp_path / "nothing"
    nothing.mkdir()
    said = refused(bench, starter, tmp_path / "out", environment={"PATH": str(nothing)})
    assert "apt install bubblewrap" in said
    assert not (tmp_path / "out").exists()


def said_by(*arguments):
    """What the command says that ends with 2, and in this process: it does not get far."""
    done = CliRunner().invoke(app, ["grade", *map(str, arguments)])
    assert done.exit_code == 2, done.output
    return plain(done.output)


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--chapter", "07_none", "08_closed_loop_control, 09_em_reservoir"),
        ("--isolation", "none", "one of bubblewrap, reduced"),
        ("--hidden", "-1", "greater than or equal to 0"),
        ("--carried-forward", "2", "less than or equal to 1"),
        ("--dask", "nonsense", "such as tcp://10.0.0.5:8786"),
        ("--seconds", "0", "greater than or equal to 0.1"),
    ],
)
def test_a_wrong_option_is_told(starter, tmp_path, option, value, told):
    assert told in said_by(starter, "--out", tmp_path / "out", option, value)
    assert not (tmp_path / "out").exists()


@needs_sandbox
def test_files_that_cannot_be_used_are_named(starter, tmp_path):
    (tmp_path / "file").touch()
    place = tmp_path / "file" / "out"
    said = said_by(starter, "--out", place)
    assert f"{place}: Not a directory. Give --out a folder that you may write to." in said
    out = ("--out", tmp_path / "out")
    assert "does not exist" in said_by(tmp_path / "nobody", *out)
    roster = tmp_path / "class.csv"
    roster.write_text("name\nAnna\n")
    said = said_by(starter, *out, "--roster", roster)
    assert f"{roster}: there is no column submission" in said
    key = tmp_path / "key"
    key.write_text("secret\n")
    assert "does not hold a key" in said_by(starter, *out, "--key", key)


def test_help_teaches_by_example():
    done = CliRunner().invoke(app, ["grade", "--help"])
    assert done.exit_code == 0
    assert "python -m tools grade submissions --out build/grades" in plain(done.output)
    assert "--dask" in done.output
    assert "130 when it was stopped" in plain(done.output)


def test_help_and_readme_name_an_option_for_each_limit():
    options = ("--seconds", "--cpu", "--memory", "--processes", "--files", "--value")
    assert len(options) == len(fields(Asked))
    told = plain(CliRunner().invoke(app, ["grade", "--help"], env={"COLUMNS": "200"}).output)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for option in options:
        assert option in told
        assert f"`{option}`" in readme
