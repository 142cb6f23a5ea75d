"""``python -m tools autograder``: an autograder for Gradescope, and what it runs there."""
