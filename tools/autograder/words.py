"""What Gradescope shows above an autograder's tests, in both languages."""

from __future__ import annotations

from utils.tester.text import Text

WORDS: dict[str, Text] = {
    "source": Text("Graded file: {source}", "採点したファイル：{source}"),
    "other": Text(
        "{source} is a notebook of chapter {found}. Here chapter {chapter} is graded: hand in "
        "{chapter}.ipynb.",
        "{source} は {found} 章のノートブックです。ここで採点するのは {chapter} 章です。"
        "{chapter}.ipynb を提出してください。",
    ),
    "none": Text(
        "No notebook was found in what you handed in. Hand in {chapter}.ipynb.",
        "提出物の中にノートブックが見つかりませんでした。{chapter}.ipynb を提出してください。",
    ),
}


def say(name: str, lang: str, **values: object) -> str:
    """One of ``WORDS`` in one language, its braces filled in."""
    return WORDS[name].in_language(lang).format(**values)
