"""Code that may never end, graded for real: it is stopped, and costs nobody else a mark."""

import pytest
from hostile_code import ENDLESS
from hostile_runs import NothingOutsideChanges, assert_as_deserved, run_attacks


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("loops")
    return run_attacks(folder, ENDLESS, "--seconds", 1, "--memory", 400, "--hidden", 5)


@pytest.mark.parametrize("name", ENDLESS)
def test_is_graded_as_it_deserves(run, name):
    assert_as_deserved(run, name, ENDLESS[name])


class TestTheMachine(NothingOutsideChanges):
    pass
