"""The class by exercise: a table whose cells show by sign and colour what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from tools.grade.writing.page_words import STATES, points, state_of
from tools.grade.writing.report_parts import SIGNS, Entry, Exercise, percent


def class_map(entries: Sequence[Entry], exercises: Sequence[Exercise]) -> str:
    """A row a student, a column an exercise."""
    heads = "".join(
        f'<th scope="col"><a href="#{one.anchor}" title="{escape(one.title)}">'
        f"{escape(one.name)}</a></th>"
        for one in exercises
    )
    rows = "".join(_row(entry, exercises) for entry in entries)
    shares = "".join(
        f'<td class="n">{percent(one.passed, len(one.marks))}</td>' for one in exercises
    )
    return (
        f'<div class="map"><table><thead><tr><th scope="col">student</th>'
        f'<th scope="col">points</th>{heads}</tr></thead><tbody>{rows}</tbody>'
        f'<tfoot><tr><th scope="row">passed</th><td></td>{shares}</tr></tfoot></table></div>'
        f"{_legend(exercises)}"
    )


def _row(entry: Entry, exercises: Sequence[Exercise]) -> str:
    graded, marks = entry.submission.graded, entry.marks
    cells = []
    for one in exercises:
        mark = marks.get(one.name)
        if mark is None:
            cells.append("<td></td>")
            continue
        state = state_of(mark)
        told = f"{mark.exercise}: {STATES[state].en}"
        cells.append(f'<td class="cell {state}" title="{escape(told)}">{SIGNS[state]}</td>')
    score = f"{points(graded.score)} / {points(graded.max_score)}"
    return (
        f'<tr><th scope="row" class="who">{entry.link()}</th><td class="n">{score}</td>'
        f"{''.join(cells)}</tr>"
    )


def _legend(exercises: Sequence[Exercise]) -> str:
    """Only what is met, in the order of the signs."""
    met = {state_of(mark) for one in exercises for mark in one.marks}
    items = "".join(
        f'<li><span class="cell {state}">{sign}</span> {escape(STATES[state].en)}</li>'
        for state, sign in SIGNS.items()
        if state in met
    )
    return f'<ul class="legend">{items}</ul>'
