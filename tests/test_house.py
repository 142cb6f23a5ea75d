"""The rules of the house that a machine can check."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TRACKED = [
    ROOT / name
    for name in subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split("\0")
    if name and (ROOT / name).exists()
]
TOP_LEVEL = {
    *("chapters", "utils", "solutions", "tests", "tools", ".github", ".ci", ".gitignore"),
    *("README.md", "requirements.txt", "constraints.txt", "pyproject.toml", "Makefile"),
    *("CONTRIBUTING.md", "LICENSE", "conftest.py"),
}


def test_the_top_level_is_what_the_design_names():
    assert {path.relative_to(ROOT).parts[0] for path in TRACKED} <= TOP_LEVEL


def _imported_packages(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


@pytest.mark.parametrize(
    "path",
    [path for path in TRACKED if path.suffix == ".py" and path.is_relative_to(ROOT / "utils")],
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_utils_needs_neither_tools_nor_solutions_nor_torch(path):
    assert not _imported_packages(path) & {"tools", "solutions", "tests", "torch"}


def test_importing_the_library_does_no_work_and_loads_no_torch_or_backend():
    program = (
        "import sys\n"
        "import utils.reservoir, utils.chaos, utils.metrics\n"
        "import utils.tqdm, utils.viewer, utils.tester\n"
        "assert 'torch' not in sys.modules\n"
        "assert 'matplotlib.backends.backend_agg' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)


@pytest.mark.parametrize(
    "path",
    [path for path in TRACKED if path.suffix == ".ipynb"],
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_notebooks_are_committed_without_outputs(path):
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
