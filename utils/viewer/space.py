"""Curves in three dimensions."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from utils.viewer.showing import SpaceFigure, show_at_end_of_cell

MAX_POINTS = 5000  # a curve: about 160 kB in the notebook, and no corner visible on an attractor

FROM = {"x": 1.45, "y": -1.7, "z": 0.5}  # across the diagonal x = y, along which attractors stretch


def show_3d_coord(
    data: np.ndarray | None = None,
    /,
    *,
    title: str | None = None,
    labels: tuple[str, str, str] = ("x", "y", "z"),
    max_points: int = MAX_POINTS,
    **curves: np.ndarray,
) -> SpaceFigure:
    """Draw one curve, ``show_3d_coord(data)``, or several that the legend names,
    ``show_3d_coord(output=y, target=d)``, turning under the mouse.

    Args:
        data, curves: arrays (T, 3).
        title: of the figure.
        labels: of the three axes.
        max_points: longer curves are thinned to so many, more of them kept where the curve bends.

    Returns:
        the plotly figure.

    Raises:
        ValueError: no curve, or one that is not (T, 3).
    """
    named = dict(curves) if data is None else {"": data, **curves}
    if not named:
        raise ValueError("show_3d_coord needs a curve: an array (T, 3)")
    fig = SpaceFigure()
    for name, curve in named.items():
        points = thin(_three_columns(name, curve), max_points)
        x, y, z = points.T
        fig.add_trace(go.Scatter3d(x=x, y=y, z=z, name=name, mode="lines", line_width=2))
    fig.update_layout(
        template="plotly_white",
        paper_bgcolor="white",
        font_color="black",
        title=title,
        showlegend=len(named) > 1,
        scene=dict(zip(("xaxis_title", "yaxis_title", "zaxis_title"), labels, strict=True)),
        scene_camera_eye=FROM,
        margin={"l": 0, "r": 0, "b": 0, "t": 50 if title else 10},
        height=520,
    )
    show_at_end_of_cell(fig)
    return fig


def thin(curve: np.ndarray, max_points: int) -> np.ndarray:
    """At most ``max_points`` of a curve's points (T, D), ends included, in single precision.

    The chord over a spacing h of an arc of curvature c misses it by c h^2 / 8. Equal misses need
    points as dense as sqrt(c) along the arc, which is sqrt(|second difference|) a sample.
    """
    with np.errstate(over="ignore"):  # a run that diverged: infinity is drawn as a gap
        points = np.asarray(curve).astype(np.float32)
    if len(points) <= max_points:
        return points
    steady = np.nan_to_num(points.astype(float), posinf=0.0, neginf=0.0)
    bend = np.sqrt(np.linalg.norm(np.diff(steady, n=2, axis=0), axis=1))
    density = np.concatenate([bend[:1], bend, bend[-1:]])
    density += 0.1 * density.mean() + np.finfo(float).tiny  # straight pieces keep some points too
    position = np.cumsum(density)
    wanted = np.linspace(position[0], position[-1], max_points)
    return points[np.unique(np.searchsorted(position, wanted))]


def _three_columns(name: str, curve: np.ndarray) -> np.ndarray:
    curve = np.asarray(curve)
    if curve.ndim != 2 or curve.shape[1] != 3:
        called = f"curve {name!r}" if name else "the curve"
        raise ValueError(f"{called} must be an array (T, 3), not {curve.shape}")
    return curve
