"""Pictures to learn from; SOURCES.md says whose they are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

_CAT = Path(__file__).parent / "cat.png"


def load_cat(size: int = 128) -> np.ndarray:
    """A photograph of a cat, the image that chapter 9 learns.

    Args:
        size: pixels of a side, at most 128; smaller ones are resampled (Lanczos).

    Returns:
        (size, size, 3) red, green and blue in [0, 1].

    Raises:
        ValueError: ``size`` is not between 1 and 128.
    """
    with Image.open(_CAT) as picture:
        if not 1 <= size <= picture.width:
            raise ValueError(f"size is {size}, not between 1 and {picture.width}")
        resized = picture.convert("RGB").resize((size, size), Image.Resampling.LANCZOS)
    return np.asarray(resized, dtype=float) / 255
