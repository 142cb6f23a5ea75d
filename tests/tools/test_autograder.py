"""The autograder for Gradescope, built by its command and run in Gradescope's own layout."""

import io
import json
import subprocess
import sys
import zipfile
from importlib import metadata

import pytest
from jsonschema import Draft202012Validator
from packaging.requirements import Requirement

from tests.gradescope import CHAPTER, build, uploaded
from tests.tools.grade.hostile.hostile_notebooks import as_bytes, solved, source_of, with_body
from tools.autograder.folder import FILES, SCRIPTS
from tools.autograder.not_graded import not_graded
from tools.checkfile import load_check_file
from tools.lesson import ROOT, read_lesson
from tools.notebook import make_notebook

SCHEMA = json.loads((ROOT / "tools/grade/files/gradescope.schema.json").read_text("utf-8"))
EXERCISES = ("01_01", "02_01", "02_02", "03_01", "03_02", "03_03")
NAME = f"{CHAPTER}.ipynb"


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    """A container in which setup.sh has been run, for real but for the packages."""
    with uploaded(tmp_path_factory.mktemp("gradescope")) as container:
        set_up = container.run("bash", "/autograder/source/setup.sh")
        assert set_up.returncode == 0, set_up.stdout + set_up.stderr
        assert "The autograder works here." in set_up.stdout
        yield container


def graded(image, files):
    """What Gradescope is told of these files."""
    image.clear("submission")
    for name, content in files.items():
        image.put(f"submission/{name}", content)
    return run(image)


def run(image):
    ran = image.run("/autograder/run_autograder")
    results = json.loads(image.read("results/results.json"))
    Draft202012Validator(SCHEMA).validate(results)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return results


def by_number(results):
    return {test["number"]: test for test in results["tests"]}


def scores(results):
    return {number: test["score"] for number, test in by_number(results).items()}


def starter(lang):
    return make_notebook(read_lesson(CHAPTER), lang, ROOT, solved=False)


def test_the_container_has_no_namespaces(image):
    for command in (["unshare", "--user", "true"], ["bwrap", "--ro-bind", "/", "/", "true"]):
        assert image.run(*command).returncode != 0


def test_setup_closes_everything_to_others(image):
    look = "import os; print(os.getuid()); print(open('/autograder/source/solutions'))"
    told = image.run(
        "/autograder/venv/bin/python",
        "-c",
        f"import subprocess, sys; subprocess.run([sys.executable, '-c', {look!r}], user=12345)",
    )
    assert told.stdout == "12345\n"
    assert "PermissionError" in told.stderr


def test_a_solved_notebook_has_full_marks(image):
    results = graded(image, {NAME: as_bytes(solved())})
    assert scores(results) == dict.fromkeys(EXERCISES, 1.0)
    assert results["output"].splitlines() == [
        f"Graded file: {NAME}",
        "6 of 6 exercises are right.",
        "It was run with reduced isolation.",
    ]
    assert results["extra_data"]["submissions"][0]["isolation"] == "reduced"


def test_an_untouched_one_has_none(image):
    results = graded(image, {"my notebook.ipynb": starter("en")})
    assert scores(results) == dict.fromkeys(EXERCISES, 0.0)
    assert "Not attempted" in by_number(results)["02_01"]["output"]


def test_a_japanese_one_that_is_partly_right_is_answered_in_japanese(image):
    notebook = solved("ja")
    cell = next(c for c in notebook["cells"] if c["metadata"].get("exercise") == "02_01")
    right = source_of(notebook, "02_01")
    mistake = next(
        one
        for one in load_check_file(ROOT, CHAPTER, "02_01").mistakes
        if all(right.count(old) == 1 for old, _ in one.replace)
    )
    for old, new in mistake.replace:
        right = right.replace(old, new)
    cell["source"] = right
    results = graded(image, {NAME: as_bytes(notebook)})
    assert scores(results) == {**dict.fromkeys(EXERCISES, 1.0), "02_01": 0.0}
    assert mistake.hint.ja in by_number(results)["02_01"]["output"]
    assert results["output"].startswith(f"採点したファイル：{NAME}\n6問中5問が正解です。")


