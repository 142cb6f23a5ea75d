"""Command lines that say in both languages what was typed wrongly."""

# The doctor's is one, too: the standard library alone, for old Pythons.

from __future__ import annotations

import argparse
import re
import sys

# What argparse says, in English whatever the language, and what that is in Japanese.
_JAPANESE = (
    (
        r"argument (.+?): invalid choice: (.+) \(choose from (.+)\)",
        r"\1 に \2 は指定できません。指定できるのは \3 です。",
    ),
    (r"the following arguments are required: (.+)", r"次の引数が必要です：\1"),
    (r"unrecognized arguments: (.+)", r"使えない引数があります：\1"),
    (
        r"argument (.+?): invalid int value: (.+)",
        r"\1 には整数を指定してください（\2 は使えません）。",
    ),
    (r"argument (.+?): expected one argument", r"\1 には値を1つ付けてください。"),
)
_ANY = "引数の指定が正しくありません。--help で使い方を確認できます。"


class Arguments(argparse.ArgumentParser):
    """Reads a command line; its commands are read by the same."""

    def error(self, message: str):
        """Say what is wrong, in both languages: which one is asked for may be what is wrong."""
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}: error: {message}\n{self.prog}: {_in_japanese(message)}\n")


def _in_japanese(message: str) -> str:
    for english, japanese in _JAPANESE:
        found = re.fullmatch(english, message, re.DOTALL)
        if found:
            return found.expand(japanese)
    return _ANY
