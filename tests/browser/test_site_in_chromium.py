"""The site as readers meet it: with a keyboard, on a telephone, in the dark, without scripts.

On a small course; ``SITE=build/site python -m pytest tests/browser/test_site_in_chromium.py`` looks
at a site that was built, every page of it.
"""

import io
import os
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.a_site import make_course, what_it_showed
from tools.site.command import write_site

DESKTOP, PHONE = {"width": 1360, "height": 900}, {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    built = os.environ.get("SITE")
    if built:
        return Path(built).resolve()
    root = tmp_path_factory.mktemp("course")
    lessons = make_course(root)
    out = tmp_path_factory.mktemp("out") / "site"
    shown = what_it_showed(lessons, root)
    assert write_site(lessons, ["en", "ja"], shown, out, root, solved=True) == []
    return out


@pytest.fixture(scope="module")
def chapter(site) -> str:
    """The first chapter's page, in its language's folder."""
    return min(path.name for path in site.glob("en/[0-9]*.html") if "solved" not in path.name)


@pytest.fixture
def visit(site, browser):
    """Opens pages of the site from the disk; whatever they ask for elsewhere, or stumble over, is
    an error."""
    contexts, wrong = [], []

    def visit(name: str, **options) -> Page:
        context = browser.new_context(**{"viewport": DESKTOP, **options})
        contexts.append(context)
        page = context.new_page()
        inside = site.as_uri()

        def check(request):
            if not request.url.startswith((inside, "blob:", "data:")):
                wrong.append(f"{name} asks for {request.url}")

        def fail(request):
            if request.failure != "net::ERR_ABORTED":  # by going on to the next page
                wrong.append(f"{name}: no {request.url}, {request.failure}")

        page.on("request", check)
        page.on("requestfailed", fail)
        page.on("pageerror", lambda error: wrong.append(f"{name}: {error}"))
        page.goto(f"{inside}/{name}")
        return page

    yield visit
    for context in contexts:
        context.close()
    assert wrong == []


def every_page(site, visit, **options):
    """Yield (name, page) for each page, one after the other in the same tab."""
    page = visit("index.html", **options)
    for path in sorted(site.rglob("*.html")):
        page.goto(path.as_uri())
        yield path.relative_to(site).as_posix(), page


def test_no_picture_is_missing_and_nothing_comes_from_elsewhere(site, visit):
    for _, page in every_page(site, visit):
        page.evaluate("document.querySelectorAll('img').forEach(img => img.loading = 'eager')")
        page.wait_for_function("[...document.images].every(img => img.complete)")
        assert page.evaluate("[...document.images].filter(img => !img.naturalWidth).length") == 0
        assert page.evaluate("document.fonts.ready.then(() => document.fonts.size)") == 1


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_all_text_stands_off_from_what_is_behind_it(site, visit, colours):
    for name, page in every_page(site, visit, color_scheme=colours):
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert page.evaluate(FAINT_TEXT) == [], name


def test_a_page_is_as_wide_as_the_telephone(site, visit):
    for name, page in every_page(site, visit, viewport=PHONE):
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], name


def test_code_figures_and_formulas_scroll_inside_on_a_telephone(chapter, visit):
    page = visit(f"en/{chapter}", viewport=PHONE)
    wide = page.evaluate(
        """[".code pre", "a.scroll", ".formula"].filter(selector =>
            [...document.querySelectorAll(selector)].some(e => e.scrollWidth > e.clientWidth))"""
    )
    assert wide == [".code pre", "a.scroll", ".formula"]


