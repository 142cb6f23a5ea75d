"""What becomes of each file of a workspace when a new version comes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from utils.check.subject import tell_subject
from utils.tester.notebook import CodeCell, NotebookProblem, code_cells_of
from utils.tester.text import Text
from utils.update.course_cell import is_setup
from utils.update.lines import bring_together
from utils.update.matching import match_to_base
from utils.update.merging import Event, merge_notebooks
from utils.update.notebook_file import Notebook, make_cell, read_notebook, write_notebook
from utils.update.places import MANIFEST, STARTER
from utils.update.trees import Tree, chapters_of, hash_of, is_progress, notebook_of


@dataclass(frozen=True)
class Old:
    """What is known of the version that a learner began with.

    Attributes:
        files: its files, as far as they are there.
        hashes: a hash of each of its files, which tells what the learner has changed.
        starters: other candidates for the notebook that the learner began with, by chapter and
            language.
    """

    files: Tree = field(default_factory=dict)
    hashes: Mapping[str, str] = field(default_factory=dict)
    starters: Callable[[str, str], Iterable[bytes]] = lambda chapter, lang: ()


@dataclass(frozen=True)
class NotebookNews:
    """What there is to say of a learner's notebook: events, or why it was left alone."""

    path: str
    lang: str
    events: tuple[Event, ...] = ()
    problem: Text | None = None


@dataclass
class Decisions:
    """Decides file by file; what a learner shall know of it gathers in ``news`` and ``replaced``.

    Attributes:
        old: the version that the learner began with.
        new: the new version.
        lang: the language of a notebook that does not say it.
    """

    old: Old
    new: Tree
    lang: str
    news: list[NotebookNews] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)

    def decide(self, path: str, mine: bytes | None) -> bytes | None:
        """What is to be at ``path``; None for nothing.

        Args:
            path: from the root of the tree.
            mine: what is there now; None for nothing.
        """
        if is_progress(path):
            return mine
        if mine is not None and path.endswith(".ipynb"):
            return self.notebook(path, mine)
        new = self.new.get(path)
        if mine is None or path == MANIFEST:
            return new
        if new is None:
            is_left_over = self._is_pristine(path, mine) and not path.startswith("chapters/")
            return None if is_left_over else mine
        if hash_of(mine) == hash_of(new):
            return mine
        if self._is_pristine(path, mine) or not self.old.hashes:
            return new
        if self._is_pristine(path, new):
            return mine
        return self._brought_together(path, mine, new)

    def notebook(self, path: str, mine: bytes) -> bytes:
        """A learner's notebook with the new version in it; ``mine`` where it is none's."""
        try:
            cells = code_cells_of(mine, path)
            own = read_notebook(mine, path)
        except NotebookProblem as problem:
            self.news.append(NotebookNews(path, self.lang, problem=problem.message))
            return mine
        subject = tell_subject(Path(path), cells, self._chapters(), None)
        chapter, lang = subject.chapter, self._lang(path, cells, subject.lang)
        new = notebook_of(self.new, chapter, lang) if chapter else None
        if new is None:
            if chapter:
                self.news.append(NotebookNews(path, lang, problem=_no_longer(chapter)))
            return mine
        fresh = read_notebook(new, chapter)
        base, events = self._base(chapter, lang, own, fresh)
        if not any(match_to_base(base.cells, own.cells)):  # a notebook of theirs, by its name alone
            return mine
        canonical = PurePosixPath(path).name == f"{chapter}.ipynb"
        merged = merge_notebooks(base, own, fresh, lang, canonical)
        content = write_notebook(merged.notebook)
        if merged.notebook == own:
            content = mine
        self.news.append(NotebookNews(path, lang, (*events, *merged.events)))
        return content

    def _base(
        self, chapter: str, lang: str, mine: Notebook, new: Notebook
    ) -> tuple[Notebook, tuple[Event, ...]]:
        """The notebook that a learner began with: of the candidates the one most like theirs."""
        found = [
            self.old.files.get(STARTER.format(chapter=chapter)),
            self.old.files.get(f"chapters/{lang}/{chapter}.ipynb"),
            *self.old.starters(chapter, lang),
        ]
        candidates = []
        for content in dict.fromkeys(filter(None, found)):
            try:
                candidates.append(read_notebook(content, chapter))
            except NotebookProblem:
                continue
        if candidates:
            return max(candidates, key=lambda one: _same_cells(one, mine)), ()
        # All that differs counts as the learner's, but for the set-up cell, which names a version.
        set_up = next((cell for cell in mine.cells if is_setup(cell)), None)
        cells = (
            make_cell("code", set_up.source, name=cell.id) if set_up and is_setup(cell) else cell
            for cell in new.cells
        )
        about = Text(chapter, chapter)
        return Notebook(tuple(cells), new.frame), (Event("no_base", about),)

    def _chapters(self) -> list[str]:
        return sorted({*chapters_of(self.new), *chapters_of(self.old.files)})

    def _lang(self, path: str, cells: list[CodeCell], told: str) -> str:
        says = any("load_from_chapter_name" in cell.source for cell in cells)
        in_folder = PurePosixPath(path).parent.name == told
        return told if says or in_folder else self.lang

    def _is_pristine(self, path: str, content: bytes) -> bool:
        return self.old.hashes.get(path) == hash_of(content)

    def _brought_together(self, path: str, mine: bytes, new: bytes) -> bytes:
        """Both have changed the file. The checker and its references are taken as they come."""
        base = self.old.files.get(path)
        if base is not None and not path.startswith(("utils/", "chapters/")):
            try:
                together = bring_together(
                    *(one.decode().replace("\r\n", "\n") for one in (base, mine, new))
                )
                if not together.clashes:
                    return together.text.encode()
            except UnicodeDecodeError:
                pass
        self.replaced.append(path)
        return new


def _same_cells(one: Notebook, other: Notebook) -> int:
    there = {(cell.kind, cell.source) for cell in one.cells}
    return sum((cell.kind, cell.source) in there for cell in other.cells)


def _no_longer(chapter: str) -> Text:
    return Text(
        f"the new version has no {chapter} in this language; the notebook is left as it is",
        f"新しい版にはこの言語の {chapter} がありません。ノートブックはそのまま残しました",
    )
