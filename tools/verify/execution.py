"""Executing a notebook as a learner's Jupyter does, and reading what came of it."""

from __future__ import annotations

import os
import re
import subprocess
import time
from copy import copy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from utils.progress.place import OFF, VARIABLE

_VERDICT = re.compile(r'data-exercise="(?P<exercise>[^"]+)" data-status="(?P<status>[^"]+)"')


@dataclass
class Execution:
    """What an executed notebook left behind."""

    notebook: nbformat.NotebookNode
    seconds: dict[int, float] = field(default_factory=dict)  # by index of the cell
    errors: dict[int, str] = field(default_factory=dict)
    megabytes: dict[int, float] = field(default_factory=dict)  # the kernel's peak until then

    @property
    def peak_megabytes(self) -> float:
        """The most memory that the kernel's process has held."""
        return max(self.megabytes.values(), default=0.0)

    def without_answers(self) -> Execution:
        """The same of all cells but advanced answers, which others know nothing of if they come
        last."""
        kept = [
            index for index, cell in enumerate(self.notebook.cells) if "answer" not in cell.metadata
        ]
        notebook = copy(self.notebook)
        notebook.cells = [self.notebook.cells[index] for index in kept]

        def of_kept(told: dict[int, Any]) -> dict[int, Any]:
            return {new: told[old] for new, old in enumerate(kept) if old in told}

        return Execution(notebook, *map(of_kept, (self.seconds, self.errors, self.megabytes)))

    @property
    def verdicts(self) -> dict[str, str]:
        """The status of each exercise that a verdict was shown for."""
        return {
            found["exercise"]: found["status"]
            for cell in self.notebook.cells
            for output in cell.get("outputs", [])
            for found in _VERDICT.finditer(str(output.get("data", {}).get("text/html", "")))
        }


def read(path: Path) -> nbformat.NotebookNode:
    """A notebook, in the current format."""
    return nbformat.read(path, as_version=4)


def execute(
    notebook: nbformat.NotebookNode, folder: Path, cell_limit: float = 300, before: str = ""
) -> Execution:
    """Run every cell in a fresh kernel whose working directory is ``folder``; errors are kept.

    Args:
        before: a line of code for the kernel itself, of which the notebook shows nothing.
    """
    execution = Execution(notebook)
    client = NotebookClient(
        notebook,
        timeout=cell_limit,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        extra_arguments=[f"--IPKernelApp.exec_lines={before}"] if before else [],
    )
    surroundings = os.environ | {VARIABLE: OFF}  # what comes of it is nobody's progress
    # The kernel's warnings are not the notebook's.
    with client.setup_kernel(stderr=subprocess.DEVNULL, env=surroundings):
        for index, cell in enumerate(notebook.cells):
            start = time.perf_counter()
            try:
                client.execute_cell(cell, index)
            except CellExecutionError as error:
                execution.errors[index] = f"{error.ename}: {error.evalue}"
            if cell.cell_type == "code":
                execution.seconds[index] = time.perf_counter() - start
                execution.megabytes[index] = _peak_megabytes(client.km.provisioner.pid)
    return execution


def _peak_megabytes(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status).group(1)) / 1024
