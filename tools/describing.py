"""Runs in a notebook's kernel before its first cell: figures say in words what they show.

Jupyter sends a text beside every picture, "<Figure size 1100x450 with 2 Axes>". Who cannot see the
picture gets more from its titles, axes and curves, which only the kernel knows. Nothing is imported
before the notebook does so itself: its set-up cell has to be there before NumPy is.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def describe_figure(figure: Figure) -> str:
    """Titles, axes and the names of the curves of a figure, in one line."""
    shared = [text for text in (figure.get_supylabel(), figure.get_supxlabel()) if text]
    parts = [describe_axes(axes) for axes in figure.axes]
    told = [figure.get_suptitle(), *parts, " over ".join(shared)]
    return "; ".join(dict.fromkeys(part for part in told if part))


def describe_axes(axes: Axes) -> str:
    """One panel, such as "Eigenvalues: imaginary part over real part (loop open, loop closed)"."""
    title = axes.get_title() or axes.get_title("left")
    names = [axes.get_zlabel()] if hasattr(axes, "get_zlabel") else []
    labels = [text for text in (*names, axes.get_ylabel(), axes.get_xlabel()) if text]
    curves = axes.get_legend_handles_labels()[1]
    told = ": ".join(part for part in (title, " over ".join(labels)) if part)
    listed = f" ({', '.join(dict.fromkeys(curves))})" if told and curves else ""
    return " ".join(f"{told}{listed}".split())


def install(shell: Any) -> None:
    """Have this shell, a kernel's, describe its figures from now on."""
    from IPython.core.formatters import PlainTextFormatter

    class Describing(PlainTextFormatter):
        # A function registered for figures would be forgotten when the first of them is drawn.
        def __call__(self, shown: Any) -> str | None:
            loaded = sys.modules.get("matplotlib.figure")
            if loaded is not None and isinstance(shown, loaded.Figure):
                return describe_figure(shown) or repr(shown)
            return super().__call__(shown)

    display = shell.display_formatter
    display.formatters["text/plain"] = Describing(parent=display)
