"""Measuring tolerances: how far right answers are, how near wrong ones, where they are placed."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from small_lesson import CHAPTER, CHECKS_01, LESSON, changed, write_chapter

from tools.calibration.draws import drawn_exercise
from tools.calibration.elsewhere import Elsewhere, run_elsewhere
from tools.calibration.measuring import Far, Measured, measure
from tools.calibration.perturb import EPS, perturb
from tools.calibration.places import tolerances_of
from tools.calibration.placing import MARGIN, MIN_RATIO, NEAR, Row, calibrate
from tools.calibration.summation import summing_backwards
from tools.checkfile import load_check_file
from tools.lesson import read_lesson
from tools.model import Answer
from tools.record import check_chapter, record_chapter, reference_path
from tools.verify.axis import as_svg
from utils.reservoir import ESN, Linear, RLSReadout
from utils.tester.store import load_chapter

DRAWS = 20
CANCELLING = changed(
    CHECKS_01, "value - rate * value for", "value - rate * value + 1e-5 * value for"
)


def measured_of(tmp_path, checks_01=CHECKS_01, exercise="01_01"):
    root = write_chapter(tmp_path, checks_01=checks_01)
    lesson = read_lesson(CHAPTER, root)
    checks = load_check_file(root, CHAPTER, exercise)
    drawn = drawn_exercise(lesson, checks, lesson.exercise(exercise), DRAWS)
    return measure(lesson, checks, drawn)


def rows_of(tmp_path, exercise="01_01", elsewhere=()):
    measured = measured_of(tmp_path, exercise=exercise)
    assert measured.problems == []
    return {row.output: row for row in calibrate(measured, elsewhere)}


def test_right_answers_agree_to_rounding_and_wrong_ones_do_not(tmp_path):
    rows = rows_of(tmp_path)
    assert set(rows) == {"y", "log, changed"}
    row = rows["y"]
    assert EPS <= row.spread.distance < 1e-14
    assert row.nearest.whose in ("grows", "in_place")
    assert 0.1 < row.nearest.distance <= 1
    assert row.best == pytest.approx(np.sqrt(row.spread.distance * row.nearest.distance))
    assert row.problems() == []


def test_every_output_has_a_row(tmp_path):
    assert set(rows_of(tmp_path, exercise="01_02")) == {"x", "y"}


def test_where_no_mistake_shows_zeros_are_the_nearest(tmp_path):
    assert rows_of(tmp_path)["log, changed"].nearest == Far(1.0, "zeros")


def row_between(spread, nearest):
    """The one row of an exercise in which this was measured."""
    place = (None, "y")
    wrong = {place: {"wrong": [nearest]}}
    [row] = calibrate(Measured("01_01", {place: Far(spread, "right")}, wrong), [])
    return row


DISTANCES = st.floats(-17, 0).map(lambda power: 10.0**power)


@given(DISTANCES, DISTANCES)
def test_a_tolerance_is_placed_at_the_geometric_mean_or_not_at_all(spread, nearest):
    row = row_between(spread, nearest)
    assert row.spread.distance == float(f"{max(spread, EPS):.1e}")
    assert row.spread.distance <= row.nearest.distance <= 1
    assert (row.refusal() is None) == (row.ratio >= MIN_RATIO)
    assert 1 / 1.5 <= row.tolerance / row.best <= 1.5  # one digit
    assert row.tolerance == float(f"{row.tolerance:.0e}")
    if row.refusal() is None:
        assert row.problems() == []
        assert row.spread.distance * MARGIN <= row.tolerance <= row.nearest.distance / MARGIN


@given(DISTANCES, st.floats(-9, 9).map(lambda power: 10.0**power))
def test_a_tolerance_placed_before_stays_while_it_is_near(spread, factor):
    row = row_between(spread, 1.0)
    before = row.best * factor
    assert row.kept(before).tolerance == (before if 1 / NEAR < factor < NEAR else row.tolerance)
    assert row.kept(None) == row


@pytest.mark.parametrize("tolerance", [1e-15, 1.0])
def test_a_tolerance_too_near_to_either_side_is_refused(tmp_path, tolerance):
    row = replace(rows_of(tmp_path)["y"], tolerance=tolerance)
    (problem,) = row.problems()
    assert problem.startswith(f"y: the tolerance {tolerance:.1e} is not within")


def test_what_is_farther_elsewhere_counts(tmp_path):
    there = Elsewhere("BLAS kernel Odd", {"01_01": {(None, "y"): 1e-12}})
    assert rows_of(tmp_path, elsewhere=[there])["y"].spread == Far(1e-12, "BLAS kernel Odd")


def test_an_alternative_of_another_form_is_a_problem(tmp_path):
    checks = changed(CHECKS_01, '("(1 - rate) * x", "x - rate * x")', '("return y", "return 0")')
    problem = measured_of(tmp_path, checks).problems[0]
    assert "draw 0: y of 'difference' fails: another form than the model's" in problem


def test_the_model_is_run_on_other_kernels_and_threads(tmp_path):
    lesson = read_lesson(CHAPTER, write_chapter(tmp_path))
    drawn = [
        drawn_exercise(lesson, load_check_file(tmp_path, CHAPTER, cell.exercise), cell, 3)
        for cell in lesson.exercises
    ]
    places = run_elsewhere(lesson, drawn)
    names = [place.name for place in places]
    assert {"BLAS with one thread", "BLAS with two threads"} <= set(names)
    assert len(set(names)) == len(names)
    for place in places:
        assert set(place.distances) == {"01_01", "01_02"}
        assert all(
            distance < 1e-13 for found in place.distances.values() for distance in found.values()
        )


def tolerances(root):
    """What is kept of the small chapter's tolerances, by exercise."""
    path = root / "solutions" / CHAPTER / "tolerances.json"
    return json.loads(path.read_text(encoding="utf-8"))["exercises"]


