"""The headings of a chapter: where links lead, the same in both languages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

_TAG = re.compile(r"<[^<>]+>")
_EXERCISE = re.compile(r"\b(\d\d_(?:\d\d|A\d+))\b")
_SECTION = re.compile(r"^(\d+)\.")
_MINUTES = re.compile(r"\s*[(（][^()（）]*[)）]$")


@dataclass(frozen=True)
class Heading:
    """A heading as it stands in the page.

    Attributes:
        level: from 1.
        text: without markup.
        anchor: its id, ``#section-2`` or ``#exercise-02_01`` in links.
        exercise: the exercise or advanced question that it opens.
    """

    level: int
    text: str
    anchor: str
    exercise: str | None = None

    @property
    def title(self) -> str:
        """The text without the exercise's id before it and the minutes behind it."""
        if self.exercise is None:
            return self.text
        behind = self.text.partition(self.exercise)[2].lstrip(" :：")
        return _MINUTES.sub("", behind) or self.text


def make_heading(level: int, html: str, cell: str, number: int) -> Heading:
    """The heading of this HTML.

    No word of the text becomes part of the anchor, since both languages have to share it.

    Args:
        level: from 1.
        html: what stands between its tags.
        cell: the id of its cell, which both languages share.
        number: which heading of the cell it is, from 1.
    """
    text = " ".join(unescape(_TAG.sub("", html)).split())
    exercise, section = _EXERCISE.search(text), _SECTION.match(text)
    if exercise and level > 1:
        kind = "advanced" if "_A" in exercise[1] else "exercise"
        return Heading(level, text, f"{kind}-{exercise[1]}", exercise[1])
    if section and level == 2:
        return Heading(level, text, f"section-{section[1]}")
    return Heading(level, text, f"text-{cell[:8]}-{number}")
