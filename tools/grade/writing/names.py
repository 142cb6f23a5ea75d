"""Names of files for students, who are strangers and may be called anything."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from itertools import count

from tools.grade.marks import Class

BYTES = 100  # of a name in UTF-8: with hash and suffix far from the 255 that file systems allow
_KEPT = "-_.@+ "  # beside letters, digits and the signs that stand on them
# Devices on Windows, whatever suffix they have.
_DEVICE = re.compile(r"(con|prn|aux|nul|(com|lpt)[\d¹²³]) *(\..*)?", re.IGNORECASE)
_HASHED = re.compile(r"-[0-9a-f]{12}$")


def safe_name(name: str) -> str:
    """A file's name, without suffix, that stands for ``name`` on every system.

    A plain name stands for itself. Any other keeps what can be read of it, and a hash of the
    whole tells it from its like.
    """
    text = unicodedata.normalize("NFC", name)
    kept = "".join(one if _is_plain(one) else "_" for one in text)
    kept = kept.encode()[:BYTES].decode(errors="ignore").strip(". ")
    plain = kept == text and kept[:1] not in ("", "-")
    if plain and not _DEVICE.fullmatch(kept) and not _HASHED.search(kept):
        return kept
    return _hashed(kept, name)


def safe_names(names: Iterable[str]) -> dict[str, str]:
    """``safe_name`` of each, no two alike to a file system that takes "a" for "A"."""
    wanted = {name: safe_name(name) for name in sorted(set(names))}
    common = Counter(map(_folded, wanted.values()))
    chosen: dict[str, str] = {}
    taken: set[str] = set()
    for name, safe in wanted.items():
        if common[_folded(safe)] > 1:
            safe = _hashed(safe, name)
        numbered = (safe if i == 1 else f"{safe}-{i}" for i in count(1))
        chosen[name] = next(one for one in numbered if _folded(one) not in taken)
        taken.add(_folded(chosen[name]))
    return chosen


def feedback_pages(graded: Class) -> tuple[str, ...]:
    """The feedback page of each submission in turn, relative to the folder of all outputs."""
    folders = safe_names(one.student for one in graded.submissions)
    seen: Counter[tuple[str, str]] = Counter()
    pages = []
    for one in graded.submissions:
        folder, chapter = folders[one.student], safe_name(one.graded.chapter)
        seen[folder, chapter] += 1
        times = seen[folder, chapter]
        pages.append(f"feedback/{folder}/{chapter}{'' if times == 1 else f' {times}'}.html")
    return tuple(pages)


def _is_plain(one: str) -> bool:
    # Letters, marks and digits of all scripts.
    return one in _KEPT or unicodedata.category(one)[0] in "LMN"


def _hashed(kept: str, name: str) -> str:
    digest = hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()[:12]
    shown = kept.lstrip("-_. ")
    if _DEVICE.fullmatch(shown):
        shown = shown.replace(".", "_")
    return f"{shown}-{digest}" if shown else digest


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()
