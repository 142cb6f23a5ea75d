"""One run of ``grade``: what is handed in, what of it is graded already, and grading the rest."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from tools.grade.batch import Finished, Handed, Plan, grade_here, plan_of
from tools.grade.cluster import grade_there
from tools.grade.judge.course import Course, read_course
from tools.grade.judge.preflight import fly
from tools.grade.marks import Class, Graded, Submission
from tools.grade.store import Store
from tools.grade.submissions.duplicates import report_duplicates
from tools.grade.submissions.handed_in import HandedIn, find_handed_in
from tools.grade.submissions.opening import Unreadable
from tools.grade.submissions.roster import Roster
from tools.lesson import chapters
from tools.progress import bar_beside_forks


@dataclass(frozen=True)
class Order:
    """What the command line asks for.

    Attributes:
        paths: what was handed in.
        roster: the class, if it is known.
        plan: how to grade.
        jobs: notebooks at a time, on this machine.
        dask: the address of a cluster to grade on instead.
        store: where results are kept.
    """

    paths: tuple[Path, ...]
    roster: Roster | None
    plan: Plan
    jobs: int
    dask: str | None
    store: Path


@dataclass
class _Entry:
    """A notebook that was handed in, and what is known of it."""

    handed: HandedIn
    sha256: str = ""
    key: str = ""
    graded: Graded | None = None
    problems: list[str] = field(default_factory=list)


def run(order: Order, console: Console) -> tuple[Class, list[str]]:
    """Grade a class.

    Returns:
        The class, and the sources of notebooks that could not be graded by any grader.

    Raises:
        KeyboardInterrupt: by Ctrl-C; its text says what is kept.
        CannotGrade, ClusterError, LessonError, SandboxError, StoreProblem, ...: it cannot be done.
    """
    with Store(order.store) as store:
        course = _course(order.plan)
        try:
            return _Run(order, course, store, console).run()
        finally:
            course.close()


def _course(plan: Plan) -> Course:
    hide = tuple(Path(folder) for folder in plan.hide)
    return read_course(
        plan.chapters, plan.key, plan.hidden, plan.isolation, hide, plan.carried_share
    )


class _Run:
    """What one run has in hand."""

    def __init__(self, order: Order, course: Course, store: Store, console: Console) -> None:
        self.order = order
        self.course = course
        self.store = store
        self.console = console
        self.digest = order.plan.digest(course)

    def run(self) -> tuple[Class, list[str]]:
        with self.course.worker() as worker:
            handed, problems = find_handed_in(
                self.order.paths, self.order.roster, unpack=worker.unpack, chapters=chapters()
            )
        entries = [self._entry(one) for one in handed]
        left = [number for number, entry in enumerate(entries) if entry.graded is None]
        done = len(entries) - len(left)
        if done:
            self.console.print(f"{done} of {len(entries)} notebooks are graded already")
        try:
            if left:
                self._grade(entries, left)
        except KeyboardInterrupt:
            finished = self._finished(entries)
            raise KeyboardInterrupt(
                f"{finished} of {len(entries)} notebooks are graded and kept in "
                f"{self.order.store}. Run the same command again to go on."
            ) from None
        lost = [entry.handed.source for entry in entries if entry.graded is None]
        problems += [f"{source} was not graded: the grader died of it." for source in lost]
        return self._class(entries, problems), lost

    def _finished(self, entries: list[_Entry]) -> int:
        """How many need not be graded again; the last one may be kept and not noted yet."""
        kept = self.store.finished({entry.key for entry in entries})
        return sum(entry.graded is not None or entry.key in kept for entry in entries)

    def _entry(self, handed: HandedIn) -> _Entry:
        entry = _Entry(handed, problems=list(handed.problems))
        try:
            content = handed.read()
        except Unreadable as unreadable:
            entry.graded = self._unread(handed, str(unreadable))
            return entry
        entry.sha256 = hashlib.sha256(content).hexdigest()
        # The name tells chapter and language where nothing else does, and stands in messages.
        told = f"{self.digest}\n{entry.sha256}\n{handed.source}"
        entry.key = hashlib.sha256(told.encode(errors="replace")).hexdigest()
        entry.graded = self.store.get(entry.key)
        return entry

    def _unread(self, handed: HandedIn, problem: str) -> Graded:
        return Graded(self.order.plan.fallback or "", "en", (), problem, self.order.plan.isolation)

    def _grade(self, entries: list[_Entry], left: list[int]) -> None:
        with bar_beside_forks(console=self.console) as progress:
            count = sum(map(len, self.course.chapters.values()))
            task = progress.add_task("the model itself", total=count)

            def advance() -> None:
                progress.update(task, advance=1)
                progress.refresh()

            flown = fly(self.course, self.order.plan.asked, advance)
            progress.remove_task(task)
            task = progress.add_task("grading", total=len(left))
            progress.refresh()
            handed = self._left(entries, left, advance)
            with closing(self._graders(plan_of(self.order.plan, flown), handed)) as graders:
                for finished in graders:
                    if finished.graded is not None:
                        entry = entries[finished.number]
                        self.store.put(entry.key, finished.graded, finished.seconds)
                        entry.graded = finished.graded
                    elif finished.mistake:
                        self.console.print(finished.mistake, markup=False, highlight=False)
                    advance()

    def _left(
        self, entries: list[_Entry], left: list[int], advance: Callable[[], None]
    ) -> Iterator[Handed]:
        """Those to be graded, but for what another run with the same store has meanwhile."""
        for number in left:
            entry = entries[number]
            entry.graded = self.store.get(entry.key)
            if entry.graded is None:
                try:
                    content = entry.handed.read()
                except Unreadable as unreadable:  # it was there a moment ago
                    entry.graded = self._unread(entry.handed, str(unreadable))
                else:
                    yield Handed(number, content, entry.handed.source)
                    continue
            advance()

    def _graders(self, plan: Plan, handed: Iterator[Handed]) -> Generator[Finished, None, None]:
        if self.order.dask is not None:
            return grade_there(plan, self.digest, handed, self.order.dask)
        return grade_here(plan, handed, self.order.jobs)

    def _class(self, entries: list[_Entry], problems: list[str]) -> Class:
        plan = self.order.plan
        problems += self._of_other_chapters(entries)
        submissions = [
            Submission(
                entry.handed.student,
                entry.handed.source,
                entry.sha256,
                entry.graded,
                tuple(entry.problems),
            )
            for entry in entries
            if entry.graded is not None and self._concerns(entry.graded)
        ]
        return Class(
            tuple(report_duplicates(submissions)),
            plan.isolation,
            plan.hidden,
            plan.carried_share,
            tuple(problems),
        )

    def _of_other_chapters(self, entries: list[_Entry]) -> Iterator[str]:
        """What to say of students none of whose notebooks is graded."""
        done = [entry for entry in entries if entry.graded is not None]
        met = {entry.handed.student for entry in done if self._concerns(entry.graded)}
        for entry in done:
            if entry.handed.student not in met:
                chapter = entry.graded.chapter
                yield f"{entry.handed.source} is of chapter {chapter}, which is not graded."

    def _concerns(self, graded: Graded) -> bool:
        """Whether it is of a chapter that is graded, or of none that is known."""
        return bool(graded.problem) or graded.chapter in self.course.chapters
