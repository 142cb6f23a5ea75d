"""PyTorch where it is installed, and a helpful word where it is not.

A notebook writes ``from utils.optional import torch``. Everything that does without PyTorch then
runs everywhere; what needs it says what to install, where it is used and not before.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from typing import Any, NoReturn


class Missing:
    """Stands for a package that is not installed: false, and any use of it says so."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return f"<{self._name}, which is not installed>"

    def __getattr__(self, attribute: str) -> NoReturn:
        if attribute.startswith("__"):  # what inspect and pickle look for is no use of it
            raise AttributeError(attribute)
        command = install_command((self._name,))
        raise ModuleNotFoundError(
            f"{self._name} is not installed here. Install it in a terminal, then restart the "
            f"kernel: {command} / {self._name} がこの環境にありません。"
            f"ターミナルで次のとおり入れてから、カーネルを再起動してください：{command}",
            name=self._name,
        )


def missing_packages(names: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the packages that cannot be imported here; none of them is loaded."""
    return tuple(name for name in names if importlib.util.find_spec(name) is None)


def install_command(names: tuple[str, ...]) -> str:
    """The command that installs packages for the Python that runs."""
    return f'"{sys.executable}" -m pip install {" ".join(names)}'


def __getattr__(name: str) -> Any:
    """``torch``, loaded when it is first asked for and not with this file."""
    if name != "torch":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if missing_packages((name,)):
        return Missing(name)
    # Read when PyTorch is loaded. Its threads spin while they wait for each other; on a machine
    # that has something else to do, that made a step of chapter 9 sixty times slower. A short spin
    # (GNU's OpenMP, which it brings along on Linux, counts turns) keeps an idle machine's speed.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    os.environ.setdefault("GOMP_SPINCOUNT", "1000")
    return importlib.import_module(name)
