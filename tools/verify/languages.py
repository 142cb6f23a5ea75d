"""Both languages say the same: code, formulas, exercises, and a text in each wherever one is."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from tools.checkfile import CheckFile
from tools.gaps import find_gaps
from tools.lesson import ROOT, Cell, Lesson
from tools.notebook import make_notebook
from utils.tester.text import LANGUAGES, Text

_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_DISPLAYED = re.compile(r"\$\$(.+?)\$\$", re.DOTALL)
_INLINE = re.compile(r"(?<!\\)\$(.+?)(?<!\\)\$", re.DOTALL)
_JAPANESE = re.compile(r"[぀-ヿ㐀-鿿]")
_WORD = re.compile(r"[A-Za-z]{3,}")


def differing_code(lesson: Lesson, root: Path = ROOT) -> list[str]:
    """The cells of the two notebooks, untouched and solved, whose code or exercise differs."""
    problems = []
    for solved in (False, True):
        english, japanese = (_code_cells(lesson, lang, root, solved) for lang in LANGUAGES)
        names = [
            [(cell["id"], cell["metadata"]) for cell in cells] for cells in (english, japanese)
        ]
        state = "solved" if solved else "untouched"
        if names[0] != names[1]:
            problems.append(f"the {state} notebooks have different code cells or exercises")
            continue
        problems += [
            f"cell {one['id']} of the {state} notebooks has different code in the two languages"
            for one, other in zip(english, japanese, strict=True)
            if _tree(one) != _tree(other)
        ]
    return problems


def differing_formulas(lesson: Lesson) -> list[str]:
    """The pairs of markdown cells whose formulas differ.

    Displayed ones are the same in the same order, but for the full stop or comma of their sentence;
    of the others each that stands in one language stands in the other, once or more often.
    """
    problems = []
    for english, japanese in pairwise(lesson.cells):
        if english.lang == "en" and japanese.lang == "ja":
            problems += _differing_in(english, japanese)
    return problems


def untranslated(checks: CheckFile, cell: Cell) -> list[str]:
    """The titles, hints, labels and TODO texts of an exercise that are not in both languages."""
    return [
        f"{checks.file}: {what} is not in both languages: {text.en!r}, {text.ja!r}"
        for what, text in _texts(checks, cell)
        if not _in_both(text)
    ]


def _code_cells(lesson: Lesson, lang: str, root: Path, solved: bool) -> list[dict[str, Any]]:
    cells = json.loads(make_notebook(lesson, lang, root, solved))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code" and cell["id"] != "setup"]


def _tree(cell: dict[str, Any]) -> str:
    return ast.dump(ast.parse("".join(cell["source"])))


def _differing_in(english: Cell, japanese: Cell) -> Iterator[str]:
    ours, theirs = _formulas(english.source), _formulas(japanese.source)
    for formula in (*ours[0], *theirs[0]):
        if (formula in ours[0]) != (formula in theirs[0]):
            where = "English" if formula in ours[0] else "Japanese"
            yield f"{english.file}:{english.line}: only the {where} cell has $${formula}$$"
    if sorted(ours[0]) == sorted(theirs[0]) and ours[0] != theirs[0]:
        yield f"{english.file}:{english.line}: the displayed formulas come in another order"
    for formula in sorted(ours[1] ^ theirs[1]):
        where = "English" if formula in ours[1] else "Japanese"
        yield f"{english.file}:{english.line}: only the {where} cell has ${formula}$"


def _formulas(source: str) -> tuple[list[str], set[str]]:
    """The formulas displayed, in order, and those within lines."""
    text = _CODE.sub("", source)
    displayed = [_plain(formula).rstrip(" .,") for formula in _DISPLAYED.findall(text)]
    return displayed, {_plain(formula) for formula in _INLINE.findall(_DISPLAYED.sub("", text))}


def _plain(formula: str) -> str:
    return " ".join(formula.split())


def _texts(checks: CheckFile, cell: Cell) -> Iterator[tuple[str, Text]]:
    yield "TITLE", checks.title
    for number, hint in enumerate(checks.hints, start=1):
        yield f"hint {number}", hint
    for number, case in enumerate(checks.cases(), start=1):
        yield f"the label of case {number}", case.label
    for mistake in checks.mistakes:
        yield f"the hint of {mistake.name!r}", mistake.hint
    for gap in find_gaps(cell.source):
        yield "a TODO text", gap.text


def _in_both(text: Text) -> bool:
    """Whether each half is there and in its language; symbols alone are in both."""
    if not (text.en.strip() and text.ja.strip()) or _JAPANESE.search(text.en):
        return False
    return bool(_JAPANESE.search(text.ja)) or not _WORD.search(text.ja)
