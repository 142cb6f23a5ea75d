"""What a notebook calls: one chapter, opened in one language."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import replace
from types import CodeType
from typing import Any

from utils.optional import install_command, missing_packages
from utils.progress.diary import Diary
from utils.tester.caller import callers_namespace, namespace_of
from utils.tester.calling import LocalCaller
from utils.tester.chapter import find_exercise, open_chapter
from utils.tester.debug import traced
from utils.tester.display import show
from utils.tester.judge import judge
from utils.tester.ladder import (
    exercise_with_hints,
    is_picture,
    length,
    notebook_door,
    picture,
    step_report,
)
from utils.tester.learner_source import digest_of, untouched_gaps
from utils.tester.messages import say
from utils.tester.records import Chapter, Exercise
from utils.tester.report import report_of
from utils.tester.show_html import as_html
from utils.tester.show_text import as_text
from utils.tester.solutions import Solutions, as_markdown
from utils.tester.text import LANGUAGES
from utils.tester.verdict import Verdict
from utils.tester.wrong_call import WrongCall


class Session:
    """One chapter in one language; its methods are what the set-up cell hands to the notebook."""

    def __init__(self, chapter: Chapter, lang: str) -> None:
        self.chapter = chapter
        self.lang = lang
        self.solutions = Solutions(chapter.name, lang)
        self.diary = Diary(lambda reason: print(say("not_kept", lang, reason=reason)))
        self.verdicts: dict[str, Verdict] = {}  # the last one of each exercise

    def test_func(
        self,
        function: Callable[..., Any],
        exercise_id: str,
        multiple_output: bool = False,
        debug_mode: int = 0,
    ) -> Verdict:
        """Judge a function of yours and show the verdict.

        Whatever the function does, no exception of its own comes out of here, unless asked for.

        Args:
            function: the function itself, without parentheses.
            exercise_id: the exercise it solves, such as "02_01".
            multiple_output: True when the function returns several values, judged one by one.
            debug_mode: 0 shows the verdict alone; 1 also prints each case as it is called, with
                its inputs and what came back; 2 does that and then raises the first exception of
                your function again, so that ``%debug`` takes you to the place.

        Returns:
            The verdict: ``verdict.passed``, ``verdict.status`` and ``verdict.hint`` tell what came
            of it, ``str(verdict)`` is its text.

        Raises:
            WrongCall: the call itself cannot be meant (no such exercise, not a function, ...).
        """
        exercise = self._exercise_of_call(function, exercise_id, multiple_output)
        lacking = missing_packages(exercise.packages)
        if lacking:
            return self._show(Verdict(exercise, "unavailable", lacking=lacking, lang=self.lang))
        namespace = namespace_of(function)
        self._check_names(exercise, function, namespace)
        call = LocalCaller(function, namespace, exercise.harness)
        if debug_mode:
            call = traced(call, exercise, function, self.lang)
        untouched = untouched_gaps(exercise.functions, namespace)
        unready = [need for need in exercise.needs if not self._is_ready(need, namespace)]
        verdict = judge(exercise, call, untouched, self.lang, unready)
        verdict = self._show(self._kept(verdict, namespace))
        if debug_mode >= 2:
            raised = (result.outcome.exception for result in verdict.results)
            first = next((exception for exception in raised if exception), None)
            if first:
                raise first
        return verdict

    def show_solution(
        self, exercise_id: str, name: str | None = None, passphrase: str | None = None
    ) -> None:
        """Print the model's answer to an exercise or an advanced question.

        Args:
            exercise_id: "02_01", "02_A1".
            name: one function of it; without a name the whole answer.
            passphrase: where your instructor has sealed the answers; so does the environment
                variable BOOTCAMP_PASSPHRASE.

        Raises:
            WrongCall: there is no such answer, or it has not been given out.
        """
        source = self.solutions.source(exercise_id, name, passphrase, "show_solution")
        show(source, "text/markdown", lambda: as_markdown(source))
        self._answer_seen(exercise_id)

    def hint(self, exercise_id: str, step: int | None) -> None:
        door, answers = notebook_door(exercise_id), self.solutions.state
        exercise = exercise_with_hints(self.chapter, exercise_id, self.lang, door, answers)
        total = length(exercise)
        kept = self.diary.of(self.chapter.name, exercise_id)
        if step is None:
            step = min(kept.hints + 1, total)
        elif isinstance(step, bool) or not isinstance(step, int) or not 1 <= step <= total:
            given = {"exercise": exercise_id, "total": total, "given": repr(step)}
            raise WrongCall(say("no_such_step", self.lang, **given))
        case = ()
        if is_picture(exercise, step):
            case = picture(exercise, self.verdicts.get(exercise_id), self.lang)
        if kept.is_passed:  # how far one is, is not remembered any more
            door = notebook_door(exercise_id, step + 1)
        report = step_report(exercise, step, self.lang, door, answers, case)
        show(as_text(report), "text/html", lambda: as_html(report))
        self.diary.hint(self.chapter.name, exercise_id, step)

    def show_progress(self) -> None:
        # Not with this file: it is made of what this package says and knows.
        from utils.progress.overview import overview_of
        from utils.progress.show_html import as_html as progress_html
        from utils.progress.show_text import as_text as progress_text

        overview = overview_of(self.diary.all(), self.lang, self.chapter.name)
        text = progress_text(overview, (self.chapter.name,))
        show(text, "text/html", lambda: progress_html(overview, (self.chapter.name,)))

    def use_solution(self, exercise_id: str, passphrase: str | None) -> None:
        namespace = callers_namespace()
        names = self.solutions.bind(exercise_id, namespace, passphrase, "use_solution")
        print(say("used", self.lang, exercise=exercise_id, names=", ".join(names)))
        self._answer_seen(exercise_id)

    def ready(self, exercise_ids: tuple[str, ...]) -> bool:
        namespace = callers_namespace()
        exercises = [find_exercise(self.chapter, name, self.lang) for name in exercise_ids]
        packages = dict.fromkeys(name for one in exercises for name in one.packages)
        lacking = missing_packages(tuple(packages))
        if lacking:
            command = install_command(lacking)
            print(say("lacking_for_demo", self.lang, packages=", ".join(lacking), command=command))
            return False
        still_open = [one.id for one in exercises if not self._is_ready(one.id, namespace)]
        if still_open:
            print(self._do_first(still_open).replace("`", ""))
        return not still_open

    def _do_first(self, exercise_ids: Sequence[str]) -> str:
        """Which exercises a demo waits for, and how to go on without them."""
        between = "、" if self.lang == "ja" else ", "
        calls = between.join(f'`use_solution("{one}")`' for one in exercise_ids)
        many = "" if len(exercise_ids) == 1 else "_several"
        sentence = say(f"do_first{many}", self.lang, exercises=between.join(exercise_ids))
        if self.solutions.given_out:
            sentence += say(f"or_use{many}", self.lang, calls=calls)
        return sentence

    def _show(self, verdict: Verdict) -> Verdict:
        report = report_of(verdict)
        show(as_text(report), "text/html", lambda: as_html(report))
        return verdict

    def _kept(self, verdict: Verdict, namespace: dict[str, Any]) -> Verdict:
        """The verdict as it is to be shown, once it has been written down."""
        exercise = verdict.exercise
        self.verdicts[exercise.id] = verdict
        source = digest_of(exercise.functions, namespace)
        kept = self.diary.verdict(self.chapter.name, exercise.id, verdict.status, source)
        # A notebook of an older version may lack the name.
        can_ask = namespace.get("hint") is hint
        if can_ask and not verdict.passed and verdict.results and kept.hints < length(exercise):
            return replace(verdict, next_hint=notebook_door(exercise.id).hint)
        return verdict

    def _answer_seen(self, exercise_id: str) -> None:
        if exercise_id in self.chapter.exercises:  # and no advanced question
            self.diary.answer(self.chapter.name, exercise_id)

    def _is_ready(self, exercise_id: str, namespace: dict[str, Any]) -> bool:
        functions = self.chapter.exercises[exercise_id].functions
        defined = all(name in namespace for name in functions)
        return defined and not untouched_gaps(functions, namespace)

    def _exercise_of_call(self, function: Any, exercise_id: Any, multiple_output: bool) -> Exercise:
        if isinstance(function, str) and function in self.chapter.exercises:
            raise WrongCall(say("swapped", self.lang, exercise=function))
        exercise = find_exercise(self.chapter, exercise_id, self.lang)
        if not callable(function):
            kind = type(function).__name__
            raise WrongCall(say("not_a_function", self.lang, type=kind))
        count = len(exercise.outputs)
        if bool(multiple_output) != (count > 1):
            wanted = {"exercise": exercise.id, "count": count, "value": count > 1}
            raise WrongCall(say("say_multiple", self.lang, **wanted))
        return exercise

    def _check_names(self, exercise: Exercise, function: Any, namespace: dict[str, Any]) -> None:
        """That everything the exercise calls is there, and that the harness is its own."""
        needed = [case.call for case in exercise.cases if case.call]
        name = getattr(function, "__name__", None)
        is_harness = name is not None and name == exercise.harness
        if is_harness:
            needed += exercise.functions
        for name in needed:
            if name not in namespace:
                missing = {"exercise": exercise.id, "function": name}
                raise WrongCall(say("not_defined", self.lang, **missing))
        # Every exercise's harness has the same name: the one in force may be another one's.
        if is_harness and not set(exercise.functions) & _names_used(function):
            raise WrongCall(say("other_harness", self.lang, exercise=exercise.id))


_current: Session | None = None


def load_from_chapter_name(
    name: str, lang: str = "en"
) -> tuple[Callable[..., Verdict], Callable[..., None]]:
    """Open a chapter: ``test_func, show_solution = load_from_chapter_name("08_...")``.

    Works in any working directory. ``use_solution`` and ``ready`` then mean this chapter.

    Args:
        name: the chapter's, such as "08_closed_loop_control".
        lang: the language of everything shown, "en" or "ja".

    Raises:
        WrongCall: there is no such chapter or language, or the chapter's references cannot be read.
    """
    global _current
    if lang not in LANGUAGES:
        raise WrongCall(say("unknown_language", "en", lang=lang))
    _current = Session(open_chapter(name, lang), lang)
    return _current.test_func, _current.show_solution


def use_solution(exercise_id: str, passphrase: str | None = None) -> None:
    """Define the model's functions of an exercise here, in place of yours, and go on.

    Args:
        exercise_id: such as "02_01".
        passphrase: where your instructor has sealed the answers.

    Raises:
        WrongCall: there is no such answer, or it has not been given out.
    """
    _opened().use_solution(exercise_id, passphrase)


def hint(exercise_id: str, step: int | None = None) -> None:
    """Show the next hint on an exercise: first where to look, then how, then a case, the answer.

    Each call goes one step further; how far is remembered with your progress, until you have passed
    the exercise.

    Args:
        exercise_id: such as "02_01".
        step: shows this step, counted from 1, once more.

    Raises:
        WrongCall: there is no such exercise or step.
    """
    _opened().hint(exercise_id, step)


def show_progress() -> None:
    """Show how far you are: this chapter's exercises, all chapters, and what comes next."""
    _opened().show_progress()


def ready(*exercise_ids: str) -> bool:
    """Whether these exercises' functions are defined here without a gap; if not, prints what to do.

    False too where a package that the exercise takes is not installed.

    Raises:
        WrongCall: there is no such exercise.
    """
    return _opened().ready(exercise_ids)


def _opened() -> Session:
    if _current is None:
        raise WrongCall(say("no_chapter_yet", "en") + " / " + say("no_chapter_yet", "ja"))
    return _current


def _names_used(function: Any) -> set[str]:
    """The global names in a function's code and in the functions inside it."""
    names, waiting = set(), [getattr(inspect.unwrap(function), "__code__", None)]
    while waiting:
        code = waiting.pop()
        if isinstance(code, CodeType):
            names.update(code.co_names)
            waiting += code.co_consts
    return names
