"""What a result was made of, as one hash: whoever keeps the result tells by it when to run anew."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from tools.lesson import ROOT


def hash_of(texts: Iterable[str], files: Iterable[Path] = (), deciding: Iterable[str] = ()) -> str:
    """A hash of texts, of files with their names, and of the project's code that decides.

    Args:
        texts, files: in an order that stays.
        deciding: patterns of files of the project, wherever the chapter is.
    """
    named = [*files, *(path for pattern in deciding for path in sorted(ROOT.glob(pattern)))]
    told = [f"{path.name}\n{path.read_text(encoding='utf-8')}" for path in named]
    digest = hashlib.sha256()
    for text in [*texts, *told]:
        digest.update(f"{len(text)}\n{text}".encode())
    return digest.hexdigest()
