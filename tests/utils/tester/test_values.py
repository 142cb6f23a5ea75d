"""Values travel unchanged, or not at all."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from travelling import arrays, identical, library_objects, values

from utils.reservoir import ESN, Linear, RLSReadout
from utils.tester.values import UnknownValue, copy_value, pack, unpack


@given(values)
def test_a_value_arrives_as_it_left(value):
    spec, parts = pack(value)
    sent = json.loads(json.dumps(spec, allow_nan=False))
    assert identical(unpack(sent, parts), value)


@given(arrays)
def test_a_copy_shares_no_memory(array):
    copied = copy_value({"a": [array]})
    assert not np.shares_memory(copied["a"][0], array)


@given(library_objects)
def test_a_copied_object_shares_no_memory(value):
    copied = copy_value(value)
    for name, part in vars(value).items():
        if isinstance(part, np.ndarray):
            assert not np.shares_memory(part, getattr(copied, name))


def test_a_copied_readout_learns_alone():
    readout = RLSReadout(3, 2, seed=1)
    copied = copy_value(readout)
    copied.step(np.ones(3), 1.0)
    assert not readout.weight.any()
    np.testing.assert_array_equal(readout.P, np.eye(3))
    assert copied.weight.all()


def test_a_copied_network_runs_as_the_original():
    net = ESN(30, 0.9, a=0.3, p=0.05, seed=2)
    copied = copy_value(net)
    x = np.linspace(-1, 1, 30)
    np.testing.assert_array_equal(copied(x), net(x))
    copied.step(np.ones(30))
    assert not net.x.any()


def test_a_learners_class_travels_as_the_librarys():
    class Mine(Linear):
        pass

    arrived = copy_value(Mine(2, 1, seed=1))
    assert type(arrived) is Linear


def test_both_memory_orders_survive():
    array = np.asfortranarray(np.arange(6.0).reshape(2, 3))
    assert copy_value(array).flags.f_contiguous


def _endless():
    items = []
    items += [items, items]
    return items


class Unlisted:
    pass


@pytest.mark.parametrize(
    "value",
    [
        *(Unlisted(), {1, 2}, b"bytes", range(3), np.tanh, iter([])),
        *(np.array([None]), np.array(["a"]), np.zeros(2, "datetime64[s]"), np.str_),
        *({1: 2}, [{"a": Unlisted()}], ESN(3, f=lambda x: x, weight=np.eye(3)), _endless()),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_not_listed_is_refused(value):
    with pytest.raises(UnknownValue):
        pack(value)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
forged = st.fixed_dictionaries(
    {
        "type": st.sampled_from(
            ["int", "float", "complex", "scalar", "array", "tuple", "dict", "library", "object"]
        )
    },
    optional={
        "at": st.sampled_from(["0", "1", "9"]) | json_values,
        "hex": json_values,
        "text": json_values,
        "parts": json_values,
        "items": json_values,
        "class": st.sampled_from(["ESN", "Linear", "RLSReadout", "SampledHistory", "os"]),
        "state": st.dictionaries(
            st.sampled_from(["weight", "bias", "x", "sr", "f", "a", "p", "P", "lmbd", "ts"]),
            json_values | st.just({"type": "array", "at": "0"}),
        ),
    },
)


@given(json_values | forged)
def test_forged_packages_are_refused_or_harmless(spec):
    known = {"0": np.eye(2), "1": np.array(3.0)}
    try:
        value = unpack(spec, known)
    except UnknownValue:
        return
    pack(value)
