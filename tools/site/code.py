"""Code in colours, the lines that wait for a learner marked."""

from __future__ import annotations

from typing import Any

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from utils.tester.markers import TODO


def highlight_code(source: str, metadata: dict[str, Any] | None = None) -> str:
    """A code cell as HTML; nbconvert's filter of this name.

    Args:
        source: of the cell.
        metadata: of the cell, which says whether it is an exercise.
    """
    waiting = []
    if {"exercise", "answer"} & set(metadata or {}):
        lines = source.splitlines()
        waiting = [number for number, line in enumerate(lines, 1) if TODO.strip() in line]
    return highlight(
        source,
        PythonLexer(stripnl=False),
        HtmlFormatter(cssclass="code", hl_lines=waiting, wrapcode=True),
    )
