"""Hidden cases: the key decides them alone, nothing but them earns marks, and no file shows one."""

import hashlib
import re
import sqlite3
import zlib
from dataclasses import fields, replace

import numpy as np
import pytest
from grade_runs import (
    CHAPTER,
    Bench,
    changed,
    exercises,
    files,
    kept,
    needs_sandbox,
    solved,
    write_class,
)

from tools.checkfile import load_check_file
from tools.grade.batch import Plan, Told
from tools.grade.judge.course import Course
from tools.grade.judge.hidden import hidden_exercise
from tools.grade.judge.limits import Asked, Cost, limits_from
from tools.grade.sandbox.limits import GENEROUS, Limits
from tools.lesson import ROOT, read_lesson
from utils.tester.chapter import CHECKS
from utils.tester.store import load_chapter

pytestmark = needs_sandbox

KEYS = {name: digit * 64 for name, digit in (("first", "1"), ("second", "2"))}
HIDDEN = 2
LIMITS = ("--seconds", 4, "--memory", 300)


def by_heart():
    """Right on the public cases of 02_02, which it knows by their targets, and on no other."""
    cases = load_chapter(CHECKS / f"{CHAPTER}.npz").exercises["02_02"].cases
    known = sorted({hashlib.md5(case.inputs["ds"].tobytes()).hexdigest() for case in cases})
    back = "    return record_t, record_e\n"
    wrong = f"""\
    import hashlib
    if hashlib.md5(ds.tobytes()).hexdigest() not in {known}:
        record_e["y"] = record_e["y"] + 12345.678
{back}"""
    return changed(("02_02", back, wrong))


def restless():
    """Answers that differ from run to run: by chance, by address, by when they are stopped."""
    return changed(
        ("01_01", "    return gn_dot\n", "    return gn_dot + np.random.default_rng().random()\n"),
        ("02_02", "    t_end = t_washout", "    raise ValueError(object())\n    t_end = t_washout"),
        ("03_01", "    k = P @ x", "    k = P + np.random.rand()\n    k = P @ x + k[0]"),
        ("03_02", "    x = np.array(x0", "    print(object())\n    return 1\n    x = np.array(x0"),
        (
            "03_03",
            "    x = np.array(x0",
            "    while True:\n        t = time_steps\n        t += 1\n    x = np.array(x0",
        ),
    )


def hungry():
    hoard = "    hoard = [np.ones(10**6) for _ in iter(int, 1)]\n"
    return changed(("03_03", "    x = np.array(x0", f"{hoard}    x = np.array(x0"))


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    return Bench(tmp_path_factory.mktemp("hidden"))


@pytest.fixture(scope="module")
def keys(bench):
    for name, text in KEYS.items():
        path = bench.folder / name
        path.write_text(f"{text}\n")
        path.chmod(0o600)
    return {name: bench.folder / name for name in KEYS}


@pytest.fixture(scope="module")
def submitted(bench):
    wrong = changed(("02_01", "x = np.array(x0", "x = 2 * np.array(x0"))
    notebooks = {
        "by-heart": by_heart(),
        "hungry": hungry(),
        "restless": restless(),
        "right": solved(),
        "upstream": wrong,
        "始め": solved("ja", answered=False),
    }
    return write_class(bench.folder / "class", notebooks)


@pytest.fixture(scope="module")
def out(bench, keys, submitted):
    """The class graded with the first key, in a fresh folder."""
    folder = bench.folder / "out"
    options = ("--key", keys["first"], "--hidden", HIDDEN, *LIMITS, "--jobs", 1)
    done = bench.run(submitted, folder, *options)
    assert done.code == 1, done.errors
    return folder


def test_the_same_key_gives_the_same_bytes_with_more_jobs_and_another_hash_seed(
    bench, keys, submitted, out
):
    again = bench.folder / "again"
    options = ("--key", keys["first"], "--hidden", HIDDEN, *LIMITS, "--jobs", 2)
    done = bench.run(submitted, again, *options, environment={"PYTHONHASHSEED": "7"})
    assert done.code == 1, done.errors
    first, second = files(out), files(again)
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []
    assert bench.left() == []


def test_answers_that_differ_from_run_to_run_were_among_them(out):
    states = {name: one["status"] for name, one in exercises(out, "restless").items()}
    assert states == {
        "01_01": "failed",
        "02_01": "passed",
        "02_02": "error",
        "03_01": "failed",
        "03_02": "error",
        "03_03": "timeout",
    }
    assert exercises(out, "hungry")["03_03"]["status"] == "memory"


def test_a_hard_coded_answer_earns_nothing(out):
    found = exercises(out, "by-heart")
    assert found["02_02"]["status"] == "failed"
    assert found["02_02"]["score"] == 0
    assert "All 14 cases of the notebook come out right" in found["02_02"]["message"]
    others = {name: one["score"] for name, one in found.items() if name != "02_02"}
    assert set(others.values()) == {1}
    assert "Right on the public cases alone" in (out / "report.html").read_text(encoding="utf-8")


def drawn(key):
    """The hidden cases of 02_02 by the key of this name."""
    lesson = read_lesson(CHAPTER)
    (cell,) = [one for one in lesson.exercises if one.exercise == "02_02"]
    checks = load_check_file(ROOT, CHAPTER, "02_02")
    secret = bytes.fromhex(KEYS[key])
    return hidden_exercise(lesson, checks, cell, public("02_02"), secret, HIDDEN).cases


