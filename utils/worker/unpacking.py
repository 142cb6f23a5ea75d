"""The notebooks in an archive that a stranger made. Runs in the sandbox; writes no file.

Only regular members that end in ``.ipynb`` are read, into memory, in chunks whose sum is bounded
whatever a header says. Links, devices, encrypted members and paths that lead out of the archive
are told as problems; archives in the archive are not opened.
"""

from __future__ import annotations

import io
import re
import stat
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from utils.worker.filenames import is_notebook, passed_over, shown
from utils.worker.tarstream import CHUNK, TarStream, TooMuch

ARCHIVE_SUFFIXES = (
    *(".zip", ".tar", ".tar.gz", ".tgz"),
    *(".tar.bz2", ".tbz2", ".tbz", ".tar.xz", ".txz"),
)
_LONGEST_PATH = 500
_MOST_PROBLEMS = 20
# The list of members is read as a whole: this many bytes of it, some 20,000 members.
_LARGEST_ZIP_LIST = 2 << 20
_COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_JAPANESE = re.compile("[\x00-\x7f\u3000-\u30ff\u4e00-\u9fff\uff01-\uff5e]*")


class UnpackProblem(Exception):
    """Nothing of an archive can be used; the message is a sentence that names it."""


@dataclass(frozen=True)
class UnpackLimits:
    """How much may come out of an archive.

    Attributes:
        notebook: bytes of one notebook.
        notebooks: bytes of all together, which are held in memory.
        members: how many files, of any kind.
        unpacked: bytes of a tar as a whole, which passes by in chunks.
    """

    notebook: int = 100_000_000
    notebooks: int = 200_000_000
    members: int = 10_000
    unpacked: int = 1_000_000_000


@dataclass(frozen=True)
class Unpacked:
    """The notebooks of an archive, by their paths in it, and what is wrong with other members."""

    members: list[tuple[str, bytes]]
    problems: list[str]


def is_archive(name: str) -> bool:
    """Whether a file of this name is taken for an archive."""
    return name.lower().endswith(ARCHIVE_SUFFIXES)


def unpack(name: str, content: bytes, limits: UnpackLimits | None = None) -> Unpacked:
    """Read the notebooks of an archive.

    Args:
        name: how messages call it; ``.zip`` at its end tells a zip with something before it.
        content: its bytes. The compression is told from these.
        limits: what may come out.

    Returns:
        The notebooks, sorted by path. Where two members have one path the last counts, as it does
        when files are unpacked. An archive that is damaged somewhere gives what stands before.

    Raises:
        UnpackProblem: it is damaged before its first notebook, no archive at all, or more comes
            out of it than ``limits`` allow.
    """
    found = _Found(shown(name), limits or UnpackLimits())
    try:
        if _is_zip(name, content):
            _read_zip(content, found)
        else:
            _read_tar(content, found)
    except UnpackProblem:
        raise
    except TooMuch:
        raise found.refused(f"unpacks to more than {_size(found.limits.unpacked)}") from None
    except MemoryError:
        raise found.refused("takes too much memory to unpack") from None
    except Exception as error:
        # zipfile and tarfile raise a dozen kinds on what was not made by an archiver.
        if not found.notebooks:
            what = f"is damaged, or no archive ({_words(error)})"
            raise found.refused(what) from None
        found.problem(f"is damaged, and only what stands before the damage counts: {_words(error)}")
    return found.unpacked()


@dataclass
class _Found:
    """What has come out of the archive so far."""

    name: str
    limits: UnpackLimits
    notebooks: dict[str, bytes] = field(default_factory=dict)
    inner: str = ""
    _problems: list[str] = field(default_factory=list)
    _more_problems: int = 0
    _members: int = 0
    _bytes: int = 0

    def refused(self, what: str) -> UnpackProblem:
        return UnpackProblem(f"{self.name} {what}.")

    def problem(self, what: str, member: str = "") -> None:
        """Keep a sentence; of very many only their number."""
        if len(self._problems) < _MOST_PROBLEMS:
            self._problems.append(f"{self.name}{f'/{member}' if member else ''} {what}.")
        else:
            self._more_problems += 1

    def count(self) -> None:
        """One member more."""
        self._members += 1
        if self._members > self.limits.members:
            raise self.refused(f"holds more than {self.limits.members} files")

    def wanted(self, raw: str, obstacle: str) -> str | None:
        """The path under which to keep a member, or None where it is not to be read.

        Args:
            raw: the path as the archive has it.
            obstacle: why it cannot be read, if so.
        """
        parts = [part for part in shown(raw).split("/") if part not in ("", ".")]
        if not parts or any(passed_over(part) for part in parts if part != ".."):
            return None
        path = "/".join(parts)
        if not is_notebook(parts[-1]):
            if is_archive(parts[-1]):
                self.inner = self.inner or path[-_LONGEST_PATH:]
            return None
        if len(path) > _LONGEST_PATH:
            self.problem("has too long a path and was left out", f"...{path[-60:]}")
        elif raw.startswith("/") or ".." in parts or re.match("[A-Za-z]:", raw):
            self.problem("has a path that leads out of the archive and was left out", path)
        elif obstacle:
            self.problem(f"{obstacle} and was left out", path)
        else:
            return path
        return None

    def take(self, path: str, chunks: Iterator[bytes]) -> None:
        """Keep a member, unless it is too large.

        Raises:
            UnpackProblem: all that has been read is more than the limit.
        """
        parts, size = [], 0
        for chunk in chunks:
            size += len(chunk)
            self._bytes += len(chunk)
            if self._bytes > self.limits.notebooks:
                limit = _size(self.limits.notebooks)
                raise self.refused(f"holds more than {limit} of notebooks")
            if size > self.limits.notebook:
                self.too_large(path)
                return
            parts.append(chunk)
        if path in self.notebooks:
            self.problem("stands in the archive more than once; the last counts", path)
        self.notebooks[path] = b"".join(parts)

    def too_large(self, path: str) -> None:
        limit = _size(self.limits.notebook)
        self.problem(f"is larger than the limit of {limit} and was left out", path)

    def unpacked(self) -> Unpacked:
        if self.inner and not self.notebooks:
            self.problem("is an archive inside the archive and was not opened", self.inner)
        more = [f"{self.name} has {self._more_problems} more problems."] * bool(self._more_problems)
        return Unpacked(sorted(self.notebooks.items()), self._problems + more)


