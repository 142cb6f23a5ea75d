"""What a learner sees: the verdict of a known mistake, in JupyterLab, in a real browser."""

import nbformat
import pytest
from answering import CHAPTER, answer, hint_on
from playwright.sync_api import expect

from tests.lab_page import THEMES, LabPage
from tools.verify.execution import read

EXERCISE = "02_01"
# One of 02_01's mistakes whose series is wrong from a certain step on.
MISTAKE = "end_inclusive"


@pytest.fixture(scope="module", autouse=True)
def notebooks(lab, learners_tree):
    """A notebook a language: set-up, imports, and the exercise with a learner's mistake in it."""
    for lang in ("en", "ja"):
        notebook = read(learners_tree / "chapters" / lang / f"{CHAPTER}.ipynb")
        exercise = next(c for c in notebook.cells if c.metadata.get("exercise") == EXERCISE)
        exercise.source = answer(EXERCISE, lang, MISTAKE)
        first_code = [c for c in notebook.cells if c.cell_type == "code"][:2]
        notebook.cells = [*first_code, exercise]
        nbformat.write(notebook, learners_tree / "work" / lang / "mistake.ipynb")


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("lang", "width"), [("en", 1280), ("ja", 760)])
def test_a_mistake_is_shown_with_its_hint_and_a_picture(lab, browser, pictures, lang, width, theme):
    page = browser.new_page(viewport={"width": width, "height": 1000})
    try:
        notebook = LabPage(page)
        notebook.open(lab, f"{lang}/mistake.ipynb")
        notebook.choose_theme(theme)
        notebook.run_until(f'"{EXERCISE}"')
        notebook.run_here()
        verdict = page.locator(f"[data-exercise='{EXERCISE}'][data-status='failed']")
        hint = hint_on(EXERCISE, MISTAKE).in_language(lang)
        expect(verdict).to_contain_text(hint.replace("`", ""))
        expect(verdict.locator("svg, img").first).to_be_visible()
        assert notebook.is_legible(verdict)
        verdict.scroll_into_view_if_needed()
        page.screenshot(path=pictures / f"verdict-{theme}-{lang}.png")
    finally:
        page.close()
