"""Reading the cells of one lesson file, with the lines they stand on."""

from __future__ import annotations

import io
import re
import tokenize
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from utils.tester.text import LANGUAGES

# Magics stay comments: a lesson is plain Python, which ast can read.
PERCENT = {"extension": ".py", "format_name": "percent", "comment_magics": False}

# What jupytext itself notes of a cell, and where it puts attributes that are no "name=JSON".
_OF_JUPYTEXT = {"lines_to_next_cell", "cell_marker"}
BUDGETS = {"demos", "advanced", "megabytes"}
_UNREADABLE = "incorrectly_encoded_metadata"
# The packages that an exercise may take beyond requirements.txt: those utils/optional.py knows.
OPTIONAL = ("torch",)


@dataclass(frozen=True)
class Cell:
    """One cell of a lesson.

    Attributes:
        kind: "markdown" or "code".
        source: its text, without the comment signs of markdown.
        file: its file, relative to the project's root.
        line: where the first line of ``source`` stands in the file, from 1.
        lang: "en" or "ja" for markdown that exists in both, None for a shared cell.
        setup: whether the build writes the set-up cell here.
        demos, advanced, megabytes: of the set-up cell, what the solved chapter may take: seconds
            without its advanced answers, seconds more with them, and memory without them.
        exercise, answer: the id of the exercise, of the advanced question answered.
        points, minutes, needs, packages: of an exercise: what it is worth, the time it takes, the
            exercises whose functions it calls, the packages beyond requirements.txt that it takes.
    """

    kind: str
    source: str
    file: str
    line: int
    lang: str | None = None
    setup: bool = False
    demos: float = 30.0
    advanced: float = 60.0
    megabytes: float = 600.0
    exercise: str | None = None
    answer: str | None = None
    points: float = 1.0
    minutes: int = 15
    needs: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()

    def problem(self, what: str, remedy: str, line: int = 1) -> str:
        """``file:line: what. remedy.`` for a line of this cell (from 1)."""
        return f"{self.file}:{self.line + line - 1}: {what}. {remedy}."


def read_cells(path: Path, file: str) -> tuple[list[Cell], list[str]]:
    """The cells of the file at ``path``, which problems call ``file``, and its problems.

    Where the file cannot be taken apart there are no cells and at least one problem.
    """
    try:
        text = path.read_text(encoding="utf-8")
        starts = _cell_starts(text)
    except UnicodeDecodeError as error:
        return [], [f"{file}:1: this is no UTF-8: {error.reason}. Save the file as UTF-8."]
    except (SyntaxError, tokenize.TokenError) as error:
        line = getattr(error, "lineno", None) or error.args[1][0]
        what = getattr(error, "msg", None) or error.args[0]
        return [], [f"{file}:{line}: this is no Python: {what}. Correct the syntax."]
    # Imported here: it takes seconds, and processes that are handed a lesson never read one.
    import jupytext

    try:
        notebook = jupytext.reads(text, fmt=PERCENT)
    except Exception as error:  # jupytext answers to odd headers and attributes with any
        reason = str(error).partition("\n")[0]
        return [], [
            f"{file}:1: jupytext cannot read this file: {reason}. "
            "Correct the header and the attributes behind each '# %%'."
        ]
    problems = []
    written = notebook.metadata.get("jupytext", {}).get("text_representation", {})
    if written.get("format_name") != "percent" or "kernelspec" not in notebook.metadata:
        problems.append(
            f"{file}:1: the header of a jupytext notebook in the percent format is missing. "
            "Copy the header of another lesson file."
        )
    if len(notebook.cells) != len(starts):
        return [], [
            *problems,
            f"{file}:{starts[0] if starts else 1}: jupytext makes {len(notebook.cells)} cells of "
            f"the {len(starts)} lines that begin with '# %%'. Put everything but the header below "
            "such a line, one empty line between header and first cell, and no such line in a "
            "string or behind an indentation.",
        ]
    cells = []
    for node, start in zip(notebook.cells, starts, strict=True):
        attributes, wrong = _read_attributes(node.cell_type, dict(node.metadata))
        problems += [f"{file}:{start}: {problem}" for problem in wrong]
        if not wrong:
            cells.append(Cell(node.cell_type, node.source, file, start + 1, **attributes))
    return cells, problems


