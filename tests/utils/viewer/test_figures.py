"""What the figures show, drawn without a display."""

import subprocess
import sys

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.viewer import (
    construct_delayed_coord,
    show_3d_coord,
    show_delayed_coord,
    show_pairings,
    show_record,
    show_return_map,
    show_trajectory,
)


@pytest.fixture(autouse=True)
def _headless():
    plt.switch_backend("agg")
    yield
    plt.close("all")


def record(steps=100, units=30, outputs=3, rows=()):
    """A FORCE record whose weights change at every second step of [20, 60)."""
    rng = np.random.default_rng(0)
    trained = np.zeros(steps)
    trained[20:60:2] = 1.0
    w = np.concatenate([[0.0], np.cumsum(trained)])[:, None, None] * np.ones((outputs, units))
    return {
        "t": np.arange(steps + 1),
        "x": rng.normal(size=(steps + 1, *rows, units)),
        "y": rng.normal(size=(steps, *rows, outputs)),
        "d": rng.normal(size=(steps, *rows, outputs)),
        "w": w,
        "train_range": (20, 60),
    }


def line(ax, label):
    (found,) = [one for one in ax.get_lines() if one.get_label() == label]
    return found


def labels(ax):
    return [one.get_label() for one in ax.get_lines()]


def span(ax, label):
    """Start and end of a shaded span."""
    (patch,) = [one for one in ax.patches if one.get_label() == label]
    return patch.get_extents().transformed(ax.transData.inverted()).intervalx


def test_importing_the_viewer_chooses_no_backend():
    code = (
        "import matplotlib\n"
        "import utils.viewer\n"
        "print(type(dict.__getitem__(matplotlib.rcParams, 'backend')) is str)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": "", "PYTHONPATH": "."},
    )
    assert done.stdout == "False\n"


class TestConstructDelayedCoord:
    @given(st.integers(1, 40), st.integers(1, 6), st.integers(1, 4), st.booleans())
    def test_rows_are_the_series_at_the_delays(self, extra, tau, ndim, column):
        data = np.arange(float(extra + tau * (ndim - 1)))
        made = construct_delayed_coord(data[:, None] if column else data, tau, ndim)
        assert made.shape == (extra, ndim)
        for i, row in enumerate(made):
            assert list(row) == [data[i + j * tau] for j in range(ndim)]

    @pytest.mark.parametrize(
        ("data", "tau", "ndim"),
        [(np.ones(20), 10, 3), (np.ones((20, 3)), 1, 2), (np.ones(20), 0, 2), (np.ones(0), 1, 1)],
    )
    def test_what_cannot_be_made_is_refused(self, data, tau, ndim):
        with pytest.raises(ValueError, match=r"coordinates|scalar series"):
            construct_delayed_coord(data, tau, ndim)


class TestShowDelayedCoord:
    def test_a_panel_each_and_one_for_all(self):
        x, y = np.random.default_rng(0).normal(size=(2, 50))
        fig = show_delayed_coord(x, y, tau=7, labels=["x", "y"], title="Lorenz")
        first, second, both = fig.axes
        np.testing.assert_array_equal(first.get_lines()[0].get_xydata(), np.c_[x[:-7], x[7:]])
        np.testing.assert_array_equal(second.get_lines()[0].get_xydata(), np.c_[y[:-7], y[7:]])
        assert labels(both) == ["x", "y"]
        assert (first.get_xlabel(), first.get_ylabel()) == ("x(t)", "x(t + 7 steps)")
        assert fig.get_suptitle() == "Lorenz"

    def test_one_series_needs_no_common_panel(self):
        assert len(show_delayed_coord(np.arange(50.0)).axes) == 1

    @pytest.mark.parametrize("series", [[], [np.arange(50.0)] * 3])
    def test_series_and_labels_must_fit(self, series):
        with pytest.raises(ValueError, match="series"):
            show_delayed_coord(*series, labels=["x", "y"])


