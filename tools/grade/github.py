"""A graded class as GitHub Actions shows it: annotations of the run, and its summary.

For the instructor alone: the repository that grades is private, and names stand in both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tools.grade.marks import Class, Flag, Mark, Submission
from utils.github import add_summary, annotation, bounded, markdown_table, on_github

# A summary is read by eye; report.html has every row.
MAX_ROWS = 200
MORE = "{count} more; report.html in the artifact has them all."

WHY: dict[Flag, str] = {
    "public_only": "right on the public cases alone",
    "library": "calls the library's own",
    "carried_forward": "right with the model's functions for those it needs",
    "crashed": "its process died",
}
REDUCED = (
    "Graded with reduced isolation: without namespaces a submission may have seen more of this "
    "machine than its own files."
)


@dataclass(frozen=True)
class Look:
    """Something that an instructor should look at, in words."""

    student: str
    chapter: str
    exercise: str
    why: str


def report_to_github(graded: Class) -> None:
    """Annotate the run and write its summary; outside GitHub Actions do nothing."""
    if not on_github():
        return
    for command in annotations(graded):
        print(command)
    add_summary(summary_markdown(graded))


def annotations(graded: Class) -> list[str]:
    """A warning for each submission that somebody should look at, as many as GitHub shows."""
    commands = [annotation("warning", REDUCED)] if graded.isolation == "reduced" else []
    commands += [annotation("warning", problem, title="The class") for problem in graded.problems]
    for submission in graded.submissions:
        told = [f"{look.exercise} {look.why}".strip() for look in _looks(submission)]
        if told:
            title = f"{submission.student} {submission.graded.chapter}"
            commands.append(annotation("warning", "\n".join(told), title=title))
    return bounded("warning", commands, MORE)


def summary_markdown(graded: Class) -> str:
    """What to look at, how each exercise went, and everybody's score, as Markdown."""
    looks = [look for submission in graded.submissions for look in _looks(submission)]
    sections = {
        "The class": (("problem",), [(problem,) for problem in graded.problems]),
        "To look at": (
            ("student", "chapter", "exercise", "why"),
            [(look.student, look.chapter, look.exercise, look.why) for look in looks],
        ),
        "Exercises": (
            ("chapter", "exercise", "passed", "carried forward", "of", "commonest mistake"),
            list(_exercise_rows(graded)),
        ),
        "Scores": (("student", "chapter", "score", "of"), list(_score_rows(graded))),
    }
    told = [f"### {name}\n\n{_table(*table)}" for name, table in sections.items() if table[1]]
    return "\n".join(["## Grades\n", _said(graded), *told])


def _looks(submission: Submission) -> Iterator[Look]:
    def look(exercise: str, why: str) -> Look:
        return Look(submission.student, submission.graded.chapter, exercise, why)

    for problem in (*submission.problems, submission.graded.problem):
        if problem:
            yield look("", problem)
    for mark in submission.graded.marks:
        if mark.flags:
            why = ", ".join(WHY.get(flag, flag) for flag in mark.flags)
            yield look(mark.exercise, f"{why}: {mark.detail}" if mark.detail else why)


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
