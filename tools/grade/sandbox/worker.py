"""The judge's end of the pipes: tasks for a sandbox, calls for an exercise in it.

Whatever comes from there is a stranger's. It is read by ``utils.worker.wire``, checked field by
field and cut to length; a task that breaks the rules is ``Lost``, and its sandbox is ended.
"""

from __future__ import annotations

import contextlib
import errno
import json
import math
import re
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from tools.grade.sandbox.limits import READING, UNPACKING, Limits
from tools.grade.sandbox.starting import Isolation, SandboxError, Started, start, why_not
from utils.tester.calling import PRINTED
from utils.tester.learner_source import UntouchedGap
from utils.tester.outcome import Frame, Misfit, Outcome, Raised
from utils.tester.records import Case
from utils.tester.tracebacks import FRAMES, MESSAGE_LENGTH
from utils.worker.limits import OUT_OF_MEMORY
from utils.worker.unpacking import Unpacked, UnpackProblem
from utils.worker.wire import Closed, Late, Malformed, read_value, receive, send, write_value

STARTING = 60.0  # seconds until a worker has loaded what it needs
SLOW = 0.1  # share of the time limit: who has taken more before the call that never ends is slow
ENDING = 10.0  # seconds for it to end a task, before the sandbox is ended
_FRAME = 1 << 20  # bytes that a frame may have beside its arrays' and its JSON's limit
_EVERYTHING = 1 << 40
_ADDRESS = re.compile(r"\b0x[0-9a-f]{6,16}\b")


ROOM = 16 << 20  # bytes for files, where no exercise needs more

Loss = Literal["timeout", "memory", "crashed"]


class Full(Exception):
    """The process has no memory left."""


class Lost(Exception):
    """A task ended without an answer: how, why in words for the instructor, and the most memory
    that its process took."""

    def __init__(self, status: Loss, detail: str, megabytes: float = 0.0) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.megabytes = megabytes


@dataclass(frozen=True)
class Ended:
    """How a task ended, as the parent in the sandbox tells it.

    Attributes:
        signal, code: of its process, None where it ended otherwise.
        memory, cpu: whether it took too much.
        megabytes: the most that its process took.
        processes: the most processes and threads that were seen at a time.
        file_megabytes: the most that was seen in files.
        clear: whether nothing of it is left.
    """

    signal: int | None
    code: int | None
    memory: bool
    cpu: bool
    megabytes: float
    processes: int
    file_megabytes: float
    clear: bool


@dataclass(frozen=True)
class Prepared:
    """What an exercise's process says before the first call."""

    missing: tuple[str, ...]
    callable: bool
    raised: Raised | None
    untouched: tuple[UntouchedGap, ...]
    unready: tuple[str, ...]


