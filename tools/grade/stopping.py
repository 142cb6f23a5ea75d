"""Stopping in order when a terminal or CI asks for it, and at once when it asks again."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from types import FrameType

INTERRUPTED = 130  # exit code, as shells have it for Ctrl-C
# Ctrl-C; what CI cancels with; a terminal that is closed.
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_SHOW_CURSOR = b"\x1b[?25h"  # a progress bar hides it


@contextlib.contextmanager
def stoppable() -> Iterator[None]:
    """In this block the first signal raises ``KeyboardInterrupt``, and one more ends the process.

    Those that whoever started this process wants ignored (``nohup``) are left so.
    """
    before = {one: signal.getsignal(one) for one in _SIGNALS}
    stopping = False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal stopping
        if stopping:
            _end_at_once()
        stopping = True
        raise KeyboardInterrupt

    for one, handler in before.items():
        if handler is not signal.SIG_IGN:
            signal.signal(one, stop)
    try:
        yield
    finally:
        if not stopping:  # else a second one may come until the process has ended
            for one, handler in before.items():
                signal.signal(one, handler)


def leave_to_parent() -> None:
    """In a process of a pool: whoever started it stops it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # by which a pool ends what is left of it


def _end_at_once() -> None:
    # Graders and sandboxes die with this process; what it leaves in /tmp the next one removes.
    if os.isatty(2):
        os.write(2, _SHOW_CURSOR)
    os._exit(INTERRUPTED)
