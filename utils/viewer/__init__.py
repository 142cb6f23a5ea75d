"""Figures of the chapters.

Every function returns its figure and, in a notebook, the figure appears once: at the end of the
cell, wherever in the cell the call stands and whether or not it is the last expression. So titles
and limits can still be set after the call:

    fig = show_record(record, ["x", "y"])
    fig.axes[0].set_title("Teacher forcing")

In a script, ``matplotlib.pyplot.show()`` opens the figures of Matplotlib and ``fig.show()`` that of
``show_3d_coord``.
"""

from utils.viewer.delay import construct_delayed_coord, show_delayed_coord
from utils.viewer.pairing import show_pairings
from utils.viewer.record import show_record
from utils.viewer.return_map import show_return_map
from utils.viewer.space import show_3d_coord
from utils.viewer.trajectory import show_trajectory

__all__ = [
    "construct_delayed_coord",
    "show_3d_coord",
    "show_delayed_coord",
    "show_pairings",
    "show_record",
    "show_return_map",
    "show_trajectory",
]
