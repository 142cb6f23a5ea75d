"""Chaotic systems, and the ways to sample them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike


def lorenz_func(z: ArrayLike, a: float = 10.0, b: float = 28.0, c: float = 8 / 3) -> np.ndarray:
    """Time derivative of the Lorenz system, (..., 3) -> (..., 3).

    ``x' = a (y - x)``, ``y' = x (b - z) - y``, ``z' = x y - c z``.
    Source: E. N. Lorenz, "Deterministic nonperiodic flow", J. Atmos. Sci. 20, 130-141, 1963
    (there sigma, r, b).
    """
    z = np.asarray(z, dtype=float)
    x1, x2, x3 = z[..., 0], z[..., 1], z[..., 2]
    dot = np.empty_like(z)
    dot[..., 0] = a * (x2 - x1)
    dot[..., 1] = x1 * (b - x3) - x2
    dot[..., 2] = x1 * x2 - c * x3
    return dot


def chongxin_func(
    z: ArrayLike,
    a: float = 10.0,
    b: float = 40.0,
    k: float = 1.0,
    c: float = 2.5,
    h: float = 4.0,
) -> np.ndarray:
    """Time derivative of the system of Chongxin Liu and others, (..., 3) -> (..., 3).

    ``x1' = a (x2 - x1)``, ``x2' = b x1 - k x1 x3``, ``x3' = -c x3 + h x1**2``.
    Sources: C. Liu, T. Liu, L. Liu, K. Liu, "A new chaotic attractor", Chaos, Solitons & Fractals
    22, 1031-1038, 2004, 10.1016/j.chaos.2004.02.060, has these equations and default values; its
    sequel is "A new butterfly-shaped attractor of Lorenz-like system", same journal, 2006,
    10.1016/j.chaos.2004.09.111.
    """
    z = np.asarray(z, dtype=float)
    x1, x2, x3 = z[..., 0], z[..., 1], z[..., 2]
    dot = np.empty_like(z)
    dot[..., 0] = a * (x2 - x1)
    dot[..., 1] = b * x1 - k * x1 * x3
    dot[..., 2] = -c * x3 + h * x1 * x1
    return dot


def runge_kutta(
    dt: float, func: Callable[..., np.ndarray], **params: float
) -> Callable[[ArrayLike], np.ndarray]:
    """The map from z to what it is ``dt`` later under ``z' = func(z, **params)``.

    By the classical Runge-Kutta method of fourth order, which asks ``func`` four times. ``params``
    are handed to it by name each time: they are held over the step.
    """

    def step(z: ArrayLike) -> np.ndarray:
        z = np.asarray(z, dtype=float)
        k1 = func(z, **params)
        k2 = func(z + dt / 2 * k1, **params)
        k3 = func(z + dt / 2 * k2, **params)
        k4 = func(z + dt * k3, **params)
        return z + dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4)

    return step


class ConstantHistory:
    """A history that never changed: ``history(t)`` is ``value`` for every t.

    Args:
        value: a number or an array.
    """

    def __init__(self, value: ArrayLike) -> None:
        self.value = np.array(value, dtype=float)

    def __call__(self, t: float) -> np.ndarray | float:
        return self.value.copy() if self.value.ndim else float(self.value)


class SampledHistory:
    """A history known at some times and interpolated linearly between them.

    Before the first time it keeps the first value, after the last the last.

    Args:
        ts: (T,) ascending times; the last is 0.
        values: (T,) or (T, ...).

    Raises:
        ValueError: ``ts`` does not ascend to 0, or ``values`` has not one entry for each time.
    """

    def __init__(self, ts: ArrayLike, values: ArrayLike) -> None:
        self.ts = np.array(ts, dtype=float)
        self.values = np.array(values, dtype=float)
        if self.ts.ndim != 1 or self.ts.size == 0:
            raise ValueError(f"ts has shape {self.ts.shape}, expected (T,)")
        if (np.diff(self.ts) <= 0).any() or self.ts[-1] != 0:
            raise ValueError("ts must ascend and end at 0")
        if self.values.shape[:1] != self.ts.shape:
            raise ValueError(
                f"values has shape {self.values.shape}, expected ({self.ts.size}, ...): "
                "one entry for each time"
            )

    def __call__(self, t: float) -> np.ndarray | float:
        position = np.interp(t, self.ts, np.arange(self.ts.size))
        before = int(position)
        after = min(before + 1, self.ts.size - 1)
        share = position - before
        value = (1 - share) * self.values[before] + share * self.values[after]
        return value if self.values.ndim > 1 else float(value)


ALWAYS_HALF = ConstantHistory(0.5)


def mackey_glass(
    time_steps: int,
    tau: float = 17.0,
    dt: float = 1.0,
    history: Callable[[float], ArrayLike] = ALWAYS_HALF,
    beta: float = 0.2,
    gamma: float = 0.1,
    n: float = 10.0,
) -> tuple[np.ndarray, np.ndarray]:
    """Sample the Mackey-Glass equation, a model of the production of white blood cells.

    ``dx/dt = beta x(t - tau) / (1 + x(t - tau)**n) - gamma x(t)``.
    Source: M. C. Mackey, L. Glass, "Oscillation and chaos in physiological control systems",
    Science 197, 287-289, 1977, 10.1126/science.267326.

    Runge-Kutta steps of ``dt``, in which x(t - tau) at the beginning, middle and end of a step is
    read from the past by linear interpolation. That makes the sampler of second order (holding the
    delayed value over the step: first), for any delay, a multiple of dt or not.

    Args:
        time_steps: number of samples.
        tau: the delay, at least ``dt``.
        dt: time between samples.
        history: x(t) for t <= 0, a function of t; its values are numbers or arrays. Asked at
            multiples of ``dt`` back to the first that is not after -tau.
        beta, gamma, n: parameters of the equation.

    Returns:
        ``ts`` (time_steps,) = 0, dt, 2 dt, ... and ``xs`` (time_steps, ...) with ``xs[k]`` the
        value at ``ts[k]``, so that ``xs[0]`` is ``history(0)``.

    Raises:
        ValueError: ``dt`` is not positive or ``tau`` shorter than ``dt``.
    """
    if not 0 < dt <= tau:
        raise ValueError(f"0 < dt <= tau is needed, got dt={dt} and tau={tau}")
    past = int(np.ceil(tau / dt))
    share = past - tau / dt  # where between two samples the delayed time falls
    initial = np.array([history(-j * dt) for j in range(past, -1, -1)], dtype=float)
    xs = np.empty((past + max(time_steps, 1), *initial.shape[1:]))
    xs[: past + 1] = initial

    def delayed(k: int, fraction: float) -> np.ndarray:
        """x(t_k - tau + fraction dt), for fraction in [0, 1]."""
        position = share + fraction
        if position >= 1:
            k, position = k + 1, position - 1
        return xs[k] if position == 0 else (1 - position) * xs[k] + position * xs[k + 1]

    def production(x: np.ndarray) -> np.ndarray:
        return beta * x / (1 + x**n)

    produced = production(delayed(0, 0.0))
    for k in range(time_steps - 1):
        x = xs[past + k]
        start, middle, end = produced, production(delayed(k, 0.5)), production(delayed(k, 1.0))
        k1 = start - gamma * x
        k2 = middle - gamma * (x + dt / 2 * k1)
        k3 = middle - gamma * (x + dt / 2 * k2)
        k4 = end - gamma * (x + dt * k3)
        xs[past + k + 1] = x + dt / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        produced = end
    return np.arange(time_steps) * dt, xs[past : past + time_steps]
