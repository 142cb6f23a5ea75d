"""Every other hostile thing that a function can do, graded for real.

Bombs, forged answers, lying values, signals, and a search for what a submission must not see.
"""

import pytest
from hostile_code import PROMPT
from hostile_runs import NothingOutsideChanges, assert_as_deserved, run_attacks


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("functions")
    return run_attacks(folder, PROMPT, "--seconds", 15, "--memory", 400, "--hidden", 1)


@pytest.mark.parametrize("name", PROMPT)
def test_is_graded_as_it_deserves(run, name):
    assert_as_deserved(run, name, PROMPT[name])


@pytest.mark.parametrize("name", [name for name in PROMPT if name.startswith("memory-")])
def test_no_process_takes_more_memory_than_it_may(run, name):
    # No process has less than Python and NumPy in it.
    assert 20 < run.ran.megabytes(name)["01_01"] < 450


class TestTheMachine(NothingOutsideChanges):
    pass
