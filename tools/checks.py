"""What an exercise's file in solutions/CHAPTER/checks/ is written with."""

from __future__ import annotations

from dataclasses import dataclass

from utils.tester.records import Case
from utils.tester.rules import Exact
from utils.tester.text import Text

__all__ = ["Alternative", "Case", "Exact", "Mistake", "Numeric", "Property", "Text"]


@dataclass(frozen=True)
class Numeric:
    """Equal to the reference up to a tolerance, measured and placed by ``python -m tools record``.

    Errors are told beside the largest entry of the reference; see ``utils.tester.rules.Numeric``.
    """

    name: str


@dataclass(frozen=True)
class Property:
    """What must hold of an output, a function of ``utils.tester.properties`` by its name; by how
    much it may be violated is measured and placed too."""

    name: str
    check: str


DeclaredRule = Exact | Numeric | Property


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that learners give, written as a small change of the model's.

    It is known by what it returns; where it returns from no call, by what its exceptions say.

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