class TestTheKeyboard:
    def test_reaches_the_text_first_then_contents_and_at_last_the_next_chapter(
        self, chapter, visit
    ):
        page = visit(f"en/{chapter}")
        reached = []
        while "next" not in reached and len(reached) < 3000:
            page.keyboard.press("Tab")
            told = page.evaluate(FOCUSED)
            assert told["seen"], f"no visible focus on {told}"
            reached.append(told["name"])
        assert reached[:3] == ["skip", "home", "ja"]
        assert reached[3] == "theme"  # one stop for all three; arrows choose
        assert reached.index("contents") < reached.index("colab") < reached.index("next")

    def test_skips_to_the_text(self, chapter, visit):
        page = visit(f"en/{chapter}")
        page.keyboard.press("Tab")
        expect(page.locator(".skip")).to_be_in_viewport()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('main').contains(document.activeElement)")

    def test_opens_and_leaves_the_contents_on_a_narrow_window(self, chapter, visit):
        page = visit(f"en/{chapter}", viewport=PHONE)
        summary = page.locator(".contents summary")
        link = page.locator(".contents ol a").first
        expect(link).not_to_be_visible()
        summary.focus()
        page.keyboard.press("Enter")
        expect(link).to_be_visible()
        page.keyboard.press("Escape")
        expect(link).not_to_be_visible()
        expect(summary).to_be_focused()


class TestTheContents:
    def test_stand_beside_the_text_on_a_wide_window(self, chapter, visit):
        page = visit(f"en/{chapter}")
        expect(page.locator(".contents ol a").first).to_be_visible()
        expect(page.locator(".contents summary")).not_to_be_visible()

    def test_lie_over_the_text_on_a_telephone_and_do_not_move_it(self, chapter, visit):
        page = visit(f"en/{chapter}#exercise-01_01", viewport=PHONE)
        page.evaluate("document.fonts.ready")
        place = page.locator("#exercise-01_01")
        before = place.bounding_box()
        page.mouse.click(40, 20)  # the locator's own click scrolls what sticks to the window
        expect(page.locator(".contents ol a").first).to_be_visible()
        assert place.bounding_box() == before

    def test_lead_to_a_place_and_fold_away_on_a_telephone(self, chapter, visit):
        page = visit(f"en/{chapter}", viewport=PHONE)
        page.locator(".contents summary").click()
        link = page.locator(".contents ol ol a").first
        link.click()
        expect(link).not_to_be_visible()
        expect(page.locator("#exercise-01_01")).to_be_in_viewport()
        expect(page.locator(".contents .here")).to_contain_text("01_01")

    def test_mark_what_is_read(self, chapter, visit):
        page = visit(f"en/{chapter}#exercise-01_01")
        expect(page.locator(".contents [aria-current]")).to_contain_text("01_01")


class TestLanguages:
    def test_change_at_the_same_place(self, chapter, visit):
        page = visit(f"en/{chapter}#exercise-01_01")
        expect(page.locator(".contents [aria-current]")).to_contain_text("01_01")
        # Beside the text, and not at the top: whoever goes there leaves the place.
        page.locator(".contents").get_by_role("link", name="日本語").click()
        page.wait_for_url(f"**/ja/{chapter}#exercise-01_01")
        assert page.evaluate("document.documentElement.lang") == "ja"
        expect(page.locator("#exercise-01_01")).to_be_in_viewport()

    def test_are_asked_for_on_the_first_page(self, visit):
        page = visit("index.html")
        page.locator("main").get_by_role("link", name="日本語").click()
        page.wait_for_url("**/ja/index.html")


class TestColours:
    DARK, LIGHT = "rgb(20, 23, 29)", "rgb(253, 253, 251)"

    def ground(self, page):
        return page.evaluate("getComputedStyle(document.body).backgroundColor")

    def test_that_were_chosen_are_remembered_on_other_pages(self, chapter, visit):
        page = visit(f"en/{chapter}", color_scheme="light")
        assert self.ground(page) == self.LIGHT
        page.locator("#theme-dark").check()
        assert self.ground(page) == self.DARK
        page.get_by_role("link", name="Chapters").first.click()
        page.wait_for_url("**/en/index.html")
        assert self.ground(page) == self.DARK
        assert page.locator("#theme-dark").is_checked()
        page.locator("#theme-auto").check()
        assert self.ground(page) == self.LIGHT
        page.reload()
        assert self.ground(page) == self.LIGHT

    def test_are_the_systems_and_can_be_chosen_without_scripts(self, chapter, visit):
        page = visit(f"en/{chapter}", color_scheme="dark", java_script_enabled=False)
        assert self.seen(page) == self.DARK
        page.locator("#theme-light").check()
        assert self.seen(page) == self.LIGHT

    def seen(self, page):
        """The colour at the edge of a screenshot: without scripts a page tells nothing."""
        picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        return "rgb({}, {}, {})".format(*picture.getpixel((2, DESKTOP["height"] - 3)))


