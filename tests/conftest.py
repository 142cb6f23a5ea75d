"""Settings of all tests."""

import os

from hypothesis import settings

from utils.progress.place import OFF, VARIABLE

# No test asserts seconds: hypothesis, too, must not fail an example for being slow.
settings.register_profile("house", deadline=None)
settings.load_profile("house")

# What tests pass and fail is nobody's progress; those about progress name a file of their own.
os.environ[VARIABLE] = OFF
