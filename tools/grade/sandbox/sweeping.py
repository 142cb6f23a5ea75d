"""Removing what a user left behind wherever everybody may write."""

from __future__ import annotations

import contextlib
import os
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_DEPTH = 3  # levels below / and below each mount that are searched for places open to everybody
_KERNELS_OWN = ("/proc", "/sys")


def sweep(user: int) -> None:
    """Remove all files and folders of ``user``, none of whose processes runs any more, from the
    folders that everybody may write in."""
    # The folder of temporary files, too, where a user's own lies: it may be open to nobody else.
    for place in {*open_places(), tempfile.gettempdir()}:
        _sweep_folder(place, user)


@cache
def open_places() -> tuple[str, ...]:
    """The folders of this machine that everybody may write in, such as /tmp.

    Those within three levels of the root or of a mount; told once a process.
    """
    found: dict[tuple[int, int], str] = {}
    for top in ("/", *_mounts()):
        for path, status in _folders(top, _DEPTH):
            if status.st_mode & stat.S_IWOTH:
                found.setdefault((status.st_dev, status.st_ino), path)
    return tuple(found.values())


def _mounts() -> list[str]:
    lines = Path("/proc/self/mounts").read_text(errors="surrogateescape").splitlines()
    escapes = {"\\040": " ", "\\011": "\t", "\\012": "\n", "\\134": "\\"}
    mounts = [line.split()[1] for line in lines]
    for code, character in escapes.items():
        mounts = [mount.replace(code, character) for mount in mounts]
    return mounts


def _folders(top: str, depth: int) -> Iterator[tuple[str, os.stat_result]]:
    """A folder and those below it; links are not followed."""
    if any(top == own or top.startswith(f"{own}/") for own in _KERNELS_OWN):
        return
    with contextlib.suppress(OSError):
        status = os.lstat(top)
        if not stat.S_ISDIR(status.st_mode):
            return
        yield top, status
        if depth:
            for name in os.listdir(top):
                yield from _folders(os.path.join(top, name), depth - 1)


def _sweep_folder(folder: str, user: int) -> None:
    """Remove what is the user's, also from folders in it that are open to everybody."""
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        with contextlib.suppress(OSError):
            status = entry.stat(follow_symlinks=False)
            if status.st_uid == user:
                remove(entry.path)
            elif stat.S_ISDIR(status.st_mode) and status.st_mode & stat.S_IWOTH:
                _sweep_folder(entry.path, user)


def remove(path: str) -> None:
    """Remove a file or a folder, however deep it is nested: more than Python can follow."""
    subprocess.run(["rm", "-rf", "--one-file-system", "--", path], capture_output=True, check=False)
