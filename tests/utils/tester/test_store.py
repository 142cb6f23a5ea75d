"""References are read as they were written, or refused with one sentence that helps."""

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from travelling import identical, values

from utils.reservoir import ESN, RLSReadout
from utils.tester.records import Case, Chapter, Exercise, Gap, KnownMistake
from utils.tester.rules import Exact, Numeric, Property
from utils.tester.store import ReferenceProblem, load_chapter, load_header, save_chapter
from utils.tester.text import Text

NAME = "01_small"
P = np.asfortranarray(np.arange(9.0).reshape(3, 3))
CASE = Case(
    label=Text("three states", "3つの状態"),
    inputs={"x": np.linspace(0, 1, 3), "net": ESN(8, 0.9, p=0.1, seed=1), "n": 3, "r": None},
    call="update",
    outputs=(Exact("g"), Property("P", "symmetric", 1e-9)),
    mutates=("x",),
    preserves=("n",),
    extras={"lmbd": 0.5, "xs": np.linspace(0, 1, 3)},
    expected=(np.float32(0.5), P),
    after={"x": np.array([True, False])},
)
EXERCISE = Exercise(
    id="01_01",
    title=Text("A title", "題名"),
    functions=("update", "Readout"),
    harness="solution",
    gaps=(Gap("Readout.step", Text("the step", "1ステップ")),),
    outputs=(Numeric("y", rtol=1e-7, atol=0.0),),
    cases=(CASE, replace(CASE, outputs=None, expected=(RLSReadout(3, 1, seed=2),))),
    mistakes=(
        KnownMistake("sign", Text("a hint", "ヒント"), ([None, {"shape": []}], {"ended": "E"})),
    ),
    points=2.0,
    minutes=20,
    needs=("00_01",),
)
CHAPTER = Chapter(NAME, {"01_01": EXERCISE, "01_02": replace(EXERCISE, id="01_02", harness=None)})


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("checks")


@pytest.fixture(scope="module")
def content(folder):
    return written(folder, CHAPTER)


def written(folder: Path, chapter: Chapter) -> bytes:
    path = folder / f"{chapter.name}.npz"
    save_chapter(path, chapter, "abc")
    return path.read_bytes()


def refused(folder: Path, content: bytes) -> Text | None:
    """The message with which a file of this content is refused; None if it holds CHAPTER."""
    path = folder / "tried" / f"{NAME}.npz"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    try:
        chapter = load_chapter(path)
    except ReferenceProblem as problem:
        return problem.message
    assert written(folder / "again", chapter) == written(folder, CHAPTER)
    return None


def test_everything_comes_back(folder, content):
    loaded = load_chapter(folder / f"{NAME}.npz")
    assert loaded.name == NAME
    assert list(loaded.exercises) == ["01_01", "01_02"]
    for name, exercise in loaded.exercises.items():
        original = CHAPTER.exercises[name]
        assert replace(exercise, cases=()) == replace(original, cases=())
        for case, other in zip(exercise.cases, original.cases, strict=True):
            for part in ("inputs", "extras", "expected", "after"):
                assert identical(getattr(case, part), getattr(other, part))
            bare = {"inputs": {}, "extras": {}, "expected": (), "after": {}}
            assert replace(case, **bare) == replace(other, **bare)


@given(values)
def test_any_value_comes_back(folder, value):
    case = replace(CASE, inputs={"value": value}, expected=(value,))
    path = folder / "any.npz"
    save_chapter(path, Chapter("any", {"01_01": replace(EXERCISE, cases=(case,))}), "")
    [loaded] = load_chapter(path).exercises["01_01"].cases
    assert identical(loaded.inputs["value"], value)
    assert identical(loaded.expected, (value,))


def test_loaded_values_are_independent(folder, content):
    path = folder / f"{NAME}.npz"
    one, other = load_chapter(path).exercises["01_01"].cases
    one.inputs["x"][:] = 7
    np.testing.assert_array_equal(other.inputs["x"], CASE.inputs["x"])
    np.testing.assert_array_equal(one.extras["xs"], CASE.extras["xs"])


def test_equal_content_gives_equal_bytes(folder, content):
    assert written(folder / "other", load_chapter(folder / f"{NAME}.npz")) == content


def test_an_unchanged_file_is_not_touched(folder, content):
    path = folder / f"{NAME}.npz"
    before = path.stat().st_mtime_ns
    save_chapter(path, CHAPTER, "abc")
    assert path.stat().st_mtime_ns == before
    assert not list(folder.glob("*.part"))


