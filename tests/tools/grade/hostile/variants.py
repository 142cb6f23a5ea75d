"""Notebooks with a known mistake, another right answer, or code spread over other cells."""

import json

from hostile_notebooks import (
    CHAPTER,
    VICTIM,
    as_bytes,
    exercise_cell,
    solved,
    source_of,
    with_source,
)

from tools.checkfile import load_check_file
from tools.lesson import ROOT, read_lesson
from tools.notebook import make_notebook
from utils.tester.markers import keep_language

CALL = 'test_func(sample_mg_dynamics, "01_01", multiple_output=True)'
HISTORY = "        gs = [*gs[1:], step(gs[-1])]\n"

# A sample over all exercises: of value, shape, exception, state and arguments changed in place.
MISTAKES = {
    "01_01": (
        "power_of_now",
        "history_not_dropped",
        "fraction_without_brackets",
        "oldest_recorded",
    ),
    "02_01": ("end_inclusive", "output_of_first_state"),
    "02_02": ("washout_kept", "never_trained"),
    "03_01": ("callers_P_changed", "inner_for_outer", "dw_transposed"),
    "03_02": ("force_every_ignored", "weights_by_reference"),
    "03_03": ("one_P_a_row", "teacher_forced"),
}
ALTERNATIVES = {
    "01_01": ("deque", "power_by_logarithm"),
    "02_01": ("lists_of_states",),
    "02_02": ("normal_equations",),
    "03_01": ("symmetric_blas",),
    "03_02": ("lists",),
    "03_03": ("rows_backwards",),
}
# Of exercises that do not need each other, so that one notebook has them all.
TORCH = {
    "02_01": "squashed_twice",
    "02_02": "no_penalty_rows",
    "02_03": "sum_for_mean",
    "02_04": "zero_grad_forgotten",
}
# What no check file lists: (old, new) in the victim's cell.
OWN = {
    "ellipsis": (HISTORY, "        gs = ...\n"),
    "exception": (HISTORY, HISTORY + "        raise KeyError('あ')\n"),
    "no-value": ("    return ts, np.array(out)", "    return None"),
    "one-value": ("    return ts, np.array(out)", "    return np.array(out)"),
    "list": ("    return ts, np.array(out)", "    return list(ts), out"),
    "wrong-list": ("    return ts, np.array(out)", "    return list(ts), out[:-1]"),
    "single": ("    return ts, np.array(out)", "    return ts, np.float32(out)"),
    "complex": ("    return ts, np.array(out)", "    return ts, np.array(out) + 0j"),
    "text": ("    return ts, np.array(out)", "    return ts, ['a'] * len(out)"),
    "dictionary": ("    return ts, np.array(out)", "    return {1: ts, 'out': out}"),
    "own-class": ("    return ts, np.array(out)", "    return ts, type('Mine', (), {})()"),
    "nan": ("    return ts, np.array(out)", "    return ts, np.array(out) / np.zeros(1)"),
    "printing": ("    dT = tau", "    print('x' * 9999)\n    dT = 2 * tau"),
    "other-parameters": ("(\n    time_steps, tau,", "(\n    steps, tau,"),
    "reduced-to-nothing": ("def sample_mg_dynamics(", "sample_mg_dynamics = 3\n\n\ndef other("),
}


def with_mistake(chapter, exercise, name):
    """The solved notebook with a known mistake in one exercise."""
    checks = load_check_file(ROOT, chapter, exercise)
    (mistake,) = [one for one in checks.mistakes if one.name == name]
    return _with_changes(chapter, exercise, mistake.replace, "")


def with_alternative(chapter, exercise, name):
    """The solved notebook with another right answer to one exercise."""
    checks = load_check_file(ROOT, chapter, exercise)
    (alternative,) = [one for one in checks.alternatives if one.name == name]
    return _with_changes(chapter, exercise, alternative.replace, alternative.code)


def with_mistakes(chapter, mistakes):
    """The solved notebook with a known mistake in each of several exercises."""
    notebook = None
    for exercise, name in mistakes.items():
        changed = json.loads(with_mistake(chapter, exercise, name))
        notebook = with_source(exercise, source_of(changed, exercise), notebook or changed)
    return as_bytes(notebook)


def _with_changes(chapter, exercise, replacements, code):
    lesson = read_lesson(chapter)
    source = lesson.exercise(exercise).source
    for old, new in replacements:
        assert source.count(old) == 1
        source = source.replace(old, new)
    at = source.rindex("\ntest_func(")
    source = keep_language(f"{source[:at]}\n{code}\n{source[at:]}", "en")
    notebook = json.loads(make_notebook(lesson, "en", ROOT, solved=True))
    return as_bytes(with_source(exercise, source, notebook))


def unsolved():
    return make_notebook(read_lesson(CHAPTER), "en", ROOT).encode()


def own():
    """Notebooks with what no check file lists, by name."""
    source = source_of(solved(), VICTIM)
    made = {}
    for name, (old, new) in OWN.items():
        assert source.count(old) == 1, name
        notebook = json.loads(unsolved())  # what is not looked at is not begun
        made[name] = as_bytes(with_source(VICTIM, source.replace(old, new), notebook))
    return made


