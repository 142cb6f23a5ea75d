"""What one call of a learner's function came to, before anybody judges it.

A notebook makes it in its own process, a grader receives it from another one: judging cannot tell.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Frame:
    """One of the learner's own lines on the way to an exception."""

    place: str  # the cell or file, as the learner knows it
    line: int
    function: str  # with what it is defined in, as in "FORCEReadout.step"
    source: str  # the text of the line, stripped; empty where it cannot be found


@dataclass(frozen=True)
class Raised:
    """An exception in words.

    Attributes:
        kind: the name of its class.
        message: its text, bounded in length.
        frames: the learner's own frames, outermost first.
    """

    kind: str
    message: str
    frames: tuple[Frame, ...] = ()


@dataclass(frozen=True)
class Misfit:
    """The function cannot be called as the exercise calls it.

    Attributes:
        function: its name.
        missing: parameters that the call does not give but the function wants.
        unexpected: parameters that the call gives but the function does not take.
    """

    function: str
    missing: tuple[str, ...] = ()
    unexpected: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """One call: what was returned, or why nothing was.

    Attributes:
        returned: the function's value, a copy of its own.
        after: the inputs as the call left them.
        raised: the exception that ended it, if one did.
        misfit: set when the function could not be called at all.
        timed_out: set when the time limit ended it.
        printed: what it printed, bounded in length.
        warnings: what NumPy and others warned of, each place once, bounded in number.
        seconds: its computing time; 0 where it is not to be told.
        exception: the exception itself, where it was raised in this process.
    """

    returned: Any = None
    after: dict[str, Any] = field(default_factory=dict)
    raised: Raised | None = None
    misfit: Misfit | None = None
    timed_out: bool = False
    printed: str = ""
    warnings: tuple[str, ...] = ()
    seconds: float = 0.0
    exception: BaseException | None = None

    @property
    def finished(self) -> bool:
        """Whether a value came back."""
        return self.raised is None and self.misfit is None and not self.timed_out
