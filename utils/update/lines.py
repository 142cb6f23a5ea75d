"""Two people's changes to one text, brought together line by line."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

Lines = Sequence[str]


@dataclass(frozen=True)
class Together:
    """Both changes in one text; where both changed the same lines, mine stand."""

    text: str
    clashes: bool


def bring_together(base: str, mine: str, new: str) -> Together:
    """Apply to ``base`` what changed in ``mine`` and what changed in ``new``.

    Every line that ``mine`` adds to ``base`` is in the result.
    """
    lines: list[str] = []
    clashes = False
    for before, own, other in _stretches(base.split("\n"), mine.split("\n"), new.split("\n")):
        if own == before:
            lines += other
        elif other in (before, own):
            lines += own
        elif len(before) == len(own) == len(other):  # neighbouring lines, each changed by one
            for old, left, right in zip(before, own, other, strict=True):
                lines.append(right if left == old else left)
                clashes |= old not in (left, right) and left != right
        else:
            lines += own
            clashes = True
    return Together("\n".join(lines), clashes)


def _stretches(base: Lines, mine: Lines, new: Lines) -> Iterator[tuple[Lines, Lines, Lines]]:
    """The three texts cut where all three agree: what is equal, and what lies between."""
    at_base = at_mine = at_new = 0
    for start, own, other, length in [
        *_agreeing(base, mine, new),
        (len(base), len(mine), len(new), 0),
    ]:
        between = base[at_base:start], mine[at_mine:own], new[at_new:other]
        if any(between):
            yield between
        if length:
            same = base[start : start + length]
            yield same, same, same
        at_base, at_mine, at_new = start + length, own + length, other + length


def _agreeing(base: Lines, mine: Lines, new: Lines) -> Iterator[tuple[int, int, int, int]]:
    """Where all three have the same lines: the places in each, and how many lines."""
    left, right = _blocks(base, mine), _blocks(base, new)
    i = j = 0
    while i < len(left) and j < len(right):
        start = max(left[i].a, right[j].a)
        end = min(left[i].a + left[i].size, right[j].a + right[j].size)
        if start < end:
            yield (
                start,
                left[i].b + start - left[i].a,
                right[j].b + start - right[j].a,
                end - start,
            )
        if left[i].a + left[i].size < right[j].a + right[j].size:
            i += 1
        else:
            j += 1


def _blocks(one: Lines, other: Lines) -> list[difflib.Match]:
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    return [block for block in matcher.get_matching_blocks() if block.size]
