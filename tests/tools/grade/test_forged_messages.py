"""What a worker says is a stranger's word: it is as it has to be, or refused as a whole."""

import contextlib

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tools.grade.sandbox.worker import _outcome, _prepared, gaps_of
from utils.tester.outcome import Outcome
from utils.tester.records import Case
from utils.tester.text import Text
from utils.worker.wire import Malformed

CASE = Case(Text("", ""), {"x": 1.0})
VALUE = {"tuple": [{"dict": [["x", {"value": 1.0, "arrays": {}}]]}, {"array": 0}]}
FRAME = {"place": "p", "line": 1, "function": "f", "source": "s"}
RAISED = {"kind": "ValueError", "message": "m", "frames": [FRAME]}
OUTCOME = {
    **{"value": VALUE, "raised": None, "misfit": None, "timed_out": False},
    **{"printed": "", "warnings": []},
}
PREPARED = {
    "missing": ["f"],
    "callable": True,
    "raised": RAISED,
    "untouched": [{"function": "f", "place": "p", "line": 1, "todo": "t"}],
    "unready": ["01_01"],
}

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@st.composite
def changed(draw, message):
    """A message with something else in some of its places."""
    if draw(st.integers(0, 4)) == 0:
        return draw(plain | st.just(RAISED) | st.just(VALUE))
    if isinstance(message, dict):
        kept = {key: draw(changed(value)) for key, value in message.items()}
        return {key: value for key, value in kept.items() if draw(st.integers(0, 9))}
    if isinstance(message, list):
        return [draw(changed(item)) for item in message] * draw(st.integers(0, 3))
    return message


def outcome(said):
    return _outcome(said, [np.zeros(3)], CASE, 0.0)


def test_what_is_as_it_has_to_be_is_taken():
    taken = outcome(OUTCOME)
    assert taken.finished
    assert taken.after == {"x": 1.0}
    assert taken.returned.tolist() == [0.0, 0.0, 0.0]
    raised = outcome(OUTCOME | {"raised": RAISED}).raised
    assert (raised.kind, raised.frames[0].line) == ("ValueError", 1)
    assert _prepared(PREPARED).missing == ("f",)


@given(plain | changed(OUTCOME))
@example(OUTCOME | {"value": None})
@example(OUTCOME | {"value": {"tuple": []}})
@example(OUTCOME | {"warnings": [None]})
@example(OUTCOME | {"raised": RAISED | {"frames": [None]}})
def test_an_outcome_is_one_or_refused(said):
    with contextlib.suppress(Malformed):
        assert isinstance(outcome(said), Outcome)


@given(plain | changed(PREPARED))
@example(PREPARED | {"missing": [["f"]]})
@example(PREPARED | {"untouched": [None]})
def test_what_is_prepared_is_told_or_refused(said):
    with contextlib.suppress(Malformed):
        prepared = _prepared(said)
        assert all(isinstance(name, str) for name in prepared.missing)


@given(st.lists(plain | changed(PREPARED["untouched"][0])))
def test_gaps_are_gaps_or_refused(said):
    with contextlib.suppress(Malformed):
        assert len(gaps_of(said)) <= 50


def test_of_long_texts_the_beginning_is_taken():
    long = "x" * 10**6
    told = outcome(OUTCOME | {"printed": long, "warnings": [long] * 100})
    assert len(told.printed) < 3000
    assert sum(map(len, told.warnings)) < 3000
    frames = [FRAME | {"source": long}] * 1000
    raised = outcome(OUTCOME | {"raised": RAISED | {"message": long, "frames": frames}}).raised
    assert len(repr(raised)) < 10_000


@pytest.mark.parametrize("keys", [[], ["y"], ["x", "y"]])
def test_inputs_of_another_call_are_refused(keys):
    after = {"dict": [[key, {"value": 1.0, "arrays": {}}] for key in keys]}
    with pytest.raises(Malformed):
        outcome(OUTCOME | {"value": {"tuple": [after, {"array": 0}]}})
