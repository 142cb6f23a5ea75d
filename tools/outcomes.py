"""What calls came to, in words for instructors."""

from __future__ import annotations

from utils.tester.outcome import Outcome


def ending(outcome: Outcome) -> str:
    """Why a call returned nothing, briefly."""
    if outcome.timed_out:
        return "the time limit"
    if outcome.misfit:
        return f"the call does not fit {outcome.misfit.function}"
    return f"{outcome.raised.kind}: {outcome.raised.message}"
