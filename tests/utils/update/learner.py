"""What a learner does in a workspace, and what they find there."""

from __future__ import annotations

import json
from pathlib import Path

from tests.two_versions import NOTEBOOK
from tools.student import branch as branches

ANSWER = "(1 - rate) * x"


def cells_of(path: Path) -> list[str]:
    return ["".join(cell["source"]) for cell in json.loads(path.read_text("utf-8"))["cells"]]


def code_of(path: Path, name: str) -> str:
    document = json.loads(path.read_text("utf-8"))
    code = ["".join(one["source"]) for one in document["cells"] if one["cell_type"] == "code"]
    (found,) = [text for text in code if f"def {name}(" in text]
    return found


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def answer(folder: Path, notebook: str = NOTEBOOK) -> None:
    edit(folder / notebook, "y = ...  # TODO The next", f"y = {ANSWER}  # TODO The next")


def git(folder: Path, *arguments: str) -> str:
    return branches.git(folder, *arguments)


def commit_all(folder: Path, message: str = "mine") -> None:
    git(folder, "add", "--all")
    who = ("-c", "user.name=Learner", "-c", "user.email=learner@example.org")
    git(folder, *who, "commit", "--quiet", "-m", message)


def snapshot(folder: Path) -> dict[str, bytes]:
    """A workspace's files, without what git and Python keep for themselves."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".git/" not in path.as_posix() and "__pycache__" not in path.parts
    }
