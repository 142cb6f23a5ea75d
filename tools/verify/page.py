"""The report as one HTML page that an instructor can read, in light and dark."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from tools.mutants import ChapterMutants
from tools.mutants.results import Survivor
from tools.page import folded, problem_list, table
from tools.page import page as whole_page
from tools.verify.axis import as_svg
from tools.verify.budgets import Spent
from tools.verify.diagnosing import FATES, Trial, counts
from tools.verify.plan import OF_EXERCISES
from tools.verify.report import ChapterReport, ExerciseReport
from tools.verify.terminal import summary

_LEGEND = (
    "Each bar runs from the right answer farthest from the model (green) to the nearest mistake "
    "that is wrong by value (red), as measured now on this machine; where none is, zeros count as "
    "the nearest. The blue stroke is the tolerance, placed when references were recorded, the "
    "dashed one the geometric mean of both ends, where it belongs. Distances are largest errors "
    "beside the largest entry of the output."
)

_GENERAL = (
    "The model's own outputs are spoilt in ways that belong to no exercise, and judged. Refused "
    "they have to be, and never called something else; the hint is that of a known mistake which "
    "looks the same, and without a name a learner sees where and how the output differs."
)


def page(reports: Sequence[ChapterReport], strays: Sequence[str] = ()) -> str:
    """The whole page, with its style inside and nothing loaded from elsewhere.

    Args:
        reports: of each chapter.
        strays: generated files that are no chapter's, each with what to do.
    """
    body = problem_list(strays) + "".join(_chapter(report) for report in reports)
    title = "Are the checks right?"
    return whole_page(title, f"<h1>{title}</h1>{body}")


def _chapter(report: ChapterReport) -> str:
    links = [
        [
            f'<td><a href="#{report.chapter}-{one.cell.exercise}">{one.cell.exercise}</a></td>',
            *(
                f'<td class="n">{one.figure(part)} {_mark(one.problems_of(part))}</td>'
                for part in OF_EXERCISES
            ),
        ]
        for one in report.exercises
    ]
    others = [
        [f"<td>{escape(f'{one.part} {one.subject}')}</td>", f"<td>{_mark(one.problems)}</td>"]
        for one in report.results
    ]
    budgets = [
        [
            f"<td>{escape(one.what)}</td>",
            f'<td class="n">{one.amount:.3g} {one.unit}</td>',
            f'<td class="n">{"" if one.budget is None else f"{one.budget:g} {one.unit}"}</td>',
            f"<td>{_within(one)}</td>",
        ]
        for one in report.spent
    ]
    places = ", ".join(place.name for place in report.elsewhere)
    return (
        f"<h2>{escape(report.chapter)}</h2><p>{escape(summary(report))}.</p>"
        + problem_list(report.problems)
        + table(["exercise", *OF_EXERCISES], links)
        + table(["chapter", ""], others)
        + f"<p>The model was also run with: {escape(places) or 'nothing else'}.</p>"
        + table(["time and memory", "spent", "budget", ""], budgets)
        + f'<h4>General mistakes</h4><p class="soft">{_GENERAL}</p>'
        + _trials(report.trials)
        + _mutants(report.mutants)
        + "".join(_exercise(report, one) for one in report.exercises)
    )


def _mutants(mutants: ChapterMutants) -> str:
    rows = [
        [
            f'<td>{name}</td><td class="n">{one.mutants}</td><td class="n">{one.refused}</td>',
            f'<td class="n">{one.failed}</td><td class="n">{one.error}</td>',
            f'<td class="n">{one.timeout}</td><td class="n">{len(one.equivalents)}</td>',
            f'<td class="n">{len(one.survivors)}</td>',
        ]
        for name, one in mutants.exercises.items()
    ]
    ways = ["by a wrong output", "by an error", "by time"]
    heads = ["exercise", "mutants", "refused", *ways, "equivalent", "survivors"]
    survivors = [
        [f"<td>{name}</td>", *_change(survivor)]
        for name, one in mutants.exercises.items()
        for survivor in one.survivors
    ]
    listed = table(["exercise", *_CHANGE], survivors) if survivors else ""
    return f"<h4>Mutants</h4>{table(heads, rows)}{listed}"


_CHANGE = ("operator", "function", "the answer", "the survivor")


def _change(mutant: Survivor) -> list[str]:
    return [
        f"<td>{escape(mutant.operator)}</td><td><code>{escape(mutant.function)}</code></td>",
        f"<td><pre>{escape(mutant.before)}</pre></td><td><pre>{escape(mutant.after)}</pre></td>",
    ]


def _equivalents(mutants: ChapterMutants, name: str) -> str:
    found = mutants.exercises[name].equivalents if name in mutants.exercises else ()
    rows = [
        [
            *_change(mutant),
            f'<td class="hint">{escape(mutants.reasons[name, mutant.before, mutant.after])}</td>',
        ]
        for mutant in found
    ]
    title = f"{len(rows)} mutants that are right answers too"
    return folded(title, table([*_CHANGE, "because"], rows))


def _trials(trials: Iterable[Trial]) -> str:
    rows = [
        [
            f'<td>{kind}</td><td class="n">{count.total()}</td>',
            *(f'<td class="n">{count[fate]}</td>' for fate in FATES),
        ]
        for kind, count in counts(trials).items()
    ]
    return table(["way", "tried", *FATES.values()], rows)


def _exercise(report: ChapterReport, one: ExerciseReport) -> str:
    chapter, name = report.chapter, one.cell.exercise
    if one.checks is None:
        return f'<h3 id="{chapter}-{name}">{name}</h3>{problem_list(one.problems)}'
    title = one.checks.title
    return (
        f'<h3 id="{chapter}-{name}">{name} {escape(title.en)} '
        f'<span class="soft" lang="ja">{escape(title.ja)}</span></h3>'
        + problem_list(one.problems)
        + _calibration(one)
        + _mistakes(one)
        + _alternatives(one)
        + folded(f"{len(one.trials)} general mistakes", _trials(one.trials))
        + _equivalents(report.mutants, name)
        + _cases(one)
    )


def _calibration(one: ExerciseReport) -> str:
    if not one.rows:
        return ""
    rows = [
        [
            f"<td><code>{escape(row.output)}</code></td>",
            f'<td class="n">{row.spread.distance:.1e}</td><td>{escape(row.spread.whose)}</td>',
            f'<td class="n">{row.nearest.distance:.1e}</td><td>{escape(row.nearest.whose)}</td>',
            f'<td class="n">{row.ratio:.0e}</td>',
            f'<td class="n">{row.best:.0e}</td>',
            f'<td class="n">{row.tolerance:.0e}</td>',
            f"<td>{_mark(row.problems())}</td>",
        ]
        for row in one.rows
    ]
    heads = ["output", "right", "farthest", "wrong", "nearest", "ratio", "mean", "placed", ""]
    return (
        f'<h4>Tolerances</h4><p class="soft">{_LEGEND}</p>'
        f'<div class="scroll">{as_svg(one.rows)}</div>{table(heads, rows)}'
    )


def _mistakes(one: ExerciseReport) -> str:
    by_name = one.results["mistakes"].found.detail or {}
    rows = [
        [
            f"<td><code>{escape(mistake.name)}</code></td>",
            f'<td class="hint">{escape(mistake.hint.en)}</td>',
            f'<td class="hint" lang="ja">{escape(mistake.hint.ja)}</td>',
            f"<td>{_mark(by_name.get(mistake.name, ['not judged']))}</td>",
        ]
        for mistake in one.checks.mistakes
    ]
    return folded(
        f"{len(rows)} known mistakes and their hints",
        table(["mistake", "hint", "ヒント", ""], rows),
    )


def _alternatives(one: ExerciseReport) -> str:
    by_name = one.results["alternatives"].found.detail or {}
    rows = [
        [
            f"<td><code>{escape(alternative.name)}</code></td>",
            f"<td>{_mark(by_name.get(alternative.name, ['not judged']))}</td>",
        ]
        for alternative in one.checks.alternatives
    ]
    return folded(f"{len(rows)} other right answers", table(["alternative", ""], rows))


def _cases(one: ExerciseReport) -> str:
    rows = [
        [
            f'<td class="n">{number}</td><td>{escape(case.label.en)}</td>',
            f'<td lang="ja">{escape(case.label.ja)}</td>',
            f"<td>{f'<code>{escape(case.call)}</code>' if case.call else ''}</td>",
        ]
        for number, case in enumerate(one.checks.cases(), start=1)
    ]
    return folded(f"{len(rows)} public cases", table(["", "case", "ケース", "calls"], rows))


def _within(spent: Spent) -> str:
    if spent.budget is None:
        return ""
    return _said("bad", "over") if spent.over else _said("ok", "✓")


def _mark(problems: Sequence[str]) -> str:
    return _said("bad", f"✗ {len(problems)}") if problems else _said("ok", "✓")


def _said(kind: str, text: str) -> str:
    return f'<span class="{kind}">{text}</span>'
