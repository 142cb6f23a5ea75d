"""The diary never fails, and is nobody's in CI."""

import pytest

from utils.progress import place
from utils.progress.diary import Diary
from utils.progress.place import VARIABLE, is_own, progress_file


@pytest.fixture
def told():
    return []


@pytest.fixture
def diary(told):
    return Diary(told.append)


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv(VARIABLE, str(tmp_path / "progress.sqlite"))
    return tmp_path / "progress.sqlite"


def test_another_diary_reads_what_one_has_written(diary, file, told):
    diary.verdict("08", "01_01", "failed", "a")
    diary.hint("08", "01_01", 2)
    diary.answer("08", "01_01")
    kept = Diary(told.append).of("08", "01_01")
    assert (kept.status, kept.attempts, kept.hints) == ("failed", 1, 2)
    assert kept.revealed is not None
    assert told == []


def test_what_cannot_be_written_is_remembered_and_said_once(diary, file, told):
    file.mkdir()
    for step in (1, 2, 3):
        assert diary.hint("08", "01_01", step).hints == step
    assert diary.of("08", "01_01").hints == 3
    assert len(told) == 1
    assert "progress.sqlite" in told[0]


@pytest.mark.parametrize("ci", ["true", "1", "yes"])
def test_ci_is_nobody(diary, file, monkeypatch, ci, told):
    monkeypatch.setenv("CI", ci)
    assert diary.hint("08", "01_01", 1).hints == 1
    assert not file.exists()
    assert told == []


@pytest.mark.parametrize("ci", ["", "0", "false", "False"])
def test_a_variable_that_says_no_is_no_ci(diary, file, monkeypatch, ci):
    monkeypatch.setenv("CI", ci)
    diary.hint("08", "01_01", 1)
    assert file.exists()


def test_off_is_off(diary, file, monkeypatch):
    monkeypatch.setenv(VARIABLE, "off")
    diary.hint("08", "01_01", 1)
    assert not file.exists()


def test_by_default_it_is_the_workspaces(monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.delenv(VARIABLE)
    assert progress_file() == place.ROOT / ".progress.sqlite"


@pytest.mark.parametrize(
    ("path", "own"),
    [
        ("08.ipynb", True),
        ("work/en/08.ipynb", True),
        ("chapters/ja/08.ipynb", True),
        ("submissions/alice/08.ipynb", False),
        ("../elsewhere/08.ipynb", False),
        ("work/../../elsewhere/chapters/08.ipynb", False),
    ],
)
def test_whose_a_notebook_is(tmp_path, path, own):
    root = tmp_path / "tree"
    root.mkdir()
    assert is_own(root / path, root) is own


def test_a_link_out_of_the_workspace_leads_to_somebody_elses(tmp_path):
    root, theirs = tmp_path / "tree", tmp_path / "theirs.ipynb"
    (root / "work").mkdir(parents=True)
    theirs.touch()
    (root / "work" / "mine.ipynb").symlink_to(theirs)
    assert not is_own(root / "work" / "mine.ipynb", root)
