"""What is committed under chapters/ is what solutions/ makes."""

import subprocess
import sys

import pytest

from tools.lesson import ROOT


@pytest.mark.parametrize("command", ["build", "record"])
def test_generated_files_are_fresh(command):
    done = subprocess.run(
        [sys.executable, "-m", "tools", command, "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
