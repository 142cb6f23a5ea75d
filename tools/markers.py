"""The comments that mark gaps, found among a source's tokens."""

from __future__ import annotations

import io
import tokenize
from dataclasses import dataclass, field
from tokenize import TokenInfo

from tools.problems import Problem
from utils.tester.markers import END, TODO
from utils.tester.text import Text

_LAYOUT = {tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER, tokenize.COMMENT}


@dataclass
class LogicalLine:
    """The tokens of one statement, or of one header of a compound one; comments left out.

    ``end`` is where its last physical line ends, a closing comment included.
    """

    tokens: list[TokenInfo] = field(default_factory=list)
    end: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Comment:
    """A comment and the logical line it stands in; None for one on a line of its own."""

    token: TokenInfo
    within: LogicalLine | None

    @property
    def line(self) -> int:
        return self.token.start[0]

    @property
    def column(self) -> int:
        return self.token.start[1]


@dataclass(frozen=True)
class Marker:
    """A well-formed ``# TODO English | 日本語``, or ``# END TODO``, whose text is None."""

    comment: Comment
    text: Text | None


def read_tokens(source: str) -> tuple[list[LogicalLine], list[Comment]]:
    """The logical lines and the comments of ``source``, in order.

    Raises:
        SyntaxError, tokenize.TokenError: ``source`` cannot be tokenized.
    """
    lines, comments = [], []
    current = LogicalLine()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            comments.append(Comment(token, current if current.tokens else None))
        elif token.type == tokenize.NEWLINE:
            current.end = token.start
            lines.append(current)
            current = LogicalLine()
        elif token.type not in _LAYOUT:
            current.tokens.append(token)
    return lines, comments


def read_markers(comments: list[Comment]) -> tuple[list[Marker], list[Problem]]:
    """The markers among ``comments``, and what is wrong with those that only look like one."""
    markers, problems = [], []
    for comment in comments:
        text = comment.token.string.rstrip()
        if "todo" not in text.lower():
            continue
        try:
            markers.append(Marker(comment, _parse(text)))
        except ValueError as error:
            problems.append(Problem(comment.line, *error.args))
    return markers, problems


def _parse(comment: str) -> Text | None:
    if comment == END:
        return None
    if not comment.startswith(TODO):
        raise ValueError(
            f"'{comment}' looks like a marker and is none",
            f"Write '{TODO}English | 日本語' or '{END}', or word the comment without 'todo'",
        )
    try:
        return Text.parse(comment.removeprefix(TODO))
    except ValueError:
        raise ValueError(
            f"'{comment}' lacks a text in both languages", f"Write '{TODO}English | 日本語'"
        ) from None
