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
    """Whether packages can be installed for it; nothing where they can."""
    if takes_packages():
        return None
    python = root / ".venv" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    what = Said(
        "This Python is the system's own and takes no packages.",
        "この Python は OS のもので、パッケージを追加できません。",
    )
    if python.exists():
        remedy = Said(
            "There is an environment for it:", "専用の環境があるので、それを使ってください："
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
