"""An autograder as Gradescope has it: uploaded, and in a container of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from click.testing import Result
from typer.testing import CliRunner

from tests.container import Container
from tools.__main__ import app

CHAPTER = "08_closed_loop_control"


def build(out: Path, *more: str) -> Result:
    """Run the command that builds it."""
    return CliRunner().invoke(app, ["autograder", "--out", str(out), *more])


@contextmanager
def uploaded(scratch: Path) -> Iterator[Container]:
    """A container with what is in the zip, before setup.sh; its environment is there already."""
    built = build(scratch / "built", "--chapter", CHAPTER, "--hidden", "3")
    assert built.exit_code == 0, built.stderr
    container = Container(scratch / "autograder")
    try:
        container.make_environment()
        # As Gradescope does: the scripts are at the top of the zip, and one is copied out.
        subprocess.run(
            [sys.executable, "-m", "zipfile", "-e", scratch / "built.zip", scratch / "source"],
            check=True,
        )
        (scratch / "source").rename(container.folder / "source")
        script = container.folder / "run_autograder"
        script.write_bytes((container.folder / "source/run_autograder").read_bytes())
        script.chmod(0o755)
        yield container
    finally:
        container.remove()
