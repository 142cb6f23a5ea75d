"""Updating some notebooks alone, wherever they lie: in Google Drive, say."""

from __future__ import annotations

import os
from pathlib import Path

from utils.tester.text import Text
from utils.update.deciding import Decisions, Old
from utils.update.git import Repository
from utils.update.plan import Plan, Wish, changes_of, plan_of, references
from utils.update.project import starters_of_project
from utils.update.student_tree import no_source
from utils.update.trees import UpdateProblem, load_tree
from utils.update.workspace import is_project, language_of, starters_of_tree


def home_of_notebooks(notebooks: tuple[Path, ...]) -> Path:
    """The folder below which all of them lie."""
    return Path(os.path.commonpath([path.resolve().parent for path in notebooks]))


def plan_for_notebooks(wish: Wish) -> Plan:
    """Plan the update of ``wish.notebooks``; the tree that this program lies in stays as it is.

    Raises:
        UpdateProblem: there is no new version to be had, or no such notebook.
    """
    root, lang = wish.root, language_of(wish.root)
    home = home_of_notebooks(wish.notebooks)
    paths = [path.resolve().relative_to(home).as_posix() for path in wish.notebooks]
    missing = [path for path in wish.notebooks if not path.is_file()]
    if missing:
        raise UpdateProblem(
            Text(f"There is no notebook {missing[0]}.", f"{missing[0]} がありません。")
        )
    repository = Repository.at(root)
    project = is_project(root)
    if wish.place is not None:
        new = load_tree(wish.place)
    elif repository is None:
        raise no_source(root)
    else:
        branch = "main" if project else f"student-{lang}"
        new = repository.files(repository.fetch(wish.remote, branch))
    if project:
        old = Old(starters=starters_of_project(root, repository))
    else:
        old = Old(starters=lambda chapter, _: starters_of_tree(root, chapter))
    decisions = Decisions(old, new, lang)
    changes = changes_of(home, paths, decisions.decide)
    return plan_of(home, decisions, changes, lambda name: root / references(name))
