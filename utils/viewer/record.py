"""The record of a run: states, outputs and weight changes over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from utils.viewer.showing import PanelFigure, legend_beside, panels

CURVES = 5  # so many units or components can be told apart in one panel
SPANS = {"open_range": ("open loop", "C2"), "train_range": ("training", "C1")}


def show_record(
    record: Mapping[str, object],
    keys: Sequence[str] = ("x", "y"),
    *,
    row: int | None = None,
    title: str | None = None,
) -> PanelFigure:
    """Draw parts of a record above each other, over the steps ``record["t"]`` (T+1,).

    Args:
        record: series with time first, (T, ...) or (T+1, ...). "x": the first few units. "y": its
            components, and those of the target "d" dashed where the record has it. "dw": the
            Euclidean norm of each step's change of weights, ``record["dw"]`` or taken from
            ``record["w"]`` (T+1, ...), on a logarithmic scale; steps without change are left out.
            "open_range" and "train_range", (start, end) in steps, end excluded, are shaded.
        keys: which series, one panel each.
        row: which row of a batch, where series are (T, m, D).
        title: of the whole figure; ``figure.axes[i].set_title`` sets one panel's.

    Raises:
        ValueError: a key the record lacks, or a batch without ``row``.
    """
    t = np.asarray(record["t"])
    fig, axes = panels(len(keys), 1, (9.0, 0.6 + 1.9 * len(keys)), title, sharex=True)
    for ax, key in zip(axes, keys, strict=True):
        if key == "dw":
            _draw_changes(ax, t, _weight_changes(record))
        else:
            _draw_series(ax, t, record, key, row)
        _shade_spans(ax, t, record)
        ax.margins(x=0)
        legend_beside(ax)
    axes[-1].set_xlabel("step")
    return fig


def _draw_series(ax: Axes, t: np.ndarray, record: Mapping, key: str, row: int | None) -> None:
    values = _columns(record, key, row)
    target = _columns(record, "d", row) if key == "y" and record.get("d") is not None else None
    drawn = min(values.shape[1], CURVES)
    for i in range(drawn):
        name = key if values.shape[1] == 1 else f"{key}[{i}]"
        ax.plot(t[: len(values)], values[:, i], lw=0.8, color=f"C{i}", label=name)
        if target is not None:
            color = "black" if drawn == 1 else f"C{i}"
            style = {"color": color, "ls": "--", "alpha": 0.6, "lw": 0.8}
            ax.plot(t[: len(target)], target[:, i], label=name.replace(key, "d"), **style)
    ax.set_ylabel(key if drawn == values.shape[1] else f"{key}, {drawn} of {values.shape[1]} units")


def _draw_changes(ax: Axes, t: np.ndarray, changes: np.ndarray) -> None:
    trained = changes > 0
    ax.plot(t[: len(changes)][trained], changes[trained], lw=0.8, color="black", label="|dw|")
    ax.set_xlim(t[0], t[-1])
    ax.set_ylabel("|dw|")
    if trained.any():
        ax.set_yscale("log")


def _shade_spans(ax: Axes, t: np.ndarray, record: Mapping) -> None:
    for key, (label, color) in SPANS.items():
        span = record.get(key)
        if span is None:
            continue
        start, end = np.clip(span, 0, len(t) - 1)
        if end > start:
            ax.axvspan(t[start], t[end], color=color, alpha=0.12, lw=0, label=label)


def _weight_changes(record: Mapping) -> np.ndarray:
    """The norm of every step's change of weights, (T,)."""
    if record.get("dw") is not None:
        return np.asarray(record["dw"])
    changes = np.diff(_series(record, "w"), axis=0)
    return np.linalg.norm(changes.reshape(len(changes), -1), axis=1)


def _columns(record: Mapping, key: str, row: int | None) -> np.ndarray:
    """``record[key]`` as (T, D), of one row of a batch where there is one."""
    series = _series(record, key)
    if series.ndim < 3:
        return series.reshape(len(series), -1)
    if row is None:
        raise ValueError(
            f"{key} holds {series.shape[1]} rows a step: choose one, row=0 to {series.shape[1] - 1}"
        )
    return series[:, row]


def _series(record: Mapping, key: str) -> np.ndarray:
    if record.get(key) is None:
        there = ", ".join(name for name in record if record[name] is not None)
        raise ValueError(f"the record holds no {key!r}, only: {there}")
    return np.asarray(record[key])
