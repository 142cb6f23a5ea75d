"""Student trees and branches, and the leak check on leaks of every kind it claims to find."""

import base64
import gzip
import io
import json
import shutil
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import replace
from pathlib import Path

import nbformat
import numpy as np
import pytest
from typer.testing import CliRunner

from tools.__main__ import app
from tools.colab import colab_link
from tools.lesson import ROOT, chapters, read_lesson
from tools.student import branch as branches
from tools.student.command import published_by_design
from tools.student.leak import Evidence, search_branch, search_tree
from tools.student.tree import StudentTreeError, write_student_tree
from utils.tester.answers import read_answers
from utils.tester.records import Chapter
from utils.tester.store import load_chapter, save_chapter
from utils.tester.text import Text

CHAPTER = "08_closed_loop_control"
ANSWERS = f"chapters/checks/{CHAPTER}.answers"
# A line of 03_01's answer, in another dress each time below.
ANSWER = "dw = g * np.outer(d - self(x), k)"


@pytest.fixture(scope="module")
def lessons():
    return [read_lesson(chapter) for chapter in chapters()]


@pytest.fixture(scope="module")
def evidence(lessons):
    return Evidence.of(lessons, published_by_design(ROOT))


@pytest.fixture(scope="module")
def clean_tree(lessons, tmp_path_factory):
    return write_student_tree(ROOT, lessons, "en", tmp_path_factory.mktemp("student") / "tree")


@pytest.fixture(scope="module")
def withheld_tree(lessons, tmp_path_factory):
    folder = tmp_path_factory.mktemp("withheld") / "tree"
    return write_student_tree(ROOT, lessons, "en", folder, reveal="withheld")


@pytest.fixture
def tree(clean_tree, tmp_path):
    shutil.copytree(clean_tree.folder, tmp_path / "tree")
    return tmp_path / "tree"


def test_the_planted_line_is_an_answer(lessons):
    lesson = next(lesson for lesson in lessons if lesson.chapter == CHAPTER)
    assert ANSWER in lesson.exercise("03_01").source


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_tree_has_one_language_and_leaks_nothing(lang, lessons, evidence, tmp_path):
    tree = write_student_tree(ROOT, lessons, lang, tmp_path / "tree")
    assert search_tree(tree.folder, evidence, tree.holding_answers) == []
    assert [
        path.name for path in (tree.folder / "chapters").iterdir() if path.name != "checks"
    ] == [lang]
    assert not (tree.folder / "solutions").exists()
    assert not (tree.folder / "tools").exists()
    readme = (tree.folder / "README.md").read_text(encoding="utf-8")
    assert "{" not in readme
    assert f"chapters/{lang}/{CHAPTER}.ipynb" in readme
    assert f"({colab_link(CHAPTER, lang)})" in readme


@pytest.mark.parametrize(("lang", "needs"), [("en", "You need"), ("ja", "前提知識：")])
def test_the_chapters_are_one_path_each_with_what_it_builds_upon(lang, needs, lessons, tmp_path):
    tree = write_student_tree(ROOT, lessons, lang, tmp_path / "tree")
    readme = (tree.folder / "README.md").read_text(encoding="utf-8")
    places = [readme.index(f"chapters/{lang}/{lesson.chapter}.ipynb") for lesson in lessons]
    assert places == sorted(places)
    assert readme.count(f"<br>{needs}") == len(lessons)


def test_what_some_exercises_take_besides_is_said_and_installed_where_it_checks_itself(clean_tree):
    readme = (clean_tree.folder / "README.md").read_text(encoding="utf-8")
    (row,) = [line for line in readme.splitlines() if "09_em_reservoir.ipynb" in line]
    assert row.endswith("`python -m pip install torch`")
    (other,) = [line for line in readme.splitlines() if f"{CHAPTER}.ipynb)" in line]
    assert "pip install" not in other
    workflow = (clean_tree.folder / ".github/workflows/check.yml").read_text(encoding="utf-8")
    assert "python -m pip install --requirement requirements.txt torch\n" in workflow


def test_progress_stays_with_the_learner_and_pytest_finds_the_notebooks(clean_tree):
    ignored = (clean_tree.folder / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert ".progress.sqlite*" in ignored
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"],
        cwd=clean_tree.folder,
        capture_output=True,
        text=True,
    )
    assert f"chapters/en/{CHAPTER}.ipynb::02_01" in done.stdout


