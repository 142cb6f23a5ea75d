"""What a learner reads of grading that no verdict says, in both languages."""

from __future__ import annotations

import builtins
from collections.abc import Sequence

from utils.tester.text import Text
from utils.tester.verdict import CaseResult

# Limits are told from what the model takes on this machine, so no text names one: the same answer
# gets the same words on every machine.
WORDS: dict[str, Text] = {
    "timeout": Text(
        "It did not end in time and was stopped: look for a loop that never ends.",
        "時間内に終わらなかったので止めました。終わらないループがないか確認してください。",
    ),
    "no_time": Text(
        "It was not run: the exercises before it took all the time that there is for a "
        "submission. Look for loops that never end in those.",
        "この演習は実行していません。提出物全体に使える時間を、先に実行した演習が使い切りました。"
        "それらに終わらないループがないか確認してください。",
    ),
    "memory": Text(
        "It took too much memory and was stopped: look for a list that grows without end, or an "
        "array of the wrong size.",
        "メモリを使いすぎたので止めました。際限なく伸びるリストや、大きさを間違えた配列がないか"
        "確認してください。",
    ),
    "crashed": Text(
        "Its process ended before it answered: the code left by itself, or Python crashed. "
        "Restart the kernel, run all cells and call test_func again.",
        "答えを返す前に、コードを実行していたプロセスが終了しました。コードが自分で終了したか、"
        "Python が異常終了しています。カーネルを再起動し、すべてのセルを実行してから、"
        "もう一度 test_func を呼んでみてください。",
    ),
    "missing": Text(
        "There is no definition of {names} in force where test_func is called.",
        "test_func を呼ぶ時点で {names} が定義されていません。",
    ),
    "not_callable": Text(
        "What is handed to test_func is no function.",
        "test_func に渡しているものが関数ではありません。",
    ),
    "hidden": Text(
        "All {public} cases of the notebook come out right, but {wrong} of {total} hidden ones do "
        "not. They are drawn anew, of the same kind: look for what your code takes from the "
        "notebook's cases instead of from its arguments.",
        "ノートブックの{public}個のケースにはすべて正解していますが、非公開の{total}個のうち"
        "{wrong}個が正しくありません。非公開のケースは、同じ種類の問題を新しく引き直したものです。"
        "引数から求めるべき値を、ノートブックのケースに合わせて決め打ちしていないか確認してください。",
    ),
    "hidden_value": Text("`{name}` has wrong values there.", "`{name}` の値が違います。"),
    "hidden_shape": Text("`{name}` has a wrong shape there.", "`{name}` の形状が違います。"),
    "hidden_type": Text("`{name}` is of a wrong type there.", "`{name}` の型が違います。"),
    "hidden_input": Text(
        "The argument `{name}` is not as it should be after the call.",
        "呼び出した後の引数 `{name}` が、本来の状態になっていません。",
    ),
    "hidden_count": Text("The number of outputs is wrong there.", "出力の個数が違います。"),
    "hidden_error": Text("It ends with {kind} there.", "{kind} で止まります。"),
    "hidden_own_error": Text("It ends with an exception there.", "例外で止まります。"),
    "hidden_time": Text("It does not end in time there.", "時間内に終わりません。"),
    "carried": Text(
        "With the model's {needs} it passes: what is wrong comes from there.",
        "{needs} を解答に置き換えると正解になります。間違いの原因はそちらにあります。",
    ),
    "unavailable": Text(
        "It takes {packages}, which the machine that grades has not. It counts neither for nor "
        "against you.",
        "この演習には {packages} が必要ですが、採点したマシンに入っていません。"
        "得点にも減点にもなりません。",
    ),
    "unknown_chapter": Text(
        "The notebook says that it is of the chapter {chapter}, which there is not.",
        "ノートブックは {chapter} という章のものとされていますが、そのような章はありません。",
    ),
    "too_slow": Text(
        "The notebook takes too long or too much memory to be read.",
        "ノートブックの読み込みに時間がかかりすぎるか、メモリを使いすぎています。",
    ),
}


def say(name: str, lang: str, /, **values: object) -> str:
    """One of ``WORDS`` in one language, its braces filled in."""
    return WORDS[name].in_language(lang).format(**values)


def say_hidden(results: Sequence[CaseResult], public: int, lang: str) -> str:
    """What became of the hidden cases, in words and without a value."""
    wrong = [result for result in results if not result.passed]
    told = say("hidden", lang, public=public, wrong=len(wrong), total=len(results))
    kinds = dict.fromkeys(_kind(result, lang) for result in wrong)
    return "\n".join([told, *kinds])


def _raised(kind: str, lang: str) -> str:
    """An exception by its name, if Python made it: a class of one's own could spell an input."""
    known = getattr(builtins, kind, None)
    if isinstance(known, type) and issubclass(known, BaseException):
        return say("hidden_error", lang, kind=kind)
    return say("hidden_own_error", lang)


def _kind(result: CaseResult, lang: str) -> str:
    """In which way a hidden case came out wrong."""
    outcome = result.outcome
    if outcome.timed_out:
        return say("hidden_time", lang)
    if outcome.raised is not None:
        return _raised(outcome.raised.kind, lang)
    if outcome.misfit is not None:
        return say("hidden_error", lang, kind="TypeError")
    failure = result.failures[0]
    if failure.role == "count":
        return say("hidden_count", lang)
    if failure.role in ("mutated", "preserved"):
        return say("hidden_input", lang, name=failure.name)
    kind = failure.difference.kind if failure.difference else "value"
    word = {"shape": "hidden_shape", "length": "hidden_shape", "type": "hidden_type"}
    return say(word.get(kind, "hidden_value"), lang, name=failure.name)
