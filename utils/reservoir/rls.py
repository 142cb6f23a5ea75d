"""A readout trained online by recursive least squares, fast."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, DTypeLike
from scipy.linalg.blas import dsymv, dsyrk

from utils.reservoir.linear import Linear

# So many steps are taken out of P at once. Measured at N=1000 on one core, microseconds a step:
# 141 one by one (syr), 92 by eights, 88 by 24, 98 by 64; np.outer and fresh arrays take 1500.
STEPS_A_MERGE = 24


class RLSReadout(Linear):
    """A linear readout that learns from one sample at a time by recursive least squares.

    ``k = P x``, ``g = 1 / (1 + x'k)``, ``P <- P - g k k'``, ``w <- w + g (d - y) k'``, with y the
    output before the update. The bias is never trained. As the readout of a chaotic reservoir
    inside its own feedback loop this is FORCE learning (D. Sussillo, L. F. Abbott, Neuron 63, 544,
    2009, 10.1016/j.neuron.2009.07.018); recursive least squares in an echo state network is older
    (H. Jaeger, H. Haas, Science 304, 78, 2004, 10.1126/science.1091277).

    What costs time is passing over the N*N numbers of P, so no N*N array is made in a step and P
    is symmetric: BLAS reads one triangle (symv), and changes it in place (syrk), for some steps at
    once. Until then their vectors ``v = sqrt(g) k`` stand beside it, ``P = U - V V'``. U is in
    Fortran order, in which BLAS takes it without a copy, and in double precision whatever
    ``dtype``: rounding errors add up over the steps.

    Args:
        input_dim: number of units N.
        output_dim: number of outputs D.
        lmbd: the penalty of the ridge regression that it equals: P starts as I / lmbd.
        initialize_with_zero: start from zero weight and bias (they are drawn all the same).
        bound, weight, bias, rnd, seed, dtype: as in ``Linear``.
    """

    def __init__(
        self,
        input_dim: int,
        output_dim: int,
        lmbd: float = 1.0,
        initialize_with_zero: bool = True,
        *,
        bound: float | None = None,
        weight: ArrayLike | None = None,
        bias: float = 0.0,
        rnd: np.random.Generator | None = None,
        seed: int | None = None,
        dtype: DTypeLike = np.float64,
    ) -> None:
        super().__init__(
            input_dim, output_dim, bound, weight, bias, rnd=rnd, seed=seed, dtype=dtype
        )
        if not lmbd > 0:
            raise ValueError(f"lmbd must be positive, got {lmbd}")
        self.lmbd = lmbd
        if initialize_with_zero:
            self.weight[:] = 0
            self.bias[:] = 0
        self.P = np.eye(input_dim) / lmbd

    @property
    def P(self) -> np.ndarray:
        """(N, N), the whole symmetric matrix, a fresh copy. May be assigned."""
        upper = np.triu(self._upper)
        recent = self._recent[:, : self._pending]
        return upper + np.triu(upper, 1).T - recent @ recent.T

    @P.setter
    def P(self, value: ArrayLike) -> None:
        value = np.array(value, dtype=float, order="F")
        if value.shape != (self.input_dim, self.input_dim):
            raise ValueError(
                f"P has shape {value.shape}, expected {(self.input_dim, self.input_dim)}"
            )
        self._upper = value  # only its upper triangle is read and kept up to date
        self._recent = np.empty((self.input_dim, STEPS_A_MERGE), order="F")
        self._pending = 0

    def step(self, x: ArrayLike, d: ArrayLike) -> np.ndarray:
        """Learn from one state and its target; return the change of the weight, (D, N).

        Args:
            x: state, (N,).
            d: target, (D,), or a scalar for all outputs.

        Raises:
            ValueError: ``x`` is not (N,) or ``d`` neither scalar nor (D,).
        """
        x = np.asarray(x, dtype=float)
        d = np.asarray(d, dtype=float)
        if x.shape != (self.input_dim,):
            raise ValueError(f"x has shape {x.shape}, expected ({self.input_dim},)")
        if d.shape not in ((), (self.output_dim,)):
            raise ValueError(f"d has shape {d.shape}, expected () or ({self.output_dim},)")
        recent = self._recent[:, : self._pending]
        k = dsymv(1.0, self._upper, x) - recent @ (x @ recent)
        g = 1 / (1 + x @ k)
        error = d - self(x)
        dw = np.outer(g * error, k)
        self._remember(np.sqrt(g) * k)
        self.weight += dw
        return dw

    def _remember(self, v: np.ndarray) -> None:
        """``P <- P - v v'``: beside U, and into U when there is no place left."""
        self._recent[:, self._pending] = v
        self._pending += 1
        if self._pending == STEPS_A_MERGE:
            self._upper = dsyrk(-1.0, self._recent, beta=1.0, c=self._upper, overwrite_c=True)
            self._pending = 0
