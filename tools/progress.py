"""The bar of commands that take a while: what is done, how much of it, and since when."""

from __future__ import annotations

from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


def progress_bar(**options: Any) -> Progress:
    """A bar that refreshes itself; ``options`` are those of ``rich.progress.Progress``."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        **options,
    )


def bar_beside_forks(**options: Any) -> Progress:
    """A bar that is refreshed by hand: its own thread could hold a lock at the moment of a fork."""
    return progress_bar(auto_refresh=False, **options)
