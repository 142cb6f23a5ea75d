"""The set-up cell of a notebook, the one that differs between the languages."""

from __future__ import annotations

import json
from pathlib import Path

from tools.environment import OLDEST_PYTHON
from tools.requirements import required_names
from tools.settings import REPOSITORY, student_branch

# Distributions whose module has another name.
_MODULES = {"ipython": "IPython", "pillow": "PIL"}

_CELL = '''\
# Run this cell first, and again whenever the kernel was restarted.
# 最初にこのセルを実行してください。カーネルを再起動したときも、もう一度実行してください。
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

bootcamp_version = "{branch}"
# Colab: True keeps your progress and a copy of this notebook in your Google Drive.
# Colab では、True にすると進み具合とこのノートブックの控えが Google ドライブに保存されます。
keep_in_drive = False

# Before NumPy is loaded: on matrices of this size several BLAS threads mostly wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
{unkept}

def find_bootcamp():
    """The folder with utils/ in it: cloned in Colab, this notebook's or one above elsewhere."""
    if "google.colab" in sys.modules:
        return clone_bootcamp(Path("/content") / bootcamp_version)
    for folder in {folders}:
        if (folder / "utils" / "tester").is_dir():
            return folder
    raise FileNotFoundError(
        f"The bootcamp's folder utils/ is neither in {{Path.cwd()}} nor above it. "
        "Open the notebook inside the folder that you downloaded. / "
        f"{{Path.cwd()}} にもその上位にも教材の utils/ フォルダがありません。"
        "ダウンロードしたフォルダの中でノートブックを開いてください。"
    )


def clone_bootcamp(folder):
    """The version that this notebook belongs to; the newest where that one is not published."""
    source = "{repository}"
    for branch in dict.fromkeys([bootcamp_version, "{branch}"]):
        clone = ["git", "clone", "--quiet", "--depth=1", f"--branch={{branch}}", source]
        if folder.exists() or subprocess.run([*clone, str(folder)]).returncode == 0:
            return folder
        print(f"{{source}} has no {{branch}}. / {{source}} に {{branch}} がありません。")
    raise ConnectionError(f"{{source}} cannot be cloned. / {{source}} を取得できません。")


if sys.version_info < {oldest}:
    raise RuntimeError(
        f"Python {oldest_text} or newer is needed; this is {{sys.version.split()[0]}}. / "
        f"Python {oldest_text} 以降が必要です。いまのカーネルは {{sys.version.split()[0]}} です。"
    )
bootcamp = find_bootcamp()
packages = {packages}
missing = [name for module, name in packages.items() if importlib.util.find_spec(module) is None]
if missing and "google.colab" in sys.modules:
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", *missing], check=True)
elif missing:
    raise ModuleNotFoundError(
        f"Missing packages: {{', '.join(missing)}}. Install them in a terminal, then restart "
        "the kernel. / 足りないパッケージがあります。ターミナルで次のとおり入れてから、"
        "カーネルを再起動してください。\\n"
        f'"{{sys.executable}}" -m pip install -r "{{bootcamp / "requirements.txt"}}"\\n'
        "What else may be wrong / ほかに問題がないかの診断:\\n"
        f'cd "{{bootcamp}}"\\n"{{sys.executable}}" -m utils doctor'
    )
if str(bootcamp) not in sys.path:
    sys.path.insert(0, str(bootcamp))
if keep_in_drive and "google.colab" in sys.modules:
    from utils.drive import use_drive

    use_drive("{chapter}", "{lang}")

from utils.tester import hint, load_from_chapter_name, ready, show_progress, use_solution

test_func, show_solution = load_from_chapter_name("{chapter}", lang="{lang}")'''


def setup_cell(chapter: str, lang: str, root: Path, solved: bool = False) -> str:
    """The set-up cell's code for a chapter in one language.

    A solved notebook is written anywhere and read on the machine that made it: its cell also looks
    in ``root`` itself. What it passes is nobody's progress.
    """
    own = f", Path({str(root)!r})" if solved else ""
    return _CELL.format(
        repository=REPOSITORY,
        unkept='os.environ["BOOTCAMP_PROGRESS"] = "off"\n' if solved else "",
        branch=student_branch(lang),
        oldest=OLDEST_PYTHON,
        oldest_text=".".join(map(str, OLDEST_PYTHON)),
        folders=f"(Path.cwd(), *Path.cwd().parents{own})",
        packages=_packages(root),
        chapter=chapter,
        lang=lang,
    )


def with_version(notebook: str, lang: str, version: str) -> str:
    """A built notebook's file, its set-up cell naming the published version it belongs to.

    Until then it names the branch: what a version is called is known when all of it is built.
    """
    named = (
        json.dumps(f'bootcamp_version = "{name}"\n') for name in (student_branch(lang), version)
    )
    before, after = named
    if notebook.count(before) != 1:
        raise ValueError("the notebook's set-up cell is not one that the build has written")
    return notebook.replace(before, after)


def _packages(root: Path) -> str:
    """What requirements.txt names, by the modules that notebooks import, as a dict's source."""
    entries = "".join(
        f'    "{_MODULES.get(name, name)}": "{name}",\n' for name in required_names(root)
    )
    return f"{{\n{entries}}}"
