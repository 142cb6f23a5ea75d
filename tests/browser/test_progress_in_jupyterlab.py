"""Hints and progress in JupyterLab, in a real browser: legible in both themes, and a way on."""

import os

import nbformat
import pytest
from playwright.sync_api import Page

from tests.browser_page import choose_theme, contrast, launched_browser, run_all
from tests.lab import copy_tree, running_lab
from tools.verify.execution import read
from utils.progress.place import VARIABLE
from utils.workspace import heading_of

CHAPTER = "08_closed_loop_control"


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """JupyterLab on a learner's tree with a notebook that asks, its text below."""
    tree = copy_tree(tmp_path_factory.mktemp("lab") / "bootcamp")
    for lang in ("en", "ja"):
        notebook = read(tree / "chapters" / lang / f"{CHAPTER}.ipynb")
        set_up = next(cell for cell in notebook.cells if cell.cell_type == "code")
        asking = [
            nbformat.v4.new_code_cell(source) for source in ('hint("01_01")', "show_progress()")
        ]
        text = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
        notebook.cells = [set_up, *asking, *text]
        target = tree / "work" / lang / "mine.ipynb"
        target.parent.mkdir(parents=True)
        nbformat.write(notebook, target)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(VARIABLE)
        patch.delenv("CI", raising=False)
        with running_lab(tree) as address:
            yield address


@pytest.fixture(scope="module")
def browser():
    with launched_browser() as browser:
        yield browser


@pytest.mark.parametrize(("lang", "width"), [("en", 1280), ("ja", 760)])
def test_hints_and_progress(lab, browser, tmp_path, lang, width):
    page: Page = browser.new_page(viewport={"width": width, "height": 1000})
    try:
        run_all(page, lab, lang)
        progress = page.locator("[data-progress]")
        progress.wait_for(timeout=120_000)
        hint = page.locator("[data-status='hint']")
        for theme in ("JupyterLab Light", "JupyterLab Dark"):
            choose_theme(page, theme)
            assert contrast(page, progress) >= 4.5
            assert contrast(page, hint) >= 4.5
            folder = os.environ.get("SCREENSHOTS", str(tmp_path))
            page.screenshot(path=f"{folder}/progress-{lang}-{theme.split()[-1].lower()}.png")
        progress.get_by_role("link").click()
        heading = heading_of(CHAPTER, "01_01", lang)
        # Near enough: formulas above it that are set late push it a little out of sight.
        page.wait_for_function(
            """heading => [...document.querySelectorAll("h3")]
                .filter(h => h.dataset.jupyterId === heading)
                .some(h => Math.abs(h.getBoundingClientRect().top) < 900)""",
            arg=heading.replace(" ", "-"),
            timeout=30_000,
        )
    finally:
        page.close()
