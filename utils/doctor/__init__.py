"""``python -m utils doctor``: what is wrong with an environment, and how to mend it.

Whatever is broken, this must run: it imports the standard library alone, and nothing of
``utils.tester``, which imports NumPy.
"""
