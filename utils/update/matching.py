"""Which cell of one notebook is which of another.

Ids tell it where there are any. Colab and older formats strip them, and learners split, merge, copy
and rewrite cells: then exercises are told by their calls of ``test_func`` and their functions, and
other cells by what they say and by their order.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from utils.update.course_cell import (
    exercise_of,
    exercises_answered,
    exercises_judged,
    functions_of,
    is_from_update,
    is_setup,
    key_of,
    lines_of,
    share_of,
)
from utils.update.notebook_file import Cell

_ALIKE = 0.6  # from here on two cells are versions of one
_PART = 0.8  # share of a cell's lines that makes it a part of another
_SHORTEST_PART = 2  # lines
_WORD = re.compile(r"[A-Za-z0-9_]+|[^\sA-Za-z0-9_]")  # in Japanese, each character


def match_to_base(base: Sequence[Cell], mine: Sequence[Cell]) -> list[tuple[int, ...]]:
    """For each cell of a learner's, the cells of the course that it comes from.

    None where the learner added it, several where cells were merged. Several of ``mine`` may come
    from the same cell, which was copied or split.
    """
    return _Origins(base, mine).found()


class _Origins:
    def __init__(self, base: Sequence[Cell], mine: Sequence[Cell]) -> None:
        self.base, self.mine = base, mine
        # The course's exercises and advanced questions, by id.
        self.cells = {exercise_of(cell): i for i, cell in enumerate(base) if exercise_of(cell)}
        self.origins: list[set[int]] = [set() for _ in mine]
        self.verbatim: set[int] = set()  # of mine: those as the course wrote them
        # What an earlier update wrote is the learner's to keep or to delete.
        self.told = {place for place, cell in enumerate(mine) if is_from_update(cell)}

    def found(self) -> list[tuple[int, ...]]:
        self._by_text()
        self._by_id()
        self._by_call()
        self._by_answer()
        self._by_function()
        self._by_likeness()
        self._parts()
        self._merged()
        return [tuple(sorted(places)) for places in self.origins]

    def _by_text(self) -> None:
        ours = [key_of(cell) for cell in self.base]
        theirs = [key_of(cell) for cell in self.mine]
        matcher = difflib.SequenceMatcher(None, ours, theirs, autojunk=False)
        for block in matcher.get_matching_blocks():
            for step in range(block.size):
                self._is_verbatim(block.b + step, block.a + step)
        places: dict[tuple[str, str], list[int]] = {}
        for place, key in enumerate(ours):
            places.setdefault(key, []).append(place)
        for place in self._open_mine():  # moved, or copied
            if same := places.get(theirs[place]):
                left = [one for one in same if one in self._open_base()]
                self._is_verbatim(place, (left or same)[0])

    def _is_verbatim(self, mine: int, base: int) -> None:
        if mine not in self.told:
            self.origins[mine] = {base}
            self.verbatim.add(mine)

    def _by_id(self) -> None:
        by_id = {cell.id: place for place, cell in enumerate(self.base) if cell.id is not None}
        for place in self._open_mine():
            if self.mine[place].id in by_id:
                self.origins[place] = {by_id[self.mine[place].id]}

    def _by_call(self) -> None:
        for place in self._edited():
            cell = self.mine[place]
            judged = exercises_judged(cell)
            self.origins[place] |= {self.cells[one] for one in judged if one in self.cells}
            if not self.origins[place] and exercise_of(cell) in self.cells:
                self.origins[place] = {self.cells[exercise_of(cell)]}
            if not self.origins[place] and is_setup(cell):
                self.origins[place] = {i for i, one in enumerate(self.base) if is_setup(one)}

    def _by_answer(self) -> None:
        """Advanced questions that were merged with an exercise."""
        for place in self._edited():
            answered = exercises_answered(self.mine[place])
            found = {self.cells[one] for one in answered if one in self.cells}
            unjudged = {one for one in found if not exercises_judged(self.base[one])}
            self.origins[place] |= unjudged & set(self._open_base())

    def _by_function(self) -> None:
        definers: dict[str, list[int]] = {}
        for place, cell in enumerate(self.base):
            for name in functions_of(cell):
                definers.setdefault(name, []).append(place)
        owner_of = {
            name: places[0]
            for name, places in definers.items()
            if len(places) == 1 and exercise_of(self.base[places[0]])
        }
        for place in self._open_mine():
            self.origins[place] = self._owners(place, owner_of)
        # A cell with an id may be a merged one that an earlier update has named after its first.
        for place in self._edited():
            if exercise_of(self.mine[place]) is None:
                self.origins[place] |= self._owners(place, owner_of) & set(self._open_base())

    def _owners(self, place: int, owner_of: Mapping[str, int]) -> set[int]:
        """The exercises whose functions a cell defines."""
        return {owner_of[name] for name in functions_of(self.mine[place]) if name in owner_of}

    def _by_likeness(self) -> None:
        pairs = best_pairs(
            self._open_base(),
            self._open_mine(),
            lambda one, other: likeness(self.base[one], self.mine[other]),
            _ALIKE,
        )
        for base, mine in pairs:
            self.origins[mine] = {base}

    def _parts(self) -> None:
        for place in self._open_mine():
            lines = lines_of(self.mine[place].source)
            if len(lines) < _SHORTEST_PART:
                continue
            shares = [
                share_of(lines, lines_of(cell.source)) if cell.kind == self.mine[place].kind else 0
                for cell in self.base
            ]
            if shares and max(shares) >= _PART:
                self.origins[place] = {shares.index(max(shares))}

    def _merged(self) -> None:
        for base in self._open_base():
            lines = lines_of(self.base[base].source)
            for place, cell in enumerate(self.mine):
                if not self.origins[place] or place in self.verbatim or place in self.told:
                    continue
                within = share_of(lines, lines_of(cell.source)) >= _PART
                if within and cell.kind == self.base[base].kind:
                    self.origins[place].add(base)
                    break

    def _open_mine(self) -> list[int]:
        return [i for i, found in enumerate(self.origins) if not found and i not in self.told]

    def _edited(self) -> list[int]:
        """Those of a learner's that no text of the course's is equal to, but for an update's."""
        closed = self.verbatim | self.told
        return [place for place in range(len(self.mine)) if place not in closed]

    def _open_base(self) -> list[int]:
        taken = set().union(*self.origins)
        return [place for place in range(len(self.base)) if place not in taken]


