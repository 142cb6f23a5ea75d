"""PyTorch where it is installed and where it is not."""

import subprocess
import sys

from without import environment_without

from utils.optional import install_command, missing_packages

USE = """
from utils.optional import torch, missing_packages
print(bool(torch), missing_packages(("torch", "numpy")))
try:
    torch.nn.Linear(2, 3)
except ModuleNotFoundError as error:
    print(error.name, error)
"""


def test_installed_it_is_the_package_itself():
    import torch

    from utils.optional import torch as ours

    assert ours is torch
    assert missing_packages(("torch", "numpy")) == ()


def test_missing_it_is_false_and_says_what_to_install_when_it_is_used(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", USE],
        env=environment_without("torch", tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )
    first, second = done.stdout.splitlines()
    assert first == "False ('torch',)"
    assert second.startswith("torch torch is not installed here.")
    assert second.count(install_command(("torch",))) == 2  # in either language
    assert "この環境にありません" in second


def test_the_command_names_the_python_that_runs():
    assert install_command(("torch",)) == f'"{sys.executable}" -m pip install torch'


def test_no_other_name_is_offered():
    import utils.optional

    assert not hasattr(utils.optional, "jax")


def test_opening_it_loads_nothing():
    code = "import sys, utils.optional, utils.tester; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
