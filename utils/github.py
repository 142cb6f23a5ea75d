"""Telling GitHub Actions what came out, so that no learner's text speaks in our place.

The runner takes commands from the lines that a step prints (``::error::...`` at the beginning of a
line, the older ``##[error]...`` anywhere in it), and it renders a step's summary as Markdown. What
a learner wrote stands in both: names, exceptions, printed output.
"""

from __future__ import annotations

import os
import re
import secrets
import string
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr
from typing import Literal

Level = Literal["error", "warning", "notice"]

# What GitHub shows of one step: annotations of each level, and bytes of its summary.
MAX_ANNOTATIONS = 10
MAX_SUMMARY = 1024 * 1024
# Characters of one message, of a title or file name, and of one cell. GitHub cuts messages at 4096.
MAX_MESSAGE, MAX_PROPERTY, MAX_CELL = 4000, 250, 500

# Control characters (ANSI escapes begin with one), other line ends, marks that turn the direction
# of writing, and lone surrogates, which no encoding holds.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
# As the toolkit of Actions escapes them; ``\r`` has become ``\n`` before.
_DATA = str.maketrans({"%": "%25", "\n": "%0A"})
_PROPERTY = _DATA | str.maketrans({":": "%3A", ",": "%2C"})

# An entity is never taken for markup, whichever dialect of Markdown is spoken.
_BREAK = "\u200b"  # has no width
_ENTITIES = str.maketrans({mark: f"&#{ord(mark)};" for mark in string.punctuation + _BREAK})
# The way that GitHub documents to keep a dollar sign from opening a formula.
_ENTITIES |= str.maketrans({"$": "<span>&#36;</span>", "\n": "<br>"})
# GitHub looks for these once entities are characters again: @names, #1 and GH-1, :emoji: and
# addresses with and without a scheme. A character without width behind the first part ends that.
_WAKING = re.compile(r"[@#]|:(?=\S)|www(?=\.)|gh(?=-\d)", re.IGNORECASE)


def on_github() -> bool:
    """Whether this process is a step of GitHub Actions."""
    return os.environ.get("GITHUB_ACTIONS") == "true"


@contextmanager
def commands_stopped() -> Iterator[None]:
    """Nothing that is printed while this is open is taken for a command by GitHub Actions.

    After an exception it stays so until the step ends: the traceback may quote a learner.
    Anywhere else this does nothing.
    """
    if not on_github():
        yield
        return
    # Set up by actions/setup-python, it makes errors of lines that look like a traceback.
    print("::remove-matcher owner=python::")
    token = secrets.token_hex(16)
    print(f"::stop-commands::{token}", flush=True)
    # The runner reads the two streams side by side: what goes to the other one might be late.
    with redirect_stderr(sys.stdout):
        yield
    print(f"\n::{token}::", flush=True)


def annotation(
    level: Level, message: str, title: str = "", file: str = "", line: int | None = None
) -> str:
    """The command that annotates a run, whatever characters the texts are made of.

    Args:
        level: how GitHub shows it.
        message: may have several lines.
        title: above the message.
        file: a path within the repository, "/" between its parts.
        line: of the file.
    """
    given = {"file": file, "line": "" if line is None else str(line), "title": title}
    properties = ",".join(
        f"{name}={_cut(plain(text), MAX_PROPERTY).translate(_PROPERTY)}"
        for name, text in given.items()
        if text
    )
    command = f"{level} {properties}".rstrip()
    return f"::{command}::{_cut(plain(message), MAX_MESSAGE).translate(_DATA)}"


def bounded(level: Level, annotations: Sequence[str], more: str) -> list[str]:
    """Annotations of one level, as many as GitHub shows.

    Args:
        level: theirs.
        annotations: from ``annotation``.
        more: said in place of those that are left out, ``{count}`` for how many they are.
    """
    if len(annotations) <= MAX_ANNOTATIONS:
        return list(annotations)
    kept = annotations[: MAX_ANNOTATIONS - 1]
    return [*kept, annotation(level, more.format(count=len(annotations) - len(kept)))]


def add_summary(markdown: str) -> None:
    """Add to the summary of this step, as far as there is room; without GitHub do nothing.

    Where it cannot be written a warning is printed: no result depends on it.
    """
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if not path:
        return
    try:
        with open(path, "ab") as file:
            file.write(_fitted(markdown, MAX_SUMMARY - file.tell()))
    except OSError as error:
        print(annotation("warning", f"GITHUB_STEP_SUMMARY: {error.strerror}"))


def markdown_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of GitHub's Markdown; every cell is plain text, and shown as that."""
    lines = [header, *rows]
    cells = [" | ".join(markdown_text(cell) for cell in line) for line in lines]
    cells.insert(1, " | ".join("---" for _ in header))
    return "".join(f"| {line} |\n" for line in cells)


def markdown_text(text: str) -> str:
    """A text as GitHub's Markdown shows it letter by letter, in one line: fit for a table's cell.

    Nothing in it becomes a link, an image, HTML, a mention, a reference, a formula or a fence, and
    none of it leaves the cell. A long text is cut.
    """
    return _WAKING.sub(rf"\g<0>{_BREAK}", _cut(plain(text), MAX_CELL)).translate(_ENTITIES)


def plain(text: str) -> str:
    """A text without what steers a terminal or has no encoding, its lines ended by ``\\n``."""
    return _UNSEEN.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"


def _fitted(markdown: str, room: int) -> bytes:
    """What fits, to the end of a line, and a word on what does not."""
    content = markdown.encode("utf-8", "replace")
    if len(content) <= room:
        return content
    rest = "\n\nThe rest is left out: GitHub shows no more. / 以下は省略されています。\n".encode()
    if room < len(rest):
        return b""
    kept = content[: room - len(rest)]
    return kept[: kept.rfind(b"\n") + 1] + rest
