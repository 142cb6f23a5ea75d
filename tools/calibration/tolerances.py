"""``solutions/CHAPTER/tolerances.json``: where tolerances were placed, between what, of what."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.calibration.measuring import Far
from tools.calibration.places import Place
from tools.calibration.placing import Row
from tools.checkfile import check_path
from tools.content import hash_of
from tools.kept import KeptError, load_kept, save_kept
from tools.lesson import ROOT, Cell, Lesson
from tools.model import imports_for, needed_exercises

SCHEMA = 1
# The project's code that decides what is measured.
DECIDING = (
    "tools/calibration/distance.py",
    "tools/calibration/draws.py",
    "tools/calibration/elsewhere.py",
    "tools/calibration/measuring.py",
    "tools/calibration/perturb.py",
    "tools/calibration/places.py",
    "tools/calibration/placing.py",
    "tools/calibration/summation.py",
    "tools/checks.py",
    "tools/model.py",
    "utils/chaos.py",
    "utils/reservoir/*.py",
    "utils/tester/calling.py",
    "utils/tester/outputs.py",
    "utils/tester/plain.py",
    "utils/tester/properties.py",
    "utils/tester/values.py",
)


@dataclass(frozen=True)
class ExerciseTolerances:
    """The tolerances of one exercise.

    Attributes:
        content: the hash of what was measured.
        rows: one for each output and changed input that has a tolerance.
    """

    content: str
    rows: tuple[Row, ...]

    @property
    def by_place(self) -> dict[Place, float]:
        """The tolerances themselves."""
        return {row.place: row.tolerance for row in self.rows}


def tolerances_path(chapter: str, root: Path) -> Path:
    """Where a chapter's tolerances are kept."""
    return root / "solutions" / chapter / "tolerances.json"


def load_tolerances(chapter: str, root: Path) -> dict[str, ExerciseTolerances]:
    """The kept tolerances by exercise; nothing without a file.

    Raises:
        KeptError: the file is damaged or of another version.
    """
    path = tolerances_path(chapter, root)
    return load_kept(path, SCHEMA, _read, "Delete it and run python -m tools record", root)


def save_tolerances(chapter: str, kept: dict[str, ExerciseTolerances], root: Path) -> None:
    """Write a chapter's tolerances."""
    exercises = {
        name: {"content": one.content, "outputs": list(map(_written, one.rows))}
        for name, one in kept.items()
    }
    save_kept(tolerances_path(chapter, root), SCHEMA, exercises)


def fresh_tolerances(
    lesson: Lesson, kept: dict[str, ExerciseTolerances], root: Path = ROOT
) -> dict[str, ExerciseTolerances]:
    """Those that were measured of what is there now, and stand where they belong."""
    return {
        cell.exercise: kept[cell.exercise]
        for cell in lesson.exercises
        if cell.exercise in kept
        and kept[cell.exercise].content == content_hash(lesson, cell, root)
        and all(row.is_near and not row.refusal() for row in kept[cell.exercise].rows)
    }


def stale_tolerances(lesson: Lesson, root: Path = ROOT) -> list[str]:
    """The exercises whose tolerances would be measured anew; nothing is run."""
    try:
        fresh = fresh_tolerances(lesson, load_tolerances(lesson.chapter, root), root)
    except KeptError as error:
        return [str(error)]
    name = tolerances_path(lesson.chapter, root).relative_to(root).as_posix()
    return [
        f"{name}: {cell.exercise} is missing or stale, what was measured has changed. "
        f"Run python -m tools record {lesson.chapter}."
        for cell in lesson.exercises
        if cell.exercise not in fresh
    ]


def content_hash(lesson: Lesson, cell: Cell, root: Path = ROOT) -> str:
    """A hash of all that decides what is measured of an exercise; hints and labels do not."""
    checks = check_path(root, lesson.chapter, cell.exercise)
    sources = [cell.source, *(needed.source for needed in needed_exercises(lesson, cell))]
    sources.append(_without_texts(checks.read_text(encoding="utf-8")) if checks.is_file() else "")
    return hash_of([*imports_for(lesson, sources), *sources], deciding=DECIDING)


def _without_texts(source: str) -> str:
    """A check file without what is in each ``Text(...)``."""
    try:
        tree = ast.parse(source)
    except SyntaxError:  # whoever runs the file says so
        return source
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text"
    ]
    content = source.encode()
    starts = [0]
    for line in content.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    # From the last to the first, so that places before stay right; none stands in another.
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset), reverse=True):
        begin = starts[call.lineno - 1] + call.col_offset
        end = starts[call.end_lineno - 1] + call.end_col_offset
        content = content[:begin] + b"Text()" + content[end:]
    return content.decode(errors="replace")


def _written(row: Row) -> dict[str, Any]:
    call, output = row.place
    return {
        "call": call,
        "output": output,
        "spread": row.spread.distance,
        "farthest": row.spread.whose,
        "nearest": row.nearest.distance,
        "mistake": row.nearest.whose,
        "ratio": float(f"{row.ratio:.1e}"),
        "tolerance": row.tolerance,
    }


def _read(entry: dict[str, Any]) -> ExerciseTolerances:
    return ExerciseTolerances(entry["content"], tuple(map(_read_row, entry["outputs"])))


def _read_row(entry: dict[str, Any]) -> Row:
    return Row(
        (entry["call"], entry["output"]),
        Far(float(entry["spread"]), entry["farthest"]),
        Far(float(entry["nearest"]), entry["mistake"]),
        float(entry["tolerance"]),
    )
