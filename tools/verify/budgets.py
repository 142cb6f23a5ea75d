"""How long things may take. Machines differ: what takes longer is reported, five times is refused.

A learner waits for a verdict and for demos; who is kept waiting stops trying things.
"""

from __future__ import annotations

from dataclasses import dataclass

REFUSED = 5  # times a budget
VERDICT = 1.0  # seconds, the model's answer on an exercise's public cases
UNTOUCHED = 20.0  # seconds, the untouched notebook from the first cell to the last
DEMOS = 30.0  # seconds, demos and exercises of the solved notebook
ADVANCED = 60.0  # seconds more, the answers to its advanced questions
MEMORY = 600.0  # MB, the kernel's process in the solved notebook
GATE = 240.0  # seconds, all of ``verify`` for a chapter


@dataclass(frozen=True)
class Spent:
    """What something cost beside what it may."""

    what: str
    amount: float
    budget: float
    unit: str = "s"

    @property
    def over(self) -> bool:
        return self.amount > self.budget

    def problems(self) -> list[str]:
        """Whether it is beyond all reason."""
        if self.amount <= REFUSED * self.budget:
            return []
        return [f"{self} is more than {REFUSED} times its budget"]

    def __str__(self) -> str:
        return f"{self.what}: {self.amount:.3g} of {self.budget:g} {self.unit}"
