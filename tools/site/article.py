"""The text of a chapter's page, made of its notebook by nbconvert with a template of our own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import pass_context
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from traitlets import default
from traitlets.config import Config

from tools.site.code import highlight_code
from tools.site.markdown import render

TEMPLATES = Path(__file__).with_name("templates")


class ChapterExporter(HTMLExporter):
    """nbconvert's HTML exporter with the site's template, formulas, headings and colours."""

    export_from_notebook = None  # not for nbconvert's own command

    @default("template_name")
    def _template_name_default(self) -> str:
        return "chapter"

    @property
    def default_config(self) -> Config:
        ours = Config(
            {
                # In this order an output's first form is the one that is shown.
                "NbConvertBase": {
                    "display_data_priority": ["image/png", "text/html", "text/plain"]
                },
            }
        )
        every = super().default_config.copy()
        every.merge(ours)
        return every

    @pass_context
    def markdown2html(self, context: Any, source: str) -> str:
        return render(source, context["cell"].id)[0]


def article(notebook: NotebookNode, told: dict[str, Any]) -> str:
    """The HTML of a notebook's cells.

    Args:
        notebook: outputs as ``tools.site.figures`` leaves them.
        told: for the template: ``words``, ``exercises`` by name, and ``colab``, a link or None.
    """
    exporter = ChapterExporter(
        extra_template_basedirs=[str(TEMPLATES)], filters={"highlight_code": highlight_code}
    )
    html, _ = exporter.from_notebook_node(notebook, told)
    return html
