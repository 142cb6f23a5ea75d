"""Judging answers to an exercise as a notebook does: untouched, half done, wrong and right."""

from __future__ import annotations

import contextlib
import io
import linecache
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tools.checkfile import load_check_file
from tools.checks import Alternative, Mistake
from tools.gaps import cut_gaps, find_gaps
from tools.lesson import ROOT, Lesson
from tools.model import ModelNamespace, chapter_imports
from utils.tester.fingerprints import mistakes_that_fit
from utils.tester.markers import END, keep_language
from utils.tester.records import Chapter
from utils.tester.session import Session
from utils.tester.verdict import Verdict


class Exam:
    """One exercise, ready to judge answers to it. Methods return what is wrong, in sentences.

    Args:
        lesson: the chapter.
        recorded: its references.
        exercise: the exercise's id.
        root: the project's root.

    Raises:
        CheckFileError: the exercise's check file cannot be used.
    """

    def __init__(self, lesson: Lesson, recorded: Chapter, exercise: str, root: Path = ROOT) -> None:
        self.lesson = lesson
        self.recorded = recorded
        self.cell = lesson.exercise(exercise)
        self.checks = load_check_file(root, lesson.chapter, exercise)
        self.answers = ModelNamespace(lesson, exercise, self.checks.file)
        self.gaps = find_gaps(self.cell.source)

    def of_model(self) -> tuple[list[str], float]:
        """The lesson's own answer passes; with the seconds that its calls took."""
        verdict = self._judge_cell(keep_language(self.cell.source, "en"), "en")
        seconds = sum(result.outcome.seconds for result in verdict.results)
        if verdict.passed:
            return [], seconds
        return [self._problem(f"the model's answer: {_brief(verdict)}")], seconds

    def of_starter(self, lang: str) -> list[str]:
        """The cell as learners get it is not attempted, and its verdict names every gap."""
        verdict = self._judge_cell(cut_gaps(self.cell.source, lang), lang)
        if verdict.status != "not_attempted":
            return [self._problem(f"the untouched starter ({lang}): {_brief(verdict)}")]
        texts = [gap.text.in_language(lang) for gap in self.gaps]
        return self._unnamed(verdict, texts, f"the untouched starter ({lang})")

    def of_half_done(self) -> list[str]:
        """With one gap filled, whichever, the verdict is failed and names the others."""
        problems = []
        texts = [gap.text.en for gap in self.gaps]
        for index, text in enumerate(texts):
            verdict = self._judge_cell(self._with_one_gap_filled(index, "en"), "en")
            what = f"with only {text!r} filled"
            # Of one gap nothing is left to fill.
            wanted = "failed" if len(texts) > 1 else "passed"
            if verdict.status != wanted:
                problems.append(self._problem(f"{what}: {_brief(verdict)}"))
            problems += self._unnamed(verdict, texts[:index] + texts[index + 1 :], what)
        return problems

    def of_mistake(self, mistake: Mistake) -> list[str]:
        """A known mistake is refused with its own hint.

        Raises:
            ModelError: it no longer applies.
        """
        verdict = self._judge(self.answers.mistake(mistake).function)
        what = f"mistake {mistake.name!r}"
        if verdict.passed:
            return [self._problem(f"{what} passes")]
        if verdict.hint != mistake.hint.en:
            claimed = f"that of {verdict.mistake.name!r}" if verdict.mistake else "none"
            return [self._problem(f"{what} should get its own hint and gets {claimed}")]
        return []

    def of_alternative(self, alternative: Alternative) -> list[str]:
        """Another right answer passes, and its outputs are no known mistake's.

        Raises:
            ModelError: it no longer applies.
        """
        verdict = self._judge(self.answers.alternative(alternative).function)
        what = f"alternative {alternative.name!r}"
        if not verdict.passed:
            return [self._problem(f"{what}: {_brief(verdict)}")]
        # A verdict that is passed claims no mistake; none may fit its outputs either.
        outcomes = [result.outcome for result in verdict.results]
        return [
            self._problem(f"{what} looks like the mistake {mistake.name!r}")
            for mistake in mistakes_that_fit(verdict.exercise, outcomes)
        ]

    def _judge(self, function: Callable[..., Any]) -> Verdict:
        several = len(self.checks.outputs) > 1
        with contextlib.redirect_stdout(io.StringIO()):
            return Session(self.recorded, "en").test_func(function, self.cell.exercise, several)

    def _judge_cell(self, source: str, lang: str) -> Verdict:
        """The verdict of the exercise's cell, run as a notebook runs it."""
        verdicts: list[Verdict] = []
        session = Session(self.recorded, lang)

        def test_func(*args: Any, **kwargs: Any) -> None:
            verdicts.append(session.test_func(*args, **kwargs))

        namespace: dict[str, Any] = {"__name__": "__main__", "test_func": test_func}
        for text in chapter_imports(self.lesson):
            exec(text, namespace)
        for needed in self.cell.needs:
            model = ModelNamespace(self.lesson, needed, self.checks.file).model()
            namespace |= {name: model.namespace[name] for name in model.namespace if name[0] != "_"}
        filename = f"<cell {self.cell.exercise}>"
        linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(source, filename, "exec"), namespace)
        return verdicts[-1]

    def _with_one_gap_filled(self, index: int, lang: str) -> str:
        """The cell as a learner leaves it who filled one gap and stopped."""
        lines = self.cell.source.split("\n")
        line = self.gaps[index].line
        if lines[line - 1].lstrip().startswith("#"):
            end = next(i for i in range(line, len(lines)) if lines[i].strip() == END)
            del lines[end], lines[line - 1]
        else:
            lines[line - 1] = lines[line - 1].split("  # TODO")[0]
        source = "\n".join(lines)
        return cut_gaps(source, lang)

    def _unnamed(self, verdict: Verdict, texts: list[str], what: str) -> list[str]:
        shown = str(verdict)
        return [
            self._problem(f"{what}: the verdict does not name the gap {text!r}")
            for text in texts
            if text not in shown
        ]

    def _problem(self, what: str) -> str:
        return f"exercise {self.cell.exercise}: {what}"


def _brief(verdict: Verdict) -> str:
    lines = [line.strip() for line in str(verdict).splitlines() if line.strip()]
    return f"{verdict.status} ({' / '.join(lines[:4])})"
