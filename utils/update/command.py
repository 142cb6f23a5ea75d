"""``python -m utils update``: its options, and what it does."""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path

from utils.folder import LANGUAGES, ROOT
from utils.update.git import Repository
from utils.update.lock import alone
from utils.update.places import BACKUPS
from utils.update.plan import Plan, Wish
from utils.update.project import plan_for_project
from utils.update.report import describe, has_conflicts, where_copies_are
from utils.update.single import home_of_notebooks, plan_for_notebooks
from utils.update.student_tree import plan_for_student_tree
from utils.update.transaction import Notes, apply_changes, is_unfinished, recover
from utils.update.trees import UpdateProblem
from utils.update.words import say
from utils.update.workspace import is_project

DONE, LOOK, NOT_DONE = 0, 1, 2

DESCRIPTION = """\
Bring a new version of the bootcamp into this folder. Your answers, notes and cells go into the new
notebooks; what you and the course both changed is named; every file that changes is copied first.

教材を新しい版に更新します。解答やメモ、追加したセルは新しいノートブックに引き継がれます。
あなたと教材の両方が変更した箇所は一覧で示し、変更するファイルは必ず先に控えを取ります。
"""
EXAMPLES = """\
examples / 使用例:
  python -m utils update --dry-run
      what would change / どう変わるかを確かめる
  python -m utils update
      fetched with git, in a clone / git でクローンした場合
  python -m utils update --from Downloads/bootcamp-student-en.zip
      a version that you downloaded / ダウンロードした場合
  python -m utils update /content/drive/MyDrive/bootcamp/08_closed_loop_control.ipynb
      this notebook alone, wherever it lies / このノートブックだけ（場所は問わない）

exit code / 終了コード:
  0  done, or nothing to do                     / 完了、または最新
  1  done, and some places want a look          / 完了、ただし要確認の箇所がある
  2  not done, everything is as before          / 失敗（何も変わっていない）
"""


def run(options: argparse.Namespace) -> int:
    """Update the workspace that this file lies in; returns the exit code."""
    lang = options.lang
    wish = Wish(ROOT, options.place, options.remote, tuple(options.notebooks))
    try:
        with ExitStack() as held:
            # Notebooks that lie elsewhere are compared with the tree, which must not move either.
            for home in dict.fromkeys([_home_of_tree(wish.root), _home(wish)]):
                held.enter_context(alone(home))
            return _update(wish, lang, options.dry_run)
    except UpdateProblem as problem:
        return _refuse(problem.message.in_language(lang), lang)
    except OSError as error:
        return _refuse(str(error), lang)


def _update(wish: Wish, lang: str, dry_run: bool) -> int:
    home = _home(wish)
    if is_unfinished(home):
        if dry_run:
            print(say("cut_off", lang))
            return NOT_DONE
        _recover(home, wish.root, lang)
    plan = _plan(wish)
    if not plan.is_newer:
        print(*(note.in_language(lang) for note in plan.notes), say("newest", lang), sep="\n")
        return DONE
    if dry_run:
        print(say("dry", lang))
        _tell(plan, lang)
        return LOOK if has_conflicts(plan) else DONE
    folder = apply_changes(plan.home, plan.changes, plan.last)
    print(say("done", lang))
    _tell(plan, lang)
    print(where_copies_are(folder, lang))
    print(say("reload", lang))
    return LOOK if has_conflicts(plan) else DONE


def _home(wish: Wish) -> Path:
    if wish.notebooks:
        return home_of_notebooks(wish.notebooks)
    return _home_of_tree(wish.root)


def _home_of_tree(root: Path) -> Path:
    return root / "work" if is_project(root) else root


def _plan(wish: Wish) -> Plan:
    if wish.notebooks:
        return plan_for_notebooks(wish)
    return plan_for_project(wish) if is_project(wish.root) else plan_for_student_tree(wish)


def _recover(home: Path, root: Path, lang: str) -> None:
    def take_back(notes: Notes) -> None:
        repository = Repository.at(root) if notes else None
        if repository is not None:
            repository.take_back(notes)

    left_alone = recover(home, take_back)
    print(say("recovered", lang))
    if left_alone:
        print(say("left_alone", lang, files=", ".join(left_alone), folder=home / BACKUPS))


def _tell(plan: Plan, lang: str) -> None:
    if plan.version:
        print(say("to", lang, version=plan.version))
    for line in describe(plan, lang):
        print(line)
    if has_conflicts(plan):
        print(say("look", lang))


def _refuse(sentence: str, lang: str) -> int:
    print(sentence, say("nothing_changed", lang), sep="\n", file=sys.stderr)
    return NOT_DONE


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be said on the command line."""
    parser.add_argument(
        "notebooks",
        nargs="*",
        type=Path,
        metavar="NOTEBOOK",
        help="these notebooks alone (default: the whole folder) / 更新するノートブック",
    )
    parser.add_argument(
        "--from",
        dest="place",
        type=Path,
        metavar="FOLDER_OR_ZIP",
        help="the new version, unpacked or not (default: git fetches it) / 新しい版の場所",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="change nothing, say what would change / 確認だけ"
    )
    parser.add_argument(
        "--remote", metavar="NAME", help="which of git's remotes has the course / git のリモート名"
    )
    parser.add_argument(
        "--lang",
        choices=LANGUAGES,
        default=argparse.SUPPRESS,  # what was said before the command's name
        help="language of what is said / 表示言語",
    )
