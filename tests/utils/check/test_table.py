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


def test_no_line_begins_with_what_japanese_closes_with_or_ends_with_what_it_opens_with():
    hint = "状態（x）は、目標より「1つ」多い。" * 6
    for width in range(50, 90):
        lines = [line.strip() for line in table([hint], "ja", width)[2:-2]]
        assert len(lines) > 1
        assert not any(line[0] in "、。）」" for line in lines)
        assert not any(line[-1] in "（「" for line in lines)


def test_what_is_the_same_of_several_exercises_is_said_once_and_its_command_stays_whole():
    command = f'"/home/{"a" * 60}/bin/python" -m pip install torch'
    findings = [
        Finding(f"0{i}", "", "unavailable", command, f"○ 0{i}: no\n  This takes it.\n    {command}")
        for i in range(3)
    ]
    shown = as_table(Checked(Path("a.ipynb"), "a", "en", tuple(findings)), 80)
    assert shown.count("This takes it.") == 1
    assert shown.count("pip install") == 1
    assert f"    {command}\n" in shown
    assert "  ○ 00: no\n  ○ 01: no\n  ○ 02: no\n    This takes it." in shown


def test_states_are_aligned_in_japanese():
    findings = [Finding("01", "", state, "hint", "") for state in STATES]
    lines = as_table(Checked(Path("a.ipynb"), "a", "ja", tuple(findings)), 80).splitlines()
    starts = {columns(line.partition("hint")[0]) for line in lines if line.endswith("hint")}
    assert len(starts) == 1
