"""What is kept of one exercise, and how it changes with what the learner does."""

from __future__ import annotations

from dataclasses import dataclass, replace

# Whoever does nothing for longer has gone for a walk: that time is not counted.
LONGEST_GAP = 30 * 60.0
# Verdicts for which something of the learner's was run.
_RAN = ("passed", "failed", "error", "timeout")


@dataclass(frozen=True)
class Kept:
    """What is kept of one exercise. Times are seconds since 1970, None for never.

    Attributes:
        status: of the last verdict for which something was run, else of the last; empty for none.
        attempts: how many different answers were judged until the first that passed.
        source: a hash of the last one, to tell the same answer judged again from another.
        begun: when the first one was judged.
        passed: when one passed first.
        seconds: an estimate of the time from ``begun`` to ``passed``, or to now.
        seen: when the learner did anything about this exercise last.
        hints: how many steps of the hints' ladder were taken before the pass.
        revealed: when the answer was shown or used first, before the pass.
    """

    status: str = ""
    attempts: int = 0
    source: str = ""
    begun: float | None = None
    passed: float | None = None
    seconds: float = 0.0
    seen: float = 0.0
    hints: int = 0
    revealed: float | None = None

    @property
    def is_passed(self) -> bool:
        """Whether an answer has ever passed; a later experiment takes nothing away."""
        return self.passed is not None

    @property
    def is_broken_since(self) -> bool:
        """Whether it passed once and did not the last time."""
        return self.is_passed and self.status not in ("passed", "")

    def after_verdict(self, status: str, source: str, now: float, last: float) -> Kept:
        """After a verdict.

        Args:
            status: the verdict's.
            source: a hash of the answer that was judged.
            now: the time.
            last: when the learner did anything about any exercise before.
        """
        if status not in _RAN:
            return replace(self._at(now, last), status=self.status if self.begun else status)
        after = self._at(now, last)
        if not self.is_passed and source != self.source:
            after = replace(after, attempts=self.attempts + 1)
        return replace(
            after,
            status=status,
            source=source,
            begun=now if self.begun is None else self.begun,
            passed=now if status == "passed" and self.passed is None else self.passed,
        )

    def after_hint(self, step: int, now: float, last: float) -> Kept:
        """After a step of the ladder, counted from 1; whoever has passed needed no help."""
        hints = self.hints if self.is_passed else max(self.hints, step)
        return replace(self._at(now, last), hints=hints)

    def after_answer(self, now: float, last: float) -> Kept:
        """After the answer was shown or used; whoever has passed may compare it."""
        is_first = self.revealed is None and not self.is_passed
        return replace(self._at(now, last), revealed=now if is_first else self.revealed)

    def _at(self, now: float, last: float) -> Kept:
        """At a later time, which counts while the exercise is worked on.

        From the last thing done about *any* exercise: who turns to another one for a while is not
        charged for it here.
        """
        worked = self.begun is not None and not self.is_passed
        gap = now - max(last, self.begun or 0.0)
        counts = worked and 0 < gap <= LONGEST_GAP
        return replace(self, seen=now, seconds=self.seconds + (gap if counts else 0.0))