def _spread(sources, above=(), below=(), elsewhere=None, alone=False):
    """The victim's cell cut into several, and cells far above and right below.

    Args:
        sources: what stands in its place, a text a cell.
        above, below: cells at the notebook's beginning, and right below.
        elsewhere: by exercise, what to make of its cell.
        alone: whether nothing comes after that.
    """
    notebook = solved()
    at = notebook["cells"].index(exercise_cell(notebook, VICTIM))
    cells = [_code(one) for one in (*sources, *below)]
    cells[0]["metadata"] = {}
    notebook["cells"][at : None if alone else at + 1] = cells
    notebook["cells"][1:1] = [_code(one) for one in above]
    for exercise, change in (elsewhere or {}).items():
        cell = exercise_cell(notebook, exercise)
        cell["source"] = change("".join(cell["source"]))
    return as_bytes(notebook)


def _code(source):
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": []}


def slices():
    """(notebook, status of 01_01, of all others) by name: what is in force, and what is not."""
    whole = source_of(solved(), VICTIM)
    defined, tested = whole[: whole.index(CALL)], CALL
    helped = defined.replace("[*gs[1:], step(gs[-1])]", "moved_on(gs, step)")
    helper = "def moved_on(gs, step):\n    return [*gs[1:], step(gs[-1])]\n"
    constant = defined.replace("(num_split - 1)", "(num_split - ENDS)")
    wrong = "def sample_mg_dynamics(*args, **kwargs):\n    return 0, 0\n"
    wrong_func = "def mackey_glass_func(*args, **kwargs):\n    return 0.0\n"
    imports = {
        "02_01": lambda source: f"import numpy as numerics\n{source}",
        "02_02": lambda source: source.replace(
            "    t_end =", "    numerics.zeros(3)\n    t_end =", 1
        ),
    }
    spent = "passed", "passed"
    return {
        "helper-far-above": (_spread([helped, tested], above=[helper]), *spent),
        "helper-below-the-definition": (_spread([helped, helper, tested]), *spent),
        "helper-below-the-call": (_spread([helped, tested, helper]), "error", "passed"),
        "helper-in-a-cell-that-fails": (
            _spread([helped, tested], above=[f"{helper}1 / 0"]),
            *spent,
        ),
        "constant-below-the-definition": (_spread([constant, "ENDS = 1", tested]), *spent),
        "constant-changed-before-the-call": (
            _spread(["ENDS = 1", constant, "ENDS = 2", tested]),
            "failed",
            "passed",
        ),
        "constant-changed-after-the-call": (
            _spread(["ENDS = 1", constant, tested, "ENDS = 2"]),
            *spent,
        ),
        "constant-by-a-loop": (
            _spread(["ENDS = 0\nfor _ in range(1):\n    ENDS += 1", constant, tested]),
            *spent,
        ),
        "import-in-another-exercise": (_spread([whole], elsewhere=imports), *spent),
        "cells-that-fail": (_spread([whole], above=["1 / 0", "raise SystemExit", "("]), *spent),
        "cells-that-never-end": (
            _spread(["while True: pass", whole, "while True: pass"], above=["input()"]),
            *spent,
        ),
        "a-demo-that-never-ends": (
            _spread([defined, "while True:\n    sample_mg_dynamics(10, 17, 18)", tested]),
            *spent,
        ),
        "redefined-after-the-call": (_spread([whole, wrong, wrong_func]), *spent),
        "redefined-before-the-call": (_spread([defined, wrong, tested]), "failed", "passed"),
        "part-redefined-before-the-call": (
            _spread([defined, wrong_func, tested]),
            "failed",
            "passed",
        ),
        "called-twice": (_spread([f"{wrong}\n{tested}", whole]), *spent),
        "called-again-when-wrong": (_spread([whole, f"{wrong}\n{tested}"]), "failed", "passed"),
        "call-deleted": (_spread([defined]), *spent),
        "call-deleted-and-redefined": (_spread([defined, wrong]), "failed", "passed"),
        "call-in-a-comment": (_spread([defined, f"# {tested}"]), *spent),
        "in-a-branch": (
            _spread([f"if True:\n{_indented(defined)}", f"if True:\n    {tested}"]),
            *spent,
        ),
        "decorated": (
            _spread([defined.replace("def sample", "@kept\ndef sample"), tested], above=[_KEPT]),
            *spent,
        ),
        "a-partial": (
            _spread(
                [
                    f"import functools\n{defined}",
                    tested.replace("(sample", "(functools.partial(sample", 1).replace(
                        "dynamics,", "dynamics, display=False),"
                    ),
                ]
            ),
            *spent,
        ),
        "a-lambda": (
            _spread(
                [
                    defined,
                    tested.replace(
                        "sample_mg_dynamics", "lambda *a, **k: sample_mg_dynamics(*a, **k)"
                    ),
                ]
            ),
            *spent,
        ),
        "an-expression-that-fails": (
            _spread([defined, tested.replace("sample_mg_dynamics", "sample_mg_dynamics[0]")]),
            "error",
            "passed",
        ),
        # Everything above is run then: the rest of the notebook would only take its time.
        "executed": (_spread([f"exec({defined!r})", tested], alone=True), "passed", "missing"),
        "through-globals": (
            _spread(
                [
                    defined.replace("def sample_mg", "def hidden_mg"),
                    "globals()['sample_mg_dynamics'] = hidden_mg_dynamics",
                    tested,
                ],
                alone=True,
            ),
            "passed",
            "missing",
        ),
    }


_KEPT = """
import functools


def kept(function):
    @functools.wraps(function)
    def inner(*args, **kwargs):
        return function(*args, **kwargs)

    return inner
"""


def _indented(source):
    return "".join(f"    {line}\n" if line else "\n" for line in source.split("\n"))
