"""Calling a learner's function in this process: under a time limit, and without letting it out.

The limit is an alarm signal and so exists only where signals do (not on Windows) and in the main
thread, where notebooks run their cells; elsewhere a function may take as long as it likes. It
fires again and again, so that code which swallows every exception is still stopped. A single call
into compiled code is interrupted when that call returns.
"""

from __future__ import annotations

import contextlib
import io
import signal
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from utils.tester.outcome import Outcome
from utils.tester.records import Case
from utils.tester.signatures import misfit_of_call, misfit_of_error
from utils.tester.tracebacks import describe_exception
from utils.tester.values import UnknownValue, copy_value

TIME_LIMIT = 10.0  # seconds for all cases of an exercise together
REFIRE = 0.05  # seconds between alarms once the limit is over
PRINTED = 2000  # characters kept of what a call prints
WARNINGS = 3  # kept of a call


class TimeIsUp(BaseException):
    """Raised inside the learner's function; no ``except Exception`` of theirs catches it."""


class LocalCaller:
    """Calls one exercise's functions, all of its cases under one limit.

    Args:
        function: what was handed to ``test_func``.
        namespace: where the functions that a case calls by name are looked up.
        harness: the name of the exercise's harness, if it has one.
        seconds: the limit.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        namespace: Mapping[str, Any],
        harness: str | None = None,
        seconds: float = TIME_LIMIT,
    ) -> None:
        self._function = function
        self._namespace = namespace
        self._harness = harness
        self._left = seconds

    def __call__(self, case: Case) -> Outcome:
        """Run one case on fresh inputs.

        Raises:
            KeyboardInterrupt: the user pressed Ctrl-C or the stop button; nothing else gets out.
        """
        function = self._namespace[case.call] if case.call else self._function
        inputs = {name: copy_value(value) for name, value in case.inputs.items()}
        misfit = misfit_of_call(function, inputs)
        if misfit:
            return Outcome(misfit=misfit)
        printed, warned = _Head(PRINTED), _Warnings()
        facts: dict[str, Any] = {}
        started = time.perf_counter()
        try:
            with _interrupts_noted(), contextlib.redirect_stdout(printed), warned.kept():
                facts["returned"] = _limited(lambda: _own_copy(function(**inputs)), self._left)
        except TimeIsUp as up:
            facts |= {"timed_out": True, "raised": describe_exception(up)}
        except _Interrupted:
            raise KeyboardInterrupt from None
        except BaseException as error:  # SystemExit too: it is the function that gave up, not us
            facts["exception"] = error
            # Whatever the learner's own function calls wrongly is an error like any other.
            if self._harness and getattr(function, "__name__", None) == self._harness:
                facts["misfit"] = misfit_of_error(error, function)
            if facts.get("misfit") is None:
                facts["raised"] = describe_exception(error)
        seconds = time.perf_counter() - started
        self._left = max(self._left - seconds, REFIRE)
        return Outcome(
            after=inputs,
            printed=printed.getvalue(),
            warnings=tuple(warned.texts),
            seconds=seconds,
            **facts,
        )


def _own_copy(value: Any) -> Any:
    """The returned value as it is now: the function's next call may write into the same array."""
    try:
        return copy_value(value)
    except (UnknownValue, MemoryError):
        return value


def _limited(call: Callable[[], Any], seconds: float) -> Any:
    """``call()``, ended by TimeIsUp after ``seconds`` where the platform and thread allow it."""
    if not (hasattr(signal, "setitimer") and _in_main_thread()):
        return call()
    armed = True

    def fire(signum: int, frame: Any) -> None:
        if armed:
            raise TimeIsUp

    handler = signal.signal(signal.SIGALRM, fire)
    timer = signal.setitimer(signal.ITIMER_REAL, seconds, REFIRE)
    try:
        try:
            return call()
        finally:
            armed = False
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)
        signal.setitimer(signal.ITIMER_REAL, *timer)  # whoever else was waiting waits on


class _Interrupted(BaseException):
    """The user interrupted, whatever became of the KeyboardInterrupt inside the function."""


@contextlib.contextmanager
def _interrupts_noted() -> Iterator[None]:
    """Tell a real Ctrl-C from a KeyboardInterrupt that the learner's code raised by itself."""
    if not _in_main_thread():
        yield
        return
    pressed = False

    def note(signum: int, frame: Any) -> None:
        nonlocal pressed
        pressed = True
        raise KeyboardInterrupt

    previous = signal.signal(signal.SIGINT, note)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous or signal.SIG_DFL)
        if pressed:
            raise _Interrupted


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


class _Head(io.StringIO):
    """Keeps the beginning of what is written, so that a print in a loop fills no memory."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._room = limit
        self._is_cut = False

    def write(self, text: str) -> int:
        kept = text[: self._room]
        self._room -= len(kept)
        super().write(kept)
        if kept != text and not self._is_cut:
            super().write(" …")
            self._is_cut = True
        return len(text)


class _Warnings:
    """Keeps the first few warnings in words instead of letting them flood the notebook."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    @contextlib.contextmanager
    def kept(self) -> Iterator[None]:
        with warnings.catch_warnings():
            warnings.simplefilter("default")  # each place once
            warnings.showwarning = self._keep
            yield

    def _keep(self, message: Warning | str, *_: Any, **__: Any) -> None:
        text = str(message)
        if text not in self.texts and len(self.texts) < WARNINGS:
            self.texts.append(text)
