"""The pages: a chapter's, a language's index, and the first one, which asks for the language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from nbformat import NotebookNode

from tools.colab import colab_link
from tools.settings import REPOSITORY
from tools.site.article import TEMPLATES, article
from tools.site.chapter import Chapter
from tools.site.words import NAMES, words


def chapter_page(
    chapter: Chapter,
    notebook: NotebookNode,
    path: Sequence[Chapter],
    langs: Sequence[str],
    solved: bool = False,
    twin: bool = False,
) -> str:
    """A chapter's page.

    Args:
        chapter: in the page's language.
        notebook: its cells, with the outputs to show.
        path: all chapters in this language, in order.
        langs: the languages that the site has.
        solved: whether the notebook holds the answers.
        twin: whether there is a page with the answers beside the one without.
    """
    place = list(path).index(chapter)
    colab = colab_link(chapter.name, chapter.lang)
    exercises = {exercise.name: exercise for exercise in chapter.exercises}
    told = {
        "words": words(chapter.lang),
        "exercises": exercises,
        "colab": None if solved else colab,
    }
    name = page_name(chapter.name, solved)
    return _render(
        "chapter.html.j2",
        chapter.lang,
        {lang: f"../{lang}/{name}" for lang in langs if lang != chapter.lang},
        chapter=chapter,
        article=Markup(article(notebook, told)),
        before=path[place - 1] if place else None,
        after=path[place + 1] if place + 1 < len(path) else None,
        colab=colab,
        solved=solved,
        hidden=solved,  # whoever searches for an exercise shall not land on its answer
        twin=page_name(chapter.name, solved=True) if twin else None,
    )


def page_name(chapter: str, solved: bool = False) -> str:
    """The file of a chapter's page in its language's folder."""
    return f"{chapter}{'.solved' if solved else ''}.html"


def index_page(path: Sequence[Chapter], lang: str, langs: Sequence[str]) -> str:
    """All chapters of a language, one after the other."""
    others = {other: f"../{other}/index.html" for other in langs if other != lang}
    colab = {chapter.name: colab_link(chapter.name, lang) for chapter in path}
    return _render("index.html.j2", lang, others, chapters=path, colab=colab)


def start_page(langs: Sequence[str]) -> str:
    """The site's first page."""
    every = {lang: words(lang) for lang in langs}
    others = {lang: f"{lang}/index.html" for lang in langs}
    return _render("start.html.j2", langs[0], others, up="", home="index.html", every=every)


def _render(template: str, lang: str, others: Mapping[str, str], **told: Any) -> str:
    given = {
        "lang": lang,
        "words": words(lang),
        "names": NAMES,
        "others": others,
        "repository": REPOSITORY,
        "up": "../",
        "home": "index.html",
        "hidden": False,
    }
    return _environment().get_template(template).render(given | told)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES / "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
