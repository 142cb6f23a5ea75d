"""What a machine looks like, for comparing before and after."""

import os
from pathlib import Path

from tools.lesson import ROOT

# What hostile code calls the files that it tries to write anywhere.
MARK = "hostile-was-here"
_CACHES = {"__pycache__", ".git", ".hypothesis", ".pytest_cache", ".ruff_cache", ".venv", "build"}


def tree(folder):
    """Every file below a folder, with its kind, size and time; caches left out."""
    found = {}
    for path, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in _CACHES]
        for name in (*folders, *files):
            status = os.lstat(os.path.join(path, name))
            times = None if name in folders else status.st_mtime_ns
            found[os.path.join(path, name)] = (status.st_mode, status.st_size, times)
    return found


def marked():
    """Files of hostile code's, wherever it could have had a chance to write them."""
    places = ["/tmp", "/var/tmp", "/dev/shm", "/run", str(ROOT), os.path.expanduser("~")]
    found = []
    for place in places:
        for path, folders, files in os.walk(place):
            found += [os.path.join(path, name) for name in (*folders, *files) if MARK in name]
            folders[:] = [name for name in folders if name not in {"site-packages", "proc"}]
    return found


def listeners():
    """The machine's listening sockets: ports of TCP, and names of the abstract UNIX ones."""
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path("/proc/net", table).read_text().splitlines()[1:]:
            _, local, _, state, *_ = line.split()
            if state == "0A":
                found.add(int(local.rpartition(":")[2], 16))
    for line in Path("/proc/net/unix").read_text().splitlines()[1:]:
        parts = line.split(maxsplit=7)
        if len(parts) == 8 and parts[7].startswith("@"):
            found.add(parts[7])
    return found
