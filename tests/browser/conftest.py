"""One browser and one JupyterLab for all tests that look at them, and where pictures are kept."""

import os
from pathlib import Path

import pytest

from tests.browser_page import launched_browser
from tests.lab import copy_tree, running_lab
from tools.lesson import ROOT


@pytest.fixture(scope="session")
def browser():
    with launched_browser() as browser:
        yield browser


@pytest.fixture(scope="session")
def learners_tree(tmp_path_factory) -> Path:
    """The project as somebody has it who has just cloned it."""
    return copy_tree(tmp_path_factory.mktemp("lab") / "bootcamp")


@pytest.fixture(scope="session")
def lab(learners_tree):
    """JupyterLab's address, started on it by ``make learn``."""
    with running_lab(learners_tree) as address:
        yield address


@pytest.fixture(scope="session")
def pictures() -> Path:
    """Where screenshots are kept, for whoever wants to look; $SCREENSHOTS says otherwise."""
    folder = Path(os.environ.get("SCREENSHOTS", ROOT / "build" / "screenshots"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder
