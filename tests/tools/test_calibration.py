"""Measuring tolerances: how far right answers are, how near wrong ones, and what is refused."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from small_lesson import CHAPTER, CHECKS_01, changed, write_chapter

from tools.calibration.elsewhere import Elsewhere, run_elsewhere
from tools.calibration.measuring import Far, measure
from tools.calibration.perturb import EPS, perturb
from tools.calibration.placing import Row, calibrate
from tools.checkfile import load_check_file
from tools.lesson import read_lesson
from tools.verify.axis import as_svg
from utils.reservoir import ESN

DRAWS = 20


def rows_of(tmp_path, old="", new="", exercise="01_01", elsewhere=()):
    root = write_chapter(tmp_path, checks_01=changed(CHECKS_01, old, new) if old else CHECKS_01)
    lesson = read_lesson(CHAPTER, root)
    checks = load_check_file(root, CHAPTER, exercise)
    measured = measure(lesson, checks, lesson.exercise(exercise), DRAWS)
    assert measured.problems == []
    return {row.output: row for row in calibrate(measured, elsewhere)}


def test_right_answers_agree_to_rounding_and_wrong_ones_do_not(tmp_path):
    rows = rows_of(tmp_path)
    assert set(rows) == {"y", "log, changed"}
    row = rows["y"]
    assert EPS <= row.spread.distance < 1e-14
    assert row.nearest.whose in ("grows", "in_place")
    assert 0.1 < row.nearest.distance < 20
    assert row.best == pytest.approx(np.sqrt(row.spread.distance * row.nearest.distance))
    assert row.limit == 1e-9
    assert row.problems() == []


def test_every_output_has_a_row(tmp_path):
    assert set(rows_of(tmp_path, exercise="01_02")) == {"x", "y"}


@pytest.mark.parametrize("rtol", ["1e-15", "1.0"])
def test_a_tolerance_too_near_to_either_side_is_refused(tmp_path, rtol):
    rows = rows_of(tmp_path, 'Numeric("y")', f'Numeric("y", rtol={rtol})')
    (problem,) = rows["y"].problems()
    assert "the tolerance" in problem
    assert "is not within" in problem
    assert f"Write {rows['y'].best:.0e}" in problem


def test_draws_in_which_right_and_wrong_come_close_are_refused(tmp_path):
    cancelling = "value - rate * value + 1e-5 * value for"
    rows = rows_of(tmp_path, "value - rate * value for", cancelling)
    first, *_ = rows["y"].problems()
    assert "times as far as the farthest right answer (loop" in first
    assert "Let draw() reject ill-conditioned cases" in first


def test_what_is_farther_elsewhere_counts(tmp_path):
    there = Elsewhere("BLAS kernel Odd", {"01_01": {(None, "y"): 1e-12}})
    assert rows_of(tmp_path, elsewhere=[there])["y"].spread == Far(1e-12, "BLAS kernel Odd")


def test_an_alternative_of_another_form_is_a_problem(tmp_path):
    checks = changed(CHECKS_01, '("(1 - rate) * x", "x - rate * x")', '("return y", "return 0")')
    root = write_chapter(tmp_path, checks_01=checks)
    lesson = read_lesson(CHAPTER, root)
    checks = load_check_file(root, CHAPTER, "01_01")
    measured = measure(lesson, checks, lesson.exercise("01_01"), DRAWS)
    assert "draw 0: y of 'difference' has another form than the model's" in measured.problems[0]


def test_the_model_is_run_on_other_kernels_and_threads(tmp_path):
    places = run_elsewhere(read_lesson(CHAPTER, write_chapter(tmp_path)), tmp_path, draws=3)
    names = [place.name for place in places]
    assert {"BLAS with one thread", "BLAS with two threads"} <= set(names)
    assert len(set(names)) == len(names)
    for place in places:
        assert set(place.distances) == {"01_01", "01_02"}
        assert all(
            distance < 1e-13 for found in place.distances.values() for distance in found.values()
        )


def test_a_drawing_has_a_bar_for_each_output():
    row = Row("01_01", (None, "y"), 1e-9, Far(1e-15, "one"), Far(1e-3, "other"))
    unbounded = replace(row, nearest=None)
    drawn = as_svg([row, unbounded])
    assert drawn.count('class="span"') == 2
    assert drawn.count('class="wrong"') == 1
    assert row.ratio == pytest.approx(1e12)
    assert unbounded.best is None


@given(
    arrays(float, array_shapes(max_side=4), elements=st.floats(-1e6, 1e6)),
    st.floats(-1e6, 1e6),
    st.integers(0, 99),
)
def test_only_last_bits_are_perturbed(array, number, seed):
    value = {"a": array, "b": [number, 3, "text", True, None], "c": (2.0, np.arange(3))}
    other = perturb(value, np.random.default_rng(seed))
    assert np.all(np.abs(other["a"] - array) <= 2 * EPS * np.abs(array))
    assert abs(other["b"][0] - number) <= 2 * EPS * abs(number)
    assert other["b"][1:] == [3, "text", True, None]
    assert other["c"][0] == 2.0
    assert other["c"][1].tolist() == [0, 1, 2]


def test_objects_of_the_library_are_perturbed_and_stay_whole():
    net = ESN(20, sr=0.9, a=0.3, p=0.5, seed=1)
    other = perturb(net, np.random.default_rng(0))
    assert (other.dim, other.p) == (20, pytest.approx(0.5))
    x = np.linspace(-1, 1, 20)
    assert 0 < np.abs(other(x) - net(x)).max() < 1e-14
