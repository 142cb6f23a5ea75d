"""A chapter of three small exercises, recorded as a real one is, for the checker's tests."""

from __future__ import annotations

import linecache
import shutil
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

import utils
from utils.tester.answers import write_answers
from utils.tester.calling import LocalCaller
from utils.tester.fingerprints import prints_of_mistake
from utils.tester.outputs import rules_of, split_outputs
from utils.tester.records import Case, Chapter, Exercise, Gap, KnownMistake
from utils.tester.rules import Numeric
from utils.tester.store import save_chapter
from utils.tester.text import Text

NAME = "01_small"

# 01_01: two outputs, a known mistake, a harness.
LEAK = """\
def leak(steps, x0, rate=0.5):
    x = np.array(x0, dtype=float)
    xs = [x]
    for k in range(steps):
        x = x + rate * (np.sin(k + 1.0) - x)  # TODO One step.
        xs.append(x)
    total = np.sum(xs, axis=0)  # TODO The sum over time.
    return np.array(xs), total


def solution(*args, **kwargs):
    return leak(*args, **kwargs)
"""
LEAK_GAPS = {
    "x + rate * (np.sin(k + 1.0) - x)": Text("One step.", "1ステップ。"),
    "np.sum(xs, axis=0)": Text("The sum over time.", "時間方向の和。"),
}
LEAK_HINT = Text("How far does one step go?", "1ステップでどこまで進みますか。")
LEAK_HINTS = (
    Text("What is the state before the first step?", "最初のステップの前の状態は何ですか。"),
    Text("Add up `xs` over time.", "`xs` を時間方向に足し合わせます。"),
)
LEAK_TEST = 'test_func(solution, "01_01", multiple_output=True)\n# show_solution("01_01")'
LEAK_MISTAKE = ("rate * (np.sin", "rate * rate * (np.sin")

# 01_02: a function also called by itself, which must leave P alone, and a class.
FILTER = """\
def shrink(P, x):
    k = P @ x  # TODO The direction.
    return P - np.outer(k, k) / (1.0 + x @ k)  # TODO The next P.


class Filter:
    def __init__(self, n):
        self.P = np.eye(n)  # TODO The first P.

    def step(self, x):
        # TODO Move P on.
        self.P = shrink(self.P, x)
        # END TODO


def solution(n, xs):
    filter = Filter(n)
    for x in xs:
        filter.step(x)
    return filter.P
"""
FILTER_GAPS = {
    "P @ x": Text("The direction.", "方向。"),
    "P - np.outer(k, k) / (1.0 + x @ k)": Text("The next P.", "次のP。"),
    "np.eye(n)": Text("The first P.", "最初のP。"),
    "self.P = shrink(self.P, x)": Text("Move P on.", "Pを更新する。"),
}

# 01_03: arrays of any shape and an argument that has to be changed in place; no harness.
SCALE = """\
def scale(x, c, log):
    log.append(c)  # c is noted for the caller
    return c * x  # TODO Scale.
"""
SCALE_GAPS = {"c * x": Text("Scale.", "c倍する。")}

# 01_04: an exercise that calls another one's function.
MEAN = """\
def mean_leak(x0):
    return leak(4, x0)[1] / 5  # TODO The mean.
"""
MEAN_GAPS = {"leak(4, x0)[1] / 5": Text("The mean.", "平均。")}

_cells = count(1)


def cut(source: str, *answers: str) -> str:
    """The source with these answers replaced by gaps."""
    for answer in answers:
        assert source.count(answer) == 1
        source = source.replace(answer, "...")
    return source


def _starter(lang: str) -> str:
    """The cell of 01_01 as learners get it."""
    source = cut(LEAK, *LEAK_GAPS)
    for text in LEAK_GAPS.values():
        source = source.replace(text.en, text.in_language(lang))
    return f"{source}\n\n{LEAK_TEST}"


LEAK_STARTER = Text(_starter("en"), _starter("ja"))


def define(source: str) -> dict[str, Any]:
    """Run a learner's cell, whose source can be looked up as a notebook's can."""
    place = f"<cell {next(_cells)}>"
    linecache.cache[place] = (len(source), None, source.splitlines(keepends=True), place)
    namespace: dict[str, Any] = {"np": np, "__name__": "__main__"}
    exec(compile(source, place, "exec"), namespace)
    return namespace


def plant(root: Path) -> None:
    """Make ``root`` a learner's copy of the bootcamp with this chapter in it."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(utils.__path__[0], root / "utils", ignore=ignored)
    save(root / "chapters" / "checks")


def save(folder: Path, passphrase: str | None = None) -> None:
    """Write the chapter's references and answers to ``folder``."""
    exercises = {exercise.id: exercise for exercise in _exercises()}
    save_chapter(folder / f"{NAME}.npz", Chapter(NAME, exercises), "of no importance")
    answers = {
        "01_01": _answer(LEAK, LEAK_GAPS, "leak"),
        "01_02": _answer(FILTER, FILTER_GAPS, "shrink", "Filter"),
        "01_03": _answer(SCALE, SCALE_GAPS, "scale"),
        "01_A1": {"source": "# TODO Plot it. | 図にする。\nprint('```')\n", "functions": {}},
    }
    write_answers(folder / f"{NAME}.answers", answers, passphrase)


