"""What counts as equal, and that anything may be asked."""

import math

import numpy as np
import pytest
from hostile import WRONG
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from travelling import values

from utils.reservoir import ESN, Linear, RidgeReadout, RLSReadout
from utils.tester.compare import Difference, compare, conform
from utils.tester.rules import Exact, Numeric, Property
from utils.tester.values import copy_value

TABLE = np.arange(6.0).reshape(2, 3)
EXACT, NUMERIC = Exact("x"), Numeric("x")


def differ(expected, got, rule=NUMERIC, inputs=None, extras=None):
    return compare(rule, expected, got, inputs or {}, extras or {})


def kind_of(expected, got, rule=NUMERIC):
    difference = differ(expected, got, rule)
    return difference and difference.kind


without_ellipsis = values.filter(lambda value: "Ellipsis" not in repr(value))


@given(without_ellipsis, st.sampled_from([EXACT, NUMERIC]))
def test_every_value_equals_its_copy(value, rule):
    assert differ(value, copy_value(value), rule) is None


@given(without_ellipsis, values, st.sampled_from([EXACT, NUMERIC]))
def test_any_two_values_can_be_compared(expected, got, rule):
    assert isinstance(differ(expected, got, rule), Difference | None)


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize(
    "expected",
    [
        *(TABLE, 1.5, True, "a", None, [TABLE, "a"], {"t": 1.0}, (1, 2.0)),
        *(Linear(3, 2, seed=1), ESN(4, seed=1), np.array([True, False])),
    ],
    ids=lambda value: type(value).__name__,
)
def test_whatever_comes_is_a_difference(expected, name):
    for rule in (EXACT, NUMERIC, Property("x", "symmetric", 1e-9)):
        assert isinstance(differ(expected, WRONG[name], rule), Difference)


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (1.0, 1),
        (1, 1.0),
        (1.0, np.float64(1)),
        (1.0, np.array(1)),
        (np.float64(2.0), 2.0),
        (True, np.True_),
        (np.array([True, False]), [True, False]),
        (TABLE, TABLE.tolist()),
        (TABLE, tuple(map(tuple, TABLE))),
        (TABLE, list(TABLE)),
        (TABLE, TABLE.astype(int)),
        (TABLE, TABLE.astype(np.uint8)),
        (TABLE, np.asfortranarray(TABLE)),
        (TABLE, TABLE.astype(np.float32)),  # whole numbers lose nothing
        (TABLE, np.ma.array(TABLE)),
        (TABLE.tolist(), TABLE),
        ([1, 2], (1, 2)),
        ((1, "a"), [1, "a"]),
        ([TABLE, None], (TABLE.tolist(), None)),
        ({"t": TABLE, "n": 3}, {"n": 3.0, "t": TABLE.tolist()}),
        (TABLE + 0j, TABLE),
        (np.nan, np.nan),
        (np.array([np.nan, np.inf, -np.inf]), [math.nan, math.inf, -math.inf]),
        (np.zeros((0, 3)), np.zeros((0, 3), int)),
        (np.zeros(0), []),
        ([], ()),
        (np.uint64(2**64 - 1), 2**64 - 1),
        (TABLE, TABLE + 4e-9),  # rtol times the largest entry
        (TABLE, np.zeros((2, 3)).view(type("Mine", (np.ndarray,), {})) + TABLE),
    ],
)
def test_equal(expected, got):
    assert differ(expected, got) is None


