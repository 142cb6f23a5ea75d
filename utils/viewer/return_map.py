"""The return map of a series: each maximum against the one before."""

from __future__ import annotations

import numpy as np

from utils.metrics import successive_maxima
from utils.viewer.showing import PanelFigure, panels


def show_return_map(*, title: str | None = None, **series: np.ndarray) -> PanelFigure:
    """Draw ``z[n+1]`` over ``z[n]``, the successive maxima of each named scalar series.

    ``show_return_map(target=d[:, 2], output=y[:, 2])``: the later ones are drawn over the earlier.
    A chaotic attractor leaves a curve with a peak; a fixed cycle a few points.

    Args:
        title: of the figure.
        series: (T,) or (T, 1) each.

    Raises:
        ValueError: no series, or one with several components.
    """
    if not series:
        raise ValueError("show_return_map needs a named series: show_return_map(target=d[:, 2])")
    fig, (ax,) = panels(1, 1, (5.0, 4.6), title)
    for name, values in series.items():
        peaks = successive_maxima(values)
        ax.plot(peaks[:-1], peaks[1:], ".", ms=5, alpha=0.7, label=f"{name} ({len(peaks)} maxima)")
    low, high = min(ax.get_xlim()[0], ax.get_ylim()[0]), max(ax.get_xlim()[1], ax.get_ylim()[1])
    ax.plot([low, high], [low, high], color="0.7", lw=0.8, zorder=0)
    ax.set(xlabel="maximum n", ylabel="maximum n + 1", xlim=(low, high), ylim=(low, high))
    ax.set_aspect("equal")
    ax.locator_params(nbins=6)  # more would touch each other below so narrow a panel
    ax.legend(fontsize="small")
    return fig