# Each exercise that gets to its end is right: so a look that had shown anything would show here.
LOOKS = """\
secrets = ["/autograder/" + name for name in (
    "source", "source/solutions", "source/solutions/CHAPTER/lesson/1_targets.py",
    "source/chapters/checks", "source/chapters/checks/CHAPTER.npz", "source/grading.key",
    "source/autograder.json", "submission", "submission_metadata.json", "results",
    "run_autograder", "/root",
)]
for secret in [*secrets, f"/proc/{os.getppid()}/environ", "/proc/1/environ"]:
    for look in (os.listdir, open, os.readlink):
        try:
            look(secret)
        except OSError:
            pass
        else:
            raise RuntimeError("found " + secret)
for place in ("/autograder", "/autograder/results", "/tmp", "/var/tmp", "/autograder/venv"):
    try:
        open(place + "/left-behind", "w")
    except OSError:
        pass
    else:
        raise RuntimeError("wrote to " + place)
""".replace("CHAPTER", CHAPTER)
BOMB = "while True:\n    try:\n        os.fork()\n    except OSError:\n        pass\n"


def test_a_hostile_one_sees_nothing_and_harms_nothing(image):
    image.put("submission_metadata.json", '{"users": [{"email": "somebody@example.com"}]}')
    notebook = with_body(LOOKS)
    cell = next(c for c in notebook["cells"] if c["metadata"].get("exercise") == "03_02")
    head = "def emulate_online("
    source = "".join(cell["source"])
    assert source.count(head) == 1
    bomb = "".join(f"    {line}\n" for line in f"import os\n{BOMB}".splitlines())
    call = 'test_func(solution, "03_02"'
    cell["source"] = source.replace(call, f"def emulate_online(*args, **kwargs):\n{bomb}\n\n{call}")
    results = graded(image, {NAME: as_bytes(notebook)})
    assert "found" not in by_number(results)["01_01"]["output"]
    assert scores(results) == {**dict.fromkeys(EXERCISES, 1.0), "03_02": 0.0}
    assert by_number(results)["01_01"]["status"] == "passed"


def test_a_broken_upload_is_told_and_earns_nothing(image):
    results = graded(image, {NAME: as_bytes(solved())[:5000]})
    assert scores(results) == dict.fromkeys(EXERCISES, 0.0)
    assert "not_graded" not in results["extra_data"]
    assert NAME in results["output"].splitlines()[2]


def test_of_a_whole_folder_what_was_worked_on_counts(image):
    """Untouched copies, other chapters, links that lead to secrets, and a zip in a folder."""
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr(f"work/en/{NAME}", as_bytes(solved()))
        archive.writestr("../../source/grading.key", "00")
    other = make_notebook(read_lesson("09_em_reservoir"), "en", ROOT, solved=False)
    files = {f"en/{NAME}": starter("en"), "en/09_em_reservoir.ipynb": other}
    image.clear("submission")
    for name, content in {**files, "mine/work.zip": zipped.getvalue()}.items():
        image.put(f"submission/{name}", content)
    lesson = f"/autograder/source/solutions/{CHAPTER}"
    for target, link in ((f"{lesson}/lesson/1_targets.py", NAME), (lesson, "folder")):
        assert image.run("ln", "-s", target, f"/autograder/submission/{link}").returncode == 0
    results = run(image)
    assert results["output"].startswith(f"Graded file: mine/work.zip/work/en/{NAME}\n")
    assert scores(results) == dict.fromkeys(EXERCISES, 1.0)


def test_no_notebook_is_told_in_both_languages(image):
    results = graded(image, {"essay.txt": "I did it on paper."})
    assert results["score"] == 0.0
    assert "No notebook was found" in results["output"]
    assert "ノートブックが見つかりませんでした" in results["output"]
    assert "not_graded" not in results["extra_data"]


@pytest.mark.parametrize(
    ("breaking", "mending"),
    [
        ("mv source/grading.key source/key", "mv source/key source/grading.key"),
        ("mv venv gone", "mv gone venv"),
        ("chmod 700 venv", "chmod 755 venv"),
        (
            "cp source/autograder.json kept && "
            """sed -i 's/"seconds": 570/"seconds": 1/' source/autograder.json""",
            "mv kept source/autograder.json",
        ),
    ],
    ids=["no key", "no Python", "a Python that others cannot read", "no time"],
)
def test_a_grader_that_cannot_grade_says_so(image, breaking, mending):
    assert image.run("sh", "-c", breaking).returncode == 0
    try:
        results = graded(image, {NAME: as_bytes(solved())})
    finally:
        assert image.run("sh", "-c", mending).returncode == 0
    assert results["extra_data"]["not_graded"]
    assert "The 0 is not your mark" in results["output"]
    assert "採点結果ではありません" in results["output"]
    assert [test["name"] for test in results["tests"]] == ["NOT GRADED / 未採点"]


def test_not_graded_is_in_gradescopes_format():
    Draft202012Validator(SCHEMA).validate(not_graded("\ud800" * 5000))


