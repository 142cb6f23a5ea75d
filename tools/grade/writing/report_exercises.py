"""Each exercise: how many got it right, and what the others mostly got wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape

from tools.grade.writing.clean import shortened
from tools.grade.writing.page_words import STATES, state_of
from tools.grade.writing.report_parts import SIGNS, Exercise, bar, percent

MISTAKES = 8  # the commonest that are listed


def exercise_sections(exercises: Sequence[Exercise]) -> str:
    """One after the other, in the chapter's order."""
    return "".join(_section(one) for one in exercises)


def _section(one: Exercise) -> str:
    share = f"{one.passed} of {len(one.marks)} passed, {percent(one.passed, len(one.marks))}"
    return (
        f'<section class="exercise" id="{one.anchor}"><h4><span class="id">{escape(one.name)}'
        f'</span> <span lang="{one.lang}">{escape(one.title)}</span></h4>'
        f'<p class="share">{bar(one.passed, len(one.marks))} {share}</p>'
        f"{_states(one)}{_mistakes(one)}</section>"
    )


def _states(one: Exercise) -> str:
    """What became of those that did not pass."""
    counts = Counter(state_of(mark) for mark in one.marks)
    items = "".join(
        f'<li><span class="cell {state}">{sign}</span> {counts[state]} '
        f"{escape(STATES[state].en)}</li>"
        for state, sign in SIGNS.items()
        if counts[state] and state != "passed"
    )
    return f'<ul class="legend">{items}</ul>' if items else ""


def _mistakes(one: Exercise) -> str:
    counts: Counter[str] = Counter()
    hints: dict[str, tuple[str, str]] = {}
    for mark, lang in zip(one.marks, one.langs, strict=True):
        if mark.mistake and mark.status != "passed":
            counts[mark.mistake] += 1
            if mark.hint:  # the English one where there is one
                told = lang, mark.hint
                hints[mark.mistake] = min(hints.get(mark.mistake, told), told)
    if not counts:
        return ""
    common = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    rows = "".join(
        f'<tr><td class="n">{count} ×</td><td><code>{escape(name)}</code></td>'
        f"{_hint(hints.get(name))}</tr>"
        for name, count in common[:MISTAKES]
    )
    left = len(common) - MISTAKES
    more = f'<p class="soft">and {left} more kinds of mistakes</p>' if left > 0 else ""
    return f'<div class="scroll"><table class="mistakes">{rows}</table></div>{more}'


def _hint(hint: tuple[str, str] | None) -> str:
    if hint is None:
        return "<td></td>"
    lang, text = hint
    return f'<td lang="{lang}">{escape(shortened(text, 1000))}</td>'
