"""What GitHub's runner and its Markdown make of a learner's text."""

import io
import os
import re
from contextlib import redirect_stderr, redirect_stdout
from unittest.mock import patch

import pytest
from github_runner import PIECES, Command, commands_in, hostile
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from utils.github import (
    MAX_SUMMARY,
    add_summary,
    annotation,
    bounded,
    commands_stopped,
    markdown_table,
    markdown_text,
    plain,
)

LEVELS = st.sampled_from(["error", "warning", "notice"])


class TestTheRunnerOfTheseTests:
    """It must find what bites, or the tests below prove nothing."""

    @pytest.mark.parametrize(
        "line",
        [
            "::error::x",
            "  ::ERROR file=a::x",
            "see ##[error]x",
            "\u200b::error::x",
            "a\r::error::x",
        ],
    )
    def test_finds_commands(self, line):
        assert [command.name for command in commands_in(line)] == ["error"]

    @pytest.mark.parametrize("line", ["a ::error::x", "::error", "::made-up::x", "##[made-up]x"])
    def test_and_only_these(self, line):
        assert commands_in(line) == []

    def test_knows_the_pieces_for_what_they_are(self):
        assert commands_in("\n".join(PIECES)) != []

    def test_stops_and_goes_on(self):
        log = "::stop-commands::t\n::error::a\n##[error]b\n::t::\n::error::c"
        assert [command.name for command in commands_in(log)] == ["stop-commands", "t", "error"]


class TestAnAnnotation:
    @given(LEVELS, hostile, hostile, hostile, st.none() | st.integers(1, 99))
    def test_is_one_command_that_says_what_was_said(self, level, message, title, file, line):
        texts = {"file": plain(file), "line": str(line or ""), "title": plain(title)}
        wanted = {name: text.strip() for name, text in texts.items() if text.strip()}
        (command,) = commands_in(annotation(level, message, title, file, line))
        assert (command.name, command.data) == (level, plain(message))
        said = {name: text.strip() for name, text in command.properties.items()}
        assert {name: text for name, text in said.items() if text} == wanted

    def test_looks_like_this(self):
        assert annotation("error", "50 %\nof it", "a: b", "a,b.ipynb", 3) == (
            "::error file=a%2Cb.ipynb,line=3,title=a%3A b::50 %25%0Aof it"
        )
        assert annotation("notice", "x") == "::notice::x"

    def test_steers_no_terminal_and_has_an_encoding(self):
        command = annotation("error", "\x1b[31mred\0\ud800\r\n\u202eend")
        assert command == "::error::\ufffd[31mred\ufffd\ufffd%0A\ufffdend"

    def test_is_cut_before_github_cuts_it_amid_an_escape(self):
        (command,) = commands_in(annotation("error", "%" * 9999, "%" * 9999))
        assert command.data == "%" * 3999 + "…"
        assert command.properties == {"title": "%" * 249 + "…"}


class TestAsManyAsGithubShows:
    def test_are_all(self):
        ten = [annotation("error", str(i)) for i in range(10)]
        assert bounded("error", ten, "{count} more") == ten

    def test_beyond_it_the_last_counts_the_others(self):
        many = [annotation("error", str(i)) for i in range(25)]
        assert bounded("error", many, "{count} more") == [*many[:9], "::error::16 more"]


def printed_on_github(act):
    """What a step prints: to both streams, as the runner sees them in some order."""
    out, err = io.StringIO(), io.StringIO()
    with patch.dict(os.environ, GITHUB_ACTIONS="true"), redirect_stdout(out), redirect_stderr(err):
        act()
    return err.getvalue(), out.getvalue()


class TestWhatIsPrintedWhileCommandsAreStopped:
    @given(hostile, hostile)
    def test_is_none(self, text, error):
        def act():
            with commands_stopped():
                print(text, end="")
                os.sys.stderr.write(error)
            print(annotation("error", text))

        err, out = printed_on_github(act)
        assert err == ""  # else it might be read too late
        first, stop, token, ours = commands_in(out)
        assert (first.name, first.properties) == ("remove-matcher", {"owner": "python"})
        assert (stop.name, stop.data) == ("stop-commands", token.name)
        assert ours == Command("error", plain(text))

    def test_the_token_cannot_be_known(self):
        def act():
            with commands_stopped():
                pass

        (first, second) = (commands_in(printed_on_github(act)[1])[1].data for _ in range(2))
        assert first != second
        assert len(first) == 32

    def test_after_an_exception_they_stay_stopped(self):
        def act():
            with pytest.raises(ZeroDivisionError), commands_stopped():
                print(1 / 0)
            print("::error::from a traceback")

        _, out = printed_on_github(act)
        assert [command.name for command in commands_in(out)] == ["remove-matcher", "stop-commands"]

    @pytest.mark.parametrize("value", [None, "", "false"])
    def test_elsewhere_nothing_is_added(self, monkeypatch, capsys, value):
        monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
        if value is not None:
            monkeypatch.setenv("GITHUB_ACTIONS", value)
        with commands_stopped():
            print("a")
            print("b", file=os.sys.stderr)
        assert capsys.readouterr() == ("a\n", "b\n")


