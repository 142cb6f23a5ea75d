import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.chaos import (
    ConstantHistory,
    SampledHistory,
    chongxin_func,
    lorenz_func,
    mackey_glass,
    runge_kutta,
)


@given(st.tuples(*[st.floats(-30, 30)] * 3), st.floats(1, 20), st.floats(1, 50), st.floats(0.1, 5))
def test_lorenz_is_its_equations(z, a, b, c):
    x, y, w = z
    np.testing.assert_allclose(
        lorenz_func(z, a=a, b=b, c=c), [a * (y - x), x * (b - w) - y, x * y - c * w], atol=1e-9
    )


@given(st.tuples(*[st.floats(-30, 30)] * 3), st.floats(1, 50), st.floats(0.1, 3), st.floats(0.1, 5))
def test_chongxin_is_its_equations(z, b, k, h):
    x, y, w = z
    np.testing.assert_allclose(
        chongxin_func(z, a=9, b=b, k=k, c=3, h=h),
        [9 * (y - x), b * x - k * x * w, -3 * w + h * x**2],
        atol=1e-9,
    )


def test_defaults_are_the_published_ones():
    np.testing.assert_allclose(lorenz_func([1, 2, 3]), [10, 28 - 3 - 2, 2 - 8])
    np.testing.assert_allclose(chongxin_func([1, 2, 3]), [10, 40 - 3, -7.5 + 4])


@pytest.mark.parametrize("func", [lorenz_func, chongxin_func])
def test_batched_equals_looped(func):
    z = np.random.default_rng(0).normal(size=(2, 3, 3))
    step = runge_kutta(0.01, func, a=9.0)
    np.testing.assert_array_equal(func(z), [[func(row) for row in block] for block in z])
    np.testing.assert_allclose(
        step(z), [[step(row) for row in block] for block in z], rtol=1e-14, atol=0
    )


def test_runge_kutta_is_of_fourth_order():
    """Halving the step divides the error by 16: exponential decay and a rotation."""

    def spiral(z, rate):
        return np.array([-rate * z[0] - z[1], z[0] - rate * z[1]])

    exact = np.exp(-0.5) * np.array([np.cos(1), np.sin(1)])
    errors = []
    for steps in (10, 20, 40):
        step, z = runge_kutta(1 / steps, spiral, rate=0.5), [1.0, 0.0]
        for _ in range(steps):
            z = step(z)
        errors.append(np.abs(z - exact).max())
    assert np.log2(errors[0] / errors[1]) == pytest.approx(4, abs=0.2)
    assert np.log2(errors[1] / errors[2]) == pytest.approx(4, abs=0.2)


def test_runge_kutta_changes_nothing_in_place():
    z = np.ones(3)
    runge_kutta(0.01, lorenz_func)(z)
    np.testing.assert_array_equal(z, 1)


def test_a_constant_history_is_constant_and_safe():
    assert ConstantHistory(0.5)(-3.0) == 0.5
    assert isinstance(ConstantHistory(0.5)(-3.0), float)
    history = ConstantHistory([1.0, 2.0])
    history(-1.0)[:] = 7
    np.testing.assert_array_equal(history(0.0), [1.0, 2.0])


@given(st.floats(-4, 1))
def test_a_sampled_history_interpolates(t):
    ts, values = [-3.0, -1.0, 0.0], [0.5, 1.5, 1.0]
    assert SampledHistory(ts, values)(t) == pytest.approx(np.interp(t, ts, values), rel=1e-12)
    columns = SampledHistory(ts, np.stack([values, np.multiply(2, values)], axis=1))(t)
    np.testing.assert_allclose(columns, np.interp(t, ts, values) * np.array([1, 2]), rtol=1e-12)


@pytest.mark.parametrize(
    ("ts", "values", "message"),
    [
        ([-1.0, -2.0, 0.0], [1, 2, 3], "ascend"),
        ([-2.0, -1.0], [1, 2], "end at 0"),
        ([-1.0, 0.0], [1, 2, 3], r"\(3,\), expected \(2, \.\.\.\)"),
        ([], [], r"\(0,\)"),
        (0.0, [1.0], r"\(\)"),
    ],
)
def test_a_malformed_history_is_refused(ts, values, message):
    with pytest.raises(ValueError, match=message):
        SampledHistory(ts, values)


def mackey_glass_at(time, dt, tau, history):
    ts, xs = mackey_glass(round(time / dt) + 1, tau=tau, dt=dt, history=history)
    assert ts[-1] == pytest.approx(time)
    return xs[-1]


@pytest.mark.parametrize("tau", [2.0, 2.125])  # 2.125: no multiple of any step below
def test_mackey_glass_converges_with_second_order(tau):
    """Against its own finest run: a quarter of the error at half the step."""

    def history(t):
        return 0.8 + 0.3 * np.cos(t)

    steps = [1 / 3, 1 / 6, 1 / 12, 1 / 24]
    finest = mackey_glass_at(12.0, 1 / 1536, tau, history)
    errors = [abs(mackey_glass_at(12.0, dt, tau, history) - finest) for dt in steps]
    order = np.polyfit(np.log(steps), np.log(errors), 1)[0]
    assert order == pytest.approx(2, abs=0.35)


def test_mackey_glass_before_the_first_delay_is_a_linear_equation():
    """With a constant history x' = p - gamma x until t = tau, which has a closed form."""
    ts, xs = mackey_glass(18, history=ConstantHistory(0.7), beta=0.25, gamma=0.15, n=8.0)
    limit = 0.25 * 0.7 / (1 + 0.7**8) / 0.15
    np.testing.assert_allclose(xs, limit + (0.7 - limit) * np.exp(-0.15 * ts), rtol=1e-6)


def test_mackey_glass_starts_at_its_history_and_stays_on_its_attractor():
    ts, xs = mackey_glass(3000)
    np.testing.assert_array_equal(ts, np.arange(3000.0))
    assert xs[0] == 0.5
    assert 0.2 < xs[1000:].min() < 0.5
    assert 1.2 < xs[1000:].max() < 1.5


@given(tau=st.floats(1, 20), dt=st.floats(0.1, 1), n=st.integers(0, 40))
def test_mackey_glass_batched_equals_looped(tau, dt, n):
    starts = np.array([[0.3, 0.5], [0.9, 1.2]])
    ts, xs = mackey_glass(n, tau, dt, ConstantHistory(starts))
    assert ts.shape == (n,)
    assert xs.shape == (n, 2, 2)
    for index in np.ndindex(2, 2):
        alone = mackey_glass(n, tau, dt, ConstantHistory(starts[index]))[1]
        np.testing.assert_allclose(xs[:, *index], alone, rtol=1e-12)


@pytest.mark.parametrize(("tau", "dt"), [(17.0, 0.0), (17.0, -1.0), (1.0, 2.0)])
def test_mackey_glass_refuses_steps_longer_than_the_delay(tau, dt):
    with pytest.raises(ValueError, match="0 < dt <= tau"):
        mackey_glass(10, tau, dt)
