"""What is wrong in a cell of a lesson, by line."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: the line it stands on (from 1), what it is and what to do."""

    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.line}: {self.what}. {self.remedy}."


class CellError(Exception):
    """A cell that cannot be used as it stands; ``problems`` holds all that is wrong with it."""

    def __init__(self, problems: list[Problem]):
        self.problems = sorted(problems, key=lambda problem: problem.line)
        super().__init__("\n".join(f"line {problem}" for problem in self.problems))


def no_python(error: Exception) -> CellError:
    """What to raise where ``ast`` or ``tokenize`` failed with ``error``."""
    line = getattr(error, "lineno", None) or 1
    what = getattr(error, "msg", None) or str(error)
    return CellError([Problem(line, f"this is no Python: {what}", "Correct the syntax")])
