"""A report as plain text, for terminals and log files."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Sequence

from utils.tester.messages import say
from utils.tester.plot import Curves
from utils.tester.report import SIGNS, Block, Lines, Paragraph, Quote, Report, Sides

WIDTH = 96
AROUND = 3  # entries of a series written out on either side of the first that differs


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
    # A verdict has said in words where a series parts; whoever asked for the case wants to see it.
    with_series = report.status == "hint"
    blocks = [one for one in report.blocks if with_series or not isinstance(one, Curves)]
    text = blocks_as_text(blocks, report.lang)
    return "\n".join([f"{SIGNS[report.status]} {heading}", *([text] if text else [])])


def blocks_as_text(blocks: Sequence[Block], lang: str) -> str:
    """Blocks of a report, indented, a drawing as the numbers where its lines part."""
    return "\n".join(textwrap.indent(_block(block, lang), "  ") for block in blocks)


def _block(block: Block, lang: str) -> str:
    match block:
        case Curves():
            return _numbers(block, lang)
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


def _numbers(curves: Curves, lang: str) -> str:
    """The entries around the first that differs, in three columns."""
    rows = [(curves.name, say("expected", lang), say("got", lang))]
    middle = curves.parting - curves.start
    for i in range(max(0, middle - AROUND), min(len(curves.expected), middle + AROUND + 1)):
        mark = "→ " if i == middle else ""
        rows.append(
            (f"{mark}{curves.start + i}", f"{curves.expected[i]:.6g}", f"{curves.got[i]:.6g}")
        )
    widths = [max(columns(row[i]) for row in rows) for i in range(3)]
    lines = (
        "  ".join(
            " " * (width - columns(cell)) + cell for cell, width in zip(row, widths, strict=True)
        )
        for row in rows
    )
    return textwrap.indent("\n".join(lines), "  ")


def columns(text: str) -> int:
    """How many columns a terminal takes: two for each wide character."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """The lines of a table: each column as wide as its widest cell, the last one open."""
    widths = [max(map(columns, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(map(padded, row, (*widths[:-1], 0))).rstrip() for row in rows]


def padded(text: str, width: int) -> str:
    """The text with spaces behind it, as wide as a column of a table."""
    return text + " " * (width - columns(text))


def _wrapped(text: str) -> str:
    # Japanese has no spaces to break at and is twice as wide; terminals wrap it well enough.
    return textwrap.fill(text, WIDTH, break_long_words=False, break_on_hyphens=False)
