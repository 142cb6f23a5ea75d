"""``python -m utils check`` as a step of GitHub Actions."""

from pathlib import Path

import pytest
from github_runner import Command, commands_in, hostile
from hypothesis import given
from small_chapter import FILTER, FILTER_GAPS, LEAK, LEAK_HINT, LEAK_MISTAKE, MEAN, SCALE, cut

from utils.check.findings import STATES, Checked, Finding
from utils.check.github import annotations, as_markdown
from utils.github import plain

OURS = ["remove-matcher", "stop-commands"]


@pytest.fixture
def step(run, tmp_path):
    """The command as a step: what it printed, the commands in that, and its summary."""

    def step(*arguments):
        summary = tmp_path / "summary.md"
        surroundings = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_WORKSPACE": str(tmp_path),
            "GITHUB_STEP_SUMMARY": str(summary),
        }
        done = run(*arguments, **surroundings)
        told = summary.read_text(encoding="utf-8") if summary.exists() else ""
        return done, commands_in(done.stdout), told

    return step


@pytest.fixture
def mixed(write):
    def mixed(lang, name="work/01_small.ipynb"):
        return write(
            "import numpy as np",
            LEAK.replace(*LEAK_MISTAKE) + '\ntest_func(solution, "01_01", multiple_output=True)',
            cut(FILTER, *FILTER_GAPS) + '\ntest_func(solution, "01_02")',
            SCALE.replace("c * x", "c * y") + '\ntest_func(scale, "01_03")',
            lang=lang,
            name=name,
        )

    return mixed


def test_what_is_not_passed_is_annotated_and_summed_up(mixed, step, run):
    path = mixed("en")
    done, commands, summary = step(path)
    assert [command.name for command in commands[:2]] == OURS
    file = "work/01_small.ipynb"
    assert commands[3:] == [
        Command("error", LEAK_HINT.en, {"file": file, "title": "01_small 01_01"}),
        Command(
            "error", "NameError: name 'y' is not defined", {"file": file, "title": "01_small 01_03"}
        ),
        Command("error", "Not in the notebook", {"file": file, "title": "01_small 01_04"}),
        Command("notice", "Not attempted", {"file": file, "title": "01_small 01_02"}),
    ]
    assert done.returncode == 1
    assert run(path).stdout in done.stdout
    rows = summary.splitlines()
    assert rows[2:5] == [
        "|  | Exercise | Title | Result | Hint |",
        "| --- | --- | --- | --- | --- |",
        "| ✗ | 01&#95;01 | A leaky sum | Not right yet | How far does one step go&#63; |",
    ]
    assert rows[-1] == "0 of 4 exercises passed."


def test_in_the_language_of_the_notebook(mixed, step):
    _, commands, summary = step(mixed("ja"))
    assert commands[3].data == LEAK_HINT.ja
    assert "|  | 演習 | 題名 | 結果 | ヒント |" in summary.splitlines()


def test_several_notebooks_are_in_one_summary(mixed, step):
    _, commands, summary = step(mixed("en", "one.ipynb"), mixed("ja", "two.ipynb"))
    assert summary.count("### ") == 2
    assert {command.properties.get("file") for command in commands[3:]} == {
        "one.ipynb",
        "two.ipynb",
    }


def test_what_is_passed_is_only_summed_up(write, step):
    solved = write(
        "import numpy as np",
        LEAK + '\ntest_func(solution, "01_01", multiple_output=True)',
        FILTER + '\ntest_func(solution, "01_02")',
        SCALE + '\ntest_func(scale, "01_03")',
        MEAN + '\ntest_func(mean_leak, "01_04")',
    )
    done, commands, summary = step(solved)
    assert done.returncode == 0
    assert [command.name for command in commands[:2]] == OURS
    assert commands[3:] == []
    assert summary.count("| ✓ |") == 4


def test_no_learners_text_is_a_command(write, step):
    bites = "\\n::error::forged\\r::add-mask::e\\n##[error]forged\\n::stop-commands::x\\n"
    path = write(
        SCALE.replace("c * x", f"print('{bites}') or 1 / 0 if c is None else [][int('{bites}')]")
        + '\ntest_func(scale, "01_03")',
        name="01_small ::error::forged,title=x.ipynb",
    )
    done, commands, summary = step(path)
    assert "forged" in done.stdout
    assert [command.name for command in commands[:2]] == OURS
    assert {command.name for command in commands[3:]} == {"error"}
    assert all(command.properties["title"].startswith("01_small 01_0") for command in commands[3:])
    assert {command.properties["file"] for command in commands[3:]} == {path.name}
    assert "::" not in summary


def test_a_notebook_that_cannot_be_read_is_said_on_the_guarded_stream(step, tmp_path):
    path = tmp_path / "::error::forged.ipynb"
    path.write_text("no JSON")
    done, commands, summary = step(path)
    assert done.returncode == 2
    assert done.stderr == ""
    assert "is not a notebook" in done.stdout
    assert [command.name for command in commands[:2]] == OURS
    assert len(commands) == 3
    assert summary == ""


def findings(state, count, hint=""):
    return tuple(Finding(f"01_{i:02}", "A title", state, hint, "") for i in range(count))


class TestAnnotations:
    @pytest.mark.parametrize("state", STATES)
    def test_of_a_state(self, state):
        checked = Checked(Path("a.ipynb"), "a", "en", findings(state, 1))
        level = {"passed": None, "not_attempted": "notice", "unavailable": "notice"}
        (*commands,) = commands_in("\n".join(annotations([checked])))
        wanted = level.get(state, "error")
        assert [command.name for command in commands] == ([wanted] if wanted else [])

    @pytest.mark.parametrize("lang", ["en", "ja"])
    def test_are_no_more_than_github_shows(self, lang):
        many = (*findings("failed", 20), *findings("not_attempted", 20))
        commands = commands_in("\n".join(annotations([Checked(Path("a"), "a", lang, many)])))
        assert [command.name for command in commands] == ["error"] * 10 + ["notice"] * 10
        assert "11" in commands[9].data
        assert "11" in commands[19].data

    def test_name_no_file_outside_of_the_repository(self, tmp_path, monkeypatch):
        monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path / "repository"))
        checked = Checked(tmp_path / "a.ipynb", "a", "en", findings("failed", 1))
        (command,) = commands_in(annotations([checked])[0])
        assert "file" not in command.properties

    def test_of_nothing(self):
        assert annotations([]) == []

    @given(hostile, hostile)
    def test_say_what_was_said(self, hint, name):
        checked = Checked(Path("a") / f"{name}.ipynb", "a", "en", findings("error", 1, hint))
        (command,) = [one for line in annotations([checked]) for one in commands_in(line)]
        assert command.data == (plain(hint) or "Stopped by an error")

    @given(hostile)
    def test_and_a_summary_keeps_its_rows(self, hint):
        told = as_markdown(Checked(Path(f"{hint}.ipynb"), "a", "en", findings("error", 2, hint)))
        assert len(told.splitlines()) == 8
