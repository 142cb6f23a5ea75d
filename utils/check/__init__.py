"""``python -m utils check``: the verdicts of a whole notebook, from a terminal."""
