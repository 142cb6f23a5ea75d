"""``python -m tools``: one program, a command for each thing an instructor or CI does."""

from __future__ import annotations

from importlib import import_module

import typer
from typer.core import TyperGroup

COMMANDS = {
    "new": "tools.new",
    "build": "tools.build",
    "record": "tools.record",
    "verify": "tools.verify.command",
    "student": "tools.student.command",
    "grade": "tools.grade.command",
    "autograder": "tools.autograder.command",
    "site": "tools.site.command",
}


class LoadedWhenNeeded(TyperGroup):
    """Imports the command that was asked for: all of them take seconds, for what most do not use.

    As click's documentation has it under "Lazily Loading Subcommands".
    """

    def list_commands(self, ctx: typer.Context) -> list[str]:
        """All names, without importing anything."""
        return list(COMMANDS)

    def get_command(self, ctx: typer.Context, cmd_name: str) -> typer.core.TyperCommand | None:
        """The command; of a name that is unknown all are loaded, for one like it is suggested."""
        for name in [cmd_name] if cmd_name in COMMANDS else COMMANDS:
            self.add_command(_load(name), name)
        return super().get_command(ctx, cmd_name)


def _load(name: str) -> typer.core.TyperCommand:
    program = typer.Typer(add_completion=False)
    program.command(name)(getattr(import_module(COMMANDS[name]), name))
    return typer.main.get_command(program)


app = typer.Typer(
    cls=LoadedWhenNeeded,
    help="What instructors and CI run. A chapter is written once, in solutions/CHAPTER; "
    "`build` and `record` derive all that learners get from it, `verify` checks it, `student` "
    "publishes that, `grade` grades a class, `autograder` takes that to Gradescope, and `site` "
    "shows the chapters on the web.",
    no_args_is_help=True,
    add_completion=False,  # of no use behind `python -m`
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def _tools() -> None:
    """Nothing of its own; typer asks for it where it is given no command."""


if __name__ == "__main__":
    app(prog_name="python -m tools")
