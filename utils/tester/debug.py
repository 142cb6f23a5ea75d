"""What ``debug_mode`` prints: each case as it is called, and what came back."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import Any

from utils.tester.messages import say
from utils.tester.outcome import Outcome
from utils.tester.records import Case, Exercise
from utils.tester.written import value_text


def traced(
    call: Callable[[Case], Outcome], exercise: Exercise, function: Any, lang: str
) -> Callable[[Case], Outcome]:
    """``call``, printing before and after."""
    numbers = {id(case): number for number, case in enumerate(exercise.cases, start=1)}
    called: set[int] = set()

    def traced_call(case: Case) -> Outcome:
        label = case.label.in_language(lang)
        name = "debug_call_again" if id(case) in called else "debug_call"
        called.add(id(case))
        print(say(name, lang, number=numbers[id(case)], label=label))
        name = case.call or getattr(function, "__name__", "function")
        lines = [f"    {key}={value_text(value)}," for key, value in case.inputs.items()]
        print("\n".join([f"  {name}(", *lines, "  )"]))
        outcome = call(case)
        if outcome.printed:
            print(textwrap.indent(outcome.printed.rstrip(), "  | "))
        print(f"  -> {_result(outcome, lang)}")
        return outcome

    return traced_call


def _result(outcome: Outcome, lang: str) -> str:
    if outcome.timed_out:
        return say("timeout", lang)
    if outcome.raised:
        return f"{outcome.raised.kind}: {outcome.raised.message}"
    if outcome.misfit:
        return say("error", lang)
    return value_text(outcome.returned)
