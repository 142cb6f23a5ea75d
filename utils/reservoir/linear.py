"""An affine map with random weights: input, feedback and untrained readout."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from utils.reservoir.weights import as_generator


class Linear:
    """``y = W x + b`` with uniformly drawn ``W`` and ``b``.

    Weight and then bias are always drawn, even where ``weight`` is given or ``bias`` is 0, so that
    networks that share a generator agree in everything else.

    Args:
        input_dim: size of the last axis of the input.
        output_dim: size of the last axis of the output.
        bound: weights are uniform in [-bound, bound); ``sqrt(1 / input_dim)`` by default.
        weight: (output_dim, input_dim), copied and used instead of the drawn weights.
        bias: biases are uniform in [-bias, bias).
        rnd: generator to draw from, or
        seed: the seed of a fresh one.
        dtype: floating-point type of weight and bias.

    Attributes:
        weight: (output_dim, input_dim).
        bias: (output_dim,).
    """

    def __init__(
        self,
        input_dim: int,
        output_dim: int,
        bound: float | None = None,
        weight: ArrayLike | None = None,
        bias: float = 0.0,
        *,
        rnd: np.random.Generator | None = None,
        seed: int | None = None,
        dtype: DTypeLike = np.float64,
    ) -> None:
        rnd = as_generator(rnd, seed)
        if bound is None:
            bound = np.sqrt(1 / input_dim)
        drawn_weight = bound * rnd.uniform(-1, 1, (output_dim, input_dim))
        drawn_bias = bias * rnd.uniform(-1, 1, output_dim)

        self.input_dim = input_dim
        self.output_dim = output_dim
        self.weight = np.array(drawn_weight if weight is None else weight, dtype=dtype)
        self.bias = drawn_bias.astype(dtype)
        if self.weight.shape != (output_dim, input_dim):
            raise ValueError(
                f"weight has shape {self.weight.shape}, "
                f"expected (output_dim, input_dim) = {(output_dim, input_dim)}"
            )

    def __call__(self, x: ArrayLike) -> np.ndarray[Any, Any]:
        """Map ``x`` (..., input_dim) to (..., output_dim).

        Raises:
            ValueError: the last axis of ``x`` is not ``input_dim`` long.
        """
        x = np.asarray(x)
        if x.shape[-1:] != (self.input_dim,):
            raise ValueError(
                f"input has shape {x.shape}, expected (..., input_dim) = (..., {self.input_dim})"
            )
        return x @ self.weight.T + self.bias