def test_every_exercise_can_be_put_back_as_the_notebook_has_it(clean_tree):
    for name in chapters():
        notebook = nbformat.read(clean_tree.folder / f"chapters/en/{name}.ipynb", as_version=4)
        sources = {
            cell.metadata["exercise"]: cell.source
            for cell in notebook.cells
            if "exercise" in cell.metadata
        }
        recorded = load_chapter(clean_tree.folder / f"chapters/checks/{name}.npz").exercises
        assert {key: one.starter.en for key, one in recorded.items()} == sources


def test_most_answers_can_be_told_from_what_is_published(evidence):
    assert len(evidence.untellable) <= evidence.gaps // 4


def test_every_exercise_has_evidence(evidence, lessons):
    told = {exercise for runs in evidence.runs.values() for _, exercise in runs}
    for lesson in lessons:
        assert {cell.exercise for cell in lesson.exercises} <= told


def _edit_notebook(tree: Path, edit) -> None:
    path = tree / "chapters" / "en" / f"{CHAPTER}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    edit(notebook)
    nbformat.write(notebook, path)


def _plant_source(tree):
    (tree / "utils" / "helpers.py").write_text(f"def f(g, d, k):\n    {ANSWER}\n    return dw\n")


def _plant_comment(tree):
    def edit(notebook):
        notebook.cells[3].source += f"\n#    {ANSWER}"

    _edit_notebook(tree, edit)


def _plant_reformatted(tree):
    (tree / "notes.md").write_text("`dw=g*np.outer( d-self( x ),\n   k )`")


def _plant_string(tree):
    (tree / "notes.py").write_text("text = 'dw = g * np.outer(' \\\n  'd - self(x), k)'\n")


def _plant_output(tree):
    def edit(notebook):
        cell = next(cell for cell in notebook.cells if cell.cell_type == "code")
        cell.outputs = [nbformat.v4.new_output("stream", text=f"the answer is\n{ANSWER}\n")]

    _edit_notebook(tree, edit)


def _plant_html_output(tree):
    def edit(notebook):
        cell = next(cell for cell in notebook.cells if cell.cell_type == "code")
        marked = ANSWER.replace("np", "<span class='n'>np</span>").replace("*", "&#42;")
        cell.outputs = [nbformat.v4.new_output("display_data", data={"text/html": marked})]

    _edit_notebook(tree, edit)


def _plant_metadata(tree):
    def edit(notebook):
        notebook.metadata["author_notes"] = {"solution": [ANSWER]}

    _edit_notebook(tree, edit)


def _plant_attachment(tree):
    def edit(notebook):
        cell = next(cell for cell in notebook.cells if cell.cell_type == "markdown")
        content = base64.b64encode(f"# for teachers\n{ANSWER}\n".encode()).decode()
        cell.attachments = {"notes.txt": {"text/plain": content}}

    _edit_notebook(tree, edit)


def _plant_zip(tree):
    with zipfile.ZipFile(tree / "extra.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner/answer.py", ANSWER)


def _plant_tar_gz(tree):
    data = gzip.compress(ANSWER.encode())
    with tarfile.open(tree / "extra.tar.gz", "w:gz") as archive:
        member = tarfile.TarInfo("answer.py.gz")
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))


def _plant_references(tree):
    header = np.frombuffer(json.dumps({"model": ANSWER}).encode(), dtype=np.uint8)
    path = tree / "chapters" / "checks" / f"{CHAPTER}.npz"
    np.savez_compressed(path, header=header, names=np.array(["a"]))


def _plant_hint(tree):
    path = tree / "chapters" / "checks" / f"{CHAPTER}.npz"
    chapter = load_chapter(path)
    hint = Text(f"Write {ANSWER} there.", "そこを考えます。")
    told = replace(chapter.exercises["02_02"], hints=(hint, hint))
    save_chapter(path, Chapter(CHAPTER, chapter.exercises | {"02_02": told}), "")


def _plant_string_array(tree):
    np.save(tree / "chapters" / "checks" / "names.npy", np.array([ANSWER]))


def _plant_renamed_answers_file(tree):
    shutil.copyfile(tree / ANSWERS, tree / "chapters" / "checks" / "cache.bin")


def _plant_file_name(tree):
    (tree / ANSWER).write_text("")


