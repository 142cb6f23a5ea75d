"""Users who are nobody, lent to sandboxes by root: one each, and never the same to two at a time.

A limit on processes counts those of one user, and all of a sandbox's are ended by ending all of
its user's: two sandboxes with one user would share the first and suffer from the second, whether
they belong to one judge or to two.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pwd
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.grade.sandbox.isolation import SandboxError
from tools.grade.sandbox.sweeping import sweep

_LOCKS = Path("/run/grade-users")  # root's own; a file for each who is lent, locked by the judge
# The first and how many: few are taken at a time, so that those of a container, which has locks of
# its own, are hardly ever the same. The second for containers that know 65536 users.
_IDS = ((2_000_000, 1_000_000), (10_000, 20_000))
_PATIENCE = 60.0  # seconds for processes to die: all do, on a busy machine not at once

# No fork escapes a signal to everybody whom one may signal; and whom it is for cannot stop the
# process that sends it, whose real and saved users are others than theirs.
_END = """
import os, sys
user, ender = map(int, sys.argv[1:])
os.setgroups([])
os.setresgid(user, user, user)
os.setresuid(ender, user, ender)
powers = [line for line in open("/proc/self/status") if line.startswith("CapEff")]
if int(powers[0].split()[1], 16):
    sys.exit("still with powers of root")
try:
    os.kill(-1, 9)
except ProcessLookupError:
    pass
"""


@dataclass(frozen=True)
class LentUser:
    """A user of this machine who owns nothing and is in no group; ``give_back`` ends the loan.

    Attributes:
        id: whom strangers' code runs as.
        keeper: another one, for what ends it: no process of the first may send it a signal.
    """

    id: int
    keeper: int
    _lock: int

    def end_processes(self) -> None:
        """End every process of this user, and wait until they are gone.

        Raises:
            SandboxError: one does not go.
        """
        command = [sys.executable, "-I", "-S", "-c", _END, str(self.id), str(self.keeper)]
        done = subprocess.run(command, cwd="/", env={}, capture_output=True, check=False)
        if done.returncode != 0:
            told = done.stderr.decode(errors="replace").strip()
            raise SandboxError(f"the processes of user {self.id} cannot be ended: {told}")
        deadline = time.monotonic() + _PATIENCE
        while any(state not in "ZX" for state in _states(self.id)):
            if time.monotonic() > deadline:
                raise SandboxError(f"processes of user {self.id} do not end. Kill them and retry.")
            time.sleep(0.005)

    def give_back(self) -> None:
        """Let others have the user."""
        (_LOCKS / str(self.id)).unlink(missing_ok=True)
        # Said aloud: a process forked meanwhile has the descriptor, too.
        fcntl.flock(self._lock, fcntl.LOCK_UN)
        os.close(self._lock)


def lend_user() -> LentUser:
    """A user whom nobody else has, with no process.

    Raises:
        SandboxError: there is none.
    """
    first, count = _ids()
    try:
        _LOCKS.mkdir(mode=0o700, parents=True, exist_ok=True)
        _tidy(count)
        start = secrets.randbelow(count)
        for number in (*range(start, count), *range(start)):
            user = None if _is_known(first + number) else _lock(first + number, count)
            # Dead processes that nobody has taken note of count against a limit, too.
            if user is not None and not any(_states(user.id)):
                return user
            if user is not None:
                user.give_back()
    except OSError as error:
        raise SandboxError(
            f"no user can be lent to a sandbox: {_LOCKS}: {error.strerror}. "
            "Grading as root needs a /run that root can write in."
        ) from None
    raise SandboxError("every user that could be lent to a sandbox runs something.")


def _tidy(count: int) -> None:
    """End what judges left that were killed: their locks are there, and nobody holds them."""
    for name in os.listdir(_LOCKS):
        user = _lock(int(name), count, os.O_RDWR)
        if user is not None:
            if any(_states(user.id)):
                user.end_processes()
            sweep(user.id)
            user.give_back()


def _lock(number: int, count: int, flags: int = os.O_RDWR | os.O_CREAT) -> LentUser | None:
    """The user of this id, None where somebody else has it."""
    path = _LOCKS / str(number)
    try:
        lock = os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(lock), os.stat(path)):  # not given back since it was opened
            return LentUser(number, number + count, lock)
    except (BlockingIOError, FileNotFoundError):
        pass
    os.close(lock)
    return None


def _ids() -> tuple[int, int]:
    """The first id to lend, and how many: this machine or container knows twice as many."""
    lines = Path("/proc/self/uid_map").read_text().splitlines()
    spans = [tuple(map(int, line.split())) for line in lines]
    for first, count in _IDS:
        if any(start <= first and first + 2 * count <= start + size for start, _, size in spans):
            return first, count
    raise SandboxError("this container has too few users for one to be lent to a sandbox.")


def _is_known(user: int) -> bool:
    try:
        pwd.getpwuid(user)
    except KeyError:
        return False
    return True


def _states(user: int) -> Iterator[str]:
    """The state of each process of a user, as one letter."""
    for entry in os.scandir("/proc"):
        if entry.name.isdecimal():
            with contextlib.suppress(OSError):  # it has ended
                # Told by the kernel; the owner of the folder is not always the process's user.
                told = Path(entry.path, "status").read_bytes()
                lines = dict(line.split(b":", 1) for line in told.splitlines() if b":" in line)
                if str(user).encode() in lines[b"Uid"].split():
                    yield lines[b"State"].split()[0].decode()
