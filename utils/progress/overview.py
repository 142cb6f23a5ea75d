"""What is kept, beside what there is to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from utils.optional import missing_packages
from utils.progress.file import Key
from utils.progress.kept import Kept
from utils.tester.chapter import chapter_names, open_chapter
from utils.tester.records import Exercise
from utils.workspace import title_of


@dataclass(frozen=True)
class ExerciseProgress:
    """One exercise and what is kept of it."""

    chapter: str
    exercise: Exercise
    kept: Kept

    @property
    def can_be_judged(self) -> bool:
        """Whether all packages that it takes are here."""
        return not missing_packages(self.exercise.packages)


@dataclass(frozen=True)
class ChapterProgress:
    """One chapter's exercises in order."""

    name: str
    title: str
    exercises: tuple[ExerciseProgress, ...]

    @property
    def passed(self) -> int:
        """How many are passed."""
        return sum(one.kept.is_passed for one in self.exercises)

    @property
    def seconds(self) -> float:
        """What they took so far."""
        return sum(one.kept.seconds for one in self.exercises)

    @property
    def seconds_left(self) -> float:
        """What the open ones take, by what their lesson says."""
        return sum(60.0 * one.exercise.minutes for one in self.exercises if not one.kept.is_passed)


@dataclass(frozen=True)
class Overview:
    """All chapters, in one language.

    Attributes:
        chapters: in order.
        lang: the language.
        next: what to do next; None when everything is passed.
        here: the chapter of the notebook that asks; None elsewhere.
    """

    chapters: tuple[ChapterProgress, ...]
    lang: str
    next: ExerciseProgress | None
    here: str | None = None

    def chapter(self, name: str) -> ChapterProgress:
        """One chapter."""
        return next(one for one in self.chapters if one.name == name)


def overview_of(kept: Mapping[Key, Kept], lang: str, here: str | None = None) -> Overview:
    """The overview of what is kept.

    Args:
        kept: by chapter and exercise; what is kept of exercises that are gone is left out.
        lang: the language.
        here: the chapter of the notebook that asks.

    Raises:
        WrongCall: a chapter's references cannot be read.
    """
    chapters = tuple(
        ChapterProgress(
            name,
            title_of(name, lang),
            tuple(
                ExerciseProgress(name, exercise, kept.get((name, exercise.id), Kept()))
                for exercise in open_chapter(name, lang).exercises.values()
            ),
        )
        for name in chapter_names()
    )
    return Overview(chapters, lang, _next(chapters, here or last_chapter(kept)), here)


def last_chapter(kept: Mapping[Key, Kept]) -> str | None:
    """The chapter that was worked on last; None before anything was.

    Judging cells as they came is no work on them.
    """
    touched = (key for key, one in kept.items() if one.is_touched)
    return max(touched, key=lambda key: kept[key].seen, default=(None,))[0]


def _next(chapters: tuple[ChapterProgress, ...], current: str | None) -> ExerciseProgress | None:
    """The first open exercise: of the current chapter if there is one, and if it can be judged."""
    by_nearness = sorted(chapters, key=lambda chapter: chapter.name != current)
    still_open = [
        one for chapter in by_nearness for one in chapter.exercises if not one.kept.is_passed
    ]
    judgeable = (one for one in still_open if one.can_be_judged)
    return next(judgeable, next(iter(still_open), None))
