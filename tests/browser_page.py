"""A browser for tests, and what they measure in its pages."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Locator, Page, sync_playwright

QUIET = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--enable-unsafe-swiftshader",  # three dimensions without a graphics card
]


@contextmanager
def launched_browser() -> Iterator[Browser]:
    """The system's Chromium, without a window."""
    with sync_playwright() as playwright:
        executable = shutil.which("chromium") or shutil.which("google-chrome")
        assert executable, "install chromium: apt-get install chromium"
        browser = playwright.chromium.launch(executable_path=executable, args=QUIET)
        yield browser
        browser.close()


def contrast(page: Page, shown: Locator) -> float:
    """The contrast ratio (WCAG 2) of an element's text against the page behind it."""
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
        shown.element_handle(),
    )
