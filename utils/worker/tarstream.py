"""What ``tarfile`` reads a strange archive from: forward only, a bounded amount, in small reads."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
from collections.abc import Iterator

CHUNK = 1 << 16
# A header with names and extended attributes; honest ones are a few kilobytes.
_LARGEST_READ = 1 << 20
# `xz -9` takes 65 MB to unpack. Others may ask for gigabytes.
_XZ_MEMORY = 128 << 20


class TooMuch(Exception):
    """More comes out of the archive than was allowed."""


class TarStream:
    """A file for ``tarfile``, which never holds more than a chunk of what is unpacked.

    Attributes:
        last: what was last read; a block of zeros or nothing where the archive ends as it should.
    """

    def __init__(self, content: bytes, limit: int):
        self._chunks = _decompressed(content)
        self._buffer = b""
        self._position = 0
        self._left = limit
        self.last = b""

    def tell(self) -> int:
        return self._position

    def seek(self, position: int) -> int:
        """Pass over everything before ``position``.

        Raises:
            tarfile.ReadError: it lies behind.
            TooMuch: it lies beyond the limit.
        """
        if position < self._position:
            raise tarfile.ReadError("the archive refers backwards")
        while self._position < position:
            if not self._take(min(position - self._position, CHUNK)):
                break
        return self._position

    def read(self, size: int) -> bytes:
        """Up to ``size`` bytes.

        Raises:
            tarfile.ReadError: no honest header asks for so much.
            TooMuch: they lie beyond the limit.
        """
        if not 0 <= size <= _LARGEST_READ:
            raise tarfile.ReadError("a header of the archive is too large")
        parts = []
        while size and (part := self._take(size)):
            parts.append(part)
            size -= len(part)
        self.last = b"".join(parts)
        return self.last

    def _take(self, size: int) -> bytes:
        while not self._buffer:
            chunk = next(self._chunks, None)
            if chunk is None:
                return b""
            self._left -= len(chunk)
            if self._left < 0:
                raise TooMuch
            self._buffer = chunk
        taken, self._buffer = self._buffer[:size], self._buffer[size:]
        self._position += len(taken)
        return taken


def _decompressed(content: bytes) -> Iterator[bytes]:
    """The tar, chunk by chunk, of whatever compression the first bytes tell."""
    if content.startswith(b"\xfd7zXZ\0"):
        return _from_xz(content)
    source = io.BytesIO(content)
    if content.startswith(b"\x1f\x8b"):
        source = gzip.GzipFile(fileobj=source)
    elif content.startswith(b"BZh"):
        source = bz2.BZ2File(source)
    return iter(lambda: source.read(CHUNK), b"")


def _from_xz(content: bytes) -> Iterator[bytes]:
    # lzma.LZMAFile takes no limit of memory.
    stream = None
    for start in range(0, len(content), CHUNK):
        data = content[start : start + CHUNK]
        while data or (stream and not stream.needs_input):
            if stream is None:
                data = data.lstrip(b"\0")  # the padding between two streams
                if not data:
                    break
                stream = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY)
            chunk = stream.decompress(data, CHUNK)
            data = b""
            if stream.eof:
                data, stream = stream.unused_data, None
            if chunk:
                yield chunk
    if stream is not None:
        raise EOFError("the archive ends too early")
