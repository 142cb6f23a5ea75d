"""What is said about progress, in both languages."""

from __future__ import annotations

from collections.abc import Iterable

from utils.progress.kept import Kept
from utils.tester.messages import MESSAGES
from utils.tester.report import SIGNS
from utils.tester.text import Text

WORDS: dict[str, Text] = {
    "title": Text("Your progress", "学習の進み具合"),
    "passed_of": Text("{passed} of {total} exercises passed", "{total}問中{passed}問正解"),
    "left": Text("about {time} to go", "残り約{time}"),
    "all_chapters": Text("All chapters", "全章"),
    "so_far": Text("{time} so far", "これまでに{time}"),
    "minutes": Text("{minutes} min", "{minutes}分"),
    "hours": Text("{hours} h", "{hours}時間"),
    "hours_minutes": Text("{hours} h {minutes} min", "{hours}時間{minutes}分"),
    "moments": Text("under a minute", "1分未満"),
    "attempt": Text("1 attempt", "挑戦1回"),
    "attempts": Text("{count} attempts", "挑戦{count}回"),
    "hint": Text("1 hint", "ヒント1段階"),
    "hints": Text("{count} hints", "ヒント{count}段階"),
    "revealed": Text("answer seen", "解答を参照"),
    "again": Text("last time: {state}", "最後の判定：{state}"),
    "next": Text("Next", "次は"),
    "labelled": Text("{label}: {text}", "{label}：{text}"),
    "next_is": Text("{exercise} (about {time})", "{exercise}（目安{time}）"),
    "in_chapter": Text("{exercise}, in {chapter}", "{chapter}の{exercise}"),
    "done": Text("Every exercise is passed.", "全問正解です。"),
    "exercise": Text("Exercise", "演習"),
    "state": Text("State", "状態"),
    "work": Text("Attempts and time", "挑戦と時間"),
    "help": Text("Help taken", "使った助け"),
    "chapter": Text("Chapter", "章"),
    "estimate": Text(
        "Times are estimates: from the first attempt to the pass, breaks over 30 minutes left out. "
        "All this is kept in this folder alone.",
        "時間は目安です。最初の挑戦から正解までを数え、30分を超える休憩は除いています。"
        "記録はこのフォルダの中だけに保存されます。",
    ),
}


def say(name: str, lang: str, /, **values: object) -> str:
    """One of ``WORDS`` in one language, its braces filled in."""
    return WORDS[name].in_language(lang).format(**values)


def listed(parts: Iterable[str], lang: str) -> str:
    """Things side by side."""
    return ("、" if lang == "ja" else ", ").join(parts)


def labelled(label: str, text: str, lang: str) -> str:
    """A text with what it is about before it."""
    return say("labelled", lang, label=label, text=text)


def state_of(kept: Kept) -> str:
    """The state that is shown: once passed, an exercise stays so."""
    return "passed" if kept.is_passed else kept.status or "not_attempted"


def state_text(state: str, lang: str) -> str:
    """A state as a sign and in words."""
    return f"{SIGNS[state]} {MESSAGES[state].in_language(lang)}"


def duration(seconds: float, lang: str) -> str:
    """A time in whole minutes."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return say("moments", lang)
    hours, minutes_left = divmod(minutes, 60)
    if hours:
        name = "hours_minutes" if minutes_left else "hours"
        return say(name, lang, hours=hours, minutes=minutes_left)
    return say("minutes", lang, minutes=minutes)


def work_of(kept: Kept, lang: str) -> list[str]:
    """Attempts and time, in words; nothing before the first attempt."""
    if not kept.attempts:
        return []
    many = "attempt" if kept.attempts == 1 else "attempts"
    return [say(many, lang, count=kept.attempts), duration(kept.seconds, lang)]


def help_of(kept: Kept, lang: str) -> list[str]:
    """Hints and answers, in words."""
    many = "hint" if kept.hints == 1 else "hints"
    taken = [say(many, lang, count=kept.hints)] if kept.hints else []
    return taken + ([say("revealed", lang)] if kept.revealed else [])


def remark_of(kept: Kept, lang: str) -> list[str]:
    """What became of the last experiment, where it differs from what once passed."""
    if not kept.is_broken_since:
        return []
    return [say("again", lang, state=MESSAGES[kept.status].in_language(lang))]
