"""What of a notebook decides about an exercise, as a hash: whoever watches tells by it what to
check anew."""

from __future__ import annotations

import ast
import hashlib
from pathlib import Path

from utils.check.worker import wanted_names
from utils.tester.attempts import find_attempt
from utils.tester.notebook import read_code_cells
from utils.tester.program import Program, read_program
from utils.tester.records import Chapter, Exercise
from utils.tester.slicing import slice_statements


def slice_hashes(path: Path, chapter: Chapter) -> dict[str, str]:
    """For each exercise a hash of the statements that judging it runs; comments do not count.

    Raises:
        NotebookProblem: the file cannot be read as a notebook.
    """
    program = read_program(read_code_cells(path), chapter, str)
    return {name: _hash(program, one, chapter) for name, one in chapter.exercises.items()}


def _hash(program: Program, exercise: Exercise, chapter: Chapter) -> str:
    attempt = find_attempt(program.statements, exercise)
    if attempt is None:  # it is missing, or in a cell that cannot be read
        texts = [cell.source.text for cell in program.broken]
    else:
        kept = slice_statements(attempt.above, wanted_names(attempt, exercise, chapter))
        texts = [ast.dump(node) for node in (*(one.node for one in kept), attempt.function)]
    digest = hashlib.sha256()
    for text in texts:
        digest.update(f"{len(text)}\n{text}".encode(errors="replace"))
    return digest.hexdigest()