def _is_zip(name: str, content: bytes) -> bool:
    if content.startswith(b"PK"):
        return True
    known = content.startswith((b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0")) or content[257:262] == b"ustar"
    return not known and name.lower().endswith(".zip")


class _ZipFile(io.BytesIO):
    """A file for ``zipfile``, which reads the whole list of members at once, however long."""

    def read(self, size: int | None = -1) -> bytes:
        left = max(len(self.getbuffer()) - self.tell(), 0)
        if (left if size is None or size < 0 else min(left, size)) > _LARGEST_ZIP_LIST:
            raise zipfile.BadZipFile("its list of files is too long")
        return super().read(size)


def _read_zip(content: bytes, found: _Found) -> None:
    with zipfile.ZipFile(_ZipFile(content)) as archive:
        for member in archive.infolist():
            found.count()
            raw = _zip_path(member)
            if raw.endswith("/"):
                continue
            path = found.wanted(raw, _zip_obstacle(member))
            if path is None:
                continue
            try:
                with archive.open(member) as file:
                    found.take(path, iter(lambda file=file: file.read(CHUNK), b""))
            except (UnpackProblem, MemoryError):
                raise
            except Exception as error:
                found.problem(f"is damaged and was left out ({_words(error)})", path)


def _zip_path(member: zipfile.ZipInfo) -> str:
    name = member.filename
    if not member.flag_bits & 0x800:  # not said to be UTF-8
        name = _decoded(name)
    # Old archivers of Windows write its own separator.
    return name if "/" in name else name.replace("\\", "/")


def _decoded(name: str) -> str:
    """A name whose encoding is not told: UTF-8 from macOS, or Windows' own, Japanese or Western."""
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:  # an extra field told the name
        return name
    for encoding in ("utf-8", "cp932"):
        try:
            decoded = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8" or _JAPANESE.fullmatch(decoded):
            return decoded
    return name


def _zip_obstacle(member: zipfile.ZipInfo) -> str:
    mode = member.external_attr >> 16
    if stat.S_ISLNK(mode):
        return "is a link"
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "is no regular file"
    if member.flag_bits & 0x1:
        return "is encrypted"
    if member.compress_type not in _COMPRESSIONS:
        # Those that zipfile knows besides are unpacked by it without a bound.
        return "is compressed in an unusual way"
    return ""


def _read_tar(content: bytes, found: _Found) -> None:
    stream = TarStream(content, found.limits.unpacked)
    with tarfile.open(fileobj=stream, mode="r:", errors="surrogateescape") as archive:
        while (member := archive.next()) is not None:
            # tarfile keeps all of them otherwise, each with a copy of the global headers.
            archive.members.clear()
            found.count()
            if member.isdir():
                continue
            path = found.wanted(member.name, _tar_obstacle(member))
            if path is None:
                continue
            if member.size > found.limits.notebook:
                found.too_large(path)
                continue
            stream.seek(member.offset_data)
            found.take(path, _part(stream, member.size))
    if stream.last.strip(b"\0"):  # tarfile takes a broken header for the end
        raise tarfile.ReadError("it ends in the middle")


def _tar_obstacle(member: tarfile.TarInfo) -> str:
    if member.issym() or member.islnk():
        return "is a link"
    if not member.isreg() or member.issparse():
        return "is no regular file"
    return ""


def _part(stream: TarStream, size: int) -> Iterator[bytes]:
    while size:
        chunk = stream.read(min(size, CHUNK))
        if not chunk:
            raise tarfile.ReadError("it ends in the middle")
        yield chunk
        size -= len(chunk)


def _words(error: Exception) -> str:
    """What an error says, short: it may quote the archive."""
    return shown(str(error))[:80] or type(error).__name__


def _size(count: int) -> str:
    return f"{count / 1e6:g} MB"
