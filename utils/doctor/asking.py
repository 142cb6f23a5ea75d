"""Asking a Python in a process of its own, which may crash or hang without harm."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_LONGEST = 120  # seconds; the first import of a package may take long on a slow disk


@dataclass(frozen=True)
class Answer:
    """What a program printed, and whether it ended well."""

    well: bool
    text: str
    error: str  # the last line of what went wrong


def ask(program: str, *arguments: str, python: str = sys.executable, folder: Path | None = None):
    """Run a program; returns an ``Answer``."""
    try:
        done = subprocess.run(
            [python, "-c", program, *arguments],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_LONGEST,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return Answer(False, "", str(error))
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    last = lines[-1].strip() if lines else f"exit code {done.returncode}"
    return Answer(done.returncode == 0, done.stdout.strip(), last)
