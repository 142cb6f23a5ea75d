"""Grading a class of hostile notebooks, with a look at the machine before and after."""

import contextlib
import socket
from dataclasses import dataclass

import machine
from hostile_notebooks import (
    OTHERS,
    as_bytes,
    put_into_next,
    source_of,
    unsolved,
    with_body,
    with_source,
)
from running_grade import Ran, grade

# Beside right answers to the others: what nobody has begun costs no process, a hundred times.
NOT_BEGUN = ("02_02", "03_02", "03_03")

_ABOVE = """
class FOUND(Exception):
    pass


PORT = {port}
UNIX = {unix!r}
"""


@dataclass
class HostileRun:
    """A graded class.

    Attributes:
        ran: what the command did.
        before, after: the submissions' folder and the project's tree.
        written: files of hostile code's that are anywhere on the machine.
        temporary: what is left in the folder of temporary files.
        reached: how many connections came to the servers of this machine.
        listening: sockets that listen now and did not before.
        port: of the server; hostile code tries to serve on the one after it.
    """

    ran: Ran
    before: dict
    after: dict
    written: list
    temporary: list
    reached: int
    listening: set
    port: int


def run_attacks(folder, attacks, *options, before=()):
    """Grade one notebook for each attack, all in one run of the command.

    Args:
        folder: where submissions, results and temporary files are put.
        attacks: by the names that their notebooks get.
        options: of the command.
        before: a command that runs the command.
    """
    with _servers(folder) as (servers, port, unix):
        above = _ABOVE.format(port=port, unix=unix)
        for kind in ("submissions", "temporary"):
            (folder / kind).mkdir()
        for name, attack in attacks.items():
            notebook = with_body(attack.body, above + attack.above)
            if attack.elsewhere:
                put_into_next(notebook, attack.elsewhere)
            for exercise in NOT_BEGUN:
                with_source(exercise, source_of(unsolved(), exercise), notebook)
            (folder / "submissions" / f"{name}.ipynb").write_bytes(as_bytes(notebook))
        return run_folder(folder, *options, servers=servers, port=port, before=before)


def run_folder(folder, *options, servers=(), port=0, before=()):
    """Grade what lies in a folder's folder of submissions, beside one for temporary files."""
    submissions, temporary = folder / "submissions", folder / "temporary"
    listening = machine.listeners()
    trees = _trees(submissions)
    options = ("--jobs", 2, *options)
    ran = grade(submissions, folder / "out", *options, temporary=temporary, before=before)
    return HostileRun(
        ran,
        trees,
        _trees(submissions),
        machine.marked(),
        sorted(path.name for path in temporary.iterdir()),
        sum(map(_connections, servers)),
        machine.listeners() - listening,
        port,
    )


def _trees(submissions):
    """What nobody but an instructor writes, and no other test."""
    folders = (submissions, *(machine.ROOT / name for name in ("chapters", "solutions", "utils")))
    return {path: status for folder in folders for path, status in machine.tree(folder).items()}


@contextlib.contextmanager
def _servers(folder):
    """Servers of this machine's, on TCP and on both kinds of UNIX sockets."""
    unix = str(folder / "socket")
    with (
        socket.create_server(("127.0.0.1", 0)) as tcp,
        socket.socket(socket.AF_UNIX) as named,
        socket.socket(socket.AF_UNIX) as abstract,
    ):
        named.bind(unix)
        abstract.bind("\0" + unix)
        for server in (named, abstract):
            server.listen()
        servers = (tcp, named, abstract)
        for server in servers:
            server.setblocking(False)
        yield servers, tcp.getsockname()[1], unix


def _connections(server):
    count = 0
    with contextlib.suppress(BlockingIOError):
        while True:
            server.accept()[0].close()
            count += 1
    return count


def assert_as_deserved(run, name, attack):
    """The exercise has one of the attack's statuses, and all others have what they deserve."""
    exercises = run.ran.exercises(name)
    statuses = run.ran.statuses(name)
    victim = exercises["01_01"]
    assert victim["status"] in attack.statuses, victim["message"]
    assert victim["score"] == (1.0 if victim["status"] == "passed" else 0.0)
    others = {other: statuses[other] for other in OTHERS}
    deserved = dict.fromkeys(OTHERS, "passed") | dict.fromkeys(NOT_BEGUN, "not_attempted")
    assert others == deserved, [
        exercises[other]["message"] for other in OTHERS if others[other] != deserved[other]
    ]


class NothingOutsideChanges:
    """What must be true of the machine after every class; ``run`` is a ``HostileRun``."""

    def test_no_process_is_left(self, run):
        assert run.ran.left == []

    def test_no_file_is_changed_or_written(self, run):
        assert run.written == []
        assert run.after == run.before

    def test_nothing_temporary_is_left(self, run):
        assert run.temporary == []

    def test_nothing_was_reached_and_nothing_listens(self, run):
        assert run.reached == 0
        assert run.port + 1 not in run.listening

    def test_nothing_forged_is_printed(self, run):
        lines = run.ran.output.splitlines()
        assert not [line for line in lines if "forged" in line or line.startswith("::")]
