"""What the judge knows of the chapters that it grades: prepared once, used for every submission."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tools.checkfile import load_check_file
from tools.content import hash_of
from tools.exercise import split_exercise
from tools.grade.judge.hidden import hidden_exercise
from tools.grade.sandbox.limits import GENEROUS, Limits
from tools.grade.sandbox.staging import stage
from tools.grade.sandbox.starting import Isolation
from tools.grade.sandbox.temporary import remove_folder
from tools.grade.sandbox.worker import ROOM, Worker
from tools.lesson import ROOT, Cell, Lesson, read_lesson
from tools.model import chapter_imports, needed_exercises
from utils.optional import missing_packages
from utils.tester.chapter import CHECKS
from utils.tester.records import Chapter, Exercise
from utils.tester.store import load_chapter


@dataclass(frozen=True)
class Assignment:
    """One exercise, as the judge grades it.

    Attributes:
        public: as learners have it.
        hidden: with the hidden cases instead.
        imports: what the chapter imports before it.
        harness: the lesson's own, None where the learner's function is called itself.
        given: the model's functions for the exercises that it needs, those they need before them.
        lacking: packages that it takes and this machine has not.
        limits: what a submission may take.
        library: what the model itself uses of the library.
        common: answers as the course gives them out, gaps and all, by their digest.
    """

    public: Exercise
    hidden: Exercise
    imports: tuple[str, ...]
    harness: str | None
    given: tuple[str, ...]
    lacking: tuple[str, ...]
    limits: Limits = GENEROUS
    library: frozenset[str] = frozenset()
    common: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Course:
    """Chapters with their assignments, and how submissions are run.

    Attributes:
        chapters: assignments by chapter and exercise, in the chapter's order.
        isolation: the tier.
        staged: the folder that sandboxes see of the project; ``close`` removes it.
        hide: folders that no sandbox may see.
        carried_share: what an exercise earns that is right but for those it needs.
        deadline: by ``time.monotonic``, when a notebook has to be graded whatever it does.
    """

    chapters: dict[str, dict[str, Assignment]]
    isolation: Isolation
    staged: Path
    hide: tuple[Path, ...] = ()
    carried_share: float = 1.0
    deadline: float = math.inf

    def with_limits(self, chapter: str, limits: dict[str, Limits]) -> Course:
        """The course with other limits for a chapter's exercises."""
        assignments = {
            name: replace(one, limits=limits.get(name, one.limits))
            for name, one in self.chapters[chapter].items()
        }
        return replace(self, chapters=self.chapters | {chapter: assignments})

    def worker(self, packages: Sequence[str] = (), file_bytes: int = ROOM) -> Worker:
        """A sandbox in which submissions to this course are run; see ``Worker``."""
        return Worker(
            self.staged, self.isolation, packages, file_bytes, self.hide, deadline=self.deadline
        )

    def close(self) -> None:
        remove_folder(self.staged)


def read_course(
    names: Iterable[str],
    key: bytes,
    hidden: int,
    isolation: Isolation,
    hide: tuple[Path, ...] = (),
    carried_share: float = 1.0,
) -> Course:
    """Read chapters and draw their hidden cases.

    Args:
        names: of the chapters.
        key: the instructor's.
        hidden: cases an exercise.
        isolation, hide, carried_share: see ``Course``.

    Raises:
        LessonError, CheckFileError, ModelError, ReferenceProblem: a chapter is not as it should be.
    """
    chapters, references = {}, []
    for name in names:
        reference = load_chapter(CHECKS / f"{name}.npz")
        lesson = read_lesson(name)
        references.append(reference)
        chapters[name] = {
            cell.exercise: _assignment(lesson, cell, reference, key, hidden)
            for cell in lesson.exercises
        }
    return Course(chapters, isolation, stage(references), hide, carried_share)


def _assignment(
    lesson: Lesson, cell: Cell, reference: Chapter, key: bytes, hidden: int
) -> Assignment:
    public = reference.exercises[cell.exercise]
    checks = load_check_file(ROOT, lesson.chapter, cell.exercise)
    lacking = missing_packages(public.packages)
    harness = split_exercise(cell.source).harness
    given = tuple(
        source
        for needed in needed_exercises(lesson, cell)
        for source in split_exercise(needed.source).functions.values()
    )
    return Assignment(
        public=public,
        hidden=public if lacking else hidden_exercise(lesson, checks, cell, public, key, hidden),
        imports=_imports(lesson, [harness or "", *given]),
        harness=harness,
        given=given,
        lacking=lacking,
    )


def _imports(lesson: Lesson, sources: Iterable[str]) -> tuple[str, ...]:
    """Those of the chapter's imports that the sources use; no more, as PyTorch takes a second."""
    nodes = (node for source in sources for node in ast.walk(ast.parse(source)))
    used = {node.id for node in nodes if isinstance(node, ast.Name)}
    return tuple(text for text in chapter_imports(lesson) if used & _bound(text))


def _bound(statement: str) -> set[str]:
    """The names that an import statement binds."""
    names = ast.parse(statement).body[0].names
    return {one.asname or one.name.partition(".")[0] for one in names}


# What is written from the marks, and how submissions are found, changes no mark.
_DECIDING = (
    "tools/grade/judge/*.py",
    "tools/grade/sandbox/*.py",
    "tools/grade/marks.py",
    "utils/**/*.py",
)


def content_of(chapter: str) -> str:
    """A hash of all that decides what a chapter's submissions come to, the key apart."""
    references = (CHECKS / f"{chapter}.npz").read_bytes().hex()
    lesson = sorted((ROOT / "solutions" / chapter).rglob("*.py"))
    return hash_of([references], lesson, _DECIDING)
