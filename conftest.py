"""Lets pytest judge notebooks, an exercise a test: ``pytest NOTEBOOK_OR_FOLDER``."""

from utils.check.pytest_plugin import pytest_collect_file

__all__ = ["pytest_collect_file"]
