"""``solutions/CHAPTER/mutants.json``: what became of the mutants, and of what content."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from tools.content import hash_of
from tools.kept import load_kept, save_kept
from tools.lesson import Cell, Lesson
from tools.model import imports_for, needed_exercises
from utils.tester.records import Case, Exercise
from utils.tester.values import pack

SCHEMA = 1
# The project's code that decides what becomes of a mutant. The check file has its say through the
# references, so that another hint costs no run.
DECIDING = (
    "tools/model.py",
    "tools/mutants/field.py",
    "tools/mutants/judging.py",
    "tools/mutants/mutations.py",
    "utils/chaos.py",
    "utils/reservoir/*.py",
    "utils/tester/calling.py",
    "utils/tester/compare.py",
    "utils/tester/judge.py",
    "utils/tester/outputs.py",
    "utils/tester/plain.py",
    "utils/tester/properties.py",
    "utils/tester/values.py",
)


@dataclass(frozen=True)
class Survivor:
    """A mutant that no case refused; see ``tools.mutants.mutations.Mutant``."""

    operator: str
    function: str
    before: str
    after: str


@dataclass(frozen=True)
class ExerciseMutants:
    """What became of an exercise's mutants.

    Attributes:
        content: the hash of what they and their judgement were made from.
        mutants: how many there are.
        failed, error, timeout: how many were refused by a wrong output, by an exception, and by
            the time limit inside a loop.
        survivors: those that were not, and are not known to be equivalent.
        equivalents: those that were not, and need not be.
    """

    content: str
    mutants: int
    failed: int
    error: int
    timeout: int
    survivors: tuple[Survivor, ...]
    equivalents: tuple[Survivor, ...] = ()

    @property
    def refused(self) -> int:
        """How many mutants no learner gets away with."""
        return self.failed + self.error + self.timeout


def results_path(chapter: str, root: Path) -> Path:
    """Where a chapter's results are kept."""
    return root / "solutions" / chapter / "mutants.json"


def load_results(chapter: str, root: Path) -> dict[str, ExerciseMutants]:
    """The kept results by exercise, equivalents among the survivors; nothing without a file.

    Raises:
        KeptError: the file is damaged or of another version.
    """
    return load_kept(results_path(chapter, root), SCHEMA, _read, "Delete it and run anew", root)


def _read(entry: dict[str, Any]) -> ExerciseMutants:
    survivors = tuple(Survivor(**survivor) for survivor in entry["survivors"])
    return ExerciseMutants(**{**entry, "survivors": survivors})


def save_results(chapter: str, results: dict[str, ExerciseMutants], root: Path) -> None:
    """Write a chapter's results; what is equivalent is said elsewhere, and so not repeated."""
    exercises = {name: asdict(replace(result, equivalents=())) for name, result in results.items()}
    for entry in exercises.values():
        del entry["equivalents"]
    save_kept(results_path(chapter, root), SCHEMA, exercises)


def content_hash(lesson: Lesson, cell: Cell, exercise: Exercise) -> str:
    """A hash of all that decides what becomes of an exercise's mutants.

    Args:
        lesson, cell: the answer, and what it needs.
        exercise: its references.
    """
    sources = [cell.source, *(needed.source for needed in needed_exercises(lesson, cell))]
    texts = [*imports_for(lesson, sources), *sources, repr(exercise.outputs)]
    texts += [_case_text(case) for case in exercise.cases]
    return hash_of(texts, deciding=DECIDING)


def _case_text(case: Case) -> str:
    judged = [case.inputs, case.extras, list(case.expected), case.after, case.after_rtol]
    spec, arrays = pack(judged)
    held = {name: (str(a.dtype), a.shape, a.tobytes().hex()) for name, a in arrays.items()}
    return f"{case.call} {case.outputs} {case.mutates} {case.preserves} {json.dumps([spec, held])}"
