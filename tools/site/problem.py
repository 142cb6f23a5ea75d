"""What keeps the site from being written."""

from __future__ import annotations


class SiteError(Exception):
    """It cannot be written; the text says what is wrong, where, and what to do."""
