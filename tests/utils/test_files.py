"""Files are written whole or not at all."""

import os
import subprocess
import sys

import pytest

from utils.files import write_whole


def test_a_file_is_written_and_replaced_and_folders_are_made(tmp_path):
    path = tmp_path / "a" / "b" / "file"
    for content in (b"one", b"another"):
        write_whole(path, content)
        assert path.read_bytes() == content
    assert os.listdir(path.parent) == ["file"]


def test_others_may_read_it_as_any_file(tmp_path):
    write_whole(tmp_path / "file", b"")
    (tmp_path / "usual").touch()
    assert (tmp_path / "file").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_what_was_there_survives_a_full_disk_which_is_named_with_the_file(tmp_path):
    """A limit on the size of files ends the write as a full disk does: in the middle."""
    path = tmp_path / "file"
    path.write_bytes(b"before")
    program = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from utils.files import write_whole\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "write_whole(Path(sys.argv[1]), bytes(10_000))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True
    )
    assert str(path) in done.stderr.splitlines()[-1]
    assert path.read_bytes() == b"before"
    assert os.listdir(tmp_path) == ["file"]


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match=r"file"):
        write_whole(tmp_path / "file" / "inner", b"")
