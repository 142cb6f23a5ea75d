"""Answers come back as they were written, and nobody reads them by accident."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from utils.tester.answers import AnswersProblem, AnswersSealed, read_answers, write_answers

ROOT = Path(__file__).resolve().parents[3]
SOURCE = "def leaky_average(us):\n    return us  # TODO Return it. | 返します。"
ANSWERS = {"02_01": {"source": SOURCE, "functions": {"leaky_average": SOURCE}}}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "09.answers"


@given(
    st.dictionaries(
        st.text(max_size=6),
        st.fixed_dictionaries(
            {"source": st.text(), "functions": st.dictionaries(st.text(), st.text(), max_size=3)}
        ),
        max_size=4,
    )
)
def test_open_answers_come_back(tmp_path_factory, answers):
    path = tmp_path_factory.mktemp("open") / "09.answers"
    write_answers(path, answers)
    assert read_answers(path) == answers


@settings(max_examples=5, deadline=None)  # a passphrase is made slow to try
@given(st.text(min_size=1), st.text())
def test_sealed_answers_come_back(tmp_path_factory, passphrase, source):
    path = tmp_path_factory.mktemp("sealed") / "09.answers"
    answers = {"02_01": {"source": source, "functions": {}}}
    write_answers(path, answers, passphrase)
    assert read_answers(path, passphrase) == answers


@pytest.mark.parametrize("passphrase", [None, "open sesame"])
def test_no_answer_is_plain_text(path, passphrase):
    write_answers(path, ANSWERS, passphrase)
    assert b"leaky" not in path.read_bytes()
    assert b"return" not in path.read_bytes()


def test_open_answers_are_written_alike_each_time(path):
    write_answers(path, ANSWERS)
    first = path.read_bytes()
    write_answers(path, ANSWERS)
    assert path.read_bytes() == first


def test_line_ends_of_another_system_do_no_harm(path):
    write_answers(path, ANSWERS)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert read_answers(path) == ANSWERS


@pytest.mark.parametrize(
    ("passphrase", "english", "japanese"),
    [(None, "sealed", "封印"), ("wrong", "does not open", "開けません")],
)
def test_sealed_answers_stay_shut_without_the_passphrase(path, passphrase, english, japanese):
    write_answers(path, ANSWERS, "open sesame")
    with pytest.raises(AnswersSealed) as refusal:
        read_answers(path, passphrase)
    assert english in refusal.value.message.en
    assert japanese in refusal.value.message.ja


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"bootcamp answers 1 open",
        b"bootcamp answers 1 open\n!",
        b"bootcamp answers 1 open\nAAAA\n",
        b"bootcamp answers 2 open\nAAAA\n",
        b"bootcamp answers 1 sealed\nAAAA\nAAAA\n",
        b"\xff\xfe\x00",
    ],
)
def test_a_damaged_file_is_named(path, content):
    path.write_bytes(content)
    with pytest.raises(AnswersProblem) as refusal:
        read_answers(path, "open sesame")
    assert str(path) in refusal.value.message.en
    assert "壊れて" in refusal.value.message.ja


@given(st.data())
def test_a_file_cut_short_is_damaged(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("short") / "09.answers"
    write_answers(path, ANSWERS)
    whole = path.read_bytes().rstrip(b"\n")
    path.write_bytes(whole[: data.draw(st.integers(0, len(whole) - 1))])
    with pytest.raises(AnswersProblem):
        read_answers(path)


def test_a_missing_file_is_named(path):
    with pytest.raises(AnswersProblem) as refusal:
        read_answers(path)
    assert str(path) in str(refusal.value)


def test_only_sealing_needs_cryptography(path):
    program = f"""
import sys
sys.modules["cryptography"] = None
from pathlib import Path
from utils.tester.answers import AnswersProblem, read_answers, write_answers
path = Path({str(path)!r})
write_answers(path, {ANSWERS!r})
assert read_answers(path) == {ANSWERS!r}
try:
    write_answers(path, {{}}, "open sesame")
except AnswersProblem as problem:
    assert "pip install cryptography" in problem.message.en
    assert "pip install cryptography" in problem.message.ja
else:
    raise AssertionError
"""
    subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT)
