"""Code in colours, the lines that wait for a learner marked."""

from __future__ import annotations

from typing import Any

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from utils.tester.markers import TODO

_OPEN = ("...", "...;")  # what is left of a block


def highlight_code(source: str, metadata: dict[str, Any] | None = None) -> str:
    """A code cell as HTML; nbconvert's filter of this name.

    Args:
        source: of the cell.
        metadata: of the cell, which says whether it is an exercise.
    """
    waiting = []
    if {"exercise", "answer"} & set(metadata or {}):
        lines = [line.strip() for line in source.splitlines()]
        waiting = [n for n, line in enumerate(lines, 1) if TODO.strip() in line or line in _OPEN]
    return highlight(
        source,
        PythonLexer(stripnl=False),
        HtmlFormatter(cssclass="code", hl_lines=waiting, wrapcode=True),
    )
