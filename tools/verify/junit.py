"""The report as JUnit XML, which CI systems show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tools.verify.report import ChapterReport, ExerciseReport
from utils.junit import Case, Suite
from utils.junit import junit as as_xml


def junit(reports: Sequence[ChapterReport], strays: Sequence[str] = ()) -> bytes:
    """A suite for each chapter, a case for each part of each exercise.

    Args:
        reports: of each chapter.
        strays: generated files that are no chapter's; a suite of their own where there are any.
    """
    suites = [Suite(report.chapter, tuple(_cases(report))) for report in reports]
    if strays:
        case = _case("chapters", "files of no chapter", strays, 0.0)
        suites.insert(0, Suite("chapters", (case,)))
    return as_xml("verify", suites)


def _cases(report: ChapterReport) -> Iterator[Case]:
    chapter = report.chapter
    for result in report.results:
        name = f"{result.part} {result.subject}".strip()
        yield _case(chapter, name, result.problems, result.seconds)
    for one in report.exercises:
        for part, result in one.results.items():
            name, problems = f"{part} {one.cell.exercise}", one.problems_of(part)
            told = _tolerances(one) if part == "calibration" else ""
            yield _case(chapter, name, problems, result.seconds, told)
    yield _case(chapter, "mutants", report.mutants.problems, 0.0)


def _case(
    chapter: str, name: str, problems: Sequence[str], seconds: float, output: str = ""
) -> Case:
    classname = f"verify.{chapter}"
    if not problems:
        return Case(classname, name, seconds=seconds, output=output)
    message = problems[0] if len(problems) == 1 else f"{len(problems)} problems"
    text = "\n".join(problems)
    return Case(classname, name, "failure", message, text, seconds=seconds, output=output)


def _tolerances(one: ExerciseReport) -> str:
    """A line for each tolerance: what it stands between."""
    return "\n".join(
        f"{row.output}: right {row.spread.distance:.1e} ({row.spread.whose}), "
        f"wrong {row.nearest.distance:.1e} ({row.nearest.whose}), ratio {row.ratio:.0e}, "
        f"placed {row.tolerance:.0e}"
        for row in one.rows
    )
