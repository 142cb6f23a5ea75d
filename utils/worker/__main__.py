"""``python -m utils.worker CONTROL USER [PACKAGE ...]``: the parent inside the sandbox.

CONTROL is the file descriptor of the judge's socket, USER the uid to become, or "-" to stay. With
USER:KEEPER the parent has a second one, so that no task can send it a signal.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import signal
import socket
import sys
from pathlib import Path


def main() -> None:
    """Become an ordinary user, load what tasks need, and serve the judge until it hangs up."""
    control, user, *packages = sys.argv[1:]
    if user == "-" and os.getpid() != 1:
        # After every task all processes of this user are killed.
        sys.exit("utils.worker runs in a sandbox, or as a user of its own; see tools/grade")
    # Where the machine has no memory left the kernel ends this before the judge; see proc(5).
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")
    if user != "-":
        # Started as root: from here on an unprivileged user, whom a process limit binds.
        become(*map(int, user.split(":")))
    from utils.worker.parent import serve
    from utils.worker.seccomp import adopt_orphans, confine, die_with_parent

    for package in packages:
        importlib.import_module(package)
    # Process 1 is spared every signal that it has no handler for, and Python has one for this.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    die_with_parent()
    adopt_orphans()
    confine(shared_maps=os.getpid() == 1)  # elsewhere the devices are the machine's
    serve(socket.socket(fileno=int(control)))


def become(user: int, keeper: int | None = None) -> None:
    """Give up root.

    A process may send signals to those whose real or saved user is its own real or effective one:
    with a keeper for these two this process may end the user's, and these cannot even stop it.
    """
    keeper = user if keeper is None else keeper
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(keeper, user, keeper)


if __name__ == "__main__":
    main()
