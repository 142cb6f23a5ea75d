"""Grading one notebook: every exercise in a process of its own, all in one sandbox."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from tools.grade.judge.course import Assignment, Course
from tools.grade.judge.exercise import Judged, judge_exercise
from tools.grade.judge.pace import Pace
from tools.grade.judge.words import say
from tools.grade.marks import Graded, Mark
from tools.grade.sandbox.limits import READING
from tools.grade.sandbox.worker import Lost, Worker
from tools.lesson import chapters
from utils.check.subject import chapter_in, language_of_folder
from utils.worker.filenames import shown


def grade_notebook(course: Course, content: bytes, name: str, chapter: str | None = None) -> Graded:
    """Grade a notebook.

    Args:
        course: the chapters there are.
        content: the notebook's bytes, whatever they are.
        name: where they come from, for messages and where nothing else tells chapter or language.
        chapter: whose exercises to look for where the notebook does not tell; None for nobody's.

    Returns:
        Its marks; none of them where it is of a chapter that ``course`` has not.

    Raises:
        SandboxError: nothing can be run here.
    """
    with contextlib.ExitStack() as stack:
        workers = _Workers(course, stack)
        reading = _read(workers.with_packages(()), content, name, chapter)
        if "problem" in reading:
            return _unread(course, reading, name, chapter)
        if reading["chapter"] not in chapters():
            told = shown(reading["chapter"])[:80]
            problem = say("unknown_chapter", reading["lang"], chapter=told)
            return _unread(course, reading | {"problem": problem}, name, chapter)
        if reading["chapter"] not in course.chapters:
            return Graded(reading["chapter"], reading["lang"], (), isolation=course.isolation)
        return _Grader(course, workers, reading).grade()


class _Workers:
    """A sandbox for each set of packages that must be loaded, started when it is needed."""

    def __init__(self, course: Course, stack: contextlib.ExitStack) -> None:
        self._course = course
        self._stack = stack
        self._by_packages: dict[tuple[str, ...], Worker] = {}

    def with_packages(self, packages: tuple[str, ...]) -> Worker:
        if packages not in self._by_packages:
            # One at a time: what is left of an earlier one is of no use to anybody.
            for other in self._by_packages.values():
                other.close()
            worker = self._course.worker(packages, self._file_bytes(packages))
            self._by_packages[packages] = self._stack.enter_context(worker)
        return self._by_packages[packages]

    def _file_bytes(self, packages: tuple[str, ...]) -> int:
        """Room for the files of any exercise with these packages."""
        exercises = [one for some in self._course.chapters.values() for one in some.values()]
        rooms = [one.limits.file for one in exercises if one.public.packages == packages]
        return max(rooms, default=READING.file)


class _Grader:
    """One notebook that has been read."""

    def __init__(self, course: Course, workers: _Workers, reading: dict[str, Any]) -> None:
        self.course = course
        self.workers = workers
        self.reading = reading
        self.assignments = course.chapters[reading["chapter"]]
        self.lang = reading["lang"]
        self.pace = Pace(self.assignments.values(), course.deadline)

    def grade(self) -> Graded:
        marks = {
            exercise: self._first(self.assignments[exercise])
            for exercise in sorted(self.assignments, key=self._packages)
        }
        # Last of all, as it shows the process the model's answers to exercises before: those are
        # judged by now, and none is judged after that could be told of them.
        for exercise, mark in list(marks.items()):
            if self._may_carry(mark):
                marks[exercise] = self._carried(self.assignments[exercise], mark)
        return Graded(
            chapter=self.reading["chapter"],
            lang=self.lang,
            marks=tuple(marks[exercise] for exercise in self.assignments),
            isolation=self.course.isolation,
        )

    def _first(self, assignment: Assignment) -> Mark:
        """The mark of its own run; what that leaves of the time is for the others."""
        mark = self._mark(assignment)
        self.pace.skip(assignment)
        if not self._may_carry(mark):
            self.pace.skip(assignment, again=True)
        return mark

    def _packages(self, exercise: str) -> tuple[str, ...]:
        return self.assignments[exercise].public.packages

    def _mark(self, assignment: Assignment) -> Mark:
        exercise = assignment.public
        blank = _blank(assignment, self.lang)
        if assignment.lacking:
            text = say("unavailable", self.lang, packages=", ".join(assignment.lacking))
            return replace(blank, status="unavailable", max_score=0.0, message=text)
        found = self.reading["exercises"][exercise.id]
        if "kept" not in found:
            hint = found["hint"] or None
            return replace(blank, status=found["state"], message=found["text"], hint=hint)
        limits = self.pace.begin(assignment)
        if limits is None:
            return replace(blank, status="timeout", message=say("no_time", self.lang))
        return self._run(replace(assignment, limits=limits), blank)

    def _run(self, assignment: Assignment, blank: Mark) -> Mark:
        """The mark of an exercise that there is something to run of."""
        exercise, found = assignment.public, self.reading["exercises"][blank.exercise]
        started = time.perf_counter()
        worker = self.workers.with_packages(exercise.packages)
        judged = judge_exercise(worker, assignment, self.reading)
        more = sorted(set(found["library"]) - assignment.library) if judged.passed else []
        return replace(
            blank,
            status=judged.status,
            score=exercise.points if judged.passed else 0.0,
            message=judged.message,
            hint=judged.hint,
            html=judged.html,
            public=judged.public,
            hidden=judged.hidden,
            flags=tuple(_flags(judged, more)),
            detail="\n".join(filter(None, [judged.detail, f"uses {', '.join(more)}" * bool(more)])),
            mistake=judged.mistake,
            source="" if found["digest"] in assignment.common else found["digest"],
            seconds=time.perf_counter() - started,
            megabytes=judged.megabytes,
        )

    def _may_carry(self, mark: Mark) -> bool:
        tried = mark.status in ("failed", "error", "timeout", "memory", "crashed")
        return tried and bool(self.assignments[mark.exercise].given)

    def _carried(self, assignment: Assignment, mark: Mark) -> Mark:
        """Once more with the model's functions for those the exercise needs."""
        limits = self.pace.begin_again(assignment)
        if limits is None:
            return mark
        assignment = replace(assignment, limits=limits)
        started = time.perf_counter()
        exercise = assignment.public
        worker = self.workers.with_packages(exercise.packages)
        # Of this run nothing is told but whether it passes: it knows answers of others.
        passed = judge_exercise(worker, assignment, self.reading, assignment.given).passed
        mark = replace(mark, seconds=mark.seconds + time.perf_counter() - started)
        if not passed:
            return mark
        carried = say("carried", self.lang, needs=", ".join(exercise.needs))
        return replace(
            mark,
            carried_forward=True,
            score=self.course.carried_share * exercise.points,
            message=f"{carried}\n{mark.message}",
            flags=(*mark.flags, "carried_forward"),
        )


def _read(worker: Worker, content: bytes, name: str, chapter: str | None) -> dict[str, Any]:
    try:
        return worker.read(content, name, chapter, None)
    except Lost:
        lang = language_of_folder(Path(name))
        return {"problem": say("too_slow", lang), "lang": lang}


def _unread(course: Course, reading: dict[str, Any], name: str, chapter: str | None) -> Graded:
    """A notebook that cannot be read: all exercises of its chapter are missing, if any is known."""
    lang, problem = reading["lang"], reading["problem"]
    chapter = chapter_in(Path(name).stem, course.chapters) or chapter
    assignments = course.chapters.get(chapter or "", {}).values()
    marks = tuple(replace(_blank(one, lang), message=problem) for one in assignments)
    return Graded(chapter or "", lang, marks, problem, course.isolation)


def _blank(assignment: Assignment, lang: str) -> Mark:
    exercise = assignment.public
    title = exercise.title.in_language(lang)
    return Mark(exercise.id, title, "missing", 0.0, exercise.points)


def _flags(judged: Judged, more: list[str]) -> Iterator[str]:
    right, total = judged.hidden
    if total and not right:
        yield "public_only"
    if more:
        yield "library"
    if judged.status == "crashed":
        yield "crashed"
