"""``python -m utils.update``: the same as ``python -m utils update``."""

from utils.__main__ import start

if __name__ == "__main__":
    start("update")
