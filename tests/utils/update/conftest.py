"""Two published versions of a small course, and a learner's copy of the first."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.two_versions import publish_course, publish_tree, two_trees
from tools.student import branch as branches


@pytest.fixture(scope="session")
def versions(tmp_path_factory):
    """The student trees of two versions, in English: folders."""
    return two_trees(tmp_path_factory.mktemp("versions"))


@pytest.fixture
def course(tmp_path, versions):
    """The repository where the course is published, at its first version."""
    return publish_course(tmp_path / "course", versions[0])


@pytest.fixture
def publish(course, versions):
    """Publishes the second version."""
    return lambda: publish_tree(course, versions[1])


@pytest.fixture
def clone(course, tmp_path):
    """A learner's clone of the first version."""
    folder = tmp_path / "clone"
    branches.git(tmp_path, "clone", "--quiet", "--branch=student-en", str(course), str(folder))
    return folder


@pytest.fixture
def unpacked(versions, tmp_path):
    """A learner's copy of the first version, without git."""
    return shutil.copytree(versions[0], tmp_path / "unpacked")


@pytest.fixture
def update(monkeypatch):
    """Runs the update of a workspace in a process of its own; returns what came of it."""
    # Whoever runs the tests may have a name in git; a learner may have none.
    for name in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "EMAIL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")

    def run(folder: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "utils", "update", *map(str, arguments)],
            cwd=folder,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )

    return run
