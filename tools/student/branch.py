"""Putting a folder on a branch of its own, without touching the work tree or its index."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path


class BranchError(Exception):
    """Git could not do it; the message says why."""


def write_tree(repository: Path, folder: Path) -> str:
    """Store ``folder`` in the repository's object database; returns the tree's name."""
    with tempfile.TemporaryDirectory() as scratch:
        index = {"GIT_INDEX_FILE": str(Path(scratch) / "index")}
        git(repository, "--work-tree", str(folder), "add", "--all", "--force", ".", env=index)
        return git(repository, "write-tree", env=index)


def commit(repository: Path, tree: str, parent: str | None, message: str) -> str:
    """A commit of ``tree`` on top of ``parent``, or the first one of an orphan branch."""
    on_top = ["-p", parent] if parent else []
    return git(repository, "commit-tree", tree, *on_top, "-m", message)


def tip(repository: Path, branch: str) -> str | None:
    """The branch's newest commit, or None where there is no such branch."""
    try:
        return git(repository, "rev-parse", "--verify", "--quiet", f"refs/heads/{branch}")
    except BranchError:
        return None


def move(repository: Path, branch: str, new: str, old: str | None) -> None:
    """Let ``branch`` point to ``new``, refused when another moved it meanwhile."""
    git(repository, "update-ref", f"refs/heads/{branch}", new, old or "0" * len(new))


def tag(repository: Path, name: str, commit: str) -> None:
    """Let ``name`` stand for ``commit``; a tag of that name stays, its content is the same."""
    try:
        git(repository, "rev-parse", "--verify", "--quiet", f"refs/tags/{name}")
    except BranchError:
        git(repository, "update-ref", f"refs/tags/{name}", commit)


def git(repository: Path, *arguments: str, env: dict[str, str] | None = None) -> str:
    """Run git and return what it prints.

    Raises:
        BranchError: git failed, or is not installed.
    """
    try:
        done = subprocess.run(
            ["git", *arguments],
            cwd=repository,
            check=True,
            capture_output=True,
            text=True,
            env={**os.environ, **(env or {})},
        )
    except FileNotFoundError:
        raise BranchError("git is not installed") from None
    except subprocess.CalledProcessError as failure:
        raise BranchError(
            f"git {arguments[0]} failed: {failure.stderr.strip() or failure.returncode}"
        ) from None
    return done.stdout.strip()
