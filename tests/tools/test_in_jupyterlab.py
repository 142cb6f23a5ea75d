"""A lesson opens as a notebook in JupyterLab, and saving it changes what was edited alone."""

import shutil

import pytest
from jupytext import TextFileContentsManager

from tests.scaffold import OPENING, SECTION, make_chapter
from tools.lesson import ROOT, chapters, lesson_files

LESSONS = [path for chapter in chapters() for path in lesson_files(chapter)]


def open_in_lab(root, file):
    """The notebook as JupyterLab's server hands it out, and what saves it."""
    shutil.copyfile(ROOT / "solutions" / "jupytext.toml", root / "solutions" / "jupytext.toml")
    manager = TextFileContentsManager(root_dir=str(root))
    model = manager.get(file, type="notebook")
    # What a session leaves in a notebook that was run.
    model["content"]["metadata"]["language_info"] = {"name": "python", "version": "3.11.7"}
    for cell in model["content"]["cells"]:
        cell["metadata"]["trusted"] = True
        if cell["cell_type"] == "code":
            cell["execution_count"] = 1
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "1\n"}]
    return model, lambda: manager.save(model, file)


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.name)
def test_a_lesson_is_saved_as_it_was(tmp_path, path):
    file = path.relative_to(ROOT).as_posix()
    (tmp_path / file).parent.mkdir(parents=True)
    shutil.copyfile(path, tmp_path / file)
    _, save = open_in_lab(tmp_path, file)
    save()
    assert (tmp_path / file).read_bytes() == path.read_bytes()


@pytest.mark.parametrize("file", [OPENING, SECTION])
def test_a_scaffold_is_saved_as_it_was(tmp_path, file):
    before = (make_chapter(tmp_path) / file).read_bytes()
    _, save = open_in_lab(tmp_path, file)
    save()
    assert (tmp_path / file).read_bytes() == before


def test_an_edit_changes_its_line_alone(tmp_path):
    before = (make_chapter(tmp_path) / SECTION).read_text(encoding="utf-8")
    model, save = open_in_lab(tmp_path, SECTION)
    cell = next(cell for cell in model["content"]["cells"] if "def leaky" in cell["source"])
    cell["source"] = cell["source"].replace("a=0.3", "a=0.4")
    save()
    after = (tmp_path / SECTION).read_text(encoding="utf-8")
    assert after == before.replace("a=0.3", "a=0.4", 1)
