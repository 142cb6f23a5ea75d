"""The TODO comments of an exercise, which a lesson carries in both languages."""

from __future__ import annotations

import io
import tokenize

from utils.tester.text import Text

TODO = "# TODO "
END = "# END TODO"


def keep_language(source: str, lang: str) -> str:
    """``source`` with each comment ``# TODO English | 日本語`` reduced to ``lang``, "en" or "ja".

    Every other character stays as it is; ``source`` must be Python that can be tokenized.
    """
    lines = source.split("\n")
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT and token.string.startswith(TODO):
            row, column = token.start
            text = _one_language(token.string.removeprefix(TODO), lang)
            lines[row - 1] = lines[row - 1][:column] + TODO + text
    return "\n".join(lines)


def without_markers(source: str) -> str:
    """A finished answer: ``# TODO The next state.`` is an ordinary comment, ``# END TODO`` gone.

    ``source`` must be Python that can be tokenized; every other character stays as it is.
    """
    lines: list[str | None] = list(source.split("\n"))
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        row, column = token.start
        if token.type == tokenize.COMMENT and token.string == END:
            lines[row - 1] = None
        elif token.type == tokenize.COMMENT and token.string.startswith(TODO):
            text = token.string.removeprefix(TODO)
            lines[row - 1] = f"{token.line[:column]}# {text}"
    return "\n".join(line for line in lines if line is not None)


def _one_language(text: str, lang: str) -> str:
    try:
        return Text.parse(text).in_language(lang)
    except ValueError:  # a learner's own TODO
        return text