@pytest.mark.parametrize(
    "plant",
    [
        _plant_source,
        _plant_comment,
        _plant_reformatted,
        _plant_string,
        _plant_output,
        _plant_html_output,
        _plant_metadata,
        _plant_attachment,
        _plant_zip,
        _plant_tar_gz,
        _plant_references,
        _plant_hint,
        _plant_string_array,
        _plant_renamed_answers_file,
        _plant_file_name,
    ],
    ids=lambda plant: plant.__name__.removeprefix("_plant_"),
)
def test_a_planted_leak_is_found_and_named(plant, tree, evidence, clean_tree):
    plant(tree)
    leaks = search_tree(tree, evidence, clean_tree.holding_answers)
    assert "03_01" in {leak.exercise for leak in leaks}  # of a whole file, all exercises


def test_a_withheld_tree_has_no_answers_file(withheld_tree, evidence):
    assert not list(withheld_tree.folder.rglob("*.answers"))
    assert search_tree(withheld_tree.folder, evidence) == []


def test_sealed_answers_open_with_their_passphrase_alone(lessons, evidence, tmp_path):
    secrets = {lesson.chapter: f"secret of {lesson.chapter}" for lesson in lessons}
    tree = write_student_tree(
        ROOT, lessons, "ja", tmp_path / "tree", reveal="sealed", passphrases=secrets
    )
    assert search_tree(tree.folder, evidence) == []  # not even the answers file is exempt
    sealed = tree.folder / ANSWERS
    assert read_answers(sealed, passphrase=secrets[CHAPTER]) == read_answers(ROOT / ANSWERS)


def test_open_answers_are_not_plain_text(clean_tree, evidence):
    text = (clean_tree.folder / ANSWERS).read_text(encoding="utf-8")
    assert list(evidence.search(text)) == []


def test_a_missing_passphrase_is_named(lessons, tmp_path):
    others = {lesson.chapter: "secret" for lesson in lessons if lesson.chapter != CHAPTER}
    with pytest.raises(StudentTreeError, match=CHAPTER):
        write_student_tree(
            ROOT, lessons, "en", tmp_path / "tree", reveal="sealed", passphrases=others
        )


def test_a_folder_with_other_files_is_left_alone(lessons, tmp_path):
    precious = tmp_path / "thesis.tex"
    precious.write_text("chapter one")
    with pytest.raises(StudentTreeError, match="other files"):
        write_student_tree(ROOT, lessons, "en", tmp_path)
    assert precious.read_text() == "chapter one"


def test_an_earlier_tree_is_replaced(clean_tree, lessons, tree):
    (tree / "stale.txt").write_text("from an older version")
    write_student_tree(ROOT, lessons, "en", tree)
    assert not (tree / "stale.txt").exists()


@pytest.fixture
def repository(tmp_path):
    """A clone of the project with a stranger's unfinished work in it."""
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", ROOT, clone], check=True)
    for folder in ("chapters", "utils", "tools", "solutions"):
        shutil.copytree(ROOT / folder, clone / folder, dirs_exist_ok=True)
    for name in ("requirements.txt", "LICENSE"):
        shutil.copyfile(ROOT / name, clone / name)
    branches.git(clone, "config", "user.name", "An Instructor")
    branches.git(clone, "config", "user.email", "instructor@example.org")
    (clone / "unfinished.txt").write_text("not committed")
    return clone


def _student(repository: Path, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "tools", "student", *arguments],
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
    )


def _version_told(repository, done):
    """The version that the branch is at, whose tag the command tells how to publish."""
    manifest = branches.git(repository, "show", "student-en:.student-tree")
    version = json.loads(manifest)["version"]
    assert f"git push origin student-en {version}" in " ".join(done.stdout.split())
    return version


def test_a_branch_is_an_orphan_and_grows_by_tagged_versions_without_touching_the_work_tree(
    repository,
):
    before = branches.git(repository, "status", "--porcelain")
    head = branches.git(repository, "rev-parse", "HEAD")
    first = _student(repository, "--lang", "en", "--branch", "student-en")
    assert first.returncode == 0, first.stdout + first.stderr
    versions = [_version_told(repository, first)]
    again = _student(repository, "--lang", "en", "--branch", "student-en")
    assert again.returncode == 0
    assert branches.git(repository, "rev-list", "--count", "student-en") == "1"

    (repository / "LICENSE").write_text("another licence\n")
    changed = branches.git(repository, "status", "--porcelain")
    second = _student(repository, "--lang", "en", "--branch", "student-en")
    assert second.returncode == 0, second.stdout + second.stderr
    versions.append(_version_told(repository, second))
    assert branches.git(repository, "rev-list", "--count", "student-en") == "2"
    shared = set(branches.git(repository, "rev-list", "HEAD").split()) & set(
        branches.git(repository, "rev-list", "student-en").split()
    )
    assert not shared  # nothing of main's history
    assert branches.git(repository, "rev-parse", "HEAD") == head
    assert branches.git(repository, "status", "--porcelain") == changed
    assert "unfinished.txt" in before
    assert "unfinished.txt" not in branches.git(repository, "ls-tree", "--name-only", "student-en")
    assert len(set(versions)) == 2
    for version in versions:  # each has a tag, which its notebooks name
        notebook = branches.git(repository, "show", f"{version}:chapters/en/{CHAPTER}.ipynb")
        assert f'bootcamp_version = \\"{version}\\"' in notebook


