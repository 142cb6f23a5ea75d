"""What an update says, in both languages."""

from __future__ import annotations

from utils.tester.text import Text

# What became of a notebook's cells, in the order in which it is told: ``{cells}`` are their names.
EVENTS: dict[str, Text] = {
    "carried": Text("your code is in the new version: {cells}", "引き継いだコード：{cells}"),
    "merged": Text(
        "changed by you and by the course, in different lines; look through and run again: {cells}",
        "あなたと教材の両方が別々の行を変更していたので、両方を取り入れました。"
        "内容を確かめてから、もう一度実行してください：{cells}",
    ),
    "new_exercise": Text("new: {cells}", "新しい演習：{cells}"),
    "returned": Text(
        "you had deleted it; it is back as it comes: {cells}",
        "削除されていたので、元の状態で戻しました：{cells}",
    ),
    "gone_exercise": Text("no longer in the course: {cells}", "教材からなくなった演習：{cells}"),
    "clash": Text(
        "CONFLICT: the starter changed in lines that you had written on. Your code is kept, "
        "the new starter stands below it: {cells}",
        "要確認：あなたが書き込んだ行で、元のコードも変更されています。あなたのコードを残し、"
        "新しい元のコードをその下に示しました：{cells}",
    ),
    "two_versions": Text(
        "CONFLICT: changed by you and by the course in the same lines. Both are kept, yours below "
        "the new one: {cells}",
        "要確認：同じ行があなたと教材の両方で変更されています。新しい版の下に、"
        "あなたの版も残しました：{cells}",
    ),
    "gone_kept": Text(
        "CONFLICT: no longer in the course, but you had written into it, so your cell is kept: "
        "{cells}",
        "要確認：教材からなくなりましたが、あなたの書き込みがあるのでセルを残しました：{cells}",
    ),
    "no_base": Text(
        "CONFLICT: nothing here tells which version you began with. Your cells are kept as they "
        "are, and only new cells are added: {cells}",
        "要確認：どの版から始めたのかを示すものがありません。あなたのセルはそのまま残し、"
        "新しいセルだけを加えました：{cells}",
    ),
}
CONFLICTS = frozenset({"clash", "two_versions", "gone_kept", "no_base"})

# What is compared of an exercise's checks.
ASPECTS: dict[str, Text] = {
    "functions": Text("functions", "関数"),
    "gaps": Text("gaps", "空欄"),
    "cases": Text("cases", "テストケース"),
    "rules": Text("how it is judged", "判定方法"),
}

WORDS: dict[str, Text] = {
    "newest": Text("Already up to date.", "すでに最新の状態です。"),
    "to": Text("New version: {version}", "新しい版：{version}"),
    "dry": Text(
        "Nothing was changed (--dry-run). This is what an update would do:",
        "何も変更していません（--dry-run）。更新すると次のようになります：",
    ),
    "done": Text("Updated.", "更新しました。"),
    "copies": Text(
        "What stood there before is kept in {folder}",
        "更新前のファイルはここに残してあります：{folder}",
    ),
    "reload": Text(
        "Reload notebooks that are open (File > Reload Notebook from Disk) and restart their "
        "kernels.",
        "開いているノートブックは読み込み直し（File > Reload Notebook from Disk）、"
        "カーネルを再起動してください。",
    ),
    "nothing_changed": Text("Nothing was changed.", "何も変更していません。"),
    "recovered": Text(
        "An earlier update was cut off; everything it had changed was put back first.",
        "以前の更新が途中で止まっていたので、先にすべてを元に戻しました。",
    ),
    "left_alone": Text(
        "Changed since then and left as they are: {files}. Their older versions are in {folder}.",
        "その後に変更されたため、そのままにしたファイル：{files}。以前の版は {folder} にあります。",
    ),
    "cut_off": Text(
        "An earlier update was cut off; without --dry-run everything is put back first.",
        "以前の更新が途中で止まっています。--dry-run を付けずに実行すると、先に元に戻します。",
    ),
    "replaced": Text(
        "! You had changed these files of the course; the new ones are taken, yours are in the "
        "copies: {files}",
        "! 変更が加えられていた教材のファイルを、新しい版に置き換えました。"
        "あなたの版は控えにあります：{files}",
    ),
    "new_notebooks": Text("New notebooks: {files}", "新しいノートブック：{files}"),
    "other_files": Text("Other files of the course: {count}", "その他の教材ファイル：{count}件"),
    "checks_changed": Text(
        "{chapter}: these exercises are judged otherwise than before; run their cells again:",
        "{chapter}：判定が変わった演習です。セルをもう一度実行してください：",
    ),
    "checks_new": Text(
        "{chapter}: new exercises: {exercises}", "{chapter}：新しい演習：{exercises}"
    ),
    "checks_gone": Text(
        "{chapter}: exercises that are gone: {exercises}",
        "{chapter}：なくなった演習：{exercises}",
    ),
    "look": Text("Look through the places marked with !.", "! の付いた箇所を確認してください。"),
}


def say(name: str, lang: str, **values: object) -> str:
    """One of ``WORDS`` in one language, its braces filled in."""
    return WORDS[name].in_language(lang).format(**values)
