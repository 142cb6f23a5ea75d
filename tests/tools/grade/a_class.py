"""Classes to write results of, ordinary ones and nasty ones."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from hypothesis import strategies as st

from tools.grade.marks import STATUSES, Class, Graded, Mark, Submission

CHAPTER = "08_closed_loop_control"
TITLES = {
    "en": {"01_01": "Sampling", "02_01": "Open and closed loop", "02_02": "Offline learning"},
    "ja": {"01_01": "サンプリング", "02_01": "開ループと閉ループ", "02_02": "オフライン学習"},
}
HINT = {"en": "At which k does it train?", "ja": "どの k で学習しますか。"}
VERDICT = '<div lang="en" data-exercise="{}" style="color:inherit">verdict of {}</div>'

NASTY = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title></style></pre><script>",
    "a ]]> b <![CDATA[ c",
    "{{7*7}} ${7*7} `code` [red]x[/red]",
    "\x00\x01\x1b[31m\x7f",
    "lone \ud800 and \udcff",
    "right \u202e to left \u200f\u2066",
    "\ufffe\uffff\U0001f600",
    "../../etc/passwd",
    "/",
    ".",
    "..",
    "",
    " ",
    "CON",
    "nul.txt",
    "-rf",
    "x" * 300,
    "名" * 300,
    "=cmd|' /C calc'!A0",
    "＝1+1",
    "\t=1",
    "@sum(a1)",
    "-1+1",
    "a\r\nb",
    "a\\b:c*d?",
    '=1;=2,"=3',
)


def mark(exercise: str = "01_01", status: str = "passed", lang: str = "en", **told) -> Mark:
    """One mark, worth 2 points."""
    told = {
        "title": TITLES[lang].get(exercise, exercise),
        "score": 2.0 if status == "passed" else 0.0,
        "max_score": 2.0,
        "message": f"message of {exercise}",
        "seconds": 1.25,
        "megabytes": 180.0,
        **told,
    }
    return Mark(exercise=exercise, status=status, **told)


def wrong(exercise: str, lang: str = "en", mistake: str = "one_late", **told) -> Mark:
    """A mark that failed with a known mistake."""
    told = {"hint": HINT[lang], "html": VERDICT.format(exercise, exercise), **told}
    return mark(exercise, "failed", lang, mistake=mistake, public=(3, 12), **told)


def submission(student: str, *marks: Mark, lang: str = "en", chapter: str = CHAPTER, **told):
    """A notebook of a student; of passed marks where none are given."""
    marks = marks or tuple(mark(exercise, lang=lang) for exercise in TITLES[lang])
    isolation = told.pop("isolation", "bubblewrap")
    problem = told.pop("problem", "")
    return Submission(
        student=student,
        source=told.pop("source", f"{student}/{chapter}.ipynb"),
        sha256=hashlib.sha256(student.encode(errors="surrogatepass")).hexdigest(),
        graded=Graded(chapter, lang, marks, problem, isolation),
        **told,
    )


def class_of(*submissions: Submission, **told) -> Class:
    """A class with 20 hidden cases an exercise."""
    told = {"isolation": "bubblewrap", "hidden": 20, "carried_share": 0.5, **told}
    return Class(tuple(submissions), **told)


def ordinary() -> Class:
    """Both languages, every status, and something of each kind to look at."""
    carried = replace(
        wrong("02_02", flags=("carried_forward",), detail="with the model's 02_01"),
        carried_forward=True,
        score=1.0,
    )
    statuses = [
        submission(f"with {status}", mark("01_01", status), mark("02_01"))
        for status in STATUSES
        if status != "passed"
    ]
    return class_of(
        submission("Anna", mark("01_01"), wrong("02_01"), carried),
        submission("佐藤 健", mark("01_01", lang="ja"), wrong("02_01", "ja"), lang="ja"),
        submission("copy 1", mark("01_01", source="a"), mark("02_01", source="b")),
        submission("copy 2", mark("01_01", source="a"), mark("02_01", source="b")),
        submission(
            "fitted", mark("01_01", "failed", flags=("public_only",), detail="0 of 20 right")
        ),
        submission("library", mark("01_01", flags=("library",), detail="calls ESN.forward")),
        submission("torn", mark("01_01", "missing"), problem="It is no notebook."),
        submission("two", problems=("a second notebook was left out",)),
        *statuses,
        problems=("Peter handed in nothing",),
    )


def nasty() -> Class:
    """Whatever a stranger can put into a name, a message or a hint."""
    ones = []
    for number, text in enumerate(NASTY):
        lang = ("en", "ja")[number % 2]
        marks = (
            mark("01_01", "failed", lang, message=text * 3, hint=text, mistake=text, detail=text),
            mark("02_01", "crashed", lang, message="y" * 100_000, title=text, flags=("crashed",)),
            mark("02_02", "error", lang, message=text, source=text, detail=text),
        )
        ones.append(
            submission(
                text, *marks, lang=lang, source=text, problems=(text,), problem=text[: number % 3]
            )
        )
    return class_of(*ones, problems=NASTY)


# Lone surrogates and control characters among them.
texts = st.text(st.characters(exclude_categories=()), max_size=30) | st.sampled_from(NASTY)


@st.composite
def classes(draw) -> Class:
    """Any class with any texts, of one chapter or two."""
    ones = []
    for student in draw(st.lists(texts, max_size=4)):
        lang = draw(st.sampled_from(("en", "ja")))
        marks = tuple(
            mark(
                exercise,
                draw(st.sampled_from(STATUSES)),
                lang,
                title=draw(texts),
                message=draw(texts),
                hint=draw(st.none() | texts),
                mistake=draw(texts),
                detail=draw(texts),
                source=draw(st.sampled_from(("", "a", "b"))),
                carried_forward=draw(st.booleans()),
                flags=draw(st.sampled_from(((), ("library",), ("public_only", "crashed")))),
            )
            for exercise in draw(st.sampled_from(((), ("01_01",), ("01_01", "02_01"))))
        )
        ones.append(
            Submission(
                student,
                draw(texts),
                "0" * 64,
                Graded(draw(st.sampled_from((CHAPTER, "09_em"))), lang, marks, draw(texts)),
                tuple(draw(st.lists(texts, max_size=1))),
            )
        )
    problems = tuple(draw(st.lists(texts, max_size=2)))
    return class_of(
        *ones, problems=problems, isolation=draw(st.sampled_from(("bubblewrap", "reduced")))
    )
