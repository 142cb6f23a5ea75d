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
import shutil
import signal
import socket
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
_PAGE = os.sysconf("SC_PAGE_SIZE")


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
    _clear_up()
    _say(
        control,
        {
            "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else None,
            "code": os.WEXITSTATUS(status) if os.WIFEXITED(status) else None,
            "memory": too_much,
            "megabytes": usage.ru_maxrss / 1024,
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
            too_much = held > limits.memory
    finally:
        os.close(handle)
    _kill_all()
    _, status, usage = os.wait4(child, 0)
    while _reap():
        pass
    return status, usage, too_much


def _kill_all() -> None:
    """End every process of this user but this one, in one sweep that no fork escapes."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(-1, signal.SIGKILL)


def _reap() -> bool:
    try:
        return os.waitpid(-1, os.WNOHANG)[0] > 0
    except ChildProcessError:
        return False


def _others() -> Iterator[int]:
    """The processes of this user but this one."""
    user, own = os.getuid(), os.getpid()
    for entry in os.scandir("/proc"):
        if entry.name.isdecimal() and int(entry.name) != own:
            with contextlib.suppress(OSError):
                if entry.stat().st_uid == user:
                    yield int(entry.name)


def _resident(process: int) -> int:
    """Bytes of memory that a process holds, shared ones included."""
    try:
        return int(Path(f"/proc/{process}/statm").read_bytes().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0


def _clear_up() -> None:
    """Empty the folder that a task may write in: the next one finds none of it."""
    for entry in os.scandir("."):
        if entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path, ignore_errors=True)
        else:
            with contextlib.suppress(OSError):
                os.unlink(entry.path)


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
