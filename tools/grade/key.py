"""The instructor's key: whoever has it can draw the hidden cases, and nobody else can."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import re
import secrets
import stat
import tempfile
from pathlib import Path

_TEXT = "# The key that hidden cases are drawn from. Keep it, and keep it to yourself.\n{}\n"
_REMEDY = (
    "Restore it from a copy. Without one delete it: a new key is made, and a class that was graded "
    "with the old one has to be graded anew"
)


class KeyProblem(Exception):
    """A key that cannot be used; its text is ``file: what. remedy.``"""


def load_key(path: Path) -> bytes:
    """The 32 bytes of the key in a file, which is made where there is none.

    A file that is there is never written to. Of two processes that make one at the same time both
    get the same key.

    Raises:
        KeyProblem: the file is malformed, or cannot be read or made.
    """
    try:
        with contextlib.suppress(FileNotFoundError):
            return _read(path)
        with contextlib.suppress(FileExistsError):
            _make(path)
        return _read(path)
    except OSError as error:
        remedy = "Give --key a file that you may read and write"
        raise KeyProblem(f"{path}: {error.strerror}. {remedy}.") from None


def exposure(path: Path) -> str:
    """A warning if others than its owner may read the key; empty if not."""
    if os.name != "posix" or not stat.S_IMODE(path.stat().st_mode) & 0o077:
        return ""
    return f"{path}: others on this machine may read the key. Run chmod 600 {path}."


def fingerprint(key: bytes) -> str:
    """32 hexadecimal digits that tell keys apart and give none away."""
    return _digest(key, ["fingerprint"]).hex()[:32]


def seed(key: bytes, chapter: str, exercise: str, number: int) -> list[int]:
    """Eight words of 32 bits for ``np.random.default_rng``, for one hidden case.

    HMAC-SHA256 (RFC 2104) of a JSON text of the arguments. Grades stand on it: it never changes.
    """
    digest = _digest(key, ["case", chapter, exercise, number])
    return [int.from_bytes(digest[start : start + 4], "big") for start in range(0, 32, 4)]


def _digest(key: bytes, message: list[str | int]) -> bytes:
    return hmac.digest(key, json.dumps(message).encode("ascii"), hashlib.sha256)


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        text = file.read(10_000).decode("utf-8-sig", errors="replace")
    lines = [line.strip() for line in text.splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    if len(lines) != 1 or not re.fullmatch("[0-9a-fA-F]{64}", lines[0]):
        raise KeyProblem(f"{path}: it does not hold a key of 64 hexadecimal digits. {_REMEDY}.")
    return bytes.fromhex(lines[0])


def _make(path: Path) -> None:
    """Write a new key, whole or not at all.

    Raises:
        FileExistsError: somebody else was first.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, unfinished = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 0600
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(_TEXT.format(secrets.token_hex(32)))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(unfinished, path)  # which never replaces
        except FileExistsError:
            raise
        except OSError:  # a file system without links, such as a USB stick's
            if not path.exists():
                os.replace(unfinished, path)
    finally:
        Path(unfinished).unlink(missing_ok=True)
