"""What must hold for a lesson's cells, each by itself and one beside another."""

from __future__ import annotations

import ast
import tokenize
from collections.abc import Iterator
from pathlib import Path

from tools.exercise import split_exercise
from tools.gaps import cut_answer, find_gaps
from tools.lesson_cells import Cell, is_exercise_id
from tools.markers import read_markers, read_tokens
from tools.problems import CellError, Problem, no_python


def problems_of_cell(cell: Cell) -> list[str]:
    """What is wrong with one cell, as ``file:line: what. remedy.``"""
    if not cell.source.strip():
        return [cell.problem("the cell is empty", "Fill or remove it")]
    if cell.kind == "markdown":
        return _of_shared_markdown(cell)
    try:
        if cell.exercise:
            found = _of_exercise(cell)
        elif cell.answer:
            cut_answer(cell.source, "en", cell.answer)
            found = []
        else:
            found = _of_other_code(cell)
    except CellError as error:
        found = error.problems
    return [cell.problem(problem.what, problem.remedy, problem.line) for problem in found]


def problems_of_chapter(cells: list[Cell], folder: Path, root: Path) -> list[str]:
    """What is wrong between the cells of a chapter, and between them and ``folder``/checks."""
    where = folder.relative_to(root).as_posix()
    return [
        *_untranslated(cells),
        *_of_setup(cells, where),
        *_unordered([(cell, cell.exercise) for cell in cells if cell.exercise]),
        *_unordered([(cell, cell.answer) for cell in cells if cell.answer]),
        *_of_needs(cells),
        *_of_check_files(cells, folder / "checks", root),
    ]


def _of_shared_markdown(cell: Cell) -> list[str]:
    """Formulas, pictures and references read alike in both languages; words do not."""
    outside = "".join(cell.source.split("$$")[::2])
    wordy = [line for line in outside.splitlines() if line.strip() and "](" not in line]
    if cell.lang or not wordy:
        return []
    return [
        cell.problem(
            f"markdown without a language holds words: '{wordy[0]}'",
            'Give it lang="en" and a sibling of lang="ja"; only $$ ... $$ and lines with a link '
            "or a picture are shared",
        )
    ]


def _of_exercise(cell: Cell) -> list[Problem]:
    problems: list[Problem] = []
    gaps = _collect(problems, find_gaps, cell.source)
    parts = _collect(problems, split_exercise, cell.source)
    if gaps == []:
        problems.append(
            Problem(1, "the exercise has no gap", "Mark what the learner writes with '# TODO'")
        )
    for gap in gaps or []:
        if not gap.function:
            remedy = "Mark statements inside the functions"
            problems.append(Problem(gap.line, "a gap outside of any function", remedy))
        if gap.function.partition(".")[0] == "solution":
            problems.append(
                Problem(gap.line, "the harness has a gap", "Move the gap into another function")
            )
    if parts and parts.exercise != cell.exercise:
        problems.append(
            Problem(
                parts.test_line,
                f"exercise {cell.exercise} is tested as {parts.exercise!r}",
                f'Write "{cell.exercise}"',
            )
        )
    return problems


def _collect(problems: list[Problem], read, source: str):
    """``read(source)``, or None and its problems added to those not listed yet."""
    try:
        return read(source)
    except CellError as error:
        problems += [problem for problem in error.problems if problem not in problems]
        return None


def _of_other_code(cell: Cell) -> list[Problem]:
    """Neither gap nor test stands where no exercise is, lest an answer be shown uncut."""
    try:
        tree = ast.parse(cell.source)
        _, comments = read_tokens(cell.source)
    except (SyntaxError, ValueError, tokenize.TokenError) as error:
        raise no_python(error) from None
    markers, problems = read_markers(comments)
    lines = [marker.comment.line for marker in markers]
    lines += [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "test_func"
    ]
    remedy = 'Write exercise="..." or answer="..." behind the cell\'s "# %%", or remove it'
    return problems + [
        Problem(line, "a gap or a test in a cell that is no exercise", remedy) for line in lines
    ]


def _untranslated(cells: list[Cell]) -> Iterator[str]:
    """English and Japanese siblings follow each other at once, in this order."""
    before = [None, *cells]
    after = [*cells[1:], None]
    for cell, previous, following in zip(cells, before, after, strict=False):
        if cell.lang == "en" and not _is_markdown(following, "ja"):
            yield cell.problem(
                "the English cell has no Japanese sibling",
                'Write a cell with lang="ja" right below it',
            )
        if cell.lang == "ja" and not _is_markdown(previous, "en"):
            yield cell.problem(
                "the Japanese cell has no English sibling",
                'Write a cell with lang="en" right above it',
            )


def _is_markdown(cell: Cell | None, lang: str) -> bool:
    return cell is not None and cell.kind == "markdown" and cell.lang == lang


def _of_setup(cells: list[Cell], where: str) -> Iterator[str]:
    setups = [cell for cell in cells if cell.setup]
    remedy = "Let one cell '# %% setup=true' be the chapter's first code cell"
    if not setups:
        yield f"{where}/lesson:1: the chapter has no set-up cell. {remedy}."
    for cell in setups[1:]:
        yield cell.problem("a second set-up cell", remedy)
    code = [cell for cell in cells if cell.kind == "code"]
    if setups and setups[0] is not code[0]:
        yield setups[0].problem("code stands before the set-up cell", remedy)


def _unordered(ids: list[tuple[Cell, str]]) -> Iterator[str]:
    largest = ""
    for cell, name in ids:
        # A longer number is a larger one: 02_A9 < 02_A10.
        if largest and _rank(name) <= _rank(largest):
            what = "is there already" if name == largest else f"comes after {largest}"
            yield cell.problem(f"{name} {what}", "Number in the order of the lesson, none twice")
        largest = max(largest, name, key=_rank)


def _rank(name: str) -> tuple[str, int]:
    section, _, number = name.partition("_")
    return section, int(number.lstrip("A") or 0)


def _of_needs(cells: list[Cell]) -> Iterator[str]:
    earlier: list[str] = []
    for cell in cells:
        for name in cell.needs:
            if name not in earlier:
                yield cell.problem(
                    f"{cell.exercise} needs {name}, which does not come before it",
                    "Name earlier exercises alone",
                )
        if cell.exercise:
            earlier.append(cell.exercise)


def _of_check_files(cells: list[Cell], checks: Path, root: Path) -> Iterator[str]:
    """One check file for each exercise; a name that begins with "_" is for what they share."""
    where = checks.relative_to(root).as_posix()
    present = {path.stem for path in checks.glob("*.py") if not path.name.startswith("_")}
    exercises = {cell.exercise: cell for cell in cells if cell.exercise}
    for name, cell in exercises.items():
        if name not in present:
            yield cell.problem(f"exercise {name} has no check file", f"Write {where}/{name}.py")
    for name in sorted(present - set(exercises)):
        what = "no exercise has this id" if is_exercise_id(name) else "this is no exercise's id"
        yield f"{where}/{name}.py:1: {what}. Rename or remove the file."
