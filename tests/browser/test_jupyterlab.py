"""What a learner sees: the verdict of a known mistake, in JupyterLab, in a real browser."""

import os

import nbformat
import pytest
from playwright.sync_api import expect

from tests.browser_page import choose_theme, contrast, launched_browser, run_all
from tests.lab import copy_tree, running_lab
from tools.checkfile import load_check_file
from tools.lesson import ROOT, read_lesson
from tools.verify.execution import read
from utils.tester.markers import keep_language

CHAPTER = "08_closed_loop_control"
EXERCISE = "02_01"
# One of 02_01's mistakes whose series is wrong from a certain step on.
MISTAKE = "end_inclusive"


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """JupyterLab on a learner's tree in which 02_01 is answered wrongly, in both languages."""
    tree = copy_tree(tmp_path_factory.mktemp("lab") / "bootcamp")
    for lang in ("en", "ja"):
        notebook = read(tree / "chapters" / lang / f"{CHAPTER}.ipynb")
        notebook.cells = _cells_of_a_mistake(notebook, lang)
        target = tree / "work" / lang / "mine.ipynb"
        target.parent.mkdir(parents=True)
        nbformat.write(notebook, target)
    with running_lab(tree) as address:
        yield address


def _cells_of_a_mistake(notebook, lang):
    """Set-up, imports, and the exercise with a learner's mistake in it."""
    cell = read_lesson(CHAPTER).exercise(EXERCISE)
    mistakes = load_check_file(ROOT, CHAPTER, EXERCISE).mistakes
    source = cell.source
    for old, new in next(item for item in mistakes if item.name == MISTAKE).replace:
        source = source.replace(old, new)
    exercise = next(c for c in notebook.cells if c.metadata.get("exercise") == EXERCISE)
    exercise.source = keep_language(source, lang)
    first_code = [c for c in notebook.cells if c.cell_type == "code"][:2]
    return [*first_code, exercise]


@pytest.fixture(scope="module")
def browser():
    with launched_browser() as browser:
        yield browser


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
@pytest.mark.parametrize(("lang", "width"), [("en", 1280), ("ja", 760)])
def test_a_mistake_is_shown_with_its_hint_and_a_picture(lab, browser, tmp_path, lang, width, theme):
    page = browser.new_page(viewport={"width": width, "height": 1000})
    try:
        run_all(page, lab, lang)
        verdict = page.locator("[data-exercise='02_01'][data-status='failed']")
        verdict.wait_for(timeout=120_000)
        choose_theme(page, theme)
        hint = next(
            item.hint
            for item in load_check_file(ROOT, CHAPTER, EXERCISE).mistakes
            if item.name == MISTAKE
        ).in_language(lang)
        expect(verdict).to_contain_text(hint.replace("`", ""))
        expect(verdict.locator("svg, img").first).to_be_visible()
        assert contrast(page, verdict) >= 4.5
        verdict.scroll_into_view_if_needed()
        folder = os.environ.get("SCREENSHOTS", str(tmp_path))
        page.screenshot(path=f"{folder}/verdict-{lang}-{theme.split()[-1].lower()}.png")
    finally:
        page.close()
