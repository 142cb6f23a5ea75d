"""Loading an exercise's check file, ``solutions/CHAPTER/checks/ID.py``."""

from __future__ import annotations

import importlib.util
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tools.checks import (
    Alternative,
    Case,
    DeclaredRule,
    Exact,
    Mistake,
    Numeric,
    Property,
    Text,
)

RULES = (Exact, Numeric, Property)
HINTS = 2  # of an exercise: where to look, and how


class CheckFileError(Exception):
    """A check file that cannot be used; its text is ``file:line: what. remedy.``"""


@dataclass(frozen=True)
class CheckFile:
    """What a check file defines; see ``tools.checks``.

    Attributes:
        file: its path relative to the project's root, for messages.
        title, hints, outputs, mistakes, alternatives: its TITLE, HINTS, OUTPUTS, MISTAKES and
            ALTERNATIVES.
        make_cases: its ``cases``, which makes the public ones.
        make_draw: its ``draw``, which makes one random case, hidden ones among them.
    """

    file: str
    title: Text
    hints: tuple[Text, ...]
    outputs: tuple[DeclaredRule, ...]
    make_cases: Callable[[], list[Case]]
    make_draw: Callable[[np.random.Generator], Case]
    mistakes: tuple[Mistake, ...]
    alternatives: tuple[Alternative, ...]

    def cases(self) -> list[Case]:
        """The public cases, made anew.

        Raises:
            CheckFileError: making them failed.
        """
        return _run(self.make_cases, self.file)

    def draw(self, rng: np.random.Generator) -> Case:
        """One random case.

        Raises:
            CheckFileError: drawing failed.
        """
        return _run(lambda: self.make_draw(rng), self.file)


def check_path(root: Path, chapter: str, exercise: str) -> Path:
    """Where the check file of an exercise stands."""
    return root / "solutions" / chapter / "checks" / f"{exercise}.py"


def load_check_file(root: Path, chapter: str, exercise: str) -> CheckFile:
    """Run a check file and take what it defines.

    Raises:
        CheckFileError: it is missing, fails, or defines something else.
    """
    path = check_path(root, chapter, exercise)
    file = path.relative_to(root).as_posix()
    if not path.is_file():
        raise CheckFileError(f"{file}:1: missing. Run python -m tools new {chapter} {exercise}.")
    spec = importlib.util.spec_from_file_location(f"checks of {chapter} {exercise}", path)
    module = importlib.util.module_from_spec(spec)
    _run(lambda: spec.loader.exec_module(module), file)

    def take(name: str, fits: Callable[[Any], bool], remedy: str) -> Any:
        if not (hasattr(module, name) and fits(getattr(module, name))):
            raise CheckFileError(f"{file}:1: {name} is missing or malformed. {remedy}.")
        return getattr(module, name)

    return CheckFile(
        file=file,
        title=take("TITLE", lambda title: isinstance(title, Text), "Write Text(english, japanese)"),
        hints=take(
            "HINTS",
            _are_hints,
            "Write (Text(english, japanese), Text(english, japanese)): where to look, then how",
        ),
        outputs=take("OUTPUTS", _tuple_of(*RULES), 'Write a tuple of rules, (Numeric("y"),)'),
        make_cases=take("cases", callable, "Write a function that returns a list of Case"),
        make_draw=take(
            "draw", callable, "Write a function that takes a generator and returns a Case"
        ),
        mistakes=take("MISTAKES", _tuple_of(Mistake), "Write a tuple of Mistake"),
        alternatives=take("ALTERNATIVES", _tuple_of(Alternative), "Write a tuple of Alternative"),
    )


def _are_hints(value: Any) -> bool:
    """Two texts, and something in each language of both."""
    return (
        _tuple_of(Text)(value)
        and len(value) == HINTS
        and all(half.strip() for hint in value for half in (hint.en, hint.ja))
    )


def _tuple_of(*classes: type) -> Callable[[Any], bool]:
    return lambda value: (
        isinstance(value, tuple) and all(isinstance(item, classes) for item in value)
    )


def _run(action: Callable[[], Any], file: str) -> Any:
    """``action()``, with the line of the check file named where it fails."""
    try:
        return action()
    except Exception as error:  # whatever an instructor's code may raise
        lines = [
            frame.lineno
            for frame in traceback.extract_tb(error.__traceback__)
            if Path(frame.filename).as_posix().endswith(file)
        ]
        line = lines[-1] if lines else getattr(error, "lineno", None) or 1
        raise CheckFileError(
            f"{file}:{line}: {type(error).__name__}: {error}. Correct it."
        ) from error
