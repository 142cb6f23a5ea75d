"""A notebook as a program: its statements, and the cells that cannot run."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from utils.tester.cells import parse_cell
from utils.tester.names import IMPORTS, Borrowed, Statement
from utils.tester.notebook import CodeCell
from utils.tester.records import Chapter
from utils.tester.slicing import read_statements


@dataclass(frozen=True)
class Source:
    """A cell's text, and what the learner shall read as its name."""

    place: str
    text: str


@dataclass(frozen=True)
class BrokenCell:
    """A cell that Python cannot read."""

    source: Source
    error: SyntaxError


@dataclass(frozen=True)
class Program:
    """A notebook's statements in order, the cells they stand in, and the cells left out."""

    statements: Sequence[Statement]
    sources: Mapping[int, Source]  # by ``Statement.cell``
    broken: Sequence[BrokenCell]


def read_program(
    cells: Iterable[CodeCell], chapter: Chapter, place: Callable[[int], str]
) -> Program:
    """Parse a notebook of a chapter.

    Args:
        cells: the notebook's code cells.
        chapter: says what ``use_solution`` binds.
        place: names a cell, given its number.
    """
    trees: dict[int, ast.Module] = {}
    sources, broken = {}, []
    for cell in cells:
        source = Source(place(cell.number), cell.source)
        try:
            trees[cell.number] = parse_cell(cell.source)
            sources[cell.number] = source
        except SyntaxError as error:
            broken.append(BrokenCell(source, error))
    statements = [
        replace(one, binds=one.binds - {IMPORTS}) if _is_set_up(sources[one.cell]) else one
        for one in read_statements(trees, _borrowed(chapter))
    ]
    return Program(statements, sources, broken)


def _is_set_up(source: Source) -> bool:
    """Whether this is the set-up cell: whoever runs the slice has found the tree already."""
    return "load_from_chapter_name" in source.text


def _borrowed(chapter: Chapter) -> dict[str, Borrowed]:
    """What ``use_solution`` binds for each exercise, and which functions those may call."""
    functions = {name: frozenset(one.functions) for name, one in chapter.exercises.items()}
    return {
        name: Borrowed(
            functions[name], functions[name].union(*(functions[need] for need in one.needs))
        )
        for name, one in chapter.exercises.items()
    }
