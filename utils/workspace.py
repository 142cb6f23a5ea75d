"""A learner's notebooks: where a chapter's lies, and what it says above its exercises."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from utils.folder import FOLDERS, ROOT
from utils.tester.notebook import NotebookProblem, markdown_cells_of


def notebook_of(chapter: str, lang: str, root: Path = ROOT) -> Path | None:
    """Where a chapter's notebook lies that the learner works in; None if it is nowhere."""
    places = (root / folder / lang / f"{chapter}.ipynb" for folder in FOLDERS)
    return next((path for path in places if path.is_file()), None)


def title_of(chapter: str, lang: str, root: Path = ROOT) -> str:
    """A chapter's title, as its notebook has it; its name where there is no notebook."""
    path = notebook_of(chapter, lang, root)
    return next((text for level, text in headings(path) if level == 1), chapter)


def heading_of(chapter: str, exercise: str, lang: str, root: Path = ROOT) -> str:
    """The heading over an exercise, without its signs; empty if there is none."""
    path = notebook_of(chapter, lang, root)
    return next((text for _, text in headings(path) if exercise in text), "")


# How the paragraph begins that says what a chapter builds upon.
_NEEDS = {"en": "**You need**", "ja": "**前提知識**"}


def needs_of(chapter: str, lang: str, root: Path = ROOT) -> str:
    """What a chapter builds upon, in a line, as its notebook says; else empty."""
    path = notebook_of(chapter, lang, root)
    needs = next((needs_in(source, lang) for source in _markdown(path)), "")
    return (" " if lang == "en" else "").join(needs.splitlines())


def needs_in(source: str, lang: str) -> str:
    """The paragraph that says what a chapter builds upon, without its beginning."""
    paragraphs = (part.strip() for part in source.split("\n\n"))
    found = next((part for part in paragraphs if part.startswith(_NEEDS[lang])), "")
    return found.removeprefix(_NEEDS[lang]).strip()


def headings(path: Path | None) -> Iterator[tuple[int, str]]:
    """A notebook's headings in order, each with its level; none where it cannot be read."""
    for source in _markdown(path):
        for line in source.splitlines():
            signs, _, text = line.partition(" ")
            if signs and not signs.strip("#") and text:
                yield len(signs), text.strip()


def _markdown(path: Path | None) -> list[str]:
    """The sources of a notebook's markdown cells; none where it cannot be read."""
    try:
        return markdown_cells_of(path) if path else []
    except NotebookProblem:
        return []
