"""``python -m utils COMMAND``: what a learner asks of the bootcamp in a terminal."""

# Read by Pythons that are too old for everything else, and where packages are missing: whatever
# needs more than the doctor does is imported when that is known not to be asked for.

from __future__ import annotations

import os
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; returns the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["doctor"]:
        from utils.doctor.command import main as doctor

        return doctor(given[1:])
    try:
        from utils.terminal.command import main as terminal
    except ImportError as error:
        from utils.doctor.finding import ask_the_doctor

        print(error, file=sys.stderr)
        if ask_the_doctor() not in str(error):  # the checker has said so already
            print(ask_the_doctor(), file=sys.stderr)
        return 2
    return terminal(given)


def start(*command: str) -> None:
    """Be the program: a command's own module gives its name, and ends as all of them do."""
    try:
        code = main([*command, *sys.argv[1:]])
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = 130
    except BrokenPipeError:  # whoever reads has seen enough, as head does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 141
    sys.exit(code)


if __name__ == "__main__":
    start()
