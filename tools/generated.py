"""Folders that a command fills as a whole: replaced in one step, and only where it made them."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class NotOurs(Exception):
    """The folder holds something else; the text says what to do."""


@contextmanager
def replacing(out: Path, mark: str) -> Iterator[Path]:
    """An empty folder to fill, which takes the place of ``out`` when all went well.

    Args:
        out: what is to be written; an earlier one is replaced, anything else is not.
        mark: a file that tells such a folder from others; it is written with it.

    Raises:
        NotOurs: ``out`` is something else.
    """
    _refuse_to_destroy(out, mark)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}-") as scratch:
        fresh, old = Path(scratch) / "fresh", Path(scratch) / "old"
        fresh.mkdir()
        yield fresh
        (fresh / mark).touch()
        if out.exists():
            out.rename(old)
        fresh.rename(out)
        shutil.rmtree(old, ignore_errors=True)


def _refuse_to_destroy(out: Path, mark: str) -> None:
    """Nothing where ``out`` may be replaced.

    Raises:
        NotOurs: it may not.
    """
    if not out.exists():
        return
    if not out.is_dir():
        raise NotOurs(f"{out} is a file; give --out a folder that does not exist yet")
    if any(out.iterdir()) and not (out / mark).exists():
        raise NotOurs(
            f"{out} holds other files and is left alone; give --out a new or empty folder"
        )
    if (out / ".git").exists():
        raise NotOurs(f"{out} is a git repository of its own and is left alone; give --out another")
