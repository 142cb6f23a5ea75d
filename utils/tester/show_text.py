"""A report as plain text, for terminals and log files."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from utils.tester.messages import say
from utils.tester.plot import Curves
from utils.tester.report import SIGNS, Lines, Paragraph, Quote, Report, Sides

WIDTH = 96


def as_text(report: Report) -> str:
    """The report, a heading and below it what there is to say, indented."""
    with_score = report.score and report.status != "passed"
    heading = say(
        "heading_score" if with_score else "heading",
        report.lang,
        title=report.title,
        headline=report.headline,
        score=report.score,
    )
    parts = [f"{SIGNS[report.status]} {heading}"]
    for block in report.blocks:
        if not isinstance(block, Curves):
            parts.append(textwrap.indent(_block(block, report.lang), "  "))
    return "\n".join(parts)


def _block(block: Paragraph | Lines | Sides | Quote, lang: str) -> str:
    match block:
        case Paragraph(text=text, label=label):
            text = say("labelled", lang, label=label, text=text) if label else text
            return _wrapped(text.replace("`", ""))
        case Lines(rows=rows):
            if not block.code:
                rows = [(place, text.replace("`", "")) for place, text in rows]
            rows = [(place.replace("`", ""), text) for place, text in rows]
            return _rows(rows, lang)
        case Sides(rows=rows):
            return _rows(rows, lang)
        case Quote(text=text, label=label):
            head = say("labelled", lang, label=label, text="").rstrip() + "\n" if label else ""
            return head + textwrap.indent(text, "  ")


def _rows(rows: Sequence[tuple[str, str]], lang: str) -> str:
    lines = (
        say("labelled", lang, label=label, text=text) if text else label for label, text in rows
    )
    return textwrap.indent("\n".join(lines), "  ")


def _wrapped(text: str) -> str:
    # Japanese has no spaces to break at and is twice as wide; terminals wrap it well enough.
    return textwrap.fill(text, WIDTH, break_long_words=False, break_on_hyphens=False)
