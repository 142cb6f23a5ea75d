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
import subprocess
import tempfile
from collections.abc import Callable, Iterator
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
WRITABLE = (tempfile.gettempdir(), "/dev/shm")
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
    status, usage, too_much = _watch(control, child, limits)
    clear = _clear_up()
    _say(
        control,
        {
            "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else None,
            "code": os.WEXITSTATUS(status) if os.WIFEXITED(status) else None,
            "memory": too_much,
            "cpu": usage.ru_utime + usage.ru_stime > 0.9 * limits.cpu,  # it counts more coarsely
            "megabytes": usage.ru_maxrss / 1024,
            "clear": clear,
        },
    )


def _run(
    task: Callable[[socket.socket], None], limits: TaskLimits, connection: socket.socket
) -> None:
    """The child's whole life."""
    code = 1
    try:
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


def _watch(control: socket.socket, child: int, limits: TaskLimits) -> tuple[int, Any, bool]:
    """Wait until the child ends, takes too much memory, or the judge wants its end."""
    own = _resident(os.getpid())
    too_much = False
    handle = os.pidfd_open(child)
    try:
        while not too_much:
            readable, _, _ = select.select([control, handle], [], [], WATCH)
            if readable:
                break
            held = sum(max(0, _resident(process) - own) for process in _others())
            too_much = held + _in_files() > limits.memory
    finally:
        os.close(handle)
    _kill_all()
    _, status, usage = os.wait4(child, 0)
    _reap_all()
    return status, usage, too_much


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
        if own == 1 or _user_of(entry.path) == os.getuid():  # in a sandbox all are
            yield int(entry.name)


def _user_of(process: str) -> int | None:
    """Whose a process is. Not the owner of its folder: a process can make that root."""
    try:
        told = Path(process, "status").read_bytes()
    except OSError:  # it has ended
        return None
    return int(told.partition(b"\nUid:")[2].split(maxsplit=1)[0])


def _resident(process: int) -> int:
    """Bytes of memory that a process holds, shared ones included."""
    try:
        return int(Path(f"/proc/{process}/statm").read_bytes().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0


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


def _clear_up() -> bool:
    """Empty the folders that a task may write in; returns whether the next one finds them so."""
    left = list(_own_files())
    if left:  # rm, as it stops at no depth
        subprocess.run(["rm", "-rf", "--", *left], stderr=subprocess.DEVNULL)
    return not left or not list(_own_files())


def _own_files() -> Iterator[str]:
    for folder in WRITABLE:
        for entry in os.scandir(folder):
            with contextlib.suppress(FileNotFoundError):  # the machine's own, elsewhere
                if entry.stat(follow_symlinks=False).st_uid == os.getuid():
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
