"""A plotly figure as a picture: what is seen without scripts, in print, and before it is turned."""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np

_SIZE = (8.0, 5.2)  # inches; about the shape it has when it is turned
_DOTS = 150
_COLOURS = 64
_DRAWN = {"scatter3d"}


def draw(figure: dict[str, Any]) -> bytes | None:
    """Curves in three dimensions as a PNG, seen from where plotly would begin.

    Args:
        figure: the figure's JSON.

    Returns:
        the picture; None where there is something else in it than curves.
    """
    # Imported here: whoever builds no figure in three dimensions does without.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.style import context

    traces = figure.get("data", [])
    if not traces or {trace.get("type") for trace in traces} - _DRAWN:
        return None
    with context("default"):
        drawing = Figure(figsize=_SIZE, facecolor="white")
        FigureCanvasAgg(drawing)
        axes = drawing.add_axes((0.0, 0.04, 0.97, 0.9), projection="3d")
        for trace in traces:
            points = [_array(trace[name]) for name in "xyz"]
            axes.plot(*points, linewidth=0.7, label=trace.get("name") or None)
        axes.set_box_aspect((1, 1, 1), zoom=1.2)
        layout = figure.get("layout", {})
        scene = layout.get("scene", {})
        for name in "xyz":
            getattr(axes, f"set_{name}label")(_text(scene.get(f"{name}axis", {})))
        axes.view_init(*_angles(scene.get("camera", {}).get("eye", {})))
        axes.set_title(_text(layout))
        if layout.get("showlegend"):
            axes.legend(loc="upper right")
        written = io.BytesIO()
        drawing.savefig(written, format="png", dpi=_DOTS)
    return _in_few_colours(written)


def _in_few_colours(written: io.BytesIO) -> bytes:
    """A few thin curves on white: a palette does, in a third of the bytes."""
    from PIL import Image

    smaller = io.BytesIO()
    picture = Image.open(written).convert("RGB")
    picture.quantize(_COLOURS, dither=Image.Dither.NONE).save(smaller, "png", optimize=True)
    return smaller.getvalue()


def describe(figure: dict[str, Any]) -> str:
    """Title, axes and curves in one line, as ``tools.describing`` tells of other figures."""
    layout = figure.get("layout", {})
    scene = layout.get("scene", {})
    labels = [_text(scene.get(f"{name}axis", {})) for name in "zyx"]
    curves = [trace.get("name") for trace in figure.get("data", []) if trace.get("name")]
    told = ": ".join(filter(None, (_text(layout), " over ".join(filter(None, labels)))))
    return f"{told} ({', '.join(curves)})" if curves else told


def _text(holder: dict[str, Any]) -> str:
    return holder.get("title", {}).get("text") or ""


def _array(values: Any) -> np.ndarray:
    """A column of numbers, which plotly writes as a list or in base64."""
    if isinstance(values, dict):
        return np.frombuffer(base64.b64decode(values["bdata"]), dtype=values["dtype"])
    return np.array([np.nan if value is None else value for value in values], dtype=float)


def _angles(eye: dict[str, float]) -> tuple[float, float]:
    """Elevation and azimuth in degrees of a point of view."""
    x, y, z = (eye.get(name, 1.25) for name in "xyz")
    return float(np.degrees(np.arctan2(z, np.hypot(x, y)))), float(np.degrees(np.arctan2(y, x)))
