"""What a learner sees: the verdict of a known mistake, in JupyterLab, in a real browser."""

import os
import shutil

import nbformat
import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.lab import copy_tree, running_lab
from tools.checkfile import load_check_file
from tools.lesson import ROOT, read_lesson
from tools.verify.execution import read
from utils.tester.markers import keep_language

CHAPTER = "08_closed_loop_control"
EXERCISE = "02_01"
# One of 02_01's mistakes whose series is wrong from a certain step on.
MISTAKE = "end_inclusive"
QUIET = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


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
    with sync_playwright() as playwright:
        executable = shutil.which("chromium") or shutil.which("google-chrome")
        assert executable, "install chromium: apt-get install chromium"
        browser = playwright.chromium.launch(executable_path=executable, args=QUIET)
        yield browser
        browser.close()


def _run_all(page: Page, lab: str, lang: str) -> None:
    page.goto(lab.replace("/lab?", f"/lab/tree/{lang}/mine.ipynb?reset&"))
    # Before the kernel is there, running asks which one to use.
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=120_000)
    page.get_by_text("Run", exact=True).first.click()
    page.get_by_text("Run All Cells", exact=True).click()


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
@pytest.mark.parametrize(("lang", "width"), [("en", 1280), ("ja", 760)])
def test_a_mistake_is_shown_with_its_hint_and_a_picture(lab, browser, tmp_path, lang, width, theme):
    page = browser.new_page(viewport={"width": width, "height": 1000})
    try:
        _run_all(page, lab, lang)
        verdict = page.locator("[data-exercise='02_01'][data-status='failed']")
        verdict.wait_for(timeout=120_000)
        _choose_theme(page, theme)
        hint = next(
            item.hint
            for item in load_check_file(ROOT, CHAPTER, EXERCISE).mistakes
            if item.name == MISTAKE
        ).in_language(lang)
        expect(verdict).to_contain_text(hint.replace("`", ""))
        expect(verdict.locator("svg, img").first).to_be_visible()
        assert _contrast(page, verdict) >= 4.5
        verdict.scroll_into_view_if_needed()
        folder = os.environ.get("SCREENSHOTS", str(tmp_path))
        page.screenshot(path=f"{folder}/verdict-{lang}-{theme.split()[-1].lower()}.png")
    finally:
        page.close()


def _choose_theme(page: Page, theme: str) -> None:
    page.get_by_text("Settings", exact=True).first.click()
    page.get_by_text("Theme", exact=True).first.hover()
    page.get_by_text(theme, exact=True).first.click()
    page.keyboard.press("Escape")
    page.wait_for_function(
        "theme => document.body.dataset.jpThemeName === theme", arg=theme, timeout=30_000
    )


def _contrast(page: Page, verdict) -> float:
    """The contrast ratio (WCAG 2) of the verdict's text against the page behind it."""
    return page.evaluate(
        """element => {
            const numbers = text => text.match(/[\\d.]+/g).map(Number);
            const luminance = rgb => rgb.slice(0, 3)
                .map(v => v / 255)
                .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
                .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
            let behind = element;
            while (behind) {
                const color = numbers(getComputedStyle(behind).backgroundColor);
                if (color.length < 4 || color[3] === 1) break;
                behind = behind.parentElement;
            }
            const back = luminance(numbers(getComputedStyle(behind).backgroundColor));
            const text = luminance(numbers(getComputedStyle(element).color));
            return (Math.max(back, text) + 0.05) / (Math.min(back, text) + 0.05);
        }""",
        verdict.element_handle(),
    )
