"""Whether HTML is well formed."""

from __future__ import annotations

from html.parser import HTMLParser


class Balanced(HTMLParser):
    """Refuses elements that are not closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def check(self, html: str) -> None:
        """Read all of it; nothing may be left open."""
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        pass  # closed where it is opened

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
