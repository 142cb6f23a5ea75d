"""Before a class is graded: the model itself, as if a student had handed it in.

It tells whether this machine can grade at all, what each exercise costs, and what answers look
like that the course gives out.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from tools.grade.judge.course import Assignment, Course
from tools.grade.judge.exercise import judge_exercise
from tools.grade.judge.limits import Asked, Cost, limits_from
from tools.grade.sandbox.limits import GENEROUS, MEGABYTE
from tools.grade.sandbox.worker import Lost, Worker
from tools.lesson import ROOT, read_lesson
from tools.notebook import make_notebook
from utils.tester.text import LANGUAGES


class CannotGrade(Exception):
    """The model's own answers do not pass here; its text says which and why."""


def fly(course: Course, asked: Asked, advance: Callable[[], None] = lambda: None) -> Course:
    """Grade the model's notebooks; returns the course with limits and what is told from them.

    Args:
        course: as ``read_course`` made it.
        asked: limits that are not to be told from the model's cost.
        advance: called after each exercise.

    Raises:
        CannotGrade: a model's answer does not pass.
        SandboxError: there is no sandbox.
    """
    chapters = {name: _fly_chapter(course, name, asked, advance) for name in course.chapters}
    return replace(course, chapters=chapters)


def _fly_chapter(
    course: Course, name: str, asked: Asked, advance: Callable[[], None]
) -> dict[str, Assignment]:
    lesson = read_lesson(name)
    readings = []
    with course.worker() as worker:
        for solved in (True, False):
            for lang in LANGUAGES:
                content = make_notebook(lesson, lang, ROOT, solved).encode()
                try:
                    readings.append(worker.read(content, f"{name}.ipynb", name, lang))
                except Lost as lost:
                    raise CannotGrade(f"{name}: its own notebook is not read: {lost}") from None
    flown = {}
    by_packages = sorted(course.chapters[name].values(), key=lambda one: one.public.packages)
    for packages in dict.fromkeys(one.public.packages for one in by_packages):
        with course.worker(packages, GENEROUS.file) as worker:
            for one in by_packages:
                if one.public.packages == packages:
                    flown[one.public.id] = _fly_exercise(worker, one, readings, asked)
                    advance()
    return {exercise: flown[exercise] for exercise in course.chapters[name]}


def _fly_exercise(
    worker: Worker, assignment: Assignment, readings: list[dict], asked: Asked
) -> Assignment:
    exercise = assignment.public.id
    found = [reading["exercises"][exercise] for reading in readings]
    told = replace(
        assignment,
        library=frozenset(found[0]["library"]),
        common=frozenset(one["digest"] for one in found),
    )
    if assignment.lacking:
        return told
    started = time.perf_counter()
    judged = judge_exercise(worker, assignment, readings[0])
    if not judged.passed:
        why = judged.detail or judged.message
        raise CannotGrade(
            f"{readings[0]['chapter']} {exercise}: the model's own answer does not pass here, so "
            f"nobody's can be graded ({judged.status}).\n{why}"
        )
    cost = Cost(
        seconds=time.perf_counter() - started,
        megabytes=judged.megabytes,
        value_megabytes=judged.largest / MEGABYTE,
        processes=judged.processes,
        file_megabytes=judged.file_megabytes,
    )
    return replace(told, limits=limits_from(cost, asked))