def _cell_starts(text: str) -> list[int]:
    """The lines that open a cell: comments ``# %%`` at the left edge, so none inside a string."""
    return [
        token.start[0]
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type == tokenize.COMMENT
        and token.start[1] == 0
        and (token.string == "# %%" or token.string.startswith("# %% "))
    ]


def _read_attributes(kind: str, metadata: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The attributes of a cell, checked one by one and against each other."""
    problems = []
    if kind not in ("markdown", "code"):
        problems.append(f"this is a {kind} cell. Write '# %%' or '# %% [markdown]'.")
    if _UNREADABLE in metadata:
        text = metadata[_UNREADABLE]
        return {}, [f'attributes that cannot be read: {text}. Quote text, as in lang="en".']
    given = {name: value for name, value in metadata.items() if name not in _OF_JUPYTEXT}
    for name, value in given.items():
        check, remedy = _ATTRIBUTES.get(
            name, (None, f"Remove it; there are {', '.join(_ATTRIBUTES)}")
        )
        if check is None:
            problems.append(f"unknown attribute {name!r}. {remedy}.")
        elif not check(value):
            problems.append(f"{name} cannot be {value!r}. {remedy}.")
    if kind == "code" and "lang" in given:
        problems.append("a code cell has a language. Remove lang: code is shared by both.")
    if kind == "markdown" and set(given) & set(_ATTRIBUTES) - {"lang"}:
        problems.append("a markdown cell has attributes of a code cell. Keep lang alone.")
    if len({"setup", "exercise", "answer"} & set(given)) > 1:
        problems.append("a cell is one of setup, exercise and answer. Remove all but one.")
    if {"points", "minutes", "needs", "packages"} & set(given) and "exercise" not in given:
        problems.append("points, minutes, needs and packages belong to an exercise. Remove them.")
    if BUDGETS & set(given) and "setup" not in given:
        problems.append(f"{', '.join(sorted(BUDGETS))} belong to the set-up cell. Remove them.")
    for name in {"needs", "packages"} & set(given) if not problems else ():
        given[name] = tuple(given[name])
    return given, problems


def is_exercise_id(value: Any) -> bool:
    """Whether ``value`` is an exercise's id, such as "02_01"."""
    return isinstance(value, str) and re.fullmatch("[0-9]{2}_[0-9]{2}", value) is not None


def is_answer_id(value: Any) -> bool:
    """Whether ``value`` is an advanced question's id, such as "02_A1"."""
    return isinstance(value, str) and re.fullmatch("[0-9]{2}_A[0-9]+", value) is not None


def _is_positive(value: Any) -> bool:
    return type(value) in (int, float) and value > 0


_ATTRIBUTES = {
    "lang": (lambda value: value in LANGUAGES, 'Write lang="en" or lang="ja"'),
    "setup": (lambda value: value is True, "Write setup=true"),
    "exercise": (is_exercise_id, 'Write section and number, as in exercise="02_01"'),
    "answer": (is_answer_id, 'Write section and number, as in answer="02_A1"'),
    "points": (
        _is_positive,
        "Write a positive number, as in points=1",
    ),
    "demos": (_is_positive, "Write seconds, as in demos=30"),
    "advanced": (_is_positive, "Write seconds, as in advanced=60"),
    "megabytes": (_is_positive, "Write megabytes, as in megabytes=600"),
    "minutes": (
        lambda value: type(value) is int and value > 0,
        "Write a positive integer, as in minutes=20",
    ),
    "needs": (
        lambda value: isinstance(value, list) and all(is_exercise_id(item) for item in value),
        'Write a list of exercise ids, as in needs=["02_01"]',
    ),
    "packages": (
        lambda value: isinstance(value, list) and set(value) <= set(OPTIONAL),
        f"Write a list of {', '.join(OPTIONAL)}",
    ),
}
