"""``python -m utils doctor`` in environments that lack things, and in one that does not."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest
from environments import doctor, make_environment, make_tree, packages_of, put, put_fonts

from tests.without import environment_without

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def tree(tmp_path):
    return make_tree(tmp_path / "tree", ROOT / "requirements.txt")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "environment"


@pytest.fixture
def python(folder):
    return make_environment(folder)


def run_program(python, tree, program):
    """A program in the tree, which spoils something before it calls the doctor."""
    return subprocess.run(
        [python, "-c", program], cwd=tree, capture_output=True, text=True, check=False
    )


def findings(done):
    """By topic, the last of each."""
    return {one["topic"]: one for one in json.loads(done.stdout)["findings"]}


def test_a_python_of_the_system_is_told_how_to_make_an_environment(python, folder, tree):
    program = (
        "from utils.doctor import command as doctor\n"
        "from utils.doctor import interpreter\n"
        "interpreter.takes_packages = lambda: False\n"
        "raise SystemExit(doctor.main(['--json']))\n"
    )
    put(folder, "scipy", None)
    done = run_program(python, tree, program)
    assert done.returncode == 1
    told = findings(done)
    made, installed = told["environment"]["command"].splitlines()
    assert made.endswith(f"-m venv {tree / '.venv'}")
    assert installed.startswith(f"{tree / '.venv/bin/python'} -m pip install -r")
    assert told["scipy"]["command"] is None


@pytest.mark.parametrize(
    ("lang", "told"), [("en", "This is another Python than that"), ("ja", "のものではありません。")]
)
def test_any_other_python_is_sent_to_the_environment_that_is_there(
    python, folder, tree, lang, told
):
    put(folder, "scipy", None)
    own = make_environment(tree / ".venv")
    shown = doctor(python, tree, "--lang", lang).stdout
    assert f"{tree / '.venv'}" in shown
    assert shown.index(told) < shown.index(f"{own} -m utils doctor") < shown.index("✗ scipy")
    assert told not in doctor(own, tree, "--lang", lang).stdout


@pytest.mark.parametrize("package", ["numpy", "tqdm"])
def test_every_command_that_lacks_a_package_sends_to_the_doctor_in_both_languages(
    tree, tmp_path, package
):
    done = subprocess.run(
        [sys.executable, "-m", "utils"],
        cwd=tree,
        env=environment_without(package, tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    last = done.stderr.splitlines()[-1]
    assert last.startswith("What is wrong and how to mend it / 原因と直し方の診断: ")
    assert last.endswith(f'"{sys.executable}" -m utils doctor')


def test_where_all_is_there_all_is_well():
    done = doctor(sys.executable, ROOT)
    assert done.returncode == 0, done.stdout
    assert "✓ numpy" in done.stdout
    assert "✗" not in done.stdout
    assert done.stdout.endswith("All is well.\n")


def test_stand_ins_are_taken_for_packages(python, tree):
    done = doctor(python, tree)
    assert done.returncode == 0, done.stdout
    assert "✓ pillow 13.0.0" in done.stdout


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "scipy is not installed"), ("ja", "scipy が入っていません")]
)
def test_a_missing_package_is_named_with_the_command_that_installs_it(
    python, folder, tree, lang, words
):
    put(folder, "scipy", None)
    done = doctor(python, tree, "--lang", lang)
    assert done.returncode == 1
    assert words in done.stdout
    assert f"{python} -m pip install 'scipy>=1.11'" in done.stdout


def test_a_package_that_is_too_old_is_named_with_the_command_that_updates_it(python, folder, tree):
    put(folder, "numpy", "1.9.3")
    done = doctor(python, tree)
    assert done.returncode == 1
    assert "✗ numpy 1.9.3 is too old: 1.26 or newer is needed." in done.stdout
    assert "-m pip install --upgrade 'numpy>=1.26'" in done.stdout


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("raise ImportError('libopenblas is missing')", "libopenblas is missing"),
        ("import os; os.abort()", "exit code -6"),
    ],
)
def test_a_package_that_cannot_be_imported_is_named(python, folder, tree, source, said):
    put(folder, "numpy", "2.4.6", source)
    done = doctor(python, tree)
    assert done.returncode == 1
    assert f"numpy 2.4.6 is installed but broken ({said}" in done.stdout.replace(
        "ImportError: ", ""
    )
    assert "--force-reinstall" in done.stdout


def test_without_numpy_and_everything_else_it_still_says_all(python, folder, tree):
    for path in packages_of(folder).iterdir():
        put(folder, path.name.partition("-")[0].lower(), None)
    done = doctor(python, tree, "--json")
    assert done.returncode == 1
    assert done.stderr == ""
    told = findings(done)
    assert {told[name]["state"] for name in ("numpy", "scipy", "pillow", "ipykernel")} == {"mend"}
    assert told["writable"]["state"] == "well"
    assert json.loads(done.stdout)["well"] is False


def test_what_one_can_do_without_is_a_note(python, folder, tree):
    for name in ("jupyterlab", "ipywidgets"):
        put(folder, name, None)
    put_fonts(folder, "DejaVu Sans")
    done = doctor(python, tree, "--json")
    assert done.returncode == 0
    told = findings(done)
    assert {told[name]["state"] for name in ("jupyterlab", "ipywidgets", "font")} == {"note"}
    assert "fonts-noto-cjk" in told["font"]["command"]
    assert "四角" in told["font"]["what"]["ja"]


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        (
            "en",
            "- ipywidgets is not installed. Everything works without it; progress bars are plain "
            "text then.\n    To install it, if you want it:",
        ),
        (
            "ja",
            "- ipywidgets が入っていません。なくても動きますが、進捗バーが文字だけの表示に"
            "なります。\n    必要なら次のとおり入れてください：",
        ),
    ],
)
def test_nobody_is_told_to_install_what_one_can_do_without(python, folder, tree, lang, told):
    put(folder, "ipywidgets", None)
    assert told in doctor(python, tree, "--lang", lang).stdout


def test_chapters_that_take_torch_are_named():
    program = (
        "import importlib.metadata as metadata\n"
        "from utils.doctor import command as doctor\n"
        "version = metadata.version\n"
        "def without_torch(name):\n"
        "    if name == 'torch':\n"
        "        raise metadata.PackageNotFoundError\n"
        "    return version(name)\n"
        "metadata.version = without_torch\n"
        "raise SystemExit(doctor.main(['--json']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    torch = findings(done)["torch"]
    assert torch["state"] == "note"
    assert "09_em_reservoir" in torch["what"]["en"]
    assert "08_closed_loop_control" not in torch["what"]["en"]


@pytest.mark.parametrize("kernel", ["/nowhere/bin/python", "other"])
def test_a_kernel_that_is_another_python_is_named(tmp_path, python, kernel):
    spec = tmp_path / "jupyter" / "kernels" / "python3" / "kernel.json"
    spec.parent.mkdir(parents=True)
    other = str(python) if kernel == "other" else kernel
    argv = [other, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec.write_text(json.dumps({"argv": argv, "display_name": "x", "language": "python"}))
    done = doctor(
        sys.executable, ROOT, "--json", surroundings={"JUPYTER_PATH": str(tmp_path / "jupyter")}
    )
    assert done.returncode == 1
    told = findings(done)["kernel"]
    assert other in told["what"]["en"]
    assert "-m ipykernel install" in told["command"]


def test_references_of_another_version_or_damaged_are_named(tmp_path):
    tree = make_tree(tmp_path / "tree", ROOT / "requirements.txt")
    (tree / "chapters/checks/08_closed_loop_control.npz").write_bytes(b"half a file")
    done = doctor(sys.executable, tree, "--json")
    told = findings(done)["references"]
    assert told["state"] == "mend"
    assert "damaged" in told["what"]["en"]
    assert "壊れて" in told["what"]["ja"]
    assert told["command"].endswith("-m utils update")


def test_files_that_the_tree_did_not_come_with_are_named(python, tree):
    from utils.update.trees import write_manifest

    paths = sorted(path for path in tree.rglob("*.py"))
    files = {path.relative_to(tree).as_posix(): path.read_bytes() for path in paths}
    (tree / ".student-tree").write_bytes(write_manifest("en", "student-en-1", files))
    assert findings(doctor(python, tree, "--json"))["version"]["state"] == "well"
    (tree / "utils/chaos.py").write_text("# mine")
    assert findings(doctor(python, tree, "--json"))["version"]["state"] == "note"
    (tree / "utils/chaos.py").unlink()
    told = findings(doctor(python, tree, "--json"))["version"]
    assert told["state"] == "mend"
    assert "utils/chaos.py" in told["what"]["en"]


def test_another_package_called_utils_is_named(python, folder, tree):
    put(folder, "utils", "1.0")
    told = findings(doctor(python, tree, "--json"))["utils"]
    assert told["state"] == "note"
    assert "site-packages" in told["what"]["en"]
    (tree / "chapters/en/utils.py").touch()
    done = doctor(python, tree, "--json")
    assert done.returncode == 1
    assert any(
        "chapters/en/utils.py" in one["what"]["en"] for one in json.loads(done.stdout)["findings"]
    )


def test_a_notebook_outside_of_the_tree_is_named(python, tree, tmp_path):
    inside, outside = tree / "chapters/en/a.ipynb", tmp_path / "b.ipynb"
    inside.touch()
    outside.touch()
    assert doctor(python, tree, inside).returncode == 0
    done = doctor(python, tree, inside, outside, tmp_path / "c.ipynb")
    assert done.returncode == 1
    assert f"✗ {outside} lies outside" in done.stdout
    assert "There is no file" in done.stdout


def test_a_folder_that_cannot_be_written_and_a_full_disk_are_named(python, tree):
    program = (
        "import shutil, tempfile, types\n"
        "from utils.doctor import command as doctor\n"
        "def refuse(**options):\n"
        "    raise PermissionError(13, 'Permission denied')\n"
        "tempfile.NamedTemporaryFile = refuse\n"
        "shutil.disk_usage = lambda place: types.SimpleNamespace(free=5 * 2**20)\n"
        "raise SystemExit(doctor.main(['--json']))\n"
    )
    done = run_program(python, tree, program)
    told = findings(done)
    assert told["writable"]["state"] == told["disk"]["state"] == "mend"
    assert "Permission denied" in told["writable"]["what"]["en"]
    assert "5 MB" in told["disk"]["what"]["en"]


def test_an_update_that_was_cut_off_is_named(python, tree):
    (tree / "backups").mkdir()
    (tree / "backups/unfinished.json").write_text("{}")
    assert findings(doctor(python, tree, "--json"))["update"]["state"] == "mend"


def test_an_old_python_is_told_so_and_nothing_else(python, tree):
    program = (
        "import sys\n"
        "sys.version_info = (3, 8, 10, 'final', 0)\n"
        "from utils.__main__ import main\n"
        "raise SystemExit(main(['doctor']))\n"
    )
    done = run_program(python, tree, program)
    assert done.returncode == 1
    assert "3.11 or newer is needed" in done.stdout
    assert "numpy" not in done.stdout


@pytest.mark.parametrize(
    "path",
    [
        "__init__.py",
        "__main__.py",
        "folder.py",
        "doctor/__init__.py",
        "doctor/__main__.py",
        "doctor/command.py",
        "doctor/finding.py",
        "doctor/interpreter.py",
    ],
)
def test_what_an_old_python_reads_is_written_for_it(path):
    source = (ROOT / "utils" / path).read_text("utf-8")
    ast.parse(source, feature_version=(3, 8))
    assert "from __future__ import annotations" in source or "def " not in source


def test_help_teaches_by_example(python, tree):
    shown = doctor(python, tree, "--help").stdout
    assert "python -m utils doctor chapters/en/" in shown
    assert "要修復" in shown


def test_the_checker_sends_to_the_doctor_where_a_package_is_broken(python, folder, tree):
    put(folder, "numpy", "2.4.6", "raise ImportError('broken')")
    done = subprocess.run(
        [python, "-c", "from utils.tester import ready"],
        cwd=tree,
        capture_output=True,
        text=True,
        check=False,
    )
    assert f'"{python}" -m utils doctor' in done.stderr
