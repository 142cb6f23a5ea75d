"""Every text in a file that a reader could get at: inside JSON, attachments and archives too."""

from __future__ import annotations

import base64
import binascii
import bz2
import gzip
import io
import json
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator

import numpy as np

_DEEPEST = 6
_SHORTEST_BASE64 = 24
_LARGEST = 256 * 2**20


def texts(data: bytes, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Yield (where, text) for each text in ``data``; ``where`` names the way into an archive."""
    if depth > _DEEPEST or not data:
        return
    for where, inner in _unpacked(data):
        for deeper, text in texts(inner, depth + 1):
            yield f"{where}{deeper}", text
    array = _numpy_array(data)
    if array is not None and array.dtype.kind in "US":
        yield "", "\n".join(array.ravel().astype(str))
    if array is not None and array.dtype == np.uint8:
        for deeper, text in texts(array.tobytes(), depth + 1):
            yield deeper, text
    text = _decoded(data)
    document = _json(text)
    if document is None:
        yield from _strings_of(text, "", depth)
    else:
        yield from _strings_of(document, "", depth)


def _strings_of(node: object, where: str, depth: int) -> Iterator[tuple[str, str]]:
    """Strings in a JSON document; a list of strings counts as one text, as notebooks keep cells."""
    if isinstance(node, str):
        yield where, node
        for inner in _from_base64(node):
            for deeper, text in texts(inner, depth + 1):
                yield f"{where} (base64){deeper}", text
    elif isinstance(node, dict):
        for key, value in node.items():
            yield where, str(key)
            yield from _strings_of(value, f"{where}/{key}", depth)
    elif isinstance(node, list):
        if node and all(isinstance(item, str) for item in node):
            yield from _strings_of("".join(node), where, depth)
        for index, item in enumerate(node):
            yield from _strings_of(item, f"{where}/{index}", depth)


def _unpacked(data: bytes) -> list[tuple[str, bytes]]:
    """The members of an archive or the content of a compressed stream; nothing for other data."""
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            comment = [("!comment", archive.comment)] if archive.comment else []
            return comment + [(f"!{name}", archive.read(name)) for name in archive.namelist()]
    for name, opened in (("gzip", gzip.open), ("bz2", bz2.open), ("xz", lzma.open)):
        try:
            return [(f"!{name}", opened(io.BytesIO(data)).read(_LARGEST))]
        except (OSError, EOFError, lzma.LZMAError, zlib.error):
            continue
    try:
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            members = [member for member in archive.getmembers() if member.isfile()]
            return [(f"!{m.name}", archive.extractfile(m).read()) for m in members]
    except tarfile.TarError:
        pass
    try:
        return [("!zlib", zlib.decompressobj().decompress(data, _LARGEST))]
    except zlib.error:
        return []


def _numpy_array(data: bytes) -> np.ndarray | None:
    if not data.startswith(b"\x93NUMPY"):
        return None
    return np.load(io.BytesIO(data), allow_pickle=False)


def _from_base64(text: str) -> Iterator[bytes]:
    """What the whole text, or one line of it, says in base64."""
    for piece in {"".join(text.split()), *text.splitlines()}:
        if len(piece) >= _SHORTEST_BASE64:
            try:
                yield base64.b64decode(piece, validate=True)
            except (binascii.Error, ValueError):
                continue


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "utf-16"):
        if encoding == "utf-16" and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
            continue
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def _json(text: str) -> object | None:
    if text.lstrip()[:1] not in ("{", "["):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
