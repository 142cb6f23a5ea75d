"""Limits that fit a container: no notebook may take more time or memory than Gradescope gives."""

from dataclasses import dataclass, replace
from types import SimpleNamespace

import pytest

from tools.autograder.room import free_megabytes, longest, within
from tools.autograder.settings import Settings, read_settings
from tools.grade.course import Course
from tools.grade.limits import Limits

LIMITS = Limits(
    seconds=10, cpu=20, megabytes=900, processes=16, file_megabytes=16, value_megabytes=1
)


@dataclass(frozen=True)
class One:
    """As much of an assignment as is asked for."""

    public: SimpleNamespace
    limits: Limits = LIMITS
    given: tuple = ()
    lacking: tuple = ()


def course(**more):
    ones = {name: One(SimpleNamespace(id=name), **fields) for name, fields in more.items()}
    return Course({"08": ones}, "reduced", staged=None)


def test_an_exercise_that_may_be_carried_forward_counts_twice_and_one_that_lacks_torch_not():
    wall = LIMITS.wall
    assert longest(course(a={}, b={"given": ("def a(): ...",)}, c={"lacking": ("torch",)})) == (
        3 * wall
    )


def test_limits_stay_where_there_is_room():
    before = course(a={}, b={})
    assert within(before, 1000, 4000) == before


def test_limits_shrink_to_the_time_and_memory_there_is():
    slow = replace(LIMITS, seconds=60, cpu=120)
    after = within(course(a={}, b={"limits": slow, "given": ("f",)}), 133, 500)
    assert longest(after) == pytest.approx(133)
    limits = {name: one.limits for name, one in after.chapters["08"].items()}
    assert {one.megabytes for one in limits.values()} == {500}
    assert limits["a"].wall / limits["b"].wall == pytest.approx(LIMITS.wall / slow.wall)
    assert limits["a"].cpu == 2 * limits["a"].seconds


def write(folder, **files):
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"{content}\n")


def test_memory_is_what_the_container_leaves(tmp_path):
    write(tmp_path, meminfo="MemTotal: 9 kB\nMemAvailable: 8388608 kB")
    machine = tmp_path / "meminfo"
    assert free_megabytes(tmp_path, machine) == 8192 - 64
    write(tmp_path, memory_dot_max="max", memory_dot_current=1 << 20)
    assert free_megabytes(tmp_path, machine) == 8192 - 64
    write(tmp_path, memory_dot_max=768 << 20, memory_dot_current=200 << 20)
    assert free_megabytes(tmp_path, machine) == 768 - 200 - 64
    first = tmp_path / "first"
    first.mkdir()
    old = {"memory__memory_dot_limit_in_bytes": 512 << 20}
    write(first, **old, memory__memory_dot_usage_in_bytes=500 << 20)
    assert free_megabytes(first, machine) == 0


def test_settings_are_read_as_they_were_written(tmp_path):
    settings = Settings("08", hidden=3, carried_forward=0.5, minutes=40)
    (tmp_path / "autograder.json").write_text(settings.to_json())
    assert read_settings(tmp_path) == settings
