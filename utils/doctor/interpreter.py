"""The Python that runs."""

# Read by Pythons that are too old for everything else, which shall be told so.

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path

from utils.doctor.finding import MEND, WELL, Finding, Said, command, python_command

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
        command(f"python{oldest}", "-m", "utils.doctor"),
    )


def install_command(root: Path, *arguments: str) -> str:
    """What installs packages for this Python, in an environment where it may have none itself."""
    if sys.prefix == sys.base_prefix and _is_managed_by_the_system():
        folder = root / ".venv"
        python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
        made = python_command("-m", "venv", str(folder))
        return f"{made}\n{command(str(python), '-m', 'pip', 'install', *arguments)}"
    return python_command("-m", "pip", "install", *arguments)


def _is_managed_by_the_system() -> bool:
    return (Path(sysconfig.get_path("stdlib")) / "EXTERNALLY-MANAGED").exists()
