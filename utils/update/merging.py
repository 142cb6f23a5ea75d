"""A learner's notebook and a newer version of it, made into one.

The new version is followed from top to bottom. Where a learner has written into a cell of the
course, both changes are brought together: in exercises the learner's lines win where they clash
and the new starter is shown below; of other cells both versions are kept. Cells that the learner
added stay behind the cell that they stood behind, and cells that they moved stay moved.
"""

from __future__ import annotations

import ast
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from utils.tester.text import Text
from utils.update.course_cell import (
    exercise_of,
    is_setup,
    key_of,
    lines_of,
    name_of,
    says_the_same,
    share_of,
)
from utils.update.lines import bring_together
from utils.update.matching import match_to_base, match_versions
from utils.update.notebook_file import Cell, Notebook, make_cell, named, with_ids
from utils.update.notes import marked_as_yours, new_starter_note, no_longer_judged

_MOSTLY = 0.5  # share of the course's cells that makes a notebook a whole one
_NO_COPIES = 1.4  # of parts of a cell: the shares of its lines that they have, summed up
_CUT = "\n\0\n"  # between the parts of a cell: a line that no version of the course has


@dataclass(frozen=True)
class Event:
    """Something that a learner shall read of: ``kind`` is a key of ``words.EVENTS``."""

    kind: str
    cell: Text


@dataclass(frozen=True)
class Merged:
    """The notebook, and what there is to say of it."""

    notebook: Notebook
    events: tuple[Event, ...]


def merge_notebooks(
    base: Notebook, mine: Notebook, new: Notebook, lang: str, canonical: bool = True
) -> Merged:
    """Bring a learner's notebook to a new version.

    Args:
        base: the version that the learner began with.
        mine: the learner's.
        new: the new version.
        lang: the language of notes that are put into the notebook.
        canonical: whether this is the chapter's own file. A copy that holds a few of its cells only
            gets no others.
    """
    return _Merging(base, mine, new, lang, canonical).merged()


