"""The OpenBLAS that NumPy and SciPy bring along: its kernel, and how many threads it takes."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

# As their wheels export them, with 64-bit and with 32-bit integers.
_SUFFIXES = ("64_", "")


def kernel() -> str | None:
    """The family of processors whose kernels run; None where it is another BLAS."""
    for name in _functions("get_corename"):
        name.restype = ctypes.c_char_p
        return name().decode()
    return None


def use_one_thread() -> None:
    """Compute on one thread from now on, where it is OpenBLAS.

    Small matrices gain nothing by more, and workers that share the cores wait for each other.
    """
    for set_threads in _functions("set_num_threads"):
        set_threads(1)


def _functions(name: str) -> Iterator[Any]:
    """The function of each library that is there, NumPy's first."""
    site = Path(np.__file__).parents[1]
    for path in [*site.glob("numpy.libs/*openblas*"), *site.glob("scipy.libs/*openblas*")]:
        library = ctypes.CDLL(str(path))
        for suffix in _SUFFIXES:
            function = getattr(library, f"scipy_openblas_{name}{suffix}", None)
            if function is not None:
                yield function
