"""The command line of ``python -m utils``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType

from utils.arguments import Arguments
from utils.check import command as check
from utils.doctor import command as doctor
from utils.folder import LANGUAGES, language
from utils.terminal import actions
from utils.tester.notebook import NotebookProblem
from utils.tester.wrong_call import WrongCall
from utils.update import command as update

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
  python -m utils update --dry-run    what a new version would change / 新しい版で変わるところ
  python -m utils doctor              what is wrong and how to mend it / 問題点と直し方

08/02_01 is exercise 02_01 of chapter 8; 02_01 will do where it is clear which chapter is meant.
08/02_01 は8章の演習02_01です。章が明らかなときは 02_01 だけでかまいません。
"""
_EXAMPLE = "example / 使用例: "

Run = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; returns the exit code."""
    options = _parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # a console without ✓ or Japanese
    if options.run is not check.run:  # there it is the notebook's that counts
        options.lang = options.lang or language()
    try:
        return options.run(options)
    except WrongCall as wrong:
        return actions.refuse(str(wrong))
    except NotebookProblem as problem:
        return actions.refuse(problem.message.in_language(options.lang))


def _parser() -> argparse.ArgumentParser:
    parser = Arguments(
        prog="python -m utils",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_language(parser, default=None)
    parser.set_defaults(run=actions.show_list)
    commands = parser.add_subparsers(metavar="COMMAND")

    def command(name: str, run: Run, summary: str, text: str = "", examples: str = ""):
        added = commands.add_parser(
            name,
            help=summary,
            description=text or summary,
            epilog=examples,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        added.set_defaults(run=run)
        return added

    def with_its_own(name: str, module: ModuleType, summary: str) -> None:
        module.add_arguments(
            command(name, module.run, summary, module.DESCRIPTION, module.EXAMPLES)
        )

    _add_language(
        command("list", actions.show_list, "all exercises and their states / 演習の一覧と状態")
    )
    with_its_own("check", check, "judge notebooks / ノートブックを判定")
    _add_language(command("next", actions.show_next, "what to do next / 次にすること"))
    hint = command(
        "hint",
        actions.give_hint,
        "one more hint each time / 実行するたびに次のヒント",
        "First where to look, then how, then a case with its values, then the answer.\n"
        "考えるところ、やりかた、値の入ったケース、解答の順に出ます。",
        f"{_EXAMPLE}python -m utils hint 08/02_01",
    )
    _add_exercise(hint)
    hint.add_argument(
        "step", nargs="?", type=int, metavar="STEP", help="this one again / 出た番号をもう一度"
    )
    _add_notebook(hint)
    solution = command(
        "solution",
        actions.show_solution,
        "the answer / 解答",
        "",
        f"{_EXAMPLE}python -m utils solution 08/02_01",
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
        actions.reset_exercise,
        "the exercise's cell as it came / 演習のセルを配布時の状態に戻す",
        "A copy of your notebook is kept beside it. / 元のノートブックはコピーを残します。",
        f"{_EXAMPLE}python -m utils reset 08/02_01",
    )
    _add_exercise(reset)
    _add_notebook(reset)
    reset.add_argument("--yes", action="store_true", help="do not ask / 確認しない")
    progress = command(
        "progress",
        actions.show_progress,
        "attempts, time and hints / 挑戦回数、時間、ヒント",
        "Kept in one file of your own. / 記録はあなた専用の1つのファイルにだけ保存されます。",
        f"{_EXAMPLE}python -m utils progress --html progress.html",
    )
    _add_language(progress)
    progress.add_argument("--html", type=Path, metavar="FILE", help="write a page / HTMLに書き出す")
    with_its_own("update", update, "bring in a new version / 新しい版に更新")
    with_its_own("doctor", doctor, "what is wrong, how to mend it / 環境の問題点と直し方")
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
