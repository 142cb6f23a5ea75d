"""``python -m utils doctor``: its options, and what it does."""

# Read by Pythons that are too old for everything else, which shall be told so: what needs a newer
# one is imported when that is known.

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from utils.arguments import Arguments
from utils.doctor.finding import MEND, NOTE, WELL, Finding
from utils.doctor.interpreter import look_at_environment, look_at_python
from utils.folder import LANGUAGES, ROOT, language

SIGNS = {WELL: "✓", NOTE: "-", MEND: "✗"}

DESCRIPTION = """\
Say what is wrong with this environment and how to mend it. Nothing is changed.
この環境の問題点と直し方を示します。何も変更しません。
"""
EXAMPLES = """\
examples / 使用例:
  python -m utils doctor
  python -m utils doctor chapters/en/08_closed_loop_control.ipynb
      also whether this notebook can find the bootcamp / このノートブックの置き場所も調べる
  python -m utils doctor --json

signs / 記号:
  ✓ well / 問題なし    - good to know / 参考    ✗ to be mended / 要修復

exit code / 終了コード:
  0  all is well / 問題なし    1  something is to be mended / 要修復
"""
_COUNTS = {
    "en": ("All is well.", "To be mended: {count}"),
    "ja": ("問題は見つかりませんでした。", "修復が必要な項目：{count}件"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """The command alone, where the others cannot be had; returns the exit code."""
    parser = Arguments(
        prog="python -m utils doctor",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(lang=None)
    add_arguments(parser)
    return run(parser.parse_args(arguments))


def run(options: argparse.Namespace) -> int:
    """Look at everything and tell; returns the exit code."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")  # a console without ✓ or Japanese
    lang = options.lang or language()
    found = []
    for finding in _look(options.notebooks):
        found.append(finding)
        if not options.json:
            print(_as_text(finding, lang), flush=True)
    to_mend = sum(finding.state == MEND for finding in found)
    if options.json:
        told = {"schema": 1, "well": not to_mend, "findings": [asdict(one) for one in found]}
        print(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        well, mend = _COUNTS[lang]
        print("\n" + (mend.format(count=to_mend) if to_mend else well))
    return 1 if to_mend else 0


def _look(notebooks: Sequence[Path]) -> Iterator[Finding]:
    python = look_at_python()
    yield python
    if python.state != WELL:
        return  # nothing else can be told by a Python that cannot read the rest
    from utils.doctor.course import look_at_files, look_at_names, look_at_references
    from utils.doctor.folder import look_at_folder, look_at_notebooks, look_at_update
    from utils.doctor.fonts import look_at_fonts
    from utils.doctor.kernels import look_at_kernel
    from utils.doctor.packages import look_at_packages, look_at_torch

    environment = look_at_environment(ROOT)
    if environment is not None:
        yield environment
    yield from look_at_packages(ROOT)
    references, takes_torch = look_at_references(ROOT)
    if takes_torch:
        yield look_at_torch(takes_torch)
    yield from (one for one in (look_at_kernel(), look_at_fonts()) if one is not None)
    yield from look_at_files(ROOT)
    yield from references
    yield from look_at_names(ROOT)
    yield from look_at_folder(ROOT)
    yield from look_at_update(ROOT)
    yield from look_at_notebooks(ROOT, list(notebooks))


def _as_text(finding: Finding, lang: str) -> str:
    lines = [f"{SIGNS[finding.state]} {finding.what.in_language(lang)}"]
    if finding.remedy is not None:
        lines.append(f"    {finding.remedy.in_language(lang)}")
    if finding.command is not None:
        lines += [f"      {line}" for line in finding.command.splitlines()]
    return "\n".join(lines)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be said on the command line."""
    parser.add_argument(
        "notebooks", nargs="*", type=Path, metavar="NOTEBOOK", help="look at its place, too"
    )
    parser.add_argument("--json", action="store_true", help="for programs / プログラム用の出力")
    parser.add_argument(
        "--lang",
        choices=LANGUAGES,
        default=argparse.SUPPRESS,  # what was said before the command's name
        help="language / 表示言語",
    )
