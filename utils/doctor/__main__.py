"""``python -m utils.doctor``: the same as ``python -m utils doctor``."""

from utils.__main__ import start

if __name__ == "__main__":
    start("doctor")
