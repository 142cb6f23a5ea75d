"""What several sections of the instructor's report have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from tools.grade.marks import Class, Mark, Submission
from tools.grade.writing.clean import shortened
from tools.grade.writing.names import feedback_pages

# Signs that differ wherever the state does: a map is read without its colours, too.
SIGNS = {
    "passed": "✓",
    "carried": "◐",
    "failed": "✗",
    "error": "!",
    "timeout": "∞",
    "memory": "▲",
    "crashed": "†",
    "not_attempted": "○",
    "missing": "–",
    "unavailable": "?",
}


@dataclass(frozen=True)
class Entry:
    """A submission and where its feedback page lies."""

    submission: Submission
    page: str

    @property
    def marks(self) -> dict[str, Mark]:
        """By exercise."""
        return {mark.exercise: mark for mark in self.submission.graded.marks}

    def link(self, exercise: str = "") -> str:
        """The student's name as HTML that leads to the page or one exercise in it."""
        target = quote(self.page) + (f"#exercise-{quote(exercise)}" if exercise else "")
        name = shortened(self.submission.student, 400)
        shown = escape(name) if name.strip() else "(no name)"
        return f'<a href="{target}"><bdi>{shown}</bdi></a>'


@dataclass(frozen=True)
class Exercise:
    """An exercise and what a class made of it.

    Attributes:
        chapter, name: which one.
        title: in English if anybody has it in English.
        lang: of the title.
        marks: one a submission.
        langs: of the submissions, in the same order.
    """

    chapter: str
    name: str
    title: str
    lang: str
    marks: tuple[Mark, ...]
    langs: tuple[str, ...]

    @property
    def passed(self) -> int:
        return sum(mark.status == "passed" for mark in self.marks)

    @property
    def anchor(self) -> str:
        """The id of its element in the report."""
        return escape(f"{self.chapter}-{self.name}")


def entries_of(graded: Class) -> list[Entry]:
    """All submissions, with their pages."""
    pages = feedback_pages(graded)
    return [Entry(one, page) for one, page in zip(graded.submissions, pages, strict=True)]


def chapters_of(entries: Sequence[Entry]) -> dict[str, list[Entry]]:
    """The submissions of each chapter, by its name."""
    names = sorted({entry.submission.graded.chapter for entry in entries})
    return {
        name: [entry for entry in entries if entry.submission.graded.chapter == name]
        for name in names
    }


def exercises_of(chapter: str, entries: Sequence[Entry]) -> list[Exercise]:
    """The exercises of a chapter, in its order."""
    found: dict[str, list[tuple[Mark, str]]] = {}
    for entry in entries:
        for mark in entry.submission.graded.marks:
            found.setdefault(mark.exercise, []).append((mark, entry.submission.graded.lang))
    exercises = []
    for name, marks in sorted(found.items()):
        lang, title = min((lang, mark.title) for mark, lang in marks)
        own, langs = zip(*marks, strict=True)
        exercises.append(Exercise(chapter, name, title, lang, own, langs))
    return exercises


def percent(part: float, whole: float) -> str:
    """A share in words; a dash where there is nothing to share."""
    return f"{100 * part / whole:.0f} %" if whole else "–"


def bar(part: float, whole: float) -> str:
    """A share as a bar."""
    share = 100 * part / whole if whole else 0
    return f'<span class="meter small"><span style="width:{share:.4g}%"></span></span>'
