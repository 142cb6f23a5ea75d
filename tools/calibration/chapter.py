"""The tolerances of a chapter: those kept where nothing changed, measured and placed elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from rich.progress import Progress

from tools.calibration.draws import drawn_exercise
from tools.calibration.elsewhere import run_elsewhere, settings
from tools.calibration.measuring import Measured, count_of_runs, measure
from tools.calibration.places import Place, place_case, rules_by_place
from tools.calibration.placing import calibrate
from tools.calibration.tolerances import (
    ExerciseTolerances,
    content_hash,
    fresh_tolerances,
    load_tolerances,
    save_tolerances,
)
from tools.checkfile import CheckFile, CheckFileError
from tools.kept import KeptError
from tools.lesson import ROOT, Lesson
from tools.model import ModelError
from utils.tester.records import Exercise

ChapterTolerances = dict[str, ExerciseTolerances]


def calibrate_chapter(
    lesson: Lesson, files: Mapping[str, CheckFile], progress: Progress, root: Path = ROOT
) -> tuple[ChapterTolerances, list[str]]:
    """Measure the exercises that have changed, place their tolerances and keep them.

    Args:
        lesson: the chapter.
        files: its check files by exercise.
        progress: shows how far the measuring is, where there is any.
        root: the project.

    Returns:
        The tolerances by exercise, of those that have them, and why others cannot have any.

    Raises:
        RuntimeError: a model fails on another kernel.
    """
    try:
        kept = load_tolerances(lesson.chapter, root)
    except KeptError as error:
        return {}, [str(error)]
    fresh = fresh_tolerances(lesson, kept, root)
    changed = {name: checks for name, checks in files.items() if name not in fresh}
    measured, drawn, problems = _measure_here(lesson, changed, progress)
    if measured:
        task = progress.add_task("other kernels", total=len(settings(drawn)))
        elsewhere = run_elsewhere(lesson, drawn, lambda: progress.advance(task))
    for name, one in measured.items():
        before = kept[name].by_place if name in kept else {}
        rows = [row.kept(before.get(row.place)) for row in calibrate(one, elsewhere)]
        refused = [row.refusal() for row in rows if row.refusal()]
        problems += [f"{files[name].file}: {refusal}" for refusal in refused]
        if not refused:
            content = content_hash(lesson, lesson.exercise(name), root)
            fresh[name] = ExerciseTolerances(content, tuple(rows))
    names = [cell.exercise for cell in lesson.exercises]
    ordered = {name: fresh[name] for name in names if name in fresh}
    if ordered != kept:
        save_tolerances(lesson.chapter, ordered, root)
    return ordered, problems


def _measure_here(
    lesson: Lesson, files: Mapping[str, CheckFile], progress: Progress
) -> tuple[dict[str, Measured], list[Exercise], list[str]]:
    """What was measured in this process, of which draws; and what is wrong with the others."""
    found: dict[str, Measured] = {}
    drawn: list[Exercise] = []
    problems: list[str] = []
    for name, checks in files.items():
        task = progress.add_task(f"{name}: tolerances", total=count_of_runs(checks))
        try:
            exercise = drawn_exercise(lesson, checks, lesson.exercise(name))
            wrong = _differing_places(checks, exercise)
            measured = measure(lesson, checks, exercise, lambda task=task: progress.advance(task))
        except (CheckFileError, ModelError) as error:
            problems.append(str(error))
            continue
        wrong += [f"{checks.file}: {problem}" for problem in measured.problems]
        # What is too far apart already needs no other kernel to be refused.
        wrong += [
            f"{checks.file}: {row.refusal()}" for row in calibrate(measured, []) if row.refusal()
        ]
        problems += wrong
        if not wrong:
            found[name] = measured
            drawn.append(exercise)
    return found, drawn, problems


def _differing_places(checks: CheckFile, drawn: Exercise) -> list[str]:
    """What is judged in public cases and never drawn, and so not measured; or the other way round,
    and so never seen before it costs marks."""
    cases = tuple(place_case(case, checks.outputs, {}) for case in checks.cases())
    public, hidden = _places(replace(drawn, cases=cases)), _places(drawn)
    found = [(place, "no draw of draw() gives", "Let it") for place in public - hidden]
    found += [(place, "no case of cases() gives", "Add one") for place in hidden - public]
    return [
        f"{checks.file}: {what} {name} of {call or 'the exercise'}. {remedy}."
        for (call, name), what, remedy in sorted(found, key=str)
    ]


def _places(exercise: Exercise) -> set[Place]:
    return {place for case in exercise.cases for place in rules_by_place(exercise, case)}
