"""The model on other BLAS kernels and numbers of threads, each in a process of its own.

``python -m tools.calibration.elsewhere REFERENCES CHAPTER ROOT`` is that process: it runs the
model on the cases stored in REFERENCES and prints, as JSON, the kernel and the distances.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.calibration.blas import kernel
from tools.calibration.distance import Place, distances
from tools.calibration.draws import DRAWS, drawn_exercise, run
from tools.checkfile import load_check_file
from tools.lesson import ROOT, Lesson, read_lesson
from tools.model import ModelNamespace
from utils.tester.records import Chapter
from utils.tester.store import load_chapter, save_chapter

# Families of kernels that OpenBLAS brings along, of x86 and of ARM; not every machine runs all.
KERNELS = ("Prescott", "Nehalem", "Sandybridge", "Haswell", "SkylakeX", "ARMV8", "NEOVERSEN1")
THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
THREADS = {"1": "BLAS with one thread", "2": "BLAS with two threads"}


@dataclass(frozen=True)
class Elsewhere:
    """The model's distances somewhere else, by exercise and output."""

    name: str
    distances: dict[str, dict[Place, float]]


def run_elsewhere(lesson: Lesson, root: Path = ROOT, draws: int = DRAWS) -> list[Elsewhere]:
    """The model wherever this machine can run it.

    Raises:
        ModelError: it fails on a draw.
        RuntimeError: it fails elsewhere.
    """
    exercises = {
        cell.exercise: drawn_exercise(
            lesson, load_check_file(root, lesson.chapter, cell.exercise), cell, draws
        )
        for cell in lesson.exercises
    }
    one_thread = dict.fromkeys(THREAD_VARIABLES, "1")
    settings = [{**one_thread, "OPENBLAS_CORETYPE": kernel} for kernel in KERNELS]
    settings += [dict.fromkeys(THREAD_VARIABLES, number) for number in THREADS]
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "draws.npz"
        save_chapter(path, Chapter(lesson.chapter, exercises), "")
        found = [_run_in(setting, path, lesson.chapter, root) for setting in settings]
    # OpenBLAS takes the kernel nearest to the one asked for, so that some come twice.
    return list({one.name: one for one in found if one}.values())


def _run_in(setting: dict[str, str], path: Path, chapter: str, root: Path) -> Elsewhere | None:
    """The model in one setting; None where the machine cannot run it (an illegal instruction)."""
    done = subprocess.run(
        [sys.executable, "-m", "tools.calibration.elsewhere", str(path), chapter, str(root)],
        cwd=ROOT,
        env={**os.environ, **setting},
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode < 0:
        return None
    if done.returncode > 0:
        raise RuntimeError(f"the model with {setting}: {done.stderr.strip().splitlines()[-1]}")
    told = json.loads(done.stdout)
    asked = setting.get("OPENBLAS_CORETYPE")
    return Elsewhere(
        f"BLAS kernel {told['kernel'] or asked}" if asked else THREADS[setting["OMP_NUM_THREADS"]],
        {
            exercise: {(call, name): distance for call, name, distance in found}
            for exercise, found in told["distances"].items()
        },
    )


def _measure_here(path: Path, lesson: Lesson, root: Path) -> dict[str, Any]:
    found: dict[str, list[Any]] = {}
    for name, exercise in load_chapter(path).exercises.items():
        checks = load_check_file(root, lesson.chapter, name)
        farthest: dict[Place, float] = {}
        for case, outcome in run(exercise, ModelNamespace(lesson, name, checks.file).model()):
            for place, distance in distances(exercise, case, outcome).items():
                farthest[place] = max(distance, farthest.get(place, 0.0))
        found[name] = [[*place, distance] for place, distance in farthest.items()]
    return {"kernel": kernel(), "distances": found}


if __name__ == "__main__":
    references, chapter, root = sys.argv[1:]
    here = _measure_here(Path(references), read_lesson(chapter, Path(root)), Path(root))
    print(json.dumps(here))
