"""Findings as GitHub Actions shows them: annotations of a run, and its summary."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from utils.check.findings import WORDS, Checked, Finding, name_of, say, sign_of
from utils.github import (
    Level,
    add_summary,
    annotation,
    bounded,
    markdown_table,
    markdown_text,
    on_github,
)

# Nothing went wrong: there is no answer yet, or this machine cannot judge it.
NO_ERROR = ("not_attempted", "unavailable")


def report_to_github(notebooks: Sequence[Checked]) -> None:
    """Annotate the run and write its summary; outside GitHub Actions do nothing."""
    if not on_github():
        return
    for command in annotations(notebooks):
        print(command)
    add_summary("\n".join(as_markdown(checked) for checked in notebooks))


def annotations(notebooks: Sequence[Checked]) -> list[str]:
    """A command for every exercise that is not passed, as many as GitHub shows."""
    levels: dict[Level, list[str]] = {"error": [], "notice": []}
    more = WORDS["more"].in_language(notebooks[0].lang if notebooks else "en")
    for checked in notebooks:
        for finding in checked.findings:
            if not finding.passed:
                level: Level = "notice" if finding.state in NO_ERROR else "error"
                levels[level].append(_annotation(level, checked, finding))
    return [
        command for level, commands in levels.items() for command in bounded(level, commands, more)
    ]


def as_markdown(checked: Checked) -> str:
    """The notebook's name, a row an exercise, and the count."""
    lang = checked.lang
    header = ("", *(say(column, lang) for column in ("exercise", "title", "result", "hint")))
    rows = [
        (
            sign_of(finding.state),
            finding.exercise,
            finding.title,
            name_of(finding.state, lang),
            finding.hint,
        )
        for finding in checked.findings
    ]
    passed = sum(finding.passed for finding in checked.findings)
    count = say("passed_of", lang, passed=passed, total=len(rows))
    heading = markdown_text(str(checked.path))
    return f"### {heading}\n\n{markdown_table(header, rows)}\n{count}\n"


def _annotation(level: Level, checked: Checked, finding: Finding) -> str:
    return annotation(
        level,
        finding.hint or name_of(finding.state, checked.lang),
        title=f"{checked.chapter} {finding.exercise}",
        file=_in_workspace(checked.path),
    )


def _in_workspace(path: Path) -> str:
    """A path as the repository has it; empty for one that is not in it."""
    workspace = Path(os.environ.get("GITHUB_WORKSPACE", ""))
    try:
        return path.resolve().relative_to(workspace.resolve()).as_posix()
    except ValueError:
        return ""
