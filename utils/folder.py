"""The folder that the bootcamp lies in: where its notebooks are, and in which language."""

# The doctor goes by it, too, in every environment: the standard library alone, for old Pythons.

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# A learner's notebooks: in work/, where the project copies them for its learner, else in
# chapters/, where a student's tree has them; a folder a language.
FOLDERS = ("work", "chapters")
LANGUAGES = ("en", "ja")


def language(root: Path = ROOT) -> str:
    """The language of a tree that has one; else the one the terminal is set to."""
    there = [lang for lang in LANGUAGES if any(_notebooks(root, lang).glob("*.ipynb"))]
    if len(there) == 1:
        return there[0]
    names = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "ja" if next(filter(None, names), "").startswith("ja") else "en"


def _notebooks(root: Path, lang: str) -> Path:
    """Where the notebooks of a language lie."""
    folders = (root / folder / lang for folder in FOLDERS)
    return next((folder for folder in folders if folder.is_dir()), root / "chapters" / lang)