@pytest.mark.parametrize(
    ("expected", "got", "kind"),
    [
        (1.0, None, "type"),
        (None, 1.0, "type"),
        ("a", 1.0, "type"),
        (TABLE, {"x": TABLE}, "type"),
        ({"t": 1}, [1], "type"),
        (Linear(3, 2, seed=1), TABLE, "type"),
        (TABLE, [[0.0, 1.0, 2.0], [3.0, "4", 5.0]], "type"),
        ([1, "a"], [1, "a", 2], "length"),
        ({"t": 1}, {}, "missing"),
        ({"t": 1}, {"t": 1, "u": 2}, "key"),
        (TABLE, TABLE.T, "shape"),
        (TABLE, TABLE.ravel(), "shape"),
        (TABLE, [[0, 1, 2], [3, 4]], "shape"),
        (1.0, [1.0], "shape"),
        (TABLE[:, :1], TABLE[:, 0], "shape"),
        (True, 1, "dtype"),
        (1, True, "dtype"),
        (np.array([True]), np.array([1]), "dtype"),
        (1.0, 1.0 + 0j, "dtype"),
        (np.ones(2), [True, 1.0], "dtype"),
        (TABLE / 3, (TABLE / 3).astype(np.float32), "dtype"),
        (TABLE / 3, (TABLE / 3).astype(np.float16), "dtype"),
        (TABLE / 3, (TABLE / 3 + 0.1).astype(np.float32), "value"),
        (TABLE, TABLE.astype(object), "dtype"),
        (TABLE, np.where(TABLE == 4, np.nan, TABLE), "nan"),
        (np.array([np.nan]), np.array([0.0]), "value"),
        (np.array([np.inf]), np.array([-np.inf]), "value"),
        (TABLE, TABLE + 6e-9, "value"),
        ("a", "b", "value"),
        (1.0, ..., "ellipsis"),
        (TABLE, [[0, 1, 2], [3, ..., 5]], "ellipsis"),
        (TABLE, [..., ...], "ellipsis"),
        (TABLE, np.array([0, ...]), "ellipsis"),
        ({"t": TABLE}, {"t": TABLE, "u": ...}, "ellipsis"),
        ((TABLE, TABLE), ..., "ellipsis"),
    ],
)
def test_different(expected, got, kind):
    assert kind_of(expected, got) == kind


numbers = npst.arrays(
    float, npst.array_shapes(max_dims=2, max_side=5), elements=st.floats(-1e6, 1e6)
)


@given(numbers, st.floats(1e-12, 1e-3), st.data())
def test_numeric_is_the_formula_of_its_docstring(expected, rtol, data):
    index = data.draw(st.tuples(*(st.integers(0, size - 1) for size in expected.shape)))
    rule = Numeric("x", rtol=rtol, atol=1e-12)
    tolerance = rule.atol + rtol * np.abs(expected).max()
    for factor in (0.5, 0.99, 1.01, 2.0):
        got = expected.copy()
        got[index] += factor * tolerance
        error = abs(got[index] - expected[index])  # which rounding may have made zero
        assert (differ(expected, got, rule) is None) == (error <= tolerance)


def test_exact_is_exact():
    assert kind_of(2**53, 2**53 + 1, EXACT) == "value"
    assert kind_of(TABLE, TABLE * (1 + 1e-15), EXACT) == "value"


def test_a_difference_says_where_and_by_how_much():
    got = TABLE.copy()
    got[0, 2] += 1e-3
    got[1, 1] += 0.5
    difference = differ(TABLE, got, Numeric("x", rtol=1e-6, atol=0.0))
    assert difference.where == "x[0, 2]"
    assert difference.index == (0, 2)
    assert (difference.expected, difference.got) == (2.0, 2.001)
    assert difference.error == pytest.approx(0.5)
    assert difference.tolerance == pytest.approx(5e-6)
    assert difference.differing == 2


def test_shapes_are_named_on_both_sides():
    difference = differ(TABLE, np.zeros((3, 2), int))
    assert (difference.expected_shape, difference.got_shape) == ((2, 3), (3, 2))


def test_dtypes_are_named_on_both_sides():
    difference = differ(TABLE / 3, (TABLE / 3).astype(np.float32))
    assert (difference.expected_dtype, difference.got_dtype) == ("float64", "float32")
    difference = differ(TABLE, "a")
    assert (difference.expected_dtype, difference.got_dtype) == ("float64", "str")


