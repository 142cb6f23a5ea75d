"""``python -m utils update`` in clones and unpacked archives, as learners have them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from learner import ANSWER, answer, cells_of, code_of, commit_all, edit, git, snapshot

from tests.two_versions import NOTEBOOK, publish_tree
from tools.settings import REPOSITORY
from tools.student import branch as branches


def copies(folder: Path) -> Path:
    (found,) = [path for path in (folder / "backups").iterdir() if path.is_dir()]
    return found


def is_second_version(folder: Path) -> None:
    notebook = folder / NOTEBOOK
    assert "One step of size rate towards zero." in code_of(notebook, "decay")
    assert cells_of(notebook)[0].startswith("# A small chapter, second edition")


def test_uncommitted_answers_are_carried_and_stay_uncommitted(clone, publish, update, course):
    answer(clone)
    before = (clone / NOTEBOOK).read_bytes()
    publish()
    done = update(clone)
    assert done.returncode == 0, done.stdout + done.stderr
    is_second_version(clone)
    assert ANSWER in code_of(clone / NOTEBOOK, "decay")
    assert git(clone, "rev-parse", "HEAD") == git(course, "rev-parse", "student-en")
    assert git(clone, "status", "--porcelain") == f"M {NOTEBOOK}"
    assert (copies(clone) / NOTEBOOK).read_bytes() == before
    assert "exercise 01_01" in done.stdout
    assert "01_01: cases" in done.stdout
    assert "01_02: " not in done.stdout
    again = update(clone)
    assert again.returncode == 0
    assert "Already up to date" in again.stdout


def test_committed_answers_are_in_a_merge_of_both(clone, publish, update, course):
    answer(clone)
    (clone / "notes.txt").write_text("my notes")
    commit_all(clone)
    mine = git(clone, "rev-parse", "HEAD")
    edit(clone / NOTEBOOK, "y = ...  # TODO The output", "y = w(x)  # TODO The output")
    publish()
    done = update(clone)
    assert done.returncode == 0, done.stdout + done.stderr
    parents = git(clone, "rev-parse", "HEAD^1", "HEAD^2").split()
    assert parents == [mine, git(course, "rev-parse", "student-en")]
    assert git(clone, "status", "--porcelain") == f"M {NOTEBOOK}"
    committed = git(clone, "show", f"HEAD:{NOTEBOOK}")
    assert ANSWER in committed
    assert "second edition" in committed
    assert "y = w(x)" not in committed
    assert "y = w(x)" in code_of(clone / NOTEBOOK, "run")
    is_second_version(clone)
    assert (clone / "notes.txt").read_text() == "my notes"
    assert git(clone, "symbolic-ref", "--short", "HEAD") == "student-en"
    assert "Already up to date" in update(clone).stdout


def test_neither_copies_nor_progress_are_brought_into_git(clone, publish, update):
    answer(clone)
    publish()
    assert update(clone).returncode == 0
    reset = [sys.executable, "-m", "utils", "reset", "01_01", "--yes"]
    subprocess.run(reset, cwd=clone, check=True, capture_output=True)
    assert list(clone.glob("chapters/en/*.bak"))
    assert git(clone, "status", "--porcelain") in ("", f"M {NOTEBOOK}")


def test_an_archive_is_updated_from_a_folder_or_an_archive(unpacked, versions, update, tmp_path):
    answer(unpacked)
    inside = tmp_path / "zipped" / "bootcamp-student-en"
    shutil.copytree(versions[1], inside)
    archive = shutil.make_archive(str(tmp_path / "new"), "zip", tmp_path / "zipped")
    asked = update(unpacked)
    assert asked.returncode == 2
    assert f"download it from {REPOSITORY}/tree/student-en, then run this" in asked.stderr
    assert "with --from FOLDER or --from FILE.zip" in asked.stderr
    japanese = update(unpacked, "--lang", "ja").stderr
    assert f" {REPOSITORY}/tree/student-en からダウンロードし" in japanese
    assert "「--from フォルダ」か「--from ファイル.zip」を付けて" in japanese
    for place in (archive, versions[1]):
        done = update(unpacked, "--from", place)
        assert done.returncode == 0, done.stdout + done.stderr
        is_second_version(unpacked)
        assert ANSWER in code_of(unpacked / NOTEBOOK, "decay")
    assert "Already up to date" in done.stdout
    assert (
        json.loads((unpacked / ".student-tree").read_text())["version"]
        == json.loads((versions[1] / ".student-tree").read_text())["version"]
    )


def test_progress_and_copies_in_the_place_it_comes_from_stay_there(
    unpacked, versions, update, tmp_path
):
    used = shutil.copytree(versions[0], tmp_path / "used" / "bootcamp")
    theirs = [".progress.sqlite", ".progress.sqlite-wal", "backups/2026-01-01_000000/notes.txt"]
    for path in theirs:
        (used / path).parent.mkdir(parents=True, exist_ok=True)
        (used / path).write_bytes(b"of somebody else")
    (unpacked / ".progress.sqlite").write_bytes(b"my own")
    before = snapshot(unpacked)
    archive = shutil.make_archive(str(tmp_path / "used"), "zip", tmp_path / "used")
    for place in (used, archive):
        done = update(unpacked, "--from", place)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "Already up to date" in done.stdout
        assert ".progress.sqlite" not in done.stdout
        assert snapshot(unpacked).items() - before.items() == set()
    shutil.copytree(versions[1], used, dirs_exist_ok=True)
    done = update(unpacked, "--from", used)
    assert done.returncode == 0, done.stdout + done.stderr
    is_second_version(unpacked)
    assert (unpacked / ".progress.sqlite").read_bytes() == b"my own"
    assert not (unpacked / ".progress.sqlite-wal").exists()
    assert not (unpacked / "backups/2026-01-01_000000").exists()


def test_progress_that_the_branch_has_by_mistake_is_not_taken(course, versions, update, tmp_path):
    clone = tmp_path / "clone"
    branches.git(tmp_path, "clone", "--quiet", "--branch=student-en", str(course), str(clone))
    (clone / ".progress.sqlite").write_bytes(b"my own")
    spoilt = shutil.copytree(versions[1], tmp_path / "spoilt")
    (spoilt / ".progress.sqlite").write_bytes(b"of somebody else")
    publish_tree(course, spoilt)
    done = update(clone)
    assert done.returncode == 0, done.stdout + done.stderr
    is_second_version(clone)
    assert (clone / ".progress.sqlite").read_bytes() == b"my own"


def test_a_dry_run_says_the_same_and_changes_nothing(unpacked, versions, update):
    answer(unpacked)
    edit(unpacked / NOTEBOOK, "One step towards zero.", "My own words.")
    before = snapshot(unpacked)
    tried = update(unpacked, "--from", versions[1], "--dry-run")
    assert snapshot(unpacked) == before
    done = update(unpacked, "--from", versions[1])
    assert tried.returncode == done.returncode == 1
    assert set(done.stdout.splitlines()[1:-2]) <= set(tried.stdout.splitlines())
    assert "! CONFLICT" in done.stdout
    assert "exercise 01_01" in done.stdout
    assert "My own words." in code_of(unpacked / NOTEBOOK, "decay")


def test_copies_renamed_notebooks_and_others_are_each_treated_as_what_they_are(
    clone, publish, update
):
    answer(clone)
    shutil.copyfile(clone / NOTEBOOK, clone / "chapters/en/01_small-Copy1.ipynb")
    (clone / NOTEBOOK).rename(clone / "chapters/en/mine.ipynb")
    empty = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (clone / "scratch.ipynb").write_text(json.dumps(empty))
    (clone / "01_small notes.ipynb").write_text(json.dumps(empty))
    (clone / "broken.ipynb").write_text("{ half a")
    publish()
    done = update(clone)
    assert done.returncode == 1, done.stdout + done.stderr
    for name in ("01_small-Copy1", "mine"):
        text = code_of(clone / f"chapters/en/{name}.ipynb", "decay")
        assert ANSWER in text
        assert "of size rate" in text
    is_second_version(clone)  # the chapter's own is there again
    assert ANSWER not in code_of(clone / NOTEBOOK, "decay")
    assert json.loads((clone / "scratch.ipynb").read_text()) == empty
    assert json.loads((clone / "01_small notes.ipynb").read_text()) == empty
    assert (clone / "broken.ipynb").read_text() == "{ half a"
    assert "broken.ipynb" in done.stdout
    assert "is not a notebook" in done.stdout


def test_line_ends_of_windows_are_no_changes(unpacked, versions, update):
    answer(unpacked)
    for path in (NOTEBOOK, "requirements.txt", "utils/chaos.py"):
        content = (unpacked / path).read_bytes()
        (unpacked / path).write_bytes(content.replace(b"\n", b"\r\n"))
    done = update(unpacked, "--from", versions[1])
    assert done.returncode == 0, done.stdout
    assert ANSWER in code_of(unpacked / NOTEBOOK, "decay")
    is_second_version(unpacked)


def test_changed_files_of_the_course_give_way_and_are_named_unless_they_fit(
    clone, publish, update, course, versions, tmp_path
):
    second = shutil.copytree(versions[1], tmp_path / "second")
    edit(second / "utils/chaos.py", "def lorenz_func", "# new\ndef lorenz_func")
    edit(clone / "utils/chaos.py", "def lorenz_func", "# mine\ndef lorenz_func")
    with (clone / "requirements.txt").open("a") as file:
        file.write("pandas\n")
    edit(second / "requirements.txt", "# What the notebooks import.", "# What notebooks import.")
    publish_tree(course, second)
    done = update(clone)
    assert done.returncode == 1
    assert "utils/chaos.py" in done.stdout
    assert "# mine" in (copies(clone) / "utils/chaos.py").read_text()
    assert "# new" in (clone / "utils/chaos.py").read_text()
    text = (clone / "requirements.txt").read_text()
    assert text.startswith("# What notebooks import.")
    assert text.endswith("pandas\n")


def test_without_a_record_of_the_beginning_everything_of_the_learners_is_kept(
    unpacked, versions, update
):
    answer(unpacked)
    (unpacked / ".student-tree").write_text("Generated by an older version\n")
    (unpacked / "chapters/checks/01_small.starter").unlink()
    done = update(unpacked, "--from", versions[1])
    assert done.returncode == 1
    assert ANSWER in code_of(unpacked / NOTEBOOK, "decay")
    second = json.loads((versions[1] / ".student-tree").read_text())["version"]
    assert any(second in text for text in cells_of(unpacked / NOTEBOOK))
    assert "which version you began with" in done.stdout


def test_a_notebook_elsewhere_is_updated_alone(clone, publish, update, tmp_path):
    drive = tmp_path / "drive"
    drive.mkdir()
    answer(clone)
    shutil.move(clone / NOTEBOOK, drive / "01_small.ipynb")
    git(clone, "checkout", "--quiet", ".")
    before = snapshot(clone)
    publish()
    done = update(clone, drive / "01_small.ipynb")
    assert done.returncode == 0, done.stdout + done.stderr
    text = code_of(drive / "01_small.ipynb", "decay")
    assert ANSWER in text
    assert "of size rate" in text
    assert (copies(drive) / "01_small.ipynb").exists()
    assert snapshot(clone) == before


def test_a_checkout_of_a_version_follows_the_branch(clone, publish, update, course):
    git(clone, "checkout", "--quiet", "--detach")
    answer(clone)
    publish()
    assert update(clone).returncode == 0
    assert git(clone, "rev-parse", "HEAD") == git(course, "rev-parse", "student-en")
    is_second_version(clone)


def test_a_shallow_clone_is_updated(course, publish, update, tmp_path):
    clone = tmp_path / "shallow"
    address = course.as_uri()
    git(tmp_path, "clone", "--quiet", "--depth=1", "--branch=student-en", address, str(clone))
    answer(clone)
    publish()
    assert update(clone).returncode == 0
    assert ANSWER in code_of(clone / NOTEBOOK, "decay")
    is_second_version(clone)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_repository_in_the_middle_of_something_is_left_alone(clone, publish, update, lang):
    publish()
    edit(clone / NOTEBOOK, "# A small chapter", "# My small chapter")
    commit_all(clone)
    git(clone, "fetch", "--quiet")
    who = ("-c", "user.name=Learner", "-c", "user.email=learner@example.org")
    with pytest.raises(branches.BranchError):
        git(clone, *who, "merge", "origin/student-en")
    before = snapshot(clone)
    done = update(clone, "--lang", lang)
    assert done.returncode == 2
    assert "MERGE_HEAD" in done.stderr
    assert ("Nothing was changed" if lang == "en" else "何も変更していません") in done.stderr
    assert snapshot(clone) == before


def test_what_cannot_be_reached_is_said_in_gits_words(clone, update, course):
    shutil.rmtree(course)
    before = snapshot(clone)
    done = update(clone)
    assert done.returncode == 2
    assert "git fetch failed" in done.stderr
    assert snapshot(clone) == before


def test_another_language_and_other_folders_are_refused(unpacked, update, tmp_path, versions):
    other = shutil.copytree(versions[1], tmp_path / "other")
    (other / "chapters/en").rename(other / "chapters/ja")
    (tmp_path / "nothing").mkdir()
    (tmp_path / "file.zip").write_bytes(b"PK")
    before = snapshot(unpacked)
    for place in (other, tmp_path / "nothing", tmp_path / "file.zip", tmp_path / "missing"):
        done = update(unpacked, "--from", place)
        assert done.returncode == 2
        assert str(place) in done.stderr
    assert snapshot(unpacked) == before


def test_a_file_that_cannot_be_written_leaves_everything_as_it_was(unpacked, versions, update):
    answer(unpacked)
    # A folder stands where the new version has a file.
    (unpacked / "LICENSE").unlink()
    (unpacked / "LICENSE").mkdir()
    (unpacked / "LICENSE" / "mine").write_text("")
    before = snapshot(unpacked)
    done = update(unpacked, "--from", versions[1])
    assert done.returncode == 2
    assert "LICENSE" in done.stderr
    assert snapshot(unpacked) == before


_INTERRUPTED = """\
import os, signal, sys
import utils.update.transaction as transaction
from utils.__main__ import main