def judged_by(root, exercise="01_01"):
    return tolerances_of(load_chapter(reference_path(CHAPTER, root)).exercises[exercise])


def set_tolerance(root, factor):
    """Multiply the kept tolerance of 01_01's y; returns it."""
    path = root / "solutions" / CHAPTER / "tolerances.json"
    kept = json.loads(path.read_text(encoding="utf-8"))
    [row] = [row for row in kept["exercises"]["01_01"]["outputs"] if row["output"] == "y"]
    row["tolerance"] *= factor
    path.write_text(json.dumps(kept), encoding="utf-8")
    return row["tolerance"]


def test_record_places_tolerances_and_judges_by_them(small_root):
    assert record_chapter(CHAPTER, small_root) == []
    for exercise, kept in tolerances(small_root).items():
        rows = {(row["call"], row["output"]): row for row in kept["outputs"]}
        assert judged_by(small_root, exercise) == {
            place: row["tolerance"] for place, row in rows.items()
        }
        for row in rows.values():
            mean = np.sqrt(row["spread"] * row["nearest"])
            assert 0.6 < row["tolerance"] / mean < 1.6
            assert row["ratio"] == pytest.approx(row["nearest"] / row["spread"], rel=0.1)


def test_what_is_kept_is_not_measured_again(small_root):
    before = tolerances(small_root)
    near = set_tolerance(small_root, 2)
    assert record_chapter(CHAPTER, small_root) == []
    assert judged_by(small_root)[None, "y"] == near
    assert tolerances(small_root)["01_02"] == before["01_02"]


def test_a_tolerance_that_is_near_outlives_a_change(small_root):
    before = tolerances(small_root)
    near = set_tolerance(small_root, 2)
    write_chapter(
        small_root, checks_01=changed(CHECKS_01, "uniform(-1, 1, 3)", "uniform(-1, 1, 4)")
    )
    assert record_chapter(CHAPTER, small_root) == []
    assert judged_by(small_root)[None, "y"] == near
    after = tolerances(small_root)
    assert after["01_01"]["content"] != before["01_01"]["content"]
    assert after["01_02"] == before["01_02"]


def test_a_tolerance_that_is_not_near_is_placed_anew(small_root):
    before = tolerances(small_root)
    set_tolerance(small_root, 100)
    assert record_chapter(CHAPTER, small_root) == []
    assert tolerances(small_root) == before


