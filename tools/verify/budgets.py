"""How long things may take. Machines differ: what takes longer is reported, five times is refused.

A learner waits for a verdict and for demos; who is kept waiting stops trying things. What a
chapter's demos and answers may take is said in its set-up cell (``tools.lesson_cells.Cell``).
"""

from __future__ import annotations

from dataclasses import dataclass

REFUSED = 5  # times a budget
VERDICT = 1.0  # seconds, the model's answer on an exercise's public cases
UNTOUCHED = 20.0  # seconds, the untouched notebook from the first cell to the last
GATE = 240.0  # seconds, all of ``verify`` for a chapter


@dataclass(frozen=True)
class Spent:
    """What something cost beside what it may; without a budget it is only told."""

    what: str
    amount: float
    budget: float | None
    unit: str = "s"

    @property
    def over(self) -> bool:
        return self.budget is not None and self.amount > self.budget

    def problems(self) -> list[str]:
        """Whether it is beyond all reason."""
        if self.budget is None or self.amount <= REFUSED * self.budget:
            return []
        return [f"{self} is more than {REFUSED} times its budget"]

    def __str__(self) -> str:
        allowed = "" if self.budget is None else f" of {self.budget:g}"
        return f"{self.what}: {self.amount:.3g}{allowed} {self.unit}"
