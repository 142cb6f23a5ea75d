"""Notebooks that are hostile, damaged or odd as files, all in one run of the command."""

import json
import os
import tarfile
import zipfile

import pytest
from hostile_notebooks import CHAPTER, EXERCISES, VICTIM, as_bytes, solved, source_of, with_source
from hostile_runs import NothingOutsideChanges, run_folder
from notebook_shapes import SHAPES

from tools.lesson import ROOT
from utils.tester.chapter import CHECKS
from utils.tester.store import load_chapter

# Names that could end a line, colour a terminal, run in a page or break an encoding.
NAMES = {
    "newline": b"a\nforged::error::forged.ipynb",
    "ansi": b"\x1b[2Jforged.ipynb",
    "html": b"<script>alert(1)<.script>&quot;.ipynb",
    "not-utf-8": b"\xff\xfe.ipynb",
    "long": "長い".encode() * 40 + b".ipynb",
    "formula": b"=1+1.ipynb",
    "dots": b"...ipynb",
    "option": b"--out.ipynb",
}


def _looked_up():
    """The victim's answers to the public cases, looked up by what is asked."""
    cases = load_chapter(CHECKS / f"{CHAPTER}.npz").exercises[VICTIM].cases
    tables = {"mackey_glass_func": {}, None: {}}
    for case in cases:
        outputs = [_plain(one) for one in case.expected]
        tables[case.call][_question(case.inputs)] = outputs if case.call is None else outputs[0]
    source = source_of(solved(), VICTIM)
    call = source[source.index("test_func(") :]
    return f"""
import numpy as np

def question(inputs):
    told = []
    for name, value in sorted(inputs.items()):
        value = value(0.0) if callable(value) else value
        told.append((name, np.round(np.asarray(value, float), 9).tolist()))
    return repr([one for one in told if one[0] != "display"])

def mackey_glass_func(gn, g0, **options):
    told = question(dict(gn=gn, g0=g0, **options))
    return np.array({tables["mackey_glass_func"]!r}.get(told, 0.0))

def sample_mg_dynamics(time_steps, tau, num_split, **options):
    told = question(dict(time_steps=time_steps, tau=tau, num_split=num_split, **options))
    ts, out = {tables[None]!r}.get(told, [[0.0], [0.0]])
    return np.array(ts), np.array(out)

{call}"""


def _question(inputs):
    """As ``question`` in the cell above."""
    import numpy as np

    told = []
    for name, value in sorted(inputs.items()):
        value = value(0.0) if callable(value) else value
        told.append((name, np.round(np.asarray(value, float), 9).tolist()))
    return repr([one for one in told if one[0] != "display"])


def _plain(value):
    import numpy as np

    return np.asarray(value).tolist()


def _counting():
    """Right as often as the notebook asks, wrong after that."""
    source = source_of(solved(), VICTIM)
    cases = load_chapter(CHECKS / f"{CHAPTER}.npz").exercises[VICTIM].cases
    asked = sum(case.call is None for case in cases)
    source = source.replace(
        "    dT = tau", f"    calls.append(0)\n    dT = tau * (1 + (len(calls) > {asked}))"
    )
    return f"calls = []\n{source.replace('mackey_glass_func(gn', 'mackey_glass_func(gn', 1)}"


def _archives(folder):
    good, other = as_bytes(solved()), b"{}"
    with zipfile.ZipFile(folder / "zipped.zip", "w") as archive:
        archive.writestr("work/08_closed_loop_control.ipynb", good)
        archive.writestr("../../../../tmp/hostile-was-here.ipynb", other)
        archive.writestr("/tmp/hostile-was-here-too.ipynb", other)
        link = zipfile.ZipInfo("link.ipynb")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    with tarfile.open(folder / "tarred.tar.gz", "w:gz") as archive:
        path = folder.parent / "good.ipynb"
        path.write_bytes(good)
        archive.add(path, "work/08_closed_loop_control.ipynb")
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE):
            member = tarfile.TarInfo(f"{kind.decode()}.ipynb")
            member.type, member.linkname = kind, "../../../../etc/passwd"
            archive.addfile(member)
        archive.add(path, "../../../hostile-was-here.ipynb")


