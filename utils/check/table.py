"""Findings as a table of plain text."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterator
from itertools import pairwise

from utils.check.findings import Checked, Finding, name_of, say, sign_of
from utils.tester.show_text import columns, padded

# With these no line begins, and with those none ends.
_CLOSING = frozenset("、。，．・：；？！）」』】〕ー…")
_OPENING = frozenset("（「『【〔")
NOT_TOLD = ("passed", "not_attempted", "missing")  # the table says it all


def as_table(checked: Checked, width: int, told: Collection[str] | None = None) -> str:
    """The notebook's name, a row an exercise, what is wrong in full, and the count.

    Args:
        checked: the notebook.
        width: columns of the terminal.
        told: the exercises of which all is said; every one if None.
    """
    rows = [
        (one.exercise, f"{sign_of(one.state)} {name_of(one.state, checked.lang)}", _short(one))
        for one in checked.findings
    ]
    widths = [max(columns(row[i]) for row in rows) for i in (0, 1)]
    indent = sum(widths) + 6
    lines = [str(checked.path)]
    for exercise, state, hint in rows:
        first, *rest = [*_wrapped(hint, max(width - indent, 20))] or [""]
        cells = f"  {padded(exercise, widths[0])}  {padded(state, widths[1])}  {first}"
        lines += [cells.rstrip(), *(" " * indent + line for line in rest)]
    for text in _texts(checked, told):
        lines += ["", textwrap.indent(text, "  ")]
    passed = sum(finding.passed for finding in checked.findings)
    lines += ["", say("passed_of", checked.lang, passed=passed, total=len(rows))]
    return "\n".join(lines)


def _short(finding: Finding) -> str:
    """What stands in the row; a command to be copied would be broken there."""
    return "" if finding.state == "unavailable" else finding.hint


def _texts(checked: Checked, told: Collection[str] | None) -> Iterator[str]:
    """What is wrong in full; where it is the same of several exercises, once below all of them."""
    headings: dict[str, list[str]] = {}
    for one in checked.findings:
        if one.state not in NOT_TOLD and (told is None or one.exercise in told):
            heading, _, body = one.text.partition("\n")
            headings.setdefault(body, []).append(heading)
    for body, same in headings.items():
        yield "\n".join(filter(None, [*same, body]))


def _wrapped(text: str, width: int) -> Iterator[str]:
    """Lines of at most ``width`` columns, broken at spaces, or anywhere in Japanese."""
    line = ""
    for piece in _pieces(text):
        if line and columns(line + piece.rstrip()) > width:
            yield line.rstrip()
            line = ""
        line += piece
    if line:
        yield line.rstrip()


def _pieces(text: str) -> Iterator[str]:
    """The parts between which a line may end: words with the space behind them, wide characters.

    What Japanese closes with stays with what is before it, and what it opens with, with the rest.
    """
    word = ""
    for character, after in pairwise([*text, ""]):
        word += character
        is_between = character not in _OPENING and after not in _CLOSING
        if character == " " or (columns(character) == 2 and is_between):
            yield word
            word = ""
    yield word
