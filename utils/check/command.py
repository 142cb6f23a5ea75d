"""``python -m utils check``: its options, and what it does."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from utils.check.findings import Checked, Finding, say
from utils.check.github import report_to_github
from utils.check.junit import write_junit
from utils.check.keeping import check_and_keep
from utils.check.subject import Subject, find_notebooks, language_of_folder, read_subject
from utils.check.table import as_table
from utils.check.wanted import Wanted, wanted
from utils.check.watch import Seen, look_at, watch
from utils.github import commands_stopped
from utils.tester.chapter import chapter_names, open_chapter
from utils.tester.notebook import NotebookProblem
from utils.tester.records import Exercise
from utils.tester.text import LANGUAGES
from utils.tester.wrong_call import WrongCall
from utils.tqdm import tqdm

PASSED, NOT_PASSED, NOT_CHECKED = 0, 1, 2

DESCRIPTION = """\
Judge all exercises of notebooks, as test_func does, without opening them. Of each notebook only
what an exercise needs is run, on this machine and without a sandbox: check your own notebooks with
it.

ノートブックを開かずに、すべての演習を test_func と同じ基準で判定します。
各演習に必要な部分だけを、このコンピューターで（隔離せずに）実行します。自分のノートブックに使ってください。
"""
EXAMPLES = """\
examples / 使用例:
  python -m utils check
      the notebooks in this folder, else in work/, else in chapters/
      このフォルダ、なければ work/、なければ chapters/ にあるノートブックすべて
  python -m utils check 08_closed_loop_control.ipynb
  python -m utils check 08
  python -m utils check 08/02_01
      one chapter, one exercise / 1つの章だけ、1つの演習だけ
  python -m utils check --watch
      again whenever a notebook is saved, what has changed alone; Ctrl-C ends it
      保存するたびに、変わった演習だけを判定し直す（Ctrl-C で終了）
  python -m utils check --lang ja --junit results.xml
      one language's, and a file for CI / 日本語版だけを判定し、CI 用のファイルも書く

exit code / 終了コード:
  0  all exercises passed                / 全問正解
  1  some did not                        / 正解でない演習がある
  2  a notebook could not be checked     / 判定できないノートブックがある
"""


def run(options: argparse.Namespace) -> int:
    """Check the notebooks and print what came of them; returns the exit code."""
    with commands_stopped():
        code, checked, seen = _check_all(options)
    report_to_github(checked)
    if options.watch and checked:
        watch(list(zip(checked, seen, strict=True)), _findings)
    return code


def _check_all(options: argparse.Namespace) -> tuple[int, list[Checked], list[Seen | None]]:
    """Check the notebooks and print what came of them.

    Returns the exit code, that, and for whoever watches what each was like before it was checked.
    """
    texts = options.notebooks or list(map(str, find_notebooks(Path(), options.lang)))
    if not texts:
        return _refuse(say("no_notebooks", options.lang or "en")), [], []
    checked, seen, refused = [], [], False
    for text in texts:
        try:
            one, before = _check(wanted(text, options.lang), options)
            print(as_table(one, shutil.get_terminal_size().columns), end="\n\n")
            checked.append(one)
            seen.append(before)
        except NotebookProblem as problem:
            lang = options.lang or language_of_folder(Path(text))
            refused = _refuse(problem.message.in_language(lang))
        except WrongCall as wrong:
            refused = _refuse(str(wrong))
    if options.junit:
        try:
            write_junit(options.junit, checked)
        except OSError as error:
            refused = _refuse(f"{options.junit}: {error.strerror}")
    if refused:
        return NOT_CHECKED, checked, seen
    passed = all(finding.passed for one in checked for finding in one.findings)
    return PASSED if passed else NOT_PASSED, checked, seen


def _check(one: Wanted, options: argparse.Namespace) -> tuple[Checked, Seen | None]:
    subject = read_subject(one.path, chapter_names(), options.lang)
    if subject.chapter is None:
        raise WrongCall(say("no_chapter", subject.lang, path=one.path))
    chapter = open_chapter(subject.chapter, subject.lang)
    before = look_at(one.path, chapter) if options.watch else None
    exercises = [each for each in chapter.exercises.values() if one.exercise in (None, each.id)]
    findings = tuple(_findings(subject, exercises))
    return Checked(subject.path, subject.chapter, subject.lang, findings), before


def _findings(subject: Subject, exercises: Sequence[Exercise]) -> Iterator[Finding]:
    """Check exercises of a notebook, with a bar for whoever waits."""
    yield from tqdm(
        check_and_keep(subject, exercises),
        total=len(exercises),
        desc=subject.path.name,
        leave=False,
        disable=None,  # no bar where nobody watches
    )


def _refuse(sentence: str) -> int:
    print(sentence.replace("`", ""), file=sys.stderr)
    return NOT_CHECKED


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be said on the command line."""
    parser.add_argument(
        "notebooks",
        nargs="*",
        metavar="NOTEBOOK",
        help="a file, 08 or 08/02_01 / ファイルか、08 や 08/02_01 のような名前",
    )
    parser.add_argument(
        "--lang",
        choices=LANGUAGES,
        default=argparse.SUPPRESS,  # what was said before the command's name
        help="language of the verdicts (default: the notebook's) / 判定を表示する言語",
    )
    parser.add_argument(
        "--watch",
        action="store_true",
        help="check again whenever a notebook is saved / 保存するたびに判定し直す",
    )
    parser.add_argument(
        "--junit", type=Path, metavar="FILE", help="also write JUnit XML / JUnit XML も書き出す"
    )
