"""Mutation testing of a chapter's checks: run what changed, and say what is not as it should be."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from rich.progress import Progress
from rich.table import Table

from tools.checkfile import check_path
from tools.kept import KeptError
from tools.lesson import ROOT, Cell, Lesson, read_lesson
from tools.model import ModelNamespace
from tools.mutants.equivalents import Change, EquivalentsError, load_equivalents, obsolete
from tools.mutants.judging import fates
from tools.mutants.mutations import mutants_of, plain_answer
from tools.mutants.results import (
    ExerciseMutants,
    Survivor,
    content_hash,
    load_results,
    results_path,
    save_results,
)
from tools.progress import bar_beside_forks
from tools.record import reference_path, stale_references
from utils.tester.calling import LocalCaller
from utils.tester.records import Exercise
from utils.tester.store import ReferenceProblem, load_chapter

Results = dict[str, ExerciseMutants]


@dataclass(frozen=True)
class ChapterMutants:
    """What became of a chapter's mutants, by exercise, and all that is wrong with that, as
    ``file: what. remedy.`` Each of the equivalents has its reason."""

    chapter: str
    exercises: Results
    problems: list[str]
    reasons: Mapping[Change, str] = field(default_factory=dict)


def mutate_chapter(chapter: str, root: Path = ROOT, check: bool = False) -> ChapterMutants:
    """Judge the mutants of the exercises that have changed and keep what became of them.

    Children are forked and a progress bar is drawn: call it from a process of one thread, outside
    of other bars.

    Args:
        chapter: its name.
        root: the project.
        check: run and write nothing; results that are stale are a problem then.

    Returns:
        Results of all exercises and all problems: stale references or results, survivors, and
        equivalents that no longer apply.

    Raises:
        LessonError, ModelError: the chapter cannot be run.
    """
    # A child forked from a process whose OpenMP has started threads may wait for them for ever.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    lesson = read_lesson(chapter, root)
    try:
        equivalents = load_equivalents(chapter, root)
        references = load_chapter(reference_path(chapter, root)).exercises
        kept = load_results(chapter, root)
    except ReferenceProblem as problem:
        return ChapterMutants(chapter, {}, [problem.message.en])
    except (EquivalentsError, KeptError) as error:
        return ChapterMutants(chapter, {}, [str(error)])
    problems = stale_references(lesson, root)
    if problems:
        return ChapterMutants(chapter, {}, problems)
    fresh = _fresh(lesson, references, kept)
    if check:
        problems = _stale_results(lesson, fresh, root)
    else:
        fresh = _completed(lesson, references, fresh, root)
        if fresh != kept:
            save_results(chapter, fresh, root)
    settled = {name: _settled(name, result, equivalents) for name, result in fresh.items()}
    problems += _survivors(chapter, settled, root)
    unknown = {cell.exercise for cell in lesson.exercises} - settled.keys()
    asked = [change for change in equivalents if change[0] not in unknown]
    problems += _obsolete(chapter, settled, asked, root)
    return ChapterMutants(chapter, settled, problems, equivalents)


def mutants_table(chapters: Sequence[ChapterMutants]) -> Table:
    """The figures of chapters, a row for each exercise."""
    table = Table("Chapter", "Exercise", title="Mutants")
    columns = "Mutants", "Refused", "wrong", "error", "timeout", "Equivalent", "Survivors"
    for column in columns:
        table.add_column(column, justify="right")
    for chapter in chapters:
        for exercise, result in chapter.exercises.items():
            figures = (
                result.mutants,
                result.refused,
                result.failed,
                result.error,
                result.timeout,
                len(result.equivalents),
                len(result.survivors),
            )
            table.add_row(chapter.chapter, exercise, *map(str, figures))
    return table


def unexplained(chapter: ChapterMutants) -> list[Change]:
    """The mutants that survive and are not known to be equivalent."""
    return [
        (exercise, mutant.before, mutant.after)
        for exercise, result in chapter.exercises.items()
        for mutant in result.survivors
    ]


def _fresh(lesson: Lesson, references: Mapping[str, Exercise], kept: Results) -> Results:
    """The kept results that a run would give again."""
    return {
        cell.exercise: kept[cell.exercise]
        for cell in lesson.exercises
        if cell.exercise in kept
        and kept[cell.exercise].content == content_hash(lesson, cell, references[cell.exercise])
    }


def _stale_results(lesson: Lesson, fresh: Results, root: Path) -> list[str]:
    name = results_path(lesson.chapter, root).relative_to(root).as_posix()
    return [
        f"{name}: {cell.exercise} is missing or stale, what it was made from has changed. "
        "Run python -m tools verify --mutants."
        for cell in lesson.exercises
        if cell.exercise not in fresh
    ]


def _completed(
    lesson: Lesson, references: Mapping[str, Exercise], fresh: Results, root: Path
) -> Results:
    """The results of all exercises; those that are not fresh are made anew, each kept at once."""
    results = dict(fresh)
    with bar_beside_forks() as progress:
        for cell in lesson.exercises:
            if cell.exercise not in fresh:
                reference = references[cell.exercise]
                results[cell.exercise] = _run(lesson, cell, reference, root, progress)
                save_results(lesson.chapter, results, root)
    return {cell.exercise: results[cell.exercise] for cell in lesson.exercises}


def _run(
    lesson: Lesson, cell: Cell, exercise: Exercise, root: Path, progress: Progress
) -> ExerciseMutants:
    task = progress.add_task(f"{cell.exercise}: mutants", total=None)
    progress.refresh()
    mutants = mutants_of(plain_answer(cell.source))
    progress.update(task, total=len(mutants))

    def advance() -> None:
        progress.advance(task)
        progress.refresh()

    file = check_path(root, lesson.chapter, cell.exercise).relative_to(root).as_posix()
    namespace = ModelNamespace(lesson, cell.exercise, file)
    _load_what_is_called(namespace, exercise)
    outcomes = fates(exercise, namespace, mutants, advance)
    # Slow is not wrong: only where a loop may never end does running out of time refuse a mutant.
    refused = [
        fate != "passed" and (fate != "timeout" or mutant.in_loop)
        for mutant, fate in zip(mutants, outcomes, strict=True)
    ]
    counts = Counter(fate for fate, out in zip(outcomes, refused, strict=True) if out)
    return ExerciseMutants(
        content=content_hash(lesson, cell, exercise),
        mutants=len(mutants),
        failed=counts["failed"],
        error=counts["error"],
        timeout=counts["timeout"],
        survivors=tuple(
            Survivor(mutant.operator, mutant.function, mutant.before, mutant.after)
            for mutant, out in zip(mutants, refused, strict=True)
            if not out
        ),
    )


def _load_what_is_called(namespace: ModelNamespace, exercise: Exercise) -> None:
    """Call the model once, here: what PyTorch loads at its first call takes a child a second."""
    model = namespace.model()
    LocalCaller(model.function, model.namespace, exercise.harness)(exercise.cases[0])


def _settled(
    name: str, result: ExerciseMutants, equivalents: Mapping[Change, str]
) -> ExerciseMutants:
    """The result with its survivors told apart."""
    known = [(name, mutant.before, mutant.after) in equivalents for mutant in result.survivors]
    pairs = list(zip(result.survivors, known, strict=True))
    return replace(
        result,
        survivors=tuple(mutant for mutant, is_known in pairs if not is_known),
        equivalents=tuple(mutant for mutant, is_known in pairs if is_known),
    )


def _survivors(chapter: str, settled: Results, root: Path) -> list[str]:
    return [
        f"{check_path(root, chapter, exercise).relative_to(root).as_posix()}: a mutant survives, "
        f"{mutant.operator} in {mutant.function}: {mutant.before!r} -> {mutant.after!r}. "
        "Add a case that refuses it, or record in equivalents.toml why it is right."
        for exercise, result in settled.items()
        for mutant in result.survivors
    ]


def _obsolete(chapter: str, settled: Results, known: Iterable[Change], root: Path) -> list[str]:
    met = {
        (exercise, mutant.before, mutant.after)
        for exercise, result in settled.items()
        for mutant in result.equivalents
    }
    return [obsolete(change, chapter, root) for change in known if change not in met]
