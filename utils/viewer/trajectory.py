"""A series over time."""

from __future__ import annotations

import numpy as np

from utils.viewer.showing import PanelFigure, legend_beside, panels


def show_trajectory(series: np.ndarray, *, title: str | None = None) -> PanelFigure:
    """Draw ``series`` (T,) or (T, D) against the step, one curve a component.

    Raises:
        ValueError: another shape.
    """
    series = np.asarray(series)
    if series.ndim not in (1, 2):
        raise ValueError(f"a trajectory has shape (T,) or (T, D), not {series.shape}")
    columns = series.reshape(len(series), -1)
    fig, (ax,) = panels(1, 1, (9.0, 2.8), title)
    for i, column in enumerate(columns.T):
        ax.plot(column, lw=1.0, label=f"component {i}")
    ax.set(xlabel="step", ylabel="value")
    ax.margins(x=0)
    if columns.shape[1] > 1:
        legend_beside(ax)
    return fig
