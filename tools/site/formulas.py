"""Formulas as MathML, which browsers draw themselves: no script, and read aloud as mathematics."""

from __future__ import annotations

import functools

from math_core import LatexError, LatexToMathML

__all__ = ["LatexError", "mathml"]


@functools.cache
def mathml(latex: str, display: bool) -> str:
    """A formula in MathML Core.

    Args:
        latex: what stands between the dollar signs.
        display: whether it has a line of its own.

    Raises:
        LatexError: it is no LaTeX, or has a command that is not known.
    """
    return _converter().convert_with_local_state(latex.strip(), displaystyle=display)


@functools.cache
def _converter() -> LatexToMathML:
    return LatexToMathML(fancy_error=False)