def match_versions(base: Sequence[Cell], new: Sequence[Cell]) -> dict[int, int]:
    """For cells of an older version of a notebook, the places of the same cells in a newer one.

    An exercise is the same if its functions are: it may have got another number.
    """
    found: dict[int, int] = {}

    def join(pairs: Iterable[tuple[int, int]]) -> None:
        for one, other in pairs:
            if one not in found and other not in found.values():
                found[one] = other

    def those(same: Callable[[Cell, Cell], object]) -> Iterable[tuple[int, int]]:
        return (
            (one, other)
            for one, old in enumerate(base)
            for other, cell in enumerate(new)
            if one not in found and same(old, cell)
        )

    def functions_agree(old: Cell, cell: Cell) -> bool:
        return bool(functions_of(old)) and functions_of(old) == functions_of(cell)

    def exercise_agrees(old: Cell, cell: Cell) -> bool:
        return exercise_of(old) is not None and exercise_of(old) == exercise_of(cell)

    join(those(lambda old, cell: is_setup(old) and is_setup(cell)))
    join(those(lambda old, cell: exercise_agrees(old, cell) and functions_agree(old, cell)))
    join(
        those(
            lambda old, cell: exercise_of(old) and exercise_of(cell) and functions_agree(old, cell)
        )
    )
    join(
        those(
            lambda old, cell: (
                exercise_agrees(old, cell)
                and (not functions_of(old) or likeness(old, cell) >= _ALIKE)
            )
        )
    )
    join(those(lambda old, cell: old.id is not None and old.id == cell.id and not exercise_of(old)))
    join(those(lambda old, cell: key_of(old) == key_of(cell)))
    plain = [i for i, cell in enumerate(base) if i not in found and not exercise_of(cell)]
    left = [i for i, cell in enumerate(new) if i not in found.values() and not exercise_of(cell)]
    join(best_pairs(plain, left, lambda one, other: likeness(base[one], new[other]), _ALIKE))
    return found


def best_pairs(
    ones: Sequence[int],
    others: Sequence[int],
    score: Callable[[int, int], float],
    least: float,
) -> list[tuple[int, int]]:
    """Pairs by falling score, each member once; of equals those in order."""
    scored = [
        (-value, abs(i - j), one, other)
        for i, one in enumerate(ones)
        for j, other in enumerate(others)
        if (value := score(one, other)) >= least
    ]
    pairs: dict[int, int] = {}
    for _, _, one, other in sorted(scored):
        if one not in pairs and other not in pairs.values():
            pairs[one] = other
    return sorted(pairs.items())


def likeness(one: Cell, other: Cell) -> float:
    """How much two cells say the same, from 0 to 1; nothing for cells of different kinds."""
    if one.kind != other.kind or not one.source.strip() or not other.source.strip():
        return 0.0
    lines = lines_of(one.source), lines_of(other.source)
    by_lines = min(share_of(*lines), share_of(*lines[::-1]))
    if by_lines >= _ALIKE:
        return by_lines
    words = _WORD.findall(one.source), _WORD.findall(other.source)
    matcher = difflib.SequenceMatcher(None, *words, autojunk=False)
    if matcher.real_quick_ratio() < _ALIKE or matcher.quick_ratio() < _ALIKE:
        return by_lines
    return matcher.ratio()
