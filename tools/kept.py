"""Files of results that are kept by exercise, such as ``solutions/CHAPTER/mutants.json``."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from utils.files import write_whole

T = TypeVar("T")


class KeptError(Exception):
    """A file that cannot be read; its text is ``file: what. remedy.``"""


def load_kept(
    path: Path, schema: int, read: Callable[[dict[str, Any]], T], remedy: str, root: Path
) -> dict[str, T]:
    """What is kept, by exercise; nothing without a file.

    Args:
        path: the file.
        schema: the version that ``read`` understands.
        read: makes a result of an exercise's entry.
        remedy: what to do with a file that cannot be read.
        root: the project, which messages name the file in.

    Raises:
        KeptError: the file is damaged or of another version.
    """
    if not path.is_file():
        return {}
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        if kept["schema"] != schema:
            raise ValueError(f"schema {kept['schema']}, not {schema}")
        return {name: read(entry) for name, entry in kept["exercises"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        name = path.relative_to(root).as_posix()
        raise KeptError(f"{name}: {type(error).__name__}: {error}. {remedy}.") from error


def save_kept(path: Path, schema: int, exercises: Mapping[str, dict[str, Any]]) -> None:
    """Write the entries of all exercises, whole or not at all."""
    text = json.dumps({"schema": schema, "exercises": exercises}, indent=1, ensure_ascii=False)
    write_whole(path, f"{text}\n".encode())