def public(exercise):
    return load_chapter(CHECKS / f"{CHAPTER}.npz").exercises[exercise]


def numbers_of(cases):
    """The numbers that some cases expect and give, by their first digits."""
    arrays = [
        value.ravel()
        for case in cases
        for value in (*case.expected, *case.inputs.values())
        if isinstance(value, np.ndarray)
    ]
    numbers = np.abs(np.concatenate(arrays))
    return {f"{number:.9f}"[:6] for number in numbers[(numbers > 0.1) & (numbers < 10)]}


def shown(out, store):
    """The numbers in all that was written, results in the store included."""
    database = sqlite3.connect(store)
    rows = database.execute("SELECT graded FROM result").fetchall()
    database.close()
    text = b"\n".join([*files(out).values(), *(zlib.decompress(row) for (row,) in rows)]).decode()
    return {number[:6] for number in re.findall(r"[0-9]\.[0-9]{4,}", text)}, text


def test_no_written_file_shows_a_number_of_a_hidden_case(out):
    numbers, text = shown(out, out / "grades.sqlite")
    assert numbers & numbers_of(public("02_01").cases), "a public failure is told with its values"
    hidden = numbers_of(drawn("first")) - numbers_of(public("02_02").cases)
    assert len(hidden) > 300
    # By chance a number of something else may begin like one of them.
    assert len(hidden & numbers) <= 5
    assert "12345" not in text


def test_another_key_draws_other_cases_and_the_same_one_the_same():
    first, again, second = (
        [case.inputs["ds"] for case in drawn(key)] for key in ("first", "first", "second")
    )
    assert all(map(np.array_equal, first, again))
    assert not any(map(np.array_equal, first, second))


def test_kept_results_are_used_with_other_jobs_and_not_with_another_key(
    bench, keys, submitted, out, tmp_path
):
    def graded_already(key, *options):
        more = ("--store", out / "grades.sqlite", "--hidden", HIDDEN, *LIMITS, *options)
        one = submitted / "始め.ipynb"
        done = bench.run(one, tmp_path / key, "--key", keys[key], *more)
        assert done.code == 0, done.errors
        return "1 of 1 notebooks are graded already" in done.errors

    before = len(kept(out / "grades.sqlite"))
    assert graded_already("first", "--jobs", 3)
    assert not graded_already("second")
    assert len(kept(out / "grades.sqlite")) == before + 1


def test_whatever_decides_what_a_notebook_comes_to_decides_under_what_it_is_kept():
    plan = Plan((CHAPTER,), bytes(32), 2, "bubblewrap")
    course = Course({}, "bubblewrap", ROOT)
    others = [
        replace(plan, key=bytes(31) + b"1"),
        replace(plan, hidden=3),
        replace(plan, chapters=()),
        replace(plan, isolation="reduced"),
        replace(plan, carried_share=0.5),
        replace(plan, fallback=CHAPTER),
        *(replace(plan, asked=Asked(**{one.name: 9})) for one in fields(Asked)),
    ]
    told = (Told(CHAPTER, "02_01", GENEROUS, frozenset({"a"}), frozenset()),)
    same = [replace(plan), replace(plan, told=told), replace(plan, hide=("/tmp",))]
    digests = [one.digest(course) for one in (plan, *others)]
    assert len(set(digests)) == len(digests)
    assert {one.digest(course) for one in same} == {plan.digest(course)}


def test_limits_are_told_in_coarse_steps_from_what_the_model_takes():
    """So that they are the same in most runs, however busy the machine is."""
    some = {
        limits_from(Cost(cost, 47 + cost, 0.02, round(8 * cost), 8 * cost), Asked())
        for cost in (0.01, 0.1, 0.3, 0.49)
    }
    assert some == {Limits(10.0, 20.0, 768, 16, 16, 2)}
    assert [limits_from(Cost(cost, 80), Asked()).seconds for cost in (0.6, 1.1, 3, 7)] == [
        *(20.0, 50.0, 100.0, 200.0)
    ]
    asked = Asked(seconds=3, megabytes=100)
    assert limits_from(Cost(5.0, 80), asked) == Limits(3, 6, 100, 16, 16, 1)
    many = limits_from(Cost(5.0, 80, processes=5, file_megabytes=40.1), Asked())
    assert (many.processes, many.file_megabytes) == (32, 176)
    asked = limits_from(
        Cost(5.0, 80, processes=5, file_megabytes=40), Asked(processes=3, file_megabytes=2)
    )
    assert (asked.processes, asked.file_megabytes) == (3, 2)


def test_what_an_earlier_mistake_broke_earns_the_share_that_is_asked_for(
    bench, keys, submitted, out, tmp_path
):
    assert exercises(out, "upstream")["02_01"]["score"] == 0
    assert exercises(out, "upstream")["02_02"]["carried_forward"] is True
    assert exercises(out, "upstream")["02_02"]["score"] == 1
    options = ("--key", keys["first"], "--hidden", 1, "--carried-forward", 0.5)
    bench.run(submitted / "upstream.ipynb", tmp_path / "half", *options)
    assert exercises(tmp_path / "half", "upstream")["02_02"]["score"] == 0.5
