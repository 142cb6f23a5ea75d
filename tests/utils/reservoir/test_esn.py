import copy
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse
from hypothesis import given
from hypothesis import strategies as st

from utils.reservoir import ESN

networks = st.builds(
    ESN,
    dim=st.integers(12, 40),
    sr=st.floats(0.1, 1.8),
    a=st.none() | st.floats(0.05, 1),
    p=st.sampled_from([0.3, 0.6, 1.0]),
    seed=st.integers(0, 2**32),
)


ROOT = Path(__file__).resolve().parents[3]


def dense(weight):
    return weight.toarray() if scipy.sparse.issparse(weight) else weight


@given(net=networks, seed=st.integers(0, 2**32))
def test_the_step_is_the_formula(net, seed):
    x, v = np.random.default_rng(seed).normal(size=(2, net.dim))
    fresh = np.tanh(net.sr * dense(net.weight) @ x + v)
    a = 1 if net.a is None else net.a
    np.testing.assert_allclose(net(x, v), (1 - a) * x + a * fresh, rtol=1e-12, atol=1e-13)


@given(net=networks, seed=st.integers(0, 2**32), sparse=st.booleans())
def test_batched_equals_looped(net, seed, sparse):
    if sparse:
        thin = np.where(np.random.default_rng(seed).random((net.dim, net.dim)) < 0.05, 1.0, 0.0)
        net = ESN(net.dim, net.sr, a=net.a, weight=thin)
    x, v = np.random.default_rng(seed).normal(size=(2, 2, 3, net.dim))
    looped = [[net(x[i, j], v[i, j]) for j in range(3)] for i in range(2)]
    np.testing.assert_allclose(net(x, v), looped, rtol=1e-12, atol=1e-13)
    same_drive = [[net(x[i, j], v[0, 0]) for j in range(3)] for i in range(2)]
    np.testing.assert_allclose(net(x, v[0, 0]), same_drive, rtol=1e-12, atol=1e-13)


@given(net=networks)
def test_a_drawn_matrix_has_radius_one(net):
    assert np.abs(np.linalg.eigvals(dense(net.weight))).max() == pytest.approx(1)


def test_without_normalisation_the_entries_are_standard_normal():
    weight = ESN(200, p=0.5, normalize=False, seed=0).weight
    assert weight[weight != 0].std() == pytest.approx(1, abs=0.03)


def test_sparse_and_dense_storage_give_the_same_states():
    net = ESN(400, 1.3, a=0.3, p=0.02, seed=0)
    assert scipy.sparse.issparse(net.weight)
    x, v = np.random.default_rng(1).normal(size=(2, 400))
    fresh = np.tanh(1.3 * net.weight.toarray() @ x + v)
    np.testing.assert_allclose(net(x, v), 0.7 * x + 0.3 * fresh, rtol=1e-12, atol=1e-13)
    assert isinstance(ESN(50, p=0.2, seed=0).weight, np.ndarray)


def test_calling_changes_nothing():
    net = ESN(20, 0.9, a=0.5, p=0.5, init_state=np.full(20, 0.25), seed=0)
    x, v = np.random.default_rng(1).normal(size=(2, 20))
    x_before, v_before = x.copy(), v.copy()
    assert not np.shares_memory(net(x, v), x)
    np.testing.assert_array_equal(x, x_before)
    np.testing.assert_array_equal(v, v_before)
    np.testing.assert_array_equal(net.x, 0.25)


def test_without_drive_or_leak_the_result_is_still_fresh():
    net = ESN(20, f=lambda u: u, weight=np.eye(20))
    x = np.ones(20)
    net(x)[:] = 7
    np.testing.assert_array_equal(x, 1)


@pytest.mark.parametrize("rows", [(), (3,)])
def test_step_advances_the_state_and_leaves_earlier_ones_alone(rows):
    rnd = np.random.default_rng(1)
    net = ESN(20, 0.9, p=0.5, init_state=rnd.normal(size=(*rows, 20)), seed=0)
    before, drives = net.x, rnd.normal(size=(4, *rows, 20))
    expected, kept = net.x.copy(), [net.x]
    for v in drives:
        expected = net(expected, v)
        kept.append(net.step(v))
    np.testing.assert_array_equal(net.x, expected)
    assert not any(np.shares_memory(kept[0], later) for later in kept[1:])
    assert kept[0] is before