@pytest.mark.parametrize("script", SCRIPTS)
def test_the_scripts_are_right_for_bash(script):
    subprocess.run(["bash", "-n", FILES / script], check=True)
    assert (FILES / script).read_text().startswith("#!/usr/bin/env bash\n")


def test_the_folder_holds_what_is_needed_and_no_more(tmp_path):
    out = tmp_path / "built"
    built = build(out, "--chapter", CHAPTER, "--minutes", "20")
    assert built.exit_code == 0, built.stderr
    with zipfile.ZipFile(tmp_path / "built.zip") as archive:
        names = archive.namelist()
        assert all(archive.getinfo(name).external_attr >> 16 & 0o777 == 0o700 for name in SCRIPTS)
    top = {name.split("/")[0] for name in names}
    assert top == {
        *SCRIPTS,
        *("autograder.json", "not_graded.json", "grading.key", "packages.txt"),
        *("requirements.txt", "constraints.txt", "pyproject.toml"),
        *("tools", "utils", "solutions", "chapters"),
    }
    assert not [name for name in names if "09_em" in name or name.endswith((".pyc", ".answers"))]
    assert json.loads((out / "autograder.json").read_text())["seconds"] == 1170
    assert "torch" not in (out / "packages.txt").read_text()
    for path in (out, tmp_path / "built.zip"):
        assert path.stat().st_mode & 0o077 == 0


def test_the_key_stays_when_it_is_built_anew(tmp_path):
    out = tmp_path / "built"
    assert build(out, "--chapter", CHAPTER).exit_code == 0
    key, first = (out / "grading.key").read_bytes(), (tmp_path / "built.zip").read_bytes()
    assert build(out, "--chapter", CHAPTER).exit_code == 0
    assert (out / "grading.key").read_bytes() == key
    assert (tmp_path / "built.zip").read_bytes() == first
    mine = tmp_path / "mine.key"
    mine.write_text("ab" * 32)
    assert build(out, "--chapter", CHAPTER, "--key", str(mine)).exit_code == 0
    assert (out / "grading.key").read_text() == "ab" * 32


def test_a_chapter_that_takes_torch_has_it_installed(tmp_path):
    assert build(tmp_path / "built", "--chapter", "09_em_reservoir").exit_code == 0
    lines = (tmp_path / "built/packages.txt").read_text().splitlines()
    assert lines[0] == "--extra-index-url https://download.pytorch.org/whl/cpu"
    assert "torch" in lines


def test_what_is_no_autograder_is_left_alone(tmp_path):
    (tmp_path / "thesis.tex").write_text("mine")
    refused = build(tmp_path, "--chapter", CHAPTER)
    assert refused.exit_code == 2
    assert "left alone" in refused.stderr
    malformed = tmp_path / "key"
    malformed.write_text("no key")
    refused = build(tmp_path / "built", "--chapter", CHAPTER, "--key", str(malformed))
    assert refused.exit_code == 2
    assert not (tmp_path / "built").exists()
    assert build(tmp_path / "built", "--chapter", "99_none").exit_code == 2


# A Python that finds nothing but some packages.
WITH_SOME = """
import importlib.machinery, importlib.metadata, sys
owners = importlib.metadata.packages_distributions()
find = importlib.machinery.PathFinder.find_spec

def find_allowed(finder, name, *rest):
    theirs = {one.lower().replace("_", "-") for one in owners.get(name.partition(".")[0], ())}
    return None if theirs and not theirs & set(sys.argv[1:]) else find(name, *rest)

importlib.machinery.PathFinder.find_spec = classmethod(find_allowed)
import tools.autograder.run
"""


def test_it_finds_its_packages_where_setup_has_installed_them(image):
    listed = image.read("source/requirements.txt") + image.read("source/packages.txt")
    lines = [line for line in listed.decode().splitlines() if line and line[0] not in "#-"]
    installed = _with_their_needs(lines)
    assert "nbformat" in installed
    assert "typer" not in installed
    command = [sys.executable, "-c", WITH_SOME, *installed]
    subprocess.run(command, cwd=ROOT, check=True)


def _with_their_needs(lines):
    """The packages that pip would install, by what those that are installed here say they need."""
    waiting, found = [Requirement(line) for line in lines], set()
    while waiting:
        wanted = waiting.pop()
        name = wanted.name.lower().replace("_", "-")
        if name not in found and (not wanted.marker or wanted.marker.evaluate({"extra": ""})):
            found.add(name)
            waiting += map(Requirement, metadata.requires(name) or [])
    return found
