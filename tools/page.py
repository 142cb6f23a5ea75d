"""A page of HTML that stands by itself: style inside, nothing loaded, nothing run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

STYLE = Path(__file__).with_name("page.css")
# Should a stranger's text ever get past the escaping, a browser still runs and loads nothing.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def page(title: str, body: str, lang: str = "en", style: str = "") -> str:
    """The whole page, in light and dark.

    Args:
        title: plain text, for the browser's tab.
        body: HTML.
        lang: the language of the page.
        style: CSS beside the house's own.
    """
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title>"
        f"<style>{STYLE.read_text(encoding='utf-8')}{style}</style>"
        f"</head><body>{body}</body></html>\n"
    )


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table that scrolls sideways where it is too wide.

    Args:
        heads: plain text.
        rows: of cells, each a ``<td>`` or several.
    """
    head = "".join(f"<th>{escape(text)}</th>" for text in heads)
    body = "".join(f"<tr>{''.join(row)}</tr>" for row in rows)
    return f'<div class="scroll"><table><tr>{head}</tr>{body}</table></div>'


def folded(title: str, content: str) -> str:
    """HTML that shows when its title, plain text, is clicked."""
    return f"<details><summary>{escape(title)}</summary>{content}</details>"


def problem_list(texts: Sequence[str]) -> str:
    """What is wrong, plain text each; nothing where there is none."""
    items = "".join(f"<li>{escape(text)}</li>" for text in texts)
    return f'<ul class="problems">{items}</ul>' if items else ""
