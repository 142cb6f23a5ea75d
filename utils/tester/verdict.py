"""The checker's answer to a learner: what became of each case, and what is known about why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from utils.tester.compare import Difference
from utils.tester.diagnoses import Diagnosis
from utils.tester.learner_source import UntouchedGap
from utils.tester.outcome import Outcome
from utils.tester.records import Case, Exercise, KnownMistake
from utils.tester.rules import Rule

Status = Literal["passed", "failed", "not_attempted", "error", "timeout", "unavailable"]


@dataclass(frozen=True, eq=False)
class Failure:
    """One thing that is not as it should be in one case.

    Attributes:
        role: "output"; "count" for a wrong number of outputs; "mutated" for an input that should
            have been changed otherwise; "preserved" for one that should not have been changed.
        name: the output's or input's name.
        rule: how it is judged; None for a wrong number of outputs.
        difference: where and how it differs; None for a wrong number of outputs.
        expected, got: both sides as a whole.
    """

    role: Literal["output", "count", "mutated", "preserved"]
    name: str
    rule: Rule | None
    difference: Difference | None
    expected: Any
    got: Any


@dataclass(frozen=True, eq=False)
class CaseResult:
    """One case, called and judged."""

    number: int  # from 1, in the exercise's order
    case: Case
    outcome: Outcome
    failures: tuple[Failure, ...]
    changed: tuple[str, ...]  # inputs changed in place that nobody asked about

    @property
    def passed(self) -> bool:
        return self.outcome.finished and not self.failures


@dataclass(frozen=True, eq=False, repr=False)
class Verdict:
    """What ``test_func`` returns.

    Attributes:
        exercise: the exercise judged.
        status: "passed"; "failed"; "not_attempted" (no gap has been touched, nothing was run);
            "error" (the function raised, or cannot be called as it should be); "timeout";
            "unavailable" (a package that the exercise takes is not installed, nothing was run).
        results: the cases that were run, in order.
        untouched: the gaps still as they came.
        mistake: the known mistake whose outputs these are.
        diagnosis: the general mistake that explains them.
        unready: the exercises that this one needs and that are not done yet.
        lang: the language that its texts are in, "en" or "ja".
        lacking: the packages that are not installed.
        next_hint: the call that shows the next of the exercise's hints, if one is left.
    """

    exercise: Exercise
    status: Status
    results: tuple[CaseResult, ...] = ()
    untouched: tuple[UntouchedGap, ...] = ()
    mistake: KnownMistake | None = None
    diagnosis: Diagnosis | None = None
    unready: tuple[str, ...] = ()
    lang: str = "en"
    lacking: tuple[str, ...] = ()
    next_hint: str = ""

    @property
    def passed(self) -> bool:
        """Whether the exercise is solved."""
        return self.status == "passed"

    @property
    def hint(self) -> str | None:
        """What a teacher says to the mistake that was recognised; None if none was."""
        return self.mistake.hint.in_language(self.lang) if self.mistake else None

    @property
    def first_failure(self) -> CaseResult | None:
        """The first case that did not pass."""
        return next((result for result in self.results if not result.passed), None)

    def __str__(self) -> str:
        from utils.tester.report import report_of
        from utils.tester.show_text import as_text

        return as_text(report_of(self))

    def __repr__(self) -> str:
        # test_func has shown it already; as the last line of a cell it must not appear again.
        return ""

    def _ipython_display_(self) -> None:
        """Nothing more, for the same reason."""
