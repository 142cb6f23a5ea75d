"""The TODO comments of an exercise, which a lesson carries in both languages."""

from __future__ import annotations

import io
import tokenize

from utils.tester.text import Text

TODO = "# TODO "


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


def _one_language(text: str, lang: str) -> str:
    try:
        return Text.parse(text).in_language(lang)
    except ValueError:  # a learner's own TODO
        return text