def _answer(source: str, gaps: dict[str, Text], *names: str) -> dict[str, Any]:
    for text in gaps.values():
        source = source.replace(f"TODO {text.en}", f"TODO {text.en} | {text.ja}")
    definitions = source.split("\n\n\n")
    functions = {
        name: part.strip()
        for name in names
        for part in definitions
        if part.startswith((f"def {name}", f"class {name}"))
    }
    return {"source": "\n\n\n".join(functions.values()), "functions": functions}


def _exercises() -> list[Exercise]:
    rng = np.random.default_rng(0)
    leak = Exercise(
        id="01_01",
        title=Text("A leaky sum", "減衰する和"),
        functions=("leak",),
        harness="solution",
        gaps=tuple(Gap("leak", text) for text in LEAK_GAPS.values()),
        outputs=(Numeric("xs"), Numeric("total")),
        cases=(
            Case(Text("one step", "1ステップ"), {"steps": 1, "x0": [1.0, -2.0]}),
            Case(Text("twelve steps", "12ステップ"), {"steps": 12, "x0": [1.0, -2.0]}),
            Case(Text("slow", "遅い場合"), {"steps": 30, "x0": rng.normal(size=3), "rate": 0.1}),
            Case(Text("two rows", "2行"), {"steps": 9, "x0": rng.normal(size=(2, 2)), "rate": 0.3}),
        ),
        mistakes=(),
        hints=LEAK_HINTS,
        starter=LEAK_STARTER,
    )
    filters = Exercise(
        id="01_02",
        title=Text("A filter", "フィルタ"),
        functions=("shrink", "Filter"),
        harness="solution",
        gaps=tuple(Gap("Filter.step", text) for text in FILTER_GAPS.values()),
        outputs=(Numeric("P"),),
        cases=(
            Case(Text("three states", "3状態"), {"n": 2, "xs": rng.normal(size=(3, 2))}),
            Case(
                Text("the function alone", "関数のみ"),
                {"P": np.diag([1.0, 2.0, 3.0]), "x": rng.normal(size=3)},
                call="shrink",
                outputs=(Numeric("P_new"),),
                preserves=("P",),
            ),
        ),
        mistakes=(),
    )
    scale = Exercise(
        id="01_03",
        title=Text("Scaling", "定数倍"),
        functions=("scale",),
        harness=None,
        gaps=tuple(Gap("scale", text) for text in SCALE_GAPS.values()),
        outputs=(Numeric("y"),),
        cases=(
            _scaled("a series", "時系列", rng.normal(size=8), 2.5),
            _scaled("a table", "表", rng.normal(size=(3, 4)), -0.5),
            _scaled("a cube", "3次元配列", rng.normal(size=(3, 4, 5)), 0.3),
        ),
        mistakes=(),
    )
    mean = Exercise(
        id="01_04",
        title=Text("A mean", "平均"),
        functions=("mean_leak",),
        harness=None,
        gaps=tuple(Gap("mean_leak", text) for text in MEAN_GAPS.values()),
        outputs=(Numeric("mean"),),
        cases=(Case(Text("one number", "1個の数"), {"x0": [2.0]}),),
        mistakes=(),
        needs=("01_01",),
    )
    recorded = [_recorded(leak, LEAK), _recorded(filters, FILTER), _recorded(scale, SCALE)]
    wrong = define(LEAK.replace(*LEAK_MISTAKE))["solution"]
    outcomes = [LocalCaller(wrong, {})(case) for case in recorded[0].cases]
    prints = prints_of_mistake(recorded[0], outcomes)
    recorded[0] = replace(recorded[0], mistakes=(KnownMistake("rate_twice", LEAK_HINT, prints),))
    return [*recorded, _recorded(mean, f"{LEAK}\n\n{MEAN}")]


def _scaled(en: str, ja: str, x: np.ndarray, c: float) -> Case:
    return Case(Text(en, ja), {"x": x, "c": c, "log": [1.0]}, mutates=("log",))


def _recorded(exercise: Exercise, source: str) -> Exercise:
    """The exercise with what the model's answer gives on its cases."""
    namespace = define(source)
    function = namespace[exercise.harness or exercise.functions[0]]
    call = LocalCaller(function, namespace, exercise.harness)
    cases = []
    for case in exercise.cases:
        outcome = call(case)
        assert outcome.finished
        expected = tuple(split_outputs(outcome.returned, rules_of(exercise, case)))
        after = {name: outcome.after[name] for name in case.mutates}
        cases.append(replace(case, expected=expected, after=after))
    return replace(exercise, cases=tuple(cases))
