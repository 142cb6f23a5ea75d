"""From what a submission came to, to the results.json that Gradescope shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tools.autograder.settings import Settings
from tools.autograder.submitted import AUTHOR
from tools.autograder.words import say
from tools.grade.marks import Class, Graded, Submission
from tools.grade.writing.clean import cleaned
from tools.grade.writing.gradescope import gradescope_json
from tools.grade.writing.page_words import say as say_of_pages
from utils.tester.text import LANGUAGES


def results_of(
    one: Submission | None, problems: Sequence[str], settings: Settings
) -> dict[str, Any]:
    """Gradescope's results.json.

    Args:
        one: the notebook that counts, None where there is none.
        problems: what could not be used, for a student who handed in nothing of use.
        settings: of the assignment.
    """
    told = None
    if one is None:
        told = "\n".join(
            [*(say("none", lang, chapter=settings.chapter) for lang in LANGUAGES), *problems]
        )
        one = Submission(AUTHOR, "", "", Graded("", LANGUAGES[0], (), told, "reduced"))
    elif one.graded.chapter != settings.chapter and not one.graded.problem:
        found, lang = one.graded.chapter, one.graded.lang
        told = say("other", lang, source=one.source, found=found, chapter=settings.chapter)
        one = replace(one, graded=replace(one.graded, problem=told))
    graded = Class((one,), "reduced", settings.hidden, settings.carried_forward, tuple(problems))
    one = cleaned(graded).submissions[0]
    results = gradescope_json([one])
    results["output"] = "\n".join(_output(one, results["output"], told is None))
    return results


def _output(one: Submission, summary: str, was_graded: bool) -> list[str]:
    """What stands above the tests: which file, how many are right, in which tier."""
    if not was_graded:
        return [one.graded.problem]
    lang = one.graded.lang
    return [say("source", lang, source=one.source), summary, say_of_pages("reduced", lang)]
