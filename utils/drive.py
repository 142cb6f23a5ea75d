"""Google Drive, for whoever works in Colab and asks for it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from utils.folder import ROOT
from utils.progress.place import NAME, VARIABLE

_MOUNT = Path("/content/drive")
_FOLDER = _MOUNT / "MyDrive" / "reservoir-computing-bootcamp"


def use_drive(chapter: str, lang: str) -> None:
    """Keep progress in Google Drive, and put a copy of a chapter's notebook there if there is none.

    Colab asks for leave. Without it everything goes on as before, and a sentence says so.
    """
    try:
        from google.colab import drive

        drive.mount(str(_MOUNT))
        notebook = _FOLDER / lang / f"{chapter}.ipynb"
        is_new = not notebook.exists()
        if is_new:
            notebook.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / "chapters" / lang / notebook.name, notebook)
    except Exception as error:  # what Colab raises where leave is not given has no type of its own
        print(_NOT_MOUNTED[lang].format(error=error))
        return
    os.environ.setdefault(VARIABLE, str(_FOLDER / NAME))
    print((_NEW if is_new else _THERE)[lang].format(notebook=notebook.relative_to(_MOUNT)))


_NEW = {
    "en": "Progress is kept in your Drive. A fresh copy of this notebook is there, too: open "
    "{notebook} from Drive and work in it. What you have written here already is kept by "
    "File > Save a copy in Drive.",
    "ja": "進み具合はドライブに保存されます。このノートブックの新しいコピーも置きました。"
    "ドライブから {notebook} を開いて作業してください。ここにすでに書いた内容は、"
    "「ファイル > ドライブにコピーを保存」で残せます。",
}
_THERE = {
    "en": "Progress is kept in your Drive. Your copy of this notebook is {notebook} there.",
    "ja": "進み具合はドライブに保存されます。このノートブックの控えはドライブの {notebook} です。",
}
_NOT_MOUNTED = {
    "en": "Google Drive could not be used ({error}). Everything works without it; keep this "
    "notebook with File > Save a copy in Drive or File > Download.",
    "ja": "Google ドライブを使えませんでした（{error}）。なくても学習は進められます。"
    "このノートブックは「ファイル > ドライブにコピーを保存」か"
    "「ファイル > ダウンロード」で保存してください。",
}
