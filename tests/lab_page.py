"""What a learner does in a notebook in JupyterLab, by mouse and keyboard."""

from __future__ import annotations

from playwright.sync_api import Locator, Page

from tests.browser_page import contrast

THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
# Cells far from sight are not on the page, nor all lines of a long one: what is in the notebook is
# asked of JupyterLab itself, which running_lab starts so that it answers.
_NOTEBOOK = "window.jupyterapp.shell.currentWidget.content"

_IS_NEAR = f"""name => {{
    const cell = {_NOTEBOOK}.widgets.find(one => one.model.id === name);
    return Math.abs(cell.node.getBoundingClientRect().top) < 2 * window.innerHeight;
}}"""


class LabPage:
    """A page of JupyterLab with one notebook in front."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.active = page.locator(".jp-Notebook-cell.jp-mod-active:visible")

    def open(self, lab: str, notebook: str) -> None:
        """Open a notebook, by its path in work/, and wait for its kernel."""
        self.page.goto(lab.replace("/lab?", f"/lab/tree/{notebook}?reset&"))
        # Before the kernel is there, running asks which one to use.
        self.page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=120_000)
        self.page.wait_for_function(f"{_NOTEBOOK}.widgets.length > 1")
        self._focus()

    def source(self) -> str:
        """The text of the cell that is active."""
        return self.page.evaluate(f"{_NOTEBOOK}.activeCell.model.sharedModel.getSource()")

    def run_until(self, text: str) -> None:
        """Press Shift+Enter, cell by cell, until one with this text is active; it is not run."""
        while text not in self.source():
            number = self._number()
            self.run()
            assert self._number() > number, f"no cell has {text!r}"

    def run(self) -> None:
        """Run the active cell and wait until it is done; the next one is active then."""
        number = self._number()
        self.page.keyboard.press("Shift+Enter")
        done = "model => model.type !== 'code' || model.executionCount !== null"
        self.page.wait_for_function(
            f"({done})({_NOTEBOOK}.widgets[{number}].model)", timeout=120_000
        )
        self.page.wait_for_function(f"{_NOTEBOOK}.activeCellIndex > {number}")

    def run_here(self) -> None:
        """Run the active cell, and stay in it."""
        self.run()
        self.page.keyboard.press("ArrowUp")

    def write(self, source: str) -> None:
        """Replace the text of the active cell, and leave it."""
        keys = self.page.keyboard
        keys.press("Enter")
        keys.press("ControlOrMeta+A")
        keys.insert_text(source)
        keys.press("Escape")
        assert self.source() == source

    def write_below(self, source: str) -> None:
        """Add a cell below the active one."""
        self.page.keyboard.press("b")
        self.write(source)

    def choose_theme(self, name: str) -> None:
        """Choose "light" or "dark" in the menu."""
        theme = THEMES[name]
        self.page.get_by_text("Settings", exact=True).first.click()
        self.page.get_by_text("Theme", exact=True).first.hover()
        self.page.get_by_text(theme, exact=True).first.click()
        self.page.keyboard.press("Escape")
        self.page.wait_for_function(
            "theme => document.body.dataset.jpThemeName === theme", arg=theme, timeout=30_000
        )
        self._focus()

    def is_legible(self, shown: Locator) -> bool:
        """Whether an element's text stands off from what is behind it, as WCAG 2 AA wants it."""
        return contrast(self.page, shown) >= 4.5

    def fits(self, shown: Locator) -> bool:
        """Whether an element is no wider than the notebook, where nobody would find the rest."""
        notebook = self.page.locator(".jp-NotebookPanel:visible").bounding_box()
        box = shown.bounding_box()
        right = notebook["x"] + notebook["width"]
        return box["x"] >= notebook["x"] and box["x"] + box["width"] <= right

    def is_near(self, cell: str) -> bool:
        """Whether the cell with this id is at most a window's height out of sight."""
        return self.page.evaluate(_IS_NEAR, cell)

    def wait_until_near(self, cell: str) -> None:
        """Wait for what a link does; near enough, for JupyterLab guesses the heights of the cells
        between that it has not drawn yet."""
        self.page.wait_for_function(_IS_NEAR, arg=cell)

    def _focus(self) -> None:
        """Keys go to the notebook again."""
        self.page.evaluate(f"{_NOTEBOOK}.activate()")

    def _number(self) -> int:
        return self.page.evaluate(f"{_NOTEBOOK}.activeCellIndex")
