"""The cells that an update writes into a learner's notebook."""

from __future__ import annotations

import ast

from utils.update.course_cell import NOTE_MARKS, OWN_MARKS, is_from_update, is_setup
from utils.update.notebook_file import Cell, make_cell

_STARTER = {
    "en": (
        " The starter of exercise {names} has changed in lines that you had written on. Your code "
        "above is kept; take over what you need, then delete this cell.",
        "the new starter",
    ),
    "ja": (
        " 演習 {names} の元のコードが、あなたの書き込んだ行でも変更されました。上のコードは"
        "あなたのものを残しています。必要な部分を取り入れたら、このセルは削除してかまいません。",
        "新しい元のコード",
    ),
}
_GONE = {
    "en": "this exercise is no longer part of the course",
    "ja": "この演習は教材からなくなりました",
}
_BELOW = {"en": "the new version is above", "ja": "新しい版は上のセルです"}
_SET_UP = {
    "en": "these are the changes you had made to the set-up cell",
    "ja": "準備用のセルに加えられていた変更です",
}
_CALLED = ("test_func", "show_solution")


def new_starter_note(names: str, starter: str, lang: str) -> Cell:
    """A text cell that shows the new starter of an exercise."""
    sentence, summary = _STARTER[lang]
    return make_cell(
        "markdown",
        f"{NOTE_MARKS[lang]}{sentence.format(names=names)}\n\n<details><summary>{summary}"
        f"</summary>\n\n{_fenced(starter)}\n\n</details>",
    )


def marked_as_yours(cell: Cell, lang: str) -> Cell:
    """A learner's version of a cell, to stand below the new one.

    The set-up cell's is shown and not run: it would fetch the version that it names.
    """
    if is_from_update(cell):
        return cell
    if is_setup(cell):
        text = f"**{OWN_MARKS[lang]}**: {_SET_UP[lang]}.\n\n{_fenced(cell.source)}"
        return make_cell("markdown", text)
    return _headed(cell, f"{OWN_MARKS[lang]}: {_BELOW[lang]}.")


def no_longer_judged(cell: Cell, lang: str) -> Cell:
    """A learner's answer to an exercise that is gone: its calls of the checker are commented out.

    They would stop a notebook that is run from top to bottom.
    """
    quiet = make_cell(cell.kind, _without_calls(cell.source), cell)
    return _headed(quiet, f"{OWN_MARKS[lang]}: {_GONE[lang]}.")


def _headed(cell: Cell, sentence: str) -> Cell:
    if is_from_update(cell):
        return cell
    if cell.kind != "code":
        return make_cell(cell.kind, f"> **{sentence}**\n\n{cell.source}", cell)
    first, line_end, rest = cell.source.partition("\n")
    if first.startswith("%%"):  # a cell magic has to come first
        return make_cell(cell.kind, f"{first}\n# {sentence}{line_end}{rest}", cell)
    return make_cell(cell.kind, f"# {sentence}\n{cell.source}", cell)


def _without_calls(source: str) -> str:
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return source
    lines = source.split("\n")
    for node in tree.body:
        match node:
            case ast.Expr(value=ast.Call(func=ast.Name(id=name))) if name in _CALLED:
                for number in range(node.lineno - 1, node.end_lineno):
                    lines[number] = f"# {lines[number]}"
    return "\n".join(lines)


def _fenced(code: str) -> str:
    fence = "```"
    while fence in code:
        fence += "`"
    return f"{fence}python\n{code}\n{fence}"
