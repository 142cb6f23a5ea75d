"""Updating the project's own clone: git brings the project, and notebooks in work/ follow."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from utils.tester.text import LANGUAGES, Text
from utils.update.deciding import Decisions, Old
from utils.update.git import Repository
from utils.update.places import STARTERS
from utils.update.plan import Plan, Wish, changes_of, plan_of, references
from utils.update.transaction import LastStep
from utils.update.trees import Tree, UpdateProblem, chapters_of, notebook_of
from utils.update.workspace import notebooks_below, read


def plan_for_project(wish: Wish) -> Plan:
    """Plan the update of the project and of the notebooks in its work/.

    Raises:
        UpdateProblem: something is in the way.
    """
    if wish.place is not None:
        raise UpdateProblem(
            Text(
                "This is the whole project, which git brings up to date: leave --from out. Without "
                "git, unpack the new version elsewhere, move work/ into it, and run this there.",
                "ここはプロジェクト本体なので git で更新されます。--from は付けないでください。"
                "git を使っていない場合は、新しい版を別の場所に展開し、work/ をそこへ移してから、"
                "その場所で実行してください。",
            )
        )
    root, work = wish.root, wish.root / "work"
    repository = Repository.at(root)
    fetched, notes = _fetched(repository, wish.remote)
    last = None
    if fetched is None:
        new = _chapters_here(root)
    else:
        new = repository.files(fetched, "chapters")
        last = LastStep(do=lambda _: repository.fast_forward(fetched))
    starters = starters_of_project(root, repository)
    decisions = Decisions(Old(starters=starters), new, "en")
    kept = _to_be_kept(new)

    def decide(path: str, mine: bytes | None) -> bytes | None:
        if path in kept:
            return kept[path]
        return new[f"chapters/{path}"] if mine is None else decisions.decide(path, mine)

    paths = [*notebooks_below(work), *_missing(work, new), *kept]
    changes = changes_of(work, paths, decide)
    return plan_of(
        work, decisions, changes, lambda name: work / STARTERS / f"{name}.npz", last, notes
    )


def starters_of_project(root: Path, repository: Repository | None):
    """What gives the candidates for a notebook that somebody in the project's clone began with."""

    def starters(chapter: str, lang: str) -> Iterator[bytes]:
        kept = read(root / "work" / STARTERS / lang / f"{chapter}.starter")
        if kept is not None:
            yield kept
        elif repository is not None:
            yield from repository.versions(f"chapters/{lang}/{chapter}.ipynb")

    return starters


def _to_be_kept(new: Tree) -> dict[str, bytes]:
    """What the next update has to know of this one, by path in work/."""
    kept = {}
    for chapter in chapters_of(new):
        kept[f"{STARTERS}/{chapter}.npz"] = new[references(chapter)]
        for lang in LANGUAGES:
            notebook = notebook_of(new, chapter, lang)
            if notebook is not None:
                kept[f"{STARTERS}/{lang}/{chapter}.starter"] = notebook
    return kept


def _missing(work: Path, new: Tree) -> Iterator[str]:
    """Notebooks in the languages that the learner has in work/."""
    for chapter in chapters_of(new):
        for lang in LANGUAGES:
            if (work / lang).is_dir() and f"chapters/{lang}/{chapter}.ipynb" in new:
                yield f"{lang}/{chapter}.ipynb"


def _chapters_here(root: Path) -> Tree:
    folders = [root / "chapters" / name for name in (*LANGUAGES, "checks")]
    files = [path for folder in folders for path in sorted(folder.glob("*")) if path.is_file()]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def _fetched(
    repository: Repository | None, remote: str | None
) -> tuple[str | None, tuple[Text, ...]]:
    """The commit to go to, None where nothing newer is to be had; and what stood in the way."""
    if repository is None:
        return None, ()
    repository.refuse_unfinished()
    try:
        fetched = repository.fetch(remote, "main")
    except UpdateProblem as problem:
        beginning = Text(
            "The project itself was not updated; notebooks get what is in chapters/.",
            "プロジェクト本体は更新できませんでした。ノートブックは手元の chapters/ に合わせます。",
        )
        return None, (beginning, problem.message)
    head = repository.head()
    base = repository.merge_base(head, fetched)
    if base == fetched:
        return None, ()
    if base != head:
        raise UpdateProblem(
            Text(
                "This clone has commits of its own: bring them together with git pull first.",
                "このクローンには独自のコミットがあります。先に git pull で統合してください。",
            )
        )
    return fetched, ()
