"""What instructors and CI run: ``python -m tools --help``."""