def _class(folder):
    """Every file of the class."""
    submissions = folder / "submissions"
    submissions.mkdir()
    (folder / "temporary").mkdir()
    files = {f"{name}.ipynb": shape.content for name, shape in SHAPES.items()}
    files["looked-up.ipynb"] = as_bytes(with_source(VICTIM, _looked_up()))
    files["counting.ipynb"] = as_bytes(with_source(VICTIM, _counting()))
    for name, content in files.items():
        (submissions / name).write_bytes(content)
    for name in NAMES.values():
        with open(os.fsencode(submissions) + b"/" + name, "wb") as file:
            file.write(as_bytes(solved()))
    with (submissions / "200-megabytes.ipynb").open("wb") as file:
        file.truncate(200_000_000)
    (submissions / "a-folder.ipynb").mkdir()
    (submissions / "a-folder.ipynb" / "inside.ipynb").write_bytes(as_bytes(solved()))
    for name, target in {
        "link-to-passwords": "/etc/passwd",
        "link-to-another": submissions / "stripped.ipynb",
        "link-to-solutions": ROOT / "solutions",
        "link-to-itself": submissions / "link-to-itself.ipynb",
    }.items():
        (submissions / f"{name}.ipynb").symlink_to(target)
    os.mkfifo(submissions / "fifo.ipynb")
    _archives(submissions)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("notebooks")
    _class(folder)
    return run_folder(folder, "--hidden", 5)


@pytest.mark.parametrize("name", SHAPES)
def test_is_graded_as_it_deserves(run, name):
    shape = SHAPES[name]
    chapter = run.ran.submission(name)["chapters"][CHAPTER]
    assert bool(chapter["problem"]) == shape.problem, chapter["problem"]
    if shape.problem:
        assert not any(one["score"] for one in chapter["exercises"].values())
        assert run.ran.statuses(name) in (shape.expected(), {})
    else:
        assert run.ran.statuses(name) == shape.expected()


@pytest.mark.parametrize("name", ["looked-up", "counting"])
def test_what_is_right_in_the_notebook_alone_earns_nothing_and_is_told(run, name):
    mark = run.ran.exercises(name)[VICTIM]
    assert mark["status"] == "failed"
    assert mark["score"] == 0.0
    assert "18" in mark["message"].splitlines()[0]  # all of the notebook's cases are right
    assert "right on the public cases alone" in run.ran.output.lower()
    assert set(run.ran.statuses(name).values()) == {"failed", "passed"}


def test_a_name_gets_into_no_line_of_its_own(run):
    students = [one["student"] for one in run.ran.submissions()]
    passed = [one for one in students if set(run.ran.statuses(one).values()) == {"passed"}]
    for name in NAMES:
        (sign,) = ({"newline": "forged::", "ansi": "[2J", "html": "<script>"}.get(name, ""),)
        assert any(sign in one for one in passed), name
    assert not any(character < " " for one in students for character in one)


@pytest.mark.parametrize("name", ["zipped", "tarred"])
def test_of_an_archive_what_is_a_notebook_counts_and_the_rest_is_told(run, name):
    submission = run.ran.submission(name)
    assert set(run.ran.statuses(name).values()) == {"passed"}
    assert submission["problems"]


@pytest.mark.parametrize("name", ["passwords", "another", "solutions", "itself"])
def test_a_link_is_not_followed(run, name):
    found = [one for one in run.ran.submissions() if one["student"] == f"link-to-{name}"]
    for one in found:
        chapter = one["chapters"][CHAPTER]
        assert "link" in chapter["problem"]
        assert not chapter["score"]
    told = json.loads((run.ran.out / "results.json").read_text())["problems"]
    assert found or any(f"link-to-{name}" in problem for problem in told)


def test_what_is_no_file_is_not_read(run):
    (one,) = [one for one in run.ran.submissions() if one["student"] == "fifo"]
    assert "regular" in one["chapters"][CHAPTER]["problem"]


def test_a_file_too_large_is_not_read(run):
    assert "200 MB" in run.ran.submission("200-megabytes")["chapters"][CHAPTER]["problem"]


def test_a_folder_that_is_called_like_a_notebook_is_a_folder(run):
    found = [one for one in run.ran.submissions() if one["source"].startswith("a-folder")]
    assert [one["source"] for one in found] == ["a-folder.ipynb/inside.ipynb"]


def test_every_exercise_is_there(run):
    for one in run.ran.submissions():
        told = one["chapters"][CHAPTER]
        assert set(told["exercises"]) == set(EXERCISES) or told["problem"]


class TestTheMachine(NothingOutsideChanges):
    pass
