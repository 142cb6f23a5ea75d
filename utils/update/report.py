"""An update in words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from utils.tester.text import Text
from utils.update.deciding import NotebookNews
from utils.update.plan import Plan
from utils.update.references import CheckNews
from utils.update.words import ASPECTS, CONFLICTS, EVENTS, say


def describe(plan: Plan, lang: str) -> Iterator[str]:
    """Lines on what a plan changes, for a learner."""
    for note in plan.notes:
        yield note.in_language(lang)
    for news in plan.news:
        yield from _of_notebook(news, lang)
    for chapter, checks in plan.checks.items():
        yield from _of_checks(chapter, checks, lang)
    if plan.replaced:
        yield say("replaced", lang, files=", ".join(plan.replaced))
    others = [one for one in plan.changes if not one.path.endswith(".ipynb")]
    new = [one.path for one in plan.changes if one.before is None and one not in others]
    if new:
        yield say("new_notebooks", lang, files=", ".join(new))
    if others:
        yield say("other_files", lang, count=len(others))


def has_conflicts(plan: Plan) -> bool:
    """Whether there is something that the learner has to look at."""
    events = (event.kind for news in plan.news for event in news.events)
    problems = any(news.problem for news in plan.news)
    return problems or bool(plan.replaced) or not CONFLICTS.isdisjoint(events)


def where_copies_are(folder: Path, lang: str) -> str:
    """The sentence on what was kept."""
    return say("copies", lang, folder=folder)


def _of_notebook(news: NotebookNews, lang: str) -> Iterator[str]:
    if news.problem is not None:
        yield f"{news.path}: {news.problem.in_language(lang)}"
        return
    lines = list(_of_events(news, lang))
    if lines:
        yield f"{news.path}:"
        yield from lines


def _of_events(news: NotebookNews, lang: str) -> Iterator[str]:
    for kind, text in EVENTS.items():
        cells = [event.cell.in_language(lang) for event in news.events if event.kind == kind]
        if cells:
            sign = "!" if kind in CONFLICTS else "-"
            joint = {"en": ", ", "ja": "、"}[lang]
            yield f"  {sign} {text.in_language(lang).format(cells=joint.join(cells))}"


def _of_checks(chapter: str, checks: CheckNews, lang: str) -> Iterator[str]:
    if checks.changed:
        yield say("checks_changed", lang, chapter=chapter)
        for exercise, aspects in checks.changed.items():
            names = (_aspect(aspect).in_language(lang) for aspect in aspects)
            yield f"  - {exercise}: {', '.join(names)}"
    for name, exercises in (("checks_new", checks.new), ("checks_gone", checks.gone)):
        if exercises:
            yield say(name, lang, chapter=chapter, exercises=", ".join(exercises))


def _aspect(name: str) -> Text:
    return ASPECTS[name]
