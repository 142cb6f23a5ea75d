"""``python -m utils``: what a learner asks of the bootcamp in a terminal."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from utils.check import command as check_command
from utils.files import write_whole
from utils.progress import show_html, show_text
from utils.progress.overview import Overview, overview_of
from utils.terminal import hinting, names, resetting
from utils.terminal.listing import from_here, listing
from utils.terminal.upcoming import upcoming
from utils.terminal.words import say
from utils.tester.notebook import NotebookProblem
from utils.tester.text import LANGUAGES
from utils.tester.wrong_call import WrongCall
from utils.workspace import language, notebook_of

DONE, NOT_DONE = 0, 2

DESCRIPTION = """\
The bootcamp in a terminal: what there is, what comes next, whether it is right.
ターミナルで、演習の一覧、次にすること、正解かどうかを確かめます。
"""
EXAMPLES = """\
examples / 使用例:
  python -m utils                     all exercises and their states / 演習の一覧と状態
  python -m utils next                what to do next / 次にすること
  python -m utils check --watch       judge again at every save / 保存するたびに判定
  python -m utils hint 08/02_01       one more hint each time / 実行するたびに次のヒント
  python -m utils solution 08/02_01   the answer / 解答
  python -m utils reset 08/02_01      the exercise as it came / 演習を配布時の状態に戻す
  python -m utils progress --html progress.html

08/02_01 is exercise 02_01 of chapter 8; 02_01 will do where it is clear which chapter is meant.
08/02_01 は8章の演習02_01です。章が明らかなときは 02_01 だけでかまいません。
"""

Run = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; returns the exit code."""
    options = _parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # a console without ✓ or Japanese
    if options.run is not check_command.run:  # there it is the notebook's that counts
        options.lang = options.lang or language()
    try:
        return options.run(options)
    except WrongCall as wrong:
        return _refuse(str(wrong))
    except NotebookProblem as problem:
        return _refuse(problem.message.in_language(options.lang))


def _list(options: argparse.Namespace) -> int:
    print(listing(_overview(options.lang)))
    return DONE


def _next(options: argparse.Namespace) -> int:
    print(upcoming(_overview(options.lang)))
    return DONE


def _hint(options: argparse.Namespace) -> int:
    lang, diary = options.lang, hinting.diary_of(options.lang)
    chapter, exercise = names.find(options.exercise, lang, diary.all())
    notebook = options.notebook or notebook_of(chapter.name, lang)
    print(hinting.hint(chapter, exercise, notebook, options.step, lang, diary))
    return DONE


def _solution(options: argparse.Namespace) -> int:
    lang, diary = options.lang, hinting.diary_of(options.lang)
    chapter, answer = names.find_answer(options.exercise, lang, diary.all())
    print(hinting.solution(chapter, answer, options.name, options.passphrase, lang, diary))
    return DONE


def _reset(options: argparse.Namespace) -> int:
    lang = options.lang
    # Never by a guess: it changes the notebook.
    chapter, exercise = names.find(options.exercise, lang, None)
    path = options.notebook or notebook_of(chapter.name, lang)
    if path is None:
        raise WrongCall(say("no_notebook", lang, chapter=chapter.name, lang=lang))
    reset = resetting.plan_reset(path, exercise, lang)
    if not reset.needed:
        print(say("as_it_came", lang, exercise=exercise.id))
        return DONE
    about = {"exercise": exercise.id, "path": from_here(path), "number": reset.number}
    print(say("reset_missing" if reset.number is None else "reset_what", lang, **about))
    if not options.yes:
        sure = resetting.confirmed(say("sure", lang))
        if not sure:
            return _refuse(say("say_yes" if sure is None else "left_alone", lang))
    try:
        backup = resetting.carry_out(reset)
    except OSError as error:
        return _refuse(say("cannot_write", lang, path=path, reason=error.strerror))
    print(say("was_reset", lang, exercise=exercise.id, backup=from_here(backup)))
    for number, defined in reset.also:
        print(say("also_defined", lang, number=number, names=", ".join(defined)))
    print(say("reload", lang))
    return DONE


