"""Grading many notebooks: what a grader needs to know, and graders as processes of this machine."""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import hashlib
import json
import multiprocessing
import os
import signal
import threading
import time
import traceback
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from tools.grade.judge.course import Assignment, Course, content_of, read_course
from tools.grade.judge.limits import Asked
from tools.grade.judge.notebook import grade_notebook
from tools.grade.key import fingerprint
from tools.grade.marks import Graded
from tools.grade.sandbox.limits import Limits
from tools.grade.sandbox.starting import Isolation, SandboxError
from tools.grade.stopping import leave_to_parent

ATTEMPTS = 3  # at a notebook whose grader died, which may be the machine's doing
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Told:
    """What the preflight told of one exercise; see ``Assignment``."""

    chapter: str
    exercise: str
    limits: Limits
    library: frozenset[str]
    common: frozenset[str]


@dataclass(frozen=True)
class Plan:
    """Everything that a grader is told, wherever it runs; it finds the chapters for itself.

    Attributes:
        chapters: to be graded.
        key: the instructor's.
        hidden: cases an exercise.
        isolation, carried_share: see ``Course``.
        hide: folders that no sandbox may see.
        asked: limits that the instructor gives.
        fallback: the chapter of notebooks that do not tell theirs; None for nobody's.
        told: by the preflight; empty before.
    """

    chapters: tuple[str, ...]
    key: bytes = field(repr=False)
    hidden: int
    isolation: Isolation
    carried_share: float = 1.0
    hide: tuple[str, ...] = ()
    asked: Asked = field(default_factory=Asked)
    fallback: str | None = None
    told: tuple[Told, ...] = ()

    def digest(self, course: Course) -> str:
        """A hash of all that decides what a notebook comes to, but for the notebook."""
        decides = {
            "chapters": {name: content_of(name) for name in self.chapters},
            "key": fingerprint(self.key),
            "hidden": self.hidden,
            "isolation": self.isolation,
            "carried_share": self.carried_share,
            "asked": asdict(self.asked),
            "fallback": self.fallback,
            "lacking": {
                name: sorted({package for one in exercises.values() for package in one.lacking})
                for name, exercises in course.chapters.items()
            },
        }
        return hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Handed:
    """One notebook on its way to a grader."""

    number: int
    content: bytes
    name: str


@dataclass(frozen=True)
class Finished:
    """One notebook, back from its grader.

    Attributes:
        number: of the notebook.
        graded: None where it could not be graded: every grader of it died, or made a mistake.
        seconds: of wall time.
        mistake: the grader's own, as Python tells it.
    """

    number: int
    graded: Graded | None
    seconds: float = 0.0
    mistake: str = ""


_courses: dict[Plan, Course] = {}
_reading = threading.Lock()  # a worker of a cluster may have several threads


def course_of(plan: Plan) -> Course:
    """The course of a plan, read once a process."""
    with _reading:
        if plan not in _courses:
            folders = tuple(Path(folder) for folder in plan.hide)
            course = read_course(
                plan.chapters, plan.key, plan.hidden, plan.isolation, folders, plan.carried_share
            )
            atexit.register(course.close)
            _courses[plan] = _with_told(course, plan.told)
        return _courses[plan]


def _with_told(course: Course, told: Iterable[Told]) -> Course:
    chapters = {name: dict(exercises) for name, exercises in course.chapters.items()}
    for one in told:
        assignment = chapters[one.chapter][one.exercise]
        chapters[one.chapter][one.exercise] = replace(
            assignment, limits=one.limits, library=one.library, common=one.common
        )
    return replace(course, chapters=chapters)


def plan_of(plan: Plan, flown: Course) -> Plan:
    """The plan with what the preflight told; this process has its course at once."""
    told = tuple(
        _told(chapter, one)
        for chapter, exercises in flown.chapters.items()
        for one in exercises.values()
    )
    plan = replace(plan, told=told)
    _courses[plan] = flown
    return plan


def _told(chapter: str, one: Assignment) -> Told:
    return Told(chapter, one.public.id, one.limits, one.library, one.common)


def grade_one(plan: Plan, handed: Handed) -> Finished:
    """Grade one notebook, in the process that is asked to.

    A notebook that the grader is not up to must not keep others from being graded.

    Raises:
        SandboxError: nothing can be run here.
    """
    started = time.perf_counter()
    course = course_of(plan)
    try:
        graded = grade_notebook(course, handed.content, handed.name, plan.fallback)
    except SandboxError:
        raise
    except Exception:
        return Finished(handed.number, None, mistake=traceback.format_exc())
    return Finished(handed.number, graded, time.perf_counter() - started)


def grade_here(plan: Plan, handed: Iterable[Handed], jobs: int) -> Generator[Finished, None, None]:
    """Grade notebooks in processes of this machine, in the order in which they finish.

    Closed early it ends what is being graded at once.

    Args:
        plan: with what the preflight told.
        handed: taken one by one, so that not all of them are in memory.
        jobs: how many at a time.

    Raises:
        SandboxError: nothing can be run here.
    """
    waiting = iter(handed)
    while True:
        lost: list[Handed] = []
        with _pool(jobs) as pool:
            yield from _through(pool, plan, waiting, 2 * jobs, lost)
        if not lost:
            return
        for one in lost:  # each by itself: the one that kills its grader takes no other along
            yield _alone(plan, one)


def _alone(plan: Plan, one: Handed) -> Finished:
    for _ in range(ATTEMPTS):
        with _pool(1) as pool, contextlib.suppress(BrokenProcessPool):
            return pool.submit(grade_one, plan, one).result()
    return Finished(one.number, None)


@contextlib.contextmanager
def _pool(jobs: int) -> Iterator[ProcessPoolExecutor]:
    forking = multiprocessing.get_context("fork")
    pool = ProcessPoolExecutor(jobs, forking, _begin, (os.getpid(),))
    try:
        yield pool
    except BaseException:  # Ctrl-C, a full disk: nobody waits for what is being graded
        for process in multiprocessing.active_children():
            process.kill()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _begin(parent: int) -> None:
    """In each process: leave Ctrl-C to the one that started it, and die with that one."""
    leave_to_parent()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it was gone before this process could say so
        os._exit(1)


def _through(
    pool: ProcessPoolExecutor,
    plan: Plan,
    handed: Iterator[Handed],
    window: int,
    lost: list[Handed],
) -> Iterator[Finished]:
    """Pass notebooks through a pool, a few at a time; what a broken one loses goes to ``lost``."""
    running: dict[Future[Finished], Handed] = {}
    more = True
    while more or running:
        while more and len(running) < window:
            one = next(handed, None)
            more = one is not None
            if one is not None:
                try:
                    running[pool.submit(grade_one, plan, one)] = one
                except BrokenProcessPool:
                    lost.append(one)
                    more = False
        done, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            one = running.pop(future)
            try:
                yield future.result()
            except BrokenProcessPool:
                lost.append(one)
                more = False
