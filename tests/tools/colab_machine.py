"""A machine like Colab's: ``google.colab`` is there, /content is empty, and git serves a course.

bubblewrap gives a process a root of its own in which /content can be made; the network is off.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

_DRIVE = """\
from pathlib import Path


def mount(place):
    if {refused}:
        raise ValueError("mount failed")
    (Path(place) / "MyDrive").mkdir(parents=True, exist_ok=True)
"""
# Colab has loaded its own package before the first cell runs.
_RUN = """\
import google.colab, json, sys
namespace = {"__name__": "__main__"}
for cell in json.loads(sys.stdin.read()):
    exec(compile(cell, "<cell>", "exec"), namespace)
"""


def run_in_colab(
    cells: list[str], content: Path, repository: Path, address: str, refused: bool = False
) -> subprocess.CompletedProcess[str]:
    """Run cells as a kernel in Colab would.

    Args:
        cells: their sources.
        content: the folder that is /content.
        repository: what is found at ``address``.
        address: where the cells look for the course.
        refused: whether leave to use Google Drive is refused.
    """
    packages = content.parent / "packages"
    (packages / "google" / "colab").mkdir(parents=True, exist_ok=True)
    (packages / "google" / "colab" / "__init__.py").touch()
    drive = packages / "google" / "colab" / "drive.py"
    drive.write_text(_DRIVE.format(refused=refused))
    git = {
        "GIT_CONFIG_COUNT": "2",
        "GIT_CONFIG_KEY_0": f"url.{repository.as_uri()}.insteadOf",
        "GIT_CONFIG_VALUE_0": address,
        "GIT_CONFIG_KEY_1": "safe.directory",
        "GIT_CONFIG_VALUE_1": "*",
    }
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return subprocess.run(
        [*_machine(content), sys.executable, "-c", _RUN],
        env={**kept, **git, "PYTHONPATH": str(packages), "MPLBACKEND": "Agg", "HOME": "/root"},
        input=json.dumps(cells),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def _machine(content: Path) -> list[str]:
    """The system's folders as they are, and /content, where the process begins."""
    shown = [
        part
        for name in sorted(os.listdir("/"))
        if name not in ("content", "proc", "dev")
        for part in _mount(Path("/") / name)
    ]
    return [
        *("bwrap", *shown, "--dev", "/dev", "--proc", "/proc", "--unshare-net"),
        *("--bind", str(content), "/content", "--chdir", "/content"),
    ]


def _mount(path: Path) -> list[str]:
    if path.is_symlink():
        return ["--symlink", os.readlink(path), str(path)]
    return ["--bind", str(path), str(path)]
