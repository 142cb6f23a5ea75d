"""The same inputs with other last bits, as another machine might have computed them."""

from __future__ import annotations

from typing import Any

import numpy as np

from utils.tester.values import pack, unpack

EPS = np.finfo(float).eps


def perturb(value: Any, rng: np.random.Generator) -> Any:
    """A fresh value in which every floating-point number is off by -1, 0 or 1 in the last bit.

    A zero stays zero. A number that is whole was chosen and not computed, and stays as it is; so do
    texts and truth values.
    """
    spec, arrays = pack(value)
    return unpack(_perturb(spec, rng), {name: _nudge(array, rng) for name, array in arrays.items()})


def _perturb(spec: Any, rng: np.random.Generator) -> Any:
    if isinstance(spec, float) and not spec.is_integer():
        return spec * (1 + EPS * int(rng.integers(-1, 2)))
    if isinstance(spec, list):
        return [_perturb(item, rng) for item in spec]
    if isinstance(spec, dict):
        return {key: _perturb(item, rng) for key, item in spec.items()}
    return spec


def _nudge(array: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    if array.dtype.kind not in "fc":
        return array
    bits = rng.integers(-1, 2, array.shape) * np.finfo(array.dtype).eps
    return (array * (1 + bits)).astype(array.dtype)
