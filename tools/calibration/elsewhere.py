"""The model on other kernels and numbers of threads, each in a process of its own.

``python -m tools.calibration.elsewhere WORK`` is that process: it reads the lesson and the drawn
exercises from WORK, runs the model on them and prints, as JSON, the kernel and the distances.
"""

from __future__ import annotations

import json
import os
import pickle
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.calibration.blas import kernel
from tools.calibration.distance import distances
from tools.calibration.draws import run
from tools.calibration.places import Place
from tools.lesson import ROOT, Lesson
from tools.model import ModelNamespace
from utils.tester.records import Exercise

# Families of kernels that OpenBLAS brings along; not every machine runs all of its architecture's.
_X86 = ("Prescott", "Nehalem", "Sandybridge", "Haswell", "SkylakeX")
_ARM = ("ARMV8", "NEOVERSEN1")
KERNELS = {"x86_64": _X86, "AMD64": _X86, "aarch64": _ARM, "arm64": _ARM}
THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
THREADS = {"1": "BLAS with one thread", "2": "BLAS with two threads"}
# PyTorch brings kernels of its own: here those without vector instructions.
PLAIN_TORCH = {"ATEN_CPU_CAPABILITY": "default", "MKL_CBWR": "COMPATIBLE"}
WORKERS = min(2, os.cpu_count() or 1)


@dataclass(frozen=True)
class Elsewhere:
    """The model's distances somewhere else, by exercise and output."""

    name: str
    distances: dict[str, dict[Place, float]]


def settings(exercises: Sequence[Exercise]) -> list[dict[str, str]]:
    """The environments in which the models of these exercises are run."""
    one_thread = dict.fromkeys(THREAD_VARIABLES, "1")
    kernels = KERNELS.get(platform.machine(), ())
    found = [{**one_thread, "OPENBLAS_CORETYPE": kernel} for kernel in kernels]
    found += [dict.fromkeys(THREAD_VARIABLES, number) for number in THREADS]
    if any("torch" in exercise.packages for exercise in exercises):
        found.append({**one_thread, **PLAIN_TORCH})
    return found


def run_elsewhere(
    lesson: Lesson, exercises: Sequence[Exercise], advance: Callable[[], None] = lambda: None
) -> list[Elsewhere]:
    """The model wherever this machine can run it.

    Args:
        lesson: the chapter.
        exercises: drawn ones, with what the model gives here.
        advance: called after each of the ``settings``.

    Raises:
        RuntimeError: the model fails elsewhere.
    """
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(WORKERS) as pool:
        work = Path(scratch) / "work"
        work.write_bytes(pickle.dumps((lesson, exercises)))
        found = []
        for one in pool.map(lambda setting: _run_in(setting, work), settings(exercises)):
            found.append(one)
            advance()
    # OpenBLAS takes the kernel nearest to the one asked for, so that some come twice.
    return list({one.name: one for one in found if one}.values())


def _run_in(setting: dict[str, str], work: Path) -> Elsewhere | None:
    """The model in one setting; None where the machine cannot run it (an illegal instruction)."""
    done = subprocess.run(
        [sys.executable, "-m", "tools.calibration.elsewhere", str(work)],
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
    return Elsewhere(
        _name(setting, told["kernel"]),
        {
            exercise: {(call, name): distance for call, name, distance in found}
            for exercise, found in told["distances"].items()
        },
    )


def _name(setting: dict[str, str], kernel: str | None) -> str:
    if setting.items() >= PLAIN_TORCH.items():
        return "PyTorch without vector instructions"
    asked = setting.get("OPENBLAS_CORETYPE")
    return f"BLAS kernel {kernel or asked}" if asked else THREADS[setting["OMP_NUM_THREADS"]]


def _measure_here(lesson: Lesson, exercises: Sequence[Exercise]) -> dict[str, Any]:
    found: dict[str, list[Any]] = {}
    for exercise in exercises:
        model = ModelNamespace(lesson, exercise.id, lesson.chapter).model()
        farthest: dict[Place, float] = {}
        for case, outcome in run(exercise, model):
            for place, distance in distances(exercise, case, outcome).items():
                farthest[place] = max(distance, farthest.get(place, 0.0))
        found[exercise.id] = [[*place, distance] for place, distance in farthest.items()]
    return {"kernel": kernel(), "distances": found}


if __name__ == "__main__":
    print(json.dumps(_measure_here(*pickle.loads(Path(sys.argv[1]).read_bytes()))))
