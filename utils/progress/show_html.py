"""Progress as HTML: for a notebook, and as a page of its own.

As in a verdict the text takes the page's own colours, so that light and dark both serve, and every
state stands there as a sign and in words: colour says nothing alone.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from html import escape
from pathlib import Path

from utils.progress.overview import ChapterProgress, ExerciseProgress, Overview
from utils.progress.show_text import next_text, totals
from utils.progress.words import (
    help_of,
    labelled,
    listed,
    remark_of,
    say,
    state_of,
    state_text,
    work_of,
)
from utils.tester.show_html import COLORS, card
from utils.tester.starter import cell_id

_GREY = "rgba(128,138,150,.35)"
_CELL = (
    "border:none;padding:3px 18px 3px 0;text-align:left;vertical-align:baseline;"
    "font-size:14px;color:inherit;background:none"
)
_PLAIN = 'style="background:none;color:inherit"'  # notebooks stripe the rows of tables
_PAGE = """\
<!doctype html>
<html lang="{lang}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
  :root {{ color-scheme: light dark }}
  body {{ margin: 1.5rem auto; max-width: 62rem; padding: 0 1rem; background: Canvas;
    color: CanvasText; font-family: system-ui, sans-serif }}
</style>
<main>
{body}
</main>
</html>
"""


def as_html(overview: Overview, in_full: Collection[str] | None = None, link: bool = True) -> str:
    """The overview as one element.

    Args:
        overview: what to show.
        in_full: the chapters whose exercises are shown one by one; all if None.
        link: whether the next exercise is a link, from a notebook to its place.
    """
    lang = overview.lang
    full = [one for one in overview.chapters if in_full is None or one.name in in_full]
    parts = [_heading(say("title", lang))]
    parts += [_chapter(chapter, lang) for chapter in full]
    parts += [_all(overview), _next(overview, link)]
    note = escape(say("estimate", lang))
    parts.append(f'<div style="opacity:.8;font-size:.93em">{note}</div>')
    return card("".join(parts), lang, COLORS["hint"], 'data-progress="1"')


def page(overview: Overview) -> str:
    """A page of all chapters that needs nothing else."""
    title = escape(say("title", overview.lang))
    body = as_html(overview, link=False)
    return _PAGE.format(lang=overview.lang, title=title, body=body)


def _heading(text: str) -> str:
    return f'<div style="font-weight:600;font-size:16px">{escape(text)}</div>'


def _chapter(chapter: ChapterProgress, lang: str) -> str:
    names = ("exercise", "state", "work", "help")
    head = "".join(
        f'<th scope="col" style="{_CELL};opacity:.8;font-weight:400;white-space:nowrap">'
        f"{escape(say(name, lang))}</th>"
        for name in names
    )
    rows = "".join(_row(one, lang) for one in chapter.exercises)
    return (
        f'<div style="font-weight:600;margin:10px 0 0">{escape(chapter.title)}</div>'
        f"{_bar((chapter,), lang)}{_table(f'<tr {_PLAIN}>{head}</tr>{rows}')}"
    )


def _row(one: ExerciseProgress, lang: str) -> str:
    kept, state = one.kept, state_of(one.kept)
    title = f"{one.exercise.id} {one.exercise.title.in_language(lang)}"
    shown = [state_text(state, lang), *remark_of(kept, lang)]
    cells = (
        listed(shown, lang),
        listed(work_of(kept, lang), lang),
        listed(help_of(kept, lang), lang),
    )
    # In a narrow window the table is scrolled; letters below each other nobody can read.
    filled = "".join(
        f'<td style="{_CELL};white-space:nowrap">{escape(cell)}</td>' for cell in cells
    )
    return (
        f'<tr data-exercise="{escape(one.exercise.id)}" data-state="{state}" {_PLAIN}>'
        f'<th scope="row" style="{_CELL};font-weight:400;min-width:8em">{escape(title)}</th>'
        f"{filled}</tr>"
    )


def _all(overview: Overview) -> str:
    """All chapters together, and a row for each."""
    lang = overview.lang
    rows = "".join(
        f'<tr {_PLAIN}><th scope="row" style="{_CELL};font-weight:400">{escape(one.title)}</th>'
        f'<td style="{_CELL}">{escape(totals((one,), lang))}</td></tr>'
        for one in overview.chapters
    )
    text = labelled(say("all_chapters", lang), totals(overview.chapters, lang), lang)
    return (
        f'<div style="font-weight:600;margin:10px 0 0">{escape(text)}</div>'
        f"{_bar(overview.chapters, lang)}{_table(rows)}"
    )


def _bar(chapters: Collection[ChapterProgress], lang: str) -> str:
    passed = sum(chapter.passed for chapter in chapters)
    total = sum(len(chapter.exercises) for chapter in chapters)
    part = 100 * passed / max(total, 1)
    text = escape(say("passed_of", lang, passed=passed, total=total))
    return (
        f'<div role="progressbar" aria-valuemin="0" aria-valuemax="{total}" '
        f'aria-valuenow="{passed}" aria-label="{text}" style="height:8px;border-radius:4px;'
        f'border:1px solid {_GREY};margin:6px 0;max-width:420px;overflow:hidden">'
        f'<div style="height:100%;width:{part:.1f}%;background:{COLORS["passed"]}"></div></div>'
    )


def _next(overview: Overview, link: bool) -> str:
    lang, one = overview.lang, overview.next
    if one is None:
        return f'<div style="margin:8px 0;font-weight:600">{escape(say("done", lang))}</div>'
    text = escape(next_text(overview))
    if link:
        text = f'<a href="{escape(_address(one, overview))}">{text}</a>'
    return f'<div style="margin:8px 0"><b>{escape(say("next", lang))}</b>&ensp;{text}</div>'


def _address(one: ExerciseProgress, overview: Overview) -> str:
    """An exercise's cell, in this notebook or in another chapter's, as JupyterLab names it.

    JupyterLab finds no heading that is not written in ASCII.
    """
    place = f"#cell-id={cell_id(one.exercise.id)}"
    # Jupyter follows a link into the notebook itself only if it names the file, and says which.
    own = Path(os.environ.get("JPY_SESSION_NAME", "")).name
    is_own = one.chapter == overview.here and own.endswith(".ipynb")
    return f"{own if is_own else f'{one.chapter}.ipynb'}{place}"


def _table(rows: str) -> str:
    return (
        '<div style="overflow-x:auto"><table style="border:none;border-collapse:collapse;'
        f'margin:4px 0;color:inherit;background:none">{rows}</table></div>'
    )
