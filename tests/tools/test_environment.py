"""The set-up script: what `make learn` puts where, and that JupyterLab really starts."""

import os
import signal
import subprocess
import sys
import urllib.request
import venv

import pytest

from tests.lab import copy_tree, running_lab
from tools import environment
from tools.lesson import ROOT


def test_notebooks_of_both_languages_are_copied(tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "WORK", tmp_path / "work")
    copied = {
        path.relative_to(tmp_path).as_posix() for path in environment.copy_missing_notebooks()
    }
    assert "work/en/08_closed_loop_control.ipynb" in copied
    assert "work/ja/08_closed_loop_control.ipynb" in copied
    kept = tmp_path / "work" / ".starters"
    source = ROOT / "chapters" / "ja" / "08_closed_loop_control.ipynb"
    assert (kept / "ja" / "08_closed_loop_control.starter").read_bytes() == source.read_bytes()
    assert (kept / "08_closed_loop_control.npz").exists()


def test_a_learners_notebook_is_never_overwritten(tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "WORK", tmp_path / "work")
    mine = tmp_path / "work" / "en" / "08_closed_loop_control.ipynb"
    mine.parent.mkdir(parents=True)
    mine.write_text("my answers")
    assert mine not in environment.copy_missing_notebooks()
    assert mine.read_text() == "my answers"


def test_torch_is_only_installed_when_asked():
    assert not any("torch" in name for name in environment.packages_of(["jupyter"]))
    assert any("torch" in name for name in environment.packages_of(["torch"]))


def test_learn_starts_jupyterlab_and_prints_its_address(tmp_path):
    with running_lab(copy_tree(tmp_path / "bootcamp")) as address:
        listing = address.replace("/lab?", "/api/contents/en?")
        with urllib.request.urlopen(listing, timeout=30) as answer:
            assert b"08_closed_loop_control.ipynb" in answer.read()


def test_ctrl_c_lets_the_command_tidy_up(tmp_path):
    """A terminal sends the signal to all at once; the one in front must not end the other."""
    program = (
        "import pathlib, time\n"
        "try:\n"
        "    print('running', flush=True)\n"
        "    time.sleep(60)\n"
        "except KeyboardInterrupt:\n"
        "    time.sleep(1)\n"
        "    pathlib.Path('tidy').touch()\n"
        "    raise SystemExit(7)\n"
    )
    tree = copy_tree(tmp_path / "bootcamp")
    process = subprocess.Popen(
        [sys.executable, "-m", "tools.environment", "run", "-c", program],
        cwd=tree,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with process:
        assert any(line == "running\n" for line in process.stdout)
        os.killpg(process.pid, signal.SIGINT)
    assert process.returncode == 7
    assert (tree / "tidy").exists()


def test_an_unfinished_environment_is_made_anew(tmp_path):
    folder = tmp_path / ".venv"
    venv.create(folder, with_pip=False)  # as an interrupted first attempt leaves it
    python = folder / "bin" / "python"
    environment.make_venv(folder, python)
    subprocess.run([python, "-m", "pip", "--version"], check=True, capture_output=True)
    made = folder.stat().st_ctime_ns
    environment.make_venv(folder, python)
    assert folder.stat().st_ctime_ns == made


def complaint_of(setting):
    """What ``learn`` says in a Python in which ``setting`` was run first."""
    program = f"import sys\n{setting}\nfrom tools.environment import main\nmain(['learn'])"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stderr


def test_an_old_python_is_told_what_is_needed():
    setting = "sys.version_info = (3, 9, 2, 'final', 0); sys.modules['tomllib'] = None"
    said = complaint_of(setting)
    assert "Python 3.11 or newer is needed" in said
    assert "make learn PYTHON=" in said


def test_a_python_without_venv_is_told_the_package():
    assert "apt install python3-venv" in complaint_of("sys.modules['ensurepip'] = None")


def test_a_folder_that_cannot_be_written_is_named(tmp_path, monkeypatch, capsys):
    (tmp_path / "file").touch()
    monkeypatch.setattr(environment, "VENV", tmp_path / "file" / ".venv")
    assert environment.main(["learn"]) == 1
    said = capsys.readouterr().err
    assert str(tmp_path / "file") in said
    assert "write" in said


@pytest.mark.parametrize("command", [["--help"], ["learn", "--help"], ["test", "--help"]])
def test_help_teaches_by_example(command):
    shown = subprocess.run(
        [sys.executable, "-m", "tools.environment", *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "python -m tools.environment" in shown
