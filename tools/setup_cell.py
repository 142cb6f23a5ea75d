"""The set-up cell of a notebook, the one that differs between the languages."""

from __future__ import annotations

from pathlib import Path

from packaging.requirements import Requirement

from tools.settings import REPOSITORY

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

# Before NumPy is loaded: on matrices of this size several BLAS threads mostly wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
{unkept}

def find_bootcamp():
    """The folder with utils/ in it: cloned in Colab, this notebook's or one above elsewhere."""
    if "google.colab" in sys.modules:
        folder = Path("/content/bootcamp")
        source = "{repository}"
        clone = ["git", "clone", "--quiet", "--depth=1", "--branch={branch}", source, str(folder)]
        if not folder.exists() and subprocess.run(clone).returncode != 0:
            raise ConnectionError(f"{{source}} cannot be cloned. / {{source}} を取得できません。")
        return folder
    for folder in {folders}:
        if (folder / "utils" / "tester").is_dir():
            return folder
    raise FileNotFoundError(
        f"The bootcamp's folder utils/ is neither in {{Path.cwd()}} nor above it. "
        "Open the notebook inside the folder that you downloaded. / "
        f"{{Path.cwd()}} にもその上位にも教材の utils/ フォルダがありません。"
        "ダウンロードしたフォルダの中でノートブックを開いてください。"
    )


bootcamp = find_bootcamp()
modules = {modules}
missing = [name for name in modules if importlib.util.find_spec(name) is None]
if missing and "google.colab" in sys.modules:
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", *missing], check=True)
elif missing:
    raise ModuleNotFoundError(
        f"Missing packages: {{', '.join(missing)}}. Install them in a terminal, then restart "
        "the kernel. / 足りないパッケージがあります。端末で次のとおり入れてから、"
        "カーネルを再起動してください。\\n"
        f'"{{sys.executable}}" -m pip install -r "{{bootcamp / "requirements.txt"}}"'
    )
if str(bootcamp) not in sys.path:
    sys.path.insert(0, str(bootcamp))

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
        branch=f"student-{lang}",
        folders=f"(Path.cwd(), *Path.cwd().parents{own})",
        modules=repr(_modules(root / "requirements.txt")),
        chapter=chapter,
        lang=lang,
    )


def _modules(requirements: Path) -> tuple[str, ...]:
    """The modules that notebooks import, told from requirements.txt."""
    lines = requirements.read_text(encoding="utf-8").splitlines()
    names = [Requirement(line).name for line in lines if line and not line.startswith("#")]
    return tuple(_MODULES.get(name, name) for name in names)
