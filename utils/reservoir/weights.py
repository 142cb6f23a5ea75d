"""Random recurrent matrices and their spectral radius."""

from __future__ import annotations

import numpy as np
import scipy.sparse
from numpy.typing import ArrayLike, DTypeLike
from scipy.sparse.csgraph import connected_components
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
    # Which values fall where is part of what a seed means: the chapters' figures and numbers hold
    # for this order of drawing.
    places = np.sort(rnd.choice(dim * dim, size=count, replace=False))
    values = rnd.standard_normal(count)
    return scipy.sparse.csr_array((values, np.divmod(places, dim)), shape=(dim, dim))


def spectral_radius(weight: Matrix) -> float:
    """The largest modulus of the eigenvalues of a square matrix, dense or CSR.

    A sparse matrix is first cut into strongly connected components, whose eigenvalues together
    are its own. It matters where few units lie on cycles: ARPACK gave up to 0.05 for networks
    without any cycle, whose radius is 0, and did not converge for one in ten with one connection
    a unit.
    """
    if not scipy.sparse.issparse(weight):
        return _radius_by_all_eigenvalues(weight)
    _, component = connected_components(weight, connection="strong")
    size = np.bincount(component)
    alone = size[component] == 1
    radius = float(np.abs(weight.diagonal()[alone]).max(initial=0.0))
    for label in np.flatnonzero(size > 1):
        units = np.flatnonzero(component == label)
        radius = max(radius, _connected_radius(weight[units][:, units]))
    return radius


def _connected_radius(weight: scipy.sparse.csr_array) -> float:
    if weight.shape[0] <= DENSE_EIGENVALUES_UP_TO:
        return _radius_by_all_eigenvalues(weight.toarray())
    return _radius_by_arpack(weight)


def _radius_by_all_eigenvalues(weight: np.ndarray) -> float:
    return float(np.abs(np.linalg.eigvals(weight)).max())


def _radius_by_arpack(weight: scipy.sparse.csr_array) -> float:
    """Six eigenvalues at once in a space of sixty, from a fixed start.

    The outermost eigenvalues of a random matrix have nearly equal moduli, and ARPACK may settle on
    the wrong ones: of 168 matrices with 600 to 2000 units it missed the largest of 5, by up to 2%,
    with its default space of twenty, of 3 when asked for a single eigenvalue, and of none like
    this. It starts from a random vector unless told otherwise; a fixed one makes equal matrices
    have equal radii to the last bit.
    """
    start = np.random.default_rng(0).standard_normal(weight.shape[0])
    try:
        largest = eigs(weight, k=6, ncv=60, v0=start, maxiter=300, return_eigenvectors=False)
    except ArpackError:  # did not converge, or lost its starting vector
        return _radius_by_all_eigenvalues(weight.toarray())
    return float(np.abs(largest).max())
