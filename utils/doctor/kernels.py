"""The Python that notebooks run in, which need not be the one that runs here."""

from __future__ import annotations

import json
import os
import sys

from utils.doctor.asking import ask
from utils.doctor.finding import MEND, WELL, Finding, Said, python_command

_SPEC = """\
import json
from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

try:
    found = KernelSpecManager().get_kernel_spec("python3")
    print(json.dumps([found.argv, found.resource_dir]))
except NoSuchKernel:
    print("null")
"""
_PREFIX = "import sys; print(sys.prefix)"
# For these names Jupyter takes the Python that it runs in itself.
_OWN = {"python", f"python{sys.version_info[0]}", "python{}.{}".format(*sys.version_info[:2])}


def look_at_kernel() -> Finding | None:
    """Whether "Python 3", which the notebooks name, is this Python; None without Jupyter."""
    answer = ask(_SPEC)
    if not answer.well:
        return None
    spec = json.loads(answer.text)
    if spec is None:
        return _wrong(
            Said(
                "There is no kernel called python3 for the notebooks.",
                "ノートブック用のカーネル python3 がありません。",
            )
        )
    argv, folder = spec
    python = sys.executable if argv[0] in _OWN else argv[0]
    prefix = ask(_PREFIX, python=python)
    if not prefix.well:
        return _wrong(
            Said(
                f"The notebooks' kernel names a Python that does not run: {python} ({folder}).",
                "ノートブックのカーネルが、実行できない Python を指しています："
                f"{python}（{folder}）。",
            )
        )
    if os.path.realpath(prefix.text) != os.path.realpath(sys.prefix):
        return _wrong(
            Said(
                f"Notebooks run in another Python than this one: {python} ({folder}). Packages "
                "that are installed here are not there.",
                f"ノートブックは別の Python で実行されます：{python}（{folder}）。"
                "ここで入れたパッケージはそちらでは使えません。",
            )
        )
    return Finding(
        "kernel",
        WELL,
        Said(f"Notebooks run in this Python ({folder})", f"カーネルはこの Python です（{folder}）"),
    )


def _wrong(what: Said) -> Finding:
    where = "--sys-prefix" if sys.prefix != sys.base_prefix else "--user"
    return Finding(
        "kernel",
        MEND,
        what,
        Said(
            "Let it be this Python, then restart JupyterLab (in VS Code: choose this Python as the "
            "notebook's kernel):",
            "次のとおりこの Python を登録し、JupyterLab を起動し直してください（VS Code では"
            "ノートブックのカーネルにこの Python を選びます）：",
        ),
        python_command("-m", "ipykernel", "install", where, "--name", "python3"),
    )
