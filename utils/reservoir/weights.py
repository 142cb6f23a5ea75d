"""Random recurrent matrices and their spectral radius."""

from __future__ import annotations

import numpy as np
import scipy.sparse
from numpy.typing import ArrayLike, DTypeLike
from scipy.sparse.linalg import ArpackError, eigs

Matrix = np.ndarray | scipy.sparse.csr_array

# Below this density a matrix is kept as CSR. Measured on one core with OpenBLAS, one product in
# microseconds, dense against CSR at density 0.01, 0.05, 0.1, 0.2:
#   N=1000, one state     93 against  8,  35,  40,  81
#   N=1000, two states   187 against 20, 114, 260, 555   (dense: the faster of one gemm, two gemv)
#   N=300,  one state      8 against  3,   6,   7,   9
#   N=100,  one state      2 against  2,   3,   3,   3
SPARSE_BELOW = 0.1

# Up to this size all eigenvalues of a dense matrix take some 20 ms, about as long as ARPACK.
DENSE_EIGENVALUES_UP_TO = 300

# With fewer connections than this a unit, hardly any lie on a cycle. That is bad for ARPACK (it
# gave up to 0.05 for matrices without a cycle, whose radius is 0, or did not converge) and good
# for the dense method, which begins by sorting out what lies on no cycle.
ARPACK_NEEDS_CONNECTIONS = 2


def as_generator(
    rnd: np.random.Generator | None = None, seed: int | None = None
) -> np.random.Generator:
    """The generator handed in, or a fresh one from ``seed``.

    Raises:
        ValueError: both are given, so that it is unclear where the draws come from.
        TypeError: ``rnd`` is not a ``numpy.random.Generator``.
    """
    if rnd is None:
        return np.random.default_rng(seed)
    if seed is not None:
        raise ValueError("give rnd or seed, not both")
    if not isinstance(rnd, np.random.Generator):
        raise TypeError(
            f"rnd must be a generator made by numpy.random.default_rng, not {type(rnd).__name__}"
        )
    return rnd


def as_stored(weight: ArrayLike | Matrix, dtype: DTypeLike) -> Matrix:
    """A copy in the faster form: CSR below a density of ``SPARSE_BELOW``, else an array."""
    sparse = scipy.sparse.issparse(weight)
    connections = weight.nnz if sparse else np.count_nonzero(weight)
    if connections < SPARSE_BELOW * np.prod(np.shape(weight)):
        return scipy.sparse.csr_array(weight, dtype=dtype, copy=True)
    return np.array(weight.toarray() if sparse else weight, dtype=dtype)


def draw_recurrent(dim: int, p: float, rnd: np.random.Generator) -> scipy.sparse.csr_array:
    """A (dim, dim) matrix with ``round(p * dim**2)`` standard normal entries, the others zero.

    The places are drawn from all dim*dim at once. (Shuffling a mask along one axis only moves
    whole rows: most units then receive nothing at all and a few receive everything.)
    """
    count = round(p * dim * dim)
    places = rnd.choice(dim * dim, size=count, replace=False, shuffle=False)
    values = rnd.standard_normal(count)
    return scipy.sparse.csr_array((values, np.divmod(places, dim)), shape=(dim, dim))


def spectral_radius(weight: Matrix) -> float:
    """The largest modulus of the eigenvalues of a square matrix, dense or CSR.

    Dense matrices and small or very sparse ones by all their eigenvalues, others by ARPACK.
    """
    if not scipy.sparse.issparse(weight):
        return _all_eigenvalues_radius(weight)
    dim = weight.shape[0]
    if dim <= DENSE_EIGENVALUES_UP_TO or weight.nnz < ARPACK_NEEDS_CONNECTIONS * dim:
        return _all_eigenvalues_radius(weight.toarray())
    return _arpack_radius(weight)


def _all_eigenvalues_radius(weight: np.ndarray) -> float:
    return float(np.abs(np.linalg.eigvals(weight)).max())


def _arpack_radius(weight: scipy.sparse.csr_array) -> float:
    """Six eigenvalues at once, from a fixed start.

    Asked for one alone ARPACK was up to 1.5% low at N=1000: the outermost eigenvalues of a random
    matrix have nearly equal moduli. It starts from a random vector unless told otherwise; a fixed
    one makes equal matrices have equal radii to the last bit.
    """
    start = np.random.default_rng(0).standard_normal(weight.shape[0])
    try:
        largest = eigs(weight, k=6, v0=start, return_eigenvectors=False)
    except ArpackError:  # did not converge, or lost its starting vector
        return _all_eigenvalues_radius(weight.toarray())
    return float(np.abs(largest).max())
