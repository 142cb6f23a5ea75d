"""A readout trained offline by ridge regression."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, DTypeLike
from scipy.linalg import get_lapack_funcs, lstsq, solve_triangular

from utils.reservoir.linear import Linear


class RidgeReadout(Linear):
    """A linear readout that ``train`` fits to states and targets.

    It minimises ``sum |W x + b - y|**2 + lmbd |W|**2`` over W and b; the bias b is not penalised.

    The solver is a Householder QR of the augmented matrix ``[X; sqrt(lmbd) I]``, X the centred
    states, and not the normal equations ``(X'X + lmbd I) W' = X'Y``. QR is backward stable: what
    it returns is the exact answer to data changed in their last digits. Forming X'X squares the
    condition number, and the states of a reservoir are nearly dependent: cond(X) is 3e17 for a
    thousand units that follow the Lorenz system at spectral radius 0.1 (chapter 08, seed 1234).
    Measured on those states, valid prediction time of the closed loop in Lyapunov times, with the
    8000 rows as they come and shuffled:

    ============================  =======  =====================================================
    solver                        lmbd     valid prediction time
    ============================  =======  =====================================================
    QR of [X; sqrt(lmbd) I]       1e-10    9.0 and 9.0
    QR of [X; sqrt(lmbd) I]       1e-12    14.3 and 14.3
    QR of X, then the least norm  None     21.2 and 21.2
    Cholesky of X'X + lmbd I      1e-10    9.0 and 9.0
    Cholesky of X'X + lmbd I      1e-12    fails: no longer positive definite
    pinv of [1 X]'[1 X]           0        2.1 and 4.1: the cut-off of pinv, meant for rounding
                                           errors, is what regularises, by accident
    ============================  =======  =====================================================

    Args:
        input_dim: number of units N.
        output_dim: number of outputs D.
        lmbd: the penalty. None or 0: plain least squares, and where the states do not determine
            the weights (numerically, at the relative cut-off ``eps * max(samples, N)`` of the
            singular values), the smallest weights among the best.
        bound, weight, bias, rnd, seed, dtype: as in ``Linear``; the weights before training.
    """

    def __init__(
        self,
        input_dim: int,
        output_dim: int,
        lmbd: float | None = None,
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
        if lmbd is not None and not lmbd >= 0:
            raise ValueError(f"lmbd must be None, 0 or positive, got {lmbd}")
        self.lmbd = lmbd

    def train(self, x: ArrayLike, y: ArrayLike) -> None:
        """Set ``weight`` and ``bias`` to the minimiser. All leading axes count as samples.

        Args:
            x: states, (..., T, N).
            y: targets, (..., T, D).

        Raises:
            ValueError: the shapes do not fit, there is no sample, or a value is not finite.
        """
        x, y = self._samples(np.asarray(x), np.asarray(y))
        x_mean, y_mean = x.mean(axis=0), y.mean(axis=0)
        r = _triangle(x, x_mean, y, y_mean, self.lmbd or 0.0)
        states, targets = r[:, : self.input_dim], r[:, self.input_dim :]
        if self.lmbd:
            solution = solve_triangular(states, targets)
        else:
            cutoff = np.finfo(r.dtype).eps * max(x.shape)
            solution = lstsq(states, targets, cond=cutoff)[0]
        self.weight = np.ascontiguousarray(solution.T, dtype=self.weight.dtype)
        self.bias = (y_mean - self.weight @ x_mean).astype(self.bias.dtype)

    def _samples(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        if x.ndim < 2 or x.shape[-1] != self.input_dim or x.shape[-2] == 0:
            raise ValueError(
                f"x has shape {x.shape}, expected (..., T, input_dim) = (..., T, {self.input_dim})"
            )
        if y.shape != (*x.shape[:-1], self.output_dim):
            raise ValueError(
                f"y has shape {y.shape}, expected {(*x.shape[:-1], self.output_dim)}: "
                f"one row of {self.output_dim} for each state of x {x.shape}"
            )
        return x.reshape(-1, self.input_dim), y.reshape(-1, self.output_dim)


def _triangle(
    x: np.ndarray, x_mean: np.ndarray, y: np.ndarray, y_mean: np.ndarray, lmbd: float
) -> np.ndarray:
    """The first N rows of R in QR of ``[[X, Y], [sqrt(lmbd) I, 0]]``, X and Y centred.

    Its left columns are the triangle of the states, its right ones Q'Y: the reflections meet the
    targets as further columns, so Q is never formed. One matrix is allocated and factored in place.
    """
    samples, n = x.shape
    penalty_rows = n if lmbd else 0
    stacked = np.zeros((samples + penalty_rows, n + y.shape[1]), order="F")
    np.subtract(x, x_mean, out=stacked[:samples, :n])
    np.subtract(y, y_mean, out=stacked[:samples, n:])
    np.fill_diagonal(stacked[samples:, :n], np.sqrt(lmbd))
    if not np.isfinite(stacked).all():
        raise ValueError("states or targets contain values that are not finite")
    geqrf, geqrf_lwork = get_lapack_funcs(("geqrf", "geqrf_lwork"), (stacked,))
    lwork = int(geqrf_lwork(*stacked.shape)[0])
    factored, _, _, _ = geqrf(stacked, lwork=lwork, overwrite_a=True)
    return np.triu(factored[:n])
