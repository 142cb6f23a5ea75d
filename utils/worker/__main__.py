"""``python -m utils.worker CONTROL USER [PACKAGE ...]``: the parent inside the sandbox.

CONTROL is the file descriptor of the judge's socket, USER the uid to become, or "-" to stay.
"""

from __future__ import annotations

import importlib
import os
import socket
import sys
from pathlib import Path


def main() -> None:
    """Become an ordinary user, load what tasks need, and serve the judge until it hangs up."""
    control, user, *packages = sys.argv[1:]
    if user == "-" and Path("/proc/1/comm").read_text() != "bwrap\n":
        # After every task all processes of this user are killed.
        sys.exit("utils.worker runs in a sandbox, or as a user of its own; see tools/grade")
    if user != "-":
        # Started as root: from here on an unprivileged user, whom a process limit binds.
        os.setgroups([])
        os.setresgid(int(user), int(user), int(user))
        os.setresuid(int(user), int(user), int(user))
    from utils.worker.parent import serve
    from utils.worker.seccomp import confine

    for package in packages:
        importlib.import_module(package)
    confine()
    serve(socket.socket(fileno=int(control)))


if __name__ == "__main__":
    main()
