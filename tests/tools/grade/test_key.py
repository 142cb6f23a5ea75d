"""The instructor's key: made once, kept to its owner, and the same cases for ever."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.grade.key import KeyProblem, exposure, fingerprint, load_key, seed

ROOT = Path(__file__).resolve().parents[3]
KEY = bytes(range(32))


def test_a_key_is_made_once_and_kept_to_its_owner(tmp_path):
    path = tmp_path / "folder" / "key"
    key = load_key(path)
    text = path.read_text()
    assert len(key) == 32
    assert text.startswith("# ")
    assert text.splitlines()[1] == key.hex()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert exposure(path) == ""
    assert load_key(path) == key
    assert path.read_text() == text
    assert os.listdir(path.parent) == ["key"]
    assert load_key(tmp_path / "other") != key


def test_a_key_may_have_come_through_a_mail(tmp_path):
    path = tmp_path / "key"
    path.write_bytes(b"\xef\xbb\xbf# from me\r\n\r\n  " + KEY.hex().upper().encode() + b"  \r\n")
    assert load_key(path) == KEY


@pytest.mark.parametrize(
    "content",
    [b"", b"# nothing\n", b"00" * 31, b"0x" + b"00" * 32, b"\xff\xfe", b"00" * 32 + b"\n1"],
)
def test_a_malformed_key_is_refused_and_left_as_it_is(tmp_path, content):
    path = tmp_path / "key"
    path.write_bytes(content)
    with pytest.raises(KeyProblem, match=r"key: it does not hold a key .* Restore it"):
        load_key(path)
    assert path.read_bytes() == content


def test_what_cannot_be_read_is_told(tmp_path):
    (tmp_path / "file").touch()
    for path in (tmp_path, tmp_path / "file" / "key"):
        with pytest.raises(KeyProblem, match="Give --key a file"):
            load_key(path)


def test_a_key_that_others_can_read_is_told(tmp_path):
    path = tmp_path / "key"
    load_key(path)
    path.chmod(0o640)
    assert "chmod 600" in exposure(path)


def test_those_who_make_it_at_the_same_time_get_the_same_key(tmp_path):
    program = "import sys; from pathlib import Path; from tools.grade.key import load_key\n"
    program += "input(); print(load_key(Path(sys.argv[1])).hex())"
    makers = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path / "key")],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(6)
    ]
    for maker in makers:
        maker.stdin.write("\n")
        maker.stdin.flush()
    assert len({maker.communicate()[0] for maker in makers}) == 1
    assert os.listdir(tmp_path) == ["key"]


def test_a_file_system_without_links_will_do(tmp_path, monkeypatch):
    def link(source, target):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", link)
    key = load_key(tmp_path / "key")
    assert load_key(tmp_path / "key") == key
    assert os.listdir(tmp_path) == ["key"]


def test_seeds_and_fingerprints_are_the_same_for_ever():
    # Grades stand on these: a change of them is a change of every grade that was ever given.
    words = seed(KEY, "08_closed_loop_control", "02_01", 0)
    assert "".join(f"{word:08x}" for word in words) == (
        # printf '["case", "08_closed_loop_control", "02_01", 0]' | openssl dgst -sha256 -mac HMAC
        # -macopt hexkey:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f
        "284751358a3a767ce2ea999b1a5451390f03faed6d09b6b541d878fa1788f6e7"
    )
    assert np.random.default_rng(words).integers(10**9, size=2).tolist() == [379283259, 347895518]
    assert fingerprint(KEY) == "c453a2a3ef5e62a62b0fad2e54511cad"


@given(
    st.lists(
        st.tuples(st.binary(min_size=32, max_size=32), st.text(), st.text(), st.integers(0)),
        min_size=2,
        max_size=6,
        unique=True,
    )
)
def test_every_key_chapter_exercise_and_number_has_a_seed_of_its_own(asked):
    seeds = [seed(*one) for one in asked]
    assert len({tuple(words) for words in seeds}) == len(asked)
    for words in seeds:
        assert len(words) == 8
        assert all(0 <= word < 2**32 for word in words)
        np.random.default_rng(words)


def test_a_fingerprint_is_no_part_of_any_seed():
    text = "".join(f"{word:08x}" for word in seed(KEY, "", "", 0)) + KEY.hex()
    assert fingerprint(KEY) not in text
    assert fingerprint(KEY) != fingerprint(bytes(32))
