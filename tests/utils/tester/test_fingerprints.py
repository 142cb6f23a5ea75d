"""A mistake is recognised by its outputs, in whatever dress, and nothing else is."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hostile import WRONG
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from travelling import values

from utils.tester.fingerprints import fingerprint, matches, prints_of_mistake, recognise
from utils.tester.outcome import Outcome
from utils.tester.records import Case, Exercise, KnownMistake
from utils.tester.rules import Numeric
from utils.tester.text import Text
from utils.tester.tracebacks import describe_exception
from utils.tester.values import copy_value

numbers = npst.arrays(
    float, npst.array_shapes(min_dims=0, max_dims=3, max_side=5), elements=st.floats(-100, 100)
)


@given(values)
def test_a_value_matches_its_copy_after_a_journey(value):
    stored = json.loads(json.dumps(fingerprint(value), allow_nan=False))
    assert matches(stored, fingerprint(copy_value(value)))


@given(values, values)
def test_any_two_prints_can_be_matched(one, other):
    assert matches(fingerprint(one), fingerprint(other)) in (True, False)


@pytest.mark.parametrize("name", WRONG)
def test_anything_has_a_print(name):
    json.dumps(fingerprint(WRONG[name]), allow_nan=False)


@given(numbers, st.integers(0, 2**32 - 1))
def test_rounding_errors_do_not_matter(array, seed):
    noise = np.random.default_rng(seed).uniform(-1, 1, array.shape)
    near = array + 1e-13 * np.abs(array).max(initial=0) * noise
    assert matches(fingerprint(array), fingerprint(near))
    assert matches(fingerprint(array), fingerprint(near.tolist()))


@given(numbers, st.data())
def test_one_entry_tells(array, data):
    scale = np.abs(array).max()
    assume(scale > 1e-9)
    index = data.draw(st.tuples(*(st.integers(0, size - 1) for size in array.shape)))
    other = array.copy()
    other[index] += 1e-3 * scale
    assert not matches(fingerprint(array), fingerprint(other))


@given(numbers)
def test_order_and_shape_tell(array):
    scale = np.abs(array).max()
    assume(array.ndim and np.abs(array - np.flip(array)).max() > 1e-3 * scale > 1e-9)
    assert not matches(fingerprint(array), fingerprint(np.flip(array)))
    assert not matches(fingerprint(array), fingerprint(array[None]))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (np.array([1.0, np.nan]), np.array([1.0, np.inf])),
        (np.array([1.0, np.nan]), np.array([np.nan, 1.0])),
        (np.array([np.nan, 2.0]), np.array([0.0, 2.0])),
        (np.array([0.0]), np.array([np.nan])),
        (np.array([1.5]), np.array([1.5], np.float32)),
        (np.zeros(2), np.zeros(3)),
        (np.zeros(2), np.full(2, 1e-6)),
        (1.0, "1.0"),
        ([1.0, "a"], [1.0, "b"]),
        ({"a": 1.0}, {"b": 1.0}),
    ],
)
def test_these_differ(one, other):
    assert not matches(fingerprint(one), fingerprint(other))
    assert matches(fingerprint(one), fingerprint(one))


def test_prints_do_not_depend_on_the_machine():
    # Written down once; another NumPy, BLAS or processor has to find the same.
    print_ = fingerprint(np.arange(1.0, 7.0).reshape(2, 3))
    assert print_ == {"shape": [2, 3], "scale": 6.0, "sums": [-1.29918599, 0.635116166]}


def right(x, c):
    return c * x, x.sum()


def _case(x, c, call=None):
    inputs = {"x": np.array(x), "c": c}
    label = Text(f"c = {c}", f"c = {c}")
    case = Case(label, inputs, call=call, mutates=("x",), preserves=("c",))
    return replace(case, expected=right(**inputs), after={"x": inputs["x"]})


CASES = (_case([1.0, 2.0, 4.0], 1.0), _case([0.5, -1.0], 3.0), _case([2.0], -2.0))
RULES = (Numeric("y"), Numeric("total"))
BARE = Exercise("01_01", Text("a", "あ"), ("f",), None, (), RULES, CASES, ())


def run(function):
    outcomes = []
    for case in CASES:
        inputs = copy_value(case.inputs)
        try:
            outcomes.append(Outcome(returned=function(**inputs), after=inputs))
        except Exception as error:
            outcomes.append(Outcome(after=inputs, raised=describe_exception(error)))
    return outcomes


def exercise_with(**mistakes):
    known = tuple(
        KnownMistake(name, Text(name, name), prints_of_mistake(BARE, run(function)))
        for name, function in mistakes.items()
    )
    return replace(BARE, mistakes=known)


def found(exercise, function):
    mistake = recognise(exercise, run(function))
    return mistake and mistake.name


def no_factor(x, c):
    return x * 1.0, x.sum()


def mean(x, c):
    return c * x, x.mean()


def writes(x, c):
    y, total = c * x, x.sum()
    x *= 2
    return y, total


def fails_when_negative(x, c):
    if c < 0:
        raise ValueError
    return c * x * 2, x.sum()


def test_each_mistake_is_recognised_and_the_right_answer_is_none():
    mistakes = {
        "no_factor": no_factor,
        "mean": mean,
        "writes": writes,
        "fails": fails_when_negative,
    }
    exercise = exercise_with(**mistakes)
    for name, function in mistakes.items():
        assert found(exercise, function) == name
    assert found(exercise, right) is None


def test_lists_and_other_formulas_are_the_same_mistake():
    exercise = exercise_with(no_factor=no_factor)
    assert found(exercise, lambda x, c: [list(x * 3 / 3), float(np.add.reduce(x))]) == "no_factor"


def test_one_output_that_tells_is_enough():
    exercise = exercise_with(no_factor=no_factor, mean=mean)
    assert found(exercise, lambda x, c: (x * 1.0, 17.0)) == "no_factor"


def test_where_two_fit_none_is_claimed():
    exercise = exercise_with(no_factor=no_factor, mean=mean)
    assert found(exercise, lambda x, c: (x * 1.0, x.mean())) is None


def test_the_whole_counts_more_than_a_part():
    exercise = exercise_with(mean=mean, both=lambda x, c: (x * 1.0, x.mean()))
    assert found(exercise, lambda x, c: (x * 1.0, x.mean())) == "both"


def test_the_same_hint_twice_is_one_hint():
    exercise = exercise_with(one=mean, two=mean)
    assert found(exercise, mean) is None
    hint = exercise.mistakes[0].hint
    same = tuple(replace(mistake, hint=hint) for mistake in exercise.mistakes)
    assert found(replace(exercise, mistakes=same), mean) == "one"


def test_how_a_call_ended_must_agree():
    exercise = exercise_with(fails=fails_when_negative)
    assert found(exercise, lambda x, c: (c * x * 2, x.sum())) is None

    def other_error(x, c):
        return fails_when_negative(x, c) if c >= 0 else (c * x)[7]

    assert found(exercise, other_error) is None


def test_an_exception_that_says_nothing_is_no_sign():
    def fails(x, c):
        raise ValueError

    assert found(exercise_with(fails=fails), fails) is None


def wrong_shape(name, amount="c * x"):
    """A function of that name in which every call raises."""
    namespace = {"np": np}
    exec(f"def {name}(x, c):\n    return {amount} @ np.ones((7, 2)), x.sum()", namespace)
    return namespace[name]


def test_what_always_raises_is_known_by_what_it_says_and_where():
    exercise = exercise_with(shape=wrong_shape("step"))
    assert found(exercise, wrong_shape("step", "x")) == "shape"
    assert found(exercise, wrong_shape("helper")) is None
    assert found(exercise, wrong_shape("step", "x[:1]")) is None
    assert found(exercise, wrong_shape("step", "x.times(c)")) is None


@pytest.mark.parametrize(
    "amount",
    [
        "[x @ np.ones((7, 2)) for _ in range(2)][0]",
        "(lambda: x @ np.ones((7, 2)))()",
        "sum(x @ np.ones((7, 2)) for _ in range(2))",
        "(lambda: {i: [x @ np.ones((7, 2))] for i in range(2)})()",
    ],
)
def test_what_has_no_name_is_part_of_the_function_it_stands_in(amount):
    exercise = exercise_with(shape=wrong_shape("step"))
    assert found(exercise, wrong_shape("step", amount)) == "shape"
    assert found(exercise, wrong_shape("helper", amount)) is None


def test_where_objects_lie_in_memory_does_not_matter():
    def takes_the_method(x, c):
        raise TypeError(f"cannot add {object()!r} and {c}")

    assert found(exercise_with(method=takes_the_method), takes_the_method) == "method"


def test_what_ended_early_is_not_recognised():
    assert recognise(exercise_with(mean=mean), run(mean)[:2]) is None


def test_another_number_of_outputs_is_no_mistake_known():
    assert found(exercise_with(mean=mean), lambda x, c: x) is None
