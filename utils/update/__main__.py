"""``python -m utils.update``, with a word of help where the environment is broken."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Update the workspace that this file lies in; returns the exit code."""
    try:
        from utils.update.command import main as update
    except ImportError as error:
        print(f'{error}\n"{sys.executable}" -m utils.doctor', file=sys.stderr)
        return 2
    return update(arguments)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
