"""The sandbox of an ordinary user, who has it from a namespace of users and not from root."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest
from hostile_code import ATTACKS
from hostile_runs import NothingOutsideChanges, assert_as_deserved, run_attacks

from tools.lesson import ROOT

NOBODY = 65534
CHOSEN = (
    *("endless-swallowing", "fork-bomb", "process-limit", "memory-many-processes", "memory-shared"),
    *("signal-everybody", "signal-parent", "parent", "parent-limits", "powers", "processes"),
    *("files", "references", "network", "background", "disk-everywhere", "disk-closed-folder"),
    *("end-at-once", "descriptors-garbage", "frame-of-a-verdict", "messages-for-the-next"),
)
ATTACKS = {name: ATTACKS[name] for name in CHOSEN}


def as_nobody():
    """A command that runs another as a user who is nobody, nothing where this user is not root.

    What such a user cannot get at (a Python below /root) is shown at its place, in a folder of
    memory over the closed one.
    """
    if os.getuid() != 0:
        return []
    command = ["bwrap", "--dev-bind", "/", "/", "--cap-add", "ALL", "--die-with-parent"]
    needed = [Path(sys.base_prefix), ROOT]
    for closed in {_closed(path) for path in needed} - {None}:
        command += ["--perms", "0755", "--tmpfs", str(closed)]
    for path in needed:
        if _closed(path) is not None:
            command += ["--ro-bind", str(path), str(path)]
    user = str(NOBODY)
    return [*command, "setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", "--"]


def _closed(path):
    """The first of a path's folders that others cannot enter."""
    for folder in (*reversed(path.parents), path):
        if not folder.stat().st_mode & 0o001:
            return folder
    return None


@pytest.fixture(scope="module")
def run():
    # Not pytest's own folder, which is closed to others.
    folder = Path(tempfile.mkdtemp(prefix="nobodys-"))
    try:
        if os.getuid() == 0:
            os.chown(folder, NOBODY, NOBODY)
        old = os.umask(0)
        options = ("--seconds", 8, "--memory", 400, "--hidden", 1)
        try:
            yield run_attacks(folder, ATTACKS, *options, before=as_nobody())
        finally:
            os.umask(old)
    finally:
        shutil.rmtree(folder)


@pytest.mark.parametrize("name", ATTACKS)
def test_is_graded_as_it_deserves(run, name):
    assert_as_deserved(run, name, ATTACKS[name])


class TestTheMachine(NothingOutsideChanges):
    pass