def test_without_scripts_contents_figures_and_chapters_are_there(chapter, visit):
    page = visit(f"en/{chapter}", java_script_enabled=False)
    expect(page.locator(".contents ol a").first).to_be_visible()
    expect(page.locator("figure.space img").first).to_be_attached()
    expect(page.locator("figure.space button").first).not_to_be_visible()
    expect(page.locator(".between a").last).to_be_visible()


def test_a_figure_in_space_turns(chapter, visit):
    page = visit(f"en/{chapter}")
    figure = page.locator("figure.space").first
    figure.get_by_role("button").click()
    expect(figure.locator("canvas").first).to_be_visible(timeout=60_000)
    expect(figure.locator("img")).to_have_count(0)


def test_on_paper_there_is_the_text_alone(chapter, visit):
    page = visit(f"en/{chapter}", color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    for hidden in (".bar", ".contents", ".between", ".foot", ".doors"):
        expect(page.locator(hidden).first).not_to_be_visible()
    assert TestColours().ground(page) == TestColours.LIGHT
    expect(page.locator("h1")).to_be_visible()


# Where the focus is, and whether it can be seen: an outline, or that of the label around it.
FOCUSED = """(() => {
    const element = document.activeElement;
    const shown = element.name === "theme" ? element.closest("label") : element;
    const style = getComputedStyle(shown);
    const name = element.className === "skip" ? "skip"
        : element.className === "home" ? "home"
        : element.rel || element.hreflang || element.name
        || (element.closest(".contents") && "contents")
        || (element.href?.includes("colab.") && "colab") || element.tagName;
    const box = shown.getBoundingClientRect();
    const seen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
        && box.width > 0 && box.bottom > 0 && box.top < innerHeight;
    return { name, seen };
})()"""

# Texts whose contrast (WCAG 2) with what is behind them is below 4.5, or 3 if they are large.
FAINT_TEXT = """(() => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const cache = new Map();
    const rgba = colour => {
        if (!cache.has(colour)) {
            canvas.clearRect(0, 0, 1, 1);
            canvas.fillStyle = colour;
            canvas.fillRect(0, 0, 1, 1);
            cache.set(colour, [...canvas.getImageData(0, 0, 1, 1).data]);
        }
        return cache.get(colour);
    };
    const luminance = ([r, g, b]) => [r, g, b].map(v => v / 255)
        .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    const behind = element => {
        for (let e = element; e; e = e.parentElement) {
            const colour = rgba(getComputedStyle(e).backgroundColor);
            if (colour[3] === 255) return colour;
        }
        return [255, 255, 255, 255];
    };
    const faint = new Set();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        if (!walker.currentNode.data.trim() || !element.checkVisibility()) continue;
        if (element.closest("script, .unseen")) continue;
        const style = getComputedStyle(element);
        const size = parseFloat(style.fontSize);
        const large = size >= 24 || (size >= 18.66 && parseInt(style.fontWeight) >= 700);
        const pair = [luminance(rgba(style.color)), luminance(behind(element))];
        const ratio = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
        const told = `${element.tagName}.${element.className}: ${walker.currentNode.data}`;
        if (ratio < (large ? 3 : 4.5)) faint.add(`${told}: ${ratio.toFixed(2)}`);
    }
    return [...faint];
})()"""
