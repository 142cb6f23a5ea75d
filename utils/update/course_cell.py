"""What a cell is in the course: which exercise, which functions, or the set-up cell."""

from __future__ import annotations

import re
from collections.abc import Collection

from utils.tester.starter import judged_in
from utils.tester.text import Text
from utils.update.notebook_file import Cell

# Found by their text and not by syntax: a learner's cell may not be Python at the moment.
_ANSWERED = re.compile(r"\bshow_solution\s*\(\s*[\"']([^\"'\n]+)[\"']")
_DEFINED = re.compile(r"^(?:async\s+def|def|class)\s+(\w+)\s*(?:\([^)]*\)[^:\n]*)?:", re.MULTILINE)
_HARNESS = "solution"

# How a cell or a paragraph begins that an update has written.
OWN_MARKS = {
    "en": "Yours, kept by the update",
    "ja": "更新で残したあなたのセル",
}
NOTE_MARKS = {"en": "**Update.**", "ja": "**更新のお知らせ**"}


def is_setup(cell: Cell) -> bool:
    """Whether this is the set-up cell."""
    return cell.kind == "code" and "load_from_chapter_name(" in cell.source


def exercises_judged(cell: Cell) -> tuple[str, ...]:
    """The exercises that a cell calls ``test_func`` for, commented out or not."""
    if cell.kind != "code":
        return ()
    return tuple(dict.fromkeys(judged_in(cell.source)))


def exercises_answered(cell: Cell) -> tuple[str, ...]:
    """The exercises and advanced questions that a cell calls ``show_solution`` for, likewise."""
    return tuple(_ANSWERED.findall(cell.source)) if cell.kind == "code" else ()


def exercise_of(cell: Cell) -> str | None:
    """The exercise, or advanced question, whose cell this is in a notebook of the course."""
    if cell.kind != "code" or is_setup(cell):
        return None
    ids = exercises_judged(cell) or exercises_answered(cell)
    return ids[0] if ids else None


def functions_of(cell: Cell) -> frozenset[str]:
    """The functions and classes that a cell defines; the harness, which all exercises have, not."""
    if cell.kind != "code":
        return frozenset()
    return frozenset(_DEFINED.findall(cell.source)) - {_HARNESS}


def is_from_update(cell: Cell) -> bool:
    """Whether an earlier update has put the cell there."""
    beginning = cell.source.lstrip("#> *_\n")
    return beginning.startswith((*OWN_MARKS.values(), *(m.strip("*") for m in NOTE_MARKS.values())))


def name_of(cell: Cell) -> Text:
    """What a report calls a cell."""
    if is_setup(cell):
        return Text("the set-up cell", "準備用のセル")
    exercise = exercise_of(cell)
    if exercise is not None:
        return Text(f"exercise {exercise}", f"演習 {exercise}")
    first = next((line.strip("# \t") for line in cell.source.splitlines() if line.strip("# ")), "")
    short = first if len(first) <= 50 else f"{first[:49]}…"
    kinds = {"code": Text("code", "コード"), "markdown": Text("text", "文章")}
    kind = kinds.get(cell.kind, Text("raw cell", "Rawセル"))
    return Text(f"{kind.en} “{short}”", f"{kind.ja}「{short}」")


def lines_of(source: str) -> list[str]:
    """A text's lines that say something, without the space around them."""
    return [line.strip() for line in source.splitlines() if line.strip()]


def says_the_same(one: str, other: str) -> bool:
    """Whether two texts differ in nothing but space at the ends of lines and around."""
    return _plain(one) == _plain(other)


def key_of(cell: Cell) -> tuple[str, str]:
    """Equal for cells that say the same."""
    return cell.kind, _plain(cell.source)


def share_of(lines: Collection[str], others: Collection[str]) -> float:
    """The share of ``lines`` that are among ``others``."""
    if not lines:
        return 0.0
    there = set(others)
    return sum(line in there for line in lines) / len(lines)


def _plain(source: str) -> str:
    return "\n".join(line.rstrip() for line in source.splitlines()).strip()
