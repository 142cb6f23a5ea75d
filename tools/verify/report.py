"""What came of the gate for one chapter, put together for its readers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tools.calibration.elsewhere import Elsewhere
from tools.calibration.measuring import Measured
from tools.calibration.places import Tolerances
from tools.calibration.placing import Row, calibrate
from tools.checkfile import CheckFile, CheckFileError, load_check_file
from tools.lesson import ROOT, Cell, Lesson
from tools.mutants import ChapterMutants
from tools.verify.budgets import Spent
from tools.verify.diagnosing import Trial
from tools.verify.jobs import Result


@dataclass(frozen=True)
class ExerciseReport:
    """One exercise: its files, its results by part, its tolerances."""

    cell: Cell
    checks: CheckFile | None  # None where it cannot be read
    results: dict[str, Result]
    rows: list[Row]

    @property
    def problems(self) -> list[str]:
        found = [problem for result in self.results.values() for problem in result.problems]
        return found + self._problems_of_rows

    @property
    def trials(self) -> list[Trial]:
        """What became of being wrong in general ways."""
        return self.results["diagnoses"].found.detail or []

    def right(self, part: str) -> tuple[int, int]:
        """Of mistakes or alternatives: how many come out as they should, and of how many."""
        by_name = self.results[part].found.detail or {}
        return sum(not problems for problems in by_name.values()), len(by_name)

    def figure(self, part: str) -> str:
        """What one part came to, in brief: how many of how many, the smallest ratio."""
        if part == "diagnoses":
            return f"{sum(trial.fate == 'named' for trial in self.trials)}/{len(self.trials)}"
        if part in ("mistakes", "alternatives"):
            right, of = self.right(part)
            return f"{right}/{of}"
        ratios = [row.ratio for row in self.rows]
        return f"{min(ratios):.0e}" if part == "calibration" and ratios else ""

    def problems_of(self, part: str) -> list[str]:
        """What is wrong in one part."""
        of_rows = self._problems_of_rows if part == "calibration" else []
        return self.results[part].problems + of_rows

    @property
    def _problems_of_rows(self) -> list[str]:
        found = [problem for row in self.rows for problem in row.problems()]
        return [f"exercise {self.cell.exercise}, {problem}" for problem in found]


@dataclass(frozen=True)
class ChapterReport:
    """One chapter.

    Attributes:
        exercises: in the order of the lesson.
        results: those of the chapter as a whole.
        elsewhere: where else than here the model was run.
        seconds: by part, computing time of all workers together.
        mutants: what became of the answers' mutants.
    """

    chapter: str
    exercises: list[ExerciseReport]
    results: list[Result]
    elsewhere: list[Elsewhere]
    seconds: dict[str, float]
    mutants: ChapterMutants

    @property
    def problems(self) -> list[str]:
        found = [problem for result in self.results for problem in result.problems]
        found += [problem for one in self.exercises for problem in one.problems]
        return list(dict.fromkeys(found + self.mutants.problems))  # several see what is stale

    @property
    def spent(self) -> list[Spent]:
        """What was measured against a budget."""
        results = [one.results["model"] for one in self.exercises] + self.results
        return [
            spent
            for result in results
            for spent in (result.found.detail or [])
            if isinstance(spent, Spent)
        ]

    @property
    def trials(self) -> list[Trial]:
        """Those of all exercises."""
        return [trial for exercise in self.exercises for trial in exercise.trials]

    def total(self, part: str) -> tuple[int, int]:
        """``ExerciseReport.right`` of all exercises together."""
        counts = [exercise.right(part) for exercise in self.exercises]
        return sum(right for right, _ in counts), sum(of for _, of in counts)

    @property
    def refused_mutants(self) -> tuple[int, int]:
        """How many mutants are refused, and how many are not equivalent to the answer."""
        results = self.mutants.exercises.values()
        equivalents = sum(len(result.equivalents) for result in results)
        total = sum(result.mutants for result in results)
        return sum(result.refused for result in results), total - equivalents


def make_report(
    lesson: Lesson, results: Sequence[Result], mutants: ChapterMutants, root: Path = ROOT
) -> ChapterReport:
    """The report of one chapter from the results of its jobs."""
    of_exercises = {cell.exercise: cell for cell in lesson.exercises}
    own = [result for result in results if result.chapter == lesson.chapter]
    of_chapter = [result for result in own if result.subject not in of_exercises]
    elsewhere = [
        place
        for result in of_chapter
        if result.part == "other kernels"
        for place in result.found.detail or []
    ]
    exercises = []
    for name, cell in of_exercises.items():
        by_part = {result.part: result for result in own if result.subject == name}
        calibration = by_part["calibration"].found.detail
        rows = _rows(*calibration, elsewhere) if calibration else []
        exercises.append(ExerciseReport(cell, _checks(lesson, name, root), by_part, rows))
    seconds: dict[str, float] = {}
    for result in own:
        seconds[result.part] = seconds.get(result.part, 0.0) + result.seconds
    return ChapterReport(lesson.chapter, exercises, of_chapter, elsewhere, seconds, mutants)


def _rows(measured: Measured, recorded: Tolerances, elsewhere: Sequence[Elsewhere]) -> list[Row]:
    """What was measured here, and the tolerances that are judged by; a missing one is stale, which
    is told elsewhere."""
    return [
        replace(row, tolerance=recorded[row.place])
        for row in calibrate(measured, elsewhere)
        if row.place in recorded
    ]


def _checks(lesson: Lesson, exercise: str, root: Path) -> CheckFile | None:
    try:
        return load_check_file(root, lesson.chapter, exercise)
    except CheckFileError:  # told already by every job that needs it
        return None
