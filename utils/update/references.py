"""What changed in a chapter's checks, exercise by exercise.

Read from the files themselves and not through ``utils.tester.store``: one of the two may be of
another version than the code that runs.
"""

from __future__ import annotations

import ast
import hashlib
import io
import json
import math
import re
import zipfile
from dataclasses import dataclass
from typing import Any

Digests = dict[str, str]  # by ``words.ASPECTS``


@dataclass(frozen=True)
class CheckNews:
    """Exercises by what became of their checks; ``changed`` with what changed."""

    changed: dict[str, tuple[str, ...]]
    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


def compare_checks(old: bytes | None, new: bytes | None) -> CheckNews:
    """Compare two versions of a chapter's references; nothing where one cannot be read.

    An exercise that got another number is the same, told by its functions.
    """
    if old == new:
        return CheckNews({})
    before, after = (_exercises(content) for content in (old, new))
    if before is None or after is None:
        return CheckNews({})
    by_functions = {digests["functions"]: name for name, digests in before.items()}
    old_names = {
        name: by_functions.get(digests["functions"], name) for name, digests in after.items()
    }
    changed = {
        name: differing
        for name, old_name in old_names.items()
        if old_name in before and (differing := _differing(before[old_name], after[name]))
    }
    return CheckNews(
        changed,
        tuple(name for name, old_name in old_names.items() if old_name not in before),
        tuple(name for name in before if name not in old_names.values()),
    )


def _differing(one: Digests, other: Digests) -> tuple[str, ...]:
    return tuple(aspect for aspect in one if one[aspect] != other[aspect])


def _exercises(content: bytes | None) -> dict[str, Digests] | None:
    """A hash of each aspect of each exercise."""
    if content is None:
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            header = json.loads(_data(archive, "header")[1])
            dtypes = {row[0] for row in header["arrays"]}
            pools = {dtype: _data(archive, dtype) for dtype in dtypes}
        arrays = [_array(row, *pools[row[0]]) for row in header["arrays"]]
        return {spec["id"]: _digests(spec, arrays) for spec in header["exercises"]}
    except Exception:  # what damage and other versions do has no common type
        return None


def _digests(spec: dict[str, Any], arrays: list[str]) -> Digests:
    cases = [
        [case["call"], case["mutates"], case["preserves"], _values(case["values"], arrays)]
        for case in spec["cases"]
    ]
    rules = [spec["outputs"], [[case["outputs"], case["after_rtol"]] for case in spec["cases"]]]
    aspects = {
        "functions": [spec["functions"], spec["harness"]],
        "gaps": spec["gaps"],
        "cases": cases,
        "rules": rules,
    }
    return {name: _hash(json.dumps(value).encode()) for name, value in aspects.items()}


def _values(stored: list[Any], arrays: list[str]) -> list[Any]:
    spec, rows = stored
    return [spec, {name: arrays[row] for name, row in rows.items()}]


def _array(row: list[Any], size: int, pool: bytes) -> str:
    _, offset, shape, order = row
    start = offset * size
    content = pool[start : start + math.prod(shape) * size]
    return _hash(repr((row[0], shape, order)).encode() + content)


def _data(archive: zipfile.ZipFile, name: str) -> tuple[int, bytes]:
    """The size of an entry and the bytes of a member that is one array."""
    content = archive.read(f"{name}.npy")
    length, start = (2, 10) if content[6] == 1 else (4, 12)
    end = start + int.from_bytes(content[8 : 8 + length], "little")
    described = ast.literal_eval(content[start:end].decode("latin-1"))["descr"]
    return int(re.search(r"\d+$", described).group()), content[end:]


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
