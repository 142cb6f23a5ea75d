"""``python -m tools student``: what learners get, and the proof that no answer is in it."""
