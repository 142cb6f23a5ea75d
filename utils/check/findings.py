"""What checking came to, and the words for it."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from utils.tester.messages import MESSAGES
from utils.tester.records import Exercise
from utils.tester.report import SIGNS as VERDICT_SIGNS
from utils.tester.text import Text
from utils.tester.verdict import Status

# A verdict's own states, and those that only a whole notebook can be in.
STATES: dict[str, Text] = {
    **{name: MESSAGES[name] for name in get_args(Status)},
    "missing": Text("Not in the notebook", "ノートブックにありません"),
}
SIGNS: dict[str, str] = {**VERDICT_SIGNS, "missing": "○"}

WORDS: dict[str, Text] = {
    "place": Text("code cell {number}", "コードセル{number}"),
    "at": Text("{place}, line {line}", "{place} {line}行目"),
    "passed_of": Text("{passed} of {total} exercises passed.", "{total}問中{passed}問が正解です。"),
    "heading": Text("{exercise} {title}: {state}", "{exercise} {title}：{state}"),
    "cell_failed": Text(
        "This came up before, in a cell that the exercise needs:",
        "演習が必要とするセルで、先に次のエラーが起きています：",
    ),
    "syntax": Text("The cell cannot be run: {what}.", "セルを実行できません（{what}）。"),
    "missing": Text(
        "There is neither a definition of {names} nor a call of test_func for it.",
        "{names} の定義も、この演習の test_func の呼び出しも見つかりません。",
    ),
    "stopped": Text(
        "It did not end within {seconds} s and was stopped: look for a loop that never ends.",
        "{seconds}秒以内に終わらなかったので止めました。終わらないループがないか確認してください。",
    ),
    "died": Text(
        "Python ended without a verdict (exit code {code}): the code ran out of memory, crashed "
        "or left by itself.",
        "Pythonが判定の前に終了しました（終了コード {code}）。メモリ不足、クラッシュ、"
        "またはコード自身による終了が考えられます。",
    ),
    "exercise": Text("Exercise", "演習"),
    "title": Text("Title", "題名"),
    "result": Text("Result", "結果"),
    "hint": Text("Hint", "ヒント"),
    "more": Text(
        "{count} more exercises; the summary of this run names them all.",
        "ほかに{count}問あります。すべての演習は、この実行のサマリーに載っています。",
    ),
    "watching": Text(
        "Watching for changes; Ctrl-C ends it.", "保存を待っています（Ctrl-C で終了）。"
    ),
    "unchanged": Text(
        "{time}  {path} was saved; no exercise has changed.",
        "{time}  {path} が保存されました。変わった演習はありません。",
    ),
    "changed": Text(
        "{time}  {path} was saved; checked again: {exercises}",
        "{time}  {path} が保存されました。判定し直した演習：{exercises}",
    ),
    "no_chapter": Text(
        "{path} belongs to no chapter: neither a load_from_chapter_name call nor its file name "
        "says which.",
        "{path} がどの章のものかわかりません。load_from_chapter_name の呼び出しにも"
        "ファイル名にも手がかりがありません。",
    ),
    "no_notebooks": Text(
        "There is no notebook here. Name one: python -m utils check chapters/en/NAME.ipynb",
        "ここにはノートブックがありません。次のように指定してください："
        "python -m utils check chapters/ja/NAME.ipynb",
    ),
}


def say(name: str, lang: str, /, **values: object) -> str:
    """One of ``WORDS`` in one language, its braces filled in."""
    return WORDS[name].in_language(lang).format(**values)


@dataclass(frozen=True)
class Finding:
    """What became of one exercise.

    Attributes:
        exercise: its id.
        title: in the notebook's language.
        state: one of ``STATES``.
        hint: a line that helps, empty if there is none.
        text: all there is to say, as plain text that begins with exercise and state.
        source: a hash of the learner's functions, empty where there are none to run.
        picture: the case that fails, or one as an example, as plain text.
    """

    exercise: str
    title: str
    state: str
    hint: str
    text: str
    source: str = ""
    picture: str = ""

    @property
    def passed(self) -> bool:
        return self.state == "passed"


def unjudged(exercise: Exercise, state: str, hint: str, text: str, lang: str) -> Finding:
    """A finding without a verdict; ``text`` says why there is none."""
    title = exercise.title.in_language(lang)
    named = say("heading", lang, exercise=exercise.id, title=title, state=name_of(state, lang))
    heading = f"{sign_of(state)} {named}"
    return Finding(exercise.id, title, state, hint, f"{heading}\n{textwrap.indent(text, '  ')}")


def name_of(state: str, lang: str) -> str:
    """A state in words."""
    return STATES[state].in_language(lang)


def sign_of(state: str) -> str:
    """A state in one character."""
    return SIGNS[state]


@dataclass(frozen=True)
class Checked:
    """A notebook and what became of its exercises."""

    path: Path
    chapter: str
    lang: str
    findings: tuple[Finding, ...]
