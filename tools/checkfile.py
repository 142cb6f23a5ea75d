"""Loading an exercise's check file, ``solutions/CHAPTER/checks/ID.py``."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tools.checks import Alternative, Case, Mistake, Text
from utils.tester.rules import Rule


class CheckFileError(Exception):
    """A check file that cannot be used; its text is ``file: what. remedy.``"""


@dataclass(frozen=True)
class CheckFile:
    """What a check file defines; see ``tools.checks``.

    Attributes:
        file: its path relative to the project's root, for messages.
        title, outputs, mistakes, alternatives: its TITLE, OUTPUTS, MISTAKES and ALTERNATIVES.
        cases: makes the public cases.
        draw: makes one random case, hidden ones among them.
    """

    file: str
    title: Text
    outputs: tuple[Rule, ...]
    cases: Callable[[], list[Case]]
    draw: Callable[[np.random.Generator], Case]
    mistakes: tuple[Mistake, ...]
    alternatives: tuple[Alternative, ...]


def check_path(root: Path, chapter: str, exercise: str) -> Path:
    """Where the check file of an exercise stands."""
    return root / "solutions" / chapter / "checks" / f"{exercise}.py"


def load_check_file(root: Path, chapter: str, exercise: str) -> CheckFile:
    """Run a check file and take what it defines.

    Raises:
        CheckFileError: it is missing, fails, or lacks a definition.
    """
    path = check_path(root, chapter, exercise)
    file = path.relative_to(root).as_posix()
    if not path.is_file():
        raise CheckFileError(f"{file}: missing. Run python -m tools new {chapter} {exercise}.")
    spec = importlib.util.spec_from_file_location(f"checks of {chapter} {exercise}", path)
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:  # whatever an instructor's file may raise
        raise CheckFileError(f"{file}: {type(error).__name__}: {error}. Correct it.") from error
    defined = {}
    for name in ("TITLE", "OUTPUTS", "cases", "draw", "MISTAKES", "ALTERNATIVES"):
        if not hasattr(module, name):
            raise CheckFileError(f"{file}: {name} is not defined. See tools/checks.py.")
        defined[name.lower()] = getattr(module, name)
    return CheckFile(file=file, **defined)
