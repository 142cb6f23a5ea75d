"""Tests hold where nobody watches: in the background, Ctrl-C is ignored and that is inherited."""

import signal
import subprocess
import sys

from tools.lesson import ROOT

# As a process that a test starts in the background would be asked, by the settings of all tests.
ASK = """\
import subprocess, sys
import tests.conftest
told = "import signal; print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)"
subprocess.run([sys.executable, "-c", told], check=True)
"""


def _ignore_ctrl_c() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def test_what_a_test_starts_can_be_interrupted_in_the_background_too():
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=ROOT,
        preexec_fn=_ignore_ctrl_c,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "True"
