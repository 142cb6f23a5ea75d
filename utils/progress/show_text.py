"""Progress as plain text."""

from __future__ import annotations

from collections.abc import Collection

from utils.progress.overview import ChapterProgress, ExerciseProgress, Overview
from utils.progress.words import (
    duration,
    help_of,
    labelled,
    listed,
    remark_of,
    say,
    state_of,
    state_text,
    work_of,
)
from utils.tester.show_text import aligned


def as_text(overview: Overview, in_full: Collection[str] | None = None) -> str:
    """The overview, its estimates explained.

    Args:
        overview: what to show.
        in_full: the chapters whose exercises are shown one by one; all if None.
    """
    lang = overview.lang
    lines = []
    for chapter in overview.chapters:
        lines.append(labelled(chapter.title, totals((chapter,), lang), lang))
        if in_full is None or chapter.name in in_full:
            lines += [*rows(chapter, lang), ""]
    lines += [labelled(say("all_chapters", lang), totals(overview.chapters, lang), lang)]
    lines += [next_line(overview), "", say("estimate", lang)]
    return "\n".join(lines)


def rows(chapter: ChapterProgress, lang: str) -> list[str]:
    """A line an exercise."""
    return [f"  {line}" for line in aligned([_cells(one, lang) for one in chapter.exercises])]


def _cells(one: ExerciseProgress, lang: str) -> tuple[str, str, str, str]:
    kept = one.kept
    remarks = [*work_of(kept, lang), *help_of(kept, lang), *remark_of(kept, lang)]
    title = one.exercise.title.in_language(lang)
    return one.exercise.id, title, state_text(state_of(kept), lang), listed(remarks, lang)


def totals(chapters: Collection[ChapterProgress], lang: str) -> str:
    """How many exercises are passed, what it took, and what is left."""
    passed = sum(chapter.passed for chapter in chapters)
    total = sum(len(chapter.exercises) for chapter in chapters)
    seconds = sum(chapter.seconds for chapter in chapters)
    left = sum(chapter.seconds_left for chapter in chapters)
    parts = [say("passed_of", lang, passed=passed, total=total)]
    if any(one.kept.attempts for chapter in chapters for one in chapter.exercises):
        parts.append(say("so_far", lang, time=duration(seconds, lang)))
    if left:
        parts.append(say("left", lang, time=duration(left, lang)))
    return listed(parts, lang)


def next_line(overview: Overview) -> str:
    """What to do next, in a line."""
    if overview.next is None:
        return say("done", overview.lang)
    return labelled(say("next", overview.lang), next_text(overview), overview.lang)


def next_text(overview: Overview) -> str:
    """The next exercise, with its chapter where that is another one than the asking notebook's."""
    lang, one = overview.lang, overview.next
    title = f"{one.exercise.id} {one.exercise.title.in_language(lang)}"
    text = say("next_is", lang, exercise=title, time=duration(60.0 * one.exercise.minutes, lang))
    if one.chapter == overview.here:
        return text
    return say("in_chapter", lang, exercise=text, chapter=overview.chapter(one.chapter).title)