class _Merging:
    def __init__(
        self, base: Notebook, mine: Notebook, new: Notebook, lang: str, canonical: bool
    ) -> None:
        self.base, self.mine, self.new, self.lang = base.cells, mine.cells, new.cells, lang
        self.frames = mine.frame, new.frame
        self.origins = match_to_base(self.base, self.mine)
        self.versions = match_versions(self.base, self.new)
        self.whole = canonical or self._covered() >= _MOSTLY * len(self.base)
        self.events: list[Event] = []
        self.shown: set[int] = set()  # places in new whose own text is in the result
        self.updated = self._update()

    def merged(self) -> Merged:
        at_home = self._at_home()
        slots: dict[int, list[int]] = {}
        followers: dict[int | None, list[int]] = {}
        taken: set[int] = set()
        last: int | None = None
        for place in range(len(self.mine)):
            targets = self._targets(place)
            taken.update(targets)
            if place in at_home:
                slots.setdefault(min(targets), []).append(place)
                last = place
            else:
                followers.setdefault(last, []).append(place)
        cells = self._follow(followers.get(None, []))
        for target in range(len(self.new)):
            if target not in taken:
                cells += self._untaken(target)
            for place in slots.get(target, []):
                cells += self.updated[place]
                cells += self._follow(followers.get(place, []))
        self._tell_what_is_gone()
        return Merged(Notebook(with_ids(cells), self._frame()), tuple(dict.fromkeys(self.events)))

    def _covered(self) -> int:
        return len(set().union(*self.origins)) if self.origins else 0

    def _targets(self, place: int) -> list[int]:
        """The places in the new version of what a cell of the learner's comes from."""
        return [self.versions[one] for one in self.origins[place] if one in self.versions]

    def _at_home(self) -> set[int]:
        """Of the learner's cells those of the course that stand in the course's old order.

        The longest such sequence; the others were moved by the learner.
        """
        ends: list[int] = []  # of sequences by length, the smallest last origin
        chain: list[int] = []
        before: dict[int, int | None] = {}
        for place in range(len(self.mine)):
            if not self._targets(place):
                continue
            origin = self.origins[place][0]
            length = bisect_right(ends, origin)
            before[place] = chain[length - 1] if length else None
            ends[length:] = [origin, *ends[length + 1 :]]
            chain[length:] = [place, *chain[length + 1 :]]
        found: set[int] = set()
        place = chain[-1] if chain else None
        while place is not None:
            found.add(place)
            place = before[place]
        return found

    def _untaken(self, target: int) -> list[Cell]:
        """A cell of the new version that nothing of the learner's comes from."""
        cell = self.new[target]
        old = next((one for one, other in self.versions.items() if other == target), None)
        exercise = exercise_of(cell) is not None
        if not self.whole:
            return []
        if old is None:
            if exercise:
                self._say("new_exercise", cell)
        elif exercise or is_setup(cell):
            self._say("returned", cell)
        elif says_the_same(self.base[old].source, cell.source):
            return []  # the learner has deleted it, and nothing about it is new
        return [cell]

    def _follow(self, places: Sequence[int]) -> list[Cell]:
        return [cell for place in places for cell in self.updated[place]]

    def _update(self) -> dict[int, list[Cell]]:
        """What becomes of each of the learner's cells, by its place."""
        updated: dict[int, list[Cell]] = {}
        for place, cell in enumerate(self.mine):
            if place in updated:
                continue
            if not self.origins[place]:
                updated[place] = [cell]
            elif not self._targets(place):
                updated[place] = self._without_target(place)
            else:
                updated |= self._with_target(self._parts(place))
        return updated

    def _parts(self, place: int) -> list[int]:
        """The places of the cells that one of the course's was split into, ``place`` the first."""
        if len(self.origins[place]) > 1:
            return [place]
        same = [one for one, found in enumerate(self.origins) if found == self.origins[place]]
        lines = lines_of(self.base[self.origins[place][0]].source)
        shares = [share_of(lines, lines_of(self.mine[one].source)) for one in same]
        # Of copies each has nearly all of the lines.
        return same if same[0] == place and sum(shares) <= _NO_COPIES else [place]

    def _with_target(self, places: Sequence[int]) -> dict[int, list[Cell]]:
        origins = [self.base[one] for one in self.origins[places[0]]]
        targets = [self.new[one] for one in self._targets(places[0])]
        edited = len(origins) + len(places) > 2 or key_of(self.mine[places[0]]) != key_of(
            origins[0]
        )
        if edited:
            self._say("carried", *self._exercises(places[0]))
        old, fresh = ("\n\n".join(one.source for one in some) for some in (origins, targets))
        if says_the_same(old, fresh) or says_the_same(self._text(places), fresh):
            return {place: [self._in_place(self.mine[place], place)] for place in places}
        if not edited:
            self.shown.update(self._targets(places[0]))
            return {places[0]: [targets[0]]}
        return self._both(places, old, fresh)

    def _both(self, places: Sequence[int], old: str, fresh: str) -> dict[int, list[Cell]]:
        """Both have changed the cell, which may be in parts."""
        first, *_, last = (*places, places[-1])
        is_exercise = bool(self._exercises(first))
        together = bring_together(old, self._text(places), fresh)
        texts = together.text.split(_CUT)
        reads = len(texts) == len(places) and all(
            _reads_as_well(self.mine[place], text)
            for place, text in zip(places, texts, strict=True)
        )
        if not is_exercise and (together.clashes or not reads):
            self._say("two_versions", *self._named(first))
            kept = {place: [marked_as_yours(self.mine[place], self.lang)] for place in places}
            return kept | {first: [*self._new_version(first), *kept[first]]}
        clashes = together.clashes or not reads
        self._say("clash" if clashes else "merged", *self._named(first))
        if not reads:
            texts = [self.mine[place].source for place in places]
        kept = {
            place: [self._in_place(_with_text(self.mine[place], text), place)]
            for place, text in zip(places, texts, strict=True)
        }
        return kept | {last: kept[last] + self._note(first, fresh)} if clashes else kept

    def _text(self, places: Sequence[int]) -> str:
        return _CUT.join(self.mine[place].source for place in places)

    def _exercises(self, place: int) -> list[Cell]:
        """The new versions of the exercises that a cell comes from."""
        return [
            self.new[self.versions[one]]
            for one in self.origins[place]
            if one in self.versions and exercise_of(self.base[one])
        ]

    def _named(self, place: int) -> list[Cell]:
        return [self.new[one] for one in self._targets(place)]

    def _in_place(self, mine: Cell, place: int) -> Cell:
        """The learner's cell with the id and the mark of the course's."""
        target = self.new[self._targets(place)[0]]
        exercise = (target.raw.get("metadata") or {}).get("exercise")
        return named(mine, target.id, exercise if mine.kind == "code" else None)

    def _new_version(self, place: int) -> list[Cell]:
        """The course's own cells, if they are not in the result already."""
        wanted = [one for one in self._targets(place) if one not in self.shown]
        self.shown.update(wanted)
        return [self.new[one] for one in wanted]

    def _note(self, place: int, fresh: str) -> list[Cell]:
        """The new starter in a text cell, once for each exercise."""
        if not self._new_version(place):
            return []
        names = ", ".join(exercise_of(one) or "" for one in self._exercises(place))
        return [new_starter_note(names, fresh, self.lang)]

    def _without_target(self, place: int) -> list[Cell]:
        """A cell that the course no longer has: the learner's if they have written into it."""
        mine, origins = self.mine[place], [self.base[one] for one in self.origins[place]]
        if len(origins) == 1 and key_of(mine) == key_of(origins[0]):
            return []
        self._say("gone_kept", *origins)
        return [no_longer_judged(mine, self.lang)] if exercise_of(origins[0]) else [mine]

    def _tell_what_is_gone(self) -> None:
        kept = {event.cell for event in self.events if event.kind == "gone_kept"}
        for place, cell in enumerate(self.base):
            if place not in self.versions and exercise_of(cell) and name_of(cell) not in kept:
                self._say("gone_exercise", cell)

    def _say(self, kind: str, *cells: Cell) -> None:
        self.events += [Event(kind, name_of(cell)) for cell in cells]

    def _frame(self) -> dict[str, object]:
        """The notebook's own settings, in a format that has cell ids."""
        mine, new = self.frames
        minors = [frame.get("nbformat_minor", 5) for frame in (mine, new)]
        return {
            **new,
            **mine,
            "metadata": {**(new.get("metadata") or {}), **(mine.get("metadata") or {})},
            "nbformat": 4,
            "nbformat_minor": max(5, *(one for one in minors if isinstance(one, int))),
        }


def _with_text(cell: Cell, text: str) -> Cell:
    """The cell, without its outputs if its text is another."""
    return cell if says_the_same(cell.source, text) else make_cell(cell.kind, text, cell)


def _reads_as_well(mine: Cell, text: str) -> bool:
    """Whether a text can be read as code if the learner's own could."""
    return mine.kind != "code" or _is_python(text) or not _is_python(mine.source)


def _is_python(source: str) -> bool:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
