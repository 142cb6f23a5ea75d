"""What the terminal shows when grading is done."""

from __future__ import annotations

from collections import Counter
from statistics import fmean

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tools.grade.marks import STATUSES, Class
from tools.grade.writing.looks import KINDS, Look, looks
from tools.grade.writing.page_words import CARRIED, state_of


def show(graded: Class, console: Console) -> None:
    """Print a row a chapter and exercise, then how many, how well, and what to look at."""
    if graded.submissions:
        console.print(_table(graded))
    students = len({one.student for one in graded.submissions})
    _say(
        console, f"{_several(students, 'student')}, {_several(len(graded.submissions), 'notebook')}"
    )
    for chapter in sorted({one.graded.chapter for one in graded.submissions}):
        ones = [one.graded for one in graded.submissions if one.graded.chapter == chapter]
        mean, most = fmean(one.score for one in ones), max(one.max_score for one in ones)
        _say(console, f"{chapter}: mean score {mean:.2f} of {most:g}")
    if graded.isolation == "reduced":
        console.print("[yellow]reduced isolation[/yellow]: no sandbox of its own", highlight=False)
    found = needs_look(graded)
    kinds = Counter(look.kind for look in found)
    told = ", ".join(f"{KINDS[kind][0].lower()} {count}" for kind, count in kinds.items())
    _say(console, f"needs a look: {len(found)}{f' ({told})' if told else ''}")


def needs_look(graded: Class) -> list[Look]:
    """What an instructor should look at before the marks go out."""
    return looks(graded)


def _table(graded: Class) -> Table:
    counts: dict[tuple[str, str], Counter[str]] = {}
    for one in graded.submissions:
        for mark in one.graded.marks:
            counts.setdefault((one.graded.chapter, mark.exercise), Counter())[state_of(mark)] += 1
    met = sum(counts.values(), Counter())
    states = [state for state in ("passed", CARRIED, *STATUSES[1:]) if met[state]]
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("chapter")
    table.add_column("exercise")
    for state in states:
        table.add_column(state.replace("_", " "), justify="right")
    for (chapter, exercise), count in sorted(counts.items()):
        cells = (str(count[state]) if count[state] else "·" for state in states)
        table.add_row(escape(chapter), escape(exercise), *cells)
    return table


def _several(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _say(console: Console, text: str) -> None:
    console.print(text, markup=False, highlight=False, soft_wrap=True)
