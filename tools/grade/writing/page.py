"""The grader's pages: the house's page with a style of its own."""

from __future__ import annotations

from pathlib import Path

from tools import page as house

STYLE = Path(__file__).with_name("grade.css")


def page(title: str, body: str, lang: str = "en") -> str:
    """The whole page.

    Args:
        title: plain text, for the browser's tab.
        body: HTML.
        lang: the language of the page.
    """
    return house.page(title, body, lang, STYLE.read_text(encoding="utf-8"))
