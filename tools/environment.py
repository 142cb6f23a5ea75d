"""Set-up without thinking: make .venv, install the tested packages, and start what was asked.

``make learn`` and ``make test`` call this file, and so can anyone without make::

    python -m tools.environment learn      # environment, notebooks in work/, JupyterLab
    python -m tools.environment test       # everything CI runs

"""

# Only the standard library, and nothing of it that an old Python lacks: this file runs before
# anything is installed, and tells an old Python's user what is needed.

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import os
import signal
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

from utils.files import write_whole
from utils.update.places import STARTERS

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
WORK = ROOT / "work"
OLDEST_PYTHON = (3, 11)


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse the command line, prepare the environment and run the command in it."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # a console without Japanese
    options, extra = _parser().parse_known_args(arguments)
    try:
        return options.run(options, extra)
    except KeyboardInterrupt:
        return 130
    except subprocess.CalledProcessError as failure:
        command = " ".join(map(str, failure.cmd))
        print(f"This step failed / 失敗した手順: {command}", file=sys.stderr)
        return failure.returncode
    except OSError as error:
        print(
            f"{error}. The bootcamp needs a folder that it may write in. / "
            "書き込めるフォルダに置いて実行してください。",
            file=sys.stderr,
        )
        return 1


def learn(options: argparse.Namespace, extra: list[str]) -> int:
    """Environment, missing notebooks into work/, JupyterLab."""
    python = make_environment(["jupyter", *(["torch"] if options.torch else [])])
    for path in copy_missing_notebooks():
        print(f"new in work/ / work/ に追加: {path.relative_to(WORK)}")
    command = [python, "-m", "jupyterlab", f"--ServerApp.root_dir={WORK}", *extra]
    if not has_display():
        print("No display here: open the address that JupyterLab prints below.")
        print("画面がないので、JupyterLab がこの下に表示するアドレスをブラウザで開いてください。")
        command.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    return _run_until_it_ends(command, WORK)


def test(options: argparse.Namespace, extra: list[str]) -> int:
    """Lint, every test, the gate of all checks, and the site.

    Arguments after ``test`` are handed to pytest; whoever chooses among the tests means them alone.
    """
    python = make_environment(["jupyter", "tools", "test", "torch"])
    # One BLAS thread a process: two test processes share the machine's cores already.
    surroundings = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    # One more than there are cores, as many tests wait for a time limit; the long files, which come
    # first by name, begin first.
    workers = (os.cpu_count() or 1) + 1
    steps = [
        ["-m", "ruff", "check", "."],
        ["-m", "ruff", "format", "--check", "."],
        ["-m", "pytest", f"-n{workers}", "--dist=loadfile", "--no-loadscope-reorder", *extra],
    ]
    if not extra:
        steps.append(["-m", "tools", "verify"])
        # The notebooks that it ran are kept: what remains is rendering, and the search for leaks.
        steps.append(["-m", "tools", "site", "--out", "build/site"])
    for step in steps:
        code = _run_until_it_ends([python, *step], ROOT, surroundings)
        if code != 0:
            return code
    return 0


def run(options: argparse.Namespace, extra: list[str]) -> int:
    """Any Python command in the full environment, such as ``-m tools build``."""
    python = make_environment(["jupyter", "tools", "test", "torch"])
    return _run_until_it_ends([python, *extra], ROOT)


