"""Mutation testing: every exercise's answer is changed in small ways, and its cases must notice."""

from tools.mutants.results import ExerciseMutants, Survivor
from tools.mutants.run import ChapterMutants, mutants_table, mutate_chapter

__all__ = ["ChapterMutants", "ExerciseMutants", "Survivor", "mutants_table", "mutate_chapter"]
