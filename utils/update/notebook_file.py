"""Notebooks as files: reading all of one and writing all of it back.

What cannot be read in full is refused, so that nothing of it is lost by writing the rest.
"""

from __future__ import annotations

import copy
import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from utils.tester.notebook import NotebookProblem, as_file
from utils.tester.text import Text

_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_KINDS = {"code": "code", "markdown": "markdown", "raw": "raw", "heading": "markdown"}


@dataclass(frozen=True)
class Cell:
    """A cell: what it is, its text with ``\\n`` at line ends, and all that its file said of it."""

    kind: str
    source: str
    raw: dict[str, Any] = field(repr=False)

    @property
    def id(self) -> str | None:
        """The cell's id; none in files older than format 4.5."""
        name = self.raw.get("id")
        return name if isinstance(name, str) else None


@dataclass(frozen=True)
class Notebook:
    """A notebook's cells, and everything else in its file."""

    cells: tuple[Cell, ...]
    frame: dict[str, Any] = field(repr=False)


def read_notebook(content: bytes, name: object) -> Notebook:
    """Read a notebook of format 3 or 4.

    Raises:
        NotebookProblem: the bytes are no notebook, or hold what would be lost.
    """
    try:
        document = json.loads(content.decode("utf-8-sig"))
        if isinstance(document.get("worksheets"), list) and "cells" not in document:
            document = _from_format_3(document)
        cells = tuple(_read_cell(cell) for cell in document["cells"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NotebookProblem(
            Text(
                f"{name} cannot be read as a notebook.",
                f"{name} をノートブックとして読み込めません。",
            )
        ) from error
    return Notebook(cells, {key: value for key, value in document.items() if key != "cells"})


def write_notebook(notebook: Notebook) -> bytes:
    """The notebook's file, written as Jupyter writes it."""
    document = {**notebook.frame, "cells": [_in_lines(cell.raw) for cell in notebook.cells]}
    return as_file(document)


def make_cell(kind: str, source: str, like: Cell | None = None, name: str | None = None) -> Cell:
    """A cell with this text and no outputs.

    Args:
        kind: "code", "markdown" or "raw".
        source: its text.
        like: whose metadata and attachments it takes over.
        name: its id; None for one given when the notebook is put together.
    """
    raw: dict[str, Any] = {"cell_type": kind, "metadata": {}, "source": source}
    if kind == "code":
        raw |= {"execution_count": None, "outputs": []}
    if like is not None:
        raw["metadata"] = copy.deepcopy(like.raw.get("metadata") or {})
        if kind == "markdown" and like.raw.get("attachments"):
            raw["attachments"] = copy.deepcopy(like.raw["attachments"])
    if name is not None:
        raw["id"] = name
    return Cell(kind, source, raw)


def named(cell: Cell, name: str | None, exercise: str | None = None) -> Cell:
    """The cell with an id of the course, and with its exercise's mark."""
    raw = {**cell.raw}
    if name is not None:
        raw["id"] = name
    if exercise is not None:
        raw["metadata"] = {**(raw.get("metadata") or {}), "exercise": exercise}
    return Cell(cell.kind, cell.source, raw)


def with_ids(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """The cells, each with an id of its own; the first keeps one that several have."""
    taken: set[str] = set()
    given = []
    for cell in cells:
        name = cell.id
        if name is None or name in taken or not _ID.fullmatch(name):
            name = _fresh_id(cell, taken)
        taken.add(name)
        given.append(Cell(cell.kind, cell.source, {**cell.raw, "id": name}))
    return tuple(given)


def source_of(raw: dict[str, Any]) -> str:
    """A cell's text as its file has it.

    Raises:
        TypeError: it is neither a text nor a list of texts.
    """
    source = raw.get("source", "")
    if isinstance(source, list):
        source = "".join(source)
    if not isinstance(source, str):
        raise TypeError("a cell's source is no text")
    return source


def _read_cell(raw: dict[str, Any]) -> Cell:
    kind = _KINDS[raw["cell_type"]]
    source = source_of(raw)
    # What every front end expects of a cell, whoever wrote this file.
    complete = {"metadata": {}, **raw, "cell_type": kind, "source": source}
    if kind == "code":
        complete = {"execution_count": None, "outputs": [], **complete}
    return Cell(kind, source.replace("\r\n", "\n").replace("\r", "\n"), complete)


def _from_format_3(document: dict[str, Any]) -> dict[str, Any]:
    """Format 3 in the words of format 4; outputs, which it kept otherwise, are left out."""
    cells = []
    for sheet in document["worksheets"]:
        for raw in sheet["cells"]:
            source = source_of({"source": raw.get("input", raw.get("source", ""))})
            if raw["cell_type"] == "heading":
                source = f"{'#' * int(raw.get('level', 1))} {source}"
            cells.append({"cell_type": _KINDS[raw["cell_type"]], "source": source})
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def _in_lines(raw: dict[str, Any]) -> dict[str, Any]:
    """The cell as files have it: its text as a list of lines."""
    return {**raw, "source": source_of(raw).splitlines(keepends=True)}


def _fresh_id(cell: Cell, taken: Sequence[str] | set[str]) -> str:
    """The same for the same cell in every run."""
    text = f"{cell.kind}\n{cell.source}".encode("utf-8", "surrogatepass")
    stem = hashlib.sha256(text).hexdigest()[:16]
    name, count = stem, 1
    while name in taken:
        count += 1
        name = f"{stem}-{count}"
    return name
