"""The course's own files: whether all of them are there, of one version, and found first."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from utils.doctor.asking import ask
from utils.doctor.finding import MEND, NOTE, WELL, Finding, Said, python_command

_PACKAGES = """\
import json, sys
from utils.tester.store import ReferenceProblem, load_chapter
from pathlib import Path

told = {}
for path in sorted(Path(sys.argv[1]).glob("*.npz")):
    try:
        exercises = load_chapter(path).exercises.values()
        told[path.stem] = sorted({package for one in exercises for package in one.packages})
    except ReferenceProblem as problem:
        told[path.stem] = [problem.message.en, problem.message.ja, None]
print(json.dumps(told))
"""
_ELSEWHERE = """\
import importlib.util, sys
spec = importlib.util.find_spec("utils")
print((spec.origin or "") if spec else "")
"""


def look_at_references(root: Path) -> tuple[list[Finding], list[str]]:
    """Whether each chapter's references open; and the chapters that take PyTorch.

    Nothing is found where NumPy is broken, which is told elsewhere.
    """
    answer = ask(_PACKAGES, str(root / "chapters" / "checks"), folder=root)
    if not answer.well:
        return [], []
    told = json.loads(answer.text)
    broken = {name: said for name, said in told.items() if said[-1:] == [None]}
    takes_torch = [name for name, packages in told.items() if "torch" in packages]
    if not told:
        what = Said(
            "There are no references in chapters/checks.",
            "chapters/checks に正解データがありません。",
        )
        return [Finding("references", MEND, what, _FETCH, _update())], []
    if not broken:
        names = ", ".join(told)
        what = Said(f"References of {names}", f"正解データ：{names}")
        return [Finding("references", WELL, what)], takes_torch
    return [
        Finding("references", MEND, Said(en, ja), _FETCH, _update())
        for en, ja, _ in broken.values()
    ], takes_torch


def look_at_files(root: Path) -> list[Finding]:
    """Whether a student tree's files are those that it came with; nothing for other trees."""
    try:
        manifest = json.loads((root / ".student-tree").read_text(encoding="utf-8"))
        hashes, version = manifest["files"], manifest["version"]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    decide = [path for path in hashes if path.startswith(("utils/", "chapters/checks/"))]
    missing = [path for path in decide if not (root / path).is_file()]
    changed = [
        path for path in decide if path not in missing and _hash(root / path) != hashes[path]
    ]
    if not missing and not changed:
        return [
            Finding(
                "version",
                WELL,
                Said(f"Version {version}, complete", f"版 {version}（ファイルはそろっています）"),
            )
        ]
    names = ", ".join([*missing, *changed][:5]) + ("…" if len(missing) + len(changed) > 5 else "")
    return [
        Finding(
            "version",
            MEND if missing or any(path.endswith(".npz") for path in changed) else NOTE,
            Said(
                f"Files of version {version} are missing or changed: {names}.",
                f"版 {version} のファイルが足りないか、変更されています：{names}。",
            ),
            _FETCH,
            _update(),
        )
    ]


def look_at_names(root: Path) -> list[Finding]:
    """Whether another package called ``utils`` gets in the way."""
    folders = [root / "work", root / "chapters"]
    beside = [
        path
        for folder in folders
        for pattern in ("*/utils.py", "*/utils/__init__.py", "utils.py", "utils/__init__.py")
        for path in sorted(folder.glob(pattern))
    ]
    found = [
        Finding(
            "utils",
            MEND,
            Said(
                f"{path} has the name of the bootcamp's own package and may be imported in its "
                "place.",
                f"{path} は教材のパッケージと同じ名前なので、代わりに読み込まれることがあります。",
            ),
            Said("Give it another name.", "別の名前に変えてください。"),
        )
        for path in beside
    ]
    other = ask(_ELSEWHERE, folder=root / "chapters")
    if other.well and other.text and not Path(other.text).is_relative_to(root):
        found.append(
            Finding(
                "utils",
                NOTE,
                Said(
                    f"Another package called utils is installed ({other.text}). Run the first cell "
                    "before you import anything else.",
                    f"utils という名前の別のパッケージがあります（{other.text}）。"
                    "ほかのものを import する前に、最初のセルを実行してください。",
                ),
                Said("If you do not need it:", "不要なら削除できます："),
                python_command("-m", "pip", "uninstall", "utils"),
            )
        )
    return found or [
        Finding("utils", WELL, Said("No other package is called utils", "utils の名前は重複なし"))
    ]


_FETCH = Said(
    "Get chapters/ and utils/ again together; your notebooks are kept "
    "(add --from FOLDER or --from FILE.zip where you did not use git):",
    "chapters/ と utils/ を一緒に取り直してください。ノートブックは残ります"
    "（git を使っていない場合は「--from フォルダ」か「--from ファイル.zip」を付けます）：",
)


def _update() -> str:
    return python_command("-m", "utils", "update")


def _hash(path: Path) -> str:
    # As ``utils.update.trees`` does, which cannot be imported without NumPy.
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()
