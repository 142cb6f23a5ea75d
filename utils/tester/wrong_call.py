"""A call of the checker that cannot be meant, said in one sentence."""

from __future__ import annotations


class WrongCall(Exception):
    """The checker was called wrongly, or what it reads is not there; the text says what to do.

    A notebook shows the sentence alone: the checker's own frames would only bury it.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text.replace("`", ""))  # a traceback has no code font

    def _render_traceback_(self) -> list[str]:
        """What IPython prints instead of a traceback."""
        return [f"{type(self).__name__}: {self}"]
