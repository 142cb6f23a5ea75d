"""The words and signs of the pages that are written, in both languages."""

from __future__ import annotations

from tools.grade.marks import Mark
from utils.check.findings import SIGNS as CHECK_SIGNS
from utils.check.findings import STATES as CHECK_STATES
from utils.tester.text import Text

# Right with the model's functions: no status of its own, and more than one that failed.
CARRIED = "carried"

STATES: dict[str, Text] = {
    **CHECK_STATES,
    "crashed": Text("Python crashed", "Pythonが異常終了しました"),
    "memory": Text("Out of memory", "メモリ不足です"),
    CARRIED: Text("Right, but for an earlier exercise", "正解です（前の演習に誤り）"),
}
SIGNS: dict[str, str] = {**CHECK_SIGNS, "crashed": "✗", "memory": "✗", CARRIED: "◐"}

WORDS: dict[str, Text] = {
    "title": Text("Feedback: {chapter}", "採点結果：{chapter}"),
    "student": Text("Student", "提出者"),
    "file": Text("File", "提出ファイル"),
    "points": Text("{score} of {total} points", "{total}点満点中{score}点"),
    "right": Text("{passed} of {total} exercises are right.", "{total}問中{passed}問が正解です。"),
    "all_right": Text(
        "All {total} exercises are right. Well done!", "{total}問すべて正解です。よくできました。"
    ),
    "exercise": Text("Exercise", "演習"),
    "result": Text("Result", "結果"),
    "score": Text("Points", "得点"),
    "begin": Text("Where to go on: {exercise}.", "まずは{exercise}から見直してみましょう。"),
    "carried": Text(
        "Your code for this exercise is right: it passes once the functions that it takes from "
        "earlier exercises are replaced by the model's. It earns {score} of {total} points. Put "
        "the earlier exercise right, and this one passes too.",
        "この演習のコードは正しく書けています。前の演習の関数を解答のものに置き換えると、"
        "正しく動きました（{total}点中{score}点）。前の演習を直せば、この演習も正解になります。",
    ),
    "carried_run": Text(
        "What happens with your own functions of the earlier exercises",
        "自分で書いた前の演習の関数を使った場合の結果",
    ),
    "how": Text("How this was marked", "採点方法"),
    "cases": Text(
        "Each exercise was run on the cases of the notebook, the same that `test_func` shows you.",
        "どの演習も、ノートブックの `test_func` と同じケースで実行しました。",
    ),
    "cases_hidden": Text(
        "Each exercise was run on the cases of the notebook, the same that `test_func` shows you, "
        "and on {hidden} more with other values, which are not shown.",
        "どの演習も、ノートブックの `test_func` と同じケースに加えて、"
        "値の異なる非公開のケース{hidden}個で実行しました。",
    ),
    "marking": Text(
        "An exercise earns all its points or none.",
        "得点は演習ごとに満点か0点で、部分点はありません。",
    ),
    "marking_carried": Text(
        "An exercise earns all its points or none; one that is right but for an earlier exercise "
        "earns {share} % of them.",
        "得点は演習ごとに満点か0点です。ただし、誤りが前の演習だけにある場合は、"
        "配点の{share}％を得点とします。",
    ),
    "reduced": Text("It was run with reduced isolation.", "採点は、簡易な隔離環境で実行しました。"),
    "nothing": Text("The notebook could not be marked.", "ノートブックを採点できませんでした。"),
    "no_chapter": Text("unknown chapter", "章は不明"),
}


def say(name: str, lang: str, **values: object) -> str:
    """One of ``WORDS`` in one language, its braces filled in."""
    return WORDS[name].in_language(lang).format(**values)


def state_of(mark: Mark) -> str:
    """What a mark is shown as: its status, or that it was carried forward."""
    return CARRIED if mark.carried_forward and mark.status != "passed" else mark.status


def points(value: float) -> str:
    """Points as people write them: 2, 1.5, 0.33."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
