"""A notebook's cells, as any front end and any version of the format left them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from utils.tester.text import Text


@dataclass(frozen=True)
class CodeCell:
    """One code cell: its place among the notebook's code cells, from 1, and its text."""

    number: int
    source: str


class NotebookProblem(Exception):
    """A file that cannot be read as a notebook; ``message`` says why, in both languages."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


def read_code_cells(path: Path) -> list[CodeCell]:
    """The code cells of a notebook in format 3 or 4, metadata or not.

    Bytes that are not UTF-8 become replacement characters: they may stand in an output.

    Raises:
        NotebookProblem: the file is not there, cannot be read or is no notebook.
    """
    return code_cells_of(_content(path), path)


def markdown_cells_of(path: Path) -> list[str]:
    """The texts of a notebook's markdown cells.

    Raises:
        NotebookProblem: as ``read_code_cells``.
    """
    cells = _parsed(_content(path), path)
    return [_source(cell) for cell in cells if cell.get("cell_type") == "markdown"]


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise NotebookProblem(
            Text(
                f"{path} cannot be read: {error.strerror}.",
                f"{path} を読み込めません（{error.strerror}）。",
            )
        ) from error


def code_cells_of(content: bytes, name: object) -> list[CodeCell]:
    """The code cells of a notebook's bytes, as ``read_code_cells`` gives them.

    Raises:
        NotebookProblem: they are no notebook; it is called ``name``.
    """
    cells = _parsed(content, name)
    code = [_source(cell) for cell in cells if cell.get("cell_type") == "code"]
    return [CodeCell(number, source) for number, source in enumerate(code, start=1)]


def _parsed(content: bytes, name: object) -> list[dict[str, Any]]:
    """The cells of all kinds."""
    try:
        notebook = json.loads(content.decode("utf-8-sig", errors="replace"))
    except (ValueError, RecursionError) as error:
        raise NotebookProblem(_no_notebook(name)) from error
    cells = cells_of(notebook)
    if cells is None:
        raise NotebookProblem(_no_notebook(name))
    return cells


def as_file(notebook: dict[str, Any]) -> bytes:
    """A notebook as Jupyter writes it; with escapes where an output holds half a character."""
    try:
        return f"{json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False)}\n".encode()
    except UnicodeEncodeError:
        return f"{json.dumps(notebook, indent=1, sort_keys=True)}\n".encode()


def cells_of(content: Any) -> list[dict[str, Any]] | None:
    """The cells of all kinds; None where the JSON is no notebook."""
    if not isinstance(content, dict):
        return None
    cells = content.get("cells")
    if cells is None and isinstance(content.get("worksheets"), list):  # format 3
        sheets = [sheet.get("cells") for sheet in content["worksheets"] if isinstance(sheet, dict)]
        cells = [cell for sheet in sheets if isinstance(sheet, list) for cell in sheet]
    if not isinstance(cells, list):
        return None
    return [cell for cell in cells if isinstance(cell, dict)]


def _source(cell: dict[str, Any]) -> str:
    """A cell's text, which may be cut into lines, and which format 3 calls ``input``."""
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    return source if isinstance(source, str) else ""


def _no_notebook(name: object) -> Text:
    return Text(f"{name} is not a notebook.", f"{name} はノートブックではありません。")
