"""The leak check: does any answer stand in what learners get?

Evidence is a run of tokens of a gap's answer. A run that also stands where learners may read it
by design (the prose, the given lines of code, the library) proves nothing and is left out; what
remains is looked for in every text of the tree, whatever it is packed in, and of the branch's
commits. What is published by design is told from the lesson itself, with the gaps taken out, and
not from the notebooks that were built: a build that forgets to cut is found too.
"""

from __future__ import annotations

import io
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.gaps import find_gaps
from tools.lesson import Lesson
from tools.student.texts import texts
from tools.student.tokens import readings, tokens, windows

LONGEST_RUN = 12
SHORTEST_RUN = 4


@dataclass(frozen=True)
class Leak:
    """An answer that stands where it should not."""

    exercise: str
    place: str
    found: str

    def __str__(self) -> str:
        return f"{self.place}: holds an answer of {self.exercise}: {self.found}"


@dataclass(frozen=True)
class Evidence:
    """What to look for: token runs, each with its exercise, found by their first few tokens."""

    runs: dict[tuple[str, ...], list[tuple[tuple[str, ...], str]]]
    gaps: int
    untellable: tuple[str, ...]  # answers made only of what stands in the tree by design

    @classmethod
    def of(cls, lessons: Iterable[Lesson], published: Iterable[str]) -> Evidence:
        """The evidence for ``lessons``; ``published`` are further texts shown by design."""
        lessons = list(lessons)
        by_design = [
            run
            for text in [*published, *(text for item in lessons for text in _given_texts(item))]
            for run in readings(text)
        ]
        shown = {length: set() for length in range(SHORTEST_RUN, LONGEST_RUN + 1)}
        for run in by_design:
            for length, known in shown.items():
                known |= windows(run, length)
        runs: dict[tuple[str, ...], list[tuple[tuple[str, ...], str]]] = {}
        untellable, gaps = [], 0
        for lesson in lessons:
            for exercise, answer, statement in _answers(lesson):
                gaps += 1
                telling = _telling_runs(tokens(answer), shown)
                telling = telling or _telling_runs(tokens(statement), shown)
                if not telling:
                    untellable.append(f"{exercise}: {statement.strip()}")
                for run in sorted(telling):
                    runs.setdefault(run[:SHORTEST_RUN], []).append((run, exercise))
        return cls(runs, gaps, tuple(untellable))

    def search(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield (exercise, run) for each run of an answer that stands in ``text``."""
        for reading in readings(text):
            # As many first tokens as every run has: pairs of them are common, and these are not.
            beginnings = zip(*(reading[i:] for i in range(SHORTEST_RUN)), strict=False)
            for start, beginning in enumerate(beginnings):
                for run, exercise in self.runs.get(beginning, ()):
                    if reading[start : start + len(run)] == run:
                        yield exercise, " ".join(run)


def search_tree(tree: Path, evidence: Evidence, exempt: Iterable[str] = ()) -> list[Leak]:
    """Leaks in the files below ``tree``; ``exempt`` are paths relative to it."""
    passed_over = {tree / name for name in exempt}
    leaks = []
    for path in sorted(tree.rglob("*")):
        place = path.relative_to(tree).as_posix()
        if path.is_file() and path not in passed_over and ".git" not in path.parts:
            leaks += _search_bytes(path.read_bytes(), place, evidence)
        leaks += _search_text(path.name, place, evidence)
    return leaks


def search_branch(
    repository: Path, branch: str, evidence: Evidence, exempt: Iterable[str] = ()
) -> list[Leak]:
    """Leaks in any commit of ``branch``: messages, and every version of every file."""
    passed_over = set(exempt)
    leaks = []
    listing = _git(repository, "rev-list", "--objects", branch).decode().splitlines()
    named = [line.partition(" ")[::2] for line in listing]
    contents = _contents(repository, [name for name, _ in named])
    for (name, path), (kind, content) in zip(named, contents, strict=True):
        if kind == "commit":
            message = content.decode(errors="replace")
            leaks += _search_text(message, f"commit {name[:10]}", evidence)
        elif kind == "blob" and path not in passed_over:
            leaks += _search_bytes(content, f"{path} (blob {name[:10]})", evidence)
    return leaks


def _search_bytes(data: bytes, place: str, evidence: Evidence) -> list[Leak]:
    return [
        leak
        for where, text in texts(data)
        for leak in _search_text(text, f"{place}{where}", evidence)
    ]


def _search_text(text: str, place: str, evidence: Evidence) -> list[Leak]:
    first_of_each = dict(evidence.search(text))
    return [Leak(exercise, place, run) for exercise, run in sorted(first_of_each.items())]


def _answers(lesson: Lesson) -> Iterator[tuple[str, str, str]]:
    """(exercise or question, what is cut there, with what stands before it on its line).

    ``P @ x`` alone is too little to go by; ``k = P @ x`` is not.
    """
    for cell in lesson.cells:
        if cell.exercise:
            for gap in find_gaps(cell.source):
                before = cell.source[: gap.start].rpartition("\n")[2]
                yield cell.exercise, gap.answer, f"{before} {gap.answer}"
        elif cell.answer:
            code = cell.source.partition("\n")[2]
            yield cell.answer, code, code


def _given_texts(lesson: Lesson) -> Iterator[str]:
    """What the lesson shows as it is: prose, demo cells, and exercises with their gaps blank."""
    for cell in lesson.cells:
        if cell.exercise:
            source, end = cell.source, len(cell.source)
            for gap in reversed(find_gaps(cell.source)):
                yield source[gap.end : end]
                end = gap.start
            yield source[:end]
        elif not cell.answer:
            yield cell.source


def _telling_runs(answer: tuple[str, ...], shown: dict[int, set]) -> set[tuple[str, ...]]:
    """Runs of the answer that stand nowhere by design: the longest there can be."""
    length = min(len(answer), LONGEST_RUN)
    if length < SHORTEST_RUN:
        return set()
    return windows(answer, length) - shown[length]


def _contents(repository: Path, names: list[str]) -> Iterator[tuple[str, bytes]]:
    """The kind and the content of each object, from one process for all of them."""
    told = io.BytesIO(_git(repository, "cat-file", "--batch", given="\n".join(names).encode()))
    for _ in names:
        _, kind, size = told.readline().decode().split()
        yield kind, told.read(int(size))
        told.readline()  # which ends every content


def _git(repository: Path, *arguments: str, given: bytes = b"") -> bytes:
    return subprocess.run(
        ["git", *arguments], cwd=repository, check=True, capture_output=True, input=given
    ).stdout
