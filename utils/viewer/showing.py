"""Figures that a notebook shows exactly once, legible on light and dark pages."""

from __future__ import annotations

import json
import sys

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import plotly.graph_objects as go
from matplotlib.axes import Axes
from matplotlib.figure import Figure


class PanelFigure(Figure):
    """A Matplotlib figure that is drawn once, though it is both pyplot's and a returned value.

    The inline backend draws every figure that pyplot holds at the end of the cell; Jupyter also
    draws a figure that is the cell's last value. Whichever comes first takes it out of pyplot.
    """

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        if "inline" in matplotlib.get_backend():
            plt.close(self)
        return {}  # the picture itself stays with the formats that the notebook is set to


def panels(
    rows: int, cols: int, size: tuple[float, float], title: str | None, **options
) -> tuple[PanelFigure, np.ndarray]:
    """A figure of ``rows`` x ``cols`` axes, ``size`` (width, height) in inches.

    Drawn in Matplotlib's default style: black on opaque white, whatever the page's theme.

    Returns:
        the figure and its axes, flat, row by row.
    """
    # The first figure loads the backend, whose settings would leave with the style: so before it.
    fig = plt.figure(FigureClass=PanelFigure, figsize=size, layout="constrained")
    with plt.style.context("default"):
        fig.set_facecolor("white")
        axes = fig.subplots(rows, cols, squeeze=False, **options)
        fig.suptitle(title or "")
    return fig, axes.ravel()


def legend_beside(ax: Axes) -> None:
    """A legend to the right of the panel, where it hides no curve."""
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False)


class SpaceFigure(go.Figure):
    """A plotly figure that waits for the end of the cell, unless it was displayed before.

    It brings its own two forms, the plotly MIME type (JupyterLab, VS Code; works without network)
    and HTML that fetches plotly.js (Colab, nbconvert), so that no renderer has to be chosen and
    plotly.js is not copied into the notebook.
    """

    def _ipython_display_(self) -> None:
        from IPython.display import display

        _forget(self)
        forms = {
            "application/vnd.plotly.v1+json": json.loads(self.to_json()),
            "text/html": self.to_html(include_plotlyjs="cdn", full_html=False),
            "text/plain": "A figure in three dimensions",
        }
        display(forms, raw=True)


_waiting: list[SpaceFigure] = []


def show_at_end_of_cell(fig: SpaceFigure) -> None:
    """Have the notebook display ``fig`` when the cell ends; nothing outside a notebook."""
    shell = _notebook_shell()
    if shell is None:
        return
    if _show_waiting not in shell.events.callbacks["post_execute"]:
        shell.events.register("post_execute", _show_waiting)
    _waiting.append(fig)


def _show_waiting() -> None:
    while _waiting:
        _waiting[0]._ipython_display_()


def _forget(fig: SpaceFigure) -> None:
    _waiting[:] = [other for other in _waiting if other is not fig]


def _notebook_shell():
    """The running Jupyter shell, or None in a script, a terminal or a test."""
    if "IPython" not in sys.modules:
        return None
    shell = sys.modules["IPython"].get_ipython()
    return shell if getattr(shell, "kernel", None) is not None else None
