"""Starting the process that runs a learner's code: by bubblewrap, or as another user only.

Under ``bubblewrap`` it sees a read-only system, this Python and its packages, the staged project
and two small folders in memory; it has no network, no other processes and no way to a reference.
Started as root, the worker becomes an ordinary user of its own before it loads anything, since a
limit on processes does not bind root. Started by anybody else, it is in a namespace of users.

``reduced`` is for containers that forbid namespaces. Root alone can start it, as it takes another
user; that user may read what everybody may, and use the network.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from tools.lesson import ROOT

Isolation = Literal["bubblewrap", "reduced"]
ISOLATIONS: tuple[str, ...] = get_args(Isolation)

SHARED_MEMORY = 1 << 20  # bytes of /dev/shm
INSIDE = Path("/bootcamp")  # where the staged project is in the sandbox
_PYTHON, _PACKAGES = Path("/python"), Path("/packages")
_NOBODY = 65534

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


class SandboxError(Exception):
    """No sandbox can be had here; its text says why and what to do."""


@dataclass
class Started:
    """A sandbox that runs: its outermost process, and the connection to the parent inside."""

    process: subprocess.Popen
    control: socket.socket
    folder: str | None  # that the worker may write in, where it is one of this machine

    def end(self) -> None:
        """End everything in it, and remove what it wrote."""
        self.control.close()
        self.process.kill()
        self.process.wait()
        if self.folder is not None:
            _sweep(self.folder)


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
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    folder = None
    descriptor = theirs.fileno()
    user = str(own_user()) if os.getuid() == 0 else "-"
    if isolation == "reduced":
        folder = _own_folder(int(user))
        command = [
            sys.executable,
            "-s",
            "-P",
            "-m",
            "utils.worker",
            str(descriptor),
            user,
            *packages,
        ]
        surroundings = _SURROUNDINGS | {"PYTHONPATH": str(staged), "HOME": folder}
        surroundings |= {"MPLCONFIGDIR": folder, "TMPDIR": folder}
    else:
        command = [
            *_bubblewrap(staged, file_bytes, hide),
            *(str(_PYTHON / "bin" / _interpreter().name), "-s", "-P", "-m", "utils.worker"),
            *(str(descriptor), user, *packages),
        ]
        surroundings = _SURROUNDINGS | {"PYTHONPATH": f"{INSIDE}:{_PACKAGES}", "HOME": "/tmp"}
    try:
        process = subprocess.Popen(
            command,
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
    return Started(process, ours, folder)


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


def own_user() -> int:
    """A user id that belongs to nobody and to no other grader on this machine: told from the pid.

    Where few ids can be had (a container), it is one of those.
    """
    room = max(
        int(start) + int(count)
        for start, _, count in map(str.split, Path("/proc/self/uid_map").read_text().splitlines())
    )
    base, size = (2_000_000, 5_000_000) if room > 7_000_000 else (10_000, 50_000)
    user = base + os.getpid() % size
    while _is_known(user):
        user += 1
    return user


def _is_known(user: int) -> bool:
    try:
        pwd.getpwuid(user)
    except KeyError:
        return False
    return True


def _interpreter() -> Path:
    """This Python itself, and not the link to it in an environment."""
    return Path(sys.executable).resolve()


def _bubblewrap(staged: Path, file_bytes: int, hide: Sequence[Path]) -> list[str]:
    """The sandbox: each line is something that its inside has or lacks."""
    as_root = os.getuid() == 0
    command = ["bwrap", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
    command += ["--unshare-cgroup-try", "--die-with-parent", "--new-session", "--hostname", "grade"]
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
    command += ["--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev"]
    command += _in_memory("/dev/shm", SHARED_MEMORY) + _in_memory("/tmp", file_bytes)
    command += ["--ro-bind", sys.base_prefix, str(_PYTHON)]
    command += ["--ro-bind", sysconfig.get_path("purelib"), str(_PACKAGES)]
    command += ["--ro-bind", str(staged), str(INSIDE)]
    command += _hidden([ROOT, *hide])
    return [*command, "--remount-ro", "/", "--chdir", "/tmp", "--"]


def _in_memory(place: str, size: int) -> list[str]:
    return ["--perms", "1777", "--size", str(size), "--tmpfs", place]


def _hidden(folders: Sequence[Path]) -> list[str]:
    """Empty folders over those that lie in what is shown of this machine."""
    shown = {Path("/usr"): Path("/usr"), Path(sys.base_prefix): _PYTHON}
    shown[Path(sysconfig.get_path("purelib"))] = _PACKAGES
    covers = []
    for folder in {folder.resolve() for folder in folders}:
        for outside, inside in shown.items():
            if folder.is_relative_to(outside.resolve()) and folder.is_dir():
                place = inside / folder.relative_to(outside.resolve())
                covers += ["--tmpfs", str(place), "--remount-ro", str(place)]
    return covers


def _own_folder(user: int) -> str:
    folder = tempfile.mkdtemp(prefix="grade-home-")
    os.chown(folder, user, user)
    return folder


def _sweep(folder: str) -> None:
    """Remove what a worker of the reduced tier left where everybody may write."""
    user = os.stat(folder).st_uid
    shutil.rmtree(folder, ignore_errors=True)
    for place in ("/tmp", "/var/tmp", "/dev/shm", "/run/lock"):
        if not os.path.isdir(place):
            continue
        for entry in os.scandir(place):
            if entry.stat(follow_symlinks=False).st_uid != user:
                continue
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path, ignore_errors=True)
            else:
                os.unlink(entry.path)
