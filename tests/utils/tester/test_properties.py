"""Each property holds of the right answer, whatever the digits, and of no wrong one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.reservoir import RidgeReadout
from utils.tester.compare import compare
from utils.tester.properties import PROPERTIES, WrongShape, violation
from utils.tester.rules import Property

seeds = st.integers(0, 2**32 - 1)


def drawn(seed, samples=20, n=5, outputs=2):
    rnd = np.random.default_rng(seed)
    return rnd.uniform(-1, 1, (samples, n)), rnd.uniform(-1, 1, (samples, outputs))


@given(seeds, st.integers(1, 8))
def test_symmetric(seed, n):
    matrix = np.random.default_rng(seed).standard_normal((n, n))
    assert violation("symmetric", {}, matrix + matrix.T, {}) == 0
    if n > 1:
        assert violation("symmetric", {}, matrix, {}) > 1e-6


@given(seeds, st.integers(2, 8))
def test_positive_definite(seed, n):
    matrix = np.random.default_rng(seed).standard_normal((n, n))
    positive = matrix @ matrix.T + np.eye(n)
    assert violation("positive_definite", {}, positive, {}) < 1e-14
    assert violation("positive_definite", {}, positive + np.triu(matrix, 1), {}) > 1e-6
    assert violation("positive_definite", {}, -positive, {}) > 0.1
    lost = np.diag([1.0] * (n - 1) + [0.0])
    assert violation("positive_definite", {}, lost, {}) == 1


@given(seeds, st.sampled_from([0.01, 0.5, 3.0, None]), st.floats(-3, 3))
def test_normal_equations_with_a_free_bias(seed, lmbd, offset):
    x, y = drawn(seed)
    y += offset
    readout = RidgeReadout(5, 2, lmbd=lmbd)
    readout.train(x, y)
    values = {"x": x, "y": y, "lmbd": lmbd}
    right = {"weight": readout.weight, "bias": readout.bias}
    assert violation("normal_equations", values, right, {}) < 1e-12
    wrong = {"weight": readout.weight * 1.001, "bias": readout.bias}
    assert violation("normal_equations", values, wrong, {}) > 1e-5
    wrong = {"weight": readout.weight, "bias": readout.bias + 0.01}
    assert violation("normal_equations", values, wrong, {}) > 1e-4


def test_normal_equations_refuse_a_penalised_bias():
    x, y = drawn(3)
    y += 2
    ones = np.column_stack([x, np.ones(len(x))])
    solved = np.linalg.solve(ones.T @ ones + 0.5 * np.eye(6), ones.T @ y).T
    penalised = {"weight": solved[:, :-1], "bias": solved[:, -1]}
    assert violation("normal_equations", {"x": x, "y": y, "lmbd": 0.5}, penalised, {}) > 1e-3


@given(seeds, st.sampled_from([1e-3, 0.5, 3.0]), st.integers(3, 20))
def test_ridge_solution_has_no_bias(seed, lamb, samples):
    H, Y = drawn(seed, samples=samples)
    Y += 2
    values = {"H": H, "Y": Y, "lamb": lamb}
    augmented = np.vstack([H, np.sqrt(lamb) * np.eye(5)])
    W_out = np.linalg.lstsq(augmented, np.vstack([Y, np.zeros((5, 2))]))[0]
    assert violation("ridge_solution", values, W_out, {}) < 1e-10
    assert violation("ridge_solution", values, 1.001 * W_out, {}) > 1e-5
    assert violation("ridge_solution", {**values, "lamb": 2 * lamb}, W_out, {}) > 1e-8
    centred = RidgeReadout(5, 2, lmbd=lamb)
    centred.train(H, Y)
    if samples > 5:
        assert violation("ridge_solution", values, centred.weight.T, {}) > 1e-3
    with pytest.raises(WrongShape):
        violation("ridge_solution", values, W_out.T, {})


def test_a_readout_is_judged_as_it_is():
    x, y = drawn(4)
    readout = RidgeReadout(5, 2, lmbd=0.1)
    readout.train(x, y)
    rule = Property("w_out", "normal_equations", 1e-10)
    extras = {"x": x.reshape(4, 5, 5), "y": y.reshape(4, 5, 2), "lmbd": 0.1}
    assert compare(rule, readout, readout, {}, extras) is None
    assert compare(rule, readout, RidgeReadout(5, 2, lmbd=0.1), {}, extras).kind == "property"
    assert compare(rule, readout, RidgeReadout(4, 2, lmbd=0.1), {}, extras).kind == "shape"


@given(seeds, st.floats(0.1, 3))
def test_inverse_correlation(seed, lmbd):
    x, _ = drawn(seed)
    P = np.eye(5) / lmbd
    for row in x:
        k = P @ row
        P = P - np.outer(k, k) / (1 + row @ k)
    values = {"x": x, "lmbd": lmbd}
    assert violation("inverse_correlation", values, P, {}) < 1e-11
    assert violation("inverse_correlation", values, P * 1.001, {}) > 1e-4
    assert violation("inverse_correlation", {**values, "x": x[:-1]}, P, {}) > 1e-4


def test_extras_come_before_inputs():
    x, _ = drawn(5)
    P = np.linalg.inv(np.eye(5) + x.T @ x)
    assert violation("inverse_correlation", {"x": x[0], "lmbd": 1.0}, P, {"x": x}) < 1e-12


@pytest.mark.parametrize("check", ["symmetric", "positive_definite", "inverse_correlation"])
@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (2, 2, 2), (0,), (4, 4, 1)])
def test_a_wrong_shape_is_a_difference(check, shape):
    matrix, values = np.ones(shape), {"x": np.ones((2, 3)), "lmbd": 1.0}
    with pytest.raises(WrongShape) as caught:
        violation(check, values, matrix, {})
    assert caught.value.got == shape != caught.value.expected
    assert compare(Property("P", check, 1e-9), matrix, matrix, values, {}).kind == "shape"


@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize("check", ["symmetric", "positive_definite", "inverse_correlation"])
def test_what_is_not_finite_violates(check, bad):
    matrix = np.eye(3)
    matrix[1, 1] = bad
    values = {"x": np.ones((2, 3)), "lmbd": 1.0}
    assert not violation(check, values, matrix, {}) <= 1e300


def test_every_property_speaks_both_languages():
    for check in PROPERTIES.values():
        assert check.text.en
        assert any(ord(letter) > 0x3000 for letter in check.text.ja)
