"""The namespace of whoever called the checker: a notebook's, or a script's."""

from __future__ import annotations

import functools
import inspect
import sys
from typing import Any

_PACKAGE = __package__


def callers_namespace() -> dict[str, Any]:
    """The globals of the nearest frame that is not the checker's own."""
    frame = sys._getframe(1)
    while frame.f_back and frame.f_globals.get("__package__") == _PACKAGE:
        frame = frame.f_back
    return frame.f_globals


def namespace_of(function: Any) -> dict[str, Any]:
    """Where a function's own names are looked up; for a callable without one, the caller's."""
    if isinstance(function, functools.partial):
        function = function.func
    function = getattr(inspect.unwrap(function), "__func__", function)
    return getattr(function, "__globals__", None) or callers_namespace()
