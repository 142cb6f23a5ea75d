"""Progress bars that suit notebook and terminal, and that ``display=False`` silences."""

from __future__ import annotations

import functools
import importlib.util
import sys
from collections.abc import Iterable
from typing import Any

from tqdm.std import tqdm as TextBar


class _Calm:
    """Text set on a bar waits for the bar's next redraw.

    The original redraws at once, which in a loop of 0.1 ms a step takes most of the time.
    """

    def set_postfix(self, ordered_dict=None, refresh=False, **kwargs):
        super().set_postfix(ordered_dict, refresh, **kwargs)

    def set_description(self, desc=None, refresh=False):
        super().set_description(desc, refresh)


class _CalmText(_Calm, TextBar):
    pass


def tqdm(iterable: Iterable | None = None, *, display: bool = True, **options: Any) -> TextBar:
    """``tqdm.tqdm(iterable, **options)`` with the bar of the place: widgets in a notebook, else
    text. Without ``display`` nothing is shown and the bar costs next to nothing."""
    if not display:
        return TextBar(iterable, disable=True, **options)
    if "ipykernel.zmqshell" not in sys.modules:
        return _CalmText(iterable, **options)
    if importlib.util.find_spec("ipywidgets") is None:
        options.setdefault("file", sys.stdout)  # a notebook paints what goes to stderr as an error
        return _CalmText(iterable, **options)
    return _widget_bar()(iterable, **options)


def trange(*args: int, display: bool = True, **options: Any) -> TextBar:
    """``tqdm(range(*args), ...)``."""
    return tqdm(range(*args), display=display, **options)


@functools.cache
def _widget_bar() -> type[TextBar]:
    from tqdm.notebook import tqdm_notebook

    return type("CalmWidget", (_Calm, tqdm_notebook), {})
