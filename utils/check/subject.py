"""Which notebooks to check, and which chapter and language each is about."""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from utils.tester.cells import parse_cell
from utils.tester.notebook import CodeCell, read_code_cells
from utils.tester.text import LANGUAGES

# Where a learner's notebooks lie, seen from the folder where the command is given.
PLACES = ("*.ipynb", "work/*/*.ipynb", "chapters/*/*.ipynb")


@dataclass(frozen=True)
class Subject:
    """A notebook to check; ``chapter`` is None where nothing tells which one it is about."""

    path: Path
    chapter: str | None
    lang: str


def find_notebooks(folder: Path, lang: str | None) -> list[Path]:
    """The notebooks in ``folder``, else in its work/, else in its chapters/.

    Args:
        folder: where to look.
        lang: only this language's, where notebooks lie in folders by language.
    """
    for pattern in PLACES:
        found = sorted(folder.glob(pattern))
        if lang and "/" in pattern:
            found = [path for path in found if path.parent.name == lang]
        if found:
            return found
    return []


def read_subject(path: Path, chapters: Collection[str], lang: str | None) -> Subject:
    """Tell a notebook's chapter and language from its set-up cell, else from its file's name.

    Args:
        path: the notebook.
        chapters: the names there are.
        lang: the language asked for; None for the notebook's own.

    Raises:
        NotebookProblem: the file cannot be read as a notebook.
    """
    return tell_subject(path, read_code_cells(path), chapters, lang)


def tell_subject(
    path: Path, cells: Sequence[CodeCell], chapters: Collection[str], lang: str | None
) -> Subject:
    """The same of a notebook that has been read; ``path`` is where its file lies or lay."""
    named, own = _loaded(cells)
    return Subject(
        path,
        named or chapter_in(path.stem, chapters),
        lang or own or language_of_folder(path),
    )


def language_of_folder(path: Path) -> str:
    """The language whose folder a file lies in, as chapters/ja; English elsewhere."""
    folder = path.resolve().parent.name
    return folder if folder in LANGUAGES else "en"


def _loaded(cells: Sequence[CodeCell]) -> tuple[str | None, str | None]:
    """Chapter and language of the last ``load_from_chapter_name`` call."""
    chapter = lang = None
    for cell in cells:
        if "load_from_chapter_name" not in cell.source:
            continue
        try:
            tree = parse_cell(cell.source)
        except SyntaxError:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _name(node.func) == "load_from_chapter_name":
                given = dict(zip(("name", "lang"), node.args, strict=False))
                given |= {keyword.arg: keyword.value for keyword in node.keywords}
                chapter = _text(given.get("name")) or chapter
                lang = _text(given.get("lang")) or lang
    return chapter, lang if lang in LANGUAGES else None


def chapter_in(stem: str, chapters: Collection[str]) -> str | None:
    """The chapter whose name stands in a file's, as in ``08_closed_loop_control (1).ipynb``."""
    return max((name for name in chapters if name in stem), key=len, default=None)


def _name(node: ast.expr) -> str | None:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return None


def _text(node: ast.expr | None) -> str | None:
    match node:
        case ast.Constant(value=str(text)):
            return text
    return None
