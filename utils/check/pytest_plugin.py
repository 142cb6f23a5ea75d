"""``pytest`` in a learner's folder: a test for each exercise, by the engine of ``utils check``.

The conftest.py at the root brings it in. Learners need no pytest; whoever has it may use it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from utils.check.findings import Finding, name_of
from utils.check.keeping import check_and_keep
from utils.check.subject import Subject, read_subject
from utils.tester.chapter import chapter_names, open_chapter
from utils.tester.notebook import NotebookProblem
from utils.tester.records import Exercise
from utils.tester.wrong_call import WrongCall

# Nothing is wrong yet, or it is this machine that cannot judge.
SKIPPED = ("not_attempted", "unavailable")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Notebooks are files of tests."""
    if file_path.suffix != ".ipynb":
        return None
    return NotebookFile.from_parent(parent, path=file_path)


class NotebookFile(pytest.File):
    """A notebook; one of no chapter has no tests."""

    def collect(self) -> Iterator[pytest.Item]:
        """A test for each exercise, named by its id."""
        try:
            subject = read_subject(self.path, chapter_names(), None)
            if subject.chapter is None:
                return
            exercises = open_chapter(subject.chapter, subject.lang).exercises.values()
        except NotebookProblem as problem:
            raise self.CollectError(str(problem)) from problem
        except WrongCall as wrong:
            raise self.CollectError(str(wrong)) from wrong
        for exercise in exercises:
            yield ExerciseItem.from_parent(
                self, name=exercise.id, subject=subject, exercise=exercise
            )


class ExerciseItem(pytest.Item):
    """One exercise of a notebook."""

    def __init__(self, *, subject: Subject, exercise: Exercise, **given: Any) -> None:
        super().__init__(**given)
        self._subject = subject
        self._exercise = exercise

    def runtest(self) -> None:
        """Judge it; what is not attempted is skipped, like what cannot be judged here."""
        (finding,) = check_and_keep(self._subject, [self._exercise])
        if finding.state in SKIPPED:
            reason = f"{finding.exercise}: {name_of(finding.state, self._subject.lang)}"
            raise pytest.skip.Exception(reason, _use_item_location=True)
        if not finding.passed:
            raise NotRight(finding)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The verdict, and no traceback of the checker's own."""
        if isinstance(excinfo.value, NotRight):
            return excinfo.value.finding.text
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where it is, and what it is called."""
        title = self._exercise.title.in_language(self._subject.lang)
        return self.path, 0, f"{self._exercise.id} {title}"


class NotRight(Exception):
    """An exercise that did not pass."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.hint or finding.state)
        self.finding = finding
