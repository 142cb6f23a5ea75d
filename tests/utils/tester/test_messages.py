"""Every sentence exists in both languages and fills in the same values."""

import re
import string

import pytest

from utils.tester.messages import MESSAGES


def _fields(text):
    return {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}


@pytest.mark.parametrize("name", MESSAGES)
def test_both_languages_say_the_same_values(name):
    text = MESSAGES[name]
    assert _fields(text.en) == _fields(text.ja)
    assert text.en.count("`") % 2 == text.ja.count("`") % 2 == 0


@pytest.mark.parametrize("name", MESSAGES)
def test_english_is_ascii_and_japanese_is_japanese(name):
    text = MESSAGES[name]
    assert text.en.isascii()
    words = re.sub(r"`[^`]*`|\{[^}]*\}|None", "", text.ja)
    assert re.search(r"[ぁ-んァ-ヶ一-龠]", words) or not re.search(r"\w", words)
