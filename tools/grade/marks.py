"""What grading a submission came to; everything that is written is made from these."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from utils.tester.verdict import Status as VerdictStatus

# A verdict's own, and those that only a submission can come to.
Status = Literal[VerdictStatus, "missing", "crashed", "memory"]
STATUSES: tuple[str, ...] = get_args(Status)

# Why a mark needs a human's eye.
Flag = Literal[
    "public_only",  # right on the public cases and wrong on every hidden one
    "library",  # calls the library where the model's answer does not
    "carried_forward",  # right with the model's functions for those it needs
    "crashed",  # the process died: it may be the machine's doing
]


@dataclass(frozen=True)
class Mark:
    """What one exercise of one submission came to.

    Attributes:
        exercise: its id, such as "02_01".
        title: in the submission's language.
        status: of its own run, whatever was carried forward.
        score: points earned, out of ``max_score``.
        carried_forward: whether it passes with the model's functions for those it needs.
        message: all there is to say, plain text in the submission's language. A hidden failure is
            told in words, without values.
        hint: what a teacher says to the recognised mistake; None if none was.
        html: the verdict as a notebook shows it, one HTML element; empty where there was none.
        public, hidden: how many cases came out right, of how many; (0, 0) where none was run.
        flags: why somebody should look at it.
        detail: for the instructor alone, in English: what the flags stand on. Plain text.
        mistake: the name of the known mistake or general diagnosis, for counting; empty if none.
        source: a hash of the answer as it was written, for finding the same in another
            submission; empty where it is the starter's or the model's.
        seconds: of wall time, all runs of this exercise together.
        megabytes: the largest memory of its process.
    """

    exercise: str
    title: str
    status: Status
    score: float
    max_score: float
    carried_forward: bool = False
    message: str = ""
    hint: str | None = None
    html: str = ""
    public: tuple[int, int] = (0, 0)
    hidden: tuple[int, int] = (0, 0)
    flags: tuple[Flag, ...] = ()
    detail: str = ""
    mistake: str = ""
    source: str = ""
    seconds: float = 0.0
    megabytes: float = 0.0


@dataclass(frozen=True)
class Graded:
    """One notebook, graded.

    Attributes:
        chapter: whose exercises they are.
        lang: the notebook's language, "en" or "ja".
        marks: of every exercise of the chapter, in its order.
        problem: why nothing of the notebook could be read, in its language; empty if it could.
        isolation: "bubblewrap" or "reduced".
    """

    chapter: str
    lang: str
    marks: tuple[Mark, ...]
    problem: str = ""
    isolation: str = "bubblewrap"

    @property
    def score(self) -> float:
        return sum(mark.score for mark in self.marks)

    @property
    def max_score(self) -> float:
        return sum(mark.max_score for mark in self.marks)

    def to_json(self) -> dict[str, Any]:
        """As JSON that ``graded_from_json`` reads."""
        return asdict(self)


@dataclass(frozen=True)
class Submission:
    """One student's notebooks, graded.

    Attributes:
        student: as the roster, the folder or the file names them.
        source: the file, relative to the PATH that was given, "/" between its parts; for a member
            of an archive ``archive.zip/inside/name.ipynb``.
        sha256: of the notebook's bytes, in hexadecimal.
        graded: what came of it.
        problems: what an instructor should know of how it was handed in, in English: a second
            notebook of the same chapter that was left out, a symbolic link, a name that the
            roster lacks.
    """

    student: str
    source: str
    sha256: str
    graded: Graded
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Class:
    """Everything that one run of ``grade`` writes.

    Attributes:
        submissions: by student, then by chapter, then by source.
        isolation: the tier that every submission was run in.
        hidden: how many hidden cases an exercise has.
        carried_share: the share of an exercise's points that it earns when carried forward.
        problems: of the class as a whole: students on the roster who handed in nothing, files that
            are no notebooks.
    """

    submissions: tuple[Submission, ...]
    isolation: str
    hidden: int
    carried_share: float
    problems: tuple[str, ...] = ()


def graded_from_json(stored: dict[str, Any]) -> Graded:
    """What ``Graded.to_json`` wrote, also after a journey through JSON text.

    Raises:
        KeyError, TypeError: it is of another version.
    """
    marks = tuple(
        Mark(**entry | {name: tuple(entry[name]) for name in ("public", "hidden", "flags")})
        for entry in stored["marks"]
    )
    return Graded(**stored | {"marks": marks})
