"""``python -m utils.worker CONTROL USER [PACKAGE ...]``: the parent inside the sandbox.

CONTROL is the file descriptor of the judge's socket, USER the uid to become, or "-" to stay.
"""

from __future__ import annotations

import importlib
import os
import signal
import socket
import sys


def main() -> None:
    """Become an ordinary user, load what tasks need, and serve the judge until it hangs up."""
    control, user, *packages = sys.argv[1:]
    if user == "-" and os.getpid() != 1:
        # After every task all processes of this user are killed.
        sys.exit("utils.worker runs in a sandbox, or as a user of its own; see tools/grade")
    if user != "-":
        # Started as root: from here on an unprivileged user, whom a process limit binds.
        os.setgroups([])
        os.setresgid(int(user), int(user), int(user))
        os.setresuid(int(user), int(user), int(user))
    from utils.worker.parent import serve
    from utils.worker.seccomp import adopt_orphans, confine, die_with_parent

    for package in packages:
        importlib.import_module(package)
    # Process 1 is spared every signal that it has no handler for, and Python has one for this.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    die_with_parent()
    adopt_orphans()
    confine()
    serve(socket.socket(fileno=int(control)))


if __name__ == "__main__":
    main()