class Worker:
    """One sandbox, for one submission; started when the first task comes, and after each loss.

    Args:
        staged: the folder that ``staging.stage`` made.
        isolation: the tier.
        packages: to be loaded before any task.
        file_bytes: what its tasks may write, altogether.
        hide: folders that must not be seen.
        deadline: by ``time.monotonic``; a task that goes on until then is lost.
    """

    def __init__(
        self,
        staged: Path,
        isolation: Isolation,
        packages: Sequence[str] = (),
        file_bytes: int = ROOM,
        hide: Sequence[Path] = (),
        deadline: float = math.inf,
    ) -> None:
        self._start = lambda: start(staged, isolation, packages, file_bytes, hide)
        self._started: Started | None = None
        self._deadline = deadline

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the sandbox, if there is one."""
        if self._started is not None:
            self._started.end()
            self._started = None

    def read(
        self, content: bytes, name: str, chapter: str | None, lang: str | None
    ) -> dict[str, Any]:
        """What ``utils.worker.reading.read_notebook`` says of a notebook.

        Raises:
            Lost, SandboxError.
        """
        with self.task("read", READING) as task:
            about = {"name": name, "chapter": chapter, "lang": lang}
            task.send(about, [np.frombuffer(content, np.uint8)])
            reading, _ = task.receive(_FRAME)
            if not isinstance(reading, dict):
                raise Malformed("no reading")
            return reading

    def unpack(self, name: str, content: bytes) -> Unpacked:
        """The notebooks of an archive, as ``utils.worker.unpacking.unpack`` reads them.

        Raises:
            UnpackProblem: nothing of it can be used.
            SandboxError: there is no sandbox.
        """
        try:
            with self.task("unpack", UNPACKING) as task:
                task.send({"name": name}, [np.frombuffer(content, np.uint8)])
                said, _ = task.receive(_FRAME * 8)
                said = _fields(said, problem=str, members=list, problems=list)
                unpacked = Unpacked(
                    [(_text(path, 1000), task.receive_bytes()) for path in said["members"]],
                    [_text(problem, 2000) for problem in said["problems"]],
                )
        except Lost as lost:
            raise UnpackProblem(f"{name} cannot be unpacked: {lost.detail}.") from None
        if said["problem"]:
            raise UnpackProblem(_text(said["problem"], 2000))
        return unpacked

    @contextlib.contextmanager
    def task(self, name: str, limits: Limits) -> Iterator[Task]:
        """A task in a process of its own, which is ended when the block is left.

        Raises:
            Lost: it broke the rules, or its limits.
            SandboxError: there is no sandbox.
        """
        control = self._running().control
        connection = self._begin(control, name, limits)
        task = Task(connection, limits, min(time.monotonic() + limits.wall, self._deadline))
        try:
            yield task
        except (Malformed, Closed, Late, Full) as error:
            task.close()
            task.ended = self._end(control)
            status, detail = _fate(error, task.ended)
            megabytes = task.ended.megabytes if task.ended else 0.0
            raise Lost(status, detail, megabytes) from None
        except BaseException:  # the judge's own: what runs there must not go on
            task.close()
            self.close()
            raise
        task.close()
        task.ended = self._end(control)

    def _begin(self, control: socket.socket, name: str, limits: Limits) -> socket.socket:
        ours, theirs = socket.socketpair()
        order = {"task": name, "limits": asdict(limits.for_task())}
        try:
            socket.send_fds(control, [json.dumps(order).encode()], [theirs.fileno()])
        except OSError:
            ours.close()
            self.close()
            raise Lost("crashed", "the sandbox is gone") from None
        finally:
            theirs.close()
        return ours

    def _running(self) -> Started:
        for last in (False, True):  # one that a busy machine has ended or kept waiting starts again
            if self._started is None:
                self._started = self._try_to_start(last)
        return self._started

    def _try_to_start(self, last: bool) -> Started | None:
        """A sandbox that is ready; None where it is not, and there is another try."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise Lost("timeout", "no time is left")
        started = self._start()
        if _say_ready(started, min(left, STARTING)):
            return started
        started.end()
        if self._deadline <= time.monotonic():
            raise Lost("timeout", "no time is left")
        if last:
            told = (started.process.stderr.read() or b"").decode(errors="replace")
            raise SandboxError(why_not(told))
        return None

    def _end(self, control: socket.socket) -> Ended | None:
        """Have the task and all that it started killed; None where the sandbox had to go too."""
        try:
            control.send(b'{"end":true}')
            control.settimeout(ENDING)
            said = json.loads(control.recv(1 << 16))
            ended = Ended(**said)
        except (OSError, ValueError, LookupError, TypeError):
            self.close()
            return None
        if not ended.clear:
            self.close()  # the next task gets another sandbox
        return ended


class Task:
    """One process in a sandbox, and how to speak to it."""

    def __init__(self, connection: socket.socket, limits: Limits, deadline: float) -> None:
        self.limits = limits
        self.ended: Ended | None = None
        self._connection = connection
        self._deadline = deadline

    def send(self, message: Any, arrays: Sequence[np.ndarray] = ()) -> None:
        self._connection.settimeout(max(self._deadline - time.monotonic(), 0.001))
        send(self._connection, message, list(arrays))

    def receive(self, frame: int) -> tuple[Any, list[np.ndarray]]:
        return receive(self._connection, frame, self._deadline)

    def receive_bytes(self) -> bytes:
        """A frame of nothing but bytes."""
        _, arrays = self.receive(self.limits.value)
        if len(arrays) != 1 or arrays[0].dtype != np.uint8:
            raise Malformed("no bytes where there should be some")
        return arrays[0].tobytes()

    def close(self) -> None:
        self._connection.close()


class RemoteExercise:
    """An exercise's functions in another process; calling it with a case gives the outcome.

    Args:
        task: an "answer" task.
        order: what ``utils.worker.answering`` is to prepare.
    """

    def __init__(self, task: Task, order: Mapping[str, Any]) -> None:
        self._task = task
        self._frame = task.limits.value + 8 * _FRAME
        self.largest = 0  # bytes of the largest value that came
        self._spent = 0.0  # seconds on calls
        task.send(order | {"seconds": task.limits.seconds, "value_limit": task.limits.value})
        self.prepared = _prepared(task.receive(8 * _FRAME)[0])

    def __call__(self, case: Case) -> Outcome:
        """Run one case.

        An answer that is merely slow is ``Late`` as a whole: which case is the one too many differs
        from run to run. A single call that never ends has an outcome.

        Raises:
            Malformed, Closed, Late, Full: the process broke the rules.
        """
        spec, arrays = write_value(case.inputs, _EVERYTHING)
        self._task.send({"call": case.call, "inputs": spec}, arrays)
        started = time.perf_counter()
        said, arrays = self._task.receive(self._frame)
        self.largest = max(self.largest, sum(array.nbytes for array in arrays))
        seconds = time.perf_counter() - started
        outcome = _outcome(said, arrays, case, seconds)
        if outcome.timed_out and self._spent > SLOW * self._task.limits.seconds:
            raise Late
        if outcome.raised is not None and _is_of_memory(outcome.raised):
            raise Full
        self._spent += seconds
        return outcome


