"""A graded class as GitHub Actions shows it: annotations of the run, and its summary.

For the instructor alone: the repository that grades is private, and names stand in both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from tools.grade.marks import Class, Mark
from tools.grade.writing.looks import KINDS, Look, looks
from utils.github import add_summary, annotation, bounded, markdown_table, on_github

# A summary is read by eye; report.html has every row.
MAX_ROWS = 200
MORE = "{count} more; report.html in the artifact has them all."

REDUCED = (
    "Graded with reduced isolation: without namespaces a submission may have seen more of this "
    "machine than its own files."
)


def report_to_github(graded: Class) -> None:
    """Annotate the run and write its summary; outside GitHub Actions do nothing."""
    if not on_github():
        return
    for command in annotations(graded):
        print(command)
    add_summary(summary_markdown(graded))


def annotations(graded: Class) -> list[str]:
    """A warning for each notebook that somebody should look at, as many as GitHub shows."""
    commands = [annotation("warning", REDUCED)] if graded.isolation == "reduced" else []
    by_title: dict[str, list[str]] = {}
    for look in looks(graded):
        for title in _titles(look, graded):
            by_title.setdefault(title, []).append(" ".join([*look.exercises, _why(look)]))
    for title, told in sorted(by_title.items()):
        commands.append(annotation("warning", "\n".join(told), title=title))
    return bounded("warning", commands, MORE)


def summary_markdown(graded: Class) -> str:
    """What to look at, how each exercise went, and everybody's score, as Markdown."""
    sections = {
        "To look at": (("whose", "exercise", "why"), list(_look_rows(graded))),
        "Exercises": (
            ("chapter", "exercise", "passed", "carried forward", "of", "commonest mistake"),
            list(_exercise_rows(graded)),
        ),
        "Scores": (("student", "chapter", "score", "of"), list(_score_rows(graded))),
    }
    told = [f"### {name}\n\n{_table(*table)}" for name, table in sections.items() if table[1]]
    return "\n".join(["## Grades\n", _said(graded), *told])


def _titles(look: Look, graded: Class) -> list[str]:
    """Whom it concerns."""
    concerned = [graded.submissions[number] for number in look.submissions]
    return [f"{one.student} {one.graded.chapter}" for one in concerned] or ["The class"]


def _why(look: Look) -> str:
    title, _ = KINDS[look.kind]
    return f"{title}: {look.text}" if look.text else title


def _look_rows(graded: Class) -> Iterator[tuple[str, ...]]:
    for look in looks(graded):
        yield ", ".join(_titles(look, graded)), ", ".join(look.exercises), _why(look)


def _said(graded: Class) -> str:
    """How the class was graded, in a few sentences."""
    students = len({submission.student for submission in graded.submissions})
    told = (
        f"{len(graded.submissions)} notebooks of {students} students, {graded.hidden} hidden cases "
        f"an exercise; carried forward earns {graded.carried_share:.0%} of the points.\n"
    )
    return told if graded.isolation == "bubblewrap" else f"**{REDUCED}**\n\n{told}"


def _exercise_rows(graded: Class) -> Iterator[tuple[str, ...]]:
    """By chapter and exercise, in the order in which they come."""
    marks: dict[tuple[str, str], list[Mark]] = {}
    for submission in graded.submissions:
        for mark in submission.graded.marks:
            marks.setdefault((submission.graded.chapter, mark.exercise), []).append(mark)
    for (chapter, exercise), these in marks.items():
        passed = sum(mark.status == "passed" for mark in these)
        carried = sum(mark.carried_forward for mark in these)
        mistakes = Counter(mark.mistake for mark in these if mark.mistake).most_common(1)
        told = " ".join(f"{name} ({count})" for name, count in mistakes)
        yield chapter, exercise, str(passed), str(carried), str(len(these)), told


def _score_rows(graded: Class) -> Iterator[tuple[str, ...]]:
    for one in graded.submissions:
        came_to = one.graded
        yield one.student, came_to.chapter, f"{came_to.score:g}", f"{came_to.max_score:g}"


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    left = len(rows) - MAX_ROWS
    table = markdown_table(header, rows[:MAX_ROWS])
    return f"{table}\n{MORE.format(count=left)}\n" if left > 0 else table