@pytest.mark.parametrize(
    ("expected", "got", "where"),
    [
        ({"t": [1, 2]}, {"t": (1, 3)}, "x['t'][1]"),
        ([None, {"a": 1.0}], [None, {"a": 2.0}], "x[1]['a']"),
        ({"t": 1}, {}, "x['t']"),
        (TABLE, [[0, 1, 2], [3, 4]], "x[1]"),
        (TABLE, [[0, 1, 2], [3, ..., 5]], "x[1][1]"),
        ({"a": [1.0, "b"]}, {"a": [..., "b"]}, "x['a'][0]"),
        (3.0, 4.0, "x"),
    ],
)
def test_the_place_is_written_as_python_writes_it(expected, got, where):
    assert differ(expected, got).where == where


def _perturbed(readout):
    readout = copy_value(readout)
    readout.weight[0, 1] += 1
    return readout


def test_objects_of_the_library_are_compared_by_what_they_consist_of():
    net, readout = ESN(12, 0.9, a=0.3, seed=1), RLSReadout(3, 2, seed=1)
    assert differ(net, copy_value(net)) is None
    assert differ(readout, copy_value(readout)) is None
    assert differ(readout, _perturbed(readout)).where == "x.weight[0, 1]"
    other = copy_value(net)
    other.step(np.ones(12))
    assert differ(net, other).where == "x.x[0]"
    other = copy_value(net)
    other.f = np.sin
    assert differ(net, other).where == "x.f"
    assert kind_of(readout, net) == kind_of(net, readout) == "type"


def test_a_learners_own_readout_may_stand_for_the_librarys():
    class Mine(Linear):
        def __init__(self, n):
            super().__init__(n, 2, weight=np.zeros((2, n)), seed=0)
            self.P = np.eye(n) / 0.5
            self.lmbd = 0.5

    assert differ(RLSReadout(3, 2, lmbd=0.5, seed=1), Mine(3)) is None
    assert kind_of(RLSReadout(3, 2, lmbd=0.4, seed=1), Mine(3)) == "value"
    assert differ(Linear(3, 2, weight=np.zeros((2, 3)), seed=1), Mine(3)) is None
    assert kind_of(RidgeReadout(3, 2, seed=1), Linear(3, 2, seed=1)) == "type"


def test_a_weight_left_as_a_gap_is_seen():
    readout = Linear(3, 2, seed=1)
    readout.weight = ...
    difference = differ(Linear(3, 2, seed=1), readout)
    assert (difference.kind, difference.where) == ("ellipsis", "x.weight")


def test_properties_take_shape_and_numbers_into_account_first():
    rule, eye = Property("P", "positive_definite", 1e-9), np.eye(3)
    assert differ(eye, 2 * eye, rule) is None
    assert kind_of(eye, -eye, rule) == "property"
    assert kind_of(eye, np.eye(2), rule) == "shape"
    assert kind_of(eye, np.full((3, 3), np.nan), rule) == "nan"
    assert kind_of(eye, np.full((3, 3), np.inf), rule) == "property"
    assert kind_of(eye, None, rule) == "type"
    difference = differ(eye, eye + np.triu(np.ones((3, 3)), 1), rule)
    assert difference.error > difference.tolerance == 1e-9


def test_conform_gives_plain_arrays():
    class Mine(np.ndarray):
        pass

    plain = conform({"a": TABLE}, {"a": TABLE.view(Mine)}, "x")
    assert type(plain["a"]) is np.ndarray


def test_single_precision_is_told_however_loose_the_tolerance():
    single = (TABLE / 3).astype(np.float32)
    loose = Numeric("y", rtol=1e-5)
    assert compare(loose, TABLE / 3, single, {}, {}).kind == "dtype"
    assert compare(loose, TABLE / 3, single.astype(float), {}, {}) is None
    assert compare(loose, single, single + np.float32(1e-7), {}, {}) is None
