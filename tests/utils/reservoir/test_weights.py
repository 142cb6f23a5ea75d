import numpy as np
import pytest
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st

from utils.reservoir.weights import as_generator, as_stored, draw_recurrent, spectral_radius


def as_array(matrix):
    return matrix.toarray() if scipy.sparse.issparse(matrix) else np.asarray(matrix)


def dense_radius(matrix):
    return np.abs(np.linalg.eigvals(matrix)).max()


@given(dim=st.integers(1, 40), p=st.floats(0.01, 1), seed=st.integers(0, 2**32))
def test_a_drawn_matrix_has_exactly_its_share_of_connections(dim, p, seed):
    drawn = draw_recurrent(dim, p, np.random.default_rng(seed))
    assert drawn.shape == (dim, dim)
    assert np.count_nonzero(drawn.toarray()) == round(p * dim * dim)
    again = draw_recurrent(dim, p, np.random.default_rng(seed))
    np.testing.assert_array_equal(drawn.toarray(), again.toarray())


def test_connections_spread_over_all_units():
    """Ten connections a unit on average: binomial counts, not whole rows full or empty."""
    mask = draw_recurrent(1000, 0.01, np.random.default_rng(0)).toarray() != 0
    for counts in (mask.sum(axis=0), mask.sum(axis=1)):
        assert (counts == 0).sum() <= 2
        assert counts.max() <= 30
        assert abs(counts.var() - 9.9) < 2


@settings(max_examples=60)
@given(
    dim=st.integers(2, 450),
    connections=st.floats(0.2, 8),
    seed=st.integers(0, 2**32),
)
def test_spectral_radius_is_that_of_all_eigenvalues(dim, connections, seed):
    """From networks without a cycle to well connected ones, on both sides of ARPACK's limit."""
    drawn = draw_recurrent(dim, min(1, connections / dim), np.random.default_rng(seed))
    expected = dense_radius(drawn.toarray())
    assert spectral_radius(drawn) == pytest.approx(expected, rel=1e-9, abs=1e-300)
    assert spectral_radius(drawn.toarray()) == expected


@pytest.mark.parametrize("seed", [2, 19, 1234])
def test_spectral_radius_of_a_large_reservoir(seed):
    """At seed 19 ARPACK's default space gives a radius 0.1% low."""
    drawn = draw_recurrent(1000, 0.01, np.random.default_rng(seed))
    assert spectral_radius(drawn) == pytest.approx(dense_radius(drawn.toarray()), rel=1e-9)
    assert spectral_radius(drawn) == spectral_radius(drawn)


def test_spectral_radius_falls_back_where_arpack_does_not_converge():
    """A rotation coupled to a ring: all eigenvalues have the same modulus."""
    turn = np.array([[np.cos(0.7), np.sin(0.7)], [-np.sin(0.7), np.cos(0.7)]])
    ring = scipy.sparse.csr_array(np.roll(np.eye(160), 1, axis=1))
    assert spectral_radius(scipy.sparse.csr_array(scipy.sparse.kron(ring, turn))) == pytest.approx(
        1
    )


def test_spectral_radius_of_connections_to_oneself():
    """One that lies in a larger cycle is not an eigenvalue; that of a lone unit is."""
    weight = scipy.sparse.csr_array(np.array([[2.0, 3, 0], [-3, 0, 0], [1, 0, 2.5]]))
    assert spectral_radius(weight) == pytest.approx(3)


@given(dim=st.integers(1, 30), p=st.floats(0.0, 1), seed=st.integers(0, 2**32))
def test_stored_form_changes_no_value_and_shares_no_memory(dim, p, seed):
    dense = draw_recurrent(dim, p, np.random.default_rng(seed)).toarray()
    for given_form in (dense.copy(), scipy.sparse.csr_array(dense), dense.tolist()):
        stored = as_stored(given_form, np.float64)
        assert scipy.sparse.issparse(stored) == (np.count_nonzero(dense) < 0.1 * dim * dim)
        stored *= 2
        np.testing.assert_array_equal(as_array(stored), 2 * dense)
        np.testing.assert_array_equal(as_array(given_form), dense)


def test_a_generator_is_used_and_advanced():
    rnd = np.random.default_rng(3)
    assert as_generator(rnd) is rnd
    assert as_generator(seed=3).random() == np.random.default_rng(3).random()


def test_unclear_sources_of_draws_are_refused():
    with pytest.raises(ValueError, match="not both"):
        as_generator(np.random.default_rng(0), seed=0)
    with pytest.raises(TypeError, match="default_rng, not int"):
        as_generator(0)
