"""Running the parts of the gate in forked workers, a few at a time."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any

from tools.calibration.blas import use_one_thread
from tools.checkfile import CheckFileError
from tools.lesson import LessonError
from tools.model import ModelError
from utils.tester.store import ReferenceProblem


@dataclass(frozen=True)
class Found:
    """What came of a job: what is wrong, and what else there is to tell of it."""

    problems: list[str] = field(default_factory=list)
    detail: Any = None


@dataclass(frozen=True)
class Job:
    """One thing to verify: which part of the gate, of what, and how.

    ``heavy`` jobs, more than 0, are done one at a time, the heaviest first: side by side they wait
    for memory, and each takes nearly twice as long.
    """

    chapter: str
    part: str
    subject: str  # an exercise's id, or what else tells it from others of its part
    run: Callable[[], Found]
    heavy: float = 0.0


@dataclass(frozen=True)
class Result:
    """A job that was run."""

    chapter: str
    part: str
    subject: str
    found: Found
    seconds: float

    @property
    def problems(self) -> list[str]:
        return self.found.problems


def run_jobs(jobs: Sequence[Job], workers: int, advance: Callable[[Result], None]) -> list[Result]:
    """Run jobs, ``workers`` at a time, and return their results in the order given.

    A job that raises is one with a problem. Jobs are inherited by forking: they need not travel.

    Args:
        advance: called with each result as it comes.
    """
    global _inherited
    _inherited = jobs
    forking = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(workers, forking, use_one_thread) as pool:
        waiting, running, results = set(range(len(jobs))), {}, {}
        while waiting or running:
            while waiting and len(running) < workers:
                number = _next(jobs, waiting, running.values())
                waiting.remove(number)
                running[pool.submit(_run, number)] = number
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                results[running.pop(future)] = future.result()
                advance(future.result())
    return [results[number] for number in range(len(jobs))]


def _next(jobs: Sequence[Job], waiting: Iterable[int], running: Iterable[int]) -> int:
    """Of those that wait, the job to begin beside those that run."""
    beside = any(jobs[number].heavy for number in running)
    order = sorted(waiting, key=lambda number: (-jobs[number].heavy, number))
    light = [number for number in order if not jobs[number].heavy]
    return (light if beside and light else order)[0]


_inherited: Sequence[Job] = ()


def _run(number: int) -> Result:
    job = _inherited[number]
    started = time.perf_counter()
    try:
        found = job.run()
    except (CheckFileError, LessonError, ModelError) as error:
        found = Found([str(error)])
    except ReferenceProblem as error:
        found = Found([error.message.en])
    except Exception as error:  # one part that breaks must not hide the others
        found = Found([f"{job.part} {job.subject}: {type(error).__name__}: {error}"])
    return Result(job.chapter, job.part, job.subject, found, time.perf_counter() - started)
