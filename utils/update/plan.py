"""What an update would do to a workspace, found out without touching it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from utils.tester.text import Text
from utils.update.deciding import Decisions, NotebookNews
from utils.update.places import MANIFEST
from utils.update.references import CheckNews, compare_checks
from utils.update.transaction import Change, LastStep
from utils.update.trees import Tree, chapters_of, read_manifest
from utils.update.workspace import read


@dataclass(frozen=True)
class Plan:
    """All that an update would do.

    Attributes:
        home: where paths of ``changes`` begin, and below which copies are kept.
        changes: the files.
        last: what follows when they are in place.
        version: what the new version calls itself, if it does.
        news: of each notebook of the learner's.
        checks: of each chapter, what changed in its checks.
        replaced: files of the course that the learner had changed and that give way.
        notes: sentences on what could not be done.
        is_newer: whether the new version differs from what is there.
    """

    home: Path
    changes: tuple[Change, ...] = ()
    last: LastStep = field(default_factory=LastStep)
    version: str | None = None
    news: tuple[NotebookNews, ...] = ()
    checks: Mapping[str, CheckNews] = field(default_factory=dict)
    replaced: tuple[str, ...] = ()
    notes: tuple[Text, ...] = ()
    is_newer: bool = True


@dataclass(frozen=True)
class Wish:
    """What was asked for.

    Attributes:
        root: the workspace.
        place: the folder or archive with the new version; None to ask git.
        remote: which of git's remotes.
        notebooks: these alone, wherever they lie; none for the whole workspace.
    """

    root: Path
    place: Path | None = None
    remote: str | None = None
    notebooks: tuple[Path, ...] = ()


def changes_of(
    home: Path,
    paths: Iterable[str],
    decide: Callable[[str, bytes | None], bytes | None],
) -> tuple[Change, ...]:
    """The files that shall become others."""
    found = []
    for path in dict.fromkeys(paths):
        mine = read(home / path)
        after = decide(path, mine)
        if after != mine:
            found.append(Change(path, mine, after))
    return tuple(found)


def plan_of(
    home: Path,
    decisions: Decisions,
    changes: tuple[Change, ...],
    old_references: Callable[[str], Path],
    last: LastStep | None = None,
    notes: tuple[Text, ...] = (),
) -> Plan:
    """The plan that decisions come to.

    Args:
        home, changes, last, notes: as in ``Plan``.
        decisions: after they were made.
        old_references: where a chapter's references lie that the learner was judged by.
    """
    return Plan(
        home,
        changes,
        last or LastStep(),
        read_manifest(decisions.new.get(MANIFEST)).version,
        tuple(decisions.news),
        _check_news(decisions.new, old_references),
        tuple(decisions.replaced),
        notes,
        is_newer=bool(changes) or last is not None,
    )


def references(chapter: str) -> str:
    """Where a tree has a chapter's references."""
    return f"chapters/checks/{chapter}.npz"


def _check_news(new: Tree, old_references: Callable[[str], Path]) -> dict[str, CheckNews]:
    compared = {
        chapter: compare_checks(read(old_references(chapter)), new[references(chapter)])
        for chapter in chapters_of(new)
    }
    return {name: news for name, news in compared.items() if news != CheckNews({})}
