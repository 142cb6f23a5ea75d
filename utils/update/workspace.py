"""Where a learner works: a student tree, or the project's own clone with work/ in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from utils.tester.text import LANGUAGES
from utils.update.places import BACKUPS, MANIFEST, STARTER
from utils.update.trees import read_manifest


def is_project(root: Path) -> bool:
    """Whether this is the project's own clone, in which a learner's notebooks lie in work/."""
    return (root / "tools" / "environment.py").is_file() and (root / "solutions").is_dir()


def language_of(root: Path) -> str:
    """The language of a workspace; English where it has several."""
    present = [lang for lang in LANGUAGES if (root / "chapters" / lang).is_dir()]
    told = read_manifest(read(root / MANIFEST)).lang
    return told or (present[0] if len(present) == 1 else "en")


def notebooks_below(folder: Path) -> list[str]:
    """A learner's notebooks, wherever below ``folder`` they put them, as paths from there."""
    found = []
    for inner, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if _may_hold_work(Path(inner) / name))
        found += [
            (Path(inner) / name).relative_to(folder).as_posix()
            for name in sorted(names)
            if name.endswith(".ipynb")
        ]
    return found


def starters_of_tree(root: Path, chapter: str) -> Iterator[bytes]:
    """The notebook that a student tree's own was when the tree came."""
    kept = read(root / STARTER.format(chapter=chapter))
    if kept is not None:
        yield kept


def read(path: Path) -> bytes | None:
    """A file's content; None where there is no file."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None


def _may_hold_work(folder: Path) -> bool:
    """Not for copies, nor for what programs keep."""
    hidden = folder.name.startswith(".") or folder.name in (BACKUPS, "node_modules")
    return not hidden and not (folder / "pyvenv.cfg").exists()
