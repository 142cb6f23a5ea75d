"""What the site itself says, in both languages."""

from __future__ import annotations

from utils.tester.text import Text

NAMES = {"en": "English", "ja": "日本語"}

_WORDS = {
    "site": Text("Reservoir computing bootcamp", "リザバーコンピューティング演習"),
    "skip": Text("Skip to the text", "本文へ移動"),
    "contents": Text("Contents", "目次"),
    "contents_of": Text("Contents of this chapter", "この章の目次"),
    "theme": Text("Colours", "配色"),
    "auto": Text("As the system", "システムに合わせる"),
    "light": Text("Light", "ライト"),
    "dark": Text("Dark", "ダーク"),
    "language": Text("Language", "言語"),
    "chapters": Text("Chapters", "章の一覧"),
    "between": Text("Next and previous chapter", "前後の章"),
    "previous": Text("Previous", "前の章"),
    "next": Text("Next", "次の章"),
    "all": Text("All chapters", "章の一覧へ"),
    "exercise": Text("Exercise", "演習"),
    "exercises": Text("{} exercises", "演習{}問"),
    "minutes": Text("{} min", "{}分"),
    "setup": Text(
        "Set-up cell: finds the bootcamp's folder", "準備のセル（教材のフォルダを探します）"
    ),
    "answer": Text("Answer to advanced question", "発展問題の解答"),
    "colab": Text("Open in Colab", "Colabで開く"),
    "download": Text("Download the notebook", "ノートブックをダウンロード"),
    "download_note": Text(
        "It runs inside the bootcamp's folder.", "教材のフォルダの中で動きます。"
    ),
    "executed_note": Text(
        "Figures and printed lines come from a run in which every exercise is solved; yours appear "
        "as you solve them.",
        "図や出力は、演習をすべて解いた状態で実行したものです。ノートブックでは、解いていくにつれて現れます。",
    ),
    "to_solved": Text("With the answers", "解答つきのページ"),
    "to_exercises": Text("Without the answers", "解答なしのページ"),
    "solved": Text("Solved", "解答つき"),
    "solved_note": Text(
        "This page shows the answers, to exercises and advanced questions.",
        "このページには、演習と発展問題の解答が載っています。",
    ),
    "figure": Text("Figure", "図"),
    "code": Text("Code", "コード"),
    "turn": Text("Turn it in 3D", "3Dで回す"),
    "no_description": Text("a picture drawn by the code above", "上のコードが描いた図"),
    "welcome": Text(
        "Learn reservoir computing by writing it: echo state networks, closed-loop control, FORCE "
        "learning. You fill the gaps of a notebook and are told at once whether your function is "
        "right and, if it is not, what went wrong.",
        "手を動かしてリザバーコンピューティングを身につける、自動採点つきの教材です。"
        "ノートブックの空欄を埋めると、関数が正しいかどうか、正しくないときはどこがおかしいのかが、"
        "その場でわかります。",
    ),
    "to_read": Text(
        "Here you can read the chapters, with all their figures. To do the exercises, open a "
        "chapter in Colab, or get the bootcamp and start it on your own machine.",
        "このサイトでは、各章を図も含めて読めます。"
        "演習に取り組むには、章をColabで開くか、教材を手元に取得して起動してください。",
    ),
    "obtain": Text("Get the bootcamp", "教材を取得する"),
    "start": Text("Start reading", "読み始める"),
    "needs": Text("You need", "前提知識"),
    "takes": Text("some exercises take", "一部の演習で使うもの："),
    "licence": Text("MIT licence", "MITライセンス"),
}


def words(lang: str) -> dict[str, str]:
    """All of them in one language, by name."""
    return {name: text.in_language(lang) for name, text in _WORDS.items()}
