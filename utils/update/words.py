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
