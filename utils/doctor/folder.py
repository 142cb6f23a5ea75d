"""The folder that the bootcamp lies in: whether it can be worked in."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from utils.doctor.finding import MEND, WELL, Finding, Said, python_command
from utils.folder import LANGUAGES
from utils.update.places import BACKUPS, JOURNAL

_LEAST = 300 * 2**20  # bytes; figures in notebooks and a chapter's own files


def look_at_folder(root: Path) -> list[Finding]:
    """Whether it may be written in, and how much room there is."""
    return [_writable(root), _room(root)]


def look_at_notebooks(root: Path, notebooks: list[Path]) -> list[Finding]:
    """Whether notebooks that are asked about lie in the tree, where their first cell looks."""
    return [_inside(root, path) for path in notebooks]


def look_at_update(root: Path) -> list[Finding]:
    """Whether an update was cut off; nothing otherwise."""
    journals = [home / BACKUPS / JOURNAL for home in (root, root / "work")]
    if not any(path.exists() for path in journals):
        return []
    return [
        Finding(
            "update",
            MEND,
            Said("An update was cut off half-way.", "更新が途中で止まっています。"),
            Said(
                "This puts everything back as it was, and updates again:",
                "次のとおり実行すると、元に戻してから更新し直します：",
            ),
            python_command("-m", "utils", "update"),
        )
    ]


def _writable(root: Path) -> Finding:
    places = [root, *(root / "work", *(root / "chapters" / lang for lang in LANGUAGES))]
    for place in places:
        if not place.is_dir():
            continue
        try:
            with tempfile.NamedTemporaryFile(dir=place, prefix=".doctor-"):
                pass
        except OSError as error:
            return Finding(
                "writable",
                MEND,
                Said(
                    f"Nothing can be written in {place} ({error.strerror}).",
                    f"{place} に書き込めません（{error.strerror}）。",
                ),
                Said(
                    "Copy the whole folder to a place of your own, and work there.",
                    "フォルダごと自分の領域にコピーして、そこで作業してください。",
                ),
            )
    return Finding("writable", WELL, Said(f"{root} can be written", f"{root} に書き込めます"))


def _room(root: Path) -> Finding:
    free = shutil.disk_usage(root).free
    size = f"{free / 2**30:.1f} GB"
    if free >= _LEAST:
        return Finding("disk", WELL, Said(f"{size} free", f"空き容量 {size}"))
    return Finding(
        "disk",
        MEND,
        Said(
            f"The disk is nearly full ({free // 2**20} MB free): notebooks may not be saved.",
            f"ディスクの空きが {free // 2**20} MB しかありません。"
            "ノートブックを保存できないおそれがあります。",
        ),
        Said(
            "Make room, for instance by emptying the waste basket and pip's cache:",
            "不要なファイルやゴミ箱、pip のキャッシュを消してください：",
        ),
        python_command("-m", "pip", "cache", "purge"),
    )


def _inside(root: Path, path: Path) -> Finding:
    name = str(path)
    if not path.is_file():
        return Finding(
            "notebook",
            MEND,
            Said(f"There is no file {name}.", f"{name} がありません。"),
            Said("Look for its name.", "ファイル名を確かめてください。"),
        )
    if path.resolve().is_relative_to(root.resolve()):
        return Finding(
            "notebook", WELL, Said(f"{name} lies in the bootcamp", f"{name} は教材の中にあります")
        )
    return Finding(
        "notebook",
        MEND,
        Said(
            f"{name} lies outside of {root}: its first cell does not find the bootcamp.",
            f"{name} は {root} の外にあります。最初のセルが教材を見つけられません。",
        ),
        Said(f"Move it into {root}.", f"{root} の中に移してください。"),
    )
