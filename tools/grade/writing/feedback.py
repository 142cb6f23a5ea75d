"""The page that a student reads: what is right, what is not, and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from tools.grade.marks import Class, Graded, Mark, Submission
from tools.grade.writing.clean import shortened
from tools.grade.writing.page import page
from tools.grade.writing.page_words import CARRIED, SIGNS, STATES, points, say, state_of
from tools.page import folded


def feedback_page(one: Submission, graded: Class) -> str:
    """The page of one submission, in its notebook's language.

    Nothing of it is the instructor's alone: no flags, no details, no hidden values.
    """
    lang, chapter = one.graded.lang, one.graded.chapter or say("no_chapter", one.graded.lang)
    title = say("title", lang, chapter=chapter)
    body = (
        f'<div class="feedback"><header><h1>{escape(title)}</h1>{_handed_in(one)}</header><main>'
        + _summary(one.graded)
        + _table(one.graded)
        + "".join(_detail(mark, lang) for mark in _told_of(one.graded))
        + f"</main>{_how(one.graded, graded)}</div>"
    )
    return page(f"{title} – {one.student}", body, lang)


def _told_of(graded: Graded) -> list[Mark]:
    """The marks with a section of their own: where nothing could be read, the page says why."""
    return [mark for mark in graded.marks if mark.status != "passed" and not graded.problem]


def _handed_in(one: Submission) -> str:
    lang = one.graded.lang
    rows = [
        (say("student", lang), f"<bdi>{escape(one.student)}</bdi>"),
        (say("file", lang), f"<bdi>{escape(one.source)}</bdi>"),
        ("SHA-256", f"<code>{escape(one.sha256)}</code>"),
    ]
    listed = "".join(f"<div><dt>{label}</dt><dd>{value}</dd></div>" for label, value in rows)
    return f'<dl class="facts">{listed}</dl>'


def _summary(graded: Graded) -> str:
    lang, marks = graded.lang, graded.marks
    passed = sum(mark.status == "passed" for mark in marks)
    name = "all_right" if passed == len(marks) > 0 else "right"
    told = say(name, lang, passed=passed, total=len(marks))
    told = say("nothing", lang) if graded.problem else _joined([told, _begin(graded)], lang)
    score = {"score": points(graded.score), "total": points(graded.max_score)}
    share = 100 * graded.score / graded.max_score if graded.max_score else 0
    problem = f'<p class="problem">{escape(graded.problem)}</p>' if graded.problem else ""
    return (
        f'<section class="summary"><p class="big">{say("points", lang, **score)}</p>'
        f'<div class="meter" aria-hidden="true"><span style="width:{share:.4g}%"></span></div>'
        f"<p>{told}</p>{problem}</section>"
    )


def _begin(graded: Graded) -> str:
    """The first exercise whose own code wants work; an earlier one is needed by later ones."""
    for mark in _told_of(graded):
        if state_of(mark) not in (CARRIED, "unavailable"):
            named = _named(mark, graded.lang)
            link = f'<a href="#{_anchor(mark)}">{named}</a>'
            return say("begin", graded.lang, exercise=link)
    return ""


def _named(mark: Mark, lang: str) -> str:
    title = escape(mark.title)
    return (
        f"{escape(mark.exercise)}「{title}」"
        if lang == "ja"
        else f"{escape(mark.exercise)} {title}"
    )


def _anchor(mark: Mark) -> str:
    return f"exercise-{escape(mark.exercise)}"


def _table(graded: Graded) -> str:
    lang = graded.lang
    heads = (say(name, lang) for name in ("exercise", "result", "score"))
    told_of = _told_of(graded)
    rows = "".join(_row(mark, lang, mark in told_of) for mark in graded.marks)
    return (
        '<div class="scroll"><table class="marks"><thead><tr>'
        + "".join(f'<th scope="col">{head}</th>' for head in heads)
        + f"</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(mark: Mark, lang: str, linked: bool) -> str:
    named = f'<span class="id">{escape(mark.exercise)}</span> {escape(mark.title)}'
    if linked:
        named = f'<a href="#{_anchor(mark)}">{named}</a>'
    return (
        f"<tr><td>{named}</td><td>{_state(mark, lang)}</td>"
        f'<td class="n">{points(mark.score)} / {points(mark.max_score)}</td></tr>'
    )


def _state(mark: Mark, lang: str) -> str:
    state = state_of(mark)
    name = escape(STATES[state].in_language(lang))
    return f'<span class="state {state}"><b>{SIGNS[state]}</b> {name}</span>'


def _detail(mark: Mark, lang: str) -> str:
    if state_of(mark) == CARRIED:
        values = {"score": points(mark.score), "total": points(mark.max_score)}
        # What its own run came to does not tell of this exercise, and its hint may mislead.
        own_run = folded(say("carried_run", lang), _verdict(mark, lang))
        told = f"<p>{say('carried', lang, **values)}</p>{own_run}"
    else:
        told = _verdict(mark, lang)
    return (
        f'<section id="{_anchor(mark)}"><h2><span class="id">{escape(mark.exercise)}</span> '
        f"{escape(mark.title)}</h2>{told}</section>"
    )


def _verdict(mark: Mark, lang: str) -> str:
    """What a notebook would show, unless that is about something else than what was marked."""
    right_in_public = 0 < mark.public[0] == mark.public[1]
    if mark.html and not right_in_public:
        return f'<div class="scroll verdict">{mark.html}</div>'
    message = f'<div class="message">{escape(shortened(mark.message))}</div>'
    return f"<p>{_state(mark, lang)}</p>{message if mark.message else ''}"


def _how(graded: Graded, whole: Class) -> str:
    lang, told = graded.lang, []
    told.append(say("cases_hidden" if whole.hidden else "cases", lang, hidden=whole.hidden))
    share = points(100 * whole.carried_share)
    told.append(say("marking_carried" if whole.carried_share else "marking", lang, share=share))
    if graded.isolation == "reduced":
        told.append(say("reduced", lang))
    code = re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(_joined(told, lang)))
    return f'<footer><h2>{say("how", lang)}</h2><p class="soft">{code}</p></footer>'


def _joined(sentences: Iterable[str], lang: str) -> str:
    return ("" if lang == "ja" else " ").join(filter(None, sentences))
