"""report.html, from which an instructor learns how the class did and what wants a decision."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from statistics import fmean, median

from tools.grade.marks import Class
from tools.grade.writing.histogram import histogram
from tools.grade.writing.looks import looks
from tools.grade.writing.page import page
from tools.grade.writing.page_words import points
from tools.grade.writing.report_exercises import exercise_sections
from tools.grade.writing.report_looks import look_section
from tools.grade.writing.report_map import class_map
from tools.grade.writing.report_parts import Entry, chapters_of, entries_of, exercises_of

_TIERS = {
    "bubblewrap": "Every submission ran in a sandbox of its own (bubblewrap): no network, a "
    "read-only system, an empty home.",
    "reduced": "There was no sandbox: submissions ran as processes with limits, on a machine whose "
    "files and network they may have reached. Look at the marks with that in mind.",
}


def report_page(graded: Class) -> str:
    """The whole page. It says nothing of time, so that it is the same in every run."""
    entries = entries_of(graded)
    chapters = chapters_of(entries)
    body = (
        f"<header><h1>Class report</h1>{_isolation(graded)}{_tiles(graded)}{_links(chapters)}"
        f"</header><main>{look_section(graded, entries)}"
        + "".join(_chapter(name, own) for name, own in chapters.items())
        + f"</main><footer>{_how(graded)}</footer>"
    )
    return page("Class report", body)


def _isolation(graded: Class) -> str:
    tier = graded.isolation
    kind = "calm" if tier == "bubblewrap" else "alarm"
    others = sum(one.graded.isolation != tier for one in graded.submissions)
    more = f" {others} of the submissions ran in another tier." if others else ""
    return (
        f'<p class="tier {kind}"><b>isolation: {escape(tier)}</b> '
        f"{escape(_TIERS.get(tier, ''))}{more}</p>"
    )


def _tiles(graded: Class) -> str:
    students = len({one.student for one in graded.submissions})
    return _figures(
        [
            (str(students), "student" if students == 1 else "students"),
            (str(len(graded.submissions)), "notebooks graded"),
            (str(len(looks(graded))), '<a href="#look">need a look</a>'),
        ]
    )


def _links(chapters: Iterable[str]) -> str:
    """To the parts of this page, and to the files beside it."""
    parts = "".join(f' · <a href="#{escape(name)}">{_named(name)}</a>' for name in chapters)
    files = {
        "timings.html": "where the time went",
        "grades.csv": "grades",
        "timings.csv": "timings",
        "results.json": "everything, for programs",
    }
    listed = ", ".join(f'<a href="{name}">{name}</a> ({told})' for name, told in files.items())
    return (
        f'<nav><p><a href="#look">Needs a human’s eye</a>{parts}</p></nav>'
        f'<p class="soft">Beside this page: {listed}.</p>'
    )


def _named(chapter: str) -> str:
    return escape(chapter) or "unknown chapter"


def _chapter(name: str, entries: Sequence[Entry]) -> str:
    exercises = exercises_of(name, entries)
    return (
        f'<section class="chapter" id="{escape(name)}"><h2>{_named(name)}</h2>'
        f"{_scores(entries)}<h3>Students and exercises</h3>{class_map(entries, exercises)}"
        f"<h3>Exercises</h3>{exercise_sections(exercises)}</section>"
    )


def _scores(entries: Sequence[Entry]) -> str:
    graded = [entry.submission.graded for entry in entries]
    scores = [one.score for one in graded]
    most = max(one.max_score for one in graded)
    full = sum(one.score == one.max_score > 0 for one in graded)
    figures = [
        (f"{points(fmean(scores))}", f"mean of {points(most)} points"),
        (points(median(scores)), "median"),
        (f"{points(min(scores))} – {points(max(scores))}", "from – to"),
        (str(full), "with all points"),
    ]
    shares = [one.score / one.max_score if one.max_score else 0.0 for one in graded]
    return f'{_figures(figures)}<div class="scroll">{histogram(shares)}</div>'


def _figures(figures: Iterable[tuple[str, str]]) -> str:
    """Large figures, each with HTML that says what it counts."""
    items = "".join(f"<div><dt>{told}</dt><dd>{figure}</dd></div>" for figure, told in figures)
    return f'<dl class="figures">{items}</dl>'


def _how(graded: Class) -> str:
    share = points(100 * graded.carried_share)
    cases = f"{graded.hidden} hidden case{'' if graded.hidden == 1 else 's'} an exercise"
    return (
        f'<p class="soft">Graded on the public cases and on {cases}. All or nothing an exercise; '
        f"one that is carried forward earns {share} % of its points.</p>"
    )
