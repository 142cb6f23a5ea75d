import copy

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.reservoir import Linear, RLSReadout

problems = st.fixed_dictionaries(
    {
        "n": st.integers(1, 12),
        "d": st.integers(1, 4),
        "steps": st.integers(1, 60),
        "lmbd": st.floats(0.05, 20),
        "seed": st.integers(0, 2**32),
    }
)


def draw(problem):
    rnd = np.random.default_rng(problem["seed"])
    x = rnd.normal(size=(problem["steps"], problem["n"]))
    y = rnd.normal(size=(problem["steps"], problem["d"]))
    return x, y, RLSReadout(problem["n"], problem["d"], problem["lmbd"], rnd=rnd)


@given(problems)
def test_after_all_steps_it_is_ridge_regression_without_intercept(problem):
    x, y, readout = draw(problem)
    for state, target in zip(x, y, strict=True):
        readout.step(state, target)
    gram = problem["lmbd"] * np.eye(problem["n"]) + x.T @ x
    np.testing.assert_allclose(readout.weight, np.linalg.solve(gram, x.T @ y).T, atol=1e-9)
    np.testing.assert_allclose(readout.P @ gram, np.eye(problem["n"]), atol=1e-9)
    np.testing.assert_array_equal(readout.P, readout.P.T)
    assert np.linalg.eigvalsh(readout.P).min() > 0
    np.testing.assert_array_equal(readout.bias, 0)


@given(problems)
def test_each_step_is_the_rule(problem):
    x, y, readout = draw(problem)
    readout.bias[:] = 0.3
    for state, target in zip(x, y, strict=True):
        p, weight = readout.P, readout.weight.copy()
        k = p @ state
        g = 1 / (1 + state @ k)
        error = target - (weight @ state + 0.3)
        dw = readout.step(state, target)
        np.testing.assert_allclose(dw, np.outer(g * error, k), rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(readout.weight, weight + dw, rtol=1e-12)
        np.testing.assert_allclose(readout.P, p - g * np.outer(k, k), rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(target - readout(state), g * error, rtol=1e-7, atol=1e-10)


def test_a_scalar_target_is_that_of_all_outputs():
    one, two = RLSReadout(5, 2, seed=0), RLSReadout(5, 2, seed=0)
    x = np.arange(5.0)
    np.testing.assert_array_equal(one.step(x, 0.7), two.step(x, [0.7, 0.7]))


def test_the_start_is_zero_or_drawn_from_the_same_stream():
    zero, drawn = (RLSReadout(5, 2, 4.0, z, bias=0.2, seed=3) for z in (True, False))
    like = Linear(5, 2, bias=0.2, seed=3)
    assert not zero.weight.any()
    assert not zero.bias.any()
    np.testing.assert_array_equal(drawn.weight, like.weight)
    np.testing.assert_array_equal(drawn.bias, like.bias)
    np.testing.assert_array_equal(zero.P, np.eye(5) / 4)


def test_p_can_be_read_and_assigned_but_not_reached_into():
    readout = RLSReadout(4, 1, seed=0)
    readout.P[:] = 9
    np.testing.assert_array_equal(readout.P, np.eye(4))
    p = np.diag([1.0, 2, 3, 4]) + 0.1
    readout.P = p
    x = np.ones(4)
    readout.step(x, 1.0)
    k = p @ x
    np.testing.assert_allclose(readout.P, p - np.outer(k, k) / (1 + x @ k), rtol=1e-12)
    np.testing.assert_array_equal(p, np.diag([1.0, 2, 3, 4]) + 0.1)


def test_looking_at_p_changes_nothing():
    """Not even the last bit, also where steps wait to be merged into it."""
    unseen, seen = RLSReadout(6, 1, seed=0), RLSReadout(6, 1, seed=0)
    for x in np.random.default_rng(0).normal(size=(60, 6)):
        unseen.step(x, 0.3)
        seen.step(x, 0.3)
        assert np.all(np.isfinite(seen.P))
    np.testing.assert_array_equal(seen.weight, unseen.weight)
    np.testing.assert_array_equal(seen.P, unseen.P)


def test_a_deep_copy_lives_its_own_life():
    readout = RLSReadout(4, 1, seed=0)
    twin = copy.deepcopy(readout)
    twin.step(np.ones(4), 1.0)
    np.testing.assert_array_equal(readout.P, np.eye(4))
    assert not readout.weight.any()


def test_what_a_step_returns_is_not_the_weight():
    readout = RLSReadout(4, 1, seed=0)
    x = np.ones(4)
    dw = readout.step(x, 1.0)
    kept = dw.copy()
    readout.step(x, 3.0)
    np.testing.assert_array_equal(dw, kept)
    np.testing.assert_array_equal(x, np.ones(4))


def test_strided_and_integer_states_are_taken():
    one, two = RLSReadout(4, 1, seed=0), RLSReadout(4, 1, seed=0)
    column = np.arange(12).reshape(4, 3)[:, 1]
    np.testing.assert_array_equal(one.step(column, 1), two.step(column.astype(float).copy(), 1.0))


@pytest.mark.parametrize(
    ("x", "d", "message"),
    [
        (np.ones(5), 1.0, r"x has shape \(5,\), expected \(4,\)"),
        (np.ones((1, 4)), 1.0, r"x has shape \(1, 4\), expected \(4,\)"),
        (np.ones(4), np.ones(3), r"d has shape \(3,\), expected \(\) or \(2,\)"),
        (np.ones(4), np.ones((1, 2)), r"d has shape \(1, 2\)"),
    ],
)
def test_shapes_that_do_not_fit_are_named_and_change_nothing(x, d, message):
    readout = RLSReadout(4, 2, seed=0)
    with pytest.raises(ValueError, match=message):
        readout.step(x, d)
    np.testing.assert_array_equal(readout.P, np.eye(4))
    assert not readout.weight.any()


def test_impossible_values_are_refused():
    with pytest.raises(ValueError, match="lmbd must be positive, got 0"):
        RLSReadout(4, 2, 0)
    with pytest.raises(ValueError, match=r"P has shape \(3, 3\), expected \(4, 4\)"):
        RLSReadout(4, 2).P = np.eye(3)
