import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.reservoir import RidgeReadout


def trained(x, y, lmbd=None):
    readout = RidgeReadout(x.shape[-1], y.shape[-1], lmbd, seed=0)
    readout.train(x, y)
    return readout


def normal_residual(readout, x, y):
    """Gradient of the minimised sum, relative to the size of what cancels in it."""
    x_centred = x - x.mean(axis=0)
    error = readout(x) - y
    gradient = error.T @ x_centred + readout.lmbd * readout.weight
    size = np.linalg.norm(x_centred) * (
        np.linalg.norm(y) + np.linalg.norm(x_centred) * np.linalg.norm(readout.weight)
    )
    return np.linalg.norm(gradient) / size, np.abs(error.mean(axis=0)).max()


def ill_conditioned_states(rnd, samples=200, n=40, decades=20):
    """Like a reservoir's: singular values falling over far more decades than a double holds."""
    left = np.linalg.qr(rnd.normal(size=(samples, n)))[0]
    right = np.linalg.qr(rnd.normal(size=(n, n)))[0]
    return left * np.logspace(0, -decades, n) @ right.T * np.sqrt(samples)


@given(
    n=st.integers(1, 10),
    d=st.integers(1, 4),
    samples=st.integers(1, 30),
    lmbd=st.floats(1e-3, 1e3),
    seed=st.integers(0, 2**32),
)
def test_it_solves_the_ridge_problem_and_leaves_the_bias_free(n, d, samples, lmbd, seed):
    rnd = np.random.default_rng(seed)
    x, y = rnd.normal(size=(samples, n)) + 1, rnd.normal(size=(samples, d)) + 5
    readout = trained(x, y, lmbd)
    x_centred, y_centred = x - x.mean(axis=0), y - y.mean(axis=0)
    expected = np.linalg.solve(x_centred.T @ x_centred + lmbd * np.eye(n), x_centred.T @ y_centred)
    np.testing.assert_allclose(readout.weight, expected.T, rtol=1e-8, atol=1e-11)
    np.testing.assert_allclose(readout(x).mean(axis=0), y.mean(axis=0), rtol=1e-9)


@given(seed=st.integers(0, 2**32), lmbd=st.sampled_from([1e-14, 1e-10, 1e-6]))
def test_it_is_backward_stable_on_nearly_dependent_states(seed, lmbd):
    rnd = np.random.default_rng(seed)
    x = ill_conditioned_states(rnd)
    y = rnd.normal(size=(200, 2))
    gradient, mean_error = normal_residual(trained(x, y, lmbd), x, y)
    assert gradient < 1e-14
    assert mean_error < 1e-6


@given(seed=st.integers(0, 2**32))
def test_the_order_of_the_samples_does_not_matter(seed):
    rnd = np.random.default_rng(seed)
    x = ill_conditioned_states(rnd)
    y, order = x[:, :2] * 3 + 1, rnd.permutation(200)
    one, two = trained(x, y, 1e-10), trained(x[order], y[order], 1e-10)
    np.testing.assert_allclose(one(x), two(x), atol=1e-9)


@given(
    n=st.integers(2, 8),
    samples=st.integers(1, 20),
    seed=st.integers(0, 2**32),
    lmbd=st.sampled_from([None, 0, 0.0]),
)
def test_without_penalty_the_smallest_of_the_best_weights(n, samples, seed, lmbd):
    """More units than samples, and a unit that copies another."""
    rnd = np.random.default_rng(seed)
    x, y = rnd.normal(size=(samples, n)), rnd.normal(size=(samples, 2))
    x[:, 1] = x[:, 0]
    readout = trained(x, y, lmbd)
    expected = np.linalg.pinv(x - x.mean(axis=0), rcond=1e-12) @ (y - y.mean(axis=0))
    np.testing.assert_allclose(readout.weight, expected.T, rtol=1e-6, atol=1e-9)


@given(seed=st.integers(0, 2**32))
def test_without_penalty_faint_units_count(seed):
    """A unit 1e10 times fainter than the others is still far above the rounding errors."""
    rnd = np.random.default_rng(seed)
    x, weight = rnd.normal(size=(50, 4)), rnd.normal(size=(2, 4))
    scale = np.array([1, 1, 1, 1e-10])
    readout = trained(x * scale, x @ weight.T + 3)
    np.testing.assert_allclose(readout.weight * scale, weight, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(readout.bias, 3, rtol=1e-4)


@given(seed=st.integers(0, 2**32), lmbd=st.sampled_from([None, 0.1]))
def test_samples_of_all_leading_axes_count(seed, lmbd):
    rnd = np.random.default_rng(seed)
    x, y = rnd.normal(size=(2, 3, 15, 5)), rnd.normal(size=(2, 3, 15, 2))
    batched, flat = trained(x, y, lmbd), trained(x.reshape(-1, 5), y.reshape(-1, 2), lmbd)
    np.testing.assert_allclose(batched.weight, flat.weight, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(batched.bias, flat.bias, rtol=1e-12, atol=1e-14)


def test_training_changes_neither_states_nor_targets():
    rnd = np.random.default_rng(0)
    x, y = np.asfortranarray(rnd.normal(size=(30, 5))), rnd.normal(size=(30, 1))
    x_before, y_before = x.copy(), y.copy()
    trained(x, y, 0.1)
    np.testing.assert_array_equal(x, x_before)
    np.testing.assert_array_equal(y, y_before)


def test_integers_are_numbers():
    x, y = np.array([[0, 1], [1, 0], [2, 5], [4, 4]]), np.array([[1], [2], [3], [4]])
    np.testing.assert_array_equal(trained(x, y).weight, trained(x * 1.0, y * 1.0).weight)


def test_it_takes_one_copy_of_the_states():
    rnd = np.random.default_rng(0)
    x, y = rnd.normal(size=(3000, 300)), rnd.normal(size=(3000, 3))
    readout = RidgeReadout(300, 3, 1e-8, seed=0)
    tracemalloc.start()
    readout.train(x, y)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1.6 * x.nbytes


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        (np.ones((10, 4)), np.ones((10, 2)), r"x has shape \(10, 4\).*\(\.\.\., T, 5\)"),
        (np.ones(5), np.ones(2), r"x has shape \(5,\)"),
        (np.ones((0, 5)), np.ones((0, 2)), r"x has shape \(0, 5\)"),
        (np.ones((10, 5)), np.ones((9, 2)), r"y has shape \(9, 2\), expected \(10, 2\)"),
        (np.ones((10, 5)), np.ones(10), r"y has shape \(10,\), expected \(10, 2\)"),
        (np.ones((3, 10, 5)), np.ones((10, 2)), r"expected \(3, 10, 2\)"),
        (np.full((10, 5), np.nan), np.ones((10, 2)), "not finite"),
        (np.ones((10, 5)), np.full((10, 2), np.inf), "not finite"),
    ],
)
def test_bad_samples_are_refused_and_change_nothing(x, y, message):
    readout = RidgeReadout(5, 2, 0.1, seed=0)
    before = readout.weight.copy()
    with np.errstate(invalid="ignore"), pytest.raises(ValueError, match=message):
        readout.train(x, y)
    np.testing.assert_array_equal(readout.weight, before)


@pytest.mark.parametrize("lmbd", [-1.0, np.nan])
def test_an_impossible_penalty_is_refused(lmbd):
    with pytest.raises(ValueError, match="lmbd must be None, 0 or positive"):
        RidgeReadout(5, 2, lmbd, seed=0)
