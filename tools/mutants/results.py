"""``solutions/CHAPTER/mutants.json``: what became of the mutants, and of what content."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from tools.lesson import ROOT, Cell, Lesson
from tools.model import chapter_imports
from utils.files import write_whole
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


class ResultsError(Exception):
    """Results that cannot be read; its text is ``file: what. remedy.``"""


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
        ResultsError: the file is damaged or of another version.
    """
    path = results_path(chapter, root)
    if not path.is_file():
        return {}
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        if kept["schema"] != SCHEMA:
            raise ValueError(f"schema {kept['schema']}, not {SCHEMA}")
        return {name: _read(entry) for name, entry in kept["exercises"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        name = path.relative_to(root).as_posix()
        raise ResultsError(
            f"{name}: {type(error).__name__}: {error}. Delete it and run anew."
        ) from error


def _read(entry: dict[str, Any]) -> ExerciseMutants:
    survivors = tuple(Survivor(**survivor) for survivor in entry["survivors"])
    return ExerciseMutants(**{**entry, "survivors": survivors})


def save_results(chapter: str, results: dict[str, ExerciseMutants], root: Path) -> None:
    """Write a chapter's results; what is equivalent is said elsewhere, and so not repeated."""
    exercises = {name: asdict(replace(result, equivalents=())) for name, result in results.items()}
    for entry in exercises.values():
        del entry["equivalents"]
    text = json.dumps({"schema": SCHEMA, "exercises": exercises}, indent=1, ensure_ascii=False)
    write_whole(results_path(chapter, root), f"{text}\n".encode())


def content_hash(lesson: Lesson, cell: Cell, exercise: Exercise) -> str:
    """A hash of all that decides what becomes of an exercise's mutants.

    Args:
        lesson, cell: the answer, and what it needs.
        exercise: its references.
    """
    digest = hashlib.sha256()
    texts = [*chapter_imports(lesson), cell.source, repr(exercise.outputs)]
    texts += [lesson.exercise(name).source for name in _needed(lesson, cell)]
    texts += [_case_text(case) for case in exercise.cases]
    files = [path for pattern in DECIDING for path in sorted(ROOT.glob(pattern))]
    texts += [f"{path.name}\n{path.read_text(encoding='utf-8')}" for path in files]
    for text in texts:
        digest.update(f"{len(text)}\n{text}".encode())
    return digest.hexdigest()


def _needed(lesson: Lesson, cell: Cell) -> list[str]:
    """The exercises that one needs, and those that these need."""
    names = dict.fromkeys(cell.needs)
    for name in cell.needs:
        names |= dict.fromkeys(_needed(lesson, lesson.exercise(name)))
    return list(names)


def _case_text(case: Case) -> str:
    judged = [case.inputs, case.extras, list(case.expected), case.after, case.after_rtol]
    spec, arrays = pack(judged)
    held = {name: (str(a.dtype), a.shape, a.tobytes().hex()) for name, a in arrays.items()}
    return f"{case.call} {case.outputs} {case.mutates} {case.preserves} {json.dumps([spec, held])}"
