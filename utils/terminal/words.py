"""What the terminal says beside verdicts and progress, in both languages."""

from __future__ import annotations

from utils.tester.text import Text

WORDS: dict[str, Text] = {
    "several": Text(
        "Several chapters have an exercise {exercise}. Say which one: {names}",
        "演習{exercise}は複数の章にあります。章も指定してください：{names}",
    ),
    "no_exercise": Text(
        "There is no exercise {exercise}. `python -m utils` lists them all.",
        "演習{exercise}はありません。`python -m utils` で一覧を表示できます。",
    ),
    "no_chapter": Text(
        "There is no chapter {chapter}. There are: {names}",
        "{chapter} という章はありません。あるのは次のとおりです：{names}",
    ),
    "no_notebook": Text(
        "There is no notebook of {chapter} in work/{lang} or chapters/{lang}. "
        "Name yours: --notebook FILE",
        "work/{lang} にも chapters/{lang} にも {chapter} のノートブックがありません。"
        "`--notebook FILE` で指定してください。",
    ),
    "needs": Text("You need {needs}", "前提知識：{needs}"),
    "minutes": Text("about {minutes} min", "目安{minutes}分"),
    "unjudged": Text(
        "A check mark means that you have passed it once; other states are those of your last "
        "runs. `python -m utils check` judges your notebooks now.",
        "✓ は一度でも正解した演習です。ほかの状態は、最後に実行したときのものです。"
        "`python -m utils check` でいまのノートブックを判定できます。",
    ),
    "next": Text("Next: {exercise} ({time})", "次は：{exercise}（{time}）"),
    "chapter": Text("Chapter", "章"),
    "place": Text("Place", "場所"),
    "under": Text('{path}, under "{heading}"', "{path} の「{heading}」"),
    "defining": Text(
        "{path}, the cell that defines {names}", "{path} の、{names} を定義しているセル"
    ),
    "gone": Text(
        "{path}, where its cell is gone: `{call}` puts it back",
        "{path}（セルがありません。`{call}` で元に戻せます）",
    ),
    "open": Text("Open", "開く"),
    "first": Text("First", "その前に"),
    "install": Text("Install", "入れるもの"),
    "stuck": Text("Stuck?", "行き詰まったら"),
    "broken_since": Text(
        "Passed before, but not the last time: {names}",
        "一度は正解したが、最後の判定では正解でなかった演習：{names}",
    ),
    "wrote": Text("Wrote {path}.", "{path} に書き出しました。"),
    "cannot_write": Text(
        "{path} cannot be written: {reason}.", "{path} に書き込めません（{reason}）。"
    ),
    "reset_what": Text(
        "This puts exercise {exercise} in {path} (code cell {number}) back as it came. "
        "A copy of the notebook is kept.",
        "{path} の演習{exercise}（コードセル{number}）を、配布されたときの状態に戻します。"
        "ノートブックのコピーを残します。",
    ),
    "reset_missing": Text(
        "This puts the cell of exercise {exercise} back into {path}, where it is gone. "
        "A copy of the notebook is kept.",
        "{path} からなくなっている演習{exercise}のセルを元に戻します。"
        "ノートブックのコピーを残します。",
    ),
    "sure": Text("Go on? [y/N] ", "続けますか [y/N] "),
    "left_alone": Text("Nothing was changed.", "何も変更していません。"),
    "say_yes": Text(
        "Nobody is there to ask: give --yes to do it.",
        "確認できないので中止しました。実行するには --yes を付けてください。",
    ),
    "was_reset": Text(
        "Exercise {exercise} is as it came. Your notebook as it was: {backup}",
        "演習{exercise}を配布されたときの状態に戻しました。元のノートブック：{backup}",
    ),
    "reload": Text(
        "Is it open in Jupyter? Then load it anew before you type: "
        "File > Reload Notebook from Disk.",
        "Jupyterで開いている場合は、編集する前に読み込み直してください："
        "File > Reload Notebook from Disk",
    ),
    "also_defined": Text(
        "Code cell {number} defines {names}, too; look whether you still need it.",
        "コードセル{number}でも {names} を定義しています。まだ必要か確かめてください。",
    ),
    "as_it_came": Text(
        "Exercise {exercise} is as it came already; nothing was changed.",
        "演習{exercise}は配布されたときのままなので、何も変更していません。",
    ),
    "no_starter": Text(
        "The bootcamp's files do not hold the cell as it came: get chapters/ anew.",
        "配布されたときのセルが教材のファイルにありません。chapters/ を取得し直してください。",
    ),
}


def say(name: str, lang: str, /, **values: object) -> str:
    """One of ``WORDS`` in one language, its braces filled in, as a terminal shows it."""
    return WORDS[name].in_language(lang).format(**values).replace("`", "")
