"""A learner's tree with JupyterLab running in it, started by the command of the README."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.lesson import ROOT
from utils.progress.place import VARIABLE


def copy_tree(target: Path) -> Path:
    """Copy what git tracks, or would, with this environment standing in for its .venv."""
    target.mkdir()
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for name in filter(None, listing.split("\0")):
        if (ROOT / name).exists():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target / name)
    (target / ".venv").symlink_to(sys.prefix, target_is_directory=True)
    return target


# The page answers what a test asks about its notebook.
_ANSWERING = ["--expose-app-in-browser"]


@contextmanager
def running_lab(tree: Path) -> Iterator[str]:
    """Start JupyterLab by the learn command, without a display; yields the address it prints."""
    # What is passed there is kept there, as it is a learner's.
    without = ("DISPLAY", "CI", VARIABLE)
    surroundings = {key: value for key, value in os.environ.items() if key not in without}
    # The themes that a test chooses are not to become this user's own.
    settings = tree.parent / "settings"
    surroundings["JUPYTERLAB_SETTINGS_DIR"] = str(settings)
    _want_no_news(settings)
    surroundings["JUPYTERLAB_WORKSPACES_DIR"] = str(tree.parent / "workspaces")
    server = subprocess.Popen(
        [sys.executable, "-m", "tools.environment", "learn", "--port=0", *_ANSWERING],
        cwd=tree,
        env=surroundings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        address = _first_address(server)
        _wait_until_it_answers(address)
        yield address
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def _want_no_news(settings: Path) -> None:
    """JupyterLab asks once whether it may fetch its news; the question lies over the notebook."""
    file = settings / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    file.parent.mkdir(parents=True)
    file.write_text('{"fetchNews": "false", "checkForUpdates": false}')


def _first_address(server: subprocess.Popen, limit: float = 120) -> str:
    deadline = time.monotonic() + limit
    seen = []
    for line in server.stdout:
        seen.append(line)
        found = re.search(r"http://(?:localhost|127\.0\.0\.1):\d+/lab\?token=\w+", line)
        if found:
            return found.group()
        if time.monotonic() > deadline:
            break
    raise AssertionError("JupyterLab printed no address:\n" + "".join(seen))


def _wait_until_it_answers(address: str, limit: float = 60) -> None:
    """JupyterLab prints its address a moment before it listens there."""
    deadline = time.monotonic() + limit
    while True:
        try:
            urllib.request.urlopen(address, timeout=limit).close()
            return
        except urllib.error.URLError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
