"""Whether a function can be called as its exercise calls it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable
from typing import Any

from utils.tester.outcome import Misfit
from utils.tester.tracebacks import innermost_code

# How CPython words a call that does not fit; the names in it are the parameters.
_CALL_ERROR = re.compile(
    r"(?:\w+\.)*(?P<function>\w+)\(\) "
    r"(?P<what>missing \d+ required|got an unexpected keyword|takes |got multiple values)"
    r"(?P<rest>.*)"
)


def misfit_of_call(function: Callable[..., Any], names: Iterable[str]) -> Misfit | None:
    """Why ``function`` cannot be called with keywords ``names``; None if it can."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):  # written in C: only calling it will tell
        return None
    names = list(names)
    variadic = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    usable = [p.name for p in parameters if p.kind not in (*variadic, p.POSITIONAL_ONLY)]
    wanted = [p.name for p in parameters if p.default is p.empty and p.kind not in variadic]
    takes_any = any(p.kind is p.VAR_KEYWORD for p in parameters)
    missing = tuple(name for name in wanted if name not in names or name not in usable)
    unexpected = tuple(name for name in names if name not in usable and not takes_any)
    if not (missing or unexpected):
        return None
    return Misfit(getattr(function, "__name__", "?"), missing, unexpected)


def misfit_of_error(error: BaseException, harness: Callable[..., Any]) -> Misfit | None:
    """The misfit behind a TypeError with which ``harness`` failed to call the learner's function.

    None when the error arose anywhere deeper: then it is the learner's own.
    """
    code = getattr(harness, "__code__", None)
    if not isinstance(error, TypeError) or innermost_code(error.__traceback__) is not code:
        return None
    match = _CALL_ERROR.match(str(error))
    if match is None:
        return None
    quoted = tuple(re.findall(r"'(\w+)'", match["rest"]))
    name = match["function"]
    if match["what"].startswith("missing"):
        return Misfit(name, missing=quoted)
    return Misfit(name, unexpected=quoted)
