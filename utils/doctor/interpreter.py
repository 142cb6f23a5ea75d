"""The Python that runs."""

# Read by Pythons that are too old for everything else, which shall be told so.

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path

from utils.doctor.finding import MEND, NOTE, WELL, Finding, Said, command, python_command

OLDEST = (3, 11)


def look_at_python() -> Finding:
    """Whether it is new enough."""
    version = sys.version.split()[0]
    name = Said(f"Python {version} ({sys.executable})", f"Python {version}（{sys.executable}）")
    if sys.version_info >= OLDEST:
        return Finding("python", WELL, name)
    oldest = ".".join(map(str, OLDEST))
    return Finding(
        "python",
        MEND,
        Said(
            f"{name.en} is too old: {oldest} or newer is needed.",
            f"{name.ja} は古すぎます。{oldest} 以降が必要です。",
        ),
        Said(
            "Install a newer one (python.org, or your system's packages), and run this with it:",
            "新しいもの（python.org か OS のパッケージ）を入れ、それで実行してください：",
        ),
        command(f"python{oldest}", "-m", "utils", "doctor"),
    )


def look_at_environment(root: Path) -> Finding | None:
    """Whether it is the bootcamp's own, or takes packages at least; nothing where all is well."""
    own = root / ".venv"
    python = own / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    is_other = python.exists() and Path(sys.prefix).resolve() != own.resolve()
    if takes_packages() and not is_other:
        return None
    if takes_packages():
        what = Said(
            f"This is another Python than that of the environment {own}.",
            f"この Python は、環境 {own} のものではありません。",
        )
    else:
        what = Said(
            "This Python is the system's own and takes no packages.",
            "この Python は OS のもので、パッケージを追加できません。",
        )
    if is_other:
        remedy = Said(
            "If packages are missing below, use that environment before you install them again:",
            "以下でパッケージが足りない場合は、入れ直す前に、その環境を使ってください：",
        )
        return Finding(
            "environment", NOTE, what, remedy, command(str(python), "-m", "utils", "doctor")
        )
    install = ["-m", "pip", "install", "-r", str(root / "requirements.txt"), "jupyterlab"]
    return Finding(
        "environment",
        NOTE,
        what,
        Said("Make an environment for the bootcamp:", "教材専用の環境を作ってください："),
        python_command("-m", "venv", str(root / ".venv")) + "\n" + command(str(python), *install),
    )


def install_command(*arguments: str) -> str | None:
    """What installs packages for this Python; None where it takes none."""
    return python_command("-m", "pip", "install", *arguments) if takes_packages() else None


def takes_packages() -> bool:
    """Whether packages may be installed for this Python: not where the system manages it."""
    managed = Path(sysconfig.get_path("stdlib")) / "EXTERNALLY-MANAGED"
    return sys.prefix != sys.base_prefix or not managed.exists()
