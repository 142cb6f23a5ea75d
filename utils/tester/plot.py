"""A small plot of what came against what was expected, where they part.

Drawn as SVG by hand rather than by Matplotlib: nothing of the learner's backend or settings is
touched, nothing is imported for it, Japanese needs no font, and ``currentColor`` makes it legible
in light and dark themes alike.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np

from utils.tester.compare import Difference
from utils.tester.messages import say
from utils.tester.plain import as_numbers

MIN_POINTS = 5  # a shorter series is read faster than it is drawn
WINDOW = 120  # points drawn, where a series is longer
BEFORE = 0.35  # the part of the window that lies before the first difference

WIDTH, HEIGHT = 600, 200
LEFT, RIGHT, TOP, BOTTOM = 56, 14, 42, 28
YOURS = "#e8710a"  # an orange that stands off from white and from black alike
# What is expected lies as a broad band below what came: where they agree both are seen.
_EXPECTED = 'stroke="currentColor" stroke-opacity=".32" stroke-width="6" stroke-linecap="round"'
_YOURS = f'stroke="{YOURS}" stroke-width="1.8"'
HUGE = 1e100  # larger values are drawn as this one
VISIBLE = 0.01  # a smaller difference, in parts of what is shown, no eye can see


@dataclass(frozen=True, eq=False)
class Curves:
    """One series of an output, expected and got.

    Attributes:
        name: the series as Python writes it, ``x[:, 0]``.
        start: the index of its first point shown.
        parting: the index of the first difference.
        expected, got: the points from ``start`` on.
    """

    name: str
    start: int
    parting: int
    expected: np.ndarray
    got: np.ndarray


def curves_of(name: str, difference: Difference | None, expected: Any, got: Any) -> Curves | None:
    """The series to draw for a failure; None where no drawing would help."""
    if difference is None or difference.kind not in ("value", "nan") or not difference.index:
        return None
    expected, got = as_numbers(expected), as_numbers(got)
    if expected is None or got is None or expected.shape != got.shape:
        return None
    if np.iscomplexobj(expected) or np.iscomplexobj(got) or expected.dtype.kind == "b":
        return None
    square = expected.ndim == 2 and expected.shape[0] == expected.shape[1]
    if len(expected) < MIN_POINTS or square:  # a square matrix is no series
        return None
    parting, *column = difference.index
    at = (slice(None), *column)
    start = max(0, min(parting - int(BEFORE * WINDOW), len(expected) - WINDOW))
    shown = slice(start, start + WINDOW)
    series = f"{name}[{', '.join([':', *map(str, column)])}]" if column else name
    curves = Curves(
        series, start, parting, _drawable(expected[at][shown]), _drawable(got[at][shown])
    )
    return curves if _parts_visibly(curves) else None


def _drawable(values: np.ndarray) -> np.ndarray:
    """As floats so bounded that no distance between them overflows; nan and inf are left out."""
    values = values.astype(float)
    return np.where(np.isfinite(values), np.clip(values, -HUGE, HUGE), np.nan)


def _parts_visibly(curves: Curves) -> bool:
    low, high = _range(curves)
    return not bool(np.all(np.abs(curves.got - curves.expected) <= VISIBLE * (high - low)))


def as_svg(curves: Curves, lang: str) -> str:
    """The drawing, to be set into HTML."""
    scale = _Scale(curves)
    marks = len(curves.expected) <= 40
    parts = [
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img" '
        'style="max-width:100%;height:auto;display:block;font:11px system-ui,sans-serif" '
        'fill="none" stroke-linejoin="round">',
        f"<title>{escape(say('plot_title', lang, series=curves.name).replace('`', ''))}</title>",
        *_grid(scale),
        *_parting(curves, scale, lang),
        _line(curves.expected, scale, _EXPECTED),
        _line(curves.got, scale, _YOURS),
        _dots(curves.got, scale) if marks else "",
        *_legend(curves, lang),
        "</svg>",
    ]
    return "".join(parts)


class _Scale:
    """Where a point of the series lies on the paper, and where the ticks do."""

    def __init__(self, curves: Curves) -> None:
        self.start, self.count = curves.start, len(curves.expected)
        low, high = _range(curves)
        self.x_ticks = [t for t in _ticks(self.start, self.start + self.count - 1, 8) if t % 1 == 0]
        self.y_ticks = _ticks(low, high, 4)
        margin = 0.06 * (high - low)
        self.low, self.high = low - margin, high + margin

    def x(self, index: float) -> float:
        return LEFT + (index - self.start) / (self.count - 1) * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        """Clipped just outside the frame, so that one huge value does not spoil the file."""
        share = (value - self.low) / (self.high - self.low)
        return TOP + (1 - min(max(share, -0.05), 1.05)) * (HEIGHT - TOP - BOTTOM)


def _range(curves: Curves) -> tuple[float, float]:
    """The span of values shown: what is expected in full, what came as far as it stays near."""
    expected = curves.expected[np.isfinite(curves.expected)]
    if not expected.size:
        return -1.0, 1.0
    low, high = float(expected.min()), float(expected.max())
    reach = max(high - low, 0.1 * max(abs(low), abs(high)), 1 / HUGE)
    got = curves.got[np.isfinite(curves.got)]
    got = got[(got > low - 2 * reach) & (got < high + 2 * reach)]
    low, high = min([low, *got.tolist()]), max([high, *got.tolist()])
    return (low - 0.5 * reach, high + 0.5 * reach) if low == high else (low, high)


def _ticks(low: float, high: float, most: int) -> list[float]:
    """At most so many round numbers in [low, high]."""
    span = high - low
    power = 10.0 ** math.floor(math.log10(span / most))
    step = next(power * m for m in (1, 2, 5, 10) if span / (power * m) <= most)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [k * step for k in range(first, last + 1)]


def _grid(scale: _Scale) -> list[str]:
    bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    parts = ['<g stroke="currentColor" stroke-opacity=".15">']
    for tick in scale.y_ticks:
        parts.append(f'<path d="M{LEFT} {scale.y(tick):.1f}H{right}"/>')
    parts.append(f'<path stroke-opacity=".45" d="M{LEFT} {bottom}H{right}"/></g>')
    parts.append('<g fill="currentColor" fill-opacity=".75">')
    for tick in scale.y_ticks:
        y = scale.y(tick) + 4
        parts.append(f'<text x="{LEFT - 7}" y="{y:.1f}" text-anchor="end">{tick:.4g}</text>')
    for tick in scale.x_ticks:
        x = scale.x(tick)
        parts.append(f'<text x="{x:.1f}" y="{bottom + 16}" text-anchor="middle">{tick:.0f}</text>')
    return [*parts, "</g>"]


def _parting(curves: Curves, scale: _Scale, lang: str) -> list[str]:
    x = scale.x(curves.parting)
    anchor = "end" if x > WIDTH / 2 else "start"
    text = escape(say("plot_parting", lang, index=curves.parting))
    offset = -5 if anchor == "end" else 5
    return [
        f'<path d="M{x:.1f} {TOP - 12}V{HEIGHT - BOTTOM}" stroke="currentColor" '
        'stroke-opacity=".5" stroke-dasharray="1 3"/>',
        f'<text x="{x + offset:.1f}" y="{TOP - 5}" text-anchor="{anchor}" fill="currentColor" '
        f'fill-opacity=".75">{text}</text>',
    ]


def _line(values: np.ndarray, scale: _Scale, style: str) -> str:
    """The finite runs of a series."""
    path, pen_down = [], False
    for index, value in enumerate(values.tolist(), start=scale.start):
        if math.isfinite(value):
            path.append(f"{'L' if pen_down else 'M'}{scale.x(index):.1f} {scale.y(value):.1f}")
        pen_down = math.isfinite(value)
    return f'<path d="{"".join(path)}" {style}/>'


def _dots(values: np.ndarray, scale: _Scale) -> str:
    dots = "".join(
        f'<circle cx="{scale.x(index):.1f}" cy="{scale.y(value):.1f}" r="2.4"/>'
        for index, value in enumerate(values.tolist(), start=scale.start)
        if math.isfinite(value)
    )
    return f'<g fill="{YOURS}">{dots}</g>'


def _legend(curves: Curves, lang: str) -> list[str]:
    """The series' name on the left; on the right what each line is."""
    expected, got = escape(say("expected", lang)), escape(say("got", lang))
    first, second, y = WIDTH - 196, WIDTH - 92, 10
    return [
        f'<text x="{LEFT}" y="{y + 4}" fill="currentColor" font-family="monospace">'
        f"{escape(curves.name)}</text>",
        f'<path d="M{first} {y}h20" {_EXPECTED}/>',
        f'<text x="{first + 28}" y="{y + 4}" fill="currentColor">{expected}</text>',
        f'<path d="M{second} {y}h20" {_YOURS}/>',
        f'<text x="{second + 28}" y="{y + 4}" fill="currentColor">{got}</text>',
    ]
