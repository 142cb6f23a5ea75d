"""``python -m utils.worker.looking``: which files and folders the user that runs it can reach.

Asked by JSON on its standard input, ``{"needed": [path], "closed": [path]}``, it answers on its
standard output with those of ``needed`` that it cannot read (``barred``) or that it could change
(``writable``), and those of ``closed`` that it can look into (``open``).
"""

from __future__ import annotations

import json
import os
import sys


def main() -> None:
    """Try each path."""
    asked = json.load(sys.stdin)
    told = {
        "barred": [path for path in asked["needed"] if not _can_use(path)],
        "writable": [path for path in asked["needed"] if os.access(path, os.W_OK)],
        "open": [path for path in asked["closed"] if _can_open(path) or _can_enter(path)],
    }
    json.dump(told, sys.stdout)


def _can_use(path: str) -> bool:
    return _can_open(path) and (_can_enter(path) or not os.path.isdir(path))


def _can_open(path: str) -> bool:
    """Whether a file can be read, a folder listed."""
    try:
        os.close(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC))
    except OSError:
        return False
    return True


def _can_enter(path: str) -> bool:
    """Whether it is a folder in which a file could be opened by its name."""
    try:
        os.stat(os.path.join(path, "."))
    except OSError:
        return False
    return True


if __name__ == "__main__":
    main()
