"""Finding the gaps of an exercise by its markers, and cutting the answers out.

Two comments mark a gap. At the end of a statement, or on any line of its value,

    y = w_out(x)  # TODO Output of the readout. | 読み出し層の出力。

cuts the value of an assignment, the value of a return, or the condition of an if or while. On a
line of its own it opens a block, which ``# END TODO`` closes:

    # TODO Shift the history. | 履歴をずらす。
    gs = gs[1:] + [step(gs[-1])]
    # END TODO
"""

from __future__ import annotations

import ast
import tokenize
from dataclasses import dataclass
from tokenize import TokenInfo

from tools.exercise import Definition, first_line
from tools.markers import Comment, LogicalLine, Marker, read_markers, read_tokens
from tools.problems import CellError, Problem, no_python
from utils.tester.markers import END, TODO
from utils.tester.text import Text


@dataclass(frozen=True)
class Gap:
    """A place the learner fills.

    Attributes:
        text: the TODO text.
        function: the definition it stands in, as "emulate_offline" or "FORCEReadout.step";
            empty at top level.
        line: where its marker stands, from 1.
        answer: the text that is cut, from the first to the last token of the value or the block.
        start, end: the cut replaces ``source[start:end]`` ...
        lead, tail: ... by ``lead + "# TODO text" + tail``.
    """

    text: Text
    function: str
    line: int
    answer: str
    start: int
    end: int
    lead: str
    tail: str


def find_gaps(source: str) -> list[Gap]:
    """The gaps of a cell, in order.

    Raises:
        CellError: the source is no Python, or a marker is malformed or misplaced.
    """
    gaps, problems = _Cell(source).find_gaps()
    if problems:
        raise CellError(problems)
    return sorted(gaps, key=lambda gap: gap.start)


def cut_gaps(source: str, lang: str) -> str:
    """``source`` as the learner gets it: ``...`` for each answer, TODO texts in ``lang``.

    Raises:
        CellError: see ``find_gaps``.
    """
    for gap in reversed(find_gaps(source)):
        todo = gap.lead + TODO + gap.text.in_language(lang) + gap.tail
        source = source[: gap.start] + todo + source[gap.end :]
    ast.parse(source)  # a cut that breaks the syntax is a fault of this module
    return source


def cut_answer(source: str, lang: str, question: str) -> str:
    """The cell of an answered advanced question as the learner gets it.

    Its first line, the question in brief, stays; all that follows it is the gap. The semicolon
    keeps a notebook from showing "Ellipsis" below a cell that is run as it is.

    Raises:
        CellError: the cell is no Python, does not begin with its TODO comment, has another marker
            further down, or has nothing to cut.
    """
    cell = _Cell(source)
    markers, problems = read_markers(cell.comments)
    if not problems:
        problems = cell.problems_of_answer(markers)
    if problems:
        raise CellError(problems)
    todo = TODO + markers[0].text.in_language(lang)
    return f'{todo}\n...;\n# show_solution("{question}")'


@dataclass(frozen=True)
class _Statement:
    node: ast.stmt
    suite: int  # which list of statements it belongs to
    function: str

    @property
    def first_line(self) -> int:
        return first_line(self.node)


