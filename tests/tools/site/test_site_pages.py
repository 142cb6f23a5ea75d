"""The site as files: where its links lead, what it shows, and that it gives no answer away."""

import re
from collections import Counter
from itertools import pairwise
from urllib.parse import urlsplit

import pytest

from tests.a_site import ANSWER, FIRST, SECOND, Page, make_course, picture, printed, what_it_showed
from tools.generated import NotOurs
from tools.lesson import ROOT, chapters, read_lesson
from tools.site.build import site_files
from tools.site.command import MARK, write_site
from tools.site.formulas import mathml

LANGS = ["en", "ja"]


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The small course: its root, its lessons and what its notebooks showed."""
    root = tmp_path_factory.mktemp("course")
    lessons = make_course(root)
    return root, lessons, what_it_showed(lessons, root)


@pytest.fixture(scope="module")
def site(course, tmp_path_factory):
    """Its site, with the solved pages."""
    root, lessons, shown = course
    out = tmp_path_factory.mktemp("out") / "site"
    assert write_site(lessons, LANGS, shown, out, root, solved=True) == []
    return out


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """The pages of the real chapters, whose notebooks showed nothing."""
    lessons = [read_lesson(name) for name in chapters()]
    out = tmp_path_factory.mktemp("real") / "site"
    shown = {(lesson.chapter, False): {} for lesson in lessons}
    assert write_site(lessons, LANGS, shown, out) == []
    return out


@pytest.fixture(params=["site", "real"])
def any_site(request):
    return request.getfixturevalue(request.param)


def page(site, name):
    return Page((site / name).read_text(encoding="utf-8"))


def pages(site):
    return {path: Page(path.read_text(encoding="utf-8")) for path in site.rglob("*.html")}


class TestEveryPage:
    def test_leads_to_files_and_places_that_there_are(self, any_site):
        taken = pages(any_site)
        assert len(taken) >= 7
        for path, found in taken.items():
            for attributes in found.all("a", "link", "script", "img"):
                link = attributes.get("href") or attributes.get("src")
                parts = urlsplit(link)
                if parts.scheme:
                    assert parts.scheme == "https"
                    assert "href" in attributes  # to follow, not to load
                    assert attributes.get("rel") not in ("stylesheet", "icon")
                    continue
                target = (path.parent / parts.path).resolve() if parts.path else path
                assert target.is_file(), f"{path.name}: {link}"
                assert target.is_relative_to(any_site)
                if parts.fragment:
                    assert parts.fragment in taken[target].ids, f"{path.name}: {link}"

    def test_says_its_language_and_its_title(self, any_site):
        for path, found in pages(any_site).items():
            (html,) = found.all("html")
            assert html["lang"] == (path.parent.name if path.parent != any_site else "en")
            assert len(found.all("title")) == len(found.all("h1")) == len(found.all("main")) == 1

    def test_has_each_id_once_and_headings_in_order(self, any_site):
        for path, found in pages(any_site).items():
            twice = [name for name, count in Counter(found.ids).items() if count > 1]
            assert not twice, path.name
            levels = [int(tag[1]) for tag, _ in found.elements if re.fullmatch("h[1-6]", tag)]
            assert levels[0] == 1
            for one, other in pairwise(levels):
                assert other <= one + 1, path.name

    def test_tells_what_pictures_show_and_how_large_they_are(self, site):
        images = [image for found in pages(site).values() for image in found.all("img")]
        assert len(images) == 8
        for image in images:
            assert len(image["alt"]) > 10
            assert int(image["width"]) > int(image["height"]) > 0
        assert {image["alt"] for image in images} == {
            "Figure: Decay: x over k",
            "図: Decay: x over k",
            "Figure: A helix: z over y over x (orbit)",
            "図: A helix: z over y over x (orbit)",
        }

    def test_begins_with_a_link_to_the_text(self, any_site):
        for found in pages(any_site).values():
            assert found.all("a")[0]["href"] == "#text"
            assert "text" in found.ids

    def test_has_no_markdown_left_over(self, any_site):
        for path, found in pages(any_site).items():
            assert not re.search(r"\*\*|\$|^#|\]\(", "".join(found.prose), re.M), path.name


class TestAChapter:
    def test_has_the_same_places_in_both_languages(self, any_site):
        for path in any_site.glob("en/*.html"):
            other = page(any_site, f"ja/{path.name}")
            assert page(any_site, f"en/{path.name}").anchors == other.anchors

    def test_lists_sections_and_exercises(self, site):
        found = page(site, f"en/{FIRST}.html")
        links = [link["href"] for link in found.all("a")]
        start = links.index("#section-1")
        assert links[start : start + 3] == ["#section-1", "#exercise-01_01", "#exercise-01_02"]

    def test_that_has_no_headings_for_its_exercises_lists_their_cells(self, site):
        links = [link["href"] for link in page(site, f"en/{SECOND}.html").all("a")]
        assert "#code-01_01" in links

    def test_leads_on_and_back(self, site):
        first, second = page(site, f"ja/{FIRST}.html"), page(site, f"ja/{SECOND}.html")
        onward = [link["href"] for link in first.all("a") if link.get("rel") == "next"]
        back = [link["href"] for link in second.all("a") if link.get("rel") == "prev"]
        assert onward == [f"{SECOND}.html"]
        assert back == [f"{FIRST}.html"]
        assert not [link for link in first.all("a") if link.get("rel") == "prev"]

    def test_opens_in_colab_in_its_own_language(self, site):
        links = [link["href"] for link in page(site, f"ja/{FIRST}.html").all("a")]
        assert any(
            link.startswith("https://colab.") and f"/student-ja/chapters/ja/{FIRST}.ipynb" in link
            for link in links
        )

    def test_shows_outputs_of_demos_and_nothing_of_verdicts_bars_and_warnings(self, site):
        text = (site / f"en/{FIRST}.html").read_text(encoding="utf-8")
        assert '<pre class="printed">a demo\n</pre>' in text
        for unwanted in ("a verdict", "100% of", "a warning", "cdn.example", "answered"):
            assert unwanted not in text

    def test_marks_the_lines_that_wait_for_the_learner(self, site):
        text = (site / f"en/{FIRST}.html").read_text(encoding="utf-8")
        marked = re.findall(r'<span class="hll">(.*?)\n</span>', text)
        plain = [re.sub("<[^>]+>", "", line).strip() for line in marked]
        assert plain == [
            "y = ...  # TODO The next state.",
            "# TODO The sum.",
            "...",
            "# TODO Everything.",
            "...;",
        ]

    def test_puts_no_space_between_japanese_sentences(self, site):
        text = (site / f"ja/{FIRST}.html").read_text(encoding="utf-8")
        assert "ここから<strong>始まり</strong>ます。次の文です。" in text

    def test_brings_its_notebook(self, site):
        notebook = (site / f"notebooks/ja/{FIRST}.ipynb").read_text(encoding="utf-8")
        assert "TODO 次の状態。" in notebook
        assert ANSWER not in notebook


class TestTheIndex:
    def test_tells_of_every_chapter_what_it_takes(self, site):
        text = " ".join("".join(page(site, "en/index.html").prose).split())
        assert "2 exercises 15 min Where it begins" in text
        assert "You need nothing." in text
        assert text.index("1. A first chapter") < text.index("2. A second chapter")

    def test_leads_to_every_exercise(self, site):
        links = [link["href"] for link in page(site, "en/index.html").all("a")]
        assert f"{FIRST}.html#exercise-01_02" in links

    def test_tells_of_packages_that_not_everybody_has(self, real):
        assert "some exercises take torch" in "".join(page(real, "en/index.html").prose)


class TestAnswers:
    def test_are_on_pages_of_their_own_that_say_so(self, site):
        solved = (site / f"en/{FIRST}.solved.html").read_text(encoding="utf-8")
        assert "ifftshift" in solved
        assert "answered" in solved
        assert "<title>Solved:" in solved
        assert '<meta name="robots" content="noindex">' in solved
        plain = (site / f"en/{FIRST}.html").read_text(encoding="utf-8")
        assert "ifftshift" not in plain
        assert f'href="{FIRST}.solved.html"' in plain

    def test_have_no_pages_unless_they_are_asked_for(self, real):
        assert not list(real.rglob("*.solved.html"))
        assert all("solved.html" not in path.read_text("utf-8") for path in real.rglob("*.html"))

    def test_that_a_demo_prints_are_found_and_nothing_is_written(self, course, site, tmp_path):
        root, lessons, shown = course
        out = tmp_path / "out"
        assert write_site(lessons, LANGS, shown, out, root) == []
        before = sorted(out.rglob("*"))
        (demo,) = [name for name, found in shown[FIRST, False].items() if len(found) > 3]
        leaking = shown[FIRST, False] | {demo: [printed(f"my answer: {ANSWER}")]}
        leaks = write_site(lessons, LANGS, shown | {(FIRST, False): leaking}, out, root)
        assert {leak.exercise for leak in leaks} == {"01_02"}
        assert f"en/{FIRST}.html" in {leak.place for leak in leaks}
        assert sorted(out.rglob("*")) == before

    def test_in_what_a_picture_says_of_itself_do_not_get_out(self, course, tmp_path):
        root, lessons, shown = course
        (demo,) = [name for name, found in shown[FIRST, False].items() if len(found) > 3]
        remarked = shown[FIRST, False] | {demo: [picture(Comment=ANSWER, Software=ANSWER)]}
        out = tmp_path / "out"
        assert write_site(lessons, LANGS, shown | {(FIRST, False): remarked}, out, root) == []
        (drawn,) = out.glob("figures/*.png")
        assert b"tEXt" not in drawn.read_bytes()
        assert drawn.read_bytes().startswith(b"\x89PNG")


class TestTheFolder:
    def test_is_the_same_to_the_byte_each_time(self, course, site):
        root, lessons, shown = course
        again = dict(site_files(lessons, LANGS, shown, root, solved=True))
        written = {
            path.relative_to(site).as_posix(): path.read_bytes()
            for path in site.rglob("*")
            if path.is_file() and path.name != MARK
        }
        assert again == written

    def test_has_one_language_where_one_is_asked_for(self, course, tmp_path):
        root, lessons, shown = course
        write_site(lessons, ["ja"], shown, tmp_path / "out", root)
        assert not (tmp_path / "out" / "en").exists()
        assert all(
            "hreflang" not in link for link in page(tmp_path / "out", "ja/index.html").all("a")
        )

    def test_that_holds_something_else_is_left_alone(self, course, tmp_path):
        root, lessons, shown = course
        (tmp_path / "thesis.txt").write_text("mine")
        with pytest.raises(NotOurs, match="holds other files"):
            write_site(lessons, LANGS, shown, tmp_path, root)
        assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]

    def test_has_plotly_only_where_something_turns(self, site, real):
        assert (site / "assets" / "plotly.min.js").stat().st_size > 1e6
        assert not (real / "assets" / "plotly.min.js").exists()


def test_a_formula_that_cannot_be_drawn_is_named_with_its_place(tmp_path):
    make_course(tmp_path)
    file = tmp_path / "solutions" / FIRST / "lesson" / "0_all.py"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("$x_{k+1}$", r"$\unheard{x}$", 1), encoding="utf-8")
    lessons = [read_lesson(FIRST, tmp_path)]
    with pytest.raises(Exception, match=rf"solutions/{FIRST}/lesson/0_all\.py:\d+: a formula"):
        list(site_files(lessons, ["en"], {(FIRST, False): {}}, tmp_path))


def test_the_font_has_every_character_of_the_chapters_formulas(real):
    style = (ROOT / "tools/site/files/site.css").read_text(encoding="utf-8")
    (ranges,) = re.findall(r"unicode-range: ([^;]+);", style)
    known = set()
    for part in ranges.split(","):
        start, _, end = part.strip().removeprefix("U+").partition("-")
        known |= set(range(int(start, 16), int(end or start, 16) + 1))
    invisible = {0x2061, 0x2062, 0x200B}
    for path in real.rglob("*.html"):
        for formula in re.findall(r"<math.*?</math>", path.read_text(encoding="utf-8"), re.S):
            text = re.sub(r"<[^>]+>|\s", "", formula)
            text = re.sub(r"&[a-z]+;", "", text)
            assert {hex(ord(c)) for c in text if ord(c) not in known | invisible} == set()


def test_a_formula_is_mathematics():
    assert mathml("x_{k+1}", False).startswith("<math><msub>")
    assert mathml("x", True).startswith('<math display="block">')
