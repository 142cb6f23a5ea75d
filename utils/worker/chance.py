"""Numbers that are drawn without a seed, the same in every run: so are the marks they come to."""

from __future__ import annotations

import random
import sys

import numpy as np


def fix_chance() -> None:
    """Seed what draws by itself in this process, and what makes generators without a seed."""
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002
    # Where ``np.random.default_rng()`` takes its seed from.
    np.random.bit_generator.randbits = random.Random(0).getrandbits
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(0)
