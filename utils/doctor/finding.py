"""What the doctor found."""

# Read by Pythons that are too old for everything else, which shall be told so.

from __future__ import annotations

import os
import shlex
import sys
from dataclasses import dataclass

WELL, NOTE, MEND = "well", "note", "mend"


@dataclass(frozen=True)
class Said:
    """A sentence in both languages."""

    en: str
    ja: str

    def in_language(self, lang: str) -> str:
        """The sentence in "en" or "ja"."""
        return self.en if lang == "en" else self.ja


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        topic: what was looked at, for programs.
        state: "well"; "note", something to know that keeps nobody from working; or "mend".
        what: how it is.
        remedy: what to do about it.
        command: what to type, if a command does it.
    """

    topic: str
    state: str
    what: Said
    remedy: Said | None = None
    command: str | None = None


def ask_the_doctor() -> str:
    """What whoever cannot go on is told, in both languages: theirs may not be known yet."""
    return (
        f'What is wrong and how to mend it / 原因と直し方の診断: "{sys.executable}" -m utils doctor'
    )


def python_command(*arguments: str) -> str:
    """A command of the running interpreter, as it is typed in this platform's terminal."""
    return command(sys.executable, *arguments)


def command(*parts: str) -> str:
    """A command, quoted where it has to be."""
    if os.name != "nt":
        return " ".join(shlex.quote(part) for part in parts)
    quoted = [f'"{part}"' if " " in part else part for part in parts]
    call = "& " if quoted[0].startswith('"') else ""  # PowerShell calls no quoted name otherwise
    return call + " ".join(quoted)
