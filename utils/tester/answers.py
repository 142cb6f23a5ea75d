"""The file ``show_solution`` reads: answers by exercise, open to it alone or sealed.

Open means packed and not encrypted: nobody reads it by accident, anybody may on purpose. Sealed
means encrypted under a passphrase, which an instructor gives out later.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import zlib
from pathlib import Path
from typing import Any

from utils.files import write_whole
from utils.tester.text import Text

_OPEN = b"bootcamp answers 1 open"
_SEALED = b"bootcamp answers 1 sealed"

# scrypt at the cost its authors' RFC 7914 gives as an example for interactive use (32 MiB, 0.1 s).
_SCRYPT = {"n": 2**15, "r": 8, "p": 1}
_SALT_BYTES = 16

Answers = dict[str, dict[str, Any]]


class AnswersProblem(Exception):
    """Answers that cannot be read or written; ``message`` says why, in both languages."""

    def __init__(self, message: Text):
        self.message = message
        super().__init__(f"{message.en} / {message.ja}")


class AnswersSealed(AnswersProblem):
    """The answers are sealed, and no passphrase was given or not the right one."""


def write_answers(path: Path, answers: Answers, passphrase: str | None = None) -> None:
    """Write ``{"02_01": {"source": ..., "functions": {name: source}}, ...}`` to ``path``.

    Open without a passphrase, sealed with one. Sealing the same answers twice gives different
    bytes (a fresh salt).

    Raises:
        AnswersProblem: sealing needs the package ``cryptography``, which is not there.
    """
    packed = zlib.compress(json.dumps(answers, ensure_ascii=False, sort_keys=True).encode(), 9)
    if passphrase is None:
        lines = [_OPEN, base64.b64encode(packed)]
    else:
        salt = os.urandom(_SALT_BYTES)
        token = _fernet(passphrase, salt).encrypt(packed)
        lines = [_SEALED, base64.b64encode(salt), token]
    write_whole(path, b"\n".join(lines) + b"\n")


def read_answers(path: Path, passphrase: str | None = None) -> Answers:
    """What ``write_answers`` wrote; the passphrase of an open file is ignored.

    Raises:
        AnswersSealed: the file is sealed and the passphrase is missing or wrong.
        AnswersProblem: the file is missing or damaged, or ``cryptography`` is.
    """
    try:
        kind, *lines = path.read_bytes().splitlines() or [b""]
    except OSError as error:
        raise AnswersProblem(
            Text(
                f"The answers of this chapter are not here: {path} cannot be read ({error}).",
                f"この章の解答はここにありません。{path} を読めません（{error}）。",
            )
        ) from None
    try:
        packed = _packed(kind, lines, passphrase)
        answers = json.loads(zlib.decompress(packed))
    except (ValueError, zlib.error, binascii.Error) as error:
        raise AnswersProblem(
            Text(
                f"{path} is damaged ({error}). Fetch the file again from where you got it.",
                f"{path} が壊れています（{error}）。入手元から取得し直してください。",
            )
        ) from None
    return answers


def is_sealed(path: Path) -> bool:
    """Whether a passphrase is needed."""
    with path.open("rb") as file:
        return file.read(len(_SEALED)) == _SEALED


def _packed(kind: bytes, lines: list[bytes], passphrase: str | None) -> bytes:
    if kind == _OPEN and len(lines) == 1:
        return base64.b64decode(lines[0], validate=True)
    if kind != _SEALED or len(lines) != 2:
        raise ValueError("neither open nor sealed answers")
    salt = base64.b64decode(lines[0], validate=True)
    if len(salt) != _SALT_BYTES:
        raise ValueError("a salt of another length")
    if passphrase is None:
        raise AnswersSealed(
            Text(
                "The answers of this chapter are sealed: opening them takes the passphrase that "
                "your instructor gives out.",
                "この章の解答は封印されています。開くには、講師から知らされるパスフレーズが必要です。",
            )
        )
    return _unseal(lines[1], passphrase, salt)


def _unseal(token: bytes, passphrase: str, salt: bytes) -> bytes:
    fernet = _fernet(passphrase, salt)
    from cryptography.fernet import InvalidToken

    try:
        return fernet.decrypt(token)
    except InvalidToken:  # it cannot be told which of the two it is
        raise AnswersSealed(
            Text(
                "The passphrase does not open the answers of this chapter: it is another one's, "
                "it was mistyped, or the file is damaged.",
                "このパスフレーズではこの章の解答を開けません。別の章のものか、打ち間違いか、"
                "ファイルが壊れているかのいずれかです。",
            )
        ) from None


def _fernet(passphrase: str, salt: bytes):
    # Learners without sealed answers need no cryptography, so it is imported here alone.
    try:
        from cryptography.fernet import Fernet
        from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
    except ImportError:
        raise AnswersProblem(
            Text(
                "Sealed answers need the package 'cryptography': "
                "python -m pip install cryptography",
                "封印された解答には cryptography パッケージが必要です: "
                "python -m pip install cryptography",
            )
        ) from None
    key = Scrypt(salt=salt, length=32, **_SCRYPT).derive(passphrase.encode())
    return Fernet(base64.urlsafe_b64encode(key))
