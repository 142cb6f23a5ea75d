"""Running the parts of the gate in forked workers, a few at a time."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
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
    """One thing to verify: which part of the gate, of what, and how."""

    chapter: str
    part: str
    subject: str  # an exercise's id, or what else tells it from others of its part
    run: Callable[[], Found]


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
    """Run jobs, ``workers`` at a time in the order given, and return their results in that order.

    A job that raises is one with a problem. Jobs are inherited by forking: they need not travel.

    Args:
        advance: called with each result as it comes.
    """
    global _inherited
    _inherited = jobs
    forking = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(workers, forking, use_one_thread) as pool:
        futures = [pool.submit(_run, number) for number in range(len(jobs))]
        for future in as_completed(futures):
            advance(future.result())
    return [future.result() for future in futures]


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
