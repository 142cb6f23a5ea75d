"""What GitHub's runner takes for a command, as its ``ActionCommand`` and manager decide it.

Stricter than the runner in one thing: characters that some cultures of .NET overlook when they
compare text are overlooked.
"""

import re
import unicodedata
from dataclasses import dataclass, field

from hypothesis import strategies as st

NAMES = {
    *("error", "warning", "notice", "debug", "group", "endgroup", "echo", "add-mask"),
    *("add-matcher", "remove-matcher", "set-env", "set-output", "save-state", "add-path"),
    "stop-commands",
}
PIECES = (
    *("::error::forged", "::stop-commands::mine", "::add-mask::e", "##[error]forged", "##[group]"),
    *("\n", "\r", "\r\n", "\v", "\f", "\x85", "\u2028", " ", "\t", "%0A", "%0D", "%25", "%", "::"),
    *(":", ",", "=", "]", ";", "##[", "\x1b[31m", "\0", "\u200b", "\u202e", "\ud800", "\udfff"),
    *("@octocat", "#1", "GH-1", "www.example.com", "https://example.com", "a@example.com", ":+1:"),
    *("|", "\\", "`", "```\n", "~~~\n", "<b>", "<!--", "![x](https://e.com/x.png)", "[x](/y)"),
    *("$x$", "*", "_", "&amp;", "&#64;octocat", "# ", "- ", "> ", "<https://e.com>", "漢字、"),
)
# The order in which the runner undoes them.
_DATA = {"%0D": "\r", "%0A": "\n", "%25": "%"}
_PROPERTY = {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"}
# What a learner may have written anywhere: more of what bites than chance would bring.
hostile = st.lists(
    st.sampled_from(PIECES) | st.text(st.characters(exclude_categories=()), max_size=5), max_size=9
).map("".join)


@dataclass(frozen=True)
class Command:
    name: str
    data: str
    properties: dict[str, str] = field(default_factory=dict)


def commands_in(log: str) -> list[Command]:
    """The commands that the runner obeys among the lines of a step."""
    obeyed, token = [], None
    for line in re.split(r"\r\n|\r|\n", log):
        command = _command(line, token) or _command(_seen(line), token)
        if command and (token is None or command.name == token):
            obeyed.append(command)
            token = command.data if command.name == "stop-commands" else None
    return obeyed


def _command(line: str, token: str | None) -> Command | None:
    """What a line asks for, whether commands are stopped or not."""
    found = re.match(r"\s*::(.*?)::(.*)", line, re.DOTALL)
    if found:
        name, _, properties = found[1].partition(" ")
        pairs = [one.partition("=") for one in properties.strip().split(",") if one]
        given = {key: _undone(value, _PROPERTY) for key, _, value in pairs if value}
        command = _known(name, _undone(found[2], _DATA), given, token)
        if command:
            return command
    found = re.search(r"##\[(.*?)\](.*)", line, re.DOTALL)
    return _known(found[1].partition(" ")[0], found[2], {}, token) if found else None


def _known(name: str, data: str, given: dict[str, str], token: str | None) -> Command | None:
    known = name.lower() in NAMES | {token}
    return Command(name.lower(), data, given) if known else None


def _undone(text: str, escapes: dict[str, str]) -> str:
    for escape, character in escapes.items():
        text = text.replace(escape, character)
    return text


def _seen(line: str) -> str:
    return "".join(
        one for one in line if unicodedata.category(one) not in ("Cf", "Cc") or one.isspace()
    )
