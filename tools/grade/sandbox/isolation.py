"""The tiers of isolation, and what is raised where none of them can be had."""

from __future__ import annotations

from typing import Literal, get_args

Isolation = Literal["bubblewrap", "reduced"]
ISOLATIONS: tuple[str, ...] = get_args(Isolation)


class SandboxError(Exception):
    """No sandbox can be had here; its text says why and what to do."""
