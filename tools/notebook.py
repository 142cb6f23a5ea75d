"""From a lesson to the notebook of one language, as text."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools.colab import colab_badge
from tools.gaps import cut_answer, cut_gaps
from tools.lesson import Cell, Lesson
from tools.setup_cell import setup_cell
from utils.tester.markers import keep_language
from utils.tester.starter import cell_id

_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def make_notebook(lesson: Lesson, lang: str, root: Path, solved: bool = False) -> str:
    """The notebook's JSON: answers cut out, or in place where ``solved``; no outputs."""
    ids = _cell_ids(lesson)
    cells = [
        _make_cell(cell, name, _source(lesson, cell, lang, root, solved))
        for cell, name in zip(lesson.cells, ids, strict=True)
        if cell.lang in (None, lang)
    ]
    if not solved:
        cells[0].source = _with_badge(cells[0].source, lesson.chapter, lang)
    notebook = new_notebook(cells=cells, metadata=_METADATA)
    nbformat.validate(notebook)
    return nbformat.writes(notebook, version=4) + "\n"


def _with_badge(title: str, chapter: str, lang: str) -> str:
    """The chapter's title and what follows it, with a link to Colab between them."""
    badge = colab_badge(chapter, lang)
    heading, line_end, text = title.partition("\n")
    return f"{heading}\n\n{badge}{line_end}{text}" if badge else title


def without_badge(source: str, chapter: str, lang: str) -> str:
    """A title's cell without its link to Colab, for pages that have links of their own."""
    badge = colab_badge(chapter, lang)
    return source.replace(f"\n\n{badge}", "", 1) if badge else source


def _source(lesson: Lesson, cell: Cell, lang: str, root: Path, solved: bool) -> str:
    if cell.setup:
        return setup_cell(lesson.chapter, lang, root, solved)
    if cell.exercise and not solved:
        return cut_gaps(cell.source, lang)
    if cell.answer and not solved:
        return cut_answer(cell.source, lang, cell.answer)
    if cell.exercise or cell.answer:
        return keep_language(cell.source, lang)
    return cell.source


def _make_cell(cell: Cell, name: str, source: str) -> NotebookNode:
    if cell.kind == "markdown":
        return new_markdown_cell(source, id=name)
    marks = {"exercise": cell.exercise, "answer": cell.answer}
    metadata = {key: value for key, value in marks.items() if value}
    return new_code_cell(source, id=name, metadata=metadata)


def _cell_ids(lesson: Lesson) -> list[str]:
    """An id for each cell that no other cell's coming or going changes.

    Exercises have their own; other cells a hash of what they say, in English where they say it
    twice, so that both notebooks have the same ids. Cells that say the same are counted.
    """
    names: list[str] = []
    seen: Counter[str] = Counter()
    for cell in lesson.cells:
        if cell.lang == "ja":
            names.append(names[-1])
            continue
        name = _name(cell)
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
    return names


def _name(cell: Cell) -> str:
    if cell.setup:
        return "setup"
    if cell.exercise:
        return cell_id(cell.exercise)
    if cell.answer:
        return f"answer-{cell.answer}"
    return hashlib.sha256(f"{cell.kind}\n{cell.source}".encode()).hexdigest()[:16]
