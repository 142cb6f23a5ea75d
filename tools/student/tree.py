"""The folder that learners get: one language's notebooks, the checks, the library."""

from __future__ import annotations

import hashlib
import json
import shutil
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tools.colab import colab_badge
from tools.generated import NotOurs, replacing
from tools.lesson import Lesson
from tools.settings import REPOSITORY, student_branch
from tools.setup_cell import with_version
from utils.terminal.words import say
from utils.tester.answers import read_answers, write_answers
from utils.update.places import MANIFEST, STARTER
from utils.update.trees import Tree, write_manifest
from utils.workspace import needs_of

FILES = Path(__file__).parent / "files"
GITIGNORE = """\
__pycache__/
.ipynb_checkpoints/
.venv/
# What python -m utils update and reset keep of your files, and your progress.
backups/
*.before-reset-*.bak
.progress.sqlite*
"""
COPIED = ("requirements.txt", "LICENSE", "conftest.py")


class StudentTreeError(Exception):
    """The tree cannot be written; the message says why and what to do."""


@dataclass(frozen=True)
class StudentTree:
    """What was written.

    Attributes:
        folder: where.
        holding_answers: the files that may hold answers, relative to it.
        version: the name of its content, which its notebooks carry.
    """

    folder: Path
    holding_answers: tuple[str, ...]
    version: str


def write_student_tree(
    root: Path,
    lessons: list[Lesson],
    lang: str,
    out: Path,
    reveal: str = "open",
    passphrases: Mapping[str, str] | None = None,
) -> StudentTree:
    """Write the tree to ``out``; an earlier one there is replaced, anything else is not.

    Raises:
        StudentTreeError: ``out`` is something else, a chapter is not built, or a passphrase is
            missing.
    """
    try:
        with replacing(out, MANIFEST) as tree:
            holding = _fill(tree, root, lessons, lang, reveal, passphrases or {})
            version = _name_version(tree, lang, [lesson.chapter for lesson in lessons])
    except NotOurs as problem:
        raise StudentTreeError(str(problem)) from None
    return StudentTree(out, tuple(holding), version)


def read_passphrases(path: Path) -> dict[str, str]:
    """``chapter = "passphrase"`` a line, in TOML.

    Raises:
        StudentTreeError: the file is missing or malformed.
    """
    try:
        return {name: str(value) for name, value in tomllib.loads(path.read_text("utf-8")).items()}
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise StudentTreeError(
            f'{path}: {error}. Write one line a chapter: 08_closed_loop_control = "..."'
        ) from None


def _fill(
    tree: Path,
    root: Path,
    lessons: list[Lesson],
    lang: str,
    reveal: str,
    passphrases: Mapping[str, str],
) -> list[str]:
    _copy_library(root / "utils", tree / "utils")
    for name in COPIED:
        _copy(root / name, tree / name)
    holding = []
    for lesson in lessons:
        notebook = f"chapters/{lang}/{lesson.chapter}.ipynb"
        references = f"chapters/checks/{lesson.chapter}.npz"
        answers = f"chapters/checks/{lesson.chapter}.answers"
        _copy(root / notebook, tree / notebook)
        _copy(root / references, tree / references)
        if reveal == "open":
            _copy(root / answers, tree / answers)
            holding.append(answers)
        elif reveal == "sealed":
            passphrase = passphrases.get(lesson.chapter)
            if not passphrase:
                raise StudentTreeError(
                    f"no passphrase for {lesson.chapter}; add a line "
                    f'{lesson.chapter} = "..." to the file given to --passphrases'
                )
            write_answers(tree / answers, read_answers(root / answers), passphrase=passphrase)
    (tree / "README.md").write_text(_readme(tree, lessons, lang, reveal), encoding="utf-8")
    workflow = tree / ".github" / "workflows" / "check.yml"
    workflow.parent.mkdir(parents=True)
    text = (FILES / "check.yml").read_text(encoding="utf-8")
    needed = sorted({package for lesson in lessons for package in lesson.packages})
    workflow.write_text(text.replace(" {packages}", "".join(f" {name}" for name in needed)))
    (tree / ".gitignore").write_text(GITIGNORE)
    return holding


def _name_version(tree: Path, lang: str, chapters: list[str]) -> str:
    """Give the tree a name made of its content, write it into the notebooks, and keep these.

    Colab fetches the version that a notebook names. A copy of each notebook as it comes tells an
    update what the learner has changed.
    """
    version = f"{student_branch(lang)}-{_digest(_files(tree))}"
    for chapter in chapters:
        notebook = tree / "chapters" / lang / f"{chapter}.ipynb"
        text = with_version(notebook.read_text(encoding="utf-8"), lang, version)
        notebook.write_bytes(text.encode())
        shutil.copyfile(notebook, tree / STARTER.format(chapter=chapter))
    source = f"{REPOSITORY}/tree/{student_branch(lang)}"
    (tree / MANIFEST).write_bytes(write_manifest(lang, version, _files(tree), source))
    return version


def _files(tree: Path) -> Tree:
    paths = sorted(path for path in tree.rglob("*") if path.is_file())
    return {path.relative_to(tree).as_posix(): path.read_bytes() for path in paths}


def _digest(files: Tree) -> str:
    digest = hashlib.sha256()
    for path, content in sorted(files.items()):
        digest.update(f"{len(path)} {path} {len(content)}\n".encode() + content)
    return digest.hexdigest()[:10]


def _copy_library(source: Path, target: Path) -> None:
    for path in sorted(source.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            _copy(path, target / path.relative_to(source))


def _copy(source: Path, target: Path) -> None:
    if not source.exists():
        raise StudentTreeError(
            f"{source} is missing; run python -m tools build and python -m tools record first"
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _readme(tree: Path, lessons: list[Lesson], lang: str, reveal: str) -> str:
    text = (FILES / f"README.{lang}.md").read_text(encoding="utf-8")
    rows = [_chapter_row(tree, lesson, lang) for lesson in lessons]
    on_answers = tomllib.loads((FILES / "solutions.toml").read_text(encoding="utf-8"))
    return text.replace("{solutions}", on_answers[reveal][lang]).replace(
        "{chapters}", "\n".join(rows)
    )


def _chapter_row(tree: Path, lesson: Lesson, lang: str) -> str:
    path = f"chapters/{lang}/{lesson.chapter}.ipynb"
    notebook = json.loads((tree / path).read_text(encoding="utf-8"))
    text = "".join("".join(cell["source"]) + "\n" for cell in notebook["cells"])
    title = next(line[2:] for line in text.splitlines() if line.startswith("# "))
    minutes = sum(cell.minutes for cell in lesson.exercises)
    count = len(lesson.exercises)
    amount = {
        "en": f"{count} exercises in about {minutes} minutes, {2 * minutes} with reading and demos",
        "ja": f"演習{count}問：目安{minutes}分、説明とデモを含めて約{2 * minutes}分",
    }[lang]
    badge = colab_badge(lesson.chapter, lang)
    row = f"- [{title}]({path}) {badge} ({amount}){_also(lesson, lang)}".replace("  ", " ")
    needs = needs_of(lesson.chapter, lang, tree)
    return f"{row}\n  <br>{say('needs', lang, needs=needs)}" if needs else row


def _also(lesson: Lesson, lang: str) -> str:
    """What a chapter takes beyond requirements.txt, and how to install it."""
    packages = " ".join(lesson.packages)
    if not packages:
        return ""
    return {
        "en": f"; some exercises take one package more: `python -m pip install {packages}`",
        "ja": f" 一部の演習には追加のパッケージが必要です：`python -m pip install {packages}`",
    }[lang]
