"""General mistakes are recognised in any exercise; none is claimed that does not explain all."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes

from utils.tester.calling import LocalCaller
from utils.tester.judge import judge
from utils.tester.records import Case, Exercise
from utils.tester.report import report_of
from utils.tester.rules import Exact, Numeric, Property
from utils.tester.show_text import as_text
from utils.tester.text import LANGUAGES, Text

SHAPES = [(9,), (7, 3), (3, 8), (2, 5, 4)]


def _exercise(shapes=SHAPES, rule=None, seed=0, ints=False):
    """An exercise whose answer is its input."""
    rng = np.random.default_rng(seed)
    cases = []
    for number, shape in enumerate(shapes):
        values = rng.normal(size=shape) * 3
        values = np.rint(5 * values) if ints else values
        inputs = {"values": values, "c": 1.5 + number, "gain": 0.3 - 0.1 * number}
        cases.append(Case(Text("a case", "ケース"), inputs, expected=(values,)))
    return Exercise(
        id="01_01",
        title=Text("Return it", "そのまま返す"),
        functions=("f",),
        harness=None,
        gaps=(),
        outputs=(rule or Numeric("y"),),
        cases=tuple(cases),
        mistakes=(),
    )


def _verdict(function, exercise=None, lang="en"):
    return judge(exercise or _exercise(), LocalCaller(function, {}), (), lang)


def _roll(values, step):
    """Shifted along the first axis, the end filled with something new."""
    shifted = np.roll(values, step, axis=0)
    shifted[-1 if step < 0 else 0] = 99.0
    return shifted


MISTAKES = {
    "transposed": (lambda values, c, gain: values.T, SHAPES[1:]),
    "axes": (lambda values, c, gain: np.swapaxes(values, 0, 1), [(2, 5, 4), (3, 4, 2)]),
    "shape_only": (lambda values, c, gain: values[..., None], SHAPES),
    "early": (lambda values, c, gain: _roll(values, -1), SHAPES[:3]),
    "late": (lambda values, c, gain: _roll(values, 1), SHAPES[:3]),
    "one_too_many": (lambda values, c, gain: np.concatenate([values, values[:1]]), SHAPES),
    "one_too_few": (lambda values, c, gain: values[1:], SHAPES),
    "reversed": (lambda values, c, gain: values[::-1], SHAPES),
    "sign": (lambda values, c, gain: -values, SHAPES),
    "factor": (lambda values, c, gain: values / 3, SHAPES),
    "input_factor": (lambda values, c, gain: values * c, SHAPES),
    "cut_to_integers": (lambda values, c, gain: values.astype(int), SHAPES),
    "last_everywhere": (lambda values, c, gain: 0 * values + values[-1], SHAPES[:3]),
}


@pytest.mark.parametrize("family", MISTAKES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_general_mistake_is_recognised_and_put_into_words(family, lang):
    function, shapes = MISTAKES[family]
    verdict = _verdict(function, _exercise(shapes), lang)
    assert verdict.status == "failed"
    assert verdict.diagnosis.family == family
    assert verdict.diagnosis.output == "y"
    label = {"en": "It looks as if: ", "ja": "考えられる原因："}[lang]
    text = as_text(report_of(verdict))
    assert label in text
    assert "{" not in text
    assert verdict.hint is None  # hints are for the mistakes an author knew


@given(seed=st.integers(0, 1000), factor=st.floats(0.01, 100.0).filter(lambda c: abs(c - 1) > 1e-3))
def test_a_factor_is_named(seed, factor):
    verdict = _verdict(lambda values, c, gain: factor * values, _exercise(seed=seed))
    assert verdict.diagnosis.family == "factor"
    assert f"{factor:.6g} times" in str(verdict)


@pytest.mark.parametrize(
    ("function", "told"),
    [
        (lambda values, c, gain: values * gain, "multiplied by gain once too often"),
        (lambda values, c, gain: values / c, "lacks a factor c"),
        (lambda values, c, gain: values / len(values), "lacks a factor values.shape[0]"),
    ],
)
def test_a_factor_that_is_an_argument_is_named_by_it(function, told):
    assert told in " ".join(str(_verdict(function)).split())


@given(shape=array_shapes(min_dims=1, max_dims=3, min_side=4, max_side=6), seed=st.integers(0, 99))
def test_another_answer_altogether_is_not_explained(shape, seed):
    noise = np.random.default_rng(seed + 1).normal(size=shape)
    assert _verdict(lambda values, c, gain: noise, _exercise([shape], seed=seed)).diagnosis is None


def test_a_mistake_has_to_explain_every_failing_case():
    def transposed_once(values, c, gain):
        return values.T if c < 2.0 else values + 1.0

    assert _verdict(transposed_once, _exercise([(3, 4), (5, 6)])).diagnosis is None


def test_a_mistake_may_spare_some_cases():
    def transposed_if_wide(values, c, gain):
        return values.T if values.shape[0] < values.shape[1] else values

    verdict = _verdict(transposed_if_wide, _exercise([(3, 4), (6, 5), (2, 7)]))
    assert verdict.diagnosis.family == "transposed"


def test_where_two_mistakes_fit_none_is_claimed():
    odd = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])  # reversed is the same as the sign changed
    exercise = _exercise([(5,)])
    case = Case(Text("odd", "奇"), {"values": odd, "c": 1.5, "gain": 0.3}, expected=(odd,))
    exercise = Exercise(**{**vars(exercise), "cases": (case,)})
    assert _verdict(lambda values, c, gain: -values, exercise).diagnosis is None


def test_one_number_off_is_no_factor():
    exercise = _exercise([(), ()])
    assert _verdict(lambda values, c, gain: values * 2.5, exercise).diagnosis is None


def test_a_constant_series_is_not_called_shifted():
    exercise = _exercise([(6,)])
    ones = np.ones(6)
    case = Case(Text("ones", "1"), {"values": ones, "c": 1.5, "gain": 0.3}, expected=(ones,))
    exercise = Exercise(**{**vars(exercise), "cases": (case,)})

    def late(values, c, gain):
        return np.r_[0.0, values[:-1]]

    assert _verdict(late, exercise).diagnosis is None


def test_exact_outputs_and_properties_are_diagnosed_too():
    exact = _exercise(SHAPES[1:3], Exact("y"), ints=True)
    assert _verdict(lambda values, c, gain: values.T, exact).diagnosis.family == "transposed"
    symmetric = _exercise([(4, 4)], Property("P", "symmetric", 1e-9))
    assert _verdict(lambda values, c, gain: values, symmetric).diagnosis is None


def test_state_that_survives_a_call_is_recognised():
    kept = []

    def first_call_alone(values, c, gain):
        kept.append(values)
        return values + len(kept) - 1

    verdict = _verdict(first_call_alone)
    assert verdict.diagnosis.family == "stale"
    assert "global variables" in str(verdict)


def test_an_answer_that_fits_the_first_case_alone():
    verdict = _verdict(lambda values, c, gain: values if c < 2 else values + values**2)
    assert verdict.results[0].passed
    assert verdict.diagnosis.family == "first_only"
    assert "only the first case comes out right" in str(verdict)


def test_an_answer_that_fits_where_one_argument_is_as_in_the_first_case():
    exercise = _exercise()
    cases = [
        replace(case, inputs={**case.inputs, "gain": gain})
        for case, gain in zip(exercise.cases, (0.5, 0.7, 0.5, 0.1), strict=True)
    ]
    exercise = replace(exercise, cases=tuple(cases))
    verdict = _verdict(lambda values, c, gain: values + (gain != 0.5) * values**2, exercise)
    assert (verdict.diagnosis.family, verdict.diagnosis.detail) == ("argument", {"name": "gain"})
    assert "right exactly where gain is as in the first case" in " ".join(str(verdict).split())
    # One that is left out is another value than one that is given.
    cases[2] = replace(cases[2], inputs={**cases[2].inputs})
    del cases[2].inputs["gain"]
    exercise = replace(exercise, cases=tuple(cases))
    verdict = _verdict(lambda values, c, gain=0.5: values + (c > 2) * values**2, exercise)
    assert verdict.diagnosis.family == "first_only"


def test_one_case_that_fails_beside_the_first_tells_nothing():
    exercise = _exercise(SHAPES[:2])
    verdict = _verdict(lambda values, c, gain: values if c < 2 else values + values**2, exercise)
    assert verdict.diagnosis is None


def test_cases_too_small_to_tell_do_not_hide_a_mistake():
    turned = _verdict(lambda values, c, gain: values.T, _exercise([(7, 3), (1, 5), (4, 1)]))
    assert turned.diagnosis.family == "transposed"
    flat = _verdict(lambda values, c, gain: values.T, _exercise([(1, 5), (4, 1)]))
    assert flat.diagnosis.family == "shape_only"
    short = _verdict(lambda values, c, gain: values[:-1], _exercise([(7, 3), (1, 5)]))
    assert short.diagnosis.family == "one_too_few"
    gone = _verdict(lambda values, c, gain: values[:-1], _exercise([(1, 5), (1, 2)]))
    assert gone.diagnosis is None


def test_sizes_that_agree_in_every_case_are_one():
    square = _verdict(lambda values, c, gain: values / len(values), _exercise([(5, 5), (3, 3)]))
    assert "lacks a factor values.shape[0]" in " ".join(str(square).split())


def test_an_ellipsis_that_no_source_shows_is_recognised():
    filename = "<nowhere>"
    namespace = {}
    exec(
        compile("def f(values, c, gain):\n    y = ...\n    return y * c\n", filename, "exec"),
        namespace,
    )
    verdict = _verdict(namespace["f"])
    assert verdict.status == "error"
    assert verdict.diagnosis.family == "ellipsis"
    assert "line 3" in str(verdict)


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.complex_numbers()
        | st.text()
        | st.just(...)
        | st.builds(lambda shape: np.full(shape, 1.5), array_shapes(max_dims=3, max_side=4))
        | st.builds(lambda n: np.array([object()] * n, dtype=object), st.integers(0, 3)),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.tuples(inner, inner)
            | st.dictionaries(st.text(max_size=3), inner, max_size=3)
        ),
        max_leaves=8,
    ),
    st.sampled_from(LANGUAGES),
)
def test_whatever_is_returned_a_verdict_comes_of_it(returned, lang):
    verdict = _verdict(lambda values, c, gain: returned, lang=lang)
    assert verdict.status == "failed"
    assert str(verdict)
