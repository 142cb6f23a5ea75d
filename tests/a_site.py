"""A course of two small chapters, what their notebooks showed, and its site."""

from __future__ import annotations

import base64
import io
import shutil
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from tests.tools.small_lesson import CHECKS_01
from tools.lesson import ROOT, Lesson, read_lesson
from tools.site.showing import Shown
from tools.verify.notebooks import solved_notebook

FIRST, SECOND = "01_first", "02_second"
ANSWER = "np.roll(history, 1) * np.cosh(rate) + x"  # of 01_02, and nowhere else

_HEADER = """\
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

"""

_FIRST = '''\
# %% [markdown] lang="en"
# # 1. A first chapter
#
# Where it begins, with $x_{k+1}$.
#
# **You need** nothing.
#
# | one | two |
# | --- | --- |
# | a rather long cell of a table | and another one, which makes it wide |

# %% [markdown] lang="ja"
# # 1. 最初の章
#
# ここから**始まり**ます。
# 次の文です。
#
# **前提知識** ありません。
#
# | 一 | 二 |
# | --- | --- |
# | 長い | 表 |

# %% setup=true
# The build writes the set-up cell here.

# %%
import numpy as np

# %% [markdown] lang="en"
# ## 1. Decay
#
# $$
# x_{k+1} = \\left(1 - \\frac{a}{2}\\right) x_k + \\sqrt{\\sum_{i=1}^{N} w_i^2}
# + \\mathrm{a\\ long\\ tail\\ of\\ words}
# $$
#
# ### Exercise 01_01: one step (5 minutes)
#
# Write it.

# %% [markdown] lang="ja"
# ## 1. 減衰
#
# $$
# x_{k+1} = \\left(1 - \\frac{a}{2}\\right) x_k
# $$
#
# ### 演習 01_01：1ステップ（5分）
#
# 書いてください。

# %% exercise="01_01" minutes=5
def decay(x, rate, log):
    """One step towards zero."""
    log.append(rate)  # given
    y = (1 - rate) * x  # TODO The next state. | 次の状態。
    return y


test_func(decay, "01_01")
# show_solution("01_01")

# %% [markdown] lang="en"
# ### Exercise 01_02: history (10 minutes)

# %% [markdown] lang="ja"
# ### 演習 01_02：履歴（10分）

# %% exercise="01_02" minutes=10 needs=["01_01"]
def remember(x, rate, log):
    """What was before."""
    history = decay(x, rate, log)
    # TODO The sum. | 和。
    y = np.roll(history, 1) * np.cosh(rate) + x
    # END TODO
    return y


test_func(remember, "01_02")
# show_solution("01_02")

# %%
print("a demo, long enough to be too wide for a telephone in any case, whatever the letters")

# %% [markdown] lang="en"
# ### Advanced 01_A1: more

# %% [markdown] lang="ja"
# ### 発展 01_A1：さらに

# %% answer="01_A1"
# TODO Everything. | すべて。
np.fft.ifftshift(np.arange(12).reshape(3, 4), axes=(0, 1))
'''

_SECOND = '''\
# %% [markdown] lang="en"
# # 2. A second chapter
#
# It goes on.

# %% [markdown] lang="ja"
# # 2. 次の章
#
# 続きます。

# %% setup=true
# The build writes the set-up cell here.

# %%
import numpy as np

# %% exercise="01_01" minutes=5
def decay(x, rate, log):
    """One step towards zero."""
    log.append(rate)  # given
    y = (1 - rate) * x  # TODO The next state. | 次の状態。
    return y


test_func(decay, "01_01")
# show_solution("01_01")
'''


def make_course(root: Path) -> list[Lesson]:
    """Write the course below ``root``, with a small library; returns its lessons."""
    shutil.copyfile(ROOT / "requirements.txt", root / "requirements.txt")
    (root / "utils" / "check").mkdir(parents=True)
    (root / "utils" / "library.py").write_text("ONE = 1\n")
    for chapter, text in ((FIRST, _FIRST), (SECOND, _SECOND)):
        folder = root / "solutions" / chapter
        for name in ("lesson", "checks"):
            (folder / name).mkdir(parents=True)
        (folder / "lesson" / "0_all.py").write_text(_HEADER + text, encoding="utf-8")
        (folder / "checks" / "01_01.py").write_text(CHECKS_01, encoding="utf-8")
    (root / "solutions" / FIRST / "checks" / "01_02.py").write_text(CHECKS_01, encoding="utf-8")
    return [read_lesson(chapter, root) for chapter in (FIRST, SECOND)]


