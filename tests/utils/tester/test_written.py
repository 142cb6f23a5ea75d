"""Values in few characters, as debug_mode and the ladder's cases show them."""

import numpy as np
import pytest

from utils.chaos import ConstantHistory
from utils.reservoir import Linear
from utils.tester.written import value_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.2, "<ConstantHistory value=1.2>"),
        ([1.0, -2.0], "<ConstantHistory value=array([ 1., -2.], shape=(2,))>"),
        (np.zeros(50), "<ConstantHistory value: (50,)>"),
    ],
)
def test_an_object_of_the_library_shows_small_values_and_shapes_of_large_ones(value, text):
    assert value_text(ConstantHistory(value)) == text


def test_each_part_for_itself():
    layer = Linear(50, 2, weight=np.zeros((2, 50)))
    layer.bias = np.zeros(2)  # drawn, it may be -0.0
    assert value_text(layer) == "<Linear weight: (2, 50), bias=array([0., 0.], shape=(2,))>"
