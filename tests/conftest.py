"""Settings of all tests."""

import os
import signal

from hypothesis import settings

from utils.progress.place import OFF, VARIABLE

# No test asserts seconds: hypothesis, too, must not fail an example for being slow. And a change is
# refused for what it breaks, not for what was drawn that day: new examples are searched for with
# `pytest --hypothesis-profile=search`, as often as one likes.
settings.register_profile("house", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, derandomize=False)
settings.load_profile("house")

# What tests pass and fail is nobody's progress; those about progress name a file of their own.
os.environ[VARIABLE] = OFF

# A shell lets what it starts in the background ignore Ctrl-C, and so would every process that a
# test starts, for it is inherited. Tests that press Ctrl-C are to hold there, too.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
