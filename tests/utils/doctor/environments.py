"""Environments in every state, with stand-ins for all packages."""

from __future__ import annotations

import os
import shutil
import subprocess
import venv
from collections.abc import Mapping
from pathlib import Path

import utils

PACKAGES = {
    "numpy": "2.4.6",
    "scipy": "1.17.1",
    "matplotlib": "3.11.2",
    "plotly": "7.1.0",
    "tqdm": "4.70.1",
    "ipython": "9.18.1",
    "pillow": "13.0.0",
    "ipykernel": "7.4.0",
    "jupyterlab": "4.6.6",
    "ipywidgets": "8.1.9",
}
_MODULES = {"ipython": "IPython", "pillow": "PIL"}
_FONTS = """\
class fontManager:
    ttflist = [type("Font", (), {{"name": name}}) for name in {names!r}]
"""


def make_tree(root: Path, requirements: Path) -> Path:
    """A learner's folder with the library in it and no chapter."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(utils.__path__[0], root / "utils", ignore=ignored)
    shutil.copyfile(requirements, root / "requirements.txt")
    (root / "chapters" / "checks").mkdir(parents=True)
    (root / "chapters" / "en").mkdir()
    return root


def make_environment(folder: Path) -> Path:
    """A real environment with a stand-in for each package; returns its Python."""
    venv.create(folder, with_pip=False)
    for name, version in PACKAGES.items():
        put(folder, name, version)
    return folder / "bin" / "python"


def packages_of(folder: Path) -> Path:
    """Where an environment's packages lie."""
    (found,) = folder.glob("lib/python*/site-packages")
    return found


def put(folder: Path, name: str, version: str | None, source: str = "") -> None:
    """Install a stand-in of this version in place of what is there; None removes it."""
    packages = packages_of(folder)
    for old in packages.glob(f"{name}-*.dist-info"):
        shutil.rmtree(old)
    module = packages / _MODULES.get(name, name)
    shutil.rmtree(module, ignore_errors=True)
    if version is None:
        return
    about = packages / f"{name}-{version}.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    module.mkdir()
    (module / "__init__.py").write_text(source)
    if name == "matplotlib":
        put_fonts(folder, "Noto Sans CJK JP")


def put_fonts(folder: Path, *names: str) -> None:
    """Let matplotlib know these fonts."""
    path = packages_of(folder) / "matplotlib" / "font_manager.py"
    path.write_text(_FONTS.format(names=names))


def doctor(
    python: Path | str,
    tree: Path,
    *arguments: object,
    surroundings: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """``python -m utils doctor`` in a tree."""
    return subprocess.run(
        [str(python), "-m", "utils", "doctor", *map(str, arguments)],
        cwd=tree,
        env={**os.environ, "PYTHONUTF8": "1", **(surroundings or {})},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
