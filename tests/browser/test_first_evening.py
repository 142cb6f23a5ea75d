"""A learner's first evening with chapter 8, in JupyterLab as ``make learn`` starts it."""

import pytest
from answering import CHAPTER, answer, hint_on
from playwright.sync_api import expect

from tests.lab_page import LabPage

EXERCISE = "01_01"
MISTAKE = "delay_ignored"
# The shapes of the window that a page is looked at in; the theme is the first one's.
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 700, "height": 900}


@pytest.fixture(params=[("en", WIDE, "light"), ("ja", NARROW, "dark")], ids=["en", "ja"])
def evening(request, lab, browser, pictures):
    """The chapter's notebook in one language, theme and window, and how a picture of it is kept."""
    lang, size, theme = request.param
    page = browser.new_page(viewport=size)
    notebook = LabPage(page)
    notebook.open(lab, f"{lang}/{CHAPTER}.ipynb")
    notebook.choose_theme(theme)

    def keep(name: str) -> None:
        page.screenshot(path=pictures / f"{name}-{lang}.png")

    yield notebook, lang, keep
    page.close()


def test_from_the_first_cell_to_the_next_exercise(evening):
    notebook, lang, keep = evening

    # The text's own figures, one of each kind.
    notebook.run_until("show_3d_coord(lorenz")
    notebook.run_here()
    expect(notebook.active.locator(".js-plotly-plot canvas").first).to_be_visible()
    keep("plotly")
    notebook.run_until("the gap grows")
    notebook.run_here()
    figure = notebook.active.locator(".jp-OutputArea-output img")
    expect(figure).to_be_visible()
    assert figure.evaluate("image => image.naturalWidth") > 300
    assert notebook.fits(figure)
    keep("matplotlib")

    # An exercise as it comes, then answered wrongly, then rightly.
    notebook.run_until(f'"{EXERCISE}"')
    notebook.run_here()
    expect(verdict(notebook, "not_attempted")).to_be_visible()
    keep("not-attempted")
    notebook.write(answer(EXERCISE, lang, MISTAKE))
    notebook.run_here()
    wrong = verdict(notebook, "failed")
    hint = hint_on(EXERCISE, MISTAKE).in_language(lang)
    expect(wrong).to_contain_text(hint.replace("`", ""))
    shown_well(notebook, wrong, "hint", keep)
    notebook.write(answer(EXERCISE, lang))
    notebook.run_here()
    expect(verdict(notebook, "passed")).to_be_visible()
    keep("passed")

    # One more hint, and an answer that is looked up.
    notebook.write_below('hint("02_01")')
    notebook.run_here()
    step = notebook.active.locator("[data-exercise='02_01'][data-status='hint']")
    shown_well(notebook, step, "step", keep)
    notebook.write_below(f'show_solution("{EXERCISE}", "mackey_glass_func")')
    notebook.run_here()
    expect(notebook.active.locator(".jp-RenderedMarkdown")).to_contain_text("gn_dot = beta * g0 /")
    keep("solution")

    # How far one has come, and on to what is next.
    notebook.write_below("show_progress()")
    notebook.run_here()
    progress = notebook.active.locator("[data-progress]")
    expect(progress.locator(f"[data-exercise='{EXERCISE}'][data-state='passed']")).to_be_visible()
    shown_well(notebook, progress, "progress", keep)
    assert not notebook.is_near("exercise-02_01")
    progress.get_by_role("link").click()
    notebook.wait_until_near("exercise-02_01")
    keep("next")


def verdict(notebook, status):
    return notebook.active.locator(f"[data-exercise='{EXERCISE}'][data-status='{status}']")


def shown_well(notebook, shown, name, keep):
    """In sight, within the window, and legible in both themes."""
    for theme in ("dark", "light"):
        notebook.choose_theme(theme)
        shown.scroll_into_view_if_needed()
        expect(shown).to_be_visible()
        assert notebook.is_legible(shown)
        assert notebook.fits(shown)
        keep(f"{name}-{theme}")
