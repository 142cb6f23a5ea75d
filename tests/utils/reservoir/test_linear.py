import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.reservoir import Linear

SIZES = st.integers(1, 12)


@given(n=SIZES, d=SIZES, rows=st.integers(1, 5), seed=st.integers(0, 2**32))
def test_batched_equals_row_by_row(n, d, rows, seed):
    rnd = np.random.default_rng(seed)
    linear = Linear(n, d, bias=0.5, rnd=rnd)
    x = rnd.normal(size=(2, rows, n))
    looped = [[linear.weight @ row + linear.bias for row in block] for block in x]
    np.testing.assert_allclose(linear(x), looped, rtol=1e-12, atol=1e-12)


@given(n=SIZES, d=SIZES, bound=st.floats(0, 10), bias=st.floats(0, 10), seed=st.integers(0, 2**32))
def test_draws_stay_within_their_bounds(n, d, bound, bias, seed):
    linear = Linear(n, d, bound, bias=bias, seed=seed)
    assert linear.weight.shape == (d, n)
    assert linear.bias.shape == (d,)
    assert np.abs(linear.weight).max() <= bound
    assert np.abs(linear.bias).max() <= bias


def test_default_bound_is_one_over_the_root_of_the_inputs():
    weight = Linear(400, 50, seed=0).weight
    assert 0.0499 < np.abs(weight).max() <= 0.05


def test_the_stream_goes_on_alike_whatever_is_given_or_zero():
    following = set()
    for options in ({}, {"bias": 0.3}, {"bound": 2.0}, {"weight": np.ones((3, 4))}):
        rnd = np.random.default_rng(7)
        Linear(4, 3, rnd=rnd, **options)
        following.add(rnd.random())
    assert len(following) == 1


def test_a_given_weight_is_copied():
    weight = np.ones((3, 4))
    linear = Linear(4, 3, weight=weight, seed=0)
    weight[:] = 5
    np.testing.assert_array_equal(linear(np.ones(4)), 4.0 * np.ones(3))


def test_same_seed_same_draws():
    one, two = Linear(4, 3, bias=1.0, seed=5), Linear(4, 3, bias=1.0, seed=5)
    np.testing.assert_array_equal(one.weight, two.weight)
    np.testing.assert_array_equal(one.bias, two.bias)


def test_single_precision_stays_single():
    linear = Linear(4, 3, bias=1.0, seed=5, dtype=np.float32)
    assert linear(np.ones(4, np.float32)).dtype == np.float32


@pytest.mark.parametrize("x", [np.ones(3), np.ones((4, 2)), 1.0])
def test_an_input_of_another_size_is_named(x):
    linear = Linear(4, 3, seed=0)
    with pytest.raises(ValueError, match=r"input has shape .*, expected .*\(\.\.\., 4\)"):
        linear(x)


def test_a_weight_of_another_shape_is_named():
    with pytest.raises(ValueError, match=r"\(4, 3\), expected .* = \(3, 4\)"):
        Linear(4, 3, weight=np.ones((4, 3)), seed=0)