@pytest.mark.parametrize(
    ("old", "new"), [("It must shrink.", "It has to shrink."), ('"drawn", "乱数"', '"any", "何か"')]
)
def test_hints_and_labels_are_not_measured(small_root, old, new):
    before = tolerances(small_root)
    write_chapter(small_root, checks_01=changed(CHECKS_01, old, new))
    assert record_chapter(CHAPTER, small_root) == []
    assert tolerances(small_root) == before


def test_an_answer_that_is_needed_is_measured_too(small_root):
    before = tolerances(small_root)
    lesson = changed(LESSON, "y = (1 - rate) * x ", "y = x * (1 - rate) ")
    checks = CHECKS_01.replace("(1 - rate) * x", "x * (1 - rate)")
    write_chapter(small_root, lesson, checks)
    assert record_chapter(CHAPTER, small_root) == []
    after = tolerances(small_root)
    assert all(after[name]["content"] != before[name]["content"] for name in ("01_01", "01_02"))


def test_tolerances_of_something_else_are_stale(small_root):
    assert record_chapter(CHAPTER, small_root) == []
    path = small_root / "solutions" / CHAPTER / "tolerances.json"
    right = path.read_text(encoding="utf-8")
    set_tolerance(small_root, 2)
    [problem] = check_chapter(CHAPTER, small_root)
    assert problem.startswith(f"chapters/checks/{CHAPTER}.npz: stale")
    path.unlink()
    assert "stale" in check_chapter(CHAPTER, small_root)[0]
    path.write_text("{}", encoding="utf-8")
    [problem] = record_chapter(CHAPTER, small_root)
    assert "tolerances.json: KeyError: 'schema'. Delete it" in problem
    path.write_text(right, encoding="utf-8")
    assert check_chapter(CHAPTER, small_root) == []


def test_draws_in_which_right_and_wrong_come_close_are_refused(small_root):
    write_chapter(small_root, checks_01=CANCELLING)
    [problem] = [p for p in record_chapter(CHAPTER, small_root) if "rate of" not in p]
    assert problem.startswith("solutions/01_small/checks/01_01.py: y: the nearest wrong answer")
    assert "times as far as the farthest right answer (loop, " in problem
    assert "Let draw() reject ill-conditioned cases" in problem
    assert not reference_path(CHAPTER, small_root).exists()
    assert set(tolerances(small_root)) == {"01_02"}


# Now and then the numbers all but cancel, and what is left of them is rounding.
ILL = """
    rate = rng.uniform(0.1, 0.9)
    if rng.random() < 0.05:
        rate = 1 - 1e-13 * rate
"""
CONDITIONED = changed(CHECKS_01, "def draw(rng):\n", f"def draw(rng):{ILL}")
CONDITIONED = changed(CONDITIONED, '"rate": rng.uniform(0.1, 0.9)', '"rate": rate')


def test_an_ill_conditioned_draw_is_refused_until_the_generator_rejects_it(small_root):
    write_chapter(small_root, checks_01=CONDITIONED)
    [problem] = record_chapter(CHAPTER, small_root)
    assert "times as far as the farthest right answer" in problem
    rejecting = changed(
        CONDITIONED, "        rate = 1 - 1e-13 * rate\n", "        return draw(rng)\n"
    )
    write_chapter(small_root, checks_01=rejecting)
    assert record_chapter(CHAPTER, small_root) == []


# The line below the head of draw.
IN_DRAW = f"01_01.py:{CHECKS_01.partition('def draw(rng):')[0].count(chr(10)) + 2}: "


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "def draw(rng):\n",
            "def draw(rng):\n    1 / 0\n",
            f"{IN_DRAW}ZeroDivisionError",
        ),
        (
            '"log": [0.5] * rng.integers(3)}',
            '"log": [0.5] * rng.integers(3) if rng.random() < 0.9 else {1}}',
            "holds a value of type set",
        ),
    ],
)
def test_what_cannot_be_drawn_is_refused(small_root, old, new, words):
    write_chapter(small_root, checks_01=changed(CHECKS_01, old, new))
    assert words in record_chapter(CHAPTER, small_root)[0]


CASES = "[draw(np.random.default_rng(i)) for i in range(12)]"
BY_NAME = changed(CHECKS_01, "import numpy", "from dataclasses import replace\nimport numpy")


