"""``python -m tools``: one program, a command for each thing an instructor or CI does."""

from __future__ import annotations

import typer

from tools.autograder.command import autograder
from tools.build import build
from tools.grade.command import grade
from tools.new import new
from tools.record import record
from tools.site.command import site
from tools.student.command import student
from tools.verify.command import verify

app = typer.Typer(
    help="What instructors and CI run. A chapter is written once, in solutions/CHAPTER; "
    "`build` and `record` derive all that learners get from it, `verify` checks it, `student` "
    "publishes that, `grade` grades a class, `autograder` takes that to Gradescope, and `site` "
    "shows the chapters on the web.",
    no_args_is_help=True,
    add_completion=False,  # of no use behind `python -m`
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (new, build, record, verify, student, grade, autograder, site):
    app.command()(command)


if __name__ == "__main__":
    app(prog_name="python -m tools")
