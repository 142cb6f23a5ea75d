"""Text as a run of tokens, so that an answer is recognised however it is dressed.

Spaces, line breaks, comment signs, quotes, backslashes and line numbers of a listing do not count;
names, numbers and operators do. The same reading serves code, prose, JSON and HTML.
"""

from __future__ import annotations

import html
import re

# A comment sign, a quote, a backslash or markup around an answer must not hide it.
_TOKEN = re.compile(r"[^\W\d]\w*|\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|[^\s\w#\"'`\\]")
_TAG = re.compile(r"<[^<>]{1,2000}>")
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def tokens(text: str) -> tuple[str, ...]:
    """The tokens of ``text``, in order."""
    return tuple(_TOKEN.findall(text))


def readings(text: str) -> list[tuple[str, ...]]:
    """The token runs that ``text`` may stand for: as it is, and without HTML tags or colours.

    ``a <b and c> d`` is code in one reading and loses its middle in the other: both are looked at.
    """
    plain = _ANSI.sub("", text)
    found = [tokens(plain)]
    if "<" in plain or "&" in plain:
        found.append(tokens(html.unescape(_TAG.sub("", plain))))
    return found


def windows(run: tuple[str, ...], length: int) -> set[tuple[str, ...]]:
    """All runs of ``length`` successive tokens."""
    return {run[start : start + length] for start in range(len(run) - length + 1)}