def what_it_showed(lessons: list[Lesson], root: Path) -> Shown:
    """Outputs of every kind there is, at the demo of the first chapter; verdicts at exercises."""
    shown: Shown = {}
    for lesson in lessons:
        for advanced in (False, True):
            cells = solved_notebook(lesson, root, advanced).cells
            shown[lesson.chapter, advanced] = {
                cell.id: [_verdict()] if "exercise" in cell.metadata else _outputs(cell)
                for cell in cells
                if cell.cell_type == "code"
            }
    return shown


def _outputs(cell) -> list[dict]:
    if "a demo" in cell.source:
        return [printed("a demo\n"), warned(), progress(), picture(), curves()]
    return [printed("answered\n")] if "answer" in cell.metadata else []


def printed(text: str) -> dict:
    return {"output_type": "stream", "name": "stdout", "text": text}


def warned() -> dict:
    return {"output_type": "stream", "name": "stderr", "text": "a warning\n"}


def progress() -> dict:
    data = {"application/vnd.jupyter.widget-view+json": {}, "text/plain": "100% of a bar"}
    return {"output_type": "display_data", "data": data, "metadata": {}}


def picture(alt: str = "Decay: x over k", **remarks: str) -> dict:
    """A figure as Matplotlib makes it, wide, with ``remarks`` in its metadata."""
    figure = Figure(figsize=(11, 4))
    FigureCanvasAgg(figure)
    figure.add_subplot().plot([3, 1, 2])
    written = io.BytesIO()
    figure.savefig(written, format="png", metadata=remarks)
    data = {"image/png": base64.b64encode(written.getvalue()).decode() + "\n", "text/plain": alt}
    return {"output_type": "display_data", "data": data, "metadata": {}}


def curves(kind: str = "scatter3d") -> dict:
    """A figure of plotly in three dimensions, one of its columns as plotly packs them."""
    t = np.linspace(0, 9, 50, dtype=np.float32)
    packed = {"dtype": "f4", "bdata": base64.b64encode(np.cos(t).tobytes()).decode()}
    trace = {"type": kind, "mode": "lines", "name": "orbit", "x": t.tolist(), "y": packed}
    trace["z"] = [None, *np.sin(t[1:]).tolist()]
    scene = {f"{axis}axis": {"title": {"text": axis}} for axis in "xyz"}
    layout = {"title": {"text": "A helix"}, "scene": scene | {"camera": {"eye": {"x": 1.4}}}}
    data = {"application/vnd.plotly.v1+json": {"data": [trace], "layout": layout}}
    data["text/html"] = '<script src="https://cdn.example/plotly.js"></script>'
    return {"output_type": "display_data", "data": data, "metadata": {}}


def _verdict() -> dict:
    data = {"text/html": '<div data-status="passed">a verdict</div>', "text/plain": "a verdict"}
    return {"output_type": "display_data", "data": data, "metadata": {}}


class Page(HTMLParser):
    """A page taken apart: its elements with their attributes in order, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.prose: list[str] = []  # outside of code
        self._inside: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag in ("pre", "code", "script", "style", "math"):
            self._inside.append(tag)

    def handle_endtag(self, tag):
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()

    def handle_data(self, data):
        if not self._inside:
            self.prose.append(data)

    def all(self, *tags: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.elements if tag in tags]

    @property
    def ids(self) -> list[str]:
        return [attributes["id"] for _, attributes in self.elements if "id" in attributes]

    @property
    def anchors(self) -> list[str]:
        """The ids of headings, in order."""
        return [attributes["id"] for attributes in self.all("h1", "h2", "h3") if "id" in attributes]
