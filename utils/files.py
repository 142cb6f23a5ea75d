"""Writing a file so that nobody ever finds half of it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` in one step, making its folder if there is none.

    An interruption or a full disk leaves what was there before, and nothing else.

    Raises:
        OSError: it cannot be written; the error names the place.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        unfinished.write_bytes(content)
        os.replace(unfinished, path)
    except OSError as error:
        # A full disk's own error names nothing, and others the unfinished file.
        raise OSError(error.errno, error.strerror, str(path)) from None
    finally:
        unfinished.unlink(missing_ok=True)


def remove_unfinished(paths: Iterable[Path]) -> None:
    """Remove what processes left beside these files that were killed while they wrote them.

    Only for a caller who knows that no other one writes them now.
    """
    names: dict[Path, set[str]] = {}
    for path in paths:
        names.setdefault(path.parent, set()).add(path.name)
    for folder, known in names.items():
        if folder.is_dir():
            for left in sorted(folder.iterdir()):
                found = re.fullmatch(r"\.(.+)\.[0-9]+", left.name, re.DOTALL)
                if found and found[1] in known:
                    left.unlink(missing_ok=True)
