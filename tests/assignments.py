"""As much of a course as limits are told from: assignments without exercises."""

from dataclasses import dataclass
from types import SimpleNamespace

from tools.grade.judge.course import Course
from tools.grade.sandbox.limits import Limits

LIMITS = Limits(
    seconds=10, cpu=20, megabytes=900, processes=16, file_megabytes=16, value_megabytes=1
)


@dataclass(frozen=True)
class One:
    """As much of an assignment as is asked for."""

    public: SimpleNamespace
    limits: Limits = LIMITS
    given: tuple = ()
    lacking: tuple = ()


def one(name, **more):
    return One(SimpleNamespace(id=name), **more)


def course(*ones):
    """A course of one chapter."""
    return Course({"08": {each.public.id: each for each in ones}}, "reduced", staged=None)