class _Cell:
    """A cell's source with its tokens, comments and statements side by side."""

    def __init__(self, source: str):
        self.source = source
        try:
            tree = ast.parse(source)
            self.logical_lines, self.comments = read_tokens(source)
        except (SyntaxError, ValueError, tokenize.TokenError) as error:
            raise no_python(error) from None
        self.lines = source.split("\n")
        self.offsets = [0]
        for line in self.lines:
            self.offsets.append(self.offsets[-1] + len(line) + 1)
        self.statements: list[_Statement] = []
        self._collect(tree, "")

    def find_gaps(self) -> tuple[list[Gap], list[Problem]]:
        markers, problems = read_markers(self.comments)
        values, blocks, unpaired = _pair(markers)
        problems += unpaired
        gaps = []
        for make, found in ((self._value_gap, values), (self._block_gap, blocks)):
            for item in found:
                made = make(*item)
                (gaps if isinstance(made, Gap) else problems).append(made)
        return gaps, problems

    def problems_of_answer(self, markers: list[Marker]) -> list[Problem]:
        if not markers or markers[0].comment.token.start != (1, 0) or markers[0].text is None:
            return [
                Problem(
                    1,
                    "an answer begins with the question in brief",
                    f"Let its first line be '{TODO}English | 日本語'",
                )
            ]
        problems = [
            Problem(
                marker.comment.line,
                "a marker inside an answer, which is cut as a whole",
                "Remove it",
            )
            for marker in markers[1:]
        ]
        if not self.statements:
            problems.append(Problem(1, "the answer is empty", "Write its code below the comment"))
        return problems

    def _collect(self, node: ast.AST, function: str) -> None:
        for _, children in ast.iter_fields(node):
            if not isinstance(children, list):
                continue
            suite = id(children)
            for child in children:
                if isinstance(child, ast.stmt):
                    self.statements.append(_Statement(child, suite, function))
                if isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case):
                    name = child.name if isinstance(child, Definition) else None
                    self._collect(child, ".".join(filter(None, (function, name))))

    def _offset(self, position: tuple[int, int]) -> int:
        """The place in ``source`` of a token's (row, column)."""
        return self.offsets[position[0] - 1] + position[1]

    def _position(self, line: int, byte: int) -> tuple[int, int]:
        """The (row, column) that a token has where the tree says (line, offset in UTF-8)."""
        return line, len(self.lines[line - 1].encode()[:byte].decode())

    def _value_gap(self, marker: Marker) -> Gap | Problem:
        here = marker.comment.line
        line = marker.comment.within
        if line.tokens[-1].string == ";" or len(self._starting_in(line)) > 1:
            return Problem(here, "two statements share the marker's line", "Give each its own line")
        statement = next(iter(self._starting_in(line)), None)
        value = _value_of(statement.node) if statement else None
        if value is None:
            return Problem(
                here,
                "the marker stands on something that has no value to cut",
                "Put it on an assignment, a return, an if or a while, "
                f"or enclose the statements between '{TODO}...' and '{END}'",
            )
        if isinstance(value, ast.Constant) and value.value is Ellipsis:
            return Problem(here, "the value is already '...'", "Write the answer there")
        first, last = self._span(line.tokens, value)
        before = line.tokens[first - 1]
        start, value_start = self._offset(before.end), self._offset(line.tokens[first].start)
        space = self.source[start:value_start]
        colon = ":" if isinstance(statement.node, ast.If | ast.While) else ""
        return Gap(
            text=marker.text,
            function=statement.function,
            line=here,
            answer=self.source[value_start : self._offset(line.tokens[last].end)],
            start=start,
            end=self._offset(line.end),
            lead=(space if space and not space.strip(" \t") else " ") + f"...{colon}  ",
            tail="",
        )

    def _starting_in(self, line: LogicalLine) -> list[_Statement]:
        first, last = line.tokens[0].start, line.tokens[-1].end
        return [
            statement
            for statement in self.statements
            if first <= self._position(statement.node.lineno, statement.node.col_offset) < last
        ]

    def _span(self, tokens: list[TokenInfo], value: ast.expr) -> tuple[int, int]:
        """Indices of the first and last token of ``value``, parentheses around it included."""
        start = self._position(value.lineno, value.col_offset)
        end = self._position(value.end_lineno, value.end_col_offset)
        first = next(i for i, token in enumerate(tokens) if token.start == start)
        last = next(i for i, token in enumerate(tokens) if token.end == end)
        while tokens[first - 1].string == "(" and tokens[last + 1 : last + 2]:
            first, last = first - 1, last + 1
        return first, last

    def _block_gap(self, opening: Marker, closing: Marker) -> Gap | Problem:
        top, bottom = opening.comment, closing.comment
        inside = [
            statement
            for statement in self.statements
            if top.line < statement.first_line and statement.node.end_lineno < bottom.line
        ]
        if all(_is_placeholder(statement.node) for statement in inside):
            return Problem(top.line, "the block is empty", "Write the answer between its markers")
        suite = [statement for statement in inside if statement.suite == inside[0].suite]
        if not self._cover(suite, top, bottom):
            return Problem(
                top.line,
                f"the block, down to its '{END}', is not a run of whole statements "
                "indented as its two markers",
                "Indent both markers as the statements, and enclose each from its first line "
                "to its last",
            )
        return Gap(
            text=opening.text,
            function=suite[0].function,
            line=top.line,
            answer="\n".join(self.lines[suite[0].first_line - 1 : suite[-1].node.end_lineno]),
            start=self._offset(top.token.start),
            end=self._offset(bottom.token.end),
            lead="",
            tail="\n" + self.lines[top.line - 1][: top.column] + "...",
        )

    def _cover(self, suite: list[_Statement], top: Comment, bottom: Comment) -> bool:
        """Whether the statements make up everything that stands between the markers."""
        indent = self.lines[top.line - 1][: top.column]
        aligned = all(
            self.lines[line - 1].startswith(indent)
            and not self.lines[line - 1][top.column].isspace()
            for line in (*(statement.first_line for statement in suite), bottom.line)
        )
        held = [
            any(
                statement.first_line <= line.tokens[0].start[0]
                and line.tokens[-1].end[0] <= statement.node.end_lineno
                for statement in suite
            )
            for line in self.logical_lines
            if line.tokens[-1].end[0] > top.line and line.tokens[0].start[0] < bottom.line
        ]
        return aligned and all(held)


def _pair(
    markers: list[Marker],
) -> tuple[list[tuple[Marker]], list[tuple[Marker, Marker]], list[Problem]]:
    """Markers of values, pairs of markers of blocks, and those that do not pair up."""
    values, blocks, problems = [], [], []
    opening: Marker | None = None
    for marker in markers:
        line = marker.comment.line
        if marker.comment.within is not None and marker.text is None:
            problems.append(
                Problem(line, f"'{END}' stands behind code", "Give it a line of its own")
            )
        elif opening is not None and marker.text is not None:
            problems.append(
                Problem(
                    line,
                    "this marker stands in a block that is still open",
                    f"Close that block with '{END}' before, or remove one of the two markers",
                )
            )
        elif marker.comment.within is not None:
            values.append((marker,))
        elif marker.text is not None:
            opening = marker
        elif opening is not None:
            blocks.append((opening, marker))
            opening = None
        else:
            problems.append(
                Problem(line, f"'{END}' closes nothing", f"Open the block with '{TODO}...'")
            )
    if opening is not None:
        problems.append(
            Problem(
                opening.comment.line,
                "this block is never closed",
                f"Write '{END}' after its last statement, "
                "or put the marker behind the statement whose value is the gap",
            )
        )
    return values, blocks, problems


def _value_of(node: ast.stmt) -> ast.expr | None:
    match node:
        case ast.Assign() | ast.AugAssign() | ast.AnnAssign() | ast.Return():
            return node.value
        case ast.If() | ast.While():
            return node.test
    return None


def _is_placeholder(node: ast.stmt) -> bool:
    """``...``, ``pass`` or a string by itself: nothing that a learner could be asked for."""
    return isinstance(node, ast.Pass) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    )
