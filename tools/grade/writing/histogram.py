"""The distribution of scores, drawn as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

BINS = 10  # equal ones, and one more for those who have all points
WIDTH, HEIGHT = 580, 205
LEFT, RIGHT, TOP, BOTTOM = 20, 6, 44, 40
GAP = 4
STEP = (WIDTH - LEFT - RIGHT) / (BINS + 1)


def histogram(shares: Sequence[float]) -> str:
    """How many have which share of the points.

    Args:
        shares: from 0 to 1, one a submission.
    """
    counts = counted(shares)
    most = max(*counts, 1)
    bars = "".join(_bar(i, count, most) for i, count in enumerate(counts))
    base = HEIGHT - BOTTOM
    middle = f"{(LEFT + BINS * STEP + LEFT) / 2:.1f}"
    said = "; ".join(f"{_label(i)}: {count}" for i, count in enumerate(counts) if count)
    return (
        f'<svg class="histogram" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="How many have which share of the points. {said}">{_mean(shares)}{bars}'
        f'<line class="axis" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{base}" y2="{base}"/>'
        f'<text class="soft" x="{middle}" y="{HEIGHT - 5}" text-anchor="middle">'
        "share of the points</text></svg>"
    )


def counted(shares: Sequence[float]) -> list[int]:
    """How many fall into each bin; the last holds those who have all."""
    counts = [0] * (BINS + 1)
    for share in shares:
        # A sum of fractions may miss the edge of its bin by a last bit.
        counts[min(max(int(share * BINS + 1e-9), 0), BINS)] += 1
    return counts


def _label(i: int) -> str:
    return "all" if i == BINS else f"{100 * i // BINS} to {100 * (i + 1) // BINS} %"


def _bar(i: int, count: int, most: int) -> str:
    x, base = LEFT + i * STEP, HEIGHT - BOTTOM
    height = (base - TOP) * count / most
    middle = f"{x + STEP / 2:.1f}"
    number = (
        f'<text class="number" x="{middle}" y="{base - height - 6:.1f}" '
        f'text-anchor="middle">{count}</text>'
        if count
        else ""
    )
    edge = (
        f'<text class="soft" x="{middle}" y="{base + 16}" text-anchor="middle">all</text>'
        if i == BINS
        else f'<text class="soft" x="{x + GAP / 2:.1f}" y="{base + 16}">{100 * i // BINS}%</text>'
    )
    return (
        f'<rect class="{"full" if i == BINS else "bar"}" x="{x + GAP / 2:.1f}" '
        f'y="{base - height:.1f}" width="{STEP - GAP:.1f}" height="{height:.1f}" rx="2"/>'
        f"{number}{edge}"
    )


def _mean(shares: Sequence[float]) -> str:
    if not shares:
        return ""
    x = f"{LEFT + fmean(shares) * BINS * STEP:.1f}"
    return (
        f'<line class="mean" x1="{x}" x2="{x}" y1="{TOP - 26}" y2="{HEIGHT - BOTTOM}"/>'
        f'<text class="mean" x="{x}" y="{TOP - 31}" text-anchor="middle">mean</text>'
    )
