"""A published notebook's first cell, as it is, on a machine like Colab's."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from colab_machine import run_in_colab

from tests.two_versions import CHAPTER, NOTEBOOK, publish_course, two_trees, version_of
from tools.colab import colab_badge, colab_link
from tools.lesson import ROOT
from tools.settings import REPOSITORY
from tools.student import branch as branches

LOOK = """\
import os

print("found", bootcamp.name, os.environ.get("BOOTCAMP_PROGRESS"))"""


@pytest.fixture(scope="module")
def trees(tmp_path_factory):
    return two_trees(tmp_path_factory.mktemp("trees"))


@pytest.fixture
def published(tmp_path, trees):
    """The course's repository with both versions on its branch."""
    return publish_course(tmp_path / "course", *trees)


@pytest.fixture
def colab(tmp_path, published):
    """Runs cells in a fresh Colab; what it leaves in /content is in ``content``."""
    content = tmp_path / "colab" / "content"
    content.mkdir(parents=True)

    def run(*cells, refused=False):
        return run_in_colab([*cells, LOOK], content, published, REPOSITORY, refused)

    run.content = content
    return run


def code_cells(notebook):
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


@pytest.mark.parametrize("number", [0, 1])
def test_each_version_meets_its_own_references_whatever_the_branch_is_at(colab, trees, number):
    first, imports, _, exercise, *_ = code_cells(trees[number] / NOTEBOOK)
    solved = exercise.replace("y = ...", "y = (1 - rate) * x")
    done = colab(first, imports, solved)
    version = version_of(trees[number])
    assert f"found {version} None" in done.stdout, done.stderr
    assert "Passed" in done.stdout
    kept = colab.content / version / "chapters" / "checks" / f"{CHAPTER}.npz"
    assert kept.read_bytes() == (trees[number] / f"chapters/checks/{CHAPTER}.npz").read_bytes()


def test_after_a_restart_nothing_is_fetched_again(colab, trees, published):
    first, *_ = code_cells(trees[0] / NOTEBOOK)
    assert colab(first).returncode == 0
    branches.git(published, "tag", "--delete", version_of(trees[0]))
    done = colab(first)
    assert f"found {version_of(trees[0])}" in done.stdout
    assert "has no" not in done.stdout


def test_where_a_version_is_not_published_the_newest_is_fetched_and_it_is_said(
    colab, trees, published
):
    first, *_ = code_cells(trees[0] / NOTEBOOK)
    branches.git(published, "tag", "--delete", version_of(trees[0]))
    done = colab(first)
    assert done.returncode == 0, done.stderr
    assert f"has no {version_of(trees[0])}" in done.stdout
    manifest = colab.content / version_of(trees[0]) / ".student-tree"
    assert json.loads(manifest.read_text())["version"] == version_of(trees[1])


def test_a_notebook_that_is_not_published_yet_takes_the_branch(colab):
    first, *_ = code_cells(ROOT / "chapters/en/08_closed_loop_control.ipynb")
    done = colab(first)
    assert (colab.content / "student-en" / "utils" / "tester").is_dir()
    assert "08_closed_loop_control" in done.stderr  # which is no chapter of the small course


def with_drive(cell):
    return cell.replace("keep_in_drive = False", "keep_in_drive = True")


def test_drive_keeps_progress_and_a_copy_if_the_learner_wants_it(colab, trees):
    first, *_ = code_cells(trees[0] / NOTEBOOK)
    done = colab(with_drive(first))
    folder = "drive/MyDrive/reservoir-computing-bootcamp"
    assert f"/content/{folder}/.progress.sqlite" in done.stdout, done.stderr
    notebook = colab.content / folder / "en" / f"{CHAPTER}.ipynb"
    assert notebook.read_bytes() == (trees[0] / NOTEBOOK).read_bytes()
    notebook.write_text("my work")
    assert "Your copy of this notebook is MyDrive/" in colab(with_drive(first)).stdout
    assert notebook.read_text() == "my work"


def test_without_leave_to_use_drive_everything_goes_on(colab, trees):
    first, *_ = code_cells(trees[0] / NOTEBOOK)
    done = colab(with_drive(first), refused=True)
    assert "mount failed" in done.stdout
    assert f"found {version_of(trees[0])} None" in done.stdout


@pytest.mark.parametrize("folder", [".", "chapters/en", "chapters/checks"])
def test_elsewhere_the_same_cell_finds_the_tree_from_any_folder_in_it(trees, folder):
    first, *_ = code_cells(trees[0] / NOTEBOOK)
    done = subprocess.run(
        [sys.executable, "-c", f"{first}\nprint('found', bootcamp)"],
        cwd=trees[0] / folder,
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"found {trees[0]}" in done.stdout


def test_notebooks_and_the_readme_have_a_link_to_colab(trees):
    link = colab_link(CHAPTER, "en")
    assert link.startswith("https://colab.research.google.com/github/")
    assert link.endswith(f"/blob/student-en/{NOTEBOOK}")
    title = json.loads((trees[0] / NOTEBOOK).read_text("utf-8"))["cells"][0]["source"]
    assert colab_badge(CHAPTER, "en") in "".join(title)
    assert "".join(title).startswith("# A small chapter\n\n[![Open in Colab]")
    assert colab_badge(CHAPTER, "en") in (trees[0] / "README.md").read_text("utf-8")


def test_a_course_that_is_not_on_github_has_no_such_link():
    assert colab_link(CHAPTER, "ja", "https://git.example.org/course") is None
    assert colab_badge(CHAPTER, "ja", "https://git.example.org/course") == ""
    assert "Colab で開く" in colab_badge(CHAPTER, "ja", "https://github.com/a/b.git")
    assert "/github/a/b/blob/" in colab_link(CHAPTER, "ja", "https://github.com/a/b.git/")
