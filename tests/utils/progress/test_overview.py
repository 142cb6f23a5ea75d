"""What is shown of progress: what comes next, in words and as HTML, in both languages."""

import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "tester"))  # the small chapter lies there

import small_chapter

from tests.balanced import Balanced
from utils.progress.kept import Kept
from utils.progress.overview import overview_of
from utils.progress.show_html import as_html, page
from utils.progress.show_text import as_text
from utils.progress.words import duration
from utils.tester import chapter
from utils.tester.records import Chapter
from utils.tester.store import load_chapter, save_chapter

FIRST, SECOND = "01_small", "02_other"
PASSED = Kept("passed", 1, "a", 1.0, 61.0, 60.0, 61.0)


@pytest.fixture(autouse=True)
def checks(tmp_path, monkeypatch):
    """Two chapters of the same four exercises."""
    small_chapter.save(tmp_path)
    _save(tmp_path, SECOND)
    monkeypatch.setattr(chapter, "CHECKS", tmp_path)
    return tmp_path


def _save(folder, name, **changes):
    exercises = load_chapter(folder / f"{FIRST}.npz").exercises
    changed = {key: replace(one, **changes) for key, one in exercises.items()}
    save_chapter(folder / f"{name}.npz", Chapter(name, changed), "")


def _next(kept, here=None):
    found = overview_of(kept, "en", here).next
    return found and (found.chapter, found.exercise.id)


def _all(name):
    return {(name, f"01_0{k}"): PASSED for k in range(1, 5)}


def test_next_is_the_first_open_one_of_the_chapter_at_hand():
    assert _next({}) == (FIRST, "01_01")
    assert _next({}, SECOND) == (SECOND, "01_01")
    assert _next({(FIRST, "01_01"): PASSED}) == (FIRST, "01_02")
    assert _next({(SECOND, "01_02"): PASSED}) == (SECOND, "01_01")
    assert _next(_all(SECOND), SECOND) == (FIRST, "01_01")
    assert _next(_all(FIRST) | _all(SECOND)) is None


def test_what_takes_a_missing_package_waits_until_nothing_else_is_left(checks):
    _save(checks, SECOND, packages=("no_such_package",))
    assert _next({}, SECOND) == (FIRST, "01_01")
    assert _next(_all(FIRST), SECOND) == (SECOND, "01_01")


def test_exercises_that_are_gone_are_left_out():
    overview = overview_of({(FIRST, "09_99"): PASSED, ("gone", "01_01"): PASSED}, "en")
    assert sum(one.passed for one in overview.chapters) == 0


def test_a_pass_stays_and_the_last_experiment_is_told():
    experiment = PASSED.after_verdict("failed", "b", 100.0, 61.0)
    text = as_text(overview_of({(FIRST, "01_01"): experiment}, "en"))
    assert "✓ Passed         1 attempt, 1 min, last time: Not right yet" in text


@pytest.mark.parametrize(
    ("seconds", "en", "ja"),
    [
        (0, "under a minute", "1分未満"),
        (89, "1 min", "1分"),
        (3600, "1 h", "1時間"),
        (3900, "1 h 5 min", "1時間5分"),
    ],
)
def test_times(seconds, en, ja):
    assert (duration(seconds, "en"), duration(seconds, "ja")) == (en, ja)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_every_state_is_a_sign_and_a_word(lang):
    kept = {
        (FIRST, "01_01"): PASSED,
        (FIRST, "01_02"): Kept("failed", 2, "a", 1.0, None, 60.0, 2.0, 3, 5.0),
        (FIRST, "01_03"): Kept("error", 1, "a", 1.0, None, 60.0, 2.0),
    }
    overview = overview_of(kept, lang, FIRST)
    html, text = as_html(overview, (FIRST,)), as_text(overview, (FIRST,))
    Balanced().check(html)
    for sign in "✓✗○":
        assert sign in html
        assert sign in text
    rows = re.findall(r'data-state="(\w+)"', html)
    assert rows == ["passed", "failed", "error", "not_attempted"]
    assert 'role="progressbar"' in html
    assert 'aria-valuenow="1"' in html
    hints = {"en": "3 hints, answer seen", "ja": "ヒント3段階、解答を参照"}[lang]
    assert hints in html
    assert hints in text


def test_a_title_cannot_break_out(monkeypatch):
    monkeypatch.setattr("utils.progress.overview.title_of", lambda *_: "<script>alert(1)</script>")
    overview = overview_of({}, "en")
    assert "<script" not in as_html(overview)
    assert "<script" not in page(overview)
