"""A notebook that has to be graded by a certain time, whatever it does until then."""

import ast
import math
import time
from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace

import pytest
from grade_runs import needs_sandbox

from tests.assignments import LIMITS, course, one
from tests.tools.grade.hostile.hostile_notebooks import (
    CHAPTER,
    EXERCISES,
    as_bytes,
    exercise_cell,
    solved,
    source_of,
)
from tools.grade.judge import pace as paces
from tools.grade.judge.course import read_course
from tools.grade.judge.notebook import grade_notebook
from tools.grade.judge.pace import LEAST, Pace, longest
from tools.grade.judge.words import say
from tools.grade.sandbox import worker as workers
from tools.grade.sandbox.starting import why_not
from tools.grade.sandbox.worker import Lost, SandboxError, Worker


@pytest.fixture
def clock(monkeypatch):
    """A clock that goes on when it is told to."""
    now = SimpleNamespace(seconds=0.0)
    monkeypatch.setattr(paces, "time", SimpleNamespace(monotonic=lambda: now.seconds))
    return now


def test_an_exercise_that_may_be_carried_forward_counts_twice_and_one_that_lacks_torch_not():
    exercises = [one("a"), one("b", given=("def a(): ...",)), one("c", lacking=("torch",))]
    assert longest(course(*exercises)) == 3 * LIMITS.wall


def test_where_nobody_waits_limits_stay():
    assert Pace([one("a")], math.inf).begin(one("a")) == LIMITS


def test_limits_stay_where_there_is_time(clock):
    ones = [one("a"), one("b", given=("f",))]
    pace = Pace(ones, 3 * LIMITS.wall)
    assert [pace.begin(each) for each in ones] == [LIMITS, LIMITS]
    clock.seconds = 2 * LIMITS.wall
    assert pace.begin_again(ones[1]) == LIMITS


def test_who_takes_all_its_time_takes_none_of_the_others(clock):
    slow = replace(LIMITS, seconds=60, cpu=120)
    ones = [one("a"), one("b", limits=slow, given=("f",)), one("c")]
    deadline = 150.0
    pace = Pace(ones, deadline)
    runs = [lambda: pace.begin(ones[0]), lambda: pace.begin(ones[1]), lambda: pace.begin(ones[2])]
    walls = []
    for begin in [*runs, lambda: pace.begin_again(ones[1])]:
        limits = begin()
        assert limits.cpu <= 2 * limits.seconds
        walls.append(limits.wall)
        clock.seconds += limits.wall
    assert clock.seconds == pytest.approx(deadline)
    assert walls[0] == pytest.approx(walls[2])
    assert walls[1] / walls[0] == pytest.approx(slow.wall / LIMITS.wall)


def test_who_takes_less_leaves_it_to_the_others(clock):
    ones = [one("a"), one("b", given=("f",)), one("c")]
    pace = Pace(ones, 2 * LIMITS.wall)
    assert pace.begin(ones[0]).wall == pytest.approx(LIMITS.wall / 2)
    pace.skip(ones[1])
    pace.skip(ones[1], again=True)
    assert pace.begin(ones[2]) == LIMITS


def test_no_run_begins_when_the_time_is_over_and_none_gets_less_than_some(clock):
    pace = Pace([one("a"), one("b")], 1.0)
    assert pace.begin(one("a")).seconds == LEAST
    clock.seconds = 1.0
    assert pace.begin(one("b")) is None


ENDLESS = """\
def {name}(*args, **kwargs):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass


"""


def endless_everywhere():
    """A solved notebook, each of whose functions swallows what would end it."""
    notebook = solved()
    for exercise in EXERCISES:
        source = source_of(notebook, exercise)
        names = [node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
        loops = "".join(ENDLESS.format(name=name) for name in names)
        call = source.index("test_func(")
        exercise_cell(notebook, exercise)["source"] = source[:call] + loops + source[call:]
    return as_bytes(notebook)


@contextmanager
def course_until(seconds):
    course = read_course((CHAPTER,), b"k" * 32, 1, "bubblewrap")
    try:
        yield replace(course, deadline=time.monotonic() + seconds)
    finally:
        course.close()


@needs_sandbox
@pytest.mark.parametrize("seconds", [0, 8])
def test_a_notebook_without_an_end_is_graded_and_told(seconds):
    with course_until(seconds) as course:
        graded = grade_notebook(course, endless_everywhere(), f"{CHAPTER}.ipynb")
    if not graded.problem:  # a busy machine has not even read it by then
        assert [mark.status for mark in graded.marks] == ["timeout"] * len(EXERCISES)
        told = {mark.message.splitlines()[0] for mark in graded.marks}
        assert told & {say("timeout", "en"), say("no_time", "en")}
    assert {mark.exercise: mark.score for mark in graded.marks} == dict.fromkeys(EXERCISES, 0.0)
    assert all(mark.message for mark in graded.marks)


class Never:
    """A sandbox that does not start: what it stands for, and how often it was tried."""

    def __init__(self, tries, after=None):
        self.tries = tries
        self.control = SimpleNamespace(settimeout=lambda _: None, recv=self.recv)
        self.process = SimpleNamespace(stderr=SimpleNamespace(read=lambda: b"why"))
        self.after = after

    def recv(self, _):
        if self.after is not None and len(self.tries) > self.after:
            return b'{"ready": true}'
        raise TimeoutError

    def end(self):
        pass


@pytest.mark.parametrize(
    "told",
    [
        "bwrap: setting up uid map: Permission denied\n",
        "bwrap: loopback: Failed RTM_NEWADDR: Operation not permitted",
        "bwrap: No permissions to create new namespace, likely because the kernel does not allow "
        "non-privileged user namespaces.",
    ],
)
def test_what_bubblewrap_says_comes_with_the_next_step(told):
    said = why_not(told)
    assert told.strip() in said
    assert "bash tools/grade/files/allow_bubblewrap.sh" in said
    assert "--isolation reduced" in said
    assert "allow_bubblewrap" not in why_not("ModuleNotFoundError: No module named 'utils'")


def starting(monkeypatch, after=None):
    tries = []

    def start(*_):
        tries.append(1)
        return Never(tries, after)

    monkeypatch.setattr(workers, "start", start)
    return tries


def test_a_sandbox_that_a_busy_machine_keeps_waiting_is_started_again(monkeypatch):
    tries = starting(monkeypatch, after=1)
    Worker(None, "reduced")._running()
    assert len(tries) == 2


def test_one_that_never_starts_says_why(monkeypatch):
    tries = starting(monkeypatch)
    with pytest.raises(SandboxError, match="does not start: why"):
        Worker(None, "reduced")._running()
    assert len(tries) == 2


def test_when_the_time_is_over_it_is_the_submission_that_is_late(monkeypatch):
    tries = starting(monkeypatch)
    with pytest.raises(Lost, match="no time is left") as lost:
        Worker(None, "reduced", deadline=time.monotonic())._running()
    assert lost.value.status == "timeout"
    assert tries == []
