"""Limits that fit a container: no exercise may take more memory than Gradescope gives."""

from dataclasses import replace

from tests.assignments import LIMITS, course, one
from tools.autograder.room import free_megabytes, within
from tools.autograder.settings import Settings, read_settings


def test_limits_stay_where_there_is_room():
    before = course(one("a"), one("b"))
    assert within(before, 4000) == before


def test_limits_shrink_to_the_memory_there_is():
    after = within(course(one("a"), one("b", limits=replace(LIMITS, megabytes=400))), 500)
    limits = {name: one.limits for name, one in after.chapters["08"].items()}
    assert {name: one.megabytes for name, one in limits.items()} == {"a": 500, "b": 400}


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
