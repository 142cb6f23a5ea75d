"""What requirements.txt asks for."""

from __future__ import annotations

from pathlib import Path

from packaging.requirements import Requirement


def required_names(root: Path) -> list[str]:
    """The packages that it names, in its order."""
    lines = (root / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return [Requirement(line).name for line in lines if line and not line.startswith("#")]
