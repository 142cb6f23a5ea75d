"""The echo state network: a fixed random recurrent network with leaky units."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from utils.reservoir.weights import (
    Matrix,
    as_generator,
    as_stored,
    draw_recurrent,
    spectral_radius,
)


class ESN:
    """``x[k+1] = (1 - a) x[k] + a f(sr W x[k] + v[k])``, the leaky echo state network.

    Source: H. Jaeger, "The 'echo state' approach to analysing and training recurrent neural
    networks", GMD report 148, 2001.

    Args:
        dim: number of units N.
        sr: factor of the recurrent matrix; its spectral radius where ``normalize`` holds.
        f: activation, applied to whole arrays.
        a: leak rate in (0, 1]; None: no leak, the same as 1.
        p: density: the share of the N*N connections that exist, in (0, 1].
        init_state: (N,) or (..., N), the first ``net.x``; zeros by default.
        normalize: divide the drawn matrix by its spectral radius.
        weight: (N, N), dense or sparse, copied and used as it is; then nothing is drawn.
        rnd: generator to draw from, or
        seed: the seed of a fresh one.
        dtype: floating-point type of weight and state.

    Attributes:
        weight: (N, N), of CSR form where it is sparse enough to gain from it, else an array. An
            assigned one is copied into the form that suits it.
        sr, a, f: as above; may be assigned.
        x: (N,) or (..., N), the state that ``step`` advances.
    """

    def __init__(
        self,
        dim: int,
        sr: float = 1.0,
        f: Callable[[np.ndarray], np.ndarray] = np.tanh,
        a: float | None = None,
        p: float = 1.0,
        init_state: ArrayLike | None = None,
        normalize: bool = True,
        weight: ArrayLike | Matrix | None = None,
        *,
        rnd: np.random.Generator | None = None,
        seed: int | None = None,
        dtype: DTypeLike = np.float64,
    ) -> None:
        if not 0 < p <= 1:
            raise ValueError(f"the density p must be in (0, 1], got {p}")
        self.dim = dim
        self.f = f
        self.a = a
        self.p = p
        self.dtype = np.dtype(dtype)
        self.sr = sr
        if weight is None:
            self.weight = draw_recurrent(dim, p, as_generator(rnd, seed))
            if normalize:
                self.weight = self.weight / self._nonzero_radius()
        else:
            self.weight = weight
        self.x = np.array(np.zeros(dim) if init_state is None else init_state, dtype=dtype)
        self._check("init_state", self.x)

    @property
    def weight(self) -> Matrix:
        return self._weight

    @weight.setter
    def weight(self, weight: ArrayLike | Matrix) -> None:
        if np.shape(weight) != (self.dim, self.dim):
            raise ValueError(
                f"weight has shape {np.shape(weight)}, expected (dim, dim) = {(self.dim, self.dim)}"
            )
        self._weight = as_stored(weight, self.dtype)

    def __call__(self, x: ArrayLike, v: ArrayLike | None = None) -> np.ndarray:
        """The state after ``x`` under the drive ``v``; changes neither ``x`` nor the network.

        Args:
            x: state, (N,) or (..., N).
            v: what arrives from outside (input, feedback), of the same shape or one that
                broadcasts to it with the last axis N long; None: nothing.

        Raises:
            ValueError: the last axis of ``x`` or ``v`` is not N long, or the others do not fit.
        """
        x = np.asarray(x, dtype=self.dtype)
        self._check("x", x)
        # sr multiplies the product and not the matrix: it costs one microsecond at N=1000, spares
        # a second matrix, and what a learner assigns to net.sr or net.weight[i, j] simply holds.
        u = self.sr * self._recur(x)
        if v is not None:
            v = np.asarray(v, dtype=self.dtype)
            self._check("v", v)
            u = u + v
        fresh = self.f(u)
        return fresh if self.a is None else (1 - self.a) * x + self.a * fresh

    def step(self, v: ArrayLike | None = None) -> np.ndarray:
        """Advance ``net.x`` by one step under the drive ``v`` and return it."""
        self.x = self(self.x, v)
        return self.x

    def _recur(self, x: np.ndarray) -> np.ndarray:
        """W x for each state of ``x`` (..., N)."""
        if isinstance(self.weight, np.ndarray):
            return x @ self.weight.T
        if x.ndim == 1:
            return self.weight @ x
        return (self.weight @ x.reshape(-1, self.dim).T).T.reshape(x.shape)

    def _check(self, name: str, value: np.ndarray) -> None:
        if value.shape[-1:] != (self.dim,):
            raise ValueError(
                f"{name} has shape {value.shape}, expected (..., dim) = (..., {self.dim})"
            )

    def _nonzero_radius(self) -> float:
        radius = spectral_radius(self.weight)
        if radius == 0:
            raise ValueError(
                f"no cycle among the {round(self.p * self.dim**2)} connections of {self.dim} units "
                f"(p={self.p}): the spectral radius is 0 and cannot be scaled. Raise p"
            )
        return radius
