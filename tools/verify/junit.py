"""The report as JUnit XML, which CI systems show."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from tools.verify.report import ChapterReport, ExerciseReport


def _add_strays(suites: Element, strays: Sequence[str]) -> None:
    counts = {"tests": "1", "failures": "1", "errors": "0", "skipped": "0", "time": "0"}
    suite = SubElement(suites, "testsuite", counts, name="chapters")
    case = SubElement(suite, "testcase", classname="verify.chapters", name="files of no chapter")
    SubElement(case, "failure", message=strays[0]).text = "\n".join(strays)


def junit(reports: Sequence[ChapterReport], strays: Sequence[str] = ()) -> bytes:
    """A suite for each chapter, a case for each part of each exercise.

    Args:
        reports: of each chapter.
        strays: generated files that are no chapter's; a suite of their own where there are any.
    """
    suites = Element("testsuites", name="verify")
    if strays:
        _add_strays(suites, strays)
    for report in reports:
        cases = [
            (result.part, result.subject, result.problems, result.seconds, "")
            for result in report.results
        ]
        cases += [
            (
                part,
                one.cell.exercise,
                one.problems_of(part),
                result.seconds,
                _tolerances(one) if part == "calibration" else "",
            )
            for one in report.exercises
            for part, result in one.results.items()
        ]
        cases.append(("mutants", "", report.mutants.problems, 0.0, ""))
        failures = sum(bool(problems) for _, _, problems, *_ in cases)
        suite = SubElement(
            suites,
            "testsuite",
            name=report.chapter,
            tests=str(len(cases)),
            failures=str(failures),
            errors="0",
            skipped="0",
            time=f"{sum(seconds for *_, seconds, _ in cases):.3f}",
        )
        for part, subject, problems, seconds, told in cases:
            case = SubElement(
                suite,
                "testcase",
                classname=f"verify.{report.chapter}",
                name=f"{part} {subject}".strip(),
                time=f"{seconds:.3f}",
            )
            if problems:
                message = problems[0] if len(problems) == 1 else f"{len(problems)} problems"
                SubElement(case, "failure", message=message).text = "\n".join(problems)
            if told:
                SubElement(case, "system-out").text = told
    indent(suites)
    return tostring(suites, encoding="utf-8", xml_declaration=True)


def _tolerances(one: ExerciseReport) -> str:
    """A line for each tolerance: what it stands between."""
    return "\n".join(
        f"{row.output}: right {row.spread.distance:.1e} ({row.spread.whose}), "
        f"wrong {row.nearest.distance:.1e} ({row.nearest.whose}), ratio {row.ratio:.0e}, "
        f"placed {row.tolerance:.0e}"
        for row in one.rows
    )