# As GitHub reads Markdown: tables, addresses without brackets, HTML.
MARKDOWN = MarkdownIt("gfm-like", {"html": True})
MARKDOWN.linkify.set({"fuzzy_link": False})  # "example.com" alone is no link on GitHub
SHOWN = {"text", "text_special", "html_inline"}
OUR_HTML = {"<br>", "<span>", "</span>"}


def cells_of(markdown):
    """The cells of a table, each as its parts; whatever else stands there fails."""
    tokens = MARKDOWN.parse(markdown)
    frame = ("table", "thead", "tbody", "tr", "th", "td")
    allowed = {f"{name}_{side}" for name in frame for side in ("open", "close")} | {"inline"}
    assert {token.type for token in tokens} <= allowed
    rows = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(token.children)
    return rows


def letters(text):
    return "".join(text.replace("\u200b", "").split())


class TestMarkdown:
    @given(st.lists(st.tuples(hostile, hostile), min_size=1, max_size=4))
    def test_a_table_shows_every_cell_letter_by_letter(self, rows):
        shown = cells_of(markdown_table(("one", "two"), rows))
        assert len(shown) == len(rows) + 1
        for cells, texts in zip(shown[1:], rows, strict=True):
            for parts, text in zip(cells, texts, strict=True):
                assert {part.type for part in parts} <= SHOWN
                html = {part.content for part in parts if part.type == "html_inline"}
                assert html <= OUR_HTML
                told = "".join(part.content for part in parts if part.type != "html_inline")
                assert letters(told) == letters(plain(text))
                # What GitHub looks for in text once Markdown is done with it.
                assert not re.search(
                    r"@\w|#\d|\bgh-\d|\bwww\.|:\w+:|://|mailto:\w", told, re.IGNORECASE
                )

    @given(hostile)
    def test_it_is_one_line(self, text):
        assert re.search(r"[\r\n|<`]", re.sub("<br>|</?span>", "", markdown_text(text))) is None

    def test_it_looks_like_this(self):
        assert markdown_text("f(x) | @me\n$1") == (
            "f&#40;x&#41; &#124; &#64;&#8203;me<br><span>&#36;</span>1"
        )
        assert markdown_table(("a", "b"), [("1", "")]) == "| a | b |\n| --- | --- |\n| 1 |  |\n"

    def test_a_long_cell_is_cut(self):
        assert markdown_text("x" * 10_000) == "x" * 499 + "…"


class TestTheSummary:
    @pytest.fixture
    def file(self, tmp_path, monkeypatch):
        monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
        return tmp_path / "summary.md"

    def test_is_added_to(self, file):
        add_summary("one\n")
        add_summary("二\ud800\n")
        assert file.read_text(encoding="utf-8") == "one\n二?\n"

    @pytest.mark.parametrize("before", [0, 1000, MAX_SUMMARY - 500, MAX_SUMMARY - 5])
    def test_has_no_more_than_github_takes(self, file, before):
        file.write_bytes(b"x" * before)
        add_summary("a line, 行\n" * 100_000)
        content = file.read_bytes()
        assert len(content) <= MAX_SUMMARY
        told = content[before:].decode()
        assert told == "" or told.startswith("a line, 行\n" * 5)
        if told:
            assert told.splitlines()[-1].startswith("The rest is left out")
            assert set(told.splitlines()[:-2]) <= {"a line, 行", ""}
        else:
            assert before == MAX_SUMMARY - 5

    def test_goes_nowhere_without_github(self, monkeypatch, tmp_path):
        monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
        monkeypatch.chdir(tmp_path)
        add_summary("one\n")
        assert list(tmp_path.iterdir()) == []

    def test_that_cannot_be_written_is_a_warning(self, monkeypatch, tmp_path, capsys):
        monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "none" / "summary.md"))
        add_summary("one\n")
        out = "::warning::GITHUB_STEP_SUMMARY: No such file or directory\n"
        assert capsys.readouterr().out == out