def test_a_tree_is_named_by_its_content_and_keeps_its_notebooks_as_they_came(
    clean_tree, withheld_tree, lessons, tmp_path
):
    again = write_student_tree(ROOT, lessons, "en", tmp_path / "again")
    assert again.version == clean_tree.version
    assert withheld_tree.version != clean_tree.version
    notebook = clean_tree.folder / f"chapters/en/{CHAPTER}.ipynb"
    starter = clean_tree.folder / f"chapters/checks/{CHAPTER}.starter"
    assert starter.read_bytes() == notebook.read_bytes()


def test_stale_notebooks_are_not_published(repository):
    lesson = repository / "solutions" / CHAPTER / "lesson" / "0_opening.py"
    lesson.write_text(lesson.read_text(encoding="utf-8").replace("# # 8.", "# # 88."), "utf-8")
    done = _student(repository, "--lang", "en", "--branch", "student-en")
    assert done.returncode == 2
    assert f"chapters/en/{CHAPTER}.ipynb" in done.stderr
    assert branches.tip(repository, "student-en") is None


def test_a_leak_in_an_earlier_commit_of_the_branch_is_found(repository, evidence, tree, clean_tree):
    _plant_source(tree)
    leaking = branches.commit(repository, branches.write_tree(repository, tree), None, "first")
    (tree / "utils" / "helpers.py").unlink()
    mended = branches.commit(repository, branches.write_tree(repository, tree), leaking, "second")
    branches.move(repository, "student-en", mended, None)
    found = search_branch(repository, "student-en", evidence, clean_tree.holding_answers)
    assert {leak.exercise for leak in found} == {"03_01"}
    assert "utils/helpers.py" in str(found[0])

    refused = _student(repository, "--lang", "en", "--branch", "student-en")
    assert refused.returncode == 1
    assert branches.tip(repository, "student-en") == mended


def test_a_leak_in_a_commit_message_is_found(repository, evidence, tree, clean_tree):
    stored = branches.write_tree(repository, tree)
    commit = branches.commit(repository, stored, None, f"Correct the answer\n\n{ANSWER}")
    branches.move(repository, "student-en", commit, None)
    found = search_branch(repository, "student-en", evidence, clean_tree.holding_answers)
    assert {leak.exercise for leak in found} == {"03_01"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--lang", "en"], "--out FOLDER or --branch NAME"),
        (["--lang", "en", "--out", "x", "--reveal", "sealed"], "--passphrases"),
        (["--lang", "en", "--out", "README.md"], "is a file"),
        (["--lang", "fr", "--out", "x"], "fr"),
    ],
)
def test_bad_input_gets_a_sentence_and_exit_code_2(arguments, said):
    done = CliRunner().invoke(app, ["student", *arguments])
    assert done.exit_code == 2
    assert said in " ".join(done.output.split())


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").touch()
    out = tmp_path / "file" / "student-en"
    done = CliRunner().invoke(app, ["student", "--lang", "en", "--out", str(out)])
    assert done.exit_code == 2
    assert str(tmp_path / "file") in done.output


def test_problems_of_a_lesson_are_said_word_for_word_each_on_its_line(repository):
    lesson = repository / "solutions" / CHAPTER / "lesson" / "0_opening.py"
    lesson.write_text(lesson.read_text().replace("# %% setup=true", "# %% [raw] setup=true"))
    done = _student(repository, "--lang", "en", "--out", "x")
    assert done.returncode == 2
    [line] = [line for line in done.stderr.splitlines() if "raw" in line]
    assert "0_opening.py:" in line
    assert line.endswith("Write '# %%' or '# %% [markdown]'.")
