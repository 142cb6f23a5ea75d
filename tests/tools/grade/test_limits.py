"""Limits on processes and files: measured where the model's own answer runs, and held there."""

from dataclasses import replace

import pytest
from grade_runs import needs_sandbox

from tests.tools.grade.hostile.hostile_notebooks import CHAPTER, VICTIM, as_bytes, with_body
from tools.grade.judge.course import read_course
from tools.grade.judge.exercise import judge_exercise
from tools.grade.judge.limits import Asked, Cost, limits_from
from tools.grade.judge.notebook import grade_notebook
from tools.grade.sandbox.limits import GENEROUS
from tools.grade.sandbox.worker import Worker

# Once, as the limits are for all calls together.
THREADS = """\
if not hasattr(honest, "threads"):
    honest.threads = [threading.Thread(target=time.sleep, args=(0.3,)) for _ in range(7)]
    [one.start() for one in honest.threads]
    [one.join() for one in honest.threads]
"""
FILE = """\
if not hasattr(honest, "file"):
    honest.file = open("/tmp/large", "wb")
    honest.file.write(bytes(20 << 20))
    honest.file.flush()
"""


@pytest.fixture(scope="module")
def course():
    course = read_course((CHAPTER,), b"k" * 32, 1, "bubblewrap")
    yield course
    course.close()


def run(course, body, **limits):
    """What an exercise comes to whose function begins with ``body``."""
    limits = {VICTIM: replace(GENEROUS, **limits)}
    notebook = as_bytes(with_body(body))
    course = course.with_limits(CHAPTER, limits)
    assignment = course.chapters[CHAPTER][VICTIM]
    with Worker(course.staged, "bubblewrap", file_bytes=GENEROUS.file) as worker:
        reading = worker.read(notebook, f"{CHAPTER}.ipynb", CHAPTER, "en")
        return judge_exercise(worker, assignment, reading)


@needs_sandbox
def test_threads_are_counted_and_limited(course):
    judged = run(course, THREADS)
    assert judged.status == "passed", judged.message
    assert judged.processes == 8
    assert limits_from(Cost(1, 1, processes=judged.processes), Asked()).processes == 32
    assert run(course, THREADS, processes=7).status == "error"


@needs_sandbox
def test_files_are_measured_and_limited(course):
    judged = run(course, FILE)
    assert judged.status == "passed", judged.message
    assert 20 <= judged.file_megabytes < 21
    assert run(course, FILE, file_megabytes=19).status == "error"


@needs_sandbox
@pytest.mark.parametrize(("megabytes", "status"), [(32, "passed"), (16, "error")])
def test_a_sandbox_has_as_much_room_for_files_as_an_exercise_may_take(course, megabytes, status):
    limits = dict.fromkeys(
        course.chapters[CHAPTER],
        replace(GENEROUS, megabytes=500, file_megabytes=megabytes),
    )
    course = course.with_limits(CHAPTER, limits)
    graded = grade_notebook(course, as_bytes(with_body(FILE)), f"{CHAPTER}.ipynb")
    (mark,) = [mark for mark in graded.marks if mark.exercise == VICTIM]
    assert mark.status == status, mark.message


@needs_sandbox
def test_where_the_machine_has_no_memory_left_a_submission_ends_before_its_judge(course):
    look = 'told = open("/proc/self/oom_score_adj").read()\nassert told == "1000\\n", told'
    judged = run(course, look)
    assert judged.status == "passed", judged.message