def make_environment(groups: list[str]) -> Path:
    """Make .venv if it is missing or unfinished and install what ``groups`` of pyproject.toml need.

    Installing is skipped when the same groups were installed from the same files before.

    Returns:
        The environment's Python.
    """
    _refuse_an_unfit_python()
    python = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp = VENV / f"installed-{'-'.join(groups)}.txt"
    wanted = _fingerprint_of_requirements()
    if not (python.exists() and stamp.exists() and stamp.read_text() == wanted):
        make_venv(VENV, python)
        print(f"Installing packages ({', '.join(groups)}); the first time takes some minutes ...")
        print("パッケージをインストールしています。初回は数分かかります……")
        subprocess.run(
            [
                *(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
                *("--constraint", ROOT / "constraints.txt"),
                *("--requirement", ROOT / "requirements.txt"),
                *packages_of(groups),
            ],
            check=True,
        )
        stamp.write_text(wanted)
    return python


def make_venv(folder: Path, python: Path) -> None:
    """Make an environment with pip in it, unless ``python`` is one; an unfinished one is replaced.

    Somebody may have interrupted the first attempt, or Debian's python3-venv was missing then.
    """
    has_pip = [python, "-m", "pip", "--version"]
    if python.exists() and subprocess.run(has_pip, capture_output=True).returncode == 0:
        return
    print("Making the environment in .venv ... / 環境を .venv に作成しています……")
    venv.create(folder, with_pip=True, clear=folder.exists())


def packages_of(groups: list[str]) -> list[str]:
    """The requirements that pyproject.toml lists under these optional groups."""
    import tomllib  # older Pythons lack it; by now it is known that this is none

    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    optional = pyproject["project"]["optional-dependencies"]
    return [package for group in groups for package in optional[group]]


def copy_missing_notebooks() -> list[Path]:
    """Copy chapters/LANG/*.ipynb to work/LANG/ where no file of that name is; overwrite nothing.

    What they were when they came, and what they are judged by then, is kept beside them: an update
    tells by it what the learner has written.
    """
    copied = []
    for source in sorted((ROOT / "chapters").glob("*/*.ipynb")):
        target = WORK / source.parent.name / source.name
        if not target.exists():
            write_whole(target, source.read_bytes())
            kept = WORK / STARTERS / source.parent.name / f"{source.stem}.starter"
            write_whole(kept, source.read_bytes())
            references = ROOT / "chapters" / "checks" / f"{source.stem}.npz"
            write_whole(WORK / STARTERS / references.name, references.read_bytes())
            copied.append(target)
    return copied


def has_display() -> bool:
    """Whether a browser can open here."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _refuse_an_unfit_python() -> None:
    oldest = ".".join(map(str, OLDEST_PYTHON))
    if sys.version_info < OLDEST_PYTHON:
        raise SystemExit(
            f"Python {oldest} or newer is needed; this is {sys.version.split()[0]} "
            f"({sys.executable}). Name a newer one: make learn PYTHON=python{oldest}, "
            f"or python{oldest} -m tools.environment learn. / "
            f"Python {oldest} 以降が必要です。"
        )
    if importlib.util.find_spec("ensurepip") is None:
        raise SystemExit(
            f"This Python ({sys.executable}) cannot make environments. "
            "On Debian and Ubuntu: apt install python3-venv / "
            "この Python では環境を作成できません。Debian と Ubuntu では apt install python3-venv"
        )


def _run_until_it_ends(
    command: Sequence[str | Path], folder: Path, surroundings: dict[str, str] | None = None
) -> int:
    """Run a command; Ctrl-C is for it alone, which may ask back or have something to tidy up."""
    with subprocess.Popen(command, cwd=folder, env=surroundings) as process:
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        code = process.wait()
        signal.signal(signal.SIGINT, before)
    return code if code >= 0 else 128 - code  # as a shell tells of a signal


def _fingerprint_of_requirements() -> str:
    names = ("requirements.txt", "constraints.txt", "pyproject.toml")
    content = b"".join((ROOT / name).read_bytes() for name in names)
    return hashlib.sha256(content).hexdigest()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tools.environment",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="{learn,test,run}")
    command = commands.add_parser(
        "learn",
        help="copy the notebooks to work/ and open JupyterLab; further options go to JupyterLab",
        epilog="example: python -m tools.environment learn --port 9999",
    )
    command.add_argument(
        "--torch", action="store_true", help="install PyTorch too (gigabytes on most machines)"
    )
    command.set_defaults(run=learn)
    command = commands.add_parser(
        "test",
        help="lint, every test, the gate of all checks, the site; other options go to pytest alone",
        epilog="example: python -m tools.environment test -k gaps",
    )
    command.set_defaults(run=test)
    command = commands.add_parser(
        "run",
        help="run Python in the full environment",
        epilog="example: python -m tools.environment run -m tools student --lang en",
    )
    command.set_defaults(run=run)
    return parser


if __name__ == "__main__":
    sys.exit(main())
