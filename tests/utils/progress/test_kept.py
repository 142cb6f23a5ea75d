"""What is kept of one exercise, whatever the learner does and in whatever order."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from utils.progress.kept import LONGEST_GAP, Kept

RAN = ("passed", "failed", "error", "timeout")
NOT_RUN = ("not_attempted", "unavailable")

VERDICTS = st.tuples(st.just("verdict"), st.sampled_from(RAN + NOT_RUN), st.sampled_from("abc"))
HINTS = st.tuples(st.just("hint"), st.integers(1, 4))
ANSWERS = st.tuples(st.just("answer"))
# What happened, and after how many seconds; a clock that is put back is among them.
EVENTS = st.lists(
    st.tuples(st.one_of(VERDICTS, HINTS, ANSWERS), st.floats(-100, 2 * LONGEST_GAP)), max_size=40
)


def _after(kept, event, now, last):
    match event:
        case ("verdict", status, source):
            return kept.after_verdict(status, source, now, last)
        case ("hint", step):
            return kept.after_hint(step, now, last)
        case ("answer",):
            return kept.after_answer(now, last)


def _run(events):
    """Everything kept along the way, with the time."""
    kept, now, last = Kept(), 1e9, 0.0
    yield kept, now
    for event, wait in events:
        now += wait
        kept = _after(kept, event, now, last)
        last = max(last, kept.seen)
        yield kept, now


@given(EVENTS)
def test_nothing_is_ever_taken_back(events):
    history = [kept for kept, _ in _run(events)]
    for before, after in pairwise(history):
        assert after.attempts >= before.attempts
        assert after.seconds >= before.seconds
        assert after.hints >= before.hints
        assert before.passed in (None, after.passed)
        assert before.begun in (None, after.begun)
        assert before.revealed in (None, after.revealed)


@given(EVENTS)
def test_after_a_pass_nothing_is_counted_any_more(events):
    history = [kept for kept, _ in _run(events)]
    for before, after in pairwise(history):
        if before.is_passed:
            assert (after.attempts, after.seconds) == (before.attempts, before.seconds)
            assert (after.hints, after.revealed) == (before.hints, before.revealed)


@given(EVENTS)
def test_the_time_is_no_longer_than_what_has_gone_by(events):
    history = list(_run(events))
    times = [now for _, now in history]
    assert history[-1][0].seconds <= max(times) - min(times) + 1e-3


@given(EVENTS)
def test_attempts_are_changes_of_the_answer_until_the_first_pass(events):
    sources, passed = [], False
    for event, _ in events:
        if event[0] == "verdict" and event[1] in RAN and not passed:
            sources.append(event[2])
            passed = event[1] == "passed"
    changes = sum(one != other for one, other in zip(["", *sources], sources, strict=False))
    assert list(_run(events))[-1][0].attempts == changes


def test_a_walk_is_not_counted_and_work_is():
    kept = Kept().after_verdict("failed", "a", 1000.0, 0.0)
    kept = kept.after_verdict("failed", "b", 1600.0, 1000.0)
    kept = kept.after_verdict("failed", "c", 1600.0 + LONGEST_GAP + 1, 1600.0)
    kept = kept.after_verdict("passed", "d", 1660.0 + LONGEST_GAP + 1, 1601.0 + LONGEST_GAP)
    assert kept.seconds == 660.0
    assert kept.attempts == 4


def test_time_spent_on_another_exercise_is_not_counted_here():
    kept = Kept().after_verdict("failed", "a", 1000.0, 0.0)
    assert kept.after_verdict("passed", "b", 1900.0, 1840.0).seconds == 60.0


def test_an_untouched_cell_run_again_does_not_hide_what_became_of_an_answer():
    kept = Kept().after_verdict("not_attempted", "a", 1.0, 0.0)
    assert (kept.status, kept.attempts, kept.begun) == ("not_attempted", 0, None)
    kept = kept.after_verdict("failed", "b", 2.0, 1.0)
    assert kept.after_verdict("not_attempted", "a", 3.0, 2.0).status == "failed"
