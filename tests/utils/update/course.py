"""Two versions of a small chapter's notebook, and what learners do to the first."""

from __future__ import annotations

import copy
import json

from utils.update.merging import merge_notebooks
from utils.update.notebook_file import Cell, Notebook, make_cell, read_notebook, write_notebook

SET_UP = """\
# Run this cell first.
from utils.tester import load_from_chapter_name, ready, use_solution

version = "student-en-1"
test_func, show_solution = load_from_chapter_name("01_small", lang="en")"""

DECAY = '''\
def decay(x, rate, log):
    """One step towards zero."""
    log.append(rate)  # given
    y = ...  # TODO The next state.
    return y


test_func(decay, "01_01")
# show_solution("01_01")'''

RUN = '''\
def run(steps, x0, rate, w):
    """Several steps."""
    x = x0
    for _ in range(steps):
        x = ...  # TODO Go on.
    y = ...  # TODO The output.
    return x, y


def solution(*args, **kwargs):
    return run(*args, **kwargs)


test_func(solution, "01_02", multiple_output=True)
# show_solution("01_02", "run")'''

QUESTION = """\
# TODO Try other rates.
...;
# show_solution("01_A1")"""

CELLS = {
    "title": ("markdown", "# A small chapter\n\nSomething decays in it, step by step."),
    "setup": ("code", SET_UP),
    "imports": ("code", "import numpy as np\n\nfrom utils.reservoir import Linear"),
    "text-1": ("markdown", "## Exercise 01_01\n\nWrite one step.\n\nIt is a short one."),
    "exercise-01_01": ("code", DECAY),
    "demo": ("code", "rates = np.linspace(0, 1, 5)\nsteps = 100\nprint(rates)\nprint(steps)"),
    "text-2": ("markdown", "## Exercise 01_02\n\nNow write the run, in two lines."),
    "exercise-01_02": ("code", RUN),
    "text-3": ("markdown", "### Advanced\n\nWhat happens for other rates?"),
    "answer-01_A1": ("code", QUESTION),
    "end": ("markdown", "That was all there is."),
}


def notebook(**changes) -> Notebook:
    """The course's notebook; ``changes`` by id with ``_`` for ``-``: a new text, None for gone."""
    cells = []
    for name, (kind, source) in CELLS.items():
        source = changes.get(name.replace("-", "_"), source)
        if source is not None:
            cells.append(make_cell(kind, source, name=name))
    frame = {
        "metadata": {"kernelspec": {"display_name": "Python 3", "name": "python3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return Notebook(tuple(cells), frame)


def place(book: Notebook, name: str) -> int:
    return next(i for i, cell in enumerate(book.cells) if cell.id == name)


def cell(book: Notebook, name: str) -> Cell:
    return book.cells[place(book, name)]


def edited(book: Notebook, name: str, old: str, new: str) -> Notebook:
    """The notebook with a text replaced in one cell, as a learner does it; its outputs are kept."""
    found = cell(book, name)
    assert old in found.source
    source = found.source.replace(old, new)
    return with_cells(book, name, Cell(found.kind, source, {**found.raw, "source": source}))


def with_cells(book: Notebook, name: str, *cells: Cell) -> Notebook:
    """The notebook with these cells in the place of one."""
    at = place(book, name)
    return Notebook((*book.cells[:at], *cells, *book.cells[at + 1 :]), book.frame)


def answered(book: Notebook) -> Notebook:
    """Both exercises solved."""
    book = edited(book, "exercise-01_01", "y = ...", "y = (1 - rate) * x")
    book = edited(book, "exercise-01_02", "x = ...", "x = decay(x, rate, [])")
    return edited(book, "exercise-01_02", "y = ...", "y = w(x)")


def ran(book: Notebook) -> Notebook:
    """With an output below each code cell."""
    cells = []
    for found in book.cells:
        raw = copy.deepcopy(found.raw)
        if found.kind == "code":
            text = {"output_type": "stream", "name": "stdout", "text": ["ran\n"]}
            raw |= {"execution_count": 1, "outputs": [text]}
        cells.append(Cell(found.kind, found.source, raw))
    return Notebook(tuple(cells), book.frame)


def stripped(book: Notebook) -> Notebook:
    """As Colab leaves it, in format 4.4: no ids, no marks of the course."""
    document = json.loads(write_notebook(book))
    document |= {"nbformat_minor": 4, "metadata": {"colab": {"provenance": []}}}
    for raw in document["cells"]:
        raw.pop("id", None)
        raw["metadata"] = {"id": "aBcD1234"}
    return read_notebook(json.dumps(document).encode(), "stripped")


def merge(base, mine, new, lang="en", canonical=True):
    """The merged notebook, and what is told: the names of the cells by kind of event."""
    merged = merge_notebooks(base, mine, new, lang, canonical)
    told: dict[str, list[str]] = {}
    for event in merged.events:
        told.setdefault(event.kind, []).append(event.cell.in_language(lang))
    return merged.notebook, told


def sources(book: Notebook) -> list[str]:
    return [cell.source for cell in book.cells]
