"""A small project around a scaffolded chapter, for the tests of the tools."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from tools.lesson import ROOT
from tools.new import new_chapter, new_exercise

CHAPTER = "09_em_reservoir"
FOLDER = f"solutions/{CHAPTER}"
OPENING, SECTION = f"{FOLDER}/lesson/0_opening.py", f"{FOLDER}/lesson/1_section.py"


def make_chapter(root: Path) -> Path:
    """One chapter with two exercises, as ``python -m tools new`` makes it."""
    shutil.copyfile(ROOT / "requirements.txt", root / "requirements.txt")
    new_chapter(CHAPTER, root)
    new_exercise(CHAPTER, "01_01", root)
    new_exercise(CHAPTER, "01_02", root)
    return root


def make_tree(root: Path) -> Path:
    """A chapter with the tools and the library beside it, so that commands run in it."""
    for name in ("tools", "utils"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    return make_chapter(root)


def command(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """``python -m tools ARGUMENTS`` in the project at ``root``."""
    return subprocess.run(
        [sys.executable, "-m", "tools", *arguments],
        cwd=root,
        check=False,
        capture_output=True,
        text=True,
    )


def edit(root: Path, file: str, old: str, new: str, count: int = 1) -> None:
    """Replace ``old``, which has to be there, by ``new`` in a file."""
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, count), encoding="utf-8")


def line_of(root: Path, file: str, text: str, after: str = "") -> int:
    """The first line (from 1) that holds ``text``, from the one that holds ``after`` on."""
    lines = (root / file).read_text(encoding="utf-8").splitlines()
    start = next(i for i, line in enumerate(lines) if after in line)
    return next(i for i, line in enumerate(lines) if i >= start and text in line) + 1
