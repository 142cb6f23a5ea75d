"""The report's section of what needs a human's eye."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import groupby

from tools.grade.marks import Class
from tools.grade.writing.clean import shortened
from tools.grade.writing.looks import KINDS, Look, chance_matches, looks
from tools.grade.writing.report_parts import Entry
from tools.page import folded

SHOWN = 8  # of a kind; the others are folded away
_CHANCE = "Students who have a single answer in common"


def look_section(graded: Class, entries: Sequence[Entry]) -> str:
    """Each kind with its list, the most pressing first."""
    found = looks(graded)
    several = len({entry.submission.graded.chapter for entry in entries}) > 1
    kinds = "".join(
        _kind(kind, [_item(look, entries, several) for look in group])
        for kind, group in groupby(found, key=lambda look: look.kind)
    )
    chance = [_item(look, entries, several) for look in chance_matches(graded)]
    also = folded(f"{_CHANCE}: {len(chance)}", _list(chance)) if chance else ""
    empty = "" if found else '<p class="calm">Nothing: every mark stands by itself.</p>'
    return (
        '<section id="look"><h2>Needs a human’s eye '
        f'<span class="count">{len(found)}</span></h2>{empty}{kinds}{also}</section>'
    )


def _kind(kind: str, items: Sequence[str]) -> str:
    title, told = KINDS[kind]
    head = f'<h3>{escape(title)} <span class="count">{len(items)}</span></h3>'
    text = f'<p class="soft">{escape(told)}</p>' if told else ""
    rest = items[SHOWN:]
    more = folded(f"{len(rest)} more", _list(rest)) if rest else ""
    return f'<div class="kind">{head}{text}{_list(items[:SHOWN])}{more}</div>'


def _list(items: Sequence[str]) -> str:
    return f'<ul class="looks">{"".join(items)}</ul>'


def _item(look: Look, entries: Sequence[Entry], several: bool) -> str:
    parts = []
    if look.submissions:
        whose = [entries[number] for number in look.submissions]
        only = look.exercises[0] if len(look.exercises) == 1 else ""
        parts.append(", ".join(entry.link(only) for entry in whose))
        chapter = [whose[0].submission.graded.chapter] if several else []
        where = " ".join([*chapter, *look.exercises])
        parts.append(f'<span class="id">{escape(where)}</span>' if where else "")
    text = escape(shortened(look.text, 2000))
    parts.append(f'<span class="told">{text}</span>' if text else "")
    return f"<li>{' '.join(filter(None, parts))}</li>"
