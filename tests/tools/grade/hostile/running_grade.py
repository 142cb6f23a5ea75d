"""Running the command as an instructor does, and counting what it leaves behind."""

import csv
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from hostile_notebooks import CHAPTER

from tools.lesson import ROOT

REAPER = Path(__file__).with_name("reaper.py")
SECRET = "hostile-secret-of-the-instructor"  # in the grader's environment


@dataclass
class Ran:
    """One run of the command.

    Attributes:
        code: its exit code.
        output: what it printed.
        left: the command lines of processes that outlived it.
        out: its folder of results.
    """

    code: int
    output: str
    left: list
    out: Path

    def submissions(self):
        return json.loads((self.out / "results.json").read_text())["submissions"]

    def submission(self, student):
        (found,) = [one for one in self.submissions() if one["student"] == student]
        return found

    def exercises(self, student, chapter=CHAPTER):
        """What became of a student's exercises, by id."""
        return self.submission(student)["chapters"][chapter]["exercises"]

    def statuses(self, student, chapter=CHAPTER):
        return {name: one["status"] for name, one in self.exercises(student, chapter).items()}

    def megabytes(self, student):
        """The most memory of each exercise's process."""
        with (self.out / "timings.csv").open(encoding="utf-8-sig") as file:
            rows = [row for row in csv.DictReader(file) if row["student"] == student]
        return {row["exercise"]: float(row["megabytes"]) for row in rows}


def grade(folder, out, *options, temporary, chapter=CHAPTER, before=(), environment=()):
    """Grade a folder.

    Args:
        folder, out: of the submissions and of the results.
        options: of the command.
        temporary: what it takes for the machine's folder of temporary files.
        chapter: the chapter to grade.
        before: a command that runs the command.
        environment: more variables.
    """
    command = [sys.executable, "-m", "tools", "grade", str(folder), "--out", str(out)]
    command += ["--chapter", chapter, *map(str, options)]
    report = Path(temporary).parent / f"{Path(out).name}-left.json"
    surroundings = os.environ | {"TMPDIR": str(temporary), "GRADE_SECRET": SECRET}
    surroundings |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"} | dict(environment)
    done = subprocess.run(
        [sys.executable, str(REAPER), str(report), *before, *command],
        cwd=ROOT,
        env=surroundings,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=900,
        check=False,
    )
    output = done.stdout.decode(errors="replace")
    assert report.is_file(), output
    assert done.returncode in (0, 1), output
    return Ran(done.returncode, output, json.loads(report.read_text()), Path(out))