def _say_ready(started: Started, seconds: float) -> bool:
    """Whether the parent inside says in time that it has loaded everything."""
    started.control.settimeout(seconds)
    try:
        return json.loads(started.control.recv(1 << 16) or b"null") == {"ready": True}
    except (OSError, ValueError):
        return False


def _fate(reason: Exception, ended: Ended | None) -> tuple[Loss, str]:
    """The status that fits how a task was lost, and why."""
    full = ended is not None and (ended.memory or ended.code == OUT_OF_MEMORY)
    if full or isinstance(reason, Full):
        return "memory", "more than its limit of memory"
    if isinstance(reason, Late) or (ended is not None and ended.cpu):
        return "timeout", "no end within its limit of time"
    if isinstance(reason, Malformed):
        return "crashed", f"what came from its process is no answer: {reason}"
    if ended is None:
        return "crashed", "the sandbox was ended from inside"
    how = f"signal {ended.signal}" if ended.signal is not None else f"exit code {ended.code}"
    return "crashed", f"its process ended: {how}"


def _is_of_memory(raised: Raised) -> bool:
    """Also where the system has refused it, as it does for memory that processes share."""
    of_system = raised.kind == "OSError" and raised.message.startswith(f"[Errno {errno.ENOMEM}]")
    return of_system or raised.kind == "MemoryError"


def _prepared(said: Any) -> Prepared:
    said = _fields(said, missing=list, callable=bool, untouched=list, unready=list)
    return Prepared(
        tuple(_text(name, 100) for name in said["missing"][:20]),
        said["callable"],
        _raised(said.get("raised")),
        gaps_of(said["untouched"]),
        tuple(_text(name, 20) for name in said["unready"][:50]),
    )


def _outcome(said: Any, arrays: list[np.ndarray], case: Case, seconds: float) -> Outcome:
    said = _fields(said, timed_out=bool, printed=str, warnings=list)
    if said["timed_out"]:  # after how long, and where it was just then, differs from run to run
        return Outcome(timed_out=True)
    raised, misfit = _raised(said.get("raised")), _misfit(said.get("misfit"))
    returned, after = None, {}
    if raised is None and misfit is None:
        value = read_value(said.get("value"), arrays)
        if not (isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], dict)):
            raise Malformed("a call without its value")
        after, returned = value
        if after.keys() != case.inputs.keys():
            raise Malformed("other inputs than those of the call")
    return Outcome(
        returned=returned,
        after=after,
        raised=raised,
        misfit=misfit,
        printed=_shown(said["printed"], PRINTED + 2),
        warnings=tuple(_shown(one, MESSAGE_LENGTH) for one in said["warnings"][:3]),
        seconds=seconds,
    )


def _raised(said: Any) -> Raised | None:
    if said is None:
        return None
    said = _fields(said, kind=str, message=str, frames=list)
    frames = [
        _fields(one, place=str, line=int, function=str, source=str)
        for one in said["frames"][:FRAMES]
    ]
    return Raised(
        _text(said["kind"], 100),
        _shown(said["message"], MESSAGE_LENGTH + 2),
        tuple(
            Frame(
                _text(one["place"], 200),
                one["line"],
                _text(one["function"], 200),
                _text(one["source"], 300),
            )
            for one in frames
        ),
    )


def _misfit(said: Any) -> Misfit | None:
    if said is None:
        return None
    said = _fields(said, function=str, missing=list, unexpected=list)
    return Misfit(
        _text(said["function"], 100),
        tuple(_text(name, 100) for name in said["missing"][:20]),
        tuple(_text(name, 100) for name in said["unexpected"][:20]),
    )


def gaps_of(said: list[Any]) -> tuple[UntouchedGap, ...]:
    """Untouched gaps, as a worker tells them.

    Raises:
        Malformed: it tells something else.
    """
    return tuple(_gap(gap) for gap in said[:50])


def _gap(said: Any) -> UntouchedGap:
    said = _fields(said, function=str, place=str, line=int, todo=str)
    return UntouchedGap(
        _text(said["function"], 100),
        _text(said["place"], 100),
        said["line"],
        _text(said["todo"], 500),
    )


def _fields(said: Any, **types: type) -> dict[str, Any]:
    """A dict whose fields are of these types.

    Raises:
        Malformed: it is none.
    """
    if not isinstance(said, dict) or not all(
        isinstance(said.get(name), kind) for name, kind in types.items()
    ):
        raise Malformed("a message without its fields")
    return said


def _text(text: Any, length: int) -> str:
    if not isinstance(text, str):
        raise Malformed("no text where there should be one")
    return text[:length]


def _shown(text: Any, length: int) -> str:
    """Text of the learner's that others read: without addresses, which differ from run to run."""
    return _ADDRESS.sub("0x…", _text(text, length))
