"""``reaper.py REPORT COMMAND...``: run a command, then write down which of its processes remain.

Whatever a descendant does to get away (double forks, sessions of its own), it becomes a child of
this process when its parents have ended.
"""

import ctypes
import json
import os
import subprocess
import sys
import time
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
PATIENCE = 10.0  # seconds for what was killed to be gone


def living():
    """The children of this process that are not dead yet, by their command lines."""
    found = []
    for child in Path("/proc/self/task").joinpath(str(os.getpid()), "children").read_text().split():
        try:
            state = Path("/proc", child, "stat").read_text().rpartition(")")[2].split()[0]
            words = Path("/proc", child, "cmdline").read_bytes().replace(b"\0", b" ")
        except OSError:
            continue
        if state not in "ZX":
            found.append(words.decode(errors="replace"))
    return found


def main():
    report, *command = sys.argv[1:]
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    code = subprocess.run(command).returncode
    deadline = time.monotonic() + PATIENCE
    while living() and time.monotonic() < deadline:
        time.sleep(0.02)
    Path(report).write_text(json.dumps(living()))
    sys.exit(code)


main()
