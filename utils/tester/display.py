"""Showing something rich where there is a notebook and plain where there is not."""

from __future__ import annotations

import sys
from collections.abc import Callable


def in_notebook() -> bool:
    """Whether output goes to a front end that can show HTML: any IPython but the terminal's."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell is not None and type(shell).__name__ != "TerminalInteractiveShell"


def show(text: str, mime: str, make_rich: Callable[[], str]) -> None:
    """Show ``make_rich()`` in a notebook, which keeps ``text`` for other readers; else print."""
    if not in_notebook():
        print(text)
        return
    from IPython.display import display

    display({mime: make_rich(), "text/plain": text}, raw=True)