def test_numpy_reads_it_without_pickle(folder, content):
    with np.load(folder / f"{NAME}.npz", allow_pickle=False) as archive:
        header = json.loads(bytes(archive["header"]))
        assert all(archive[name].dtype.kind in "biufc" for name in archive)
    assert header == load_header(folder / f"{NAME}.npz")
    assert header["sources"] == "abc"


def test_equal_arrays_are_kept_once(folder):
    many = replace(EXERCISE, cases=(CASE,) * 50)
    written(folder, Chapter("many", {"01_01": many}))
    with np.load(folder / "many.npz") as archive:
        assert archive["float64"].size < 200


damages = st.lists(
    st.tuples(
        st.sampled_from(["flip", "cut", "drop", "add"]), st.floats(0, 1), st.integers(1, 255)
    ),
    min_size=1,
    max_size=3,
)


@given(damages)
def test_a_damaged_file_is_refused_or_reads_the_same(folder, content, damages):
    damaged = bytearray(content)
    for kind, share, byte in damages:
        at = int(share * (len(damaged) - 1))
        if not damaged:
            break
        if kind == "flip":
            damaged[at] ^= byte
        elif kind == "cut":
            del damaged[at:]
        elif kind == "drop":
            del damaged[at : at + byte]
        else:
            damaged[at:at] = bytes([byte])
    message = refused(folder, bytes(damaged))
    if message is not None:
        says_what_to_do(message)


def says_what_to_do(message):
    for text in (message.en, message.ja):
        assert NAME in text
        assert "python -m tools record" in text
        assert "\n" not in text


@given(st.binary(max_size=200))
def test_anything_else_is_refused(folder, content, other):
    assert "damaged" in refused(folder, other).en


def repacked(content, **changes):
    """The file with members replaced (by bytes or an array), or left out (None)."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    for name, change in changes.items():
        if change is None:
            del members[f"{name}.npy"]
        elif isinstance(change, bytes):
            members[f"{name}.npy"] = change
        else:
            buffer = io.BytesIO()
            np.save(buffer, change)
            members[f"{name}.npy"] = buffer.getvalue()
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w") as archive:
        for name, member in members.items():
            archive.writestr(name, member)
    return result.getvalue()


def with_header(content, change):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        header = json.loads(bytes(np.load(io.BytesIO(archive.read("header.npy")))))
    changed = change(header)
    return repacked(content, header=np.frombuffer(json.dumps(changed).encode(), np.uint8))


@pytest.mark.parametrize(
    "change",
    [
        {"header": None},
        {"float64": None},
        {"float64": np.zeros(3)},
        {"float64": np.array([None])},
        {"float64": b"no array"},
        {"header": np.frombuffer(b"{", np.uint8)},
        {"header": np.frombuffer(b"[" * 100_000, np.uint8)},
        {"header": np.frombuffer(b"[]", np.uint8)},
        {"header": np.frombuffer(b"{}", np.uint8)},
        {"header": np.zeros(3)},
    ],
    ids=str,
)
def test_a_missing_or_wrong_member_is_damage(folder, content, change):
    message = refused(folder, repacked(content, **change))
    assert "damaged" in message.en
    assert "壊れて" in message.ja
    says_what_to_do(message)


@pytest.mark.parametrize(
    "change",
    [
        lambda header: {**header, "exercises": [{}]},
        lambda header: {**header, "exercises": None},
        lambda header: {**header, "arrays": header["arrays"][:-1]},
        lambda header: {**header, "arrays": [["float64", 0, [10**12], "C"]] * 99},
        lambda header: {**header, "arrays": [["../x", 0, [1], "C"]] * 99},
        lambda header: {key: value for key, value in header.items() if key != "chapter"},
    ],
)
def test_a_wrong_header_is_damage(folder, content, change):
    assert "damaged" in refused(folder, with_header(content, change)).en


@pytest.mark.parametrize("key", ["schema", "values"])
def test_another_version_is_named_as_that(folder, content, key):
    message = refused(folder, with_header(content, lambda header: {**header, key: 99}))
    assert "different versions" in message.en
    assert "バージョン" in message.ja
    says_what_to_do(message)


def test_a_missing_file_is_named_as_that(tmp_path):
    for load in (load_chapter, load_header):
        with pytest.raises(ReferenceProblem, match="missing") as caught:
            load(tmp_path / f"{NAME}.npz")
        says_what_to_do(caught.value.message)


def test_a_folder_in_its_place_is_refused(tmp_path):
    (tmp_path / f"{NAME}.npz").mkdir()
    with pytest.raises(ReferenceProblem):
        load_chapter(tmp_path / f"{NAME}.npz")
