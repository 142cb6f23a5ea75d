"""Tolerances between right and wrong answers, drawn on a logarithmic axis as SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from tools.calibration.placing import Row

LOW, HIGH = -17, 2  # powers of ten
LABELS, WIDTH, RIGHT = 190, 900, 15
LINE, TOP = 26, 26


def as_svg(rows: Sequence[Row]) -> str:
    """A bar for each row, from the farthest right answer to the nearest mistake."""
    height = TOP + LINE * len(rows) + 6
    parts = [_grid(power, height) for power in range(LOW + 1, HIGH + 1, 2)]
    parts += [_bar(row, TOP + LINE * i) for i, row in enumerate(rows)]
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="tolerances on a logarithmic '
        f'axis">{"".join(parts)}</svg>'
    )


def _grid(power: int, height: int) -> str:
    x = _x(10.0**power)
    return (
        f'<line class="grid" x1="{x}" x2="{x}" y1="{TOP - 4}" y2="{height}"/>'
        f'<text class="soft" x="{x}" y="14" text-anchor="middle">1e{power}</text>'
    )


def _bar(row: Row, top: int) -> str:
    middle = top + LINE / 2
    start = _x(row.spread.distance)
    end = _x(row.nearest.distance)
    parts = [
        f'<text x="{LABELS - 12}" y="{middle + 4}" text-anchor="end">{escape(row.output)}</text>',
        f'<rect class="span" x="{start}" y="{middle - 4}" width="{end - start:.1f}" height="8">'
        f"<title>{escape(_title(row))}</title></rect>",
        f'<circle class="right" cx="{start}" cy="{middle}" r="5"/>',
        f'<circle class="wrong" cx="{end}" cy="{middle}" r="5"/>',
        _stroke("best", row.best, middle),
        _stroke("limit", row.tolerance, middle),
    ]
    return "".join(parts)


def _stroke(name: str, value: float, middle: float) -> str:
    x = _x(value)
    return f'<line class="{name}" x1="{x}" x2="{x}" y1="{middle - 10}" y2="{middle + 10}"/>'


def _title(row: Row) -> str:
    return (
        f"{row.spread.whose}: {row.spread.distance:.1e}, "
        f"{row.nearest.whose}: {row.nearest.distance:.1e}, tolerance: {row.tolerance:.0e}"
    )


def _x(value: float) -> float:
    power = min(max(math.log10(value), LOW), HIGH) if value > 0 else LOW
    return round(LABELS + (power - LOW) / (HIGH - LOW) * (WIDTH - LABELS - RIGHT), 1)
