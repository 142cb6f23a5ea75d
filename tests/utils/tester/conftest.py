import pytest
import small_chapter

from utils.tester import chapter, load_from_chapter_name


@pytest.fixture
def checks(tmp_path, monkeypatch):
    """A folder with the small chapter's references and answers, where the checker looks."""
    small_chapter.save(tmp_path)
    monkeypatch.setattr(chapter, "CHECKS", tmp_path)
    return tmp_path


@pytest.fixture
def test_func(checks):
    return load_from_chapter_name(small_chapter.NAME)[0]
