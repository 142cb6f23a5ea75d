"""``python -m utils reset``: an exercise's cell as it came, and nothing else changed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from utils.files import write_whole
from utils.terminal.words import say
from utils.tester.notebook import CodeCell, NotebookProblem, as_file, cells_of, read_code_cells
from utils.tester.records import Exercise
from utils.tester.starter import cell_id, cell_of, defined_in
from utils.tester.text import Text
from utils.tester.wrong_call import WrongCall


@dataclass(frozen=True)
class Reset:
    """What a reset would do.

    Attributes:
        path: the notebook.
        exercise: whose cell.
        number: the code cell; None where it is gone and comes back.
        starter: the cell as it came.
        also: other code cells that define the exercise's functions, with the names.
        needed: whether the cell is anything else by now.
    """

    path: Path
    exercise: Exercise
    number: int | None
    starter: str
    also: tuple[tuple[int, tuple[str, ...]], ...]
    needed: bool


def plan_reset(path: Path, exercise: Exercise, lang: str) -> Reset:
    """Look what a reset would do; nothing is changed.

    Raises:
        NotebookProblem: the notebook cannot be read.
        WrongCall: nobody knows the cell as it came.
    """
    if exercise.starter is None:
        raise WrongCall(say("no_starter", lang))
    cells = read_code_cells(path)
    number = cell_of(exercise, cells)
    starter = exercise.starter.in_language(lang)
    also = tuple(
        (cell.number, tuple(names))
        for cell in cells
        if cell.number != number and (names := defined_in(cell, exercise))
    )
    return Reset(path, exercise, number, starter, also, _source(cells, number) != starter)


def carry_out(reset: Reset) -> Path:
    """Keep a copy of the notebook beside it and put the cell back; returns the copy's path.

    The notebook is replaced in one step. Its other cells, outputs and metadata stay.

    Raises:
        NotebookProblem: it cannot be read any more.
        OSError: the copy or the notebook cannot be written; the notebook is as it was.
    """
    path = reset.path.resolve()  # where it is a link, the file behind it
    before = path.read_bytes()
    try:
        notebook = json.loads(before.decode("utf-8-sig"))
    except ValueError as error:  # not to be guessed at: it is to be written again
        raise NotebookProblem(_NOT_UTF8) from error
    _put_back(notebook, reset)
    backup = _copy(path, reset.exercise.id)
    write_whole(path, as_file(notebook))
    shutil.copymode(backup, path)
    return backup


_NOT_UTF8 = Text(
    "The notebook holds bytes that are no UTF-8 text, and was left as it is.",
    "ノートブックにUTF-8として読めない部分があるので、何も変更していません。",
)


_OLD = Text(
    "The notebook is in a format of old: open and save it in Jupyter, then try again.",
    "ノートブックの形式が古いので、Jupyterで開いて保存してから、もう一度試してください。",
)


def _copy(path: Path, exercise: str) -> Path:
    """A copy beside the notebook, of a name that is free and that no notebook has."""
    number, backup = 1, path.with_name(f"{path.name}.before-reset-{exercise}.bak")
    while backup.exists():
        number += 1
        backup = path.with_name(f"{path.name}.before-reset-{exercise}-{number}.bak")
    shutil.copy2(path, backup)
    return backup


def _put_back(notebook: dict[str, Any], reset: Reset) -> None:
    if reset.number is None:
        if "cells" not in notebook:
            raise NotebookProblem(_OLD)
        cells = notebook["cells"]
        cells.insert(_place(cells, reset.exercise.id), _new_cell(notebook, reset))
        return
    code = [cell for cell in cells_of(notebook) if cell.get("cell_type") == "code"]
    cell = code[reset.number - 1]
    key = "source" if "source" in cell or "input" not in cell else "input"  # of format 3
    as_lines = isinstance(cell.get(key), list)
    cell[key] = reset.starter.splitlines(keepends=True) if as_lines else reset.starter
    cell["outputs"] = []
    for count in ("execution_count", "prompt_number"):
        if count in cell:
            cell[count] = None


def _place(cells: list[dict[str, Any]], exercise: str) -> int:
    """Behind the text that announces the exercise, else at the end."""

    def announces(cell: dict[str, Any]) -> bool:
        text = "".join(cell.get("source", ""))
        lines = (line for line in text.splitlines() if line.startswith("#"))
        return cell.get("cell_type") == "markdown" and any(exercise in line for line in lines)

    found = [index for index, cell in enumerate(cells) if announces(cell)]
    return found[-1] + 1 if found else len(cells)


def _new_cell(notebook: dict[str, Any], reset: Reset) -> dict[str, Any]:
    cell = {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {"exercise": reset.exercise.id},
        "outputs": [],
        "source": reset.starter.splitlines(keepends=True),
    }
    has_ids = (notebook.get("nbformat"), notebook.get("nbformat_minor", 0)) >= (4, 5)
    return {"id": cell_id(reset.exercise.id), **cell} if has_ids else cell


def _source(cells: list[CodeCell], number: int | None) -> str | None:
    return next((cell.source for cell in cells if cell.number == number), None)


def confirmed(question: str, ask: Callable[[str], str] = input) -> bool | None:
    """The answer to a question; None where nobody is there to answer."""
    try:
        return ask(question).strip().lower() in ("y", "yes", "はい")
    except EOFError:
        print()  # whoever reads the answer in a log finds it on a line of its own
        return None
