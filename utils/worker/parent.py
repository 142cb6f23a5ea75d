"""The parent inside the sandbox: forks a child for every task, watches it, ends all it started.

It has loaded what every task needs and nothing that a learner must not see. The judge speaks to it
by the control connection, to each child by a connection of its own.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import signal
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from utils.worker.answering import answer_calls
from utils.worker.limits import OUT_OF_MEMORY, TaskLimits
from utils.worker.reading import read_notebook
from utils.worker.seccomp import keep_to_itself
from utils.worker.unpacking import UnpackProblem, unpack
from utils.worker.wire import Closed, receive, send

MESSAGE_LIMIT = 1 << 16  # bytes of one message on the control connection
FRAME_LIMIT = 1 << 30  # bytes from the judge, who is trusted
WATCH = 0.02  # seconds between looks at what a task takes
COUNT = 0.5  # seconds between counts of what it holds in files, where these have to be looked for
_SPARE = 1 << 20  # bytes: one file as large as it may be is not too much
WRITABLE = (tempfile.gettempdir(), "/dev/shm")
_OPEN = (*WRITABLE, "/tmp", "/var/tmp")  # where most machines let everybody write
_PAGE = os.sysconf("SC_PAGE_SIZE")
_INODE = 1024  # bytes


def serve(control: socket.socket) -> None:
    """Do the judge's tasks one after the other until it hangs up."""
    gc.collect()
    gc.freeze()  # what is loaded stays shared with the children
    keep_to_itself(True)
    _say(control, {"ready": True})
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, MESSAGE_LIMIT, 1)
        if not message:
            return
        task = json.loads(message)
        if "task" not in task:  # an "end" that came when the task had ended by itself
            continue
        limits = TaskLimits(**task["limits"])
        _do(control, task["task"], limits, socket.socket(fileno=descriptors[0]))


def _say(control: socket.socket, message: dict[str, Any]) -> None:
    with contextlib.suppress(OSError):  # a judge that is gone needs no answer
        control.send(json.dumps(message).encode())


def _do(control: socket.socket, name: str, limits: TaskLimits, connection: socket.socket) -> None:
    """Fork one task and say how it ended, when all that it started is dead."""
    child = os.fork()
    if child == 0:
        control.close()
        _run(TASKS[name], limits, connection)
    connection.close()
    taken = _watch(control, child, limits)
    status, usage = taken.status, taken.usage
    clear = _clear_up()
    _say(
        control,
        {
            "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else None,
            "code": os.WEXITSTATUS(status) if os.WIFEXITED(status) else None,
            "memory": taken.too_much,
            "cpu": usage.ru_utime + usage.ru_stime > 0.9 * limits.cpu,  # it counts more coarsely
            "megabytes": usage.ru_maxrss / 1024,
            "processes": taken.processes,
            "file_megabytes": taken.files / (1 << 20),
            "clear": clear,
        },
    )


def _run(
    task: Callable[[socket.socket], None], limits: TaskLimits, connection: socket.socket
) -> None:
    """The child's whole life."""
    code = 1
    try:
        user = os.geteuid()
        os.setresuid(user, user, user)  # nothing left of who keeps the parent
        keep_to_itself(False)
        os.setsid()
        nowhere = os.open(os.devnull, os.O_RDWR)
        for standard in (0, 1, 2):
            os.dup2(nowhere, standard)
        limits.apply()
        task(connection)
        code = 0
    except Closed:
        code = 0
    except MemoryError:
        code = OUT_OF_MEMORY
    finally:
        os._exit(code)


@dataclass
class _Taken:
    """What a task takes: the most that was seen so far.

    Attributes:
        processes: processes and threads.
        files: bytes in files.
        too_much: whether it is more than its limits.
        status, usage: of its process, when it has ended.
    """

    limits: TaskLimits
    processes: int = 1
    files: int = 0
    too_much: bool = False
    status: int = 0
    usage: Any = None

    def look(self, own: int) -> None:
        """See what it holds beyond the parent's own memory, in bytes."""
        held, processes = 0, 0
        for process in _others():
            resident, threads = _resident_and_threads(process)
            held += max(0, resident - own)
            processes += threads
        in_files = _in_files()
        self.processes = max(self.processes, processes)
        self.files = max(self.files, in_files)
        self.too_much = held + in_files > self.limits.memory

    def look_into_folders(self) -> None:
        """See what it holds in files where these have to be looked for."""
        held = _in_folders(self.limits.file + _SPARE)
        self.files = max(self.files, held)
        self.too_much = held > self.limits.file + _SPARE