def test_the_state_starts_at_zero_and_a_given_one_is_copied():
    np.testing.assert_array_equal(ESN(20, p=0.5, seed=0).x, np.zeros(20))
    given_state = np.ones(20)
    net = ESN(20, p=0.5, init_state=given_state, seed=0)
    given_state[:] = 5
    np.testing.assert_array_equal(net.x, np.ones(20))


def test_what_is_assigned_holds():
    net = ESN(20, 0.5, p=0.5, seed=0)
    x = np.random.default_rng(1).normal(size=20)
    net.sr, net.a, net.f = 1.25, 0.5, np.sin
    net.weight = np.eye(20)
    np.testing.assert_allclose(net(x), 0.5 * x + 0.5 * np.sin(1.25 * x), rtol=1e-14)
    net.weight[0, 0] = 3
    assert net(x)[0] == pytest.approx(0.5 * x[0] + 0.5 * np.sin(3.75 * x[0]))


def test_a_given_matrix_is_copied_and_used_as_it_is():
    rnd, matrix = np.random.default_rng(0), 5 * np.eye(20)
    net = ESN(20, weight=matrix, f=lambda u: u, rnd=rnd)
    matrix[:] = 0
    np.testing.assert_array_equal(net(np.ones(20)), 5 * np.ones(20))
    assert rnd.random() == np.random.default_rng(0).random()


def test_same_seed_same_network_and_the_scale_draws_nothing():
    one, two = ESN(400, 0.1, p=0.02, seed=4), ESN(400, 1.5, a=0.1, p=0.02, seed=4)
    np.testing.assert_array_equal(one.weight.toarray(), two.weight.toarray())


def test_a_deep_copy_lives_its_own_life():
    net = ESN(20, 0.9, p=0.5, init_state=np.ones(20), seed=0)
    twin = copy.deepcopy(net)
    twin.step()
    twin.weight[0, 0] = 9
    np.testing.assert_array_equal(net.x, np.ones(20))
    assert net.weight[0, 0] != 9


def test_single_precision_stays_single():
    net = ESN(20, 0.9, a=0.3, p=0.5, seed=0, dtype=np.float32)
    assert net(np.ones(20), np.ones(20)).dtype == np.float32


@pytest.mark.parametrize(
    ("x", "v", "message"),
    [
        (np.ones(19), None, r"x has shape \(19,\).*\(\.\.\., 20\)"),
        (np.ones((20, 3)), None, r"x has shape \(20, 3\)"),
        (1.0, None, r"x has shape \(\)"),
        (np.ones(20), np.ones(1), r"v has shape \(1,\).*\(\.\.\., 20\)"),
        (np.ones(20), 1.0, r"v has shape \(\)"),
        (np.ones((3, 20)), np.ones((2, 20)), r"\(3,20\) \(2,20\)"),
    ],
)
def test_shapes_that_do_not_fit_are_named(x, v, message):
    with pytest.raises(ValueError, match=message):
        ESN(20, p=0.5, seed=0)(x, v)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"p": 0.0}, r"p must be in \(0, 1\], got 0"),
        ({"p": 1.5}, r"p must be in \(0, 1\], got 1.5"),
        ({"p": 0.005}, "no cycle among the 2 connections of 20 units.*Raise p"),
        ({"weight": np.eye(19)}, r"\(19, 19\), expected .* = \(20, 20\)"),
        ({"init_state": np.zeros(19)}, r"init_state has shape \(19,\)"),
    ],
)
def test_impossible_networks_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        ESN(20, seed=1, **options)


def test_importing_the_library_loads_no_torch_and_no_matplotlib():
    program = (
        "import sys, utils.reservoir, utils.chaos; "
        "sys.exit(bool({'torch', 'matplotlib', 'plotly', 'tqdm'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT).returncode == 0
