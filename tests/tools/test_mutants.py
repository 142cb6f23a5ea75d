"""Mutants: what is changed, what becomes of it, and how that is kept and checked."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest
from small_lesson import CHAPTER, LESSON, changed, write_chapter

from tools.checkfile import load_check_file
from tools.lesson import ROOT, read_lesson
from tools.model import ModelNamespace
from tools.mutants import drafted, mutants_table, mutate_chapter, unexplained
from tools.mutants.judging import fates
from tools.mutants.mutations import Mutant, mutants_of, plain_answer
from tools.record import record_chapter, reference_path
from utils.tester.store import load_chapter

CELL = '''
def train(x, ds, train_range=None, lag=0, **options):
    """Words."""
    w = np.array(x)  # TODO A copy. | コピー。
    start, end = (0, 1) if train_range is None else train_range
    record = [w.copy()]
    for k in range(len(ds)):
        if start <= k < end and lag >= 0:
            error = (ds[k] - w @ x) * -lag
            w += error
            record = [*record, step(x, w)]
            total = np.mean(ds[1:k])
    plot(total, **options)
    return w, record


def solution(x):
    return train(x)


test_func(solution, "01_01")
# show_solution("01_01")
'''

CHANGES = [
    ("index_off_by_one", "ds[k]", "ds[(k + 1)]"),
    ("index_off_by_one", "ds[k]", "ds[(k - 1)]"),
    ("slice_bound", "ds[1:k]", "ds[1:(k - 1)]"),
    ("slice_bound", "ds[1:k]", "ds[:k]"),
    ("slice_bound", "ds[1:k]", "ds[1:]"),
    ("range_bound", "range(len(ds))", "range((len(ds) - 1))"),
    ("comparison_bound", "k < end", "k < (end + 1)"),
    ("dropped_comparison", "start <= k < end", "start <= k"),
    ("condition", "if start <= k < end and lag >= 0:", "if True:"),
    ("dropped_term", "(ds[k] - w @ x)", "(ds[k])"),
    ("dropped_sign", "-lag", "(lag)"),
    ("dropped_call", "step(x, w)", "(w)"),
    ("dropped_element", "(w, record)", "(record,)"),
    ("swapped_elements", "(w, record)", "(record, w)"),
    ("swapped_elements", "start, end =", "end, start ="),
    ("swapped_operands", "w @ x", "(x) @ (w)"),
    ("swapped_arguments", "step(x, w)", "step(w, x)"),
    ("transposition", "w = np.array(x)", "w = np.transpose(np.array(x))"),
    ("other_name", "step(x, w)", "step(x, x)"),
    ("ignored_argument", "w = np.array(x)", "train_range = None; w = np.array(x)"),
    ("ignored_keywords", "**options)", "**{})"),
    ("aliased", "np.array(x)", "np.asarray(x)"),
    ("aliased", "w.copy()", "w"),
    ("in_place", "w = np.array(x)", "w[...] = np.array(x)"),
    ("accumulated", "w = np.array(x)", "w += np.array(x)"),
    ("not_in_place", "w += error", "w = w + (error)"),
    ("dropped_statement", "w += error", "pass"),
    ("doubled_statement", "w += error", "w += error; w += error"),
    # mutmut's own
    ("swap_op", "start <= k", "start < k"),
    ("swap_op", "ds[k] - w", "ds[k] + w"),
    ("number", "lag=0", "lag=1"),
    ("arg_removal", "step(x, w)", "step(x, )"),
    ("if_exp", "if train_range is None else", "if (train_range is None) and False else"),
    ("augmented_assignment", "w += error", "w = error"),
]


@pytest.fixture(scope="module")
def mutants():
    return mutants_of(plain_answer(CELL))


@pytest.mark.parametrize(("operator", "old", "new"), CHANGES)
def test_an_operator(mutants, operator, old, new):
    made = [mutant for mutant in mutants if mutant.operator == operator and old in mutant.before]
    assert any(mutant.after == mutant.before.replace(old, new, 1) for mutant in made), [
        mutant.after for mutant in made
    ]


def test_neighbours_change_places(mutants):
    after = [mutant.after for mutant in mutants if mutant.operator == "swapped_statements"]
    assert "w += error\nerror = (ds[k] - w @ x) * -lag" in after


def test_no_mutant_is_the_answer_or_another_mutant(mutants):
    plain = plain_answer(CELL)
    assert "TODO" not in plain
    assert "Words" not in plain
    assert "solution" not in plain
    sources = [mutant.source for mutant in mutants]
    assert plain not in sources
    assert len(set(sources)) == len(sources)
    for source in sources:
        compile(source, "mutant", "exec")


def test_a_change_knows_its_place(mutants):
    places = {mutant.before: (mutant.function, mutant.in_loop) for mutant in mutants}
    assert places["w += error"] == ("train", True)
    assert places["plot(total, **options)"] == ("train", False)


def test_keywords_are_no_variables():
    [*mutants] = mutants_of("def f(a, b):\n    return g(a=b)\n")
    assert not [mutant for mutant in mutants if "g(b=" in mutant.after]


@pytest.fixture
def root(tmp_path):
    write_chapter(tmp_path)
    assert record_chapter(CHAPTER, tmp_path) == []
    return tmp_path


def test_what_becomes_of_a_mutant(root):
    def decay(body):
        return Mutant("", "decay", "", "", f"def decay(x, rate, log):\n    {body}\n", True)

    right = "log.append(rate); return (1 - rate) * x"
    bodies = {
        right: "passed",
        "return x": "failed",
        "return 1 / 0": "error",
        "import os; os.kill(os.getpid(), 9)": "error",  # dies without a word
        # Nothing is written there: without a limit on memory it costs nothing and passes.
        "room = bytearray(8 << 30); " + right: "error",
        "print('a' * 100000)\n    " + right: "passed",
        "while True: pass": "timeout",
        "import signal, time; signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})\n"
        "    time.sleep(600)": "timeout",  # as a call into compiled code that does not end
    }
    lesson = read_lesson(CHAPTER, root)
    namespace = ModelNamespace(lesson, "01_01", load_check_file(root, CHAPTER, "01_01").file)
    exercise = load_chapter(reference_path(CHAPTER, root)).exercises["01_01"]
    calls = []
    found = fates(
        exercise,
        namespace,
        [decay(body) for body in bodies],
        lambda: calls.append(1),
        seconds=0.5,
        grace=0.5,
    )
    assert dict(zip(bodies, found, strict=True)) == bodies
    assert len(calls) == len(bodies)


def equivalents(root, *entries):
    text = "".join(
        f"[[equivalent]]\nexercise = {json.dumps(exercise)}\nbefore = {json.dumps(before)}\n"
        f"after = [{json.dumps(after)}]\nreason = {json.dumps(reason)}\n\n"
        for exercise, before, after, reason in entries
    )
    (root / "solutions" / CHAPTER / "equivalents.toml").write_text(text, encoding="utf-8")


def test_a_chapter(root):
    first = mutate_chapter(CHAPTER, root)
    kept = root / "solutions" / CHAPTER / "mutants.json"
    written = kept.read_bytes()
    for result in first.exercises.values():
        assert result.mutants == result.refused + len(result.survivors)
        assert result.failed > result.timeout == 0
        assert result.error > 0
    survivors = [
        (name, mutant.before, mutant.after, "Because.")
        for name, result in first.exercises.items()
        for mutant in result.survivors
    ]
    assert len(first.problems) == len(survivors) > 0
    name, before, after, _ = survivors[0]
    assert (name, before, after) == (
        "01_01",
        "log.append(rate)\ny = (1 - rate) * x",
        "y = (1 - rate) * x\nlog.append(rate)",
    )
    assert first.problems[0].startswith(f"solutions/{CHAPTER}/checks/{name}.py: a mutant survives")
    assert f"{before!r} -> {after!r}" in first.problems[0]
    assert mutants_table([first]).row_count == 2

    # Known equivalents are no problem, and cost no run.
    draft = drafted(unexplained(first)).replace('reason = ""', 'reason = "Because."')
    (root / "solutions" / CHAPTER / "equivalents.toml").write_text(draft, encoding="utf-8")
    assert mutate_chapter(CHAPTER, root, check=True).problems == []
    again = mutate_chapter(CHAPTER, root)
    assert again.problems == []
    assert kept.read_bytes() == written
    assert [len(result.equivalents) for result in again.exercises.values()] == [
        len(result.survivors) for result in first.exercises.values()
    ]

    # One that no longer applies, stands there twice or has no reason is an error.
    equivalents(root, *survivors, ("01_01", "y = x", "y = z", "Wrong."))
    [problem] = mutate_chapter(CHAPTER, root, check=True).problems
    assert "01_01: 'y = x' -> 'y = z' no longer applies" in problem
    equivalents(root, survivors[0], *survivors)
    assert "stands there twice" in mutate_chapter(CHAPTER, root, check=True).problems[0]
    equivalents(root, (*survivors[0][:3], " "))
    assert "has no reason" in mutate_chapter(CHAPTER, root, check=True).problems[0]


def test_references_of_other_sources_decide_nothing(root):
    write_chapter(root, lesson=changed(LESSON, "x = x0\n", "x = x0 + 0\n"))
    for check in (False, True):
        [problem] = mutate_chapter(CHAPTER, root, check=check).problems
        assert problem.startswith(f"chapters/checks/{CHAPTER}.npz: stale")


def test_an_import_that_no_exercise_uses_makes_nothing_stale(root):
    mutate_chapter(CHAPTER, root)
    for imported, fresh in [("import textwrap", True), ("from math import nan as decay", False)]:
        lesson = changed(LESSON, "import numpy as np\n", f"import numpy as np\n{imported}\n")
        write_chapter(root, lesson=lesson)
        problems = mutate_chapter(CHAPTER, root, check=True).problems
        assert any("stale" in problem for problem in problems) != fresh


def test_only_what_changed_is_stale(root):
    mutate_chapter(CHAPTER, root)
    equivalents(root, ("01_02", "not known", "before a run", "Because."))
    write_chapter(root, lesson=changed(LESSON, "x = x0\n", "x = x0 + 0\n"))
    assert record_chapter(CHAPTER, root) == []
    before = json.loads((root / "solutions" / CHAPTER / "mutants.json").read_text())
    problems = mutate_chapter(CHAPTER, root, check=True).problems
    assert not [problem for problem in problems if "no longer applies" in problem]
    assert [problem for problem in problems if "stale" in problem] == [
        f"solutions/{CHAPTER}/mutants.json: 01_02 is missing or stale, what it was made from has "
        "changed. Run python -m tools verify --mutants."
    ]
    assert "no longer applies" in mutate_chapter(CHAPTER, root).problems[-1]
    after = json.loads((root / "solutions" / CHAPTER / "mutants.json").read_text())
    assert after["exercises"]["01_01"] == before["exercises"]["01_01"]
    assert after["exercises"]["01_02"]["mutants"] > before["exercises"]["01_02"]["mutants"]


SLOW = changed(LESSON, "    x = x0\n", '    __import__("time").sleep(0.006)\n    x = x0\n')


@pytest.fixture
def tree(tmp_path):
    """A project with the tools in it, and a chapter whose second exercise takes its time."""
    for name in ("tools", "utils"):
        shutil.copytree(ROOT / name, tmp_path / name)
    write_chapter(tmp_path, lesson=SLOW)
    assert record_chapter(CHAPTER, tmp_path) == []
    return tmp_path


def test_a_run_that_is_interrupted_keeps_what_is_finished_and_is_resumed(tree):
    kept = tree / "solutions" / CHAPTER / "mutants.json"
    # The other parts of the gate come before, and are no part of this.
    program = (
        "import runpy, sys, tools.verify.command as command\n"
        "command.run_jobs = lambda *_: []\n"
        f"sys.argv[1:] = ['verify', '--mutants', {CHAPTER!r}]\n"
        "runpy.run_module('tools', run_name='__main__')\n"
    )
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=tree, start_new_session=True, **pipes
    ) as running:
        while not kept.exists():
            assert running.poll() is None, running.communicate()
            time.sleep(0.01)
        time.sleep(0.2)  # into the next exercise
        os.killpg(running.pid, signal.SIGINT)  # as a terminal does it
        said = "".join(running.communicate())
    assert running.returncode == 130
    assert "Traceback" not in said
    with pytest.raises(ProcessLookupError):  # nobody is left
        os.killpg(running.pid, 0)
    finished = json.loads(kept.read_text())["exercises"]
    assert finished.keys() == {"01_01"}
    assert not list(kept.parent.glob(".*"))  # nor is anything half written

    # What is kept is not judged again: figures that no run gives stay.
    finished["01_01"]["mutants"] += 1000
    kept.write_text(json.dumps({"schema": 1, "exercises": finished}))
    resumed = mutate_chapter(CHAPTER, tree).exercises
    assert resumed["01_01"].mutants == finished["01_01"]["mutants"]
    assert resumed["01_02"].mutants > 0
    assert json.loads(kept.read_text())["exercises"].keys() == {"01_01", "01_02"}
