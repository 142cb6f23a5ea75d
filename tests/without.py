"""A Python that lacks an installed package, for showing what a learner meets who lacks it."""

from __future__ import annotations

import os
from pathlib import Path

_SITE = """\
import importlib.machinery

find = importlib.machinery.PathFinder.find_spec
importlib.machinery.PathFinder.find_spec = classmethod(
    lambda finder, name, *rest: None if name.partition(".")[0] == {name!r} else find(name, *rest)
)
"""


def environment_without(package: str, folder: Path) -> dict[str, str]:
    """This process's environment, in which no Python that is started finds ``package``.

    Args:
        package: the module's name.
        folder: an empty folder, where what does it is written.
    """
    (folder / "sitecustomize.py").write_text(_SITE.format(name=package))
    path = os.pathsep.join(filter(None, (str(folder), os.environ.get("PYTHONPATH"))))
    return {**os.environ, "PYTHONPATH": path}
