"""A version of the bootcamp as its files: from a folder, a zip archive or a commit."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from utils.progress.place import NAME as PROGRESS
from utils.tester.text import Text
from utils.update.places import BACKUPS, STARTER

Tree = Mapping[str, bytes]  # by path from the root, with "/"

_LARGEST = 500 * 2**20
_NOT_OF_THE_COURSE = {
    *("work", "build", "node_modules", BACKUPS, "__pycache__", ".git", ".venv"),
    *(".ipynb_checkpoints", ".pytest_cache", ".hypothesis", ".ruff_cache"),
}


class UpdateProblem(Exception):
    """Why there is no update, and what to do about it; nothing was changed."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


@dataclass(frozen=True)
class Manifest:
    """What a student tree says of itself.

    Attributes:
        lang: its language.
        version: its version.
        files: a hash of each of its files.
        source: where newer versions are to be had; empty in those of before it was said.
    """

    lang: str | None = None
    version: str | None = None
    files: Mapping[str, str] | None = None
    source: str = ""


def read_manifest(content: bytes | None) -> Manifest:
    """The manifest; an empty one where there is none, or one of before there were any."""
    try:
        given = json.loads(content or b"")
        files, source = dict(given["files"]), str(given.get("source", ""))
        return Manifest(given["lang"], given["version"], files, source)
    except (ValueError, KeyError, TypeError):
        return Manifest()


def write_manifest(lang: str, version: str, files: Tree, source: str = "") -> bytes:
    """The file that ``read_manifest`` reads."""
    hashes = {path: hash_of(content) for path, content in sorted(files.items())}
    told = {"lang": lang, "version": version, "source": source, "files": hashes}
    return f"{json.dumps(told, indent=1)}\n".encode()


def hash_of(content: bytes) -> str:
    """The same for a text whichever line ends git or an editor gave it."""
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()


def is_progress(path: str) -> bool:
    """Whether a file is somebody's progress, or what SQLite keeps beside it: no version has one."""
    return PurePosixPath(path).name.startswith(PROGRESS)


def load_tree(place: Path) -> Tree:
    """All files of a version in a folder or a zip archive; a folder around them does not matter.

    Raises:
        UpdateProblem: there is nothing, or something else.
    """
    if place.is_dir():
        tree = dict(_read_folder(place))
    elif zipfile.is_zipfile(place):
        tree = _read_zip(place)
    else:
        raise UpdateProblem(
            Text(
                f"{place} is neither a folder nor a zip archive.",
                f"{place} はフォルダでも zip ファイルでもありません。",
            )
        )
    return _below_its_root(tree, place)


def chapters_of(tree: Tree) -> list[str]:
    """The chapters whose references a version has."""
    paths = (PurePosixPath(path) for path in tree)
    return sorted(
        path.stem
        for path in paths
        if path.parent.as_posix() == "chapters/checks" and path.suffix == ".npz"
    )


def notebook_of(tree: Tree, chapter: str, lang: str) -> bytes | None:
    """A chapter's notebook as the course wrote it; somebody may have worked in the tree."""
    own = f"chapters/{lang}/{chapter}.ipynb"
    if own not in tree:
        return None
    return tree.get(STARTER.format(chapter=chapter), tree[own])


def _read_folder(place: Path) -> Iterator[tuple[str, bytes]]:
    for folder, inner, names in os.walk(place):
        inner[:] = sorted(set(inner) - _NOT_OF_THE_COURSE)
        for name in names:
            path = Path(folder) / name
            if path.is_file() and not path.is_symlink():
                yield path.relative_to(place).as_posix(), path.read_bytes()


def _read_zip(place: Path) -> Tree:
    problem = UpdateProblem(
        Text(
            f"{place} is damaged or no archive of the bootcamp. Download it again.",
            f"{place} が壊れているか、教材の zip ファイルではありません。"
            "もう一度ダウンロードしてください。",
        )
    )
    try:
        with zipfile.ZipFile(place) as archive:
            members = [one for one in archive.infolist() if not one.is_dir() and not _is_link(one)]
            if sum(one.file_size for one in members) > _LARGEST:
                raise problem
            if not all(_is_safe(one.filename) for one in members):
                raise problem
            return {one.filename: archive.read(one) for one in members}
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, EOFError):
        raise problem from None


def _is_link(member: zipfile.ZipInfo) -> bool:
    return stat.S_ISLNK(member.external_attr >> 16)


def _is_safe(name: str) -> bool:
    """Whether a path leads nowhere but below the root, on any system."""
    path = PurePosixPath(name)
    return not (path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name)


def _below_its_root(tree: Tree, place: Path) -> Tree:
    """The same by paths from the root, which is where ``utils/tester`` lies."""
    mark = "utils/tester/__init__.py"
    roots = [path[: -len(mark)] for path in tree if f"/{path}".endswith(f"/{mark}")]
    for root in sorted(roots, key=len):
        inner = {path[len(root) :]: tree[path] for path in _below(tree, root)}
        if chapters_of(inner):
            return inner
    raise UpdateProblem(
        Text(
            f"There is no version of the bootcamp in {place}: name the folder or the zip archive "
            "that has chapters/ and utils/ in it.",
            f"{place} に教材が見つかりません。chapters/ と utils/ を含むフォルダか "
            "zip ファイルを指定してください。",
        )
    )


def _below(tree: Iterable[str], root: str) -> list[str]:
    return [
        path
        for path in tree
        if path.startswith(root)
        and not set(PurePosixPath(path[len(root) :]).parts[:-1]) & _NOT_OF_THE_COURSE
    ]