def _watch(control: socket.socket, child: int, limits: TaskLimits) -> _Taken:
    """Wait until the child ends, takes too much memory, or the judge wants its end."""
    own, _ = _resident_and_threads(os.getpid())
    taken, counted = _Taken(limits), time.monotonic()
    in_sandbox = os.getpid() == 1
    handle = os.pidfd_open(child)
    try:
        while not taken.too_much:
            readable, _, _ = select.select([control, handle], [], [], WATCH)
            if readable:
                break
            taken.look(own)
            if not (taken.too_much or in_sandbox) and time.monotonic() - counted > COUNT:
                taken.look_into_folders()
                counted = time.monotonic()
    finally:
        os.close(handle)
    if not taken.too_much:
        _look_last(taken, own, in_sandbox)
    _kill_all()
    _, taken.status, taken.usage = os.wait4(child, 0)
    _reap_all()
    return taken


def _look_last(taken: _Taken, own: int, in_sandbox: bool) -> None:
    """What a task has left when it ends is told, and held against nobody."""
    taken.look(own)
    if not in_sandbox:
        taken.look_into_folders()
    taken.too_much = False


def _kill_all() -> None:
    """End every process of this user but this one, in one sweep that no fork escapes."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(-1, signal.SIGKILL)


def _reap_all() -> None:
    """Wait until what was killed is gone, children's children too."""
    with contextlib.suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)


def _others() -> Iterator[int]:
    """The processes of this user but this one."""
    own = os.getpid()
    for entry in os.scandir("/proc"):
        if not entry.name.isdecimal() or int(entry.name) == own:
            continue
        if own == 1 or _user_of(entry.path) == os.geteuid():  # in a sandbox all are
            yield int(entry.name)


def _user_of(process: str) -> int | None:
    """Whose a process is. Not the owner of its folder: a process can make that root."""
    try:
        told = Path(process, "status").read_bytes()
    except OSError:  # it has ended
        return None
    return int(told.partition(b"\nUid:")[2].split(maxsplit=1)[0])


def _resident_and_threads(process: int) -> tuple[int, int]:
    """Bytes of memory that a process holds, shared ones included, and how many threads it has."""
    try:
        told = Path(f"/proc/{process}/stat").read_bytes()
    except OSError:  # it has ended
        return 0, 0
    # From the third on; the second is a name, with anything in it. See proc_pid_stat(5).
    fields = told.rpartition(b")")[2].split()
    return int(fields[21]) * _PAGE, int(fields[17])


def _in_files() -> int:
    """Bytes of memory in files, where a sandbox has these in memory; an empty one takes some."""
    if os.getpid() != 1:  # the folders are the machine's
        return 0
    held = 0
    for folder in WRITABLE:
        system = os.statvfs(folder)
        held += (system.f_blocks - system.f_bfree) * system.f_frsize
        held += (system.f_files - system.f_ffree) * _INODE
    return held


def _in_folders(enough: int) -> int:
    """Bytes that this user's files take in folders that have no limit themselves.

    Counted until it is more than ``enough``; an empty file counts, too, so that this has an end.
    """
    held = 0
    for status in _files_below(dict.fromkeys(_OPEN)):
        held += 512 * status.st_blocks + _INODE
        if held > enough:
            break
    return held


def _files_below(folders: Iterable[str]) -> Iterator[os.stat_result]:
    """The state of each of this user's files and folders in these; others' are not entered."""
    waiting = list(folders)
    while waiting:
        try:
            entries = os.scandir(waiting.pop())
        except OSError:  # closed, or gone
            continue
        with entries:
            for entry in entries:
                with contextlib.suppress(OSError):
                    status = entry.stat(follow_symlinks=False)
                    if status.st_uid == os.geteuid():
                        yield status
                        if stat.S_ISDIR(status.st_mode):
                            waiting.append(entry.path)


def _clear_up() -> bool:
    """Empty the folders that a task may write in; returns whether the next one finds them so."""
    try:
        left = list(_own_files())
        if left:  # rm, as it stops at no depth
            subprocess.run(["rm", "-rf", "--", *left], stderr=subprocess.DEVNULL)
        return not left or not list(_own_files())
    except OSError:  # the task has closed or removed its own folder
        return False


def _own_files() -> Iterator[str]:
    for folder in WRITABLE:
        for entry in os.scandir(folder):
            with contextlib.suppress(FileNotFoundError):  # the machine's own, elsewhere
                if entry.stat(follow_symlinks=False).st_uid == os.geteuid():
                    yield entry.path


def _read(connection: socket.socket) -> None:
    task, (content,) = receive(connection, FRAME_LIMIT)
    reading = read_notebook(content.tobytes(), task["name"], task["chapter"], task["lang"])
    send(connection, reading)


def _unpack(connection: socket.socket) -> None:
    task, (content,) = receive(connection, FRAME_LIMIT)
    try:
        unpacked = unpack(task["name"], content.tobytes())
    except UnpackProblem as problem:
        send(connection, {"problem": str(problem), "members": [], "problems": []})
        return
    names = [name for name, _ in unpacked.members]
    send(connection, {"problem": "", "members": names, "problems": unpacked.problems})
    for _, member in unpacked.members:
        send(connection, None, [np.frombuffer(member, np.uint8)])


TASKS: dict[str, Callable[[socket.socket], None]] = {
    "read": _read,
    "answer": answer_calls,
    "unpack": _unpack,
}
