"""The report in a terminal: a table of each chapter, what is wrong, and what it took."""

from __future__ import annotations

from collections import Counter

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tools.verify.diagnosing import FATES, counts
from tools.verify.plan import OF_CHAPTERS, OF_EXERCISES
from tools.verify.report import ChapterReport


def show(report: ChapterReport, console: Console) -> None:
    """Print the report of one chapter."""
    table = Table(title=report.chapter, title_justify="left", box=None, padding=(0, 1, 0, 0))
    for column in ("exercise", *OF_EXERCISES):
        table.add_column(column, justify="left" if column == "exercise" else "right")
    for exercise in report.exercises:
        cells = [
            f"{exercise.figure(part)} {_mark(len(exercise.problems_of(part)))}".strip()
            for part in OF_EXERCISES
        ]
        table.add_row(exercise.cell.exercise, *cells)
    console.print(table)
    console.print(_tolerances(report))
    for part in OF_CHAPTERS:
        wrong = sum(len(result.problems) for result in report.results if result.part == part)
        console.print(f"{part}: {_mark(wrong)}")
    console.print(f"mutants: {_mark(len(report.mutants.problems))}")
    console.print(_trials_table(report))
    for problem in report.problems:
        console.print(f"[red]✗[/red] {escape(problem)}", soft_wrap=True, highlight=False)
    for spent in report.spent:
        if spent.over:
            console.print(f"[yellow]over budget[/yellow] {escape(str(spent))}", highlight=False)
    parts = sorted(report.seconds.items(), key=lambda item: -item[1])
    taken = ", ".join(f"{part} {seconds:.0f} s" for part, seconds in parts)
    console.print(f"workers' time: {taken}", soft_wrap=True, highlight=False)
    console.print(summary(report), soft_wrap=True, highlight=False)


def _tolerances(report: ChapterReport) -> Table:
    """The farthest right answers, the nearest wrong ones, and the tolerances between."""
    table = Table(box=None)
    table.add_column("tolerances")
    table.add_column("output")
    for column in ("right", "wrong", "ratio", "mean", "placed", ""):
        table.add_column(column, justify="right")
    for exercise in report.exercises:
        for row in exercise.rows:
            figures = f"{row.spread.distance:.1e}", f"{row.nearest.distance:.1e}"
            figures += f"{row.ratio:.0e}", f"{row.best:.0e}", f"{row.tolerance:.0e}"
            name = escape(row.output)
            table.add_row(exercise.cell.exercise, name, *figures, _mark(len(row.problems())))
    return table


def summary(report: ChapterReport) -> str:
    """The figures that the README states of a chapter."""
    hints, mistakes = report.total("mistakes")
    accepted, alternatives = report.total("alternatives")
    refused, mutants = report.refused_mutants
    general = Counter(trial.fate for trial in report.trials)
    return (
        f"{report.chapter}: {hints} of {mistakes} known mistakes refused with their own hint, "
        f"{accepted} of {alternatives} alternatives accepted without one, "
        f"{general.total() - general['accepted']} of {general.total()} general mistakes refused, "
        f"{general['named']} of them by their names and {general['misnamed']} by another, "
        f"{refused} of {mutants} mutants refused that are not equivalent to the answer"
    )


def _trials_table(report: ChapterReport) -> Table:
    """What became of being wrong in general ways, a row for each."""
    title = "general mistakes, tried on every output"
    table = Table(title=title, title_justify="left", box=None, padding=(0, 1, 0, 0))
    table.add_column("way")
    for heading in ("tried", *FATES.values()):
        table.add_column(heading, justify="right")
    for kind, count in counts(report.trials).items():
        table.add_row(kind, str(count.total()), *(str(count[fate]) for fate in FATES))
    return table


def _mark(wrong: int) -> str:
    return f"[red]✗ {wrong}[/red]" if wrong else "[green]✓[/green]"
