"""Strangers' texts made fit for files, once, before anything is written.

Names, messages and hints hold whatever a student's program or computer put there: control
characters, halves of characters, any length.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, is_dataclass, replace
from itertools import count
from typing import Any

from tools.grade.marks import Class
from utils.xml_text import xml_text

LIMIT = 20_000  # characters of a text that people read; results.json keeps all of it


def cleaned(graded: Class) -> Class:
    """The class in its order, with nothing in its texts that UTF-8, XML or HTML cannot hold.

    Two students whose names differ in such characters alone stay two.
    """
    names = _clean_names(one.student for one in graded.submissions)
    submissions = [
        replace(_clean(one), student=names[one.student])
        for one in sorted(
            graded.submissions,
            key=lambda one: (one.student, one.graded.chapter, one.source, one.sha256),
        )
    ]
    return replace(_clean(replace(graded, submissions=())), submissions=tuple(submissions))


def shortened(text: str, limit: int = LIMIT) -> str:
    """The text, its middle left out where it is longer than ``limit`` characters."""
    if len(text) <= limit:
        return text
    half = limit // 2
    return f"{text[:half]}\n[... {len(text) - 2 * half} ...]\n{text[-half:]}"


def _clean_names(students: Iterable[str]) -> dict[str, str]:
    chosen: dict[str, str] = {}
    # Names that are clean as they are keep themselves.
    for name in sorted(set(students), key=lambda name: (xml_text(name) != name, name)):
        clean = xml_text(name)
        numbered = (clean if i == 1 else f"{clean} ({i})" for i in count(1))
        taken = set(chosen.values())
        chosen[name] = next(candidate for candidate in numbered if candidate not in taken)
    return chosen


def _clean(value: Any) -> Any:
    """The same value with every text in it cleaned."""
    if isinstance(value, str):
        return xml_text(value)
    if isinstance(value, tuple):
        return tuple(map(_clean, value))
    if is_dataclass(value):
        return replace(
            value, **{one.name: _clean(getattr(value, one.name)) for one in fields(value)}
        )
    return value
