"""``python -m utils update``: a newer version of the bootcamp, with the learner's work in it."""
