import sys
from pathlib import Path

# Values that travel, and values that lie, are drawn there.
sys.path.insert(0, str(Path(__file__).parents[1] / "tester"))
