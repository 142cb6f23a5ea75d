"""The model's answers, as far as they are given out."""

from __future__ import annotations

import linecache
import os
import re
from typing import Any, Literal

from utils.tester.answers import AnswersProblem, AnswersSealed, is_sealed, read_answers
from utils.tester.chapter import answers_path, unknown
from utils.tester.markers import keep_language, without_markers
from utils.tester.messages import say
from utils.tester.wrong_call import WrongCall

VARIABLE = "BOOTCAMP_PASSPHRASE"  # the environment variable that opens sealed answers


class Solutions:
    """The answers of one chapter; sealed ones stay open once they have been opened."""

    def __init__(self, chapter: str, lang: str) -> None:
        self._chapter = chapter
        self._lang = lang
        self._opened: dict[str, dict[str, Any]] | None = None

    @property
    def given_out(self) -> bool:
        """Whether there are answers at all, open or sealed."""
        return answers_path(self._chapter).is_file()

    @property
    def state(self) -> Literal["open", "sealed", "withheld"]:
        """Whether the answers can be had: at once, with a passphrase, or not at all."""
        if not self.given_out:
            return "withheld"
        path = answers_path(self._chapter)
        return "sealed" if self._opened is None and is_sealed(path) else "open"

    def source(self, exercise_id: str, name: str | None, passphrase: str | None, call: str) -> str:
        """The answer to an exercise or an advanced question, or one function of it, to be read.

        Args:
            exercise_id: "02_01", "02_A1".
            name: a function's name; None for the whole answer.
            passphrase: for sealed answers.
            call: what the learner called, for telling them how to call it with a passphrase.

        Raises:
            WrongCall: there is no such answer or function, or answers are withheld or sealed.
        """
        answer = self._answer(exercise_id, passphrase, call)
        if name is None:
            return without_markers(keep_language(answer["source"], self._lang))
        if name not in answer["functions"]:
            raise WrongCall(unknown("unknown_function", name, answer["functions"], self._lang))
        return without_markers(keep_language(answer["functions"][name], self._lang))

    def bind(
        self, exercise_id: str, namespace: dict[str, Any], passphrase: str | None, call: str
    ) -> list[str]:
        """Define the model's functions in a namespace; returns their names.

        Raises:
            WrongCall: as ``source`` does; or the answer defines no function, or needs a name that
                the namespace lacks.
        """
        answer = self._answer(exercise_id, passphrase, call)
        if not answer["functions"]:
            raise WrongCall(say("nothing_to_use", self._lang, exercise=exercise_id))
        source = keep_language(answer["source"], self._lang)
        # Where a traceback, inspect and the search for gaps look a function's source up.
        place = f"<answer {exercise_id}>"
        linecache.cache[place] = (len(source), None, source.splitlines(keepends=True), place)
        try:
            exec(compile(source, place, "exec"), namespace)
        except NameError as error:  # a base class, say, that the chapter imports
            missing = {"exercise": exercise_id, "name": error.name}
            raise WrongCall(say("answer_needs", self._lang, **missing)) from None
        return list(answer["functions"])

    def _answer(self, exercise_id: str, passphrase: str | None, call: str) -> dict[str, Any]:
        answers = self._read(exercise_id, passphrase, call)
        if exercise_id not in answers:
            raise WrongCall(unknown("unknown_answer", exercise_id, answers, self._lang))
        return answers[exercise_id]

    def _read(
        self, exercise_id: str, passphrase: str | None, call: str
    ) -> dict[str, dict[str, Any]]:
        if self._opened is not None:
            return self._opened
        if not self.given_out:
            raise WrongCall(say("withheld", self._lang))
        try:
            path = answers_path(self._chapter)
            self._opened = read_answers(path, passphrase or os.environ.get(VARIABLE))
        except AnswersSealed as problem:
            how = say("sealed", self._lang, call=call, exercise=exercise_id, variable=VARIABLE)
            space = " " if self._lang == "en" else ""
            raise WrongCall(problem.message.in_language(self._lang) + space + how) from None
        except AnswersProblem as problem:
            raise WrongCall(problem.message.in_language(self._lang)) from None
        return self._opened


def as_markdown(source: str) -> str:
    """Python source as a code block, which every notebook colours in its own theme."""
    longest = max(map(len, re.findall("`+", source)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}python\n{source.rstrip()}\n{fence}"
