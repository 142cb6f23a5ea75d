"""A learner's folder: which languages it is in, where a chapter's notebook lies, what it is called.

The notebooks are those in work/, where the project copies them for its learner, else those in
chapters/, where a student's tree has them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from utils.tester.notebook import NotebookProblem, markdown_cells_of
from utils.tester.text import LANGUAGES

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("work", "chapters")


def language(root: Path = ROOT) -> str:
    """The language of a tree that has one; else the one the terminal is set to."""
    there = [lang for lang in LANGUAGES if any(_folder(root, lang).glob("*.ipynb"))]
    if len(there) == 1:
        return there[0]
    names = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "ja" if next(filter(None, names), "").startswith("ja") else "en"


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


def headings(path: Path | None) -> Iterator[tuple[int, str]]:
    """A notebook's headings in order, each with its level; none where it cannot be read."""
    try:
        cells = markdown_cells_of(path) if path else []
    except NotebookProblem:
        return
    for source in cells:
        for line in source.splitlines():
            signs, _, text = line.partition(" ")
            if signs and not signs.strip("#") and text:
                yield len(signs), text.strip()


def _folder(root: Path, lang: str) -> Path:
    """Where the notebooks of a language lie."""
    folders = (root / folder / lang for folder in FOLDERS)
    return next((folder for folder in folders if folder.is_dir()), root / "chapters" / lang)
