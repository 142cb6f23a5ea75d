"""``python -m tools.autograder.run [--try]``: what ``run_autograder`` runs on Gradescope.

It grades the notebook in /autograder/submission in the reduced tier, since the containers there
forbid namespaces, and writes /autograder/results/results.json. Where it cannot grade, that file
says so. With ``--try`` it grades the model's own answers and writes nothing.
"""

from __future__ import annotations

import contextlib
import sys
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from tools.autograder.not_graded import as_json, not_graded
from tools.autograder.results import results_of
from tools.autograder.room import free_megabytes, within
from tools.autograder.settings import KEY, Settings, read_settings
from tools.autograder.submitted import find_submitted, grade_submitted
from tools.grade.judge.course import Course, read_course
from tools.grade.judge.limits import Asked
from tools.grade.judge.notebook import grade_notebook
from tools.grade.judge.pace import longest
from tools.grade.judge.preflight import fly
from tools.grade.key import load_key
from tools.grade.marks import Graded
from tools.grade.sandbox.starting import SandboxError, problem_of
from tools.lesson import ROOT
from utils.files import write_whole
from utils.worker.unpacking import Unpacked

HOME = ROOT.parent  # /autograder: what was uploaded is in its folder "source"
SUBMISSION, METADATA, RESULTS = "submission", "submission_metadata.json", "results"
_ENDING = 20.0  # seconds to end what runs and to write the results, before it is too late for them


def main() -> None:
    """Grade, or say why not; with --try exit code 1 where the model could not be graded."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")
    only_try = sys.argv[1:] == ["--try"]
    try:
        with _prepared() as grader:
            if only_try:
                print("The autograder works here.")
                return
            results = grader.grade()
    except BaseException as error:  # whatever it is, a student must not get a 0 for it
        traceback.print_exc(file=sys.stdout)
        if only_try:
            sys.exit(1)
        results = not_graded(f"{type(error).__name__}: {error}")
    write_whole(HOME / RESULTS / "results.json", as_json(results))


@contextlib.contextmanager
def _prepared() -> Iterator[_Grader]:
    """A grader with limits that fit this container, once the model's own answers have passed."""
    settings = read_settings(ROOT)
    deadline = time.monotonic() + settings.seconds - _ENDING
    problem = problem_of("reduced")
    if problem:
        raise SandboxError(problem)
    course = read_course(
        (settings.chapter,),
        _key(),
        settings.hidden,
        "reduced",
        tuple(HOME / name for name in (SUBMISSION, METADATA, RESULTS, f"source/{KEY}")),
        settings.carried_forward,
    )
    try:
        flown = fly(course, Asked())
        flown = replace(within(flown, free_megabytes()), deadline=deadline)
        yield _Grader(flown, settings)
    finally:
        course.close()


def _key() -> bytes:
    """The key that came with the autograder: a new one would draw other cases for each student."""
    path = ROOT / KEY
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing. Build the autograder anew and upload it.")
    return load_key(path)


@dataclass(frozen=True)
class _Grader:
    course: Course
    settings: Settings

    def grade(self) -> dict[str, Any]:
        """Gradescope's results of what was handed in; what an instructor may want is printed."""
        submitted = find_submitted(HOME / SUBMISSION, self._unpack)
        one = grade_submitted(submitted, self.settings.chapter, self._grade, self._has_time)
        for problem in (*submitted.problems, *(one.problems if one else ())):
            print(problem)
        return results_of(one, submitted.problems, self.settings)

    def _unpack(self, name: str, content: bytes) -> Unpacked:
        with self.course.worker() as worker:
            return worker.unpack(name, content)

    def _grade(self, content: bytes, source: str) -> Graded:
        return grade_notebook(self.course, content, source, self.settings.chapter)

    def _has_time(self) -> bool:
        return time.monotonic() + longest(self.course) < self.course.deadline


if __name__ == "__main__":
    main()
