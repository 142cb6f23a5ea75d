"""A sentence in both languages of the bootcamp."""

from __future__ import annotations

from dataclasses import dataclass

from utils.folder import LANGUAGES

__all__ = ["LANGUAGES", "Text"]


@dataclass(frozen=True)
class Text:
    """One text, in English and in Japanese."""

    en: str
    ja: str

    @classmethod
    def parse(cls, both: str) -> Text:
        """Split ``"English | 日本語"``.

        Raises:
            ValueError: the two halves are not both there.
        """
        en, bar, ja = (part.strip() for part in both.partition(" | "))
        if not (bar and en and ja):
            raise ValueError(f"write both languages as 'English | 日本語', not {both!r}")
        return cls(en, ja)

    def in_language(self, lang: str) -> str:
        """The text in ``lang``, "en" or "ja"."""
        return getattr(self, lang)