class TestShowRecord:
    def test_states_outputs_with_their_targets_and_weight_changes(self):
        shown = record()
        x, y, dw = show_record(shown, ["x", "y", "dw"]).axes
        assert labels(x) == [f"x[{i}]" for i in range(5)]
        assert x.get_ylabel() == "x, 5 of 30 units"
        assert labels(y) == ["y[0]", "d[0]", "y[1]", "d[1]", "y[2]", "d[2]"]
        assert line(y, "d[1]").get_linestyle() == "--"
        np.testing.assert_array_equal(line(x, "x[2]").get_ydata(), shown["x"][:, 2])
        np.testing.assert_array_equal(line(x, "x[2]").get_xdata(), np.arange(101))
        np.testing.assert_array_equal(line(y, "y[2]").get_ydata(), shown["y"][:, 2])
        np.testing.assert_array_equal(line(dw, "|dw|").get_xdata(), np.arange(20, 60, 2))
        np.testing.assert_allclose(line(dw, "|dw|").get_ydata(), np.sqrt(90))
        assert dw.get_yscale() == "log"
        assert dw.get_xlabel() == "step"

    def test_the_spans_are_shaded_where_they_are(self):
        shown = record() | {"open_range": [5, 1000]}
        (ax,) = show_record(shown, ["y"]).axes
        np.testing.assert_allclose(span(ax, "training"), [20, 60])
        np.testing.assert_allclose(span(ax, "open loop"), [5, 100])

    def test_no_span_no_shade(self):
        shown = record() | {"train_range": None, "open_range": [0, 0]}
        assert [len(ax.patches) for ax in show_record(shown).axes] == [0, 0]

    def test_one_output_without_a_target(self):
        shown = record(outputs=1)
        del shown["d"]
        _, y = show_record(shown).axes
        assert labels(y) == ["y"]

    def test_weight_changes_already_taken(self):
        shown = record() | {"dw": np.linspace(1, 2, 100), "w": None}
        (ax,) = show_record(shown, ["dw"]).axes
        np.testing.assert_array_equal(ax.get_lines()[0].get_ydata(), shown["dw"])

    def test_a_run_that_never_trained(self):
        shown = record() | {"w": np.ones((101, 3, 30))}
        (ax,) = show_record(shown, ["dw"]).axes
        assert len(ax.get_lines()[0].get_xdata()) == 0
        assert ax.get_xlim() == (0, 100)

    def test_a_row_of_a_batch(self):
        shown = record(rows=(2,))
        x, y, _ = show_record(shown, ["x", "y", "dw"], row=1).axes
        np.testing.assert_array_equal(line(x, "x[0]").get_ydata(), shown["x"][:, 1, 0])
        np.testing.assert_array_equal(line(y, "d[2]").get_ydata(), shown["d"][:, 1, 2])

    def test_a_batch_asks_for_a_row(self):
        with pytest.raises(ValueError, match="x holds 2 rows a step: choose one, row=0 to 1"):
            show_record(record(rows=(2,)))

    def test_a_missing_series_is_named_with_what_is_there(self):
        with pytest.raises(ValueError, match="no 'dx', only: t, x, y, d, w, train_range"):
            show_record(record(), ["dx"])


