"""The whole site as files: pages, figures, notebooks, and what the pages load."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from tools.executed import Outputs
from tools.lesson import Lesson
from tools.notebook import make_notebook
from tools.site.chapter import Chapter, read_chapter
from tools.site.colours import style
from tools.site.figures import Figures
from tools.site.pages import chapter_page, index_page, page_name, start_page
from tools.site.problem import SiteError

ASSETS = Path(__file__).with_name("files")
PLOTLY = "assets/plotly.min.js"


def site_files(
    lessons: Sequence[Lesson],
    langs: Sequence[str],
    shown: dict[tuple[str, bool], Outputs],
    root: Path,
    solved: bool = False,
) -> Iterator[tuple[str, bytes]]:
    """Every file of the site, by its path.

    Args:
        lessons: the chapters in order.
        langs: the languages, the first page's own first.
        shown: what the executed notebooks showed, by chapter and whether advanced questions were
            answered in them.
        root: the project.
        solved: whether there are pages with the answers too.

    Raises:
        SiteError: a chapter cannot be shown.
    """
    figures = Figures()
    for lang in langs:
        path = [read_chapter(lesson, lang, make_notebook(lesson, lang, root)) for lesson in lessons]
        yield f"{lang}/index.html", index_page(path, lang, langs).encode()
        for lesson, chapter in zip(lessons, path, strict=True):
            yield f"notebooks/{lang}/{chapter.name}.ipynb", chapter.text.encode()
            for with_answers in (False, True) if solved else (False,):
                notebook = _notebook(lesson, chapter, root, with_answers)
                _fill(notebook, shown[chapter.name, with_answers], figures)
                page = chapter_page(chapter, notebook, path, langs, with_answers, twin=solved)
                yield f"{lang}/{page_name(chapter.name, with_answers)}", page.encode()
    yield "index.html", start_page(langs).encode()
    yield from sorted(figures.files.items())
    yield from _assets(turning=any(name.endswith(".js") for name in figures.files))


def _notebook(lesson: Lesson, chapter: Chapter, root: Path, solved: bool) -> NotebookNode:
    if not solved:
        return chapter.notebook
    return nbformat.reads(make_notebook(lesson, chapter.lang, root, solved=True), as_version=4)


def _fill(notebook: NotebookNode, shown: Outputs, figures: Figures) -> None:
    """Put what was shown where it was shown; verdicts stay out, and without answers theirs, too."""
    for cell in notebook.cells:
        if cell.cell_type == "code" and "exercise" not in cell.metadata:
            cell.outputs = figures.shown(shown.get(cell.id, []))


def _assets(turning: bool) -> Iterator[tuple[str, bytes]]:
    """What pages load; plotly's script only where there is something to turn."""
    for path in sorted(ASSETS.iterdir()):
        content = path.read_bytes()
        if path.name == "site.css":
            content = f"{style()}{content.decode()}".encode()
        yield f"assets/{path.name}", content
    if turning:
        yield PLOTLY, _plotly().read_bytes()
    yield ".nojekyll", b""


def _plotly() -> Path:
    package = find_spec("plotly")
    script = Path(package.origin).parent / "package_data" / "plotly.min.js" if package else None
    if script is None or not script.is_file():
        raise SiteError("plotly brings no plotly.min.js. Install it: python -m pip install plotly")
    return script