put, left = transaction._put, [int(sys.argv[1])]
def counted(path, content):
    if left[0] == 0:
        left[0] -= 1
        os.kill(os.getpid(), getattr(signal, sys.argv[2]))
    left[0] -= 1
    put(path, content)
transaction._put = counted
sys.exit(main(["update", *sys.argv[3:]]))
"""


def interrupted(folder: Path, after: int, how: str, *arguments: object):
    return subprocess.run(
        [sys.executable, "-c", _INTERRUPTED, str(after), how, *map(str, arguments)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("after", [0, 1, 3])
def test_ctrl_c_leaves_everything_as_it_was(clone, publish, update, after):
    answer(clone)
    publish()
    before, head = snapshot(clone), git(clone, "rev-parse", "HEAD")
    status = git(clone, "status", "--porcelain")
    done = interrupted(clone, after, "SIGINT")
    assert "KeyboardInterrupt" in done.stderr
    assert snapshot(clone) == before
    assert git(clone, "rev-parse", "HEAD") == head
    assert git(clone, "status", "--porcelain") == status


@pytest.mark.parametrize("after", [0, 2])
def test_after_a_crash_the_next_run_puts_everything_back_and_begins_anew(
    clone, publish, update, after
):
    answer(clone)
    publish()
    assert interrupted(clone, after, "SIGKILL").returncode != 0
    tried = update(clone, "--dry-run")
    assert tried.returncode == 2
    assert "cut off" in tried.stdout
    done = update(clone)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "put back first" in done.stdout
    is_second_version(clone)
    assert ANSWER in code_of(clone / NOTEBOOK, "decay")


def test_what_was_changed_after_a_crash_is_left_alone_and_named(clone, publish, update):
    answer(clone)
    publish()
    interrupted(clone, 2, "SIGKILL")
    journal = json.loads((clone / "backups/unfinished.json").read_text())
    assert NOTEBOOK in [path for path, *_ in journal["files"]]
    edit(clone / NOTEBOOK, ANSWER, f"{ANSWER} + 0")
    done = update(clone)
    assert f"{ANSWER} + 0" in code_of(clone / NOTEBOOK, "decay")
    assert done.returncode in (0, 1)


def test_a_failing_last_step_leaves_everything_as_it_was(clone, publish, update):
    answer(clone)
    publish()
    before, head = snapshot(clone), git(clone, "rev-parse", "HEAD")
    (clone / ".git/refs/heads/student-en.lock").touch()  # git cannot move the branch
    done = update(clone)
    assert done.returncode == 2
    assert "update-ref" in done.stderr
    (clone / ".git/refs/heads/student-en.lock").unlink()
    assert snapshot(clone) == before
    assert git(clone, "rev-parse", "HEAD") == head
    assert git(clone, "status", "--porcelain") == f"M {NOTEBOOK}"


def test_help_teaches_by_example(unpacked, update):
    shown = update(unpacked, "--help").stdout
    assert "--from Downloads/" in shown
    assert "使用例" in shown


def test_a_broken_environment_is_sent_to_the_doctor(unpacked, tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "numpy.py").write_text("raise ImportError('numpy is broken')")
    done = subprocess.run(
        [sys.executable, "-m", "utils", "update"],
        cwd=unpacked,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "-m utils doctor" in done.stderr
    assert "Traceback" not in done.stderr
