"""What is known of an exercise when a learner is judged: cases, references, gaps, mistakes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from utils.tester.rules import Rule
from utils.tester.text import Text


@dataclass(frozen=True)
class Case:
    """One call of the learner's function and what must come of it.

    Attributes:
        label: the case in words, as feedback names it.
        inputs: keyword arguments of the call, made fresh for each call by whoever judges.
        call: the function called, by name in the learner's namespace; None for the one handed to
            ``test_func``.
        outputs: one rule for each output; several when the function returns a tuple of outputs.
            None stands for the exercise's own rules.
        mutates: names of inputs that the function has to change as the model does.
        preserves: names of inputs that it must leave as they were.
        extras: recorded values that a property needs beside the inputs.
        expected: the model's outputs, one for each rule (filled in by ``python -m tools record``).
        after: what each input in ``mutates`` is after the call (filled in by ``record``).
        after_rtol: how near to that it has to come, as the ``rtol`` of ``Numeric`` (filled in by
            ``record``).
    """

    label: Text
    inputs: dict[str, Any]
    call: str | None = None
    outputs: tuple[Rule, ...] | None = None
    mutates: tuple[str, ...] = ()
    preserves: tuple[str, ...] = ()
    extras: dict[str, Any] = field(default_factory=dict)
    expected: tuple[Any, ...] = ()
    after: dict[str, Any] = field(default_factory=dict)
    after_rtol: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Gap:
    """A place the learner fills: the function it stands in and its TODO text."""

    function: str
    text: Text


@dataclass(frozen=True)
class KnownMistake:
    """A mistake others have made: its hint, and what its outputs look like on the public cases.

    ``prints[i]`` belongs to ``cases[i]``: a list with one fingerprint for each output and watched
    input, None where it is as the model's, or a dict that says how the call ended instead of
    returning: with which exception, saying what (see ``utils.tester.fingerprints``).
    """

    name: str
    hint: Text
    prints: tuple[Any, ...]


@dataclass(frozen=True)
class Exercise:
    """Everything that judging one exercise takes."""

    id: str
    title: Text
    functions: tuple[str, ...]  # the names its cell defines for the learner, harness left out
    harness: str | None  # the gap-free adapter handed to test_func, if there is one
    gaps: tuple[Gap, ...]
    outputs: tuple[Rule, ...]
    cases: tuple[Case, ...]
    mistakes: tuple[KnownMistake, ...]
    points: float = 1.0
    minutes: int = 15
    needs: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()  # beyond requirements.txt, such as "torch"
    hints: tuple[Text, ...] = ()  # where to look, then how; shown one by one to whoever asks
    starter: Text | None = None  # the cell as learners get it, gaps and all


@dataclass(frozen=True)
class Chapter:
    """One chapter's exercises, as ``chapters/checks/NAME.npz`` holds them."""

    name: str
    exercises: dict[str, Exercise]
