"""``python -m utils.check``: the same as ``python -m utils check``."""

from utils.__main__ import start

if __name__ == "__main__":
    start("check")
