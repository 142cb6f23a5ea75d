"""The folder that Gradescope takes as a zip: its two scripts, and what of the project they need."""

from __future__ import annotations

import io
import os
import shutil
import zipfile
from pathlib import Path

from tools.autograder.not_graded import as_json, not_graded
from tools.autograder.settings import KEY, SETTINGS, Settings
from tools.environment import packages_of
from tools.generated import replacing
from tools.grade.key import load_key
from utils.files import write_whole
from utils.tester.store import load_chapter

FILES = Path(__file__).parent / "files"
SCRIPTS = ("setup.sh", "run_autograder")
_COPIED = ("requirements.txt", "constraints.txt", "pyproject.toml")
_TIME = (1980, 1, 1, 0, 0, 0)  # the same files, the same zip
# PyTorch for processors alone; from the usual place come gigabytes for graphics cards.
_INDICES = {"torch": "https://download.pytorch.org/whl/cpu"}


def write_autograder(root: Path, settings: Settings, out: Path, key: Path | None) -> Path:
    """Write the folder ``out`` and, beside it, the zip to upload; returns the zip's path.

    Both hold solutions and the key, and are closed to others. An earlier folder is replaced, and
    its key is kept.

    Args:
        root: the project.
        settings: of the assignment.
        out: the folder.
        key: the instructor's; None for that of an earlier folder, or a new one.

    Raises:
        NotOurs: ``out`` is something else.
        KeyProblem, OSError, ReferenceProblem: something cannot be read or written.
    """
    with replacing(out, SETTINGS) as folder:
        folder.chmod(0o700)
        earlier = out / KEY
        if key is not None or earlier.exists():
            load_key(key or earlier)  # refused here rather than on Gradescope
            shutil.copyfile(key or earlier, folder / KEY)
        else:
            load_key(folder / KEY)
        _fill(folder, root, settings)
    zipped = out.with_name(f"{out.name}.zip")
    zipped.unlink(missing_ok=True)
    before = os.umask(0o077)
    try:
        write_whole(zipped, zip_of(out))
    finally:
        os.umask(before)
    return zipped


def _fill(folder: Path, root: Path, settings: Settings) -> None:
    chapter = settings.chapter
    (folder / SETTINGS).write_text(settings.to_json(), encoding="utf-8")
    (folder / "not_graded.json").write_bytes(as_json(not_graded("it ended without results")))
    references = Path("chapters/checks") / f"{chapter}.npz"
    (folder / "packages.txt").write_text(_packages(root / references), encoding="utf-8")
    for name in SCRIPTS:
        shutil.copyfile(FILES / name, folder / name)
    for name in (*_COPIED, references):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / name, folder / name)
    for name in ("tools", "utils", f"solutions/{chapter}"):
        left_out = shutil.ignore_patterns("__pycache__", "*.pyc", ".*")
        shutil.copytree(root / name, folder / name, ignore=left_out)
    for path in folder.rglob("*"):
        path.chmod(0o700 if path.is_dir() or path.name in SCRIPTS else 0o600)


def _packages(references: Path) -> str:
    """What grading takes beside requirements.txt, in the format of pip."""
    exercises = load_chapter(references).exercises.values()
    taken = sorted({package for exercise in exercises for package in exercise.packages})
    lines = [f"--extra-index-url {_INDICES[name]}" for name in taken if name in _INDICES]
    return "\n".join([*lines, *packages_of(["grade", *taken]), ""])


def zip_of(folder: Path) -> bytes:
    """The folder's content as a zip; the scripts stand at its top, where Gradescope looks."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (path.stat().st_mode & 0xFFFF) << 16
            archive.writestr(entry, path.read_bytes())
    return content.getvalue()
