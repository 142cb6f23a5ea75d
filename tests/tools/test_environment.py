"""The set-up script: what `make learn` puts where, and that JupyterLab really starts."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tools import environment

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def fresh_tree(tmp_path):
    """A copy of the tracked files, with this environment standing in for its .venv."""
    tree = tmp_path / "bootcamp"
    tree.mkdir()
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for name in filter(None, listing.split("\0")):
        if (ROOT / name).exists():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, tree / name)
    (tree / ".venv").symlink_to(sys.prefix, target_is_directory=True)
    return tree


def test_notebooks_of_both_languages_are_copied(tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "WORK", tmp_path / "work")
    copied = {
        path.relative_to(tmp_path).as_posix() for path in environment.copy_missing_notebooks()
    }
    assert "work/en/08_closed_loop_control.ipynb" in copied
    assert "work/ja/08_closed_loop_control.ipynb" in copied


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


def test_learn_starts_jupyterlab_and_prints_its_address(fresh_tree):
    surroundings = {key: value for key, value in os.environ.items() if key != "DISPLAY"}
    server = subprocess.Popen(
        [sys.executable, "-m", "tools.environment", "learn", "--port=0"],
        cwd=fresh_tree,
        env=surroundings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        address = _first_address(server)
        listing = address.replace("/lab?", "/api/contents/en?")
        with urllib.request.urlopen(listing, timeout=30) as answer:
            assert b"08_closed_loop_control.ipynb" in answer.read()
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def _first_address(server: subprocess.Popen) -> str:
    deadline = time.monotonic() + 120
    seen = []
    for line in server.stdout:
        seen.append(line)
        found = re.search(r"http://(?:localhost|127\.0\.0\.1):\d+/lab\?token=\w+", line)
        if found:
            return found.group()
        if time.monotonic() > deadline:
            break
    raise AssertionError("JupyterLab printed no address:\n" + "".join(seen))


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
