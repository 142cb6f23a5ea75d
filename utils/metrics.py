"""Numbers that say how well an output ``y`` follows or resembles a target ``d``.

Two runs of a chaotic system part sooner or later, however good the model: the first two functions
compare step by step, the last compares what stays the same, the attractor's return map.
"""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree


def nrmse(y: np.ndarray, d: np.ndarray) -> float:
    """Normalised root-mean-square error, without unit: 0 is perfect, 1 no better than the mean.

        sqrt( sum_k |y[k] - d[k]|^2 / sum_k |d[k] - mean(d)|^2 )

    Args:
        y, d: (T,) or (T, ...), equal in shape (a trailing 1 may be missing on one side).

    Raises:
        ValueError: shapes differ, or the target does not vary.
    """
    y, d = _paired(y, d)
    return float(np.sqrt(np.sum((y - d) ** 2) / (len(d) * _variance(d))))


def valid_prediction_time(
    y: np.ndarray, d: np.ndarray, dt: float, lyapunov_exponent: float = 1.0, tol: float = 0.4
) -> float:
    """How long the output follows the target, in Lyapunov times ``1 / lyapunov_exponent``.

    ``lyapunov_exponent * dt * k`` for the first k with

        |y[k] - d[k]| / sqrt( mean_k |d[k] - mean(d)|^2 ) > tol

    or with an output that is not finite. An output that never parts is given the whole length T
    of the comparison, a lower bound.

    Args:
        y, d: (T,) or (T, ...), equal in shape, from the first free step on.
        dt: time between steps.
        lyapunov_exponent: the target's largest, in the unit of 1/dt (Lorenz: 0.906). With 1, the
            result is in the unit of dt.
        tol: the error, in standard deviations of the target, at which the two have parted.

    Raises:
        ValueError: shapes differ, or the target does not vary.
    """
    y, d = _paired(y, d)
    error = np.linalg.norm(y - d, axis=1) / np.sqrt(_variance(d))
    parted = np.flatnonzero(~(error <= tol))  # so NaN has parted too
    steps = parted[0] if len(parted) else len(d)
    return float(lyapunov_exponent * dt * steps)


def return_map_distance(y: np.ndarray, d: np.ndarray) -> float:
    """How far the return maps of two scalar series lie apart, without unit.

    Each series gives the points (z[n], z[n+1]) of its successive maxima. The distance is the mean
    over one set of the way to the nearest point of the other, the larger of the two directions
    (the modified Hausdorff distance of Dubuisson and Jain, 1994, 10.1109/ICPR.1994.576361),
    divided by the standard deviation of the target's maxima. Two long runs of one attractor come
    near 0 (the less, the longer they are), a fixed cycle or another attractor to tenths and more.

    Args:
        y, d: (T,) or (T, 1); their lengths may differ.

    Returns:
        infinity if the output is not finite or has fewer than three maxima.

    Raises:
        ValueError: the target has fewer than three maxima, or all its maxima are alike.
    """
    target = successive_maxima(d)
    if len(target) < 3 or np.ptp(target) == 0:
        raise ValueError("a return map needs a target with three maxima that are not all alike")
    output = successive_maxima(y)
    if len(output) < 3 or not np.isfinite(np.asarray(y)).all():
        return float("inf")
    ours = np.stack([output[:-1], output[1:]], axis=1)
    theirs = np.stack([target[:-1], target[1:]], axis=1)
    there, _ = cKDTree(theirs).query(ours)
    back, _ = cKDTree(ours).query(theirs)
    return float(max(there.mean(), back.mean()) / target.std())


def successive_maxima(series: np.ndarray) -> np.ndarray:
    """The heights of a series' local maxima in their order, (M,).

    Each is the top of the parabola through the largest sample b and its neighbours a and c:
    ``b + (c - a)^2 / (8 (2b - a - c))``, since the samples miss the true top. The ends are none.

    Args:
        series: (T,) or (T, 1).

    Raises:
        ValueError: several components.
    """
    values = _columns(series)
    if values.shape[1] != 1:
        raise ValueError(f"maxima are of a scalar series (T,), not of one {np.shape(series)}")
    values = values[:, 0]
    values = values[np.diff(values, prepend=np.nan) != 0]  # a flat top counts once
    a, b, c = values[:-2], values[1:-1], values[2:]
    top = (a < b) & (b > c)
    a, b, c = a[top], b[top], c[top]
    return b + (c - a) ** 2 / (8 * (2 * b - a - c))


def _paired(y: np.ndarray, d: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both as (T, D), refused unless they have the same shape."""
    ours, theirs = _columns(y), _columns(d)
    if ours.shape != theirs.shape:
        raise ValueError(f"output and target differ in shape: {np.shape(y)} and {np.shape(d)}")
    return ours, theirs


def _columns(series: np.ndarray) -> np.ndarray:
    series = np.asarray(series, dtype=float)
    if series.ndim == 0 or len(series) == 0:
        raise ValueError("a series needs at least one step")
    return series.reshape(len(series), -1)


def _variance(d: np.ndarray) -> float:
    """The mean over time of the squared distance from the mean, summed over components."""
    variance = float(np.mean(np.sum((d - d.mean(axis=0)) ** 2, axis=1)))
    if not variance > 0:
        raise ValueError("the target does not vary: there is no scale to measure errors by")
    return variance
