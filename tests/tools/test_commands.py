"""From nothing to a learner's verdict, by the commands an instructor types."""

import shutil
import subprocess
import sys
from importlib import import_module

import pytest
from nbformat.v4 import new_code_cell
from typer.testing import CliRunner

from tests.scaffold import CHAPTER, SECTION, command, edit, make_tree
from tools.__main__ import COMMANDS, app
from tools.lesson import ROOT
from tools.verify.execution import execute, read
from utils.tester.text import LANGUAGES


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A project whose scaffolded chapter is built and recorded, untouched."""
    root = make_tree(tmp_path_factory.mktemp("project"))
    for name in ("build", "record"):
        done = command(root, name)
        assert done.returncode == 0, done.stdout + done.stderr
    return root


def test_new_tells_what_it_wrote_and_what_comes_next(tmp_path):
    root = make_tree(tmp_path)
    chapter = command(root, "new", "10_other")
    assert "wrote solutions/10_other/lesson/0_opening.py" in chapter.stdout
    assert "Next: python -m tools new 10_other 01_01" in chapter.stdout
    exercise = command(root, "new", "10_other", "01_01")
    assert "wrote solutions/10_other/checks/01_01.py" in exercise.stdout
    assert "python -m tools record 10_other" in exercise.stdout
    again = command(root, "new", "10_other", "01_01")
    assert again.returncode == 1
    assert "left as it is" in again.stderr


def test_what_was_built_is_fresh_until_the_lesson_changes(tree, tmp_path):
    assert command(tree, "build", "--check").returncode == 0
    other = shutil.copytree(tree, tmp_path / "other")
    edit(other, SECTION, "# 約 $1/a$", "# およそ $1/a$")
    stale = command(other, "build", "--check")
    assert stale.returncode == 1
    assert f"chapters/ja/{CHAPTER}.ipynb: stale" in stale.stderr
    assert "chapters/en" not in stale.stderr
    assert "python -m tools build" in stale.stderr
    assert f"wrote chapters/ja/{CHAPTER}.ipynb" in command(other, "build").stdout


def test_a_malformed_lesson_is_refused_and_nothing_is_written(tmp_path):
    root = make_tree(tmp_path)
    edit(root, SECTION, "        # END TODO\n", "")
    refused = command(root, "build")
    assert refused.returncode == 1
    assert f"{SECTION}:" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not (root / "chapters").exists()


def test_a_place_that_cannot_be_written_is_named(tree, tmp_path):
    (tmp_path / "out").write_text("a file where a folder has to be")
    refused = command(tree, "build", "--solved", "--out", str(tmp_path / "out" / "solved"))
    assert refused.returncode == 1
    assert str(tmp_path / "out") in refused.stderr
    assert "Traceback" not in refused.stderr


def test_help_lists_every_command_with_what_it_does():
    shown = CliRunner().invoke(app, ["--help"]).output
    for name, module in COMMANDS.items():
        told = getattr(import_module(module), name).__doc__
        assert f" {name} " in shown
        assert told.split()[0] in shown


def test_a_name_that_is_nearly_a_commands_is_told_which():
    refused = CliRunner().invoke(app, ["biuld"])
    assert refused.exit_code == 2
    assert "'build'" in refused.output


def test_a_command_is_started_without_what_others_need():
    program = (
        "import sys\n"
        "from typer.testing import CliRunner\n"
        "from tools.__main__ import app\n"
        "assert CliRunner().invoke(app, ['new', '--help']).exit_code == 0\n"
        "assert not {'nbformat', 'libcst', 'mutmut', 'nbclient'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)


@pytest.mark.parametrize(
    "arguments", [["--solved"], ["--out", "x"], ["--solved", "--out", "x", "--check"]]
)
def test_options_that_do_not_go_together_are_refused(arguments):
    refused = CliRunner().invoke(app, ["build", *arguments])
    assert refused.exit_code == 2
    assert "go together" in refused.output


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_scaffold_is_passed_when_solved_wherever_it_is_written(tree, tmp_path, lang):
    assert command(tree, "build", "--solved", "--out", str(tmp_path)).returncode == 0
    done = execute(read(tmp_path / lang / f"{CHAPTER}.ipynb"), tmp_path)
    assert done.errors == {}
    assert done.verdicts == {"01_01": "passed", "01_02": "passed"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_scaffold_is_not_attempted_when_untouched(tree, lang):
    folder = tree / "chapters" / lang
    done = execute(read(folder / f"{CHAPTER}.ipynb"), folder)
    assert done.errors == {}
    assert done.verdicts == {"01_01": "not_attempted", "01_02": "not_attempted"}


def test_an_advanced_question_shows_what_a_learner_computes_and_nothing_before(tree, tmp_path):
    other = shutil.copytree(tree, tmp_path / "other")
    with (other / SECTION).open("a", encoding="utf-8") as lesson:
        lesson.write('\n# %% answer="01_A1"\n# TODO How many? | いくつ？\n2 + 3\n')
    assert command(other, "build").returncode == 0
    for lang in LANGUAGES:
        notebook = read(other / "chapters" / lang / f"{CHAPTER}.ipynb")
        (answer,) = (cell for cell in notebook.cells if "answer" in cell.metadata)
        notebook.cells = [
            answer,
            *(
                new_code_cell(answer.source.replace(*replaced))
                for replaced in (("...;", "2 + 3"), ("# show", "2 + 3\n# show"))
            ),
        ]
        done = execute(notebook, other / "chapters" / lang)
        assert done.errors == {}
        shown = [[out.data["text/plain"] for out in cell.outputs] for cell in done.notebook.cells]
        assert shown == [[], ["5"], ["5"]]


def test_a_build_that_is_cut_short_leaves_the_files_it_found(tree, tmp_path):
    """A disk that is full, here a limit on the size of files, in the middle of the first one."""
    other = shutil.copytree(tree, tmp_path / "other")
    edit(other, SECTION, 'lang="en"\n#', 'lang="en"\n# ' + "words " * 1000 + "\n#")
    before = contents(other / "chapters")
    program = (
        "import resource, runpy, sys\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "sys.argv[1:] = ['build']\n"
        "runpy.run_module('tools', run_name='__main__')\n"
    )
    cut_short = subprocess.run(
        [sys.executable, "-c", program], cwd=other, capture_output=True, text=True
    )
    assert cut_short.returncode == 1
    assert f"{CHAPTER}.ipynb" in cut_short.stderr
    assert "Traceback" not in cut_short.stderr
    assert contents(other / "chapters") == before


def contents(folder):
    """Every file below ``folder``, by its path."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_references_that_cannot_be_written_are_named(tree, tmp_path):
    other = shutil.copytree(tree, tmp_path / "other")
    shutil.rmtree(other / "chapters" / "checks")
    (other / "chapters" / "checks").touch()
    refused = command(other, "record")
    assert refused.returncode == 1
    assert str(other / "chapters" / "checks") in refused.stderr
    assert "Traceback" not in refused.stderr
