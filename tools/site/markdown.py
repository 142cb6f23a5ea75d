"""Markdown of a notebook as HTML: nbconvert's own, but for formulas, headings and tables."""

from __future__ import annotations

import functools
import re
from typing import Any

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from tools.site.formulas import mathml
from tools.site.headings import Heading, make_heading

_BREAK = "\ue000"  # of a line, until both sides of it are known
_CJK = "[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]"
# Japanese puts no space between sentences, nor between its letters and others.
_NO_SPACE = re.compile(f"(?<={_CJK}){_BREAK}|{_BREAK}(?={_CJK})")


class Renderer(IPythonRenderer):
    """Renders one cell; ``headings`` are those it came by.

    Args:
        cell: the cell's id.
    """

    def __init__(self, cell: str) -> None:
        super().__init__(escape=False, exclude_anchor_links=True)
        self.headings: list[Heading] = []
        self._cell = cell

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        found = make_heading(level, text, self._cell, len(self.headings) + 1)
        self.headings.append(found)
        return f'<h{level} id="{found.anchor}">{text}</h{level}>\n'

    def softbreak(self) -> str:
        return _BREAK

    def block_math(self, body: str) -> str:
        return f'<span class="formula">{mathml(body, True)}</span>'

    def inline_math(self, body: str) -> str:
        return mathml(body, False)

    def latex_environment(self, name: str, body: str) -> str:
        return self.block_math(f"\\begin{{{name}}}{body}\\end{{{name}}}")

    def table(self, text: str) -> str:
        return f'<div class="scroll"><table>{text}</table></div>\n'


@functools.cache  # contents and pages ask for the same cells
def render(source: str, cell: str) -> tuple[str, tuple[Heading, ...]]:
    """The HTML of a Markdown cell, and its headings in order.

    Raises:
        LatexError: a formula cannot be rendered.
    """
    renderer = Renderer(cell)
    html = MarkdownWithMath(renderer=renderer).render(source)
    return _NO_SPACE.sub("", html).replace(_BREAK, "\n"), tuple(renderer.headings)
