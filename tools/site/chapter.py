"""What the pages tell of a chapter, in one language, read off its notebook and its lesson."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import nbformat
from nbformat import NotebookNode

from tools.lesson import Cell, Lesson
from tools.notebook import without_badge
from tools.site.formulas import LatexError
from tools.site.headings import Heading
from tools.site.markdown import render
from tools.site.problem import SiteError
from utils.workspace import needs_in


@dataclass(frozen=True)
class Exercise:
    """An exercise as contents and index list it; ``anchor`` is where it is set."""

    cell: Cell
    title: str
    anchor: str

    @property
    def name(self) -> str:
        return self.cell.exercise


@dataclass(frozen=True)
class Section:
    """A section and its exercises; without a heading what stands before the first one."""

    heading: Heading | None
    exercises: tuple[Exercise, ...]


@dataclass(frozen=True)
class Chapter:
    """A chapter in one language.

    Attributes:
        name: such as "08_closed_loop_control".
        text: its notebook, as a learner gets it.
        title: its first heading.
        lead, needs: HTML: its first paragraph, and the one that says what it builds upon, or "".
        sections: with their exercises.
        packages: what some exercises take beyond requirements.txt.
    """

    name: str
    lang: str
    text: str
    title: str
    lead: str
    needs: str
    sections: tuple[Section, ...]
    packages: tuple[str, ...]

    @property
    def exercises(self) -> tuple[Exercise, ...]:
        return tuple(exercise for section in self.sections for exercise in section.exercises)

    @property
    def minutes(self) -> int:
        return sum(exercise.cell.minutes for exercise in self.exercises)

    @property
    def notebook(self) -> NotebookNode:
        return _read(self.text, self.name, self.lang)


def read_chapter(lesson: Lesson, lang: str, text: str) -> Chapter:
    """The chapter of this notebook.

    Args:
        lesson: what the notebook was made from.
        lang: the notebook's language.
        text: the notebook's JSON.

    Raises:
        SiteError: it has no title, or a formula cannot be rendered.
    """
    notebook = _read(text, lesson.chapter, lang)
    headings = [found for cell in notebook.cells for found in headings_of(lesson, cell)]
    titles = [found.text for found in headings if found.level == 1]
    if not titles:
        raise SiteError(
            f"{lesson.cells[0].file}: the chapter has no title in {lang}. "
            "Begin its first cell with '# '."
        )
    first = next(cell for cell in notebook.cells if cell.cell_type == "markdown")
    paragraphs = [part.strip() for part in first.source.split("\n\n")]
    lead = next((part for part in paragraphs if part and not part.startswith("#")), "")
    return Chapter(
        lesson.chapter,
        lang,
        text,
        titles[0],
        render(lead, first.id)[0],
        render(needs_in(first.source, lang), first.id)[0],
        tuple(_sections(lesson, headings)),
        lesson.packages,
    )


def headings_of(lesson: Lesson, cell: NotebookNode) -> tuple[Heading, ...]:
    """The headings of a notebook's cell.

    Raises:
        SiteError: a formula cannot be rendered; its place in the lesson is named.
    """
    if cell.cell_type != "markdown":
        return ()
    try:
        return render(cell.source, cell.id)[1]
    except LatexError as error:
        raise SiteError(_place(lesson, cell.source, error)) from None


def _read(text: str, chapter: str, lang: str) -> NotebookNode:
    """The notebook as the pages show it: they load no pictures from elsewhere, a badge, say."""
    notebook = nbformat.reads(text, as_version=4)
    title = notebook.cells[0]
    title.source = without_badge(title.source, chapter, lang)
    return notebook


def _sections(lesson: Lesson, headings: list[Heading]) -> Iterator[Section]:
    """The sections with their exercises; one without a heading of its own is listed by its id."""
    opened = {found.exercise: found for found in headings if found.exercise}
    where = [found for found in headings if found.level == 2]
    listed: dict[Heading | None, list[Exercise]] = {None: []} | {found: [] for found in where}
    for cell in lesson.exercises:
        heading = opened.get(cell.exercise)
        anchor = heading.anchor if heading else f"code-{cell.exercise}"
        number = f"section-{int(cell.exercise[:2])}"
        section = next((found for found in where if found.anchor == number), None)
        title = heading.title if heading else cell.exercise
        listed[section].append(Exercise(cell, title, anchor))
    for heading, exercises in listed.items():
        if heading or exercises:
            yield Section(heading, tuple(exercises))


def _place(lesson: Lesson, source: str, error: LatexError) -> str:
    """The error with the lesson's file and the line on which the cell begins."""
    cell = next((cell for cell in lesson.cells if cell.source == source), lesson.cells[0])
    what = f"a formula cannot be rendered: {error}"
    return cell.problem(what, "Correct it, or write it with other commands")
