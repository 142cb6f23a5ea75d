"""Reading files that strangers handed in, without being led elsewhere or kept waiting."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

LINK = "is a symbolic link, which is not followed"
NO_FILE = "is no regular file"

# Windows has none of these.
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)  # a FIFO would wait for its writer
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
)


class Unreadable(Exception):
    """What was handed in cannot be read; the message is an English sentence."""


def read_regular(path: Path | str, limit: int, name: str) -> bytes:
    """The content of a regular file.

    Args:
        path: the file; the folders it lies in may be links, it itself may not.
        limit: the most bytes to read.
        name: how the message calls it.

    Raises:
        Unreadable: it is missing, larger than ``limit``, a link, a device and the like, or may not
            be read.
    """
    try:
        descriptor = os.open(path, _FLAGS)
    except OSError as error:
        # A socket cannot be opened at all; FreeBSD says EMLINK of a link.
        what = {errno.ELOOP: LINK, errno.EMLINK: LINK, errno.ENXIO: NO_FILE}.get(error.errno)
        raise Unreadable(f"{name} {what or f'cannot be read: {error.strerror}'}.") from None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable(f"{name} {NO_FILE}.")
        if status.st_size > limit:
            raise Unreadable(f"{name} is {_size(status.st_size)}; the limit is {_size(limit)}.")
        parts, left = [], status.st_size
        while left and (part := os.read(descriptor, min(left, 1 << 24))):
            parts.append(part)
            left -= len(part)
        return b"".join(parts)
    except OSError as error:
        raise Unreadable(f"{name} cannot be read: {error.strerror}.") from None
    finally:
        os.close(descriptor)


def _size(count: int) -> str:
    return f"{count / 1e6:.0f} MB" if count >= 10_000_000 else f"{count / 1e6:.3g} MB"
