"""Starting the process that runs a learner's code: by bubblewrap, or as another user only.

Under ``bubblewrap`` it sees a read-only system, this Python and its packages, the staged project
and two small folders in memory; it has no network, no other processes and no way to a reference.
Started as root, the worker becomes an ordinary user of its own before it loads anything, since a
limit on processes does not bind root. Started by anybody else, it is in a namespace of users.

``reduced`` is for containers that forbid namespaces. Root alone can start it, as it takes another
user; that user may read and write what everybody may. What this tier promises, and what it does
not, stands in CONTRIBUTING.md.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.grade.sandbox import reduced
from tools.grade.sandbox.isolation import ISOLATIONS, Isolation, SandboxError
from tools.grade.sandbox.users import LentUser, lend_user
from tools.lesson import ROOT

__all__ = ["ISOLATIONS", "Isolation", "SandboxError", "Started", "problem_of", "start", "why_not"]

SHARED_MEMORY = 1 << 20  # bytes of /dev/shm
INSIDE = Path("/bootcamp")  # where the staged project is in the sandbox
_PYTHON, _PACKAGES = Path("/python"), Path("/packages")
_NOBODY = 65534
_DEVICES = ("/dev/null", "/dev/random", "/dev/urandom")  # not /dev/zero: mapped, it is memory

# Never more than one thread for linear algebra: fair to all, and the same sums everywhere.
_SURROUNDINGS = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "MPLBACKEND": "Agg",
    "MPLCONFIGDIR": "/tmp",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
}


@dataclass
class Started:
    """A sandbox that runs: its outermost process, and the connection to the parent inside."""

    process: subprocess.Popen
    control: socket.socket
    user: LentUser | None  # whom it runs as, where root lent it one
    folder: str | None  # that the worker may write in, where it is one of this machine

    def end(self) -> None:
        """End everything in it, and remove what it wrote."""
        self.control.close()
        self.process.kill()
        self.process.wait()
        _let_go(self.user, self.folder)


def start(
    staged: Path,
    isolation: Isolation,
    packages: Sequence[str],
    file_bytes: int,
    hide: Sequence[Path],
) -> Started:
    """Start a worker.

    Args:
        staged: the folder that ``staging.stage`` made.
        isolation: the tier.
        packages: to be loaded by the parent, such as "torch".
        file_bytes: what it may write in files, altogether.
        hide: folders of this machine that must not be seen, wherever they lie.

    Raises:
        SandboxError: it cannot be started.
    """
    user = lend_user() if os.getuid() == 0 else None
    folder = None
    try:
        if isolation == "reduced":
            reduced.check_once(user, staged, hide)
            folder = reduced.own_folder(user)
        return _start(staged, isolation, packages, file_bytes, hide, user, folder)
    except BaseException:
        _let_go(user, folder)
        raise


def _let_go(user: LentUser | None, folder: str | None) -> None:
    if user is not None:
        try:
            if folder is not None:
                reduced.end(user, folder)
        finally:
            user.give_back()


def _start(
    staged: Path,
    isolation: Isolation,
    packages: Sequence[str],
    file_bytes: int,
    hide: Sequence[Path],
    user: LentUser | None,
    folder: str | None,
) -> Started:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    descriptor = theirs.fileno()
    if isolation == "reduced":
        command = reduced.command()
        surroundings = _SURROUNDINGS | reduced.surroundings(staged, folder)
    else:
        command = _bubblewrap(staged, file_bytes, hide)
        command += [str(_PYTHON / "bin" / _interpreter()), "-s", "-P", "-m"]
        surroundings = _SURROUNDINGS | {"PYTHONPATH": f"{INSIDE}:{_PACKAGES}", "HOME": "/tmp"}
        # A Python built with a library of its own looks for it where it was installed.
        surroundings["LD_LIBRARY_PATH"] = str(_PYTHON / "lib")
    who = str(user.id) if user else "-"
    if isolation == "reduced":  # in a sandbox the parent is process 1, which is spared anyway
        who += f":{user.keeper}"
    try:
        process = subprocess.Popen(
            [*command, "utils.worker", str(descriptor), who, *packages],
            cwd=folder or "/",
            env=surroundings,
            pass_fds=[descriptor],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
    except FileNotFoundError:
        raise SandboxError(
            "bubblewrap is not installed, and no stranger's code is run without a sandbox. "
            "Install it (apt install bubblewrap)."
        ) from None
    finally:
        theirs.close()
    return Started(process, ours, user, folder)


def problem_of(isolation: Isolation) -> str | None:
    """Why this tier cannot be had here; None where nothing speaks against trying."""
    if isolation == "bubblewrap":
        if shutil.which("bwrap") is None:
            return "bubblewrap is not installed. Install it (apt install bubblewrap)."
        return None
    if os.getuid() != 0:
        return (
            "reduced isolation takes root, which can become another user; as yourself a "
            "submission could read the solutions. Use bubblewrap, or sudo."
        )
    return None


def why_not(told: str) -> str:
    """What a sandbox that does not start has said, and what to do where bubblewrap said it."""
    told = told.strip()[-2000:] or "no answer"
    if not told.startswith("bwrap: "):
        return f"the sandbox does not start: {told}"
    return (
        f"the sandbox does not start: {told}\nMost likely namespaces are forbidden here. On Ubuntu "
        "run bash tools/grade/files/allow_bubblewrap.sh; in a container that forbids them grade "
        "as root with --isolation reduced."
    )


def _interpreter() -> str:
    """The name of this Python where it was installed: an environment may hold a copy of it."""
    return f"python{sys.version_info.major}.{sys.version_info.minor}"


def _bubblewrap(staged: Path, file_bytes: int, hide: Sequence[Path]) -> list[str]:
    """The sandbox: each line is something that its inside has or lacks."""
    as_root = os.getuid() == 0
    command = ["bwrap", "--as-pid-1", "--unshare-pid", "--unshare-net", "--unshare-ipc"]
    command += ["--unshare-uts", "--hostname", "grade", "--unshare-cgroup-try"]
    command += ["--die-with-parent", "--new-session"]
    command += ["--cap-drop", "ALL"]
    if as_root:  # to become somebody else, which gives these up too
        command += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        user = str(_NOBODY)
        command += ["--unshare-user", "--disable-userns", "--uid", user, "--gid", user]
    command += ["--ro-bind", "/usr", "/usr"]
    for name in ("bin", "lib", "lib32", "lib64", "sbin"):
        if os.path.islink(f"/{name}"):
            command += ["--symlink", os.readlink(f"/{name}"), f"/{name}"]
        elif os.path.isdir(f"/{name}"):
            command += ["--ro-bind", f"/{name}", f"/{name}"]
    command += ["--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"]
    command += ["--proc", "/proc", "--tmpfs", "/dev"]
    for device in _DEVICES:
        command += ["--dev-bind", device, device]
    command += [*_in_memory("/dev/shm", SHARED_MEMORY), "--remount-ro", "/dev"]
    command += _in_memory("/tmp", file_bytes)
    command += ["--ro-bind", sys.base_prefix, str(_PYTHON)]
    command += ["--ro-bind", sysconfig.get_path("purelib"), str(_PACKAGES)]
    command += ["--ro-bind", str(staged), str(INSIDE)]
    # Where a notebook's set-up cell looks for it: above its own folder, which is /tmp.
    command += ["--symlink", str(INSIDE / "utils"), "/utils"]
    command += _hidden([ROOT, *hide])
    return [*command, "--remount-ro", "/", "--chdir", "/tmp", "--"]


def _in_memory(place: str, size: int) -> list[str]:
    return ["--perms", "1777", "--size", str(size), "--tmpfs", place]


def _hidden(folders: Sequence[Path]) -> list[str]:
    """Nothing over those files and folders that lie in what is shown of this machine."""
    shown = {Path("/usr"): Path("/usr"), Path(sys.base_prefix): _PYTHON}
    shown[Path(sysconfig.get_path("purelib"))] = _PACKAGES
    covers = []
    for folder in {folder.resolve() for folder in folders}:
        for outside, inside in shown.items():
            if folder.is_relative_to(outside.resolve()) and folder.exists():
                place = str(inside / folder.relative_to(outside.resolve()))
                if folder.is_dir():
                    covers += ["--tmpfs", place, "--remount-ro", place]
                else:
                    covers += ["--ro-bind", "/dev/null", place]
    return covers
