"""What grading costs: beside executing the notebook, by the size of the class, and in memory."""

import json
import os
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from rich.table import Table

from tests.benchmarks.chapters import execute_solved_chapter
from tools.grade.batch import Handed, Plan, grade_here, plan_of
from tools.grade.judge.course import read_course
from tools.grade.judge.limits import Asked
from tools.grade.judge.preflight import fly
from tools.lesson import ROOT, read_lesson
from tools.notebook import make_notebook

CHAPTER = "08_closed_loop_control"
HIDDEN = 20
SIZES = (25, 50, 100, 200)
WATCH = 0.1  # seconds between looks at the memory


def tables() -> Iterator[Table]:
    """The cost of one submission, and of classes of several sizes."""
    plan = Plan((CHAPTER,), bytes(32), HIDDEN, "bubblewrap")
    course = read_course(plan.chapters, plan.key, plan.hidden, plan.isolation)
    try:
        plan = plan_of(plan, fly(course, Asked()))
        yield _beside_nbclient(plan)
        yield _by_size(plan)
    finally:
        course.close()


def _beside_nbclient(plan: Plan) -> Table:
    table = Table(
        title="One submission, one core",
        caption=f"{CHAPTER}, solved, with {HIDDEN} hidden cases for each exercise",
    )
    for heading in ("graded", "the whole notebook executed", "times faster", "wanted"):
        table.add_column(heading, justify="right")
    ours = _seconds(plan, 5, jobs=1) / 5
    done = execute_solved_chapter(CHAPTER, advanced=True)
    other = sum(done.seconds.values())
    ours = (ours + _seconds(plan, 5, jobs=1) / 5) / 2  # before and after, on a machine that wavers
    table.add_row(f"{ours:.2f} s", f"{other:.1f} s", f"{other / ours:.0f}", "<= 1.5 s, >= 12")
    return table


def _by_size(plan: Plan) -> Table:
    jobs = min(2, os.cpu_count() or 1)
    table = Table(
        title=f"Classes, {jobs} jobs",
        caption="a third solved, a third with one mistake, a third untouched; memory of all "
        "graders and sandboxes together, shared pages counted once, for each job",
    )
    for heading in ("submissions", "wall", "a submission and core", "peak memory a job"):
        table.add_column(heading, justify="right")
    for size in SIZES:
        with _Memory() as memory:
            seconds = _seconds(plan, size, jobs, _mixed)
        megabytes = memory.peak / jobs / 2**20
        each = f"{seconds * jobs / size:.2f} s"
        table.add_row(str(size), f"{seconds:.1f} s", each, f"{megabytes:.0f} MB")
    return table


def _seconds(plan: Plan, count: int, jobs: int, make=None) -> float:
    handed = list((make or _solved)(count))
    started = time.perf_counter()
    for finished in grade_here(plan, handed, jobs):
        if finished.graded is None or not finished.graded.marks:
            raise RuntimeError("a submission was not graded")
    return time.perf_counter() - started


def _solved(count: int) -> Iterable[Handed]:
    content = make_notebook(read_lesson(CHAPTER), "en", ROOT, solved=True).encode()
    return (Handed(number, content, f"{number}.ipynb") for number in range(count))


def _mixed(count: int) -> Iterable[Handed]:
    lesson = read_lesson(CHAPTER)
    solved = make_notebook(lesson, "en", ROOT, solved=True)
    wrong = json.loads(solved)
    for cell in wrong["cells"]:
        if cell["metadata"].get("exercise") == "02_01":
            cell["source"] = "".join(cell["source"]).replace("return ", "return 2 * ", 1)
    kinds = [solved, json.dumps(wrong), make_notebook(lesson, "en", ROOT)]
    return (
        Handed(number, kinds[number % 3].encode(), f"{number}.ipynb") for number in range(count)
    )


class _Memory:
    """The most memory that the processes started meanwhile hold together."""

    def __enter__(self) -> "_Memory":
        self.peak = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(WATCH):
            self.peak = max(self.peak, sum(map(_proportional, _descendants(os.getpid()))))


def _descendants(process: int) -> Iterator[int]:
    for task in Path(f"/proc/{process}/task").glob("*"):
        try:
            children = (task / "children").read_text().split()
        except OSError:
            continue
        for child in map(int, children):
            yield child
            yield from _descendants(child)


def _proportional(process: int) -> int:
    """Bytes of memory, of shared pages a part each; what may not be read counts nothing."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)
