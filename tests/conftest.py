"""Settings of all tests."""

import os
import signal

from hypothesis import settings

from utils.progress.place import OFF, VARIABLE

# No test asserts seconds: hypothesis, too, must not fail an example for being slow.
settings.register_profile("house", deadline=None)
settings.load_profile("house")

# What tests pass and fail is nobody's progress; those about progress name a file of their own.
os.environ[VARIABLE] = OFF

# A shell lets what it starts in the background ignore Ctrl-C, and so would every process that a
# test starts, for it is inherited. Tests that press Ctrl-C are to hold there, too.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
