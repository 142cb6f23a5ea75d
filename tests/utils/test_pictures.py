"""The photograph that chapter 9 learns."""

import numpy as np
import pytest

from utils.pictures import load_cat


def test_it_is_a_photograph_in_the_range_of_colours():
    cat = load_cat()
    assert cat.shape == (128, 128, 3)
    assert cat.dtype == float
    assert 0 <= cat.min() < 0.1 < 0.8 < cat.max() <= 1
    assert cat.std(axis=(0, 1)).min() > 0.1  # each colour varies


def test_a_smaller_one_is_the_same_picture():
    blocks = load_cat().reshape(32, 4, 32, 4, 3).mean(axis=(1, 3))
    assert np.abs(load_cat(32) - blocks).mean() < 0.02


@pytest.mark.parametrize("size", [0, -3, 129])
def test_there_are_no_more_pixels_than_the_photograph_has(size):
    with pytest.raises(ValueError, match=f"size is {size}, not between 1 and 128"):
        load_cat(size)
