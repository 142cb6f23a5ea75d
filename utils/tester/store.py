"""A chapter's references in one file: ``chapters/checks/NAME.npz``.

The file is an archive of NumPy arrays without pickle: ``header``, JSON as bytes, and one array for
each dtype, in which all arrays of that dtype stand one after the other (thousands of small members
would be slower to read and larger). Equal content gives equal bytes.
"""

from __future__ import annotations

import io
import json
import math
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from utils.files import write_whole
from utils.tester.records import Case, Chapter, Exercise, Gap, KnownMistake
from utils.tester.rules import Exact, Numeric, Property, Rule
from utils.tester.text import Text
from utils.tester.values import FORMAT, pack, unpack

# Raised whenever the header's layout changes.
SCHEMA = 3
VERSION = {"schema": SCHEMA, "values": FORMAT}

RULES = {rule.__name__: rule for rule in (Exact, Numeric, Property)}


_AGAIN = Text(
    "get that file again where you got the course; instructors run python -m tools record {name}.",
    "教材を入手した場所からこのファイルを取り直してください"
    "（講師は python -m tools record {name}）。",
)
MISSING = Text(
    "The references of chapter {name} are missing (chapters/checks/{name}.npz): " + _AGAIN.en,
    "{name}章の正解データ（chapters/checks/{name}.npz）が見つかりません。" + _AGAIN.ja,
)
DAMAGED = Text(
    "The references of chapter {name} are damaged (chapters/checks/{name}.npz): " + _AGAIN.en,
    "{name}章の正解データ（chapters/checks/{name}.npz）が壊れています。" + _AGAIN.ja,
)
OTHER_VERSION = Text(
    "The references of chapter {name} (chapters/checks/{name}.npz) and utils/ are of different "
    "versions: get chapters/ and utils/ again together; instructors run "
    "python -m tools record {name}.",
    "{name}章の正解データ（chapters/checks/{name}.npz）とutils/のバージョンが合っていません。"
    "chapters/とutils/を一緒に取り直してください（講師は python -m tools record {name}）。",
)


class ReferenceProblem(Exception):
    """The references of a chapter cannot be used; ``message`` says why and what to do."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


def save_chapter(path: Path, chapter: Chapter, sources: str) -> None:
    """Write a chapter's references; ``sources`` is the hash of what they were made from.

    The file is replaced in one step, and not touched when nothing in it changes.

    Raises:
        UnknownValue: a case holds a value that cannot travel.
    """
    arrays = _Arrays()
    exercises = [_exercise_to_json(exercise, arrays) for exercise in chapter.exercises.values()]
    header = {
        **VERSION,
        "chapter": chapter.name,
        "sources": sources,
        "arrays": arrays.table,
        "exercises": exercises,
    }
    text = json.dumps(header, separators=(",", ":"), allow_nan=False)
    members = {"header": np.frombuffer(text.encode(), np.uint8), **arrays.pools()}
    content = _archive(members)
    if path.is_file() and path.read_bytes() == content:
        return
    write_whole(path, content)


def load_header(path: Path) -> dict[str, Any]:
    """The JSON header of a chapter's references.

    Raises:
        ReferenceProblem: the file is missing, damaged or from another version.
    """
    return _read(path, _read_header)


def load_chapter(path: Path) -> Chapter:
    """A chapter's references; every value is fresh.

    Raises:
        ReferenceProblem: the file is missing, damaged or from another version.
    """
    return _read(path, _read_chapter)


def _read(path: Path, reader: Any) -> Any:
    try:
        with zipfile.ZipFile(path) as archive:
            return reader(archive, path)
    except FileNotFoundError:
        raise ReferenceProblem(_about(MISSING, path)) from None
    except ReferenceProblem:
        raise
    except Exception as error:  # what damage does to an archive, JSON and arrays has no common type
        raise ReferenceProblem(_about(DAMAGED, path)) from error


def _about(message: Text, path: Path) -> Text:
    return Text(message.en.format(name=path.stem), message.ja.format(name=path.stem))


def _read_header(archive: zipfile.ZipFile, path: Path) -> dict[str, Any]:
    header = json.loads(bytes(_member(archive, "header")))
    if {key: header[key] for key in VERSION} != VERSION:
        raise ReferenceProblem(_about(OTHER_VERSION, path))
    return header


def _read_chapter(archive: zipfile.ZipFile, path: Path) -> Chapter:
    header = _read_header(archive, path)
    pools: dict[str, np.ndarray] = {}
    arrays = []
    for dtype, offset, shape, order in header["arrays"]:
        if dtype not in pools:
            pools[dtype] = _member(archive, dtype)
        flat = pools[dtype][offset : offset + math.prod(shape)]
        arrays.append(flat.reshape(shape, order=order))
    exercises = (_exercise_from_json(spec, arrays) for spec in header["exercises"])
    return Chapter(header["chapter"], {exercise.id: exercise for exercise in exercises})


def _member(archive: zipfile.ZipFile, name: str) -> np.ndarray:
    # Read as a whole before it is parsed: by then its checksum has been found right.
    content = archive.read(f"{name}.npy")
    return np.load(io.BytesIO(content), allow_pickle=False)


def _archive(members: dict[str, np.ndarray]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, array in members.items():
            member = io.BytesIO()
            np.save(member, array, allow_pickle=False)
            info = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3  # else it tells Windows from the others
            info.external_attr = 0o644 << 16
            archive.writestr(info, member.getvalue(), compresslevel=9)
    return content.getvalue()


class _Arrays:
    """The arrays of a file, each kept once however often it is used."""

    def __init__(self) -> None:
        self.table: list[list[Any]] = []  # dtype, offset in its pool, shape, order
        self._index: dict[tuple[Any, ...], int] = {}
        self._parts: dict[str, list[np.ndarray]] = {}
        self._sizes: dict[str, int] = {}

    def keep(self, array: np.ndarray) -> int:
        """The array's row in the table."""
        order = "F" if array.flags.f_contiguous and not array.flags.c_contiguous else "C"
        dtype = array.dtype.name
        key = (dtype, array.shape, order, array.tobytes(order))
        if key not in self._index:
            offset = self._sizes.get(dtype, 0)
            self._index[key] = len(self.table)
            self.table.append([dtype, offset, list(array.shape), order])
            self._parts.setdefault(dtype, []).append(array.ravel(order))
            self._sizes[dtype] = offset + array.size
        return self._index[key]

    def pools(self) -> dict[str, np.ndarray]:
        """All arrays of a dtype in one, by the dtype's name, in little-endian order."""
        return {
            dtype: np.concatenate(parts).astype(parts[0].dtype.newbyteorder("<"))
            for dtype, parts in self._parts.items()
        }


