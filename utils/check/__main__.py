"""The command line of ``python -m utils.check``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from utils.check.command import DESCRIPTION, EXAMPLES, add_arguments, run


def main(arguments: Sequence[str] | None = None) -> int:
    """Check the notebooks and print what came of them; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m utils.check",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_arguments(parser)
    options = parser.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # a console without ✓ or Japanese
    return run(options)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
