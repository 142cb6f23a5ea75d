"""What a PNG says of itself, and the picture without it."""

from __future__ import annotations

import struct
from collections.abc import Iterator

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# What draws the picture. Everything else, texts above all, is about it.
_DRAWING = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}


def without_remarks(data: bytes) -> bytes:
    """The same picture without texts, times and other chunks that draw nothing.

    Raises:
        ValueError: this is no PNG, or half of one.
    """
    return _SIGNATURE + b"".join(whole for kind, whole in _chunks(data) if kind in _DRAWING)


def size(data: bytes) -> tuple[int, int]:
    """Width and height in pixels.

    Raises:
        ValueError: this is no PNG, or half of one.
    """
    kind, whole = next(_chunks(data))
    if kind != b"IHDR":
        raise ValueError("the first chunk of the PNG is not its header")
    return struct.unpack(">II", whole[8:16])


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(kind, the chunk with its length and checksum) one after the other."""
    if not data.startswith(_SIGNATURE):
        raise ValueError("this is no PNG")
    start = len(_SIGNATURE)
    kind = b""
    while kind != b"IEND":
        header = data[start : start + 8]
        end = start + 12 + int.from_bytes(header[:4], "big")
        if len(header) < 8 or end > len(data):
            raise ValueError("the PNG ends too early")
        kind = header[4:]
        yield kind, data[start:end]
        start = end
