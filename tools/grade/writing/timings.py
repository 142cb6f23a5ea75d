"""timings.html: where the time went. The one page that differs from run to run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from statistics import median

from tools.grade.marks import Class, Mark
from tools.grade.writing.page import page
from tools.grade.writing.report_parts import Entry, bar, chapters_of, entries_of, exercises_of
from tools.page import table

SLOWEST = 20


def timings_page(graded: Class) -> str:
    """The whole page."""
    entries = entries_of(graded)
    marks = [mark for entry in entries for mark in entry.submission.graded.marks]
    told = (
        f"{_time(sum(mark.seconds for mark in marks))} of workers' time, the largest process "
        f"{max((mark.megabytes for mark in marks), default=0.0):.0f} MB."
    )
    body = (
        f'<header><h1>Where the time went</h1><p>{told}</p><p class="soft">Figures of one run on '
        'one machine; all are in <a href="timings.csv">timings.csv</a>. Back to the '
        '<a href="report.html">class report</a>.</p></header><main>'
        + "".join(_chapter(name, own) for name, own in chapters_of(entries).items())
        + _slowest(entries)
        + "</main>"
    )
    return page("Where the time went", body)


def _chapter(name: str, entries: Sequence[Entry]) -> str:
    exercises = exercises_of(name, entries)
    totals = {one.name: sum(mark.seconds for mark in one.marks) for one in exercises}
    most = max(totals.values(), default=0.0)
    rows = [
        [
            f'<td><span class="id">{escape(one.name)}</span> '
            f'<span lang="{one.lang}">{escape(one.title)}</span></td>',
            f'<td class="wide">{bar(totals[one.name], most)}</td>',
            f'<td class="n">{_time(totals[one.name])}</td>',
            f'<td class="n">{median(mark.seconds for mark in one.marks):.2f} s</td>',
            f'<td class="n">{max(mark.seconds for mark in one.marks):.2f} s</td>',
            f'<td class="n">{max(mark.megabytes for mark in one.marks):.0f} MB</td>',
        ]
        for one in exercises
    ]
    heads = ["exercise", "", "all", "median", "slowest", "largest"]
    return f"<h2>{escape(name)}</h2>{table(heads, rows)}"


def _slowest(entries: Sequence[Entry]) -> str:
    by_time = sorted(entries, key=lambda entry: -_seconds(entry))[:SLOWEST]
    most = max(map(_seconds, by_time), default=0.0)
    rows = [
        [
            f'<td class="who">{entry.link()}</td>',
            f"<td>{escape(entry.submission.graded.chapter)}</td>",
            f'<td class="wide">{bar(_seconds(entry), most)}</td>',
            f'<td class="n">{_time(_seconds(entry))}</td>',
            f"<td>{_longest(entry.submission.graded.marks)}</td>",
        ]
        for entry in by_time
    ]
    heads = ["student", "chapter", "", "time", "most of it"]
    return f"<h2>Slowest submissions</h2>{table(heads, rows)}" if rows else ""


def _seconds(entry: Entry) -> float:
    return sum(mark.seconds for mark in entry.submission.graded.marks)


def _longest(marks: Iterable[Mark]) -> str:
    longest = max(marks, key=lambda mark: mark.seconds, default=None)
    return "" if longest is None else f"{escape(longest.exercise)}, {longest.seconds:.2f} s"


def _time(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 120 else f"{seconds / 60:.1f} min"
