"""Whatever a learner and the course did, every line that the learner wrote is in the result."""

from __future__ import annotations

from collections import Counter

from course import CELLS, make_cell, notebook, stripped
from hypothesis import given, settings
from hypothesis import strategies as st

from utils.update.course_cell import exercise_of
from utils.update.merging import merge_notebooks
from utils.update.notebook_file import Cell, Notebook, read_notebook, write_notebook

BASE = notebook()


def _changed_by_course(source, draw):
    lines = source.split("\n")
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        what = draw(st.sampled_from(["change", "insert", "delete"]))
        if what == "change":
            lines[at] = lines[at] + "  # reworded"
        elif what == "insert":
            lines.insert(at, "# a line of the new version")
        elif len(lines) > 1:
            del lines[at]
    return "\n".join(lines)


@st.composite
def new_versions(draw):
    names = draw(st.lists(st.sampled_from(list(CELLS)), max_size=4, unique=True))
    changes = {}
    for name in names:
        gone = name != "setup" and draw(st.booleans())
        text = None if gone else _changed_by_course(CELLS[name][1], draw)
        changes[name.replace("-", "_")] = text
    cells = list(notebook(**changes).cells)
    if draw(st.booleans()):
        at = draw(st.integers(0, len(cells)))
        cells.insert(at, make_cell("markdown", "A new text.", name="fresh"))
    if draw(st.booleans()):
        cells.append(cells.pop(draw(st.integers(0, len(cells) - 1))))
    return Notebook(tuple(cells), BASE.frame)


class _Learner:
    """Does things to a notebook; what they wrote is in ``wrote``."""

    def __init__(self, draw):
        self.draw, self.cells, self.wrote = draw, list(BASE.cells), []

    def act(self):
        actions = (
            *(self.write, self.write, self.write, self.replace, self.delete_line, self.add),
            *(self.split, self.merge, self.move, self.delete, self.copy, self.turn),
        )
        self.draw(st.sampled_from(actions))()

    def line(self):
        odd = self.draw(st.sampled_from(["", "    ", "def run(", "日本語", "'''", "%magic "]))
        text = f"{odd} mine_{len(self.wrote)}_"
        self.wrote.append(text.strip())
        return text

    def place(self):
        return self.draw(st.integers(0, len(self.cells) - 1))

    def put(self, place, source):
        cell = self.cells[place]
        self.cells[place] = Cell(cell.kind, source, {**cell.raw, "source": source})

    def lines(self, place):
        return self.cells[place].source.split("\n")

    def write(self):
        place = self.place()
        lines = self.lines(place)
        lines.insert(self.draw(st.integers(0, len(lines))), self.line())
        self.put(place, "\n".join(lines))

    def replace(self):
        place = self.place()
        lines = self.lines(place)
        at = self.draw(st.integers(0, len(lines) - 1))
        if "mine_" not in lines[at]:
            lines[at] = self.line()
        self.put(place, "\n".join(lines))

    def delete_line(self):
        place = self.place()
        lines = self.lines(place)
        at = self.draw(st.integers(0, len(lines) - 1))
        if "mine_" not in lines[at]:
            del lines[at]
        self.put(place, "\n".join(lines))

    def add(self):
        kind = self.draw(st.sampled_from(["code", "markdown", "raw"]))
        self.cells.insert(self.place(), make_cell(kind, self.line()))

    def split(self):
        place = self.place()
        lines = self.lines(place)
        at = self.draw(st.integers(0, len(lines)))
        kind = self.cells[place].kind
        self.put(place, "\n".join(lines[:at]))
        self.cells.insert(place + 1, make_cell(kind, "\n".join(lines[at:])))

    def merge(self):
        place = self.place()
        if place + 1 < len(self.cells):
            self.put(place, f"{self.cells[place].source}\n\n{self.cells[place + 1].source}")
            del self.cells[place + 1]

    def move(self):
        cell = self.cells.pop(self.place())
        self.cells.insert(self.draw(st.integers(0, len(self.cells))), cell)

    def delete(self):
        place = self.place()
        if "mine_" not in self.cells[place].source and len(self.cells) > 1:
            del self.cells[place]

    def copy(self):
        place = self.place()
        cell = self.cells[place]
        self.cells.insert(self.place(), make_cell(cell.kind, cell.source))

    def turn(self):
        place = self.place()
        kind = self.draw(st.sampled_from(["code", "markdown"]))
        self.cells[place] = make_cell(kind, self.cells[place].source, name=self.cells[place].id)


@st.composite
def learners(draw):
    learner = _Learner(draw)
    for _ in range(draw(st.integers(1, 12))):
        learner.act()
    book = Notebook(tuple(learner.cells), BASE.frame)
    if draw(st.booleans()):
        book = stripped(book)
    return book, learner.wrote


@settings(max_examples=300)
@given(learners(), new_versions(), st.booleans())
def test_every_line_of_the_learners_is_in_the_result(learner, new, canonical):
    mine, wrote = learner
    merged = merge_notebooks(BASE, mine, new, "en", canonical)
    text = "\n".join(cell.source for cell in merged.notebook.cells)
    assert [line for line in wrote if line not in text] == []
    count = Counter(cell.id for cell in merged.notebook.cells)
    assert set(count.values()) <= {1}
    assert read_notebook(write_notebook(merged.notebook), "again") == merged.notebook


@settings(max_examples=100)
@given(learners())
def test_without_a_new_version_nothing_but_ids_changes_unless_a_cell_was_deleted(learner):
    mine, _ = learner
    merged = merge_notebooks(BASE, mine, BASE, "en")
    before = Counter((cell.kind, cell.source) for cell in mine.cells)
    after = Counter((cell.kind, cell.source) for cell in merged.notebook.cells)
    assert before <= after
    assert after - before <= Counter((cell.kind, cell.source) for cell in BASE.cells)


@settings(max_examples=100)
@given(learners(), new_versions())
def test_a_second_update_to_the_same_version_changes_nothing(learner, new):
    mine, _ = learner
    once = merge_notebooks(BASE, mine, new, "en").notebook
    again = merge_notebooks(new, once, new, "en").notebook
    assert [cell.source for cell in again.cells] == [cell.source for cell in once.cells]


def test_a_cell_that_took_an_exercises_function_in_keeps_it():
    cells = [cell for cell in BASE.cells if exercise_of(cell) != "01_02"]
    at = next(i for i, cell in enumerate(cells) if cell.source.startswith("import numpy"))
    cells[at] = make_cell("code", f"def run(x0):\n    return x0\n\n\n{cells[at].source}")
    mine = stripped(Notebook(tuple(cells), BASE.frame))
    once = merge_notebooks(BASE, mine, BASE, "en").notebook
    again = merge_notebooks(BASE, once, BASE, "en").notebook
    assert [cell.source for cell in again.cells] == [cell.source for cell in once.cells]


def test_an_advanced_question_merged_with_an_exercise_stays_there():
    merged = ("exercise-01_02", "text-3", "answer-01_A1")
    cells = [cell for cell in BASE.cells if cell.id not in merged]
    joined = "\n\n".join(CELLS[name][1] for name in merged)
    cells.insert(-1, make_cell("code", joined, name="exercise-01_02"))
    new = notebook(answer_01_A1=CELLS["answer-01_A1"][1].replace("rates.", "rates.  # reworded"))
    once = merge_notebooks(BASE, Notebook(tuple(cells), BASE.frame), new, "en").notebook
    again = merge_notebooks(new, once, new, "en").notebook
    assert [cell.source for cell in again.cells] == [cell.source for cell in once.cells]
