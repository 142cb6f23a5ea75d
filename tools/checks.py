"""What an exercise's file in solutions/CHAPTER/checks/ is written with."""

from __future__ import annotations

from dataclasses import dataclass

from utils.tester.records import Case
from utils.tester.rules import Exact, Numeric, Property
from utils.tester.text import Text

__all__ = ["Alternative", "Case", "Exact", "Mistake", "Numeric", "Property", "Text"]


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that learners give, written as a small change of the model's.

    Attributes:
        name: an identifier, unique in the exercise.
        replace: pairs (old, new) of text; each old must occur exactly once in the exercise's cell
            of the lesson, so that a mistake cannot rot silently.
        hint: leads to the thought without giving the line away.
    """

    name: str
    replace: tuple[tuple[str, str], ...]
    hint: Text


@dataclass(frozen=True)
class Alternative:
    """A right answer in another style: ``replace`` as in Mistake, or ``code``, definitions that
    come after the model's and override them."""

    name: str
    replace: tuple[tuple[str, str], ...] = ()
    code: str = ""
