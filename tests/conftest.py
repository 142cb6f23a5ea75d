"""Settings of all tests."""

from hypothesis import settings

# No test asserts seconds: hypothesis, too, must not fail an example for being slow.
settings.register_profile("house", deadline=None)
settings.load_profile("house")
