"""Names of files that strangers chose: which to pass over, and how to write them down."""

from __future__ import annotations

import re
import unicodedata

# What operating systems, editors and package managers leave behind. Hidden ones (.git, .venv,
# .ipynb_checkpoints) go without saying.
_LEFT_BEHIND = frozenset({"__MACOSX", "__pycache__", "node_modules", "venv"})

# What would change the look of the line a name stands in: controls and lone surrogates, line and
# paragraph separators, the marks that turn the direction of writing, and characters that no
# encoding of text may hold.
_UNSHOWABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff]"
)


def passed_over(name: str) -> bool:
    """Whether a file or folder of this name, one part of a path, is nobody's work."""
    return name.startswith(".") or name in _LEFT_BEHIND


def is_notebook(name: str) -> bool:
    """Whether a file of this name is taken for a notebook."""
    return name.lower().endswith(".ipynb")


def shown(name: str) -> str:
    r"""``name`` as every output can hold it, the same for a name of macOS and one of Linux.

    The name is NFC-normalised; bytes that are no UTF-8 (surrogates, as ``os.fsdecode`` writes
    them) become ``\xe9`` and characters that could forge a line or turn its direction ``\u202e``.
    """
    return _UNSHOWABLE.sub(_escape, unicodedata.normalize("NFC", name))


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    if 0xDC80 <= code <= 0xDCFF:
        code -= 0xDC00
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
