"""What an autograder is told when it is built, as ``autograder.json`` beside its key."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

SETTINGS, KEY = "autograder.json", "grading.key"


@dataclass(frozen=True)
class Settings:
    """One assignment on Gradescope.

    Attributes:
        chapter: what is graded.
        hidden: hidden cases an exercise.
        carried_forward: share of its points for an exercise that fails by an earlier one's fault.
        minutes: after which Gradescope ends a run.
    """

    chapter: str
    hidden: int = 20
    carried_forward: float = 1.0
    minutes: float = 10.0

    @property
    def seconds(self) -> float:
        """What a run may take: there must be time left to say that it took too long."""
        return 60 * self.minutes - 30

    def to_json(self) -> str:
        return json.dumps({**asdict(self), "seconds": round(self.seconds)}, indent=1) + "\n"


def read_settings(folder: Path) -> Settings:
    """The settings in an autograder's folder.

    Raises:
        OSError, ValueError, TypeError: there are none.
    """
    told = json.loads((folder / SETTINGS).read_text(encoding="utf-8"))
    del told["seconds"]  # which the shell reads
    return Settings(**told)