def _value_to_json(value: Any, arrays: _Arrays) -> list[Any]:
    spec, own = pack(value)
    return [spec, {name: arrays.keep(array) for name, array in own.items()}]


def _value_from_json(stored: list[Any], arrays: list[np.ndarray]) -> Any:
    spec, rows = stored
    return unpack(spec, {name: arrays[row] for name, row in rows.items()})


def _text_to_json(text: Text) -> list[str]:
    return [text.en, text.ja]


def _rules_to_json(rules: tuple[Rule, ...]) -> list[Any]:
    return [[type(rule).__name__, asdict(rule)] for rule in rules]


def _rules_from_json(stored: list[Any]) -> tuple[Rule, ...]:
    return tuple(RULES[name](**parts) for name, parts in stored)


def _exercise_to_json(exercise: Exercise, arrays: _Arrays) -> dict[str, Any]:
    return {
        "id": exercise.id,
        "title": _text_to_json(exercise.title),
        "functions": list(exercise.functions),
        "harness": exercise.harness,
        "gaps": [[gap.function, _text_to_json(gap.text)] for gap in exercise.gaps],
        "outputs": _rules_to_json(exercise.outputs),
        "cases": [_case_to_json(case, arrays) for case in exercise.cases],
        "mistakes": [
            [mistake.name, _text_to_json(mistake.hint), list(mistake.prints)]
            for mistake in exercise.mistakes
        ],
        "points": exercise.points,
        "minutes": exercise.minutes,
        "needs": list(exercise.needs),
        "packages": list(exercise.packages),
        "hints": [_text_to_json(hint) for hint in exercise.hints],
        "starter": None if exercise.starter is None else _text_to_json(exercise.starter),
    }


def _exercise_from_json(spec: dict[str, Any], arrays: list[np.ndarray]) -> Exercise:
    return Exercise(
        id=spec["id"],
        title=Text(*spec["title"]),
        functions=tuple(spec["functions"]),
        harness=spec["harness"],
        gaps=tuple(Gap(function, Text(*text)) for function, text in spec["gaps"]),
        outputs=_rules_from_json(spec["outputs"]),
        cases=tuple(_case_from_json(case, arrays) for case in spec["cases"]),
        mistakes=tuple(
            KnownMistake(name, Text(*hint), tuple(prints))
            for name, hint, prints in spec["mistakes"]
        ),
        points=spec["points"],
        minutes=spec["minutes"],
        needs=tuple(spec["needs"]),
        packages=tuple(spec["packages"]),
        hints=tuple(Text(*hint) for hint in spec["hints"]),
        starter=None if spec["starter"] is None else Text(*spec["starter"]),
    )


def _case_to_json(case: Case, arrays: _Arrays) -> dict[str, Any]:
    values = {
        "inputs": case.inputs,
        "extras": case.extras,
        "expected": case.expected,
        "after": case.after,
    }
    return {
        "label": _text_to_json(case.label),
        "call": case.call,
        "outputs": None if case.outputs is None else _rules_to_json(case.outputs),
        "mutates": list(case.mutates),
        "preserves": list(case.preserves),
        "after_rtol": case.after_rtol,
        "values": _value_to_json(values, arrays),
    }


def _case_from_json(spec: dict[str, Any], arrays: list[np.ndarray]) -> Case:
    return Case(
        label=Text(*spec["label"]),
        call=spec["call"],
        outputs=None if spec["outputs"] is None else _rules_from_json(spec["outputs"]),
        mutates=tuple(spec["mutates"]),
        preserves=tuple(spec["preserves"]),
        after_rtol=spec["after_rtol"],
        **_value_from_json(spec["values"], arrays),
    )
