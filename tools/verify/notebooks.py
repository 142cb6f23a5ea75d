"""The notebooks in a real kernel: solved ones run through, untouched ones ask for work."""

from __future__ import annotations

import tempfile
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from tools import executed
from tools.lesson import ROOT, Lesson
from tools.notebook import make_notebook
from tools.verify.budgets import UNTOUCHED, Spent
from tools.verify.execution import Execution, execute, read

# Figures tell what they show. The names that this takes are none of the notebook's.
DESCRIBING = ROOT / "tools" / "describing.py"
DESCRIBE = f"__import__('runpy').run_path({str(DESCRIBING)!r})['install'](get_ipython())"


def run_demos(lesson: Lesson, root: Path = ROOT) -> tuple[list[str], list[Spent]]:
    """What is wrong when the solved notebook is run without its advanced answers, and what it cost.

    Most learners leave them out, so that nothing may need them.
    """
    done = execute_solved(lesson, root, advanced=False)
    return problems_of(done, lesson, "passed"), _spent_on_demos(done, lesson)


def run_solved(lesson: Lesson, root: Path = ROOT) -> tuple[list[str], list[Spent]]:
    """The same of the whole solved notebook, of which the advanced answers are counted."""
    done = execute_solved(lesson, root, advanced=True)
    return problems_of(done, lesson, "passed"), _spent_on_answers(done, lesson)


def run_both(lesson: Lesson, root: Path = ROOT) -> tuple[list[str], list[Spent]]:
    """``run_demos`` and ``run_solved`` in one run, where the advanced answers come last."""
    path = executed.path_of(root, lesson.chapter, solved_notebook(lesson, root, advanced=False))
    done = execute_solved(lesson, root, advanced=True)
    demos, problems = done.without_answers(), problems_of(done, lesson, "passed")
    if not problems:
        executed.keep(path, demos.notebook)
    return problems, [*_spent_on_demos(demos, lesson), *_spent_on_answers(done, lesson)]


def answers_come_last(lesson: Lesson) -> bool:
    """Whether nothing is run after the first advanced answer but others."""
    answers = [bool(cell.answer) for cell in lesson.cells if cell.kind == "code"]
    return answers == sorted(answers)


def _spent_on_demos(done: Execution, lesson: Lesson) -> list[Spent]:
    return [
        Spent("demos and exercises", sum(done.seconds.values()), lesson.setup.demos),
        Spent("demos and exercises, memory", done.peak_megabytes, lesson.setup.megabytes, "MB"),
    ]


def _spent_on_answers(done: Execution, lesson: Lesson) -> list[Spent]:
    advanced = sum(
        seconds
        for index, seconds in done.seconds.items()
        if "answer" in done.notebook.cells[index].metadata
    )
    return [
        Spent("advanced answers", advanced, lesson.setup.advanced),
        Spent("with the advanced answers, memory", done.peak_megabytes, None, "MB"),
    ]


def execute_solved(lesson: Lesson, root: Path, advanced: bool) -> Execution:
    """Run the English solved notebook, with or without the answers to its advanced questions.

    What it showed is kept (``tools.executed``), if all went well: the site need not run it again.
    Where a package is missing, it runs through too, and shows little.
    """
    notebook = solved_notebook(lesson, root, advanced)
    # Before it runs: what it shows is that of the library as it is now.
    path = executed.path_of(root, lesson.chapter, notebook)
    with tempfile.TemporaryDirectory() as scratch:
        done = execute(notebook, Path(scratch), before=DESCRIBE)
    if not problems_of(done, lesson, "passed"):
        executed.keep(path, done.notebook)
    return done


def solved_notebook(lesson: Lesson, root: Path, advanced: bool) -> NotebookNode:
    """What ``execute_solved`` runs."""
    notebook = nbformat.reads(make_notebook(lesson, "en", root, solved=True), as_version=4)
    if not advanced:
        notebook.cells = [cell for cell in notebook.cells if "answer" not in cell.metadata]
    return notebook


def run_untouched(lesson: Lesson, lang: str, root: Path = ROOT) -> tuple[list[str], list[Spent]]:
    """The same of the notebook that learners get in ``lang``."""
    folder = root / "chapters" / lang
    done = execute(read(folder / f"{lesson.chapter}.ipynb"), folder)
    spent = Spent(f"untouched notebook ({lang})", sum(done.seconds.values()), UNTOUCHED)
    shown = [
        f"cell {cell.id} shows something, untouched as it is"
        for cell in done.notebook.cells
        if "answer" in cell.metadata and cell.outputs
    ]
    return [*problems_of(done, lesson, "not_attempted"), *shown], [spent]


def problems_of(done: Execution, lesson: Lesson, status: str) -> list[str]:
    """Cells that end in an error, and exercises whose verdict is not ``status``."""
    problems = [
        f"cell {done.notebook.cells[index].id} ends in an error: {error}"
        for index, error in done.errors.items()
    ]
    for cell in lesson.exercises:
        shown = done.verdicts.get(cell.exercise, "no verdict")
        if shown != status:
            problems.append(f"exercise {cell.exercise}: {shown} where {status} is due")
    return problems
