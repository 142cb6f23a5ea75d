"""``solutions/CHAPTER/equivalents.toml``: mutants that are right answers too, and why.

    [[equivalent]]
    exercise = "03_01"
    before = "k = P @ x"
    after = ["k = (x) @ (P)"]
    reason = "P is symmetric."

The lines are those that a mutant changes, as the report prints them: what they were, and each of
the ways of writing them that come to the same.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

Change = tuple[str, str, str]  # exercise, lines before, lines after


class EquivalentsError(Exception):
    """A file that cannot be used; its text is ``file: what. remedy.``"""


def equivalents_path(chapter: str, root: Path) -> Path:
    """Where a chapter's equivalent mutants are recorded."""
    return root / "solutions" / chapter / "equivalents.toml"


def load_equivalents(chapter: str, root: Path) -> dict[Change, str]:
    """The reason of each recorded mutant; nothing where there is no file.

    Raises:
        EquivalentsError: the file is malformed, or a mutant stands in it twice.
    """
    path = equivalents_path(chapter, root)
    if not path.is_file():
        return {}
    name = path.relative_to(root).as_posix()
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))["equivalent"]
        pairs = [(change, entry["reason"]) for entry in entries for change in _changes(entry)]
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise EquivalentsError(
            f"{name}: {type(error).__name__}: {error}. Write tables [[equivalent]] with exercise, "
            "before, after = [...] and reason."
        ) from error
    reasons: dict[Change, str] = {}
    for change, reason in pairs:
        if not reason.strip():
            raise EquivalentsError(f"{name}: {_words(change)} has no reason. Say why.")
        if change in reasons:
            raise EquivalentsError(f"{name}: {_words(change)} stands there twice. Remove one.")
        reasons[change] = reason
    return reasons


def _changes(entry: dict[str, Any]) -> list[Change]:
    return [(entry["exercise"], entry["before"], after) for after in entry["after"]]


def drafted(changes: Iterable[Change]) -> str:
    """Entries for these mutants, to be pasted into the file once each has its reason."""
    ways: dict[tuple[str, str], list[str]] = {}
    for exercise, before, after in changes:
        ways.setdefault((exercise, before), []).append(after)
    return "\n".join(_entry(*place, afters) for place, afters in ways.items())


def _entry(exercise: str, before: str, afters: Iterable[str]) -> str:
    lines = "".join(f"    {_quoted(after)},\n" for after in afters)
    return (
        f"[[equivalent]]\nexercise = {_quoted(exercise)}\nbefore = {_quoted(before)}\n"
        f'after = [\n{lines}]\nreason = ""\n'
    )


def _quoted(text: str) -> str:
    """A string of TOML; those of JSON are, too."""
    return json.dumps(text, ensure_ascii=False)


def obsolete(change: Change, chapter: str, root: Path) -> str:
    """What to say of a recorded mutant that no longer survives."""
    name = equivalents_path(chapter, root).relative_to(root).as_posix()
    return (
        f"{name}: {_words(change)} no longer applies: it is refused, or no mutant of the answer "
        "any more. Remove it."
    )


def _words(change: Change) -> str:
    exercise, before, after = change
    return f"{exercise}: {before!r} -> {after!r}"