class TestShow3dCoord:
    def test_one_curve(self):
        curve = np.random.default_rng(0).normal(size=(50, 3))
        fig = show_3d_coord(curve, title="Lorenz", labels=("a", "b", "c"))
        (trace,) = fig.data
        np.testing.assert_allclose(np.c_[trace.x, trace.y, trace.z], curve, rtol=1e-6)
        assert fig.layout.title.text == "Lorenz"
        assert fig.layout.scene.zaxis.title.text == "c"
        assert fig.layout.paper_bgcolor == "white"

    def test_named_curves(self):
        curve = np.ones((50, 3))
        fig = show_3d_coord(output=curve, target=curve, data=curve)
        assert [trace.name for trace in fig.data] == ["output", "target", "data"]
        assert fig.layout.showlegend

    @pytest.mark.parametrize("curve", [np.ones(50), np.ones((50, 2)), np.ones((50, 1, 3))])
    def test_another_shape_is_refused(self, curve):
        with pytest.raises(ValueError, match=r"curve 'output' must be an array \(T, 3\)"):
            show_3d_coord(output=curve)

    def test_no_curve_is_refused(self):
        with pytest.raises(ValueError, match="needs a curve"):
            show_3d_coord()

    def test_a_long_curve_is_thinned_where_it_is_straight(self):
        t = np.linspace(0, 1, 20001)
        angle = 2 * np.pi * np.clip(20 * (t - 0.5), 0, None)  # straight, then ten turns
        curve = np.c_[np.cos(angle), np.sin(angle), t]
        (trace,) = show_3d_coord(curve, max_points=500).data
        assert 450 <= len(trace.x) <= 500
        kept = np.c_[trace.x, trace.y, trace.z]
        np.testing.assert_allclose(kept[[0, -1]], curve[[0, -1]], atol=1e-6)
        assert np.sum(kept[:, 2] > 0.5) > 400

    @pytest.mark.parametrize("value", [1.0, np.inf, np.nan, 1e300])
    def test_a_curve_that_stands_still_or_diverged_is_drawn(self, value):
        (trace,) = show_3d_coord(np.full((10000, 3), value), max_points=100).data
        assert len(trace.x) <= 100


class TestShowReturnMap:
    def test_each_maximum_against_the_one_before(self):
        series = np.array([0, 3, 0, 5, 0, 4, 0, 1.0])
        fig = show_return_map(target=series, output=series[:, None] / 2, title="Return map")
        (ax,) = fig.axes
        np.testing.assert_allclose(line(ax, "target (3 maxima)").get_xydata(), [[3, 5], [5, 4]])
        np.testing.assert_allclose(
            line(ax, "output (3 maxima)").get_xydata(), [[1.5, 2.5], [2.5, 2]]
        )

    def test_a_series_without_maxima_is_drawn_empty(self):
        (ax,) = show_return_map(still=np.ones(10)).axes
        assert len(line(ax, "still (0 maxima)").get_xdata()) == 0

    def test_no_series_is_refused(self):
        with pytest.raises(ValueError, match="needs a named series"):
            show_return_map()


class TestShowPairings:
    def test_the_same_run_under_two_ways_of_counting(self):
        above, below = show_pairings(steps=3, title="Pairings").axes
        assert {text.get_text() for text in above.texts if text.get_text()} == {
            *("u[0]", "u[1]", "u[2]"),
            *("xs[0]", "xs[1]", "xs[2]"),
        }
        assert [place(below, f"x[{k + 1}]") for k in range(3)] == [
            place(above, f"xs[{k}]") for k in range(3)
        ]
        assert place(above, "xs[0]") < place(above, "u[1]") == place(below, "d[1]")


def place(ax, label):
    """Where on the time axis a label stands."""
    (found,) = [text for text in ax.texts if text.get_text() == label]
    return found.get_position()[0]


class TestShowTrajectory:
    @pytest.mark.parametrize(("shape", "curves"), [((50,), 1), ((50, 1), 1), ((50, 3), 3)])
    def test_a_curve_each(self, shape, curves):
        (ax,) = show_trajectory(np.ones(shape), title="Target").axes
        assert len(ax.get_lines()) == curves

    def test_another_shape_is_refused(self):
        with pytest.raises(ValueError, match="trajectory"):
            show_trajectory(np.ones((50, 2, 3)))


def test_figures_are_black_on_white_in_a_dark_style():
    with plt.style.context("dark_background"):
        fig = show_trajectory(np.arange(50.0), title="Target")
        assert fig.get_facecolor() == (1.0, 1.0, 1.0, 1.0)
        assert fig.axes[0].xaxis.label.get_color() == "black"
