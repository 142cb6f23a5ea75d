"""``python -m tools grade``: from a folder of submitted notebooks to results.

The judge (this package) holds references, hidden cases and tolerances. A learner's code runs in
other processes (``utils.worker``), in a sandbox, and gives back values, never verdicts.
"""
