"""The table's layout, in columns of a terminal."""

import unicodedata
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from utils.check.findings import STATES, Checked, Finding
from utils.check.table import as_table

words = st.text("ab漢字、。", min_size=1, max_size=10)
hints = st.lists(words, max_size=30).map(" ".join)


def columns(line):
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in line)


def table(hints, lang="en", width=60):
    findings = [Finding(f"0{i}", "", "passed", hint, "") for i, hint in enumerate(hints)]
    return as_table(Checked(Path("a.ipynb"), "a", lang, tuple(findings)), width).splitlines()


@given(st.lists(hints, min_size=1, max_size=3), st.sampled_from(["en", "ja"]), st.integers(50, 90))
def test_hints_are_wrapped_whole_and_stay_in_their_column(hints, lang, width):
    _, *lines, empty, _ = table(hints, lang, width)
    assert empty == ""
    assert all(columns(line) <= width for line in lines)
    shown = "".join(lines).replace(" ", "")
    assert all(hint.replace(" ", "") in shown for hint in hints)


def test_states_are_aligned_in_japanese():
    findings = [Finding("01", "", state, "hint", "") for state in STATES]
    lines = as_table(Checked(Path("a.ipynb"), "a", "ja", tuple(findings)), 80).splitlines()
    starts = {columns(line.partition("hint")[0]) for line in lines if line.endswith("hint")}
    assert len(starts) == 1
