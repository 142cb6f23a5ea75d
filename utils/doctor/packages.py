"""The packages that notebooks import, and the programs that show them."""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from utils.doctor.asking import ask
from utils.doctor.finding import MEND, NOTE, WELL, Finding, Said
from utils.doctor.interpreter import install_command

_REQUIREMENT = re.compile(r"^\s*([A-Za-z0-9][\w.-]*)\s*(?:>=\s*([\w.]+))?")
# Distributions whose module has another name.
_MODULES = {"ipython": "IPython", "pillow": "PIL"}


@dataclass(frozen=True)
class Wanted:
    """A package: the version from which on it will do, and what is said if it is not there."""

    name: str
    oldest: str | None
    state: str = MEND
    purpose: Said | None = None

    @property
    def module(self) -> str:
        return _MODULES.get(self.name, self.name)


_PROGRAMS = (
    Wanted(
        "ipykernel",
        "6",
        MEND,
        Said(
            "It runs notebooks in JupyterLab and VS Code.",
            "JupyterLab と VS Code でノートブックを実行するのに必要です。",
        ),
    ),
    Wanted(
        "jupyterlab",
        "4",
        NOTE,
        Said("VS Code and Colab do without it.", "VS Code や Colab では不要です。"),
    ),
    Wanted(
        "ipywidgets",
        "8",
        NOTE,
        Said(
            "Everything works without it; progress bars are plain text then.",
            "なくても動きますが、進捗バーが文字だけの表示になります。",
        ),
    ),
)


_INSTALL = Said("Install it:", "次のとおり入れてください：")
_INSTALL_IF_WANTED = Said("To install it, if you want it:", "必要なら次のとおり入れてください：")
_UPGRADE = Said("Bring it up to date:", "更新してください：")
_ANEW = Said("Install it anew:", "入れ直してください：")


def look_at_packages(root: Path) -> list[Finding]:
    """Each package of requirements.txt, and each program."""
    wanted = [*required(root), *_PROGRAMS]
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(_look_at, wanted))


def look_at_torch(chapters: list[str]) -> Finding:
    """PyTorch, which some exercises of ``chapters`` take."""
    where = ", ".join(chapters)
    purpose = Said(
        f"Only some exercises of {where} take it.",
        f"{where} の一部の演習でだけ使います。",
    )
    return _look_at(Wanted("torch", None, NOTE, purpose))


def required(root: Path) -> Iterator[Wanted]:
    """What requirements.txt names; nothing where there is no such file."""
    path = root / "requirements.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    for line in lines:
        found = _REQUIREMENT.match(line)
        if found:
            yield Wanted(found[1].lower(), found[2])


def is_older(version: str, oldest: str) -> bool:
    """Whether a version comes before another, by their numbers."""
    return _numbers(version) < _numbers(oldest)


def _look_at(wanted: Wanted) -> Finding:
    name, at_least = wanted.name, wanted.name
    if wanted.oldest:
        at_least += f">={wanted.oldest}"
    try:
        version = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        what = Said(f"{name} is not installed.", f"{name} が入っていません。")
        remedy = _INSTALL if wanted.state == MEND else _INSTALL_IF_WANTED
        return _wrong(wanted, what, remedy, at_least)
    if wanted.oldest and is_older(version, wanted.oldest):
        what = Said(
            f"{name} {version} is too old: {wanted.oldest} or newer is needed.",
            f"{name} {version} は古すぎます。{wanted.oldest} 以降が必要です。",
        )
        return _wrong(wanted, what, _UPGRADE, "--upgrade", at_least)
    answer = ask(f"import {wanted.module}")
    if not answer.well:
        what = Said(
            f"{name} {version} is installed but broken ({answer.error}).",
            f"{name} {version} は入っていますが壊れています（{answer.error}）。",
        )
        return _wrong(wanted, what, _ANEW, "--force-reinstall", "--no-cache-dir", at_least)
    return Finding(name, WELL, Said(f"{name} {version}", f"{name} {version}"))


def _wrong(wanted: Wanted, what: Said, remedy: Said, *arguments: str) -> Finding:
    command = install_command(*arguments)
    # Where nothing can be installed, an environment has to be made first, which is told above.
    return Finding(
        wanted.name,
        wanted.state,
        _with(what, wanted.purpose),
        remedy if command else None,
        command,
    )


def _with(what: Said, purpose: Said | None) -> Said:
    if purpose is None:
        return what
    return Said(f"{what.en} {purpose.en}", f"{what.ja}{purpose.ja}")


def _numbers(version: str) -> tuple[int, ...]:
    release = re.match(r"\d+(?:\.\d+)*", version)
    return tuple(int(part) for part in release[0].split(".")) if release else ()
