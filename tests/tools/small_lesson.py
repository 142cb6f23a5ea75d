"""A chapter of two exercises in a tree of its own, to be changed and recorded."""

from pathlib import Path

CHAPTER = "01_small"

LESSON = '''\
# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown] lang="en"
# # A small chapter

# %% [markdown] lang="ja"
# # 小さな章

# %% setup=true
# The build writes the set-up cell here.

# %%
import numpy as np

from utils.reservoir import Linear

# %%
raise RuntimeError("a demo is never run")

# %% exercise="01_01" points=2 minutes=5
def decay(x, rate, log):
    """One step towards zero."""
    log.append(rate)  # given
    y = (1 - rate) * x  # TODO The next state. | 次の状態。
    return y


test_func(decay, "01_01")
# show_solution("01_01")

# %% exercise="01_02" needs=["01_01"]
def run(steps, x0, rate, w):
    x = x0
    for _ in range(steps):
        x = decay(x, rate, [])  # TODO Go on. | 続ける。
    y = w(x)  # TODO The output. | 出力。
    return x, y


def solution(*args, **kwargs):
    return run(*args, **kwargs)


test_func(solution, "01_02", multiple_output=True)
# show_solution("01_02", "run")
'''

CHECKS_01 = '''\
import numpy as np
from tools.checks import Alternative, Case, Exact, Mistake, Numeric, Property, Text

TITLE = Text("Decay", "減衰")
HINTS = (Text("Where?", "どこ？"), Text("How?", "どうやって？"))
OUTPUTS = (Numeric("y"),)


def draw(rng):
    return Case(
        Text("drawn", "乱数"),
        {"x": rng.uniform(-1, 1, 3), "rate": rng.uniform(0.1, 0.9), "log": [0.5] * rng.integers(3)},
        mutates=("log",),
        preserves=("x",),
    )


def cases():
    return [draw(np.random.default_rng(i)) for i in range(12)]


MISTAKES = (
    Mistake("grows", (("(1 - rate)", "(1 + rate)"),), Text("It must shrink.", "縮むはずです。")),
    Mistake("in_place", (("(1 - rate) * x", "x; y *= 1 - rate"),), Text("x changed.", "xが変化。")),
    Mistake("no_log", (("log.append(rate)", "pass"),), Text("Note the rate.", "記録を。")),
)
ALTERNATIVES = (
    Alternative("difference", (("(1 - rate) * x", "x - rate * x"),)),
    Alternative(
        "loop", code="""
def decay(x, rate, log):
    log += [rate]
    return [value - rate * value for value in x]
"""
    ),
)
'''

CHECKS_02 = """\
import numpy as np
from tools.checks import Alternative, Case, Mistake, Numeric, Text
from utils.reservoir import Linear

TITLE = Text("Run", "実行")
HINTS = (Text("Where?", "どこ？"), Text("How?", "どうやって？"))
OUTPUTS = (Numeric("x"), Numeric("y"))


def draw(rng):
    inputs = {
        "steps": int(rng.integers(1, 6)),
        "x0": rng.uniform(-1, 1, 3),
        "rate": rng.uniform(0.1, 0.9),
        "w": Linear(3, 2, bias=0.5, rnd=rng),
    }
    return Case(Text("drawn", "乱数"), inputs)


def cases():
    return [draw(np.random.default_rng(i)) for i in range(12)]


MISTAKES = (
    Mistake("no_bias", (("w(x)", "w.weight @ x"),), Text("All of w.", "wのすべて。")),
    Mistake("one_more", (("range(steps)", "range(steps + 1)"),), Text("Count.", "数えよう。")),
)
ALTERNATIVES = (Alternative("power", (("y = w(x)", "x = x0 * (1 - rate) ** steps; y = w(x)"),)),)
"""


def write_chapter(root: Path, lesson=LESSON, checks_01=CHECKS_01, checks_02=CHECKS_02) -> Path:
    """Write the chapter below ``root``; returns ``root``."""
    folder = root / "solutions" / CHAPTER
    for path, text in {
        "lesson/0_all.py": lesson,
        "checks/01_01.py": checks_01,
        "checks/01_02.py": checks_02,
    }.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return root


def changed(text: str, old: str, new: str) -> str:
    """The text with the one ``old`` in it replaced."""
    assert text.count(old) == 1, old
    return text.replace(old, new)
