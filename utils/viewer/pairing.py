"""Which state is asked for which target, in the two ways of counting that the chapters use."""

from __future__ import annotations

from matplotlib.axes import Axes

from utils.viewer.showing import PanelFigure, panels

HEARS, SAYS = "0.55", "tab:orange"


def show_pairings(*, steps: int = 4, title: str | None = None) -> PanelFigure:
    """Draw the same run twice: states counted after their step, and before it.

    Where ``xs[k]`` is recorded after step k (chapter 3) it has heard ``u[k]`` and is asked for
    ``u[k+1]``; where ``x[k]`` is recorded before step k (chapter 8) it has heard ``d[k-1]`` and is
    asked for ``d[k]``. Circles and arrows stand in the same places in both.

    Args:
        steps: number of inputs drawn.
        title: of the figure.
    """
    fig, (above, below) = panels(2, 1, (8.5, 4.4), title, sharex=True)
    _draw(above, steps, 0, "u", "xs")
    above.set_title("chapter 3: recorded after the step, xs[k] is asked for u[k+1]", fontsize=10)
    _draw(below, steps, 1, "d", "x")
    below.set_title("chapter 8: recorded before the step, x[k] is asked for d[k]", fontsize=10)
    below.set_xlabel("time, in steps")
    return fig


def _draw(ax: Axes, steps: int, first: int, heard: str, state: str) -> None:
    """Inputs in a row above, each state between the input it heard last and the one to say next.

    ``first`` is the number that the state after the first input goes by.
    """
    for k in range(steps):
        _node(ax, k, 1, f"{heard}[{k}]", "square", "0.92")
        _arrow(ax, (k, 1), (k + 0.5, 0), HEARS)
        _node(ax, k + 0.5, 0, f"{state}[{k + first}]", "circle", "#cfe3f5")
        if k + 1 < steps:
            _arrow(ax, (k + 0.5, 0), (k + 1, 1), SAYS)
    ax.plot([], [], color=HEARS, label="has heard")
    ax.plot([], [], color=SAYS, label="is asked for")
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False, fontsize="small")
    ax.set(xlim=(-0.6, steps), ylim=(-0.5, 1.5), yticks=(0, 1), xticks=range(steps))
    ax.set_yticklabels(["states", "series"])


def _node(ax: Axes, x: float, y: float, text: str, shape: str, color: str) -> None:
    box = {"boxstyle": f"{shape},pad=0.3", "facecolor": color, "edgecolor": "0.3"}
    ax.text(x, y, text, ha="center", va="center", bbox=box, fontsize=9, zorder=3)


def _arrow(ax: Axes, start: tuple[float, float], end: tuple[float, float], color: str) -> None:
    style = {"arrowstyle": "-|>", "color": color, "shrinkA": 17, "shrinkB": 15}
    ax.annotate("", end, start, arrowprops=style)