def _progress(options: argparse.Namespace) -> int:
    lang, overview = options.lang, _overview(options.lang)
    if options.html is None:
        print(show_text.as_text(overview))
        return DONE
    try:
        write_whole(options.html, show_html.page(overview).encode())
    except OSError as error:
        return _refuse(say("cannot_write", lang, path=options.html, reason=error.strerror))
    print(say("wrote", lang, path=options.html))
    return DONE


def _overview(lang: str) -> Overview:
    return overview_of(hinting.diary_of(lang).all(), lang)


def _refuse(sentence: str) -> int:
    print(sentence.replace("`", ""), file=sys.stderr)
    return NOT_DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m utils",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_language(parser, default=None)
    parser.set_defaults(run=_list)
    commands = parser.add_subparsers(metavar="COMMAND")

    def command(name: str, run: Run, summary: str, text: str = "", example: str = ""):
        added = commands.add_parser(
            name,
            help=summary,
            description=f"{summary}\n{text}",
            epilog=f"example / 使用例: {example}" if example else None,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        added.set_defaults(run=run)
        return added

    _add_language(command("list", _list, "all exercises and their states / 演習の一覧と状態"))
    checking = command("check", check_command.run, "judge notebooks / ノートブックを判定")
    checking.description, checking.epilog = (
        text.replace("python -m utils.check", "python -m utils check")
        for text in (check_command.DESCRIPTION, check_command.EXAMPLES)
    )
    check_command.add_arguments(checking)
    _add_language(command("next", _next, "what to do next / 次にすること"))
    hint = command(
        "hint",
        _hint,
        "one more hint each time / 実行するたびに次のヒント",
        "First where to look, then how, then a case with its values, then the answer.\n"
        "考えるところ、やりかた、値の入ったケース、解答の順に出ます。",
        "python -m utils hint 08/02_01",
    )
    _add_exercise(hint)
    hint.add_argument(
        "step", nargs="?", type=int, metavar="STEP", help="this one again / 出た番号をもう一度"
    )
    _add_notebook(hint)
    solution = command(
        "solution", _solution, "the answer / 解答", "", "python -m utils solution 08/02_01"
    )
    _add_exercise(solution)
    solution.add_argument(
        "name", nargs="?", metavar="FUNCTION", help="one function of it / そのうちの1つの関数"
    )
    solution.add_argument(
        "--passphrase", help="where answers are sealed / 解答が封印されているとき"
    )
    reset = command(
        "reset",
        _reset,
        "the exercise's cell as it came / 演習のセルを配布時の状態に戻す",
        "A copy of your notebook is kept beside it. / 元のノートブックはコピーを残します。",
        "python -m utils reset 08/02_01",
    )
    _add_exercise(reset)
    _add_notebook(reset)
    reset.add_argument("--yes", action="store_true", help="do not ask / 確認しない")
    progress = command(
        "progress",
        _progress,
        "attempts, time and hints / 挑戦回数、時間、ヒント",
        "Kept in this folder alone. / 記録はこのフォルダの中だけに保存されます。",
        "python -m utils progress --html progress.html",
    )
    _add_language(progress)
    progress.add_argument("--html", type=Path, metavar="FILE", help="write a page / HTMLに書き出す")
    return parser


def _add_exercise(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("exercise", metavar="EXERCISE", help="02_01, 08/02_01")
    _add_language(parser)


def _add_notebook(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--notebook",
        type=Path,
        metavar="FILE",
        help="yours, if it lies elsewhere / 別の場所にあるとき",
    )


def _add_language(parser: argparse.ArgumentParser, default: str | None = argparse.SUPPRESS) -> None:
    parser.add_argument(
        "--lang", choices=LANGUAGES, default=default, help="English or Japanese / 表示する言語"
    )


if __name__ == "__main__":
    try:
        code = main()
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = 130
    except BrokenPipeError:  # whoever reads has seen enough, as head does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 141
    sys.exit(code)
