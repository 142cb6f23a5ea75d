"""``python -m utils``: the bootcamp from a terminal."""
