"""Delayed coordinates."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from utils.viewer.showing import PanelFigure, panels


def construct_delayed_coord(data: np.ndarray, tau: int, ndim: int = 2) -> np.ndarray:
    """Row i is ``(data[i], data[i + tau], ..., data[i + (ndim - 1) tau])``.

    Args:
        data: a scalar series, (T,) or (T, 1).
        tau: the delay in steps, at least 1.
        ndim: how many coordinates.

    Returns:
        (T - tau (ndim - 1), ndim).

    Raises:
        ValueError: a series of several components, or one too short for the delay.
    """
    series = scalar_series(data)
    length = len(series) - tau * (ndim - 1)
    if tau < 1 or ndim < 1 or length < 1:
        raise ValueError(
            f"{ndim} coordinates {tau} steps apart cannot be made of {len(series)} points"
        )
    return np.stack([series[j * tau : j * tau + length] for j in range(ndim)], axis=1)


def show_delayed_coord(
    *series: np.ndarray,
    tau: int = 10,
    labels: Sequence[str] | None = None,
    title: str | None = None,
) -> PanelFigure:
    """Draw each series against itself ``tau`` steps later: a panel each, then all in one.

    Args:
        series: scalar series (T,) or (T, 1); with one alone there is no common panel.
        tau: the delay in steps.
        labels: a name for each series.
        title: of the whole figure; ``figure.axes[i].set_title`` sets one panel's.

    Raises:
        ValueError: no series, not one label each, or what ``construct_delayed_coord`` refuses.
    """
    if not series:
        raise ValueError("show_delayed_coord needs a series: an array (T,)")
    labels = [f"series {i}" for i in range(len(series))] if labels is None else list(labels)
    if len(labels) != len(series):
        raise ValueError(f"{len(series)} series need as many labels, not {len(labels)}")
    curves = [construct_delayed_coord(one, tau, 2) for one in series]

    count = len(series) + (len(series) > 1)
    fig, axes = panels(1, count, (3.4 * count, 3.6), title)
    for i, (curve, label) in enumerate(zip(curves, labels, strict=True)):
        axes[i].plot(*curve.T, lw=0.6, color=f"C{i}")
        axes[i].set(title=label, xlabel=f"{label}(t)", ylabel=f"{label}(t + {tau} steps)")
        if len(series) > 1:
            axes[-1].plot(*curve.T, lw=0.6, color=f"C{i}", label=label, alpha=0.8)
    if len(series) > 1:
        axes[-1].set(title="together", xlabel="value at t", ylabel=f"value at t + {tau} steps")
        axes[-1].legend(loc="upper left", fontsize="small")
    return fig


def scalar_series(data: np.ndarray) -> np.ndarray:
    """``data`` (T,) or (T, 1) as (T,).

    Raises:
        ValueError: any other shape.
    """
    series = np.asarray(data)
    if series.ndim == 2 and series.shape[1] == 1:
        series = series[:, 0]
    if series.ndim != 1:
        raise ValueError(f"a scalar series has shape (T,) or (T, 1), not {series.shape}")
    return series
