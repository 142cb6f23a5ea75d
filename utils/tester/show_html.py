"""A report as HTML for a notebook, legible in light and dark themes.

Text and rules take the page's own colour (``inherit``, ``currentColor``); tints are translucent;
the few colours of meaning stand off from white and from black. All styles stand on the elements, so
that nothing leaks into the notebook and JupyterLab, VS Code and Colab agree.
"""

from __future__ import annotations

import re
from html import escape

from utils.tester.plot import Curves, as_svg
from utils.tester.report import SIGNS, Lines, Mark, Paragraph, Quote, Report, Sides

COLORS = {
    "passed": "#1a8a4a",
    "failed": "#c4540a",
    "error": "#c63d3d",
    "timeout": "#c63d3d",
    "not_attempted": "#6b7685",
    "unavailable": "#6b7685",
    "not_run": "#8a94a3",
    "hint": "#2f6fc4",
}

_MONO = "var(--jp-code-font-family,var(--vscode-editor-font-family,ui-monospace,monospace))"
_TINT = "rgba(128,138,150,.13)"
_CODE = f"font-family:{_MONO};font-size:.93em"


def as_html(report: Report) -> str:
    """The report as one element."""
    color = COLORS[report.status]
    body = "".join(_block(block, report.lang) for block in report.blocks)
    data = f'data-exercise="{report.exercise}" data-status="{report.status}"'
    return card(f"{_head(report, color)}{_marks(report)}{body}", report.lang, color, data)


def card(content: str, lang: str, color: str, attributes: str) -> str:
    """The frame that everything the checker shows stands in."""
    return (
        f'<div lang="{lang}" {attributes} style="border:1px solid rgba(128,138,150,.35);'
        f"border-left:5px solid {color};border-radius:6px;padding:10px 16px 12px;margin:6px 0;"
        "max-width:760px;color:inherit;line-height:1.55;"
        "font-family:system-ui,-apple-system,&quot;Segoe UI&quot;,&quot;Hiragino Sans&quot;,"
        f'&quot;Noto Sans CJK JP&quot;,sans-serif;font-size:14px">{content}</div>'
    )


def _head(report: Report, color: str) -> str:
    score = f'<span style="opacity:.75;margin-left:auto">{escape(report.score)}</span>'
    return (
        '<div style="display:flex;flex-wrap:wrap;align-items:baseline;gap:4px 12px">'
        f'<span style="background:{color};color:#fff;font-weight:600;border-radius:4px;'
        f'padding:1px 10px">{SIGNS[report.status]} {escape(report.headline)}</span>'
        f'<span style="font-weight:600">{escape(report.title)}</span>'
        f"{score if report.score else ''}</div>"
    )


def _marks(report: Report) -> str:
    """A small square for each case; its label shows when the pointer rests on it."""
    if not report.score:
        return ""
    squares = "".join(map(_mark, report.marks))
    return f'<div style="display:flex;flex-wrap:wrap;gap:4px;margin:9px 0 8px">{squares}</div>'


def _mark(mark: Mark) -> str:
    color = COLORS[mark.state]
    # Not by colour alone: a case that failed is hollow, one not run is faint.
    fill = {"passed": color, "failed": "transparent", "not_run": _TINT}[mark.state]
    edge = f"2px solid {color}" if mark.state != "not_run" else f"1px dashed {color}"
    return (
        f'<span title="{escape(mark.label)}" style="width:14px;height:14px;border-radius:3px;'
        f'box-sizing:border-box;background:{fill};border:{edge}"></span>'
    )


def _block(block: Paragraph | Lines | Sides | Quote | Curves, lang: str) -> str:
    match block:
        case Paragraph():
            return _paragraph(block)
        case Lines():
            return _lines(block)
        case Sides(rows=rows):
            return _table("".join(_side(label, value) for label, value in rows))
        case Quote():
            return _quote(block)
        case Curves():
            return f'<div style="margin:10px 0 0">{as_svg(block, lang)}</div>'


def _paragraph(block: Paragraph) -> str:
    text = _marked(block.text)
    match block.tone:
        case "hint":
            label = f"<b>{escape(block.label)}</b>&ensp;" if block.label else ""
            return (
                f'<div style="background:rgba(60,130,220,.14);border-radius:5px;'
                f'padding:7px 12px;margin:10px 0 4px">{label}{text}</div>'
            )
        case "case":
            return f'<div style="font-weight:600;margin:10px 0 0">{text}</div>'
        case "note":
            return f'<div style="opacity:.8;font-size:.93em;margin:6px 0 0">{text}</div>'
    return f'<div style="margin:6px 0 0">{text}</div>'


def _lines(block: Lines) -> str:
    rows = []
    for place, text in block.rows:
        code = f'<code style="{_CODE};{_PLAIN}">{escape(text)}</code>'
        shown = code if block.code else _marked(text)
        rows.append(
            f'<tr style="{_PLAIN}"><td style="{_CELL};white-space:nowrap;opacity:.8">'
            f'{_marked(place)}</td><td style="{_CELL}">{shown}</td></tr>'
        )
    return _table("".join(rows))


def _side(label: str, value: str) -> str:
    return (
        f'<tr style="{_PLAIN}"><td style="{_CELL};opacity:.8">{escape(label)}</td>'
        f'<td style="{_CELL};{_CODE}">{escape(value)}</td></tr>'
    )


# Notebooks stripe, centre and shrink tables and tint code; a verdict wants none of that.
_PLAIN = "background:none;color:inherit"
_CELL = "border:none;padding:1px 16px 1px 0;text-align:left;vertical-align:baseline;font-size:14px"


def _table(rows: str) -> str:
    return (
        f'<table style="border:none;border-collapse:collapse;margin:5px 0 3px 10px;{_PLAIN}">'
        f"{rows}</table>"
    )


def _quote(block: Quote) -> str:
    label = f'<div style="opacity:.8;font-size:.93em">{escape(block.label)}</div>'
    return (
        f'<div style="margin:8px 0 0">{label if block.label else ""}'
        f'<pre style="background:{_TINT};color:inherit;border-radius:5px;padding:6px 12px;'
        f'margin:3px 0;white-space:pre-wrap;overflow-wrap:anywhere;{_CODE}">'
        f"{escape(block.text)}</pre></div>"
    )


def _marked(text: str) -> str:
    """Escaped text with its backquoted parts set as code."""
    code = (
        rf'<code style="{_CODE};background:{_TINT};color:inherit;padding:0 4px;'
        r'border-radius:3px">\1</code>'
    )
    return re.sub(r"`([^`]+)`", code, escape(text))
