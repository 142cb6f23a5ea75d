"""Mutation testing: every exercise's answer is changed in small ways, and its cases must notice."""

from tools.mutants.equivalents import drafted
from tools.mutants.results import ExerciseMutants, Survivor
from tools.mutants.run import ChapterMutants, mutants_table, mutate_chapter, unexplained

__all__ = [
    "ChapterMutants",
    "ExerciseMutants",
    "Survivor",
    "drafted",
    "mutants_table",
    "mutate_chapter",
    "unexplained",
]
