"""What executed notebooks showed, kept by what they were made of.

Whoever executes a solved notebook keeps its outputs here (the gate does), and whoever only wants to
show them (the site) executes nothing that has not changed. An entry's name holds a hash of the
notebook's code, the library and the versions of its packages. Entries of notebooks that have
changed are of no use any more and go when the site is made next.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from tools.content import hash_of
from tools.lesson_cells import OPTIONAL
from tools.requirements import required_names
from utils.files import write_whole

FOLDER = "build/executed"
SCHEMA = 1
# Parts of the library that no notebook imports: the terminal's, the updates' and the grader's.
_ELSEWHERE = ("check", "terminal", "update", "worker")
# What draws and what runs, besides the packages that notebooks import by name.
_RUNNING = ("ipykernel", "matplotlib-inline", *OPTIONAL)

Outputs = dict[str, list[dict[str, Any]]]  # by the cell's id


def path_of(root: Path, chapter: str, notebook: NotebookNode) -> Path:
    """Where the outputs of this notebook belong: ``root``/build/executed/CHAPTER/HASH.json."""
    return root / FOLDER / chapter / f"{_key(notebook, root)}.json"


def load(path: Path) -> Outputs | None:
    """What is kept at ``path``; None without a file, or with one that cannot be read."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return kept["outputs"] if kept["schema"] == SCHEMA else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def keep(path: Path, notebook: NotebookNode) -> None:
    """Keep the outputs of an executed notebook at ``path``, whole or not at all."""
    outputs = {
        cell.id: [json.loads(json.dumps(output)) for output in cell.outputs]
        for cell in notebook.cells
        if cell.cell_type == "code"
    }
    text = json.dumps({"schema": SCHEMA, "outputs": outputs}, ensure_ascii=False)
    write_whole(path, text.encode())


def sweep(root: Path, chapter: str, keeping: Iterable[Path]) -> None:
    """Remove a chapter's entries beside those of ``keeping``, where these are kept.

    Without any of ``keeping``, the entries may be those of another branch, and stay.
    """
    keeping = set(keeping)
    found = set((root / FOLDER / chapter).glob("*.json"))
    for path in found - keeping if found & keeping else ():
        path.unlink(missing_ok=True)


def _key(notebook: NotebookNode, root: Path) -> str:
    # The set-up cell of a solved notebook names the folder it was made in.
    code = [
        f"{cell.id}\n{cell.source}"
        for cell in notebook.cells
        if cell.cell_type == "code" and cell.id != "setup"
    ]
    return hash_of([*code, *_library(root), *_versions(root)], deciding=["tools/describing.py"])[
        :32
    ]


def _library(root: Path) -> Iterator[str]:
    folder = root / "utils"
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if (
            path.is_file()
            and "__pycache__" not in inside.parts
            and inside.parts[0] not in _ELSEWHERE
        ):
            yield f"{inside.as_posix()} {hashlib.sha256(path.read_bytes()).hexdigest()}"


def _versions(root: Path) -> Iterator[str]:
    yield f"python {sys.version_info.major}.{sys.version_info.minor}"
    for name in (*required_names(root), *_RUNNING):
        try:
            yield f"{name} {version(name)}"
        except PackageNotFoundError:
            yield f"{name} is missing"
