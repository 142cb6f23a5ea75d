"""Judging mutants, each in a process of its own, a few at a time.

A child is forked from this process, which has NumPy, the references and the model loaded, and sends
one word back. It has no terminal, a bounded memory and a bounded time.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from tools.checks import Alternative
from tools.model import ModelError, ModelNamespace
from tools.mutants.mutations import Mutant
from utils.tester.calling import LocalCaller
from utils.tester.judge import judge, judge_case
from utils.tester.records import Exercise

Fate = Literal["passed", "failed", "error", "timeout"]

CHILDREN = 2
SECONDS = 5.0  # for all cases of a mutant; the models take a few hundredths
GRACE = 5.0  # seconds
MEMORY = 4 << 30  # bytes of a child


@dataclass(frozen=True)
class Child:
    """A mutant that is being judged."""

    number: int
    process: int
    pipe: int
    deadline: float


def fates(
    exercise: Exercise,
    namespace: ModelNamespace,
    mutants: Sequence[Mutant],
    advance: Callable[[], None],
    seconds: float = SECONDS,
    grace: float = GRACE,
) -> list[Fate]:
    """What becomes of each mutant on an exercise's public cases.

    Args:
        exercise: its recorded cases.
        namespace: runs the exercise's answers.
        mutants: their sources take the place of the answer's definitions.
        advance: called after each.
        seconds: the time limit of each.
        grace: how much longer one may hang in compiled code before it is killed.

    Returns:
        For each mutant: "passed" is a survivor; "error" an exception, or a process that died;
        "timeout" the time limit.

    Raises:
        ModelError: the answer itself cannot be run.
    """
    namespace.model()  # what the chapter imports is loaded here, once, and not in every child
    waiting = iter(range(len(mutants)))
    running: dict[int, Child] = {}
    found: dict[int, Fate] = {}
    try:
        while len(found) < len(mutants):
            with _undisturbed():
                for number in _some(waiting, CHILDREN - len(running)):
                    work = _Work(exercise, namespace, mutants[number], seconds)
                    child = _fork(number, work, seconds + grace)
                    running[child.pipe] = child
            ended = _ended(running)
            with _undisturbed():
                for child in ended:
                    found[child.number] = _fate(child)
                    del running[child.pipe]
            for _ in ended:
                advance()
    finally:
        with _undisturbed():
            for child in running.values():
                _kill(child)
    return [found[number] for number in range(len(mutants))]


@dataclass(frozen=True)
class _Work:
    exercise: Exercise
    namespace: ModelNamespace
    mutant: Mutant
    seconds: float

    def fate(self) -> Fate:
        """The mutant's, in this process: a learner's verdict, without looking for its reasons."""
        try:
            answer = self.namespace.alternative(Alternative("mutant", code=self.mutant.source))
        except ModelError:
            return "error"
        call = LocalCaller(
            answer.function, answer.namespace, self.exercise.harness, seconds=self.seconds
        )
        for number, case in enumerate(self.exercise.cases, start=1):
            result = judge_case(self.exercise, case, call(case), number)
            if not result.passed:
                bare = replace(self.exercise, cases=(case,), mistakes=())
                return judge(bare, lambda _, outcome=result.outcome: outcome).status
        return "passed"


def _some(numbers: Iterator[int], count: int) -> Iterator[int]:
    for _ in range(count):
        number = next(numbers, None)
        if number is None:
            return
        yield number


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """A Ctrl-C in this block takes effect after it: else a child may be left that nobody knows, or
    one that has been waited for be waited for again."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _fork(number: int, work: _Work, seconds: float) -> Child:
    reading, writing = os.pipe()
    process = os.fork()
    if process:
        os.close(writing)
        return Child(number, process, reading, time.monotonic() + seconds)
    # From here on it is the child, which must not come back, whatever happens.
    try:
        import resource  # exists only where fork does

        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            os.dup2(nowhere, stream)
        os.write(writing, work.fate().encode())
    finally:
        os._exit(0)


def _ended(running: dict[int, Child]) -> list[Child]:
    """The children that have said something, ended or overstayed; waits for one."""
    while True:
        left = min(child.deadline for child in running.values()) - time.monotonic()
        ready, _, _ = select.select(list(running), [], [], max(left, 0))
        late = [child for child in running.values() if child.deadline <= time.monotonic()]
        if ready or late:
            return list(
                {child.pipe: child for child in [*(running[p] for p in ready), *late]}.values()
            )


def _fate(child: Child) -> Fate:
    late = child.deadline <= time.monotonic()
    if late:
        os.kill(child.process, signal.SIGKILL)
    word = os.read(child.pipe, 100).decode()
    os.close(child.pipe)
    os.waitpid(child.process, 0)
    return word or ("timeout" if late else "error")


def _kill(child: Child) -> None:
    os.kill(child.process, signal.SIGKILL)
    os.close(child.pipe)
    os.waitpid(child.process, 0)
