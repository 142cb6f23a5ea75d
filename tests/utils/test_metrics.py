"""The metrics against series whose numbers are known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.metrics import nrmse, return_map_distance, successive_maxima, valid_prediction_time


def tent(start, steps):
    """A series whose maxima follow the tent map of slope 1.9, a zero between two of them."""
    peaks = [start]
    for _ in range(steps - 1):
        peaks.append(1.9 * min(peaks[-1], 1 - peaks[-1]))
    return np.ravel([(1 + peak, 0.0) for peak in peaks])


class TestNrmse:
    def test_perfect_and_mean(self):
        d = np.random.default_rng(0).normal(size=(100, 3))
        assert nrmse(d, d) == 0
        assert nrmse(np.broadcast_to(d.mean(axis=0), d.shape), d) == pytest.approx(1)

    def test_by_hand(self):
        # errors 1 and 1; the target's deviations from its mean are 2 and 2
        assert nrmse(np.array([1.0, 3.0]), np.array([0.0, 4.0])) == pytest.approx(0.5)

    def test_a_column_is_a_series(self):
        d = np.arange(10.0)
        assert nrmse(d[:, None] + 1, d) == nrmse(d + 1, d)

    @pytest.mark.parametrize("metric", [nrmse, lambda y, d: valid_prediction_time(y, d, 0.1)])
    def test_what_has_no_meaning_is_refused(self, metric):
        with pytest.raises(ValueError, match=r"differ in shape: \(10,\) and \(9,\)"):
            metric(np.ones(10), np.ones(9))
        with pytest.raises(ValueError, match="does not vary"):
            metric(np.ones(10), np.ones(10))
        with pytest.raises(ValueError, match="at least one step"):
            metric(np.ones(0), np.ones(0))


class TestValidPredictionTime:
    d = np.tile([-1.0, 1.0], 50)  # of standard deviation 1

    @pytest.mark.parametrize("wrong", [0.41, np.nan, np.inf])
    @pytest.mark.parametrize("step", [0, 7, 99])
    def test_until_the_error_passes_the_tolerance(self, step, wrong):
        y = self.d + 0.39
        y[step] = self.d[step] + wrong
        assert valid_prediction_time(y, self.d, dt=0.1) == pytest.approx(0.1 * step)
        assert valid_prediction_time(y, self.d, 0.1, lyapunov_exponent=0.9) == pytest.approx(
            0.09 * step
        )

    def test_tolerance(self):
        y = self.d + np.linspace(0, 0.99, 100)
        assert valid_prediction_time(y, self.d, 1.0, tol=0.705) == 71

    def test_never_parted(self):
        assert valid_prediction_time(self.d, self.d, 0.1) == pytest.approx(10)

    def test_components_count_together(self):
        d = np.stack([self.d, self.d], axis=1)  # of standard deviation sqrt(2)
        assert valid_prediction_time(d + 0.39, d, 1.0) == 100
        assert valid_prediction_time(d + 0.41, d, 1.0) == 0


class TestSuccessiveMaxima:
    def test_the_top_between_samples_is_found(self):
        t = np.arange(0, 40, 0.5)
        np.testing.assert_allclose(successive_maxima(3 - np.abs(t % 8 - 4.1) ** 2), 3.0)

    def test_ends_shelves_and_flat_tops(self):
        assert list(successive_maxima(np.array([9.0, 0, 1, 1, 2, 2, 0, 9]))) == [2 + 1 / 24]
        assert len(successive_maxima(np.ones(10))) == 0
        assert len(successive_maxima(np.arange(2.0))) == 0

    @given(st.lists(st.floats(-1e3, 1e3, width=32), min_size=1, max_size=40))
    def test_no_lower_than_the_samples_that_are_maxima(self, samples):
        samples = np.array(samples)
        apart = samples[np.diff(samples, prepend=np.inf) != 0]
        tops = [b for a, b, c in zip(apart, apart[1:], apart[2:], strict=False) if a < b > c]
        found = successive_maxima(samples)
        assert len(found) == len(tops)
        assert np.all(found >= tops)

    def test_several_components_are_refused(self):
        with pytest.raises(ValueError, match="scalar series"):
            successive_maxima(np.ones((10, 3)))


class TestReturnMapDistance:
    target = tent(0.3, 1500)

    def test_another_run_of_the_same_map_is_near_and_nearer_when_longer(self):
        short = return_map_distance(tent(0.4, 100), self.target)
        long = return_map_distance(tent(0.4, 1500), self.target)
        assert long < short < 0.1
        assert return_map_distance(self.target, self.target) == 0

    def test_a_cycle_on_the_attractor_is_far(self):
        cycle = tent(1.9 / 2.9, 2)  # the fixed point of the map
        assert return_map_distance(np.tile(cycle, 50), self.target) > 0.5

    def test_another_attractor_is_far(self):
        assert return_map_distance(1.5 * self.target, self.target) > 0.5

    def test_scale_and_offset_of_both_do_not_matter(self):
        y = tent(0.4, 300)
        assert return_map_distance(3 * y + 1, 3 * self.target + 1) == pytest.approx(
            return_map_distance(y, self.target)
        )

    @pytest.mark.parametrize("y", [np.zeros(50), np.array([0, 1, 0, 2, 0.0]), None])
    def test_no_return_map_is_infinitely_far(self, y):
        if y is None:
            y = self.target.copy()
            y[-1] = np.inf
        assert return_map_distance(y, self.target) == np.inf

    @pytest.mark.parametrize("d", [np.zeros(50), np.tile([0.0, 1.0], 50)])
    def test_a_target_without_a_map_is_refused(self, d):
        with pytest.raises(ValueError, match="three maxima"):
            return_map_distance(self.target, d)
