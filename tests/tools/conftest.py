"""What several tests of the tools begin with."""

import pytest
from small_lesson import CHAPTER, write_chapter

from tools.record import record_chapter


@pytest.fixture(scope="session")
def small_tolerances(tmp_path_factory):
    """The tolerances of the small chapter, so that not every test measures them again."""
    root = write_chapter(tmp_path_factory.mktemp("measured"))
    assert record_chapter(CHAPTER, root) == []
    return (root / "solutions" / CHAPTER / "tolerances.json").read_text(encoding="utf-8")


@pytest.fixture
def small_root(tmp_path, small_tolerances):
    """The small chapter in a tree of its own, measured and not recorded."""
    write_chapter(tmp_path)
    kept = tmp_path / "solutions" / CHAPTER / "tolerances.json"
    kept.write_text(small_tolerances, encoding="utf-8")
    return tmp_path