def test_what_is_judged_is_drawn(small_root):
    alone = f"{CASES} + [replace(draw(np.random.default_rng(i)), call='decay') for i in (12, 13)]"
    write_chapter(small_root, checks_01=changed(BY_NAME, CASES, alone))
    assert record_chapter(CHAPTER, small_root) == [
        f"solutions/01_small/checks/01_01.py: no draw of draw() gives {name} of decay. Let it."
        for name in ("log, changed", "y")
    ]


def test_what_is_drawn_is_seen(small_root):
    checks = changed(BY_NAME, CASES, CASES.replace("draw(", "seen("))
    seen = "def seen(rng):\n    return replace(draw(rng), call=None)\n\n\ndef cases():"
    checks = changed(checks, "def cases():", seen)
    call = 'preserves=("x",), call="decay" if rng.random() < 0.5 else None,'
    write_chapter(small_root, checks_01=changed(checks, 'preserves=("x",),', call))
    assert record_chapter(CHAPTER, small_root) == [
        f"solutions/01_small/checks/01_01.py: no case of cases() gives {name} of decay. Add one."
        for name in ("log, changed", "y")
    ]


def test_a_drawing_has_a_bar_for_each_output():
    row = Row((None, "y"), Far(1e-15, "one"), Far(1e-3, "other"), 1e-9)
    drawn = as_svg([row, replace(row, place=("f", "z"))])
    assert drawn.count('class="span"') == drawn.count('class="wrong"') == 2
    assert "z of f" in drawn
    assert row.ratio == pytest.approx(1e12)


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


def sums(net, w, readout, rows, log):
    """Every way of adding up, in answers and in the library."""
    x = net(w(rows[0]), rows[0])
    log.append(x)
    rows[1] += 1
    readout.step(x, readout(x))
    return [
        x,
        rows @ rows.T,
        rows.dot(x),
        np.dot(x, x),
        np.inner(rows, rows),
        np.einsum("ij,kj->ik", rows, rows),
        np.matmul(rows, x, out=np.empty(len(rows))),
        rows.sum(axis=0),
        np.mean(rows, axis=1, keepdims=True),
        np.add.reduce(rows, where=rows > 0),
        readout.weight,
        readout.P,
    ]


@given(st.integers(0, 99))
def test_other_sums_change_last_digits_alone(seed):
    def inputs():
        rnd = np.random.default_rng(seed)
        net, w = ESN(20, p=0.5, rnd=rnd), Linear(20, 20, bias=0.1, rnd=rnd)
        return [net, w, RLSReadout(20, 2, rnd=rnd), rnd.normal(size=(5, 20)), []]

    names = ("net", "w", "readout", "rows", "log")
    there, here = inputs(), inputs()
    expected = sums(*there)
    got = summing_backwards(Answer(sums, {})).function(**dict(zip(names, here, strict=True)))
    for one, other in zip(expected, got, strict=True):
        assert np.shape(one) == np.shape(other)
        np.testing.assert_allclose(np.asarray(other), one, rtol=1e-11, atol=1e-13)
    np.testing.assert_array_equal(np.asarray(here[3]), there[3])
    np.testing.assert_allclose(here[4][0], there[4][0], rtol=1e-11)
    changed = [np.any(np.asarray(b) != a) for a, b in zip(expected, got, strict=True)]
    assert all(changed[i] for i in (0, 1, 4, 5))


def test_an_answer_whose_sums_depend_on_their_order_is_measured(tmp_path):
    """Numbers that cancel: the model sums them forwards, as do all of its alternatives."""
    lesson = changed(
        LESSON, "y = (1 - rate) * x ", "y = (1 - rate) * x + np.sum(1e8 * (x - x[::-1])) "
    )
    root = write_chapter(
        tmp_path, lesson, CHECKS_01.replace("uniform(-1, 1, 3)", "uniform(-1, 1, 9)")
    )
    lesson = read_lesson(CHAPTER, root)
    checks = replace(load_check_file(root, CHAPTER, "01_01"), alternatives=(), mistakes=())
    measured = measure(
        lesson, checks, drawn_exercise(lesson, checks, lesson.exercise("01_01"), DRAWS)
    )
    assert measured.spread[None, "y"].distance > 1e-10
