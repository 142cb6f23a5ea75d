"""The reduced tier: a process of another user, for containers that forbid namespaces.

That user sees this machine as everybody does. So before anything is graded it tries for itself
whether it can read what it needs, and whether what it must not see is closed to it; if not,
nothing is graded. What it leaves is removed when its sandbox ends.
"""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import sysconfig
import tempfile
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path

from tools.grade.sandbox.isolation import SandboxError
from tools.grade.sandbox.sweeping import remove, sweep
from tools.grade.sandbox.users import LentUser
from tools.lesson import ROOT

# Of the project, what holds answers, references or hidden cases.
_CLOSED = ("solutions", "chapters/checks", ".git", "build")

_checked: set[tuple[Path, ...]] = set()
_checking = threading.Lock()


def command() -> list[str]:
    """The beginning of a worker's command line: this Python, and nothing of root's own settings."""
    return [sys.executable, "-s", "-P", "-m"]


def surroundings(staged: Path, folder: str) -> dict[str, str]:
    """What differs in a worker's environment from that in a sandbox."""
    return {"PYTHONPATH": str(staged), **dict.fromkeys(("HOME", "MPLCONFIGDIR", "TMPDIR"), folder)}


def own_folder(user: LentUser) -> str:
    """A folder of the user's own, closed to others."""
    folder = tempfile.mkdtemp(prefix="grade-home-")
    os.chown(folder, user.id, user.id)
    return folder


def end(user: LentUser, folder: str) -> None:
    """End all that the user runs, and remove all that it wrote."""
    user.end_processes()
    remove(folder)
    sweep(user.id)


def closed_folder(folder: Path) -> None:
    """Make a folder for results, closed to others; one that is there is left as it is."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)


def check_once(user: LentUser, staged: Path, hide: Iterable[Path]) -> None:
    """Refuse to go on where the user can read too much or too little; once a process.

    Args:
        user: who will run strangers' code.
        staged: the folder that ``staging.stage`` made.
        hide: files and folders that must not be seen, beside the project's own.

    Raises:
        SandboxError: says what is wrong and what mends it.
    """
    closed = [*(ROOT / name for name in _CLOSED), *hide]
    told = (staged, *closed)
    with _checking:
        if told not in _checked:
            _check(user, staged, [path for path in closed if os.path.lexists(path)])
            _checked.add(told)


def _check(user: LentUser, staged: Path, closed: Sequence[Path]) -> None:
    needed = [*_python(), staged / "utils"]
    seen = _look(user, staged, needed, closed)
    problems = [
        f"it can look into {path}, which submissions must not see. Run chmod o-rwx {path}"
        for path in seen["open"]
    ]
    problems += [
        f"it can write to {path}, which others run. Run chmod -R o-w {path}"
        for path in seen["writable"]
    ]
    problems += [f"it cannot read {path}. {_remedy(Path(path))}" for path in seen["barred"]]
    if problems:
        raise SandboxError(_told(problems))


def _look(
    user: LentUser, staged: Path, needed: Sequence[Path], closed: Sequence[Path]
) -> dict[str, list[str]]:
    """What ``utils.worker.looking`` says, run by the user itself."""
    asked = {"needed": [str(path) for path in needed], "closed": [str(path) for path in closed]}
    try:
        done = subprocess.run(
            [*command(), "utils.worker.looking"],
            input=json.dumps(asked).encode(),
            capture_output=True,
            cwd="/",
            env={"PYTHONPATH": str(staged), "PYTHONDONTWRITEBYTECODE": "1"},
            user=user.id,
            group=user.id,
            extra_groups=[],
            timeout=60,
            check=True,
        )
        return json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        barred = [path for path in needed if _barrier(path) is not None]
        problems = [f"it cannot read {path}. {_remedy(path)}" for path in barred]
        raise SandboxError(
            _told(problems or [f"it cannot run {sys.executable}: {error}"])
        ) from None


def _python() -> list[Path]:
    """What this Python is made of, and the packages it finds."""
    folders = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    paths = [Path(sys.executable), Path(sys.executable).resolve(), *map(Path, folders)]
    return list(dict.fromkeys(path for path in paths if path.exists()))


def _barrier(path: Path) -> Path | None:
    """The first of a path's folders that others cannot enter, or itself where they cannot read."""
    for folder in reversed(path.resolve().parents):
        if not folder.stat().st_mode & stat.S_IXOTH:
            return folder
    wanted = stat.S_IROTH | (stat.S_IXOTH if path.is_dir() else 0)
    return None if path.stat().st_mode & wanted == wanted else path


def _remedy(path: Path) -> str:
    barrier = _barrier(path) or path
    if barrier != path:
        return f"Run chmod o+x {barrier}, or use a Python and a folder that lie elsewhere"
    return f"Run chmod -R o+rX {path}"


def _told(problems: Sequence[str]) -> str:
    listed = "".join(f"\n  {problem}." for problem in problems)
    return f"reduced isolation runs submissions as an unprivileged user:{listed}"
