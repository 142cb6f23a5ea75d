"""Updating a student tree: a clone of the learners' branch, or a downloaded archive of it."""

from __future__ import annotations

from pathlib import Path

from utils.tester.text import Text
from utils.update.deciding import Decisions, Old
from utils.update.git import Repository
from utils.update.places import MANIFEST
from utils.update.plan import Plan, Wish, changes_of, plan_of, references
from utils.update.transaction import LastStep
from utils.update.trees import (
    Tree,
    UpdateProblem,
    hash_of,
    load_tree,
    read_manifest,
)
from utils.update.workspace import language_of, notebooks_below, read, starters_of_tree

# How a version that was downloaded is named.
FROM = Text("--from FOLDER or --from FILE.zip", "「--from フォルダ」か「--from ファイル.zip」")


def plan_for_student_tree(wish: Wish) -> Plan:
    """Plan the update of a whole student tree.

    With ``wish.place`` git is left alone: files change as if the learner had edited them.

    Raises:
        UpdateProblem: there is no new version to be had, or something is in the way.
    """
    root, lang = wish.root, language_of(wish.root)
    manifest = read_manifest(read(root / MANIFEST))
    old = Old(hashes=manifest.files or {}, starters=lambda name, _: starters_of_tree(root, name))
    if wish.place is not None:
        new = load_tree(wish.place)
        refuse_other(new, lang, str(wish.place))
        return _plan(root, Decisions(old, new, lang))
    repository = Repository.at(root)
    if repository is None:
        raise no_source(root)
    repository.refuse_unfinished()
    head = repository.head()
    fetched = repository.fetch(wish.remote, f"student-{lang}")
    base = repository.merge_base(head, fetched)
    if base == fetched:
        return Plan(root, version=manifest.version, is_newer=False)
    new = repository.files(fetched)
    refuse_other(new, lang, fetched[:10])
    if base is not None:
        files = repository.files(base)
        hashes = {path: hash_of(content) for path, content in files.items()}
        old = Old(files, hashes, old.starters)
    commit = fetched
    if base != head:
        commit = _commit_of_both(repository, Decisions(old, new, lang), base, head, fetched)
    move = LastStep(
        repository.notes, lambda notes: repository.move(commit, notes), repository.take_back
    )
    return _plan(root, Decisions(old, new, lang), move)


def refuse_other(new: Tree, lang: str, place: str) -> None:
    """A tree of another kind would replace half of this one.

    Raises:
        UpdateProblem: it is no student tree of this language.
    """
    has_lang = any(path.startswith(f"chapters/{lang}/") for path in new)
    if not has_lang or any(path.startswith("solutions/") for path in new):
        raise UpdateProblem(
            Text(
                f"{place} is not the learners' version in this language (student-{lang}).",
                f"{place} はこの言語の学習者向けの版（student-{lang}）ではありません。",
            )
        )


def no_source(root: Path) -> UpdateProblem:
    """Where neither git nor the learner says what the new version is."""
    source = read_manifest(read(root / MANIFEST)).source
    place = Text(f"from {source}", f" {source} ") if source else Text("where you got it", "入手元")
    return UpdateProblem(
        Text(
            f"This folder was not cloned with git, so name the new version: download it {place.en}"
            f", then run this with {FROM.en}",
            f"このフォルダは git で取得したものではないので、新しい版の場所を指定してください。"
            f"{place.ja}からダウンロードし、{FROM.ja}を付けて実行します。",
        )
    )


def _plan(root: Path, decisions: Decisions, last: LastStep | None = None) -> Plan:
    paths = sorted({*decisions.old.hashes, *decisions.new, *notebooks_below(root)})
    changes = changes_of(root, paths, decisions.decide)
    return plan_of(root, decisions, changes, lambda name: root / references(name), last)


def _commit_of_both(
    repository: Repository, decisions: Decisions, base: str | None, head: str, fetched: str
) -> str:
    """A commit of the fetched version with the learner's commits in it; no branch moves."""
    mine, new = repository.files(head), decisions.new
    paths = repository.changed(base, head)
    wanted = {path: decisions.decide(path, mine.get(path)) for path in paths}
    changes = {path: content for path, content in wanted.items() if content != new.get(path)}
    version = read_manifest(new.get(MANIFEST)).version or fetched[:10]
    message = f"Bring in the bootcamp at {version}"
    return repository.store(fetched, changes, [head, fetched], message)
